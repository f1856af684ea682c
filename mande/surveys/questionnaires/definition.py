"""Questionnaires as data: what a definition holds, and how it is read from a file.

A questionnaire is written in YAML (docs/questionnaires.md describes the format) and is checked twice before anything
is made of it: by the JSON schema beside this file, then by meaning (see `checking`).
"""

import json
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from functools import cached_property
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from mande.config import ROOT
from mande.languages import isolated
from mande.surveys.questionnaires import checking
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires import library
from mande.surveys.questionnaires import placeholders
from mande.surveys.questionnaires import yamlfile
from mande.surveys.questionnaires.building import Builder
from mande.surveys.questionnaires.building import section_to_dict
from mande.surveys.questionnaires.building import without_empty
from mande.surveys.questionnaires.checking import DefinitionError
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.questions import RATING_CODES
from mande.surveys.questionnaires.questions import Item
from mande.surveys.questionnaires.questions import Option
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import Row
from mande.surveys.questionnaires.questions import Section
from mande.surveys.questionnaires.questions import Text
from mande.surveys.questionnaires.questions import say

__all__ = [
    "RATING_CODES", "Definition", "DefinitionError", "Item", "Meeting", "Option", "Question", "QuestionType", "Row",
    "Section", "Text", "find", "for_person", "load", "parse", "say", "spoken",
]  # fmt: skip

FOLDER = ROOT / "questionnaires"


@dataclass(frozen=True)
class Meeting:
    """A meeting for which repeated sections are asked."""

    code: str
    title: str


@dataclass(frozen=True)
class Definition:
    """A version of a questionnaire. `minutes` is how long it takes; `source` says whose work it is, if not ours.

    `wave` is "event", or "followup" for what is asked months later. `formats` are those of the meetings that it suits,
    all where there is none. `machine_made` are the languages whose texts nobody has reviewed yet.
    """

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
    wave: str = "event"
    formats: tuple[str, ...] = ()
    machine_made: tuple[str, ...] = ()

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

    @cached_property
    def is_conditional(self) -> bool:
        """Whether there is anything that not everybody is asked, repeated sections aside."""
        return any(condition is not None for condition in self._conditions())

    @cached_property
    def is_repeated(self) -> bool:
        return any(section.repeat for section in self.sections)

    @cached_property
    def facts_used(self) -> frozenset[str]:
        """Which of role, meeting and mode conditions look at."""
        return frozenset().union(*map(conditions.facts_used, self._conditions()))

    @property
    def uses_attendance(self) -> bool:
        """Whether one has to know how somebody took part to tell what they are asked."""
        return self.is_repeated or bool(self.facts_used)

    @cached_property
    def has_braces(self) -> bool:
        """Whether any text has a placeholder or a doubled brace, so that it is not yet what people read."""
        found: list[str] = []

        def look(text: str, _language: str) -> str:
            found.append(text)
            return text

        self._with_texts(look)
        return any("{" in text or "}" in text for text in found)

    def abridged(self) -> "Definition":
        """The two-minute route: the core questions alone, without the sections that hold none."""
        kept = (replace(s, questions=tuple(q for q in s.questions if q.core)) for s in self.sections)
        return replace(self, sections=tuple(section for section in kept if section.questions))

    def to_dict(self) -> dict[str, Any]:
        """What `parse` makes the same definition of; JSON can hold it."""
        return without_empty(
            {
                "code": self.code,
                "version": self.version,
                "role": self.role,
                "title": dict(self.title),
                "intro": dict(self.intro),
                "minutes": self.minutes,
                "languages": list(self.languages),
                "source": self.source,
                "wave": self.wave if self.wave != "event" else "",
                "formats": list(self.formats),
                "machine_made": list(self.machine_made),
            }
        ) | {"strata": list(self.strata), "sections": [section_to_dict(section) for section in self.sections]}

    @cached_property
    def digest(self) -> str:
        """64 hexadecimal digits; two definitions have the same if, and only if, they say the same.

        Which languages nobody has reviewed is not said to anybody.
        """
        said = {name: value for name, value in self.to_dict().items() if name != "machine_made"}
        return sha256(_canonical(said).encode()).hexdigest()

    def _conditions(self) -> Iterator[Condition | None]:
        for section in self.sections:
            yield section.ask_if
            yield from (question.ask_if for question in section.questions)

    def _with_texts(self, change: Callable[[str, str], str]) -> "Definition":
        """The same, each text that respondents read replaced by what `change` makes of it and its language."""

        def texts(text: Text) -> Text:
            return {language: change(said, language) for language, said in text.items()}

        return replace(
            self,
            title=texts(self.title),
            intro=texts(self.intro),
            sections=tuple(_section_with_texts(section, texts) for section in self.sections),
        )


