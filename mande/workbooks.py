"""Workbooks (.xlsx) as tables: read as text with openpyxl, written with XlsxWriter."""

import io
import warnings
import zipfile
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from typing import Any

import openpyxl
import xlsxwriter

Cell = str | int | float

MOST_BYTES = 64 * 1024**2
MOST_ROWS, MOST_COLUMNS = 20_000, 500
# What stands below so many empty rows is not looked for: a sheet may have a million of them, for their borders' sake.
GAP = 1000


class WorkbookError(Exception):
    """The file is no workbook that can be read. The text says why."""


def read(content: bytes, wanted: Iterable[str] | None = None, *, as_named: bool = False) -> dict[str, list[list[str]]]:
    """The sheets, by their names in lower case, as rows of text. `wanted` names those to read, else all are.

    With `as_named` the names are in the case in which they are written.

    Empty cells at the end of a row, and empty rows at the end of a sheet, are left out. A formula gives what was last
    worked out. Raises WorkbookError.
    """
    _refuse_bombs(content)
    chosen = None if wanted is None else set(wanted)
    try:
        with warnings.catch_warnings():  # about decoration that it does not know
            warnings.simplefilter("ignore")
            return _sheets(content, chosen, as_named)
    except WorkbookError:
        raise
    except Exception as error:  # a broken file raises whatever the broken part happens to raise
        raise WorkbookError("The file cannot be read as a workbook (.xlsx): it is damaged.") from error


def write(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook of texts and numbers, with a header that stays in view. The same sheets give the same bytes.

    No text is taken for a formula, an address or a number.
    """
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 (a document's date has no zone)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(number, place, cell, head if number == 0 else body)
                else:
                    sheet.write_number(number, place, cell, body)
        for place in range(len(rows[0]) if rows else 0):
            longest = max((len(str(row[place])) for row in rows if place < len(row)), default=0)
            sheet.set_column(place, place, min(max(longest + 2, 10), 45))
    book.close()
    return made.getvalue()


def _sheets(content: bytes, chosen: set[str] | None, as_named: bool) -> dict[str, list[list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        named = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
        return {
            sheet.title.strip() if as_named else name: _cells(sheet)
            for name, sheet in named.items()
            if chosen is None or name in chosen
        }
    finally:
        book.close()


def _refuse_bombs(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise WorkbookError("The file is no workbook (.xlsx). Save it as one, and try again.") from error
    if size > MOST_BYTES:
        raise WorkbookError(f"The file holds more than {MOST_BYTES // 1024**2} MB. Is it the right one?")


def _cells(sheet: Any) -> list[list[str]]:
    rows: list[list[str]] = []
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        cells = [_text(value) for value in row[:MOST_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if not cells and number >= len(rows) + GAP:
            break
        if cells:
            rows += [[] for _ in range(number - len(rows))]
            rows.append(cells)
        if len(rows) > MOST_ROWS:
            raise WorkbookError(f"The sheet {sheet.title!r} has more than {MOST_ROWS:,} rows. Is it the right one?")
    return rows


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value)
