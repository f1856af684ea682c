"""Which sheet of a file holds the list, which row names its columns, and what each column means. Pure.

What staff say comes first, then what they said about columns of the same names before, then what the registration
system that wrote the file is known to mean, then what the names mean by themselves.
"""

from collections import Counter
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from hashlib import sha256

from mande.events.importing import systems
from mande.events.importing import vocabulary
from mande.events.importing.sheets import TOP
from mande.events.importing.sheets import WORKBOOK
from mande.events.importing.sheets import SheetError
from mande.events.importing.sheets import Table
from mande.events.importing.sheets import clean
from mande.events.kinds import Role
from mande.events.words import key

MEETING = "meeting:"
LOOKED_AT = 200
# The column that the refused rows have in front when they are taken along.
WRONG = "what is wrong"

Columns = Mapping[str, str | None]
Meaning = Callable[[str], str | None]


@dataclass(frozen=True)
class Wish:
    """What staff say about a list; what is empty is for the program to find out.

    `row` is the number of the row with the names of the columns. `columns` says what these mean, by name ("Company (2)"
    for the second of that name); None leaves one out. `meetings` (codes) and `role` are of everybody for whom the list
    says nothing.
    """

    sheet: str = ""
    row: int | None = None
    columns: Columns = field(default_factory=dict)
    meetings: tuple[str, ...] | None = None
    role: Role | None = None


@dataclass(frozen=True)
class Layout:
    """How a file is read. `row` is 0 where nothing names the columns; `start` is the row above the first of the list.

    `labels` are the names of the columns, each different. `samples` are the first values of each. `sheets` are those
    that seem to hold lists, this one among them.
    """

    table: Table
    row: int
    start: int
    labels: tuple[str, ...]
    columns: tuple[str | None, ...]
    samples: tuple[tuple[str, ...], ...]
    sheets: tuple[str, ...] = ()
    system: str = ""
    remembered: bool = False

    @property
    def digest(self) -> str:
        return digest(self.table.rows[self.row - 1]) if self.row else ""

    @property
    def ignored(self) -> list[str]:
        """The names of columns that are left out, as written."""
        return [label for label, column in zip(self.labels, self.columns, strict=True) if column is None]

    @property
    def meant(self) -> dict[str, str | None]:
        return dict(zip(self.labels, self.columns, strict=True))


def digest(names: Iterable[str]) -> str:
    """By what a row of names is known again: the same however they are spelt, and whatever empty cells follow.

    Refused rows that were put right are of the same kind as the list that they come from.
    """
    keys = [key(clean(name)) for name in names]
    if keys[:1] == [WRONG]:
        keys.pop(0)
    while keys and not keys[-1]:
        keys.pop()
    return sha256("\n".join(keys).encode()).hexdigest() if keys else ""


def digests(tables: Iterable[Table]) -> set[str]:
    """Those of all rows that may name the columns."""
    return {digest(row) for table in tables for row in table.rows[:TOP]} - {""}


def lay_out(
    tables: Sequence[Table], meaning: Meaning, wish: Wish, remembered: Mapping[str, Columns], known: Collection[str]
) -> Layout:
    """How to read a file.

    `meaning` tells what a name means by itself, `remembered` what was said before, by the digest of the names, and
    `known` all that a column can mean. Raises SheetError where the wish does not fit the file.
    """
    lists = [table for table in tables if _holds_list(table, meaning)]
    table = _wished(tables, wish.sheet) if wish.sheet else max(lists or tables, key=lambda one: _best(one, meaning)[0])
    row, start = _header(table, meaning, wish.row, remembered)
    named = [clean(name) for name in table.rows[row - 1]] if row else []
    while named and not named[-1]:
        named.pop()
    labels = _labels(named, max(len(named), _width(table, start, row)))
    values = [_column(table, start, place) for place in range(len(labels))]
    if not any(map(any, values)):
        raise SheetError("The file has a header and no row below it.")
    before = remembered.get(digest(table.rows[row - 1]), {}) if row else {}
    system = systems.recognise(named)
    layout = Layout(
        table,
        row,
        start,
        labels,
        columns=(),
        samples=tuple(tuple(list(dict.fromkeys(filter(None, column)))[:3]) for column in values),
        sheets=tuple(one.name for one in lists) if len(lists) > 1 else (),
        system=system.name if system else "",
        remembered=bool(before),
    )
    guessed = _guessed(labels, values, meaning, system.columns if system else {})
    said = {key(name): column for name, column in before.items() if column is None or column in known}
    return replace(layout, columns=_agreed(labels, guessed, said, wish.columns, known))


def _wished(tables: Sequence[Table], name: str) -> Table:
    found = next((table for table in tables if key(table.name) == key(name)), None)
    if found is None:
        there = ", ".join(f"“{table.name}”" for table in tables if table.name) or "none, as this is no workbook"
        raise SheetError(f"There is no sheet “{name}” that holds anything. There are: {there}.")
    return found


def _holds_list(table: Table, meaning: Meaning) -> bool:
    addressed = sum(any("@" in cell for cell in row) for row in table.rows[:TOP])
    return addressed > 1 or (_best(table, meaning)[0] > 1 and len(table.rows) > 1)


def _best(table: Table, meaning: Meaning) -> tuple[int, int]:
    """How many known names the row that has most of them has, and its number."""
    scored = [(_score(row, meaning), -number) for number, row in enumerate(table.rows[:TOP], start=1)]
    best, number = max(scored, default=(0, -1))
    return best, -number


