"""Evidence as people give it: words, addresses, or both. Only web addresses are ever made into links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_AFTER_IT = ".,;:!?)]}'’”»"


@dataclass(frozen=True)
class Part:
    """A piece of text, and the address that it is a link to, if it is one."""

    text: str
    address: str | None = None


def parts(text: str) -> list[Part]:
    """The text in pieces, in order: joined, their texts give it back. A link's address is always http or https."""
    return [part for part in _split(text) if part.text]


def _split(text: str) -> Iterator[Part]:
    done = 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(_AFTER_IT)
        if _leads_somewhere(address):
            yield Part(text[done : found.start()])
            yield Part(address, address)
            done = found.start() + len(address)
    yield Part(text[done:])


def _leads_somewhere(address: str) -> bool:
    try:
        parsed = urlsplit(address)
    except ValueError:
        return False
    # A name before the host ("https://ministry.example@evil.example") is there to deceive.
    return parsed.scheme in ("http", "https") and bool(parsed.hostname) and "@" not in parsed.netloc
