"""Reads a table from the bytes of a CSV file: which encoding, which delimiter, which rows."""

import csv
import io
from dataclasses import dataclass
from itertools import islice

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
SAMPLE = 200


class TableError(Exception):
    """The file is no table that can be read. The text says why and what to do."""


@dataclass(frozen=True)
class Table:
    """A header, and the rows under it, each with its number as in a spreadsheet (the header's is 1).

    Rows whose cells are all empty are left out; `blank` counts them. Cells have no white space around them.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    encoding: str
    delimiter: str
    blank: int = 0


def read(data: bytes) -> Table:
    """Raises TableError where the bytes are no text, or the text no table of equally long rows."""
    text, encoding = decode(data)
    delimiter = _delimiter(text)
    try:
        records = [tuple(cell.strip() for cell in record) for record in _records(text, delimiter)]
    except csv.Error as error:
        raise TableError(_broken(text, delimiter, error)) from error
    if not records or not any(records[0]):
        raise TableError("The first row is empty. It should name the columns.")
    header = records[0]
    # Spreadsheets leave empty columns behind at the right.
    width = max(number for number, cell in enumerate(header, 1) if cell)
    rows = [(number, record) for number, record in enumerate(records[1:], 2) if any(record)]
    uneven = [number for number, record in rows if len(record) != len(header)]
    if uneven:
        raise TableError(
            f"The header has {len(header)} columns, but these rows have more or fewer cells: {_listed(uneven)}. "
            "A cell that holds the delimiter or a line break must stand in quotation marks."
        )
    stray = [number for number, record in rows if any(record[width:])]
    if stray:
        raise TableError(f"These rows have values in columns that the header does not name: {_listed(stray)}.")
    kept = tuple((number, record[:width]) for number, record in rows)
    return Table(header[:width], kept, encoding, DELIMITERS[delimiter], len(records) - 1 - len(rows))


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8, UTF-16 (with a byte order mark), or Windows-1252 if it is neither.

    Raises TableError where it is no text at all.
    """
    if not data.strip():
        raise TableError("The file is empty.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TableError("This is a workbook and no CSV file. Save it as CSV (UTF-8) from your spreadsheet program.")
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    names = {"utf-16": "UTF-16", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return text, names[encoding]
    raise TableError(
        "The file is neither UTF-8 nor Windows-1252. Save it as CSV (UTF-8) from your spreadsheet program."
    )


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _records(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _delimiter(text: str) -> str:
    """The one with which most rows are as long as the header; among equals, the one that gives the longest header.

    Every row counts, since a header in words may hold more commas than there are columns.
    """

    def merit(delimiter: str) -> tuple[float, int]:
        lengths: list[int] = []
        try:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            lengths = [len(row) for row in islice(rows, SAMPLE) if row]
        except csv.Error:
            return (0.0, 0)
        if not lengths or lengths[0] < 2:
            return (0.0, 0)
        return (sum(length == lengths[0] for length in lengths) / len(lengths), lengths[0])

    return max(DELIMITERS, key=merit)


def _broken(text: str, delimiter: str, error: csv.Error) -> str:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 1
    try:
        for row, _ in enumerate(reader, 2):  # noqa: B007 (the number of the row that comes next)
            pass
    except csv.Error:
        pass
    return (
        f"Row {row} (line {reader.line_num} of the file) cannot be read: {error}. "
        "A quotation mark inside a quoted cell is written twice."
    )
