"""On what a condition can depend: earlier questions with their answers, and how the person took part."""

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from mande.surveys.authoring.editor import clauses
from mande.surveys.authoring.editor import editing
from mande.surveys.authoring.editor import sentences
from mande.surveys.authoring.editor import words
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.authoring.editor.editing import Part
from mande.surveys.questionnaires.questions import RATING_CODES
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.standard import YES_NO

CHOSEN = (clauses.IS, clauses.NOT)
COMPARED = (clauses.AT_LEAST, clauses.AT_MOST)
GIVEN = (clauses.ANSWERED, clauses.UNANSWERED)
TESTS: dict[QuestionType, Sequence[str]] = {
    QuestionType.SCALE: (*CHOSEN, *COMPARED, *GIVEN),
    QuestionType.MATRIX: (*CHOSEN, *COMPARED, *GIVEN),
    QuestionType.RATING: (*COMPARED, *CHOSEN, *GIVEN),
    QuestionType.RANKING: (*CHOSEN, *COMPARED, *GIVEN),
    QuestionType.YES_NO: (*CHOSEN, *GIVEN),
    QuestionType.SINGLE: (*CHOSEN, *GIVEN),
    QuestionType.MULTIPLE: (*CHOSEN, *GIVEN),
    QuestionType.NUMBER: (*COMPARED, *GIVEN),
}
"""What can be said of an answer, by the type of its question; of all others, whether there is one."""


@dataclass(frozen=True)
class Subject:
    """`what` is as in a clause. `options` are pairs of code and label, `typed` whether codes are typed instead."""

    what: str
    label: str
    tests: Sequence[str]
    options: Sequence[tuple[str, str]] = ()
    typed: bool = False


def subjects(data: Data, part: Part) -> list[Subject]:
    """Everything on which the condition of a section or question of the draft can depend."""
    roles = [(code, label) for code, label in words.roles().items()]
    modes = [("in_person", str(_("in the room"))), ("online", str(_("online")))]
    facts = [
        Subject(":role", str(_("The role in which the person is asked")), CHOSEN, roles),
        Subject(":meeting", str(_("A meeting that the person attended")), CHOSEN, typed=True),
        Subject(":mode", str(_("How the person took part")), CHOSEN, modes),
    ]
    earlier = editing.before(data, part)
    return [*facts, *(subject for question in earlier for subject in _of(question, data["languages"][0]))]


def _of(question: Part, language: str) -> Iterator[Subject]:
    kind = QuestionType(question["type"])
    if kind is QuestionType.INFO:
        return
    tests = TESTS.get(kind, GIVEN)
    options = [(code, sentences.option_label(question, code, language)) for code in _codes(question, kind)]
    for reference in _references(question, kind):
        yield Subject(reference, sentences.called(question, reference, language), tests, options)


def _references(question: Part, kind: QuestionType) -> list[str]:
    inner = {QuestionType.MATRIX: "rows", QuestionType.RANKING: "options"}.get(kind)
    if inner is None:
        return [question["code"]]
    return [f"{question['code']}.{row['code']}" for row in question.get(inner, [])]


def _codes(question: Part, kind: QuestionType) -> list[str]:
    own = [option["code"] for option in question.get("options", [])]
    if kind is QuestionType.RATING:
        own = list(RATING_CODES)
    elif kind is QuestionType.YES_NO:
        own = list(YES_NO)
    elif kind is QuestionType.RANKING:
        own = [str(rank) for rank in range(1, (question.get("max") or len(own)) + 1)]
    marks = {"not_applicable": "na", "other": "other"}
    return [*own, *(code for flag, code in marks.items() if question.get(flag))]
