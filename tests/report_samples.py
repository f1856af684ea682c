"""Closed surveys for tests of reports: invented answers, counted and stored as closing does it."""

import random
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events.kinds import Role
from mande.events.models import Event
from mande.surveys import counting
from mande.surveys import definition as definitions
from mande.surveys import versions
from mande.surveys.answers import Answers
from mande.surveys.closing import store
from mande.surveys.definition import Definition
from mande.surveys.definition import QuestionType
from mande.surveys.models import Comment
from mande.surveys.models import CommentState
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState

SENTENCES = (
    "More time for the small groups, please; that is where people said what they meant.",
    "Send the background paper a week earlier.",
    "The moderation was firm and fair.",
    "A third session on security would have helped my colleagues in the field.",
    "Hold the next one in the afternoon, so that colleagues further west need not rise at four.",
    "I would have liked to see who else was in the room.",
    "Good mix of people. Keep it small.",
    "The portal between the two parts was little used; a shared note would do.",
    "Invite somebody who trains diplomats, not only those who direct them.",
    "Interpretation into French, at least for the plenary.",
)


def closed_survey(
    session: Session,
    event: Event,
    definition: Definition | str,
    responses: Sequence[Answers],
    strata: Sequence[Mapping[str, str]] = (),
    invited: int | None = None,
    **changes: object,
) -> Survey:
    """A closed survey that holds what closing leaves of these responses."""
    questionnaire = definitions.find(definition) if isinstance(definition, str) else definition
    values: dict[str, object] = {
        "role": Role(questionnaire.role),
        "strata": list(questionnaire.strata),
        "k": event.k,
        "state": SurveyState.CLOSED,
        "opens_at": clock.now() - timedelta(days=20),
        "closes_at": clock.now() - timedelta(days=1),
        "invited": invited,
        "answered": len(responses),
    }
    survey = Survey(event=event, questionnaire=versions.keep(session, questionnaire), **{**values, **changes})
    session.add(survey)
    session.flush()
    known = strata or [{} for _ in responses]
    store(session, survey, counting.count(questionnaire, responses, known, survey.strata, survey.k))
    session.flush()
    return survey


def invented(definition: Definition, how_many: int, seed: int = 1) -> tuple[list[Answers], list[dict[str, str]]]:
    """Responses as pleased, and as gappy, as real ones; and their strata."""
    chance = random.Random(seed)
    responses = [_response(definition, chance) for _ in range(how_many)]
    strata = [
        {
            "role": definition.role,
            "meeting": chance.choice(["part-one", "part-two", "all", "all"]),
            "sector": chance.choice(["state", "state", "civil_society", "academia", "unknown"]),
        }
        for _ in range(how_many)
    ]
    return responses, strata


def _response(definition: Definition, chance: random.Random) -> Answers:
    answers: Answers = {}
    mood = chance.choice([(1, 2, 8, 30, 25), (1, 3, 10, 30, 15), (4, 8, 10, 8, 3)])
    for item in definition.items():
        question = item.question
        if chance.random() < 0.06:
            continue
        if question.not_applicable and chance.random() < 0.06:
            answers[item.code] = "na"
        elif question.type in (QuestionType.SCALE, QuestionType.MATRIX):
            answers[item.code] = chance.choices(question.codes, mood)[0]
        elif question.type is QuestionType.RATING:
            answers[item.code] = chance.choices(question.codes, (1, 0, 0, 1, 1, 2, 3, 8, 14, 14, 12))[0]
        elif question.type is QuestionType.SINGLE:
            answers[item.code] = chance.choices(question.codes, [1, 6, 9, 3, 2, 2, 2, 2, 2, 2][: len(question.codes)])[
                0
            ]
        else:
            answers[item.code] = [code for code in question.codes[:-1] if chance.random() < 0.45] or [question.codes[0]]
    for question in definition.questions():
        if question.type.is_text and chance.random() < 0.7:
            answers[question.code] = chance.choice(SENTENCES)
    return answers


def wp1873v(session: Session, event: Event, seed: int = 1) -> None:
    """The three surveys of the reference meeting, closed: 18 of 25 participants, 6 of 7 speakers, 3 of 4 partners."""
    for code, answered, invited in (("participants", 18, 25), ("speakers", 6, 7), ("partners", 3, 4)):
        definition = definitions.find(code)
        responses, strata = invented(definition, answered, seed)
        closed_survey(session, event, definition, responses, strata, invited)


def release_all(session: Session) -> None:
    """Releases every comment as it is."""
    for comment in session.scalars(select(Comment)):
        comment.state, comment.released_text = CommentState.RELEASED, comment.text
    session.flush()
