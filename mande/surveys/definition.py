"""Questionnaires as data: what a definition holds, and how it is read from a file.

A questionnaire is written in YAML (docs/questionnaires.md describes the format) and is checked twice before anything
is made of it: by the JSON schema beside this file, then by meaning (see `checking`).
"""

import json
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from mande.config import ROOT
from mande.surveys import checking
from mande.surveys import yamlfile
from mande.surveys.checking import DefinitionError

__all__ = ["DefinitionError", "find", "load", "parse", "say"]

FOLDER = ROOT / "questionnaires"
RATING_CODES = tuple(str(number) for number in range(11))
SHORT, LONG = 200, 4000

Text = Mapping[str, str]
"""What is said, by language."""


class QuestionType(StrEnum):
    SCALE = "scale"
    MATRIX = "matrix"
    SINGLE = "single"
    MULTIPLE = "multiple"
    RATING = "rating"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"

    @property
    def is_text(self) -> bool:
        return self in (QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT)


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen. `aliases` are other spellings that an import understands; an `exclusive` one of a
    multiple choice ("none of these") goes with no other.
    """

    code: str
    label: Text
    aliases: tuple[str, ...] = ()
    exclusive: bool = False

    def say(self, language: str) -> str:
        """The label, or the code where there is none, as between the ends of a rating."""
        return say(self.label, language) or self.code


@dataclass(frozen=True)
class Row:
    """One line of a matrix."""

    code: str
    label: Text


@dataclass(frozen=True)
class Question:
    """One question. A scale or matrix has the options "1" to "5", the worst first; a rating "0" to "10".

    `max_length` counts characters: of a text question's answer, or of the text beside "other"; 0 where none is typed.
    """

    code: str
    type: QuestionType
    text: Text
    hint: Text = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    not_applicable: bool = False
    other: bool = False
    required: bool = False
    core: bool = False
    internal: bool = False
    criterion: str | None = None
    level: str | None = None
    max_length: int = 0
    why: str = ""

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of the options, in order, without "other" and "na"."""
        return tuple(option.code for option in self.options)

    def option(self, code: str) -> Option:
        """Raises KeyError where there is none of this code."""
        for option in self.options:
            if option.code == code:
                return option
        raise KeyError(code)

    def items(self) -> Iterator["Item"]:
        """What is counted of this question: nothing of a text, each row of a matrix, otherwise the question itself."""
        if self.type is QuestionType.MATRIX:
            yield from (Item(f"{self.code}.{row.code}", self, row) for row in self.rows)
        elif not self.type.is_text:
            yield Item(self.code, self, None)


@dataclass(frozen=True)
class Item:
    """What is counted: a question, or one row of a matrix, whose code is "question.row"."""

    code: str
    question: Question
    row: Row | None

    def say(self, language: str) -> str:
        return say(self.row.label if self.row else self.question.text, language)


@dataclass(frozen=True)
class Section:
    """One page of a questionnaire."""

    code: str
    title: Text
    intro: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Definition:
    """A version of a questionnaire. `minutes` is how long it takes; `source` says whose work it is, if not ours."""

    code: str
    version: int
    role: str
    title: Text
    intro: Text
    minutes: int
    languages: tuple[str, ...]
    strata: tuple[str, ...]
    sections: tuple[Section, ...]
    source: str = ""

    def questions(self) -> Iterator[Question]:
        return (question for section in self.sections for question in section.questions)

    def question(self, code: str) -> Question:
        """Raises KeyError where there is none of this code."""
        for question in self.questions():
            if question.code == code:
                return question
        raise KeyError(code)

    def items(self) -> Iterator[Item]:
        return (item for question in self.questions() for item in question.items())

    def item(self, code: str) -> Item:
        """Raises KeyError where there is none of this code."""
        for item in self.items():
            if item.code == code:
                return item
        raise KeyError(code)

    def abridged(self) -> "Definition":
        """The two-minute route: the core questions alone, without the sections that hold none."""
        kept = (replace(s, questions=tuple(q for q in s.questions if q.core)) for s in self.sections)
        return replace(self, sections=tuple(section for section in kept if section.questions))

    def to_dict(self) -> dict[str, Any]:
        """What `parse` makes the same definition of; JSON can hold it."""
        return _without_empty(
            {
                "code": self.code,
                "version": self.version,
                "role": self.role,
                "title": dict(self.title),
                "intro": dict(self.intro),
                "minutes": self.minutes,
                "languages": list(self.languages),
                "source": self.source,
            }
        ) | {"strata": list(self.strata), "sections": [_section_to_dict(section) for section in self.sections]}

    @cached_property
    def digest(self) -> str:
        """64 hexadecimal digits; two definitions have the same if, and only if, they say the same."""
        return sha256(_canonical(self.to_dict()).encode()).hexdigest()


def say(text: Text, language: str) -> str:
    """The text in `language`, else in the first language there is; "" where there is no text."""
    return text[language] if language in text else next(iter(text.values()), "")


