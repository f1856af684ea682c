"""The spreadsheet for a translator: place, context and text, and a column for each language to translate into.

As a workbook (.xlsx) with right-to-left columns where a language is written so, or as CSV. What comes back may have its
rows in any order, columns beside ours, and only some of the languages.
"""

import io
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter

from mande import workbooks
from mande.cells import csv_text
from mande.cells import neutral
from mande.cells import plain
from mande.events.importing import sheets
from mande.events.importing.sheets import SheetError
from mande.surveys.authoring import speech
from mande.surveys.authoring import texts
from mande.surveys.authoring import translating
from mande.surveys.authoring.translating import Line
from mande.surveys.authoring.translating import Wish
from mande.workbooks import WorkbookError

PLACE, CONTEXT, SOURCE = "place", "context", "source"
SHEET = "translation"
WIDTHS = (28, 36, 60)


class TranslationFileError(Exception):
    """The file cannot be read as a translator's spreadsheet. The text says why, and what would do."""


@dataclass(frozen=True)
class Sent:
    """What a file holds: its translations, the languages it has columns for, and the headings that mean nothing."""

    wishes: tuple[Wish, ...]
    languages: tuple[str, ...]
    ignored: tuple[str, ...]


def table(data: Mapping[str, Any], source: str, targets: Sequence[str], missing: bool = False) -> list[list[str]]:
    """The header and a row for each text; only those that lack one of the targets, if `missing`."""
    header = [PLACE, CONTEXT, f"{heading(source)} ({SOURCE})", *map(heading, targets)]
    wanted = [line for line in translating.lines(data) if not missing or not all(one in line.said for one in targets)]
    rows = [
        [line.key, _context(line), line.source(source), *(line.said.get(target, "") for target in targets)]
        for line in wanted
    ]
    return [header, *rows]


def heading(language: str) -> str:
    """What the column of a language is called: "fr Français"."""
    return f"{language} {speech.name(language)}"


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """In UTF-8 with the mark by which spreadsheet programs know it; no cell can run as a formula."""
    return csv_text(rows[0], rows[1:]).encode("utf-8-sig")


