"""A questionnaire as the three sheets of an XLSForm. Pure.

Sections become groups shown as one page, matrices groups shown as a table, "ask if" the column "relevant", limits the
column "constraint". Columns that begin with `mande` hold what XLSForm has no place for.
"""

import json

from mande.surveys.authoring.xlsform import Tables
from mande.surveys.authoring.xlsform import constraints
from mande.surveys.authoring.xlsform import expressions
from mande.surveys.authoring.xlsform import words
from mande.surveys.authoring.xlsform.carried import Carried
from mande.surveys.authoring.xlsform.carried import Difference
from mande.surveys.authoring.xlsform.columns import language_header
from mande.surveys.authoring.xlsform.expressions import Field
from mande.surveys.authoring.xlsform.lists import ALIASES
from mande.surveys.authoring.xlsform.lists import Lists
from mande.surveys.authoring.xlsform.sheets import Sheet
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.answers import COMMENT_LENGTH
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.questions import Item
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import Section
from mande.surveys.questionnaires.questions import Text

YES = "yes"
PAGE = "field-list"
# Names that forms keep for themselves.
RESERVED = ("meta", "data", "instanceid", "instancename")

SELECT_ONE = "select_one"
KINDS = {
    QuestionType.NUMBER: "integer",
    QuestionType.DATE: "date",
    QuestionType.SHORT_TEXT: "text",
    QuestionType.LONG_TEXT: "text",
    QuestionType.INFO: "note",
    QuestionType.MULTIPLE: "select_multiple",
    QuestionType.RANKING: "rank",
}
"""What a form calls our types; all others are `select_one`."""
APPEARANCES = {
    QuestionType.SCALE: "likert",
    QuestionType.RATING: "likert",
    QuestionType.LONG_TEXT: "multiline",
    QuestionType.COUNTRY: "minimal autocomplete",
}
FLAGS = ("core", "internal")
MARKS = ("criterion", "level", "comparable")
SURVEY = (
    *("type", "name", "label", "hint", "guidance_hint", "required", "relevant", "constraint", "appearance"),
    *("mande::part", "mande::code", "mande::type", "mande::repeat", "mande::ask_if"),
    *(f"mande::{name}" for name in (*FLAGS, *MARKS, "max", "unit", "bands")),
)
CHOICES = ("list_name", "name", "label", ALIASES)
SETTINGS = (
    *("form_title", "form_id", "version", "default_language", "style", "mande::role", "mande::title"),
    *(f"mande::{name}" for name in ("strata", "minutes", "wave", "formats", "machine_made", "source")),
)


def write(definition: Definition) -> tuple[Tables, tuple[Difference, ...]]:
    """The sheets of `definition`, and what other programs will not do with them as we do."""
    return _Writer(definition).whole()


