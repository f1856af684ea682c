"""How many messages a minute each receiving domain is offered. Large providers block who is faster than they like."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime

USUAL = 60
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


class LimitsError(ValueError):
    """What was written is no limit. The text says what is wrong."""


@dataclass(frozen=True)
class Limits:
    """Messages a minute to a receiving domain: `usual`, except for those in `own`. 0 means as many as there are."""

    usual: int = USUAL
    own: Mapping[str, int] = field(default_factory=dict, hash=False)

    def of(self, domain: str) -> int | None:
        """How many a minute the domain (in ASCII, lower case) is offered; None where there is no limit."""
        return self.own.get(domain, self.usual) or None


def parse(text: str) -> Limits:
    """Reads "60, gmail.com=20, example.org=0". An empty text is the usual limit. Raises LimitsError."""
    usual, own = USUAL, {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        domain, named, number = part.rpartition("=")
        count = _count(number.strip(), part)
        if named:
            own[_domain(domain.strip(), part)] = count
        else:
            usual = count
    return Limits(usual, own)


def minute_of(moment: datetime) -> datetime:
    """The minute that a moment is in: when it began."""
    return moment.replace(second=0, microsecond=0)


def _count(number: str, part: str) -> int:
    if not (number.isascii() and number.isdigit()) or len(number) > 6:
        raise LimitsError(f"{part!r} is not a number of messages a minute, such as 60 or gmail.com=20")
    return int(number)


def _domain(domain: str, part: str) -> str:
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError as error:
        raise LimitsError(f"{part!r} names no domain") from error
    if not _DOMAIN.fullmatch(ascii_domain):
        raise LimitsError(f"{part!r} names no domain")
    return ascii_domain
