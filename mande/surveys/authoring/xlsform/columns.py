"""What the columns of a form are called, and in which language each text is. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from mande.events import countries
from mande.surveys.authoring.xlsform import Table

OURS = "mande"

TEXTS = frozenset(
    ("label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "big_image", "audio", "video")
) | {f"{OURS}::title", f"{OURS}::unit", f"{OURS}::intro"}
"""Columns that may come once for each language."""

_ALIASES = {
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "relevance": "relevant",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "calculate": "calculation",
    "list": "list_name",
    "jr:count": "repeat_count",
    "count": "repeat_count",
    "set_form_title": "form_title",
    "title": "form_title",
    "set_form_id": "form_id",
    "id_string": "form_id",
    "read_only": "readonly",
    "guidance": "guidance_hint",
    "jr:constraintmsg": "constraint_message",
    "jr:requiredmsg": "required_message",
}
_GROUPS = ("bind", "body", "control", "media")
_CODE = re.compile(r"\(([a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?)\)$")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


@dataclass(frozen=True)
class Column:
    """`language` is as the header has it; "" where it names none."""

    name: str
    language: str
    header: str


@dataclass(frozen=True)
class Row:
    """One line of a sheet. `number` is the spreadsheet's own, the header being 1."""

    number: int
    columns: tuple[Column, ...]
    cells: tuple[str, ...]

    @cached_property
    def _values(self) -> dict[tuple[str, str], str]:
        filled = zip(self.columns, self.cells, strict=True)
        return {(column.name, column.language): cell for column, cell in reversed(list(filled)) if cell}

    def get(self, name: str) -> str:
        """The cell under `name` where no language is named; "" where there is none."""
        return self._values.get((name, ""), "")

    def texts(self, name: str) -> dict[str, str]:
        """What is said under `name`, by the header's language."""
        return {language: cell for (found, language), cell in self._values.items() if found == name}

    def filled(self) -> Iterator[tuple[Column, str]]:
        return ((column, cell) for column, cell in zip(self.columns, self.cells, strict=True) if cell)


def rows(table: Table) -> list[Row]:
    """The lines of a sheet that hold anything, below its header, which is its first line that does."""
    lines = [(number, [cell.strip() for cell in cells]) for number, cells in enumerate(table, 1)]
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        return []
    headers = lines[0][1]
    double = any("::" in header for header in headers)
    columns = tuple(column(header, double) for header in headers)
    found = []
    for number, cells in lines[1:]:
        padded = (*cells, *[""] * len(columns))[: len(columns)]
        beyond = [cell for cell in cells[len(columns) :] if cell]
        extra = tuple(Column("", "", "") for _ in beyond)
        found.append(Row(number, columns + extra, (*padded, *beyond)))
    return found


def column(header: str, double: bool = True) -> Column:
    """What a header means: "label::Français (fr)", "bind::relevant", "media::image". With no `double` colon on the
    sheet a single one separates, as in old forms.
    """
    parts = [part.strip() for part in header.split("::" if double else ":")]
    if parts[0].lower() in _GROUPS and len(parts) > 1:
        parts = parts[1:]
    if parts[0].lower() == OURS and len(parts) > 1:
        parts = [f"{OURS}::{parts[1]}", *parts[2:]]
    name = "_".join(parts[0].replace("-", "_").split()).lower()
    name = _ALIASES.get(name, name)
    if name in TEXTS:
        return Column(name, "::".join(parts[1:]), header)
    return Column("::".join([name, *parts[1:]]), "", header)


def language_header(code: str) -> str:
    """How a column names a language: "French (fr)"."""
    tag, _, rest = code.partition("-")
    region = countries.country_name(rest[-2:]) if rest else ""
    return f"{countries.language_name(tag)}{f', {region}' if region else ''} ({code})"


def language_code(name: str) -> str | None:
    """The code of a language by its header's name: "French (fr)", "français", "pt-BR"; None where it is unknown."""
    if found := _CODE.search(name.strip()):
        return found[1]
    if _TAG.fullmatch(name.strip()) and countries.find_language(name):
        return name.strip()
    return countries.find_language(re.sub(r"\(.*?\)", "", name))
