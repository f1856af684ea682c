"""Which pages a questionnaire has, and how far somebody has come with it. Pure."""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from mande.surveys.ballot import Route
from mande.surveys.definition import Definition
from mande.surveys.definition import Question
from mande.surveys.definition import Section


class Progress(NamedTuple):
    """How many questions have an answer, of how many."""

    answered: int
    total: int

    @property
    def complete(self) -> bool:
        return self.answered == self.total


def sections(definition: Definition, route: Route) -> tuple[Section, ...]:
    """The pages of a route, in order."""
    return definition.abridged().sections if route == "short" else definition.sections


def has_short_route(definition: Definition) -> bool:
    """Whether the questions marked core are fewer than all."""
    return 0 < sum(question.core for question in definition.questions()) < sum(1 for _ in definition.questions())


def codes(question: Question) -> tuple[str, ...]:
    """Under which codes its answer is kept, the text of "other" aside."""
    return tuple(item.code for item in question.items()) or (question.code,)


def is_answered(question: Question, answers: Mapping[str, Any]) -> bool:
    """Every row of it, where it is a matrix."""
    return all(answers.get(code) for code in codes(question))


def progress(pages: Sequence[Section], answers: Mapping[str, Any]) -> Progress:
    asked = [question for section in pages for question in section.questions]
    return Progress(sum(is_answered(question, answers) for question in asked), len(asked))


def first_unfinished(pages: Sequence[Section], answers: Mapping[str, Any]) -> int | None:
    """The number (from 1) of the first page with a question left; None where there is none."""
    for number, section in enumerate(pages, 1):
        if not all(is_answered(question, answers) for question in section.questions):
            return number
    return None


def required_left(pages: Sequence[Section], answers: Mapping[str, Any]) -> Iterator[tuple[int, Question]]:
    """Questions that have to be answered and are not, each with the number of its page."""
    for number, section in enumerate(pages, 1):
        for question in section.questions:
            if question.required and not is_answered(question, answers):
                yield number, question
