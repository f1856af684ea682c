"""A sheet as it is written, row by row. Pure."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from mande.surveys.authoring.xlsform import Table
from mande.surveys.authoring.xlsform.carried import Carried
from mande.surveys.authoring.xlsform.columns import OURS
from mande.surveys.authoring.xlsform.columns import language_header
from mande.surveys.authoring.xlsform.texts import cell_of
from mande.surveys.authoring.xlsform.texts import looks_formatted
from mande.surveys.questionnaires import placeholders
from mande.surveys.questionnaires.questions import Text

MEANINGS = {
    "part": "introductions, and for what belongs to the question above",
    "code": "codes that two parts share",
    "type": "all of Mande's types of question",
    "repeat": "sections asked once for each meeting",
    "ask_if": "conditions on how a person took part",
    "core": "the two-minute route",
    "internal": "questions reported internally alone",
    "criterion": "the OECD DAC criterion",
    "level": "the Kirkpatrick level",
    "comparable": "codes under which events are compared",
    "max": "how many things are ranked",
    "unit": "the unit of a number",
    "bands": "the bands by which a number is counted",
    "aliases": "other spellings of a choice",
    "role": "whom the questionnaire is for",
    "title": "a title in each language",
    "strata": "the breakdowns that are promised",
    "minutes": "how long it takes",
    "wave": "whether it is asked after the event or months later",
    "formats": "the formats of meetings that it suits",
    "machine_made": "which translations await review",
    "source": "whose work it is",
}
# What a cell of a spreadsheet holds at most.
LONGEST = 32_767


@dataclass
class Sheet:
    """`columns` are all that there may be, in order; those that stay empty are left out."""

    name: str
    languages: Sequence[str]
    columns: Sequence[str]
    carried: Carried
    rows: list[dict[tuple[str, str], str]] = field(default_factory=list)

    @property
    def next_row(self) -> int:
        """The number of the row that is added next; the header is row 1."""
        return len(self.rows) + 2

    def add(self, cells: Mapping[str, str], texts: Mapping[str, Text]) -> None:
        """Adds a row of plain cells, and of texts in each language."""
        filled = {(name, ""): cell for name, cell in cells.items()}
        for name, text in texts.items():
            filled |= {(name, language): cell_of(said) for language, said in text.items()}
            self.remark(name, text)
        self.rows.append({place: self.fit(place[0], cell) for place, cell in filled.items() if cell})

    def remark(self, name: str, text: Text) -> None:
        """Notes what other programs make of a text."""
        known = sorted({one for said in text.values() for one in placeholders.names(said)} & set(placeholders.ALL))
        if known:
            what = f"the text leaves {', '.join(f'{{{one}}}' for one in known)} open"
            self.carried.note(self.name, self.next_row, name, what, "other programs show it as it stands")
        if any(map(looks_formatted, text.values())):
            what = "the text has signs that other programs take for formatting"
            self.carried.note(self.name, self.next_row, name, what, "it is written as it stands")

    def fit(self, name: str, cell: str) -> str:
        if len(cell) > LONGEST:
            what = f"this is longer than the {LONGEST:,} characters of a cell"
            self.carried.note(self.name, self.next_row, name, what, "its end is left out")
        return cell[:LONGEST]

    def table(self) -> Table:
        """The cells, under their header. Our own columns are noted: other programs have no use for them."""
        used = {place for row in self.rows for place in row}
        header = [
            (name, language) for name in self.columns for language in ("", *self.languages) if (name, language) in used
        ]
        for name in dict.fromkeys(name for name, _language in header if name.startswith(OURS)):
            what = f"XLSForm has no place for {MEANINGS[name.removeprefix(OURS).lstrip(':_')]}"
            self.carried.note(self.name, None, name, what, "other programs pass over the column")
        titles = [f"{name}::{language_header(language)}" if language else name for name, language in header]
        return [titles, *([row.get(place, "") for place in header] for row in self.rows)]
