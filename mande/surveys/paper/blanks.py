"""A questionnaire as it stands on paper: everything that anybody is asked, in order, with numbers to refer to. Pure."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace

from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import Section

LINE = "_" * 24
"""What a text leaves open, to be filled in by hand."""


@dataclass(frozen=True)
class Numbered:
    """A question with its number; information has none."""

    number: int
    question: Question


@dataclass(frozen=True)
class Block:
    """A section. `meeting` is the code of the meeting that it is about, where it is asked for each of them."""

    section: Section
    meeting: str
    questions: tuple[Numbered, ...]


def blocks(definition: Definition) -> tuple[Block, ...]:
    """The sections in order, their questions numbered throughout."""
    return tuple(_blocks(definition))


def _blocks(definition: Definition) -> Iterator[Block]:
    number = 0
    for section in definition.sections:
        listed = []
        for question in section.questions:
            asks = question.type is not QuestionType.INFO
            number += asks
            listed.append(Numbered(number if asks else 0, question))
        yield Block(section, section.code.partition("@")[2], tuple(listed))


def with_numbers(definition: Definition) -> Definition:
    """The same with its number before each question's text, as a condition quotes it."""
    numbers = {one.question.code: one.number for block in blocks(definition) for one in block.questions}

    def numbered(question: Question) -> Question:
        number = numbers[question.code]
        said = {language: f"{number}. {text}" for language, text in question.text.items()}
        return replace(question, text=said) if number else question

    return replace(
        definition,
        sections=tuple(
            replace(section, questions=tuple(map(numbered, section.questions))) for section in definition.sections
        ),
    )


def with_titles(condition: Condition, titles: Mapping[str, str]) -> Condition:
    """The condition with meetings called by their titles, not by their codes."""
    match condition:
        case conditions.All(parts):
            return conditions.All(tuple(with_titles(part, titles) for part in parts))
        case conditions.Either(parts):
            return conditions.Either(tuple(with_titles(part, titles) for part in parts))
        case conditions.Not(part):
            return conditions.Not(with_titles(part, titles))
        case conditions.TookPart("meeting", values):
            return conditions.TookPart("meeting", tuple(titles.get(value, value) for value in values))
        case _:
            return condition


def names(values: Iterable[str]) -> dict[str, str]:
    """Lines to fill in for placeholders of which nothing is known."""
    return dict.fromkeys(values, LINE)