def for_person(definition: Definition, meetings: Sequence[Meeting]) -> Definition:
    """What is asked of somebody who attended these meetings, before any condition: repeated sections are there once for
    each meeting, their questions coded "question@meeting".

    With all meetings of the event it is what can have been answered. It is kept, so that every page may ask for it.
    """
    return _expanded(_Known(definition), tuple(meetings)) if definition.is_repeated else definition


def spoken(definition: Definition, values: Mapping[str, Mapping[str, str]]) -> Definition:
    """The texts as they are read: `values` are by language and placeholder, see `placeholders.finish`. It is kept."""
    if not definition.has_braces:
        return definition
    flat = tuple((language, tuple(sorted(said.items()))) for language, said in sorted(values.items()))
    return _spoken(_Known(definition), flat)


def parse(data: Mapping[str, Any]) -> Definition:
    """The definition that `data` (as YAML or JSON gives it) describes. Raises DefinitionError listing every problem.

    What was read once is remembered, so that a page may parse its stored questionnaire at every visit.
    """
    try:
        return _parse_text(json.dumps(data, ensure_ascii=False))
    except TypeError:  # what JSON cannot hold, the schema refuses, and says where
        return _parse(data)


def load(path: str | Path) -> Definition:
    """Reads a YAML file, and from the library the questions that it uses. Raises DefinitionError, whose problems say
    the lines.
    """
    document = yamlfile.read(Path(path))
    try:
        return parse(library.expand(document.data, library.bank()))
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
    build = Builder(tuple(data["languages"]), data.get("scales", {}))
    return Definition(
        code=data["code"],
        version=data["version"],
        role=data["role"],
        title=build.text(data["title"]),
        intro=build.text(data.get("intro", {})),
        minutes=data["minutes"],
        languages=build.languages,
        strata=tuple(data["strata"]),
        sections=tuple(build.section(section) for section in data["sections"]),
        source=data.get("source", "").strip(),
        wave=data.get("wave", "event"),
        formats=tuple(data.get("formats", ())),
        machine_made=tuple(data.get("machine_made", ())),
    )


@dataclass(frozen=True)
class _Known:
    """A definition that a cache can know again."""

    definition: Definition

    def __hash__(self) -> int:
        return hash(self.definition.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self.definition.digest == other.definition.digest


@lru_cache(maxsize=256)
def _expanded(known: _Known, meetings: tuple[Meeting, ...]) -> Definition:
    sections: list[Section] = []
    for section in known.definition.sections:
        sections += [_repeated(section, meeting) for meeting in meetings] if section.repeat else [section]
    return replace(known.definition, sections=tuple(sections))


def _repeated(section: Section, meeting: Meeting) -> Section:
    title = placeholders.escape(meeting.title)
    filled = _section_with_texts(
        section,
        lambda text: {
            language: placeholders.fill(said, {placeholders.MEETING: isolated(title, language)})
            for language, said in text.items()
        },
    )
    names: dict[str, str] = {}
    for question in section.questions:
        new = f"{question.code}@{meeting.code}"
        names |= {item.code: new + item.code.removeprefix(question.code) for item in question.items()}
        names[question.code] = new
    questions = tuple(
        replace(
            question,
            code=names[question.code],
            ask_if=conditions.renamed(question.ask_if, names) if question.ask_if else None,
        )
        for question in filled.questions
    )
    return replace(filled, code=f"{section.code}@{meeting.code}", questions=questions, repeat="")


@lru_cache(maxsize=256)
def _spoken(known: _Known, values: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> Definition:
    by_language = {language: dict(said) for language, said in values}
    return known.definition._with_texts(lambda text, language: placeholders.finish(text, by_language.get(language, {})))


def _section_with_texts(section: Section, texts: Callable[[Text], Text]) -> Section:
    return replace(
        section,
        title=texts(section.title),
        intro=texts(section.intro),
        questions=tuple(_question_with_texts(question, texts) for question in section.questions),
    )


def _question_with_texts(question: Question, texts: Callable[[Text], Text]) -> Question:
    return replace(
        question,
        text=texts(question.text),
        hint=texts(question.hint),
        unit=texts(question.unit),
        options=tuple(replace(option, label=texts(option.label)) for option in question.options),
        rows=tuple(replace(row, label=texts(row.label)) for row in question.rows),
    )


def _canonical(data: Any) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
