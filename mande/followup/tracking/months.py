"""A year of due dates, month by month: how much is done, open and overdue in each. Pure."""

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MONTHS = 12
# A year that begins there still ends where dates do.
_LAST = 9990


class Stand(StrEnum):
    """How an action stands against its date."""

    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Piece:
    """A part of a month's bar, from `start` on and `width` wide, both in percent of the fullest month."""

    stand: Stand
    number: int
    start: float
    width: float


@dataclass(frozen=True)
class Month:
    """The actions due in the month that begins on `first`, by how they stand."""

    first: date
    numbers: dict[Stand, int]
    pieces: Sequence[Piece]

    @property
    def due(self) -> int:
        return sum(self.numbers.values())

    @property
    def last(self) -> date:
        return date.fromordinal(following(self.first).toordinal() - 1)


def beginning(text: str, today: date) -> date:
    """The month that is written as 2021-06; else the one three months before that of today."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = shifted(today.replace(day=1), -3)
    return found.replace(year=min(max(found.year, 2), _LAST))


def shifted(first: date, months: int) -> date:
    """The first day of the month so many months later, or earlier; never before the year 1."""
    number = max(first.year * 12 + first.month - 1 + months, 12)
    return date(min(number // 12, _LAST), number % 12 + 1, 1)


def following(first: date) -> date:
    return shifted(first, 1)


def lay_out(first: date, counted: Iterable[tuple[int, int, Stand, int]]) -> list[Month]:
    """Twelve months from `first` on. `counted` are year, month, stand and number; what lies outside is left out."""
    numbers: dict[date, dict[Stand, int]] = {shifted(first, one): dict.fromkeys(Stand, 0) for one in range(MONTHS)}
    for year, month, stand, number in counted:
        if (day := date(year, month, 1)) in numbers:
            numbers[day][stand] += number
    fullest = max((sum(one.values()) for one in numbers.values()), default=0)
    return [Month(day, one, _pieces(one, fullest)) for day, one in numbers.items()]


def _pieces(numbers: dict[Stand, int], fullest: int) -> list[Piece]:
    pieces: list[Piece] = []
    start = 0.0
    for stand, number in numbers.items():
        if number:
            width = 100 * number / fullest
            pieces.append(Piece(stand, number, round(start, 3), round(width, 3)))
            start += width
    return pieces
