"""A calendar file (RFC 5545) with the dates of planned actions. Pure.

Each date is a whole day, private, and takes no time of anybody's. Nothing in it leads to its owner's link: calendars
are shared. The same action keeps its UID, so that a date which has moved replaces the old one.
"""

import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from hashlib import blake2b
from uuid import UUID

MIMETYPE = "text/calendar"
LINE_OCTETS = 75

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Entry:
    """One date: what it is about (`subject` is never shown), what it is called, and what is said below that."""

    subject: UUID
    day: date
    summary: str
    description: str = ""


def calendar(entries: Iterable[Entry], now: datetime) -> bytes:
    """The file, in UTF-8. `now` is aware: the moment at which it was made."""
    return "".join(_folded(line) for line in _lines(entries, now)).encode()


def _lines(entries: Iterable[Entry], now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Mande//Planned actions//EN", "CALSCALE:GREGORIAN")
    for entry in entries:
        yield "BEGIN:VEVENT"
        yield f"UID:{_uid(entry.subject)}"
        yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        yield f"DTSTART;VALUE=DATE:{_date(entry.day)}"
        if entry.day < date.max:
            yield f"DTEND;VALUE=DATE:{_date(entry.day + timedelta(days=1))}"
        yield f"SUMMARY:{_escaped(entry.summary)}"
        if entry.description:
            yield f"DESCRIPTION:{_escaped(entry.description)}"
        yield from ("CLASS:PRIVATE", "TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def _uid(subject: UUID) -> UUID:
    """A name that only this action has, and that leads back to nothing."""
    return UUID(bytes=blake2b(subject.bytes, digest_size=16, person=b"mande-calendar").digest(), version=4)


def _date(day: date) -> str:
    # strftime leaves out the zeros before a year of fewer than four digits.
    return day.isoformat().replace("-", "")


def _escaped(text: str) -> str:
    plain = _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))
    return re.sub(r"([\\;,])", r"\\\1", plain).replace("\n", r"\n")


def _folded(line: str) -> str:
    """The line with its end, broken where it is longer than 75 octets, and never within a character."""
    parts, width = [""], 0
    for character in line:
        octets = len(character.encode())
        if width + octets > LINE_OCTETS:
            parts.append("")
            width = 1  # the blank with which a continuation begins
        parts[-1] += character
        width += octets
    return "\r\n ".join(parts) + "\r\n"
