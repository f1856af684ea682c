"""Reading the demonstration's mail as its recipients do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email import policy
from email.message import EmailMessage
from pathlib import Path

_LINK = re.compile(r"https?://\S+?/[raqp]/[a-z2-7]{26}\S*")


@dataclass(frozen=True)
class Letter:
    """One message that arrived: for whom, about what, its words, and the personal link in it."""

    to: str
    subject: str
    link: str
    text: str


class Mailbag:
    """The folder in which the catcher keeps messages. `new` gives each of them once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: set[str] = set()

    def of(self, address: str) -> list[Path]:
        """The files of all messages to an address."""
        return [path for path in self.folder.glob("*.eml") if _read(path).to == address]

    def last(self, address: str) -> Letter:
        """What came to an address last."""
        return _read(max(self.of(address), key=lambda path: path.stat().st_mtime_ns))

    def new(self) -> Iterator[Letter]:
        for path in sorted(self.folder.glob("*.eml")):
            if path.name not in self._seen:
                self._seen.add(path.name)
                yield _read(path)


def _read(path: Path) -> Letter:
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    found = _LINK.search(text)
    address = message["To"].addresses[0].addr_spec
    return Letter(to=address.lower(), subject=str(message["Subject"]), link=found.group(0) if found else "", text=text)