class _Writer:
    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.carried = Carried()
        self.lists = Lists(definition.languages)
        self.survey = self.sheet("survey", SURVEY)
        self.used = {*RESERVED, *(question.code for question in definition.questions())}
        self.names: dict[str, tuple[str, QuestionType]] = {}
        self.fields: dict[str, Field] = {}
        for question in definition.questions():
            self.name_items(question)

    def sheet(self, name: str, columns: tuple[str, ...]) -> Sheet:
        return Sheet(name, self.definition.languages, columns, self.carried)

    def name_items(self, question: Question) -> None:
        """Decides under which name conditions find the question, or each of its rows."""
        listed = {code: code for code, _label, _aliases in self.lists.choices(question)}
        for item in question.items():
            is_row = question.type is QuestionType.MATRIX and item.row
            name = self.unique(f"{question.code}_{item.row.code}") if is_row and item.row else question.code
            self.names[item.code] = name, question.type
            self.fields[name] = Field(item.code, question.type, listed)
        if question.type is QuestionType.RANKING or question.type.is_text:
            self.names[question.code] = question.code, question.type
            self.fields[question.code] = Field(question.code, question.type, listed)

    def unique(self, wanted: str) -> str:
        """`wanted`, or with a number behind it where something has that name."""
        name, number = wanted, 2
        while name in self.used:
            name, number = f"{wanted}_{number}", number + 1
        self.used.add(name)
        return name

    def whole(self) -> tuple[Tables, tuple[Difference, ...]]:
        if self.definition.intro:
            self.note("intro", "intro", self.definition.intro)
        for section in self.definition.sections:
            self.section(section)
        choices = self.sheet("choices", CHOICES)
        for listed, name in self.lists.named.items():
            for code, label, aliases in listed:
                choices.add({"list_name": name, "name": code, ALIASES: _lines(aliases)}, {"label": dict(label)})
        settings = self.sheet("settings", SETTINGS)
        settings.add(self.settings(), {"mande::title": self.definition.title})
        tables = {sheet.name: sheet.table() for sheet in (self.survey, choices, settings) if sheet.rows}
        return tables, self.carried.listed()

    def settings(self) -> dict[str, str]:
        said = self.definition
        lists = {"strata": said.strata, "formats": said.formats, "machine_made": said.machine_made}
        return {
            "form_title": said.title[said.languages[0]],
            "form_id": said.code,
            "version": str(said.version),
            "default_language": language_header(said.languages[0]),
            "style": "pages",
            "mande::role": said.role,
            "mande::minutes": str(said.minutes),
            "mande::wave": said.wave,
            "mande::source": said.source,
            **{f"mande::{name}": " ".join(values) for name, values in lists.items()},
        }

    def section(self, section: Section) -> None:
        kind = "repeat" if section.repeat else "group"
        if section.repeat:
            what = "this is asked once for each meeting that the person attended"
            instead = "whoever answers says how often it is repeated"
            self.carried.note("survey", self.survey.next_row, "type", what, instead)
        name = self.unique(section.code)
        cells = {"type": f"begin_{kind}", "name": name, "appearance": PAGE, "mande::repeat": section.repeat}
        cells |= {"mande::code": section.code if name != section.code else ""}
        self.survey.add(cells | self.asked(section.ask_if), {"label": section.title})
        if section.intro:
            self.note(f"{section.code}_intro", "intro", section.intro)
        for question in section.questions:
            self.question(question)
        self.survey.add({"type": f"end_{kind}"}, {})

    def note(self, name: str, part: str, text: Text) -> None:
        self.survey.add({"type": "note", "name": self.unique(name), "mande::part": part}, {"label": text})

    def question(self, question: Question) -> None:
        common = self.marks(question) | self.asked(question.ask_if)
        texts = {"label": question.text, "hint": question.hint, "unit": question.unit}
        texts["guidance_hint"] = dict.fromkeys(self.definition.languages, question.why)
        texts = {("mande::unit" if name == "unit" else name): text for name, text in texts.items()}
        if question.type is QuestionType.MATRIX:
            self.matrix(question, common, texts)
        else:
            required = {"required": YES} if question.required else {}
            self.survey.add(
                {"type": self.kind(question), "name": question.code, **required, **self.shape(question), **common},
                texts,
            )
        if question.other:
            self.beside(question, OTHER, words.PLEASE_SAY, self.other_chosen(question), question.max_length)
        if question.comment:
            relevant = common.get("relevant", "")
            self.beside(question, "comment", words.COMMENT, relevant, COMMENT_LENGTH)

    def kind(self, question: Question) -> str:
        kind = KINDS.get(question.type, SELECT_ONE)
        return f"{kind} {self.lists.name_of(question)}" if kind in (SELECT_ONE, "select_multiple", "rank") else kind

    def shape(self, question: Question) -> dict[str, str]:
        appearance = "minimal" if question.display == "list" else APPEARANCES.get(question.type, "")
        return {"constraint": constraints.write(question), "appearance": appearance}

    def marks(self, question: Question) -> dict[str, str]:
        ranked = question.max if question.type is QuestionType.RANKING else None
        return {
            "mande::type": question.type.value,
            "mande::bands": " ".join(map(str, question.bands)),
            "mande::max": "" if ranked is None else str(ranked),
            **{f"mande::{name}": YES if getattr(question, name) else "" for name in FLAGS},
            **{f"mande::{name}": getattr(question, name) or "" for name in MARKS},
        }

    def asked(self, condition: Condition | None) -> dict[str, str]:
        """The cells of a condition. Where an expression does not say all of it, a column of ours does."""
        if condition is None:
            return {}
        lost: list[str] = []
        relevant = expressions.said(condition, self.names.__getitem__, lost)
        for what in dict.fromkeys(lost):
            self.carried.note(
                *("survey", self.survey.next_row, "relevant", f"it depends on {what}"),
                "other programs ask whoever it could concern",
            )
        again = expressions.understood(relevant, self.fields, []) if relevant else True
        whole = json.dumps(conditions.to_dict(condition), separators=(",", ":"))
        return {"relevant": relevant, "mande::ask_if": "" if again == condition else whole}

    def matrix(self, question: Question, common: dict[str, str], texts: dict[str, Text]) -> None:
        group = {"type": "begin_group", "name": question.code, "appearance": "table-list"}
        self.survey.add(group | common, texts)
        for item in question.items():
            self.row(question, item)
        self.survey.add({"type": "end_group"}, {})

    def row(self, question: Question, item: Item) -> None:
        if item.row is None:
            return
        name, _kind = self.names[item.code]
        plain = name == f"{question.code}_{item.row.code}"
        cells = {
            "type": f"{SELECT_ONE} {self.lists.name_of(question)}",
            "name": name,
            "required": YES if question.required else "",
            "mande::code": "" if plain else item.row.code,
        }
        self.survey.add(cells, {"label": item.row.label})

    def other_chosen(self, question: Question) -> str:
        lost: list[str] = []
        return expressions.said(conditions.Chosen(question.code, (OTHER,)), self.names.__getitem__, lost)

    def beside(self, question: Question, part: str, label: dict[str, str], relevant: str, most: int) -> None:
        """A text that belongs to the question above it."""
        cells = {
            "type": "text",
            "name": self.unique(f"{question.code}_{part}"),
            "relevant": relevant,
            "constraint": constraints.length(most),
            "appearance": "multiline" if part == "comment" else "",
            "mande::part": part,
        }
        self.survey.add(cells, {"label": words.said(label, self.definition.languages)})


def _lines(values: tuple[str, ...]) -> str:
    """One a line, or as JSON where a line could not be told from the next."""
    plain = all(value == value.strip() and "\n" not in value and value[:1] != "[" for value in values)
    return "\n".join(values) if plain else json.dumps(list(values), ensure_ascii=False)