def _score(row: Sequence[str], meaning: Meaning) -> int:
    names = [name for cell in row if (name := clean(cell))]
    return 0 if any("@" in name for name in names) else len({meaning(name) for name in names} - {None})


def _header(table: Table, meaning: Meaning, wished: int | None, remembered: Mapping[str, Columns]) -> tuple[int, int]:
    """The number of the row with the names (0 for none), and of the row above the first of the list."""
    if wished is not None:
        if not 0 <= wished < len(table.rows):
            raise SheetError(f"The names of the columns cannot be in row {wished}: there is no row below it.")
        return wished, wished
    for number, row in enumerate(table.rows[:TOP], start=1):
        if digest(row) in remembered:
            return number, number
    best, number = _best(table, meaning)
    if best:
        return number, number
    for number, row in enumerate(table.rows[:TOP], start=1):
        if any("@" in cell for cell in row):
            above = table.rows[number - 2] if number > 1 else []
            named = sum(bool(clean(cell)) for cell in above) > 1
            return (number - 1, number - 1) if named else (0, number - 1)
    wide = (number for number, row in enumerate(table.rows, start=1) if sum(bool(clean(cell)) for cell in row) > 1)
    first = next(wide, 1)
    return first, first


def _width(table: Table, start: int, row: int) -> int:
    """How many columns are filled. In a text file with a header they are the header's: a cell more is a row that was
    split where it should not have been, which the row's reader tells."""
    if row and table.encoding != WORKBOOK:
        return 0
    width = max((len(line) for line in table.rows[start:]), default=0)
    while width and not any(_column(table, start, width - 1)):
        width -= 1
    return width


def _column(table: Table, start: int, place: int) -> list[str]:
    return [clean(line[place]) for line in table.rows[start : start + LOOKED_AT] if place < len(line)]


def _labels(names: Sequence[str], width: int) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    labels = []
    for place in range(width):
        name = names[place] if place < len(names) and names[place] else f"column {letters(place)}"
        seen[key(name)] += 1
        labels.append(f"{name} ({seen[key(name)]})" if seen[key(name)] > 1 else name)
    return tuple(labels)


def letters(place: int) -> str:
    """What a spreadsheet program calls a column: A for 0, AA for 26."""
    return (letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _guessed(
    labels: Sequence[str], values: Sequence[Sequence[str]], meaning: Meaning, system: Columns
) -> list[str | None]:
    """What the names mean by themselves, and where nothing says which column holds addresses, what the cells tell."""
    guessed: list[str | None] = []
    for label, column in zip(labels, values, strict=True):
        found = system[key(label)] if key(label) in system else meaning(label)
        fits = found is None or _fits(found, [value for value in column if value])
        guessed.append(found if fits and (found is None or found not in guessed) else None)
        if found == "email" and guessed[-1] is None and "further_addresses" not in guessed:
            guessed[-1] = "further_addresses"
    if "email" not in guessed and "email_else" in guessed:
        guessed[guessed.index("email_else")] = "email"
    if "email" not in guessed:
        shares = [_share(column, lambda value: "@" in value) for column in values]
        if max(shares, default=0.0) >= 0.5:
            guessed[shares.index(max(shares))] = "email"
    return guessed


def _fits(column: str, values: Sequence[str]) -> bool:
    """Whether cells can be what a name promises: a column “Status” may be about anything, and “Attendee” a number."""
    if not values:
        return True
    if column == "status":
        return _share(values, lambda value: key(value) in vocabulary.COMING | vocabulary.NOT_COMING) >= 0.5
    if column == "name":
        return _share(values, lambda value: any(one.isalpha() for one in value)) >= 0.5
    return True


def _share(values: Sequence[str], holds: Callable[[str], bool]) -> float:
    filled = [value for value in values if value]
    return sum(map(holds, filled)) / len(filled) if filled else 0.0


def _agreed(
    labels: Sequence[str], guessed: Sequence[str | None], before: Columns, wished: Columns, known: Collection[str]
) -> tuple[str | None, ...]:
    """What each column means. What staff say takes a meaning away from the column that it was guessed for.

    `before` is what they said of such a list, by the names' keys.
    """
    told = {_place(labels, name): column for name, column in wished.items()}
    for name, column in wished.items():
        if column is not None and column not in known:
            raise SheetError(f"“{name}” cannot be taken for “{column}”. A column can be: {', '.join(sorted(known))}.")
    told_before = {place: before[key(label)] for place, label in enumerate(labels) if key(label) in before}
    taken: dict[int, str | None] = {}
    for place, column in [*told.items(), *told_before.items(), *enumerate(guessed)]:
        if place in taken:
            continue
        if column is not None and column in taken.values():
            if place in told:
                twins = " and ".join(f"“{labels[one]}”" for one in (*_held(taken, column), place))
                raise SheetError(f"{twins} are both taken for the {said(column)}. Leave one of them out.")
            column = None
        taken[place] = column
    return tuple(taken[place] for place in range(len(labels)))


def _held(taken: Mapping[int, str | None], column: str) -> list[int]:
    return [place for place, one in taken.items() if one == column]


def _place(labels: Sequence[str], name: str) -> int:
    for place, label in enumerate(labels):
        if key(label) == key(name):
            return place
    raise SheetError(f"There is no column “{name}”. The columns are: {', '.join(labels)}.")


def said(column: str) -> str:
    """What a column means, as people say it."""
    return column.removeprefix(MEETING).removeprefix("is_").replace("_", " ")
