"""The demonstration's mail catcher: an SMTP server on loopback that delivers nothing.

It keeps every message as a file, so that the mailbox pages, in another process, can show it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email import policy
from email.header import decode_header
from email.header import make_header
from email.message import EmailMessage
from email.parser import HeaderParser
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from typing import cast
from uuid import uuid4

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope
from aiosmtpd.smtp import Session

_NAME = re.compile(r"(\d{6})-[0-9a-f]{8}")


@dataclass(frozen=True)
class Caught:
    """One message as a mail program shows it. `id` is the name of its file; `kind` is empty for mail of others."""

    id: str
    sender: str
    to: str
    reply_to: str
    subject: str
    kind: str
    date: datetime | None
    text: str
    html: str
    source: str


class Catcher:
    """Listens on 127.0.0.1 at `smtp_port` (0: any that is free) and writes what comes into `folder`, as .eml files."""

    def __init__(self, folder: Path, smtp_port: int = 0) -> None:
        self.folder = folder
        self._controller = LoopbackServer(_Keeper(folder), smtp_port)

    def start(self) -> None:
        """Returns once messages are taken. Raises OSError where the port is in use."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    @property
    def smtp_port(self) -> int:
        """Where it listens, once it was started."""
        return self._controller.port

    def messages(self) -> list[Caught]:
        return messages(self.folder)


class LoopbackServer(Controller):
    """An aiosmtpd server on 127.0.0.1. Port 0 means any that is free; `port` tells which, once it was started."""

    port: int

    def __init__(self, handler: Any, port: int = 0, **options: Any) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=port, **options)

    async def _create_server(self) -> Any:
        server: Any = await super()._create_server()
        self.port = server.sockets[0].getsockname()[1]
        return server


def messages(folder: Path) -> list[Caught]:
    """What was caught in `folder`, the newest first. A folder that is not there holds nothing."""
    return [_read(path) for path in sorted(folder.glob("*.eml"), reverse=True) if _NAME.fullmatch(path.stem)]


def find(folder: Path, id_: str) -> Caught | None:
    """The message of this id; None where there is none, or where `id_` cannot be one."""
    path = folder / f"{id_}.eml"
    return _read(path) if _NAME.fullmatch(id_) and path.is_file() else None


class _Keeper:
    """What aiosmtpd calls: takes every message and writes it down before it says so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        number = max(
            (int(path.stem[:6]) for path in self.folder.glob("*.eml") if _NAME.fullmatch(path.stem)), default=0
        )
        name = f"{number + 1:06}-{uuid4().hex[:8]}"
        recipients = "".join(f"Delivered-To: {address}\r\n" for address in envelope.rcpt_tos)
        unfinished = self.folder / f"{name}.part"
        unfinished.write_bytes(recipients.encode() + cast(bytes, envelope.content))
        unfinished.rename(self.folder / f"{name}.eml")
        return f"250 Kept as {name}"


@lru_cache(maxsize=2000)
def _read(path: Path) -> Caught:
    source = path.read_bytes()
    text = source.decode("utf-8", "replace")
    headers = HeaderParser().parsestr(text)
    message = message_from_bytes(source, policy=policy.default)
    return Caught(
        id=path.stem,
        sender=_shown(headers["From"]),
        to=_shown(headers["To"]),
        reply_to=_shown(headers["Reply-To"]),
        subject=_shown(headers["Subject"]),
        kind=_shown(headers["X-Mande-Kind"]),
        date=_moment(headers["Date"]),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        source=text,
    )


def _shown(header: str | None) -> str:
    """A header as people see it. The newer parser is not used: it puts blanks into names of several encoded words."""
    return str(make_header(decode_header("".join((header or "").splitlines()))))


def _moment(header: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(header or "")
    except ValueError:
        return None


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")
