"""The list of what could not be carried over: where it stands, what it is, and what was done instead. Pure."""

from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field


@dataclass(frozen=True)
class Difference:
    """Something that one format says and the other cannot. `rows` count from 1, the header; none for the whole sheet.

    `what` and `instead` are sentences without their full stop.
    """

    sheet: str
    rows: tuple[int, ...]
    column: str
    what: str
    instead: str

    @property
    def place(self) -> str:
        """Where it stands, as in "survey, rows 3, 5 to 8, relevant"."""
        lines = ("row " if len(self.rows) == 1 else "rows ") + _spans(self.rows) if self.rows else ""
        return ", ".join(part for part in (self.sheet, lines, self.column) if part)

    def __str__(self) -> str:
        return f"{self.place}: {self.what}; {self.instead}."


@dataclass
class Carried:
    """What was noted while a form was written or read."""

    found: list[Difference] = field(default_factory=list)

    def note(self, sheet: str, row: int | None, column: str, what: str, instead: str) -> None:
        self.found.append(Difference(sheet, () if row is None else (row,), column, what, instead))

    def listed(self) -> tuple[Difference, ...]:
        """In the order of the sheets; what is the same in many rows is said once."""
        rows: dict[tuple[str, str, str, str], list[int]] = {}
        for one in self.found:
            rows.setdefault((one.sheet, one.column, one.what, one.instead), []).extend(one.rows)
        merged = [
            Difference(sheet, tuple(sorted(set(numbers))), column, what, instead)
            for (sheet, column, what, instead), numbers in rows.items()
        ]
        sheets = ("survey", "choices", "settings")
        order = {name: number for number, name in enumerate(sheets)}
        return tuple(sorted(merged, key=lambda one: (order.get(one.sheet, len(sheets)), one.rows)))


def _spans(rows: Iterable[int]) -> str:
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in _runs(rows))


def _runs(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for row in rows:
        if first is None or last is None:
            first = last = row
        elif row == last + 1:
            last = row
        else:
            yield first, last
            first = last = row
    if first is not None and last is not None:
        yield first, last
