"""A list as people keep it, read as it comes: a workbook, or text in any of the usual encodings and separators."""

import codecs
import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from mande import workbooks
from mande.cells import plain
from mande.workbooks import WorkbookError

MOST_ROWS = 20_000
# So many rows at the beginning may be a title, a date, a logo's place, before the names of the columns.
TOP = 30
WORKBOOK = "a workbook"
_SEPARATORS = (",", ";", "\t")


class SheetError(Exception):
    """The file cannot be read as a list. The text says why, and what would do."""


@dataclass(frozen=True)
class Table:
    """The cells of a sheet as they stand; the first of `rows` is row 1 as a spreadsheet program numbers it.

    `name` is that of the sheet, empty for a text file. `encoding` is as people call it, or WORKBOOK.
    """

    name: str
    rows: Sequence[Sequence[str]]
    encoding: str
    separator: str = ""


@dataclass(frozen=True)
class Record:
    """One row of the file, numbered as a spreadsheet program numbers it; `cells` by column, empty ones left out.

    `beyond` are cells to the right of the last column. `raw` is the row as it stood.
    """

    number: int
    cells: Mapping[str, str]
    beyond: tuple[str, ...]
    raw: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The rows that hold something. `columns` are what the header's names mean, None where they mean nothing known.

    `row` is the number of the row with the names of the columns, 0 where there is none.
    """

    header: tuple[str, ...]
    columns: tuple[str | None, ...]
    records: tuple[Record, ...]
    encoding: str
    separator: str
    row: int = 1
    name: str = ""

    @property
    def ignored(self) -> list[str]:
        """The names of columns that mean nothing known, as written."""
        return [name for name, column in zip(self.header, self.columns, strict=True) if column is None and name]


def clean(text: str) -> str:
    """A cell as it is kept: composed letters, single spaces, no control characters and no apostrophe of an export."""
    if text.isascii() and text.isprintable():
        return plain(" ".join(text.split()))
    visible = "".join(
        " " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in unicodedata.normalize("NFC", text)
    )
    return plain(" ".join(visible.split()).strip("\ufeff\u200b"))


def tables(data: bytes, known: Callable[[str], bool]) -> list[Table]:
    """The sheets of a file that hold anything: one for text. `known` tells the name of a column from other cells.

    Text: UTF-8 with or without its mark, UTF-16 with or without it, else Windows-1252; separated by comma, semicolon or
    tab, whichever gives the most known names near the top. Raises SheetError.
    """
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data)
    text, encoding = _decoded(data)
    rows, separator = _separated(text, known)
    if not any(clean(cell) for row in rows for cell in row):
        raise SheetError("The file is empty.")
    return [Table("", rows, encoding, separator)]


def pack(found: Sequence[Table]) -> bytes:
    """The tables as they can be kept, for reading again without the work of decoding."""
    return json.dumps([[one.name, one.encoding, one.separator, one.rows] for one in found]).encode()


def unpack(packed: bytes) -> list[Table]:
    """The tables that `pack` was given."""
    return [Table(name, rows, encoding, separator) for name, encoding, separator, rows in json.loads(packed)]


def records(table: Table, row: int, columns: Sequence[str | None]) -> tuple[Record, ...]:
    """The rows below row number `row` that hold something, their cells by what the columns mean."""
    named = [(place, column) for place, column in enumerate(columns) if column is not None]
    width = len(columns)
    found = []
    for number, line in enumerate(table.rows[row:], start=row + 1):
        cells = {column: value for place, column in named if place < len(line) and (value := clean(line[place]))}
        beyond = tuple(value for cell in line[width:] if (value := clean(cell))) if len(line) > width else ()
        if cells or beyond or any(clean(cell) for cell in line):
            found.append(Record(number, cells, beyond, tuple(line)))
    return tuple(found)


def read(data: bytes, meaning: Callable[[str], str | None]) -> Sheet:
    """Reads a text file whose first row that holds anything names the columns. Raises SheetError.

    `meaning` tells which column a name means.
    """
    (table,) = tables(data, lambda name: meaning(name) is not None)
    row = next(number for number, line in enumerate(table.rows, start=1) if any(clean(cell) for cell in line))
    header = tuple(clean(name) for name in table.rows[row - 1])
    columns = tuple(meaning(name) if name else None for name in header)
    return Sheet(header, columns, records(table, row, columns), table.encoding, table.separator, row)


def refuse_too_many(number: int) -> None:
    """Raises SheetError where a list has more rows than can be taken at once."""
    if number > MOST_ROWS:
        raise SheetError(f"The file has {number:,} rows; at most {MOST_ROWS:,} can be taken at once.")


def _workbook(data: bytes) -> list[Table]:
    try:
        sheets = workbooks.read(data, as_named=True)
    except WorkbookError as error:
        raise SheetError(str(error)) from error
    found = [Table(name, rows, WORKBOOK) for name, rows in sheets.items() if rows]
    if not found:
        raise SheetError("The file is empty.")
    return found


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetError(
            "This is a workbook of the old kind (.xls), or one locked with a password. "
            "In the spreadsheet program, save it as .xlsx without a password, or the sheet as CSV UTF-8."
        )
    if data.startswith(b"%PDF"):
        raise SheetError("This is a PDF, not a list. Ask for the workbook or the CSV file that it was made from.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16"), "UTF-16"
    if b"\0" in data:
        return _strictly(data, _utf16_without_mark(data)), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return _strictly(data, "cp1252"), "Windows-1252"


def _utf16_without_mark(data: bytes) -> str:
    """Which of the two kinds of UTF-16 it is: separators and digits leave every second byte empty."""
    odd, even = data[1::2].count(0), data[0::2].count(0)
    if len(data) % 2 or max(odd, even) < len(data) // 20 or min(odd, even) * 4 > max(odd, even):
        raise SheetError("This is not a text file. In the spreadsheet program, save the sheet as .xlsx or CSV UTF-8.")
    return "utf-16-le" if odd > even else "utf-16-be"


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetError(
            "The letters of this file cannot be made out: it is neither UTF-8, UTF-16 nor Windows-1252. "
            "Save it as CSV UTF-8."
        ) from error


def _separated(text: str, known: Callable[[str], bool]) -> tuple[list[list[str]], str]:
    """The rows, and the separator with which a row near the top has the most known names."""
    declared = re.match(r"sep=(.)\r?\n", text)
    if declared:
        # An empty line in its place, so that rows keep the numbers that the author sees.
        return _lines(text[declared.end() - 1 :], declared[1]), declared[1]

    def fit(separator: str) -> tuple[int, int]:
        top: list[list[str]] = []
        try:
            for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                top.append(line)
                if len(top) == TOP:
                    break
        except csv.Error:
            pass
        scores = [(len({clean(name) for name in line if known(clean(name))}), len(line)) for line in top]
        return max(scores, default=(0, 0))

    separator = max(_SEPARATORS, key=fit)
    return _lines(text, separator), separator


def _lines(text: str, separator: str) -> list[list[str]]:
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            lines.append(line)
    except csv.Error as error:
        last = f"after row {len(lines)}" if lines else "in the first row"
        raise SheetError(f"The file cannot be split into cells {last}: a quotation mark is unbalanced.") from error
    return lines
