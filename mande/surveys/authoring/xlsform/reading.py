"""An XLSForm as a questionnaire. Pure.

What comes out may still lack something that only its author knows: a translation, a role. It is data for
`definition.parse`, or for the editor, with what `checking` says is still to do.
"""

import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from mande.surveys.authoring.xlsform import Tables
from mande.surveys.authoring.xlsform import choices
from mande.surveys.authoring.xlsform import columns
from mande.surveys.authoring.xlsform import expressions
from mande.surveys.authoring.xlsform import naming
from mande.surveys.authoring.xlsform import outline
from mande.surveys.authoring.xlsform import speech
from mande.surveys.authoring.xlsform.asking import Maker
from mande.surveys.authoring.xlsform.asking import names_of
from mande.surveys.authoring.xlsform.carried import Carried
from mande.surveys.authoring.xlsform.carried import Difference
from mande.surveys.authoring.xlsform.columns import Row
from mande.surveys.authoring.xlsform.kinds import Data
from mande.surveys.authoring.xlsform.kinds import Form
from mande.surveys.authoring.xlsform.pages import Pages
from mande.surveys.questionnaires import checking
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.problems import Problem

# What people answer in a minute, and how many questions make the two-minute route of a form that marks none.
A_MINUTE = 4
SHORT_ROUTE = 5
_SETTINGS = frozenset(
    (
        *("form_title", "form_id", "version", "default_language", "style"),
        *(f"{columns.OURS}::{name}" for name in ("role", "title", "strata", "minutes", "wave", "formats")),
        *(f"{columns.OURS}::{name}" for name in ("machine_made", "source")),
    )
)
OPEN_ENDED = ("short_text", "long_text", "info")


class FormError(Exception):
    """The workbook is no form. The text says why."""


@dataclass(frozen=True)
class Imported:
    """`data` is a questionnaire, `differences` what was not carried over, `problems` what is still to do."""

    data: Data
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]


def read(tables: Tables, name: str, role: str = "participant") -> Imported:
    """The questionnaire that the sheets describe. `name` is what it is called where the form does not say, and `role`
    whom it asks. Raises FormError.
    """
    rows = {sheet: columns.rows(tables.get(sheet, [])) for sheet in ("survey", "choices", "settings")}
    if not rows["survey"]:
        raise FormError("The workbook has no sheet “survey” with questions on it: it is no XLSForm.")
    if not any(column.name == "type" for column in rows["survey"][0].columns):
        raise FormError("The sheet “survey” has no column “type”: it is no XLSForm.")
    carried = Carried()
    data = _Reading(rows, carried, role).whole(name)
    for sheet, cells in tables.items():
        if sheet not in rows and any(any(row) for row in cells):
            carried.note(sheet, None, "", "Mande reads survey, choices and settings", "the sheet was left out")
    return Imported(data, carried.listed(), tuple(checking.problems(data)))


