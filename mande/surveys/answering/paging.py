"""Which pages somebody is shown, and how far they have come. Pure.

`definition` is what this person may be asked (`definition.for_person`); conditions then decide page by page. A page
keeps its number, which is its section's place in the whole questionnaire, whatever else is asked or not.
"""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import NamedTuple

from mande.surveys.answering.ballot import Route
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.answers import question_codes
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import Section

NOBODY = Facts()


class Progress(NamedTuple):
    """How many questions have an answer, of how many."""

    answered: int
    total: int

    @property
    def complete(self) -> bool:
        return self.answered == self.total


@dataclass(frozen=True)
class Page:
    """A section with those of its questions that are asked. `position` counts from 1 among the pages of the route."""

    number: int
    position: int
    section: Section


def asked(definition: Definition, answers: Mapping[str, Any], facts: Facts) -> tuple[Section, ...]:
    """The sections with the questions that are asked, given these answers; a section without any is empty.

    One pass forwards is enough: conditions look back only, and an answer to what is not asked does not count.
    """
    if not definition.is_conditional:
        return definition.sections
    counted: dict[str, Any] = {}
    sections = []
    for section in definition.sections:
        kept = []
        if section.ask_if is None or conditions.holds(section.ask_if, counted, facts):
            for question in section.questions:
                if question.ask_if is None or conditions.holds(question.ask_if, counted, facts):
                    kept.append(question)
                    counted |= {code: answers[code] for code in codes(question) if code in answers}
        sections.append(replace(section, questions=tuple(kept)))
    return tuple(sections)


def unasked(definition: Definition, answers: Mapping[str, Any], facts: Facts) -> list[str]:
    """The codes of the questions that are not asked, given these answers."""
    if not definition.is_conditional:
        return []
    kept = {question.code for section in asked(definition, answers, facts) for question in section.questions}
    return [question.code for question in definition.questions() if question.code not in kept]


def kept(definition: Definition, answers: Answers, facts: Facts) -> Answers:
    """The answers to what is asked, given these answers: what is no longer asked is not kept."""
    gone = set(unasked(definition, answers, facts))
    if not gone:
        return answers
    lost = {code for question in definition.questions() if question.code in gone for code in question_codes(question)}
    return {code: value for code, value in answers.items() if code not in lost}


def pages(definition: Definition, route: Route, answers: Mapping[str, Any], facts: Facts = NOBODY) -> tuple[Page, ...]:
    """The pages of a route that hold anything to answer, in order."""
    found: list[Page] = []
    for number, section in enumerate(asked(definition, answers, facts), 1):
        if route == "short":
            section = replace(section, questions=tuple(question for question in section.questions if question.core))
        if any(is_question(question) for question in section.questions):
            found.append(Page(number, len(found) + 1, section))
    return tuple(found)


def is_question(question: Question) -> bool:
    """Whether it can be answered; information cannot."""
    return question.type is not QuestionType.INFO


def has_short_route(definition: Definition) -> bool:
    """Whether the questions marked core are fewer than all."""
    marks = [question.core for question in definition.questions() if is_question(question)]
    return 0 < sum(marks) < len(marks)


def codes(question: Question) -> tuple[str, ...]:
    """Under which codes its answer is kept, the text of "other" and the comment aside."""
    if not is_question(question):
        return ()
    return question.item_codes or (question.code,)


def is_answered(question: Question, answers: Mapping[str, Any]) -> bool:
    """Every row of it, where it is a matrix; any of its options, where it is a ranking, or as many as there are ranks
    if it is required.
    """
    given = sum(bool(answers.get(code)) for code in codes(question))
    if question.type is QuestionType.RANKING:
        return given >= (len(question.ranks) if question.required else 1)
    return given == len(codes(question))


def progress(shown: Iterable[Page], answers: Mapping[str, Any]) -> Progress:
    found = [question for page in shown for question in page.section.questions if is_question(question)]
    return Progress(sum(is_answered(question, answers) for question in found), len(found))


def first_unfinished(shown: Sequence[Page], answers: Mapping[str, Any]) -> int | None:
    """The number of the first page with a question left; None where there is none."""
    for page in shown:
        if not all(is_answered(question, answers) for question in page.section.questions):
            return page.number
    return None


def after(shown: Sequence[Page], number: int) -> int | None:
    """The number of the page that follows; None after the last."""
    return next((page.number for page in shown if page.number > number), None)


def before(shown: Sequence[Page], number: int) -> int | None:
    """The number of the page that goes before; None before the first."""
    return next((page.number for page in reversed(shown) if page.number < number), None)


def required_left(shown: Iterable[Page], answers: Mapping[str, Any]) -> Iterator[tuple[int, Question]]:
    """Questions that have to be answered and are not, each with the number of its page."""
    for page in shown:
        for question in page.section.questions:
            if question.required and not is_answered(question, answers):
                yield page.number, question
