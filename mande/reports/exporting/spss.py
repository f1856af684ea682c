"""All figures of a document as a data file of SPSS (.sav), which R, Stata, PSPP and Python read too. Pure.

Written after the description of the format in the PSPP developers' guide ("System File Format"): uncompressed, in
UTF-8, one case for each line of `tidy`.
"""

import math
import struct
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mande.reports.exporting import tidy
from mande.reports.exporting.tidy import Line

Said = Mapping[str, Any]

_SYSMIS, _HIGHEST, _LOWEST = -1.7976931348623157e308, 1.7976931348623157e308, -1.7976931348623155e308
_UTF8, _LITTLE_ENDIAN, _IEEE = 65001, 2, 1
_LONGEST = 255
"""Bytes of a text: more takes several variables, which not every program puts together again."""
_NUMBERS = ("n", "count", "share", "value", "low", "high")
_FRACTIONS = ("share", "value", "low", "high")
_LABELS = {
    "event": "Code of the event",
    "edition": "Kind of edition",
    "level": "Whose eyes it is for",
    "wave": "Of the event itself, or months later",
    "subject": "What the figure is about",
    "code": "Code of the question",
    "text": "Question",
    "group_by": "What groups differ in",
    "group_within": "Role within which they are groups",
    "group": "Group",
    "group_label": "Group, in words",
    "option": "Option",
    "label": "Option, in words",
    "figure": "Which figure",
    "n": "Number that the figure is about",
    "count": "Count",
    "share": "Share, 0 to 1",
    "value": "Value",
    "low": "Lower end",
    "high": "Upper end",
    "span": "What the ends are",
    "note": "Note",
}


@dataclass(frozen=True)
class _Variable:
    name: str
    short: str
    bytes: int
    """0 for a number."""

    @property
    def slots(self) -> int:
        """Of eight bytes each."""
        return max(1, math.ceil(self.bytes / 8))


def sav_of(document: Said) -> bytes:
    """All figures as a system file. The same document gives the same bytes."""
    lines = tidy.lines(document)
    variables = [_variable(place, name, lines) for place, name in enumerate(tidy.HEADER)]
    return b"".join(
        [
            _header(document, variables, len(lines)),
            *(_declared(one) for one in variables),
            *_extensions(variables),
            struct.pack("<ii", 999, 0),
            *(_case(line, variables) for line in lines),
        ]
    )


def _variable(place: int, name: str, lines: Iterable[Line]) -> _Variable:
    if name in _NUMBERS:
        return _Variable(name, f"V{place}", 0)
    longest = max((len(_cut(getattr(line, name))) for line in lines), default=1)
    return _Variable(name, f"V{place}", max(1, longest))


def _header(document: Said, variables: Sequence[_Variable], cases: int) -> bytes:
    label = f"{document['event']['code']} {document['edition']}"
    return b"".join(
        [
            b"$FL2",
            _padded(b"@(#) SPSS DATA FILE Mande", 60),
            struct.pack("<iiiiid", 2, sum(one.slots for one in variables), 0, 0, cases, 100.0),
            # The day is not told: the same document is the same file.
            b"01 Jan 70" + b"00:00:00",
            _padded(label.encode()[:60], 64),
            b"\0\0\0",
        ]
    )


def _declared(one: _Variable) -> bytes:
    kind = (5 << 16 | 8 << 8 | (4 if one.name in _FRACTIONS else 0)) if not one.bytes else 1 << 16 | one.bytes << 8
    label = _LABELS[one.name].encode()
    first = struct.pack("<iiiiii", 2, one.bytes, 1, 0, kind, kind) + _padded(one.short.encode(), 8)
    first += struct.pack("<i", len(label)) + _padded(label, math.ceil(len(label) / 4) * 4)
    rest = struct.pack("<iiiiii", 2, -1, 0, 0, 0, 0) + b" " * 8
    return first + rest * (one.slots - 1)


def _extensions(variables: Sequence[_Variable]) -> list[bytes]:
    names = "\t".join(f"{one.short}={one.name}" for one in variables).encode()
    return [
        _extension(3, 4, struct.pack("<8i", 1, 0, 0, -1, _IEEE, 1, _LITTLE_ENDIAN, _UTF8)),
        _extension(4, 8, struct.pack("<3d", _SYSMIS, _HIGHEST, _LOWEST)),
        _extension(13, 1, names),
        _extension(20, 1, b"UTF-8"),
    ]


def _extension(subtype: int, size: int, data: bytes) -> bytes:
    return struct.pack("<iiii", 7, subtype, size, len(data) // size) + data


def _case(line: Line, variables: Iterable[_Variable]) -> bytes:
    cells = []
    for one in variables:
        said = getattr(line, one.name)
        if one.bytes:
            cells.append(_padded(_cut(said), 8 * one.slots))
        else:
            cells.append(struct.pack("<d", _SYSMIS if said is None else said))
    return b"".join(cells)


def _cut(text: str) -> bytes:
    """As much of a text as fits, whole letters only."""
    return text.encode()[:_LONGEST].decode(errors="ignore").encode()


def _padded(data: bytes, size: int) -> bytes:
    return data.ljust(size, b" ")