def as_workbook(rows: Sequence[Sequence[str]], source: str, targets: Sequence[str]) -> bytes:
    """All cells are text, none a formula; only translations can be typed over, and the empty ones stand out."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 (a document's date has no zone)
    sheet = book.add_worksheet(SHEET)
    style = {"text_wrap": True, "valign": "top", "num_format": "@"}
    head = book.add_format({**style, "bold": True, "bottom": 1})
    quiet = book.add_format({**style, "font_color": "#55626D"})
    columns = [quiet, quiet, book.add_format({**style, **_direction(source)})]
    columns += [book.add_format({**style, **_direction(target), "locked": False}) for target in targets]
    empty = [book.add_format({**style, **_direction(one), "locked": False, "bg_color": "#FFF4CC"}) for one in targets]
    for place, form in enumerate(columns):
        sheet.set_column(place, place, WIDTHS[min(place, len(WIDTHS) - 1)], form)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            form = head if number == 0 else columns[place]
            if cell:
                sheet.write_string(number, place, cell, form)
            elif number and place >= len(WIDTHS):
                sheet.write_blank(number, place, None, empty[place - len(WIDTHS)])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows) - 1), len(rows[0]) - 1)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    book.close()
    return made.getvalue()


def read(content: bytes, data: Mapping[str, Any]) -> Sent:
    """The translations in a file, a workbook or CSV. Raises TranslationFileError."""
    known = texts.languages(data)
    rows = _workbook(content) if content.startswith(b"PK\x03\x04") else _csv(content, known)
    header = [cell.strip() for cell in rows[0]] if rows else []
    if PLACE not in map(str.lower, header):
        raise TranslationFileError(
            f"The first row has no column “{PLACE}”. Export the spreadsheet again, and send back that one."
        )
    return _Reader(header, known, {line.key: line for line in translating.lines(data)}).sent(rows[1:])


class _Reader:
    """Reads rows below a header. `lines` are the texts by their names, to know again what we have neutralised."""

    def __init__(self, header: Sequence[str], known: Sequence[str], lines: Mapping[str, Line]) -> None:
        self.known = known
        self.lines = lines
        self.place = [name.lower() for name in header].index(PLACE)
        self.source: tuple[int, str] | None = None
        self.targets: dict[int, str] = {}
        self.ignored: list[str] = []
        for number, name in enumerate(header):
            self._column(number, name)
        if not self.targets:
            raise TranslationFileError("There is no column with translations, headed by a language such as “fr”.")

    def _column(self, number: int, name: str) -> None:
        if number == self.place or name.lower() == CONTEXT or not name:
            return
        code = _language(name, self.known)
        if not code:
            self.ignored.append(name)
        elif name.lower().endswith(f"({SOURCE})"):
            self.source = (number, code)
        elif code in self.targets.values():
            raise TranslationFileError(f"Two columns are headed {code}. Leave one of them out.")
        else:
            self.targets[number] = code

    def sent(self, rows: Sequence[Sequence[str]]) -> Sent:
        wishes = [wish for number, row in enumerate(rows, 2) for wish in self._wishes(number, row)]
        return Sent(tuple(wishes), tuple(self.targets.values()), tuple(self.ignored))

    def _wishes(self, number: int, row: Sequence[str]) -> Iterator[Wish]:
        key = _cell(row, self.place).strip()
        line = self.lines.get(key)
        source = self._text(row, *self.source, line) if self.source else ""
        for column, language in self.targets.items():
            text = self._text(row, column, language, line)
            if text.strip():
                yield Wish(key, language, text, source or None, number)

    def _text(self, row: Sequence[str], column: int, language: str, line: Line | None) -> str:
        """The cell, without the apostrophe that an export has put before it."""
        cell = _cell(row, column)
        held = line.said.get(language, "") if line else ""
        return held if cell in (held, neutral(held)) else plain(cell)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _context(line: Line) -> str:
    notes = [line.where]
    if line.placeholders:
        notes.append(f"keep {' and '.join(line.placeholders)} as it is")
    if line.best:
        notes.append(f"best under {line.best} characters")
    return "; ".join(notes)


def _direction(language: str) -> dict[str, Any]:
    return {"reading_order": 2, "align": "right"} if speech.direction(language) == "rtl" else {}


def _workbook(content: bytes) -> list[list[str]]:
    try:
        found = workbooks.read(content)
    except WorkbookError as error:
        raise TranslationFileError(str(error)) from error
    fitting = [rows for rows in found.values() if rows and PLACE in (cell.strip().lower() for cell in rows[0])]
    return fitting[0] if fitting else next(iter(found.values()), [])


def _csv(content: bytes, known: Sequence[str]) -> list[list[str]]:
    """Rows with their cells as they stand, in whatever encoding and with whatever separator the file is written."""

    def meaning(name: str) -> str | None:
        """What tells the right separator from a wrong one: the names that our header has."""
        return name.lower() if name.lower() in (PLACE, CONTEXT) else _language(name, known) and name

    try:
        found = sheets.read(content, meaning)
    except SheetError as error:
        raise TranslationFileError(str(error)) from error
    rows: list[list[str]] = [list(found.header)]
    for record in found.records:
        rows += [[] for _ in range(record.number - 1 - len(rows))]
        rows.append(list(record.raw))
    return rows


def _language(name: str, known: Sequence[str]) -> str | None:
    """The language that a column is headed by: one of the questionnaire's, or one with its name as we write it. Other
    words may look like a language's code, and are not ours to read.
    """
    code = (name.split() or [""])[0]
    is_ours = speech.is_language(code) and name.removesuffix(f"({SOURCE})").strip() == heading(code) != code
    return code if code in known or is_ours else None
