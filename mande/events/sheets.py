"""A list as people keep it, read as it comes: any of the usual encodings and separators, and forgiving headers."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass

from mande.cells import plain

MOST_ROWS = 20_000
_SEPARATORS = (",", ";", "\t")


class SheetError(Exception):
    """The file cannot be read as a list. The text says why, and what would do."""


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
    """The rows that hold something. `columns` are what the header's names mean, None where they mean nothing known."""

    header: tuple[str, ...]
    columns: tuple[str | None, ...]
    records: tuple[Record, ...]
    encoding: str
    separator: str

    @property
    def ignored(self) -> list[str]:
        """The names of columns that mean nothing known, as written."""
        return [name for name, column in zip(self.header, self.columns, strict=True) if column is None and name]


def clean(text: str) -> str:
    """A cell as it is kept: composed letters, single spaces, no control characters and no apostrophe of an export."""
    visible = "".join(
        " " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in unicodedata.normalize("NFC", text)
    )
    return plain(" ".join(visible.split()).strip("\ufeff\u200b"))


def read(data: bytes, meaning: Callable[[str], str | None], required: Collection[str] = ()) -> Sheet:
    """Reads a file. `meaning` tells which column a header's name means. Raises SheetError.

    Encodings: UTF-8 with or without its mark, UTF-16 with it, else Windows-1252. Separators: comma, semicolon, tab.
    """
    text, encoding = _decoded(data)
    text, separator = _separated(text, meaning)
    lines = _lines(text, separator)
    first = next((number for number, line in enumerate(lines) if any(cell.strip() for cell in line)), None)
    if first is None:
        raise SheetError("The file is empty.")
    header = tuple(clean(name) for name in lines[first])
    columns = tuple(meaning(name) if name else None for name in header)
    _refuse_header(header, columns, required)
    records = [
        _record(number, line, columns)
        for number, line in enumerate(lines[first + 1 :], start=first + 2)
        if any(clean(cell) for cell in line)
    ]
    if not records:
        raise SheetError("The file has a header and no row below it.")
    if len(records) > MOST_ROWS:
        raise SheetError(f"The file has {len(records):,} rows; at most {MOST_ROWS:,} can be taken at once.")
    return Sheet(header, columns, tuple(records), encoding, separator)


def _record(number: int, line: list[str], columns: tuple[str | None, ...]) -> Record:
    cells = {
        column: value
        for column, cell in zip(columns, line, strict=False)
        if column is not None and (value := clean(cell))
    }
    beyond = tuple(value for cell in line[len(columns) :] if (value := clean(cell)))
    return Record(number, cells, beyond, tuple(line))


def _refuse_header(header: tuple[str, ...], columns: tuple[str | None, ...], required: Collection[str]) -> None:
    named: dict[str, str] = {}
    for name, column in zip(header, columns, strict=True):
        if column in named:
            raise SheetError(f"Two columns mean the {column}: “{named[column]}” and “{name}”. Remove or rename one.")
        if column is not None:
            named[column] = name
    missing = [column for column in required if column not in named]
    if missing:
        found = ", ".join(f"“{name}”" for name in header if name)
        raise SheetError(
            f"There is no column for: {', '.join(missing)}. The first row, with the names, reads: {found}."
        )


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith(b"PK\x03\x04"):
        raise SheetError(
            "This is a workbook, not a text file. In the spreadsheet program, save the sheet as CSV UTF-8."
        )
    if data.startswith(b"\xd0\xcf\x11\xe0") or data.startswith(b"%PDF"):
        raise SheetError("This is not a text file. In the spreadsheet program, save the sheet as CSV UTF-8.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16"), "UTF-16"
    if b"\0" in data:
        raise SheetError("This is not a text file. In the spreadsheet program, save the sheet as CSV UTF-8.")
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return _strictly(data, "cp1252"), "Windows-1252"


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetError(
            "The letters of this file cannot be made out: it is neither UTF-8 nor Windows-1252. Save it as CSV UTF-8."
        ) from error


def _separated(text: str, meaning: Callable[[str], str | None]) -> tuple[str, str]:
    """The text without a line `sep=;`, and the separator with which the header has the most known names."""
    declared = re.match(r"sep=(.)\r?\n", text)
    if declared:
        # An empty line in its place, so that rows keep the numbers that the author sees.
        return text[declared.end() - 1 :], declared[1]
    start = text.lstrip("\r\n ")

    def known(separator: str) -> tuple[int, int]:
        try:
            header = next(csv.reader(io.StringIO(start, newline=""), delimiter=separator), [])
        except csv.Error:
            return 0, 0
        return sum(meaning(clean(name)) is not None for name in header), len(header)

    return text, max(_SEPARATORS, key=known)


def _lines(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[list[str]] = []
    try:
        for line in reader:
            lines.append(line)
    except csv.Error as error:
        last = f"after row {len(lines)}" if lines else "in the first row"
        raise SheetError(f"The file cannot be split into cells {last}: a quotation mark is unbalanced.") from error
    return lines