class _Reading:
    def __init__(self, rows: Mapping[str, Sequence[Row]], carried: Carried, role: str) -> None:
        self.carried = carried
        self.role = role
        self.settings = rows["settings"][0] if rows["settings"] else Row(2, (), ())
        self.survey = rows["survey"]
        ours = bool(self.settings.get("mande::role"))
        self.speech = speech.listen(rows.values(), self.settings.get("default_language"), ours, carried)
        self.form = Form(self.speech, choices.read(rows["choices"], self.speech, carried), carried)
        self.maker = Maker(self.form)

    def whole(self, name: str) -> Data:
        title = self.title(name)
        pages = Pages(self.maker, title)
        pages.make(outline.build(list(self.survey), self.carried))
        self.ask(pages)
        sections = [section for section, _rows in pages.sections if section["questions"]]
        self.unused_lists()
        said = self.settings
        data = {
            "code": naming.of_form(said.get("form_id") or name),
            "version": self.version(),
            "role": said.get("mande::role") or self.usual("mande::role", self.role),
            "languages": list(self.speech.languages),
            "strata": said.get("mande::strata").split(),
            "minutes": self.minutes(sections),
            "title": title,
            "intro": pages.intro,
            "source": said.get("mande::source"),
            "wave": said.get("mande::wave"),
            "formats": said.get("mande::formats").split(),
            "machine_made": said.get("mande::machine_made").split(),
            "sections": sections,
        }
        self.core(sections)
        self.other_settings()
        return {key: value for key, value in data.items() if value or key in ("strata", "sections")}

    def title(self, name: str) -> dict[str, str]:
        languages = self.speech.languages
        if said := self.speech.text("settings", self.settings, f"{columns.OURS}::title"):
            return said
        title = self.speech.read("settings", self.settings, "form_title", self.settings.get("form_title") or name)
        if len(languages) > 1:
            what = "a form has one title for all languages"
            self.carried.note("settings", self.settings.number, "form_title", what, "it stands in each: translate it")
        return self.speech.everywhere(title)

    def version(self) -> int:
        said = self.settings.get("version")
        if said.isdecimal() and 0 < len(said) < 16 and int(said):
            return int(said)
        if said:
            what = f"the version {said!r} is not a whole number"
            self.carried.note("settings", self.settings.number, "version", what, "it is version 1")
        return 1

    def usual(self, column: str, value: str) -> str:
        what = "a form does not say whom it asks"
        self.carried.note("settings", None, column, what, f"it is for the role of {value}")
        return value

    def minutes(self, sections: Sequence[Data]) -> int:
        said = self.settings.get("mande::minutes")
        if said.isdecimal() and len(said) < 4:
            return int(said)
        minutes = min(120, ceil(sum(len(section["questions"]) for section in sections) / A_MINUTE) or 1)
        what = "a form does not say how long it takes"
        self.carried.note("settings", None, "mande::minutes", what, f"it is taken to be {minutes}: try it")
        return minutes

    def core(self, sections: Sequence[Data]) -> None:
        """Marks a two-minute route where there is none: what is required, or what comes first."""
        questions = [question for section in sections for question in section["questions"]]
        closed = [question for question in questions if question["type"] not in OPEN_ENDED]
        if any(question.get("core") for question in questions):
            return
        chosen = ([one for one in closed if one.get("required")] or closed or questions)[:SHORT_ROUTE]
        chosen = [question for question in chosen if question["type"] != "info"]
        if not chosen:
            return
        for question in chosen:
            question["core"] = True
        what = "a form has no two-minute route"
        told = ", ".join(question["code"] for question in chosen)
        self.carried.note("survey", None, "mande::core", what, f"it has these questions now: {told}")

    def unused_lists(self) -> None:
        for name, listed in self.form.lists.items():
            if name not in self.form.used_lists:
                what = f"no question offers the list {name!r}"
                self.carried.note("choices", listed[0].row.number, "list_name", what, "it was left out")

    def other_settings(self) -> None:
        for column, _cell in self.settings.filled():
            if column.name not in _SETTINGS:
                what = "Mande has no such setting"
                self.carried.note("settings", self.settings.number, column.header, what, "it was left out")

    def ask(self, pages: Pages) -> None:
        """Gives sections and questions their conditions, and takes out what nobody is ever asked."""
        never: list[int] = []
        for data, rows in (*pages.sections, *pages.questions):
            found = [self.condition(row) for row in rows]
            if False in found:
                never.append(id(data))
                what = "this is never asked"
                self.carried.note("survey", rows[found.index(False)].number, "relevant", what, "it was left out")
            elif condition := conditions.both(*(one for one in found if not isinstance(one, bool))):
                data["ask_if"] = conditions.to_dict(condition)
        for section, _rows in pages.sections:
            kept = [] if id(section) in never else [one for one in section["questions"] if id(one) not in never]
            section["questions"] = kept

    def condition(self, row: Row) -> Condition | bool:
        relevant = row.get("relevant")
        if kept := self.kept_condition(row, relevant):
            return kept
        if not relevant:
            return True
        lost: list[str] = []
        found = expressions.understood(relevant, self.maker.fields, lost)
        for what in lost:
            instead = "where this would decide, people are asked"
            self.carried.note("survey", row.number, "relevant", what, instead)
        return found

    def kept_condition(self, row: Row, relevant: str) -> Condition | None:
        """The condition in our own column, if "relevant" is still what we wrote beside it."""
        kept = row.get("mande::ask_if")
        if not kept:
            return None
        try:
            condition = conditions.parse(json.loads(kept))
            if expressions.said(condition, names_of(self.maker.fields).__getitem__, []) == relevant:
                return condition
        except (AttributeError, KeyError, TypeError, ValueError):
            pass
        what = "“relevant” no longer says the same"
        self.carried.note("survey", row.number, "mande::ask_if", what, "“relevant” was taken")
        return None