def parse(data: Mapping[str, Any]) -> Definition:
    """The definition that `data` (as YAML or JSON gives it) describes. Raises DefinitionError listing every problem.

    What was read once is remembered, so that a page may parse its stored questionnaire at every visit.
    """
    try:
        return _parse_text(json.dumps(data, ensure_ascii=False))
    except TypeError:  # what JSON cannot hold, the schema refuses, and says where
        return _parse(data)


def load(path: str | Path) -> Definition:
    """Reads a YAML file. Raises DefinitionError, whose problems say the lines."""
    document = yamlfile.read(Path(path))
    try:
        return parse(document.data)
    except DefinitionError as error:
        raise DefinitionError(error.problems, document.name, document.line) from None


def find(code_or_path: str | Path) -> Definition:
    """The newest version of the questionnaire with this code in `questionnaires/`, or the one in the file named.

    Anything that ends in .yaml or .yml is a path. Raises DefinitionError, which says what codes there are.
    """
    if str(code_or_path).endswith((".yaml", ".yml")):
        return load(code_or_path)
    files = {path: yamlfile.read(path).data for path in sorted(FOLDER.glob("*.yaml"))}
    versions = {
        path: data.get("version", 0)
        for path, data in files.items()
        if isinstance(data, Mapping) and data.get("code") == code_or_path and isinstance(data.get("version", 0), int)
    }
    if not versions:
        known = ", ".join(sorted({str(data.get("code")) for data in files.values() if isinstance(data, Mapping)}))
        raise DefinitionError.of(
            f"There is no questionnaire {str(code_or_path)!r} in {FOLDER.name}/. There is: {known}."
        )
    return load(max(versions, key=lambda path: versions[path]))


@lru_cache(maxsize=64)
def _parse_text(text: str) -> Definition:
    return _parse(json.loads(text))


def _parse(data: Mapping[str, Any]) -> Definition:
    if problems := checking.problems(data):
        raise DefinitionError(problems)
    languages = tuple(data["languages"])
    return _Builder(languages, data.get("scales", {})).definition(data)


@dataclass(frozen=True)
class _Builder:
    """Makes the parts of a definition out of data that has passed every check."""

    languages: tuple[str, ...]
    scales: Mapping[str, Any]

    def definition(self, data: Mapping[str, Any]) -> Definition:
        return Definition(
            code=data["code"],
            version=data["version"],
            role=data["role"],
            title=self.text(data["title"]),
            intro=self.text(data.get("intro", {})),
            minutes=data["minutes"],
            languages=self.languages,
            strata=tuple(data["strata"]),
            sections=tuple(self.section(section) for section in data["sections"]),
            source=data.get("source", "").strip(),
        )

    def section(self, data: Mapping[str, Any]) -> Section:
        questions = tuple(self.question(question) for question in data["questions"])
        return Section(data["code"], self.text(data["title"]), self.text(data.get("intro", {})), questions)

    def question(self, data: Mapping[str, Any]) -> Question:
        kind = QuestionType(data["type"])
        flags = ("not_applicable", "other", "required", "core", "internal")
        return Question(
            code=data["code"],
            type=kind,
            text=self.text(data["text"]),
            hint=self.text(data.get("hint", {})),
            options=self.options(kind, data.get("options", ())),
            rows=tuple(Row(row["code"], self.text(row["label"])) for row in data.get("rows", ())),
            criterion=data.get("criterion"),
            level=data.get("level"),
            max_length=data.get("max_length", _usual_length(kind, data.get("other", False))),
            why=data.get("why", "").strip(),
            **{flag: data.get(flag, False) for flag in flags},
        )

    def options(self, kind: QuestionType, data: Any) -> tuple[Option, ...]:
        listed = self.scales[data] if isinstance(data, str) else data
        options = [
            Option(str(o["code"]), self.text(o["label"]), tuple(o.get("aliases", ())), o.get("exclusive", False))
            for o in listed
        ]
        if kind is not QuestionType.RATING:
            return tuple(options)
        labelled = {option.code: option for option in options}
        return tuple(labelled.get(code, Option(code, {})) for code in RATING_CODES)

    def text(self, data: Any) -> Text:
        if isinstance(data, str):
            return {self.languages[0]: data.strip()}
        return {language: data[language].strip() for language in self.languages if language in data}


def _usual_length(kind: QuestionType, other: bool) -> int:
    if kind is QuestionType.LONG_TEXT:
        return LONG
    return SHORT if kind is QuestionType.SHORT_TEXT or other else 0


def _section_to_dict(section: Section) -> dict[str, Any]:
    return _without_empty({"code": section.code, "title": dict(section.title), "intro": dict(section.intro)}) | {
        "questions": [_question_to_dict(question) for question in section.questions]
    }


def _question_to_dict(question: Question) -> dict[str, Any]:
    options = [
        _without_empty({**vars(option), "label": dict(option.label), "aliases": list(option.aliases)})
        for option in question.options
        if option.label
    ]
    values = {name: getattr(question, name) for name in Question.__dataclass_fields__}
    rows = [{"code": row.code, "label": dict(row.label)} for row in question.rows]
    changed = {"type": str(question.type), "text": dict(question.text), "hint": dict(question.hint)}
    return _without_empty(values | changed | {"options": options, "rows": rows})


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _canonical(data: Any) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
