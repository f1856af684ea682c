"""Which languages a form is in, and what it says in each. Pure."""

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass

from mande.surveys.authoring.xlsform import texts
from mande.surveys.authoring.xlsform.carried import Carried
from mande.surveys.authoring.xlsform.columns import TEXTS
from mande.surveys.authoring.xlsform.columns import Row
from mande.surveys.authoring.xlsform.columns import language_code


@dataclass(frozen=True)
class Speech:
    """`languages` are the codes, the form's own first; `codes` leads from the headers' names to them. Of a form that we
    wrote (`ours`), texts are taken as they stand.
    """

    languages: tuple[str, ...]
    codes: dict[str, str]
    ours: bool
    carried: Carried

    def text(self, sheet: str, row: Row, name: str) -> dict[str, str]:
        """What the row says under `name`, in the order of the languages. A column that names no language gives way."""
        said: dict[str, str] = {}
        for header, cell in sorted(row.texts(name).items()):
            if text := self.read(sheet, row, name, cell):
                said[self.codes[header]] = text
        return {language: said[language] for language in self.languages if language in said}

    def read(self, sheet: str, row: Row, name: str, cell: str) -> str:
        if self.ours:
            return texts.text_of(cell)
        return texts.plain(cell, lambda what, instead: self.carried.note(sheet, row.number, name, what, instead))

    def everywhere(self, text: str) -> dict[str, str]:
        """The same words in every language."""
        return dict.fromkeys(self.languages, text)


def listen(sheets: Collection[Sequence[Row]], default: str, ours: bool, carried: Carried) -> Speech:
    """The languages of the sheets. `default` is what the settings call the form's own."""
    named = [
        column.language for rows in sheets for row in rows for column, _cell in row.filled() if column.name in TEXTS
    ]
    _note_empty(sheets, set(named), carried)
    codes: dict[str, str] = {}
    for name in dict.fromkeys(named):
        if name:
            codes[name] = language_code(name) or _private(name, codes, carried)
    own = codes.get(default) or (language_code(default) if default else None)
    if own is None:
        own = next(iter(codes.values()), "en")
        if not codes:
            carried.note("settings", None, "default_language", "the form names no language", "it was taken for English")
    codes[""] = own
    languages = dict.fromkeys([own, *codes.values()]) if own in {codes[name] for name in named} else codes.values()
    return Speech(tuple(dict.fromkeys(languages)), codes, ours, carried)


def _note_empty(sheets: Collection[Sequence[Row]], named: set[str], carried: Carried) -> None:
    headers = dict.fromkeys(
        column.header
        for rows in sheets
        for column in (rows[0].columns if rows else ())
        if column.name == "label" and column.language and column.language not in named
    )
    for header in headers:
        carried.note("survey", None, header, "nothing is said in this language", "it was left out")


def _private(name: str, known: dict[str, str], carried: Carried) -> str:
    """One of the codes that the standard leaves free."""
    code = next(f"qa{letter}" for letter in "abcdefghijklmnopqrstuvwxyz" if f"qa{letter}" not in known.values())
    carried.note("survey", None, f"label::{name}", "the language is unknown", f"it is called {code}: name it")
    return code
