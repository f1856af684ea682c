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
from mande.events.operations import attendees
from mande.followup import links
from mande.followup.desk.models import Outcome
from mande.followup.models import ActionOwner
from mande.followup.models import Contribution
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.models import Verified
from mande.surveys import versions
from mande.surveys.answering import paging
from mande.surveys.models import Comment
from mande.surveys.models import CommentState
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave
from mande.surveys.questionnaires import coding
from mande.surveys.questionnaires import definition as definitions
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.definition import Question
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.results import counting
from mande.surveys.results.storing import store

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
    unasked: Sequence[Sequence[str]] = (),
    **changes: object,
) -> Survey:
    """A closed survey that holds what closing leaves of these responses."""
    questionnaire = definitions.find(definition) if isinstance(definition, str) else definition
    values: dict[str, object] = {
        "role": Role(questionnaire.role),
        "wave": Wave(questionnaire.wave),
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
    asked = versions.of_event(survey)
    store(session, survey, counting.count(asked, responses, known, survey.strata, survey.k, unasked))
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


def attended(
    event: Event, definition: Definition, how_many: int, seed: int = 1
) -> tuple[list[Answers], list[list[str]]]:
    """Responses of people who took part in some of the event's meetings, and what each of them was not asked."""
    chance = random.Random(seed)
    meetings = [Meeting(meeting.code, meeting.title) for meeting in event.meetings]
    responses: list[Answers] = []
    unasked: list[list[str]] = []
    for _ in range(how_many):
        there = chance.choice([meetings, meetings, meetings[:1], meetings[1:]])
        facts = Facts((definition.role,), tuple(one.code for one in there), "online")
        mine = for_person(definition, there)
        answers = paging.kept(mine, _response(mine, chance), facts)
        responses.append(answers)
        elsewhere = [f"@{one.code}" for one in meetings if one not in there]
        unasked.append([*paging.unasked(mine, answers, facts), *elsewhere])
    return responses, unasked


MOODS = ((1, 2, 8, 30, 25), (1, 3, 10, 30, 15), (4, 8, 10, 8, 3))


def _response(definition: Definition, chance: random.Random) -> Answers:
    answers: Answers = {}
    mood = chance.choice(MOODS)
    for question in definition.questions():
        if question.type is QuestionType.RANKING:
            if chance.random() < 0.94:
                answers |= _ranks(question, chance)
            continue
        for item in question.items():
            if chance.random() < 0.06:
                continue
            not_applicable = question.not_applicable and chance.random() < 0.06
            answers[item.code] = "na" if not_applicable else _value(question, mood, chance)
    for question in definition.questions():
        if question.type.is_text and chance.random() < 0.7:
            answers[question.code] = chance.choice(SENTENCES)
        elif question.comment and chance.random() < 0.5:
            answers[f"{question.code}.comment"] = chance.choice(SENTENCES)
    return answers


def _value(question: Question, mood: Sequence[int], chance: random.Random) -> str | list[str]:
    match question.type:
        case QuestionType.SCALE | QuestionType.MATRIX:
            weights = mood if len(question.codes) == 5 else (mood[0], *mood[:2], *mood[1:4], mood[4])
            return chance.choices(question.codes, weights)[0]
        case QuestionType.RATING:
            return chance.choices(question.codes, (1, 0, 0, 1, 1, 2, 3, 8, 14, 14, 12))[0]
        case QuestionType.SINGLE:
            return chance.choices(question.codes, ([1, 6, 9, 3] + [2] * 20)[: len(question.codes)])[0]
        case QuestionType.YES_NO:
            return chance.choices(question.codes, (6, 4))[0]
        case QuestionType.NUMBER:
            (item,) = question.items()
            low, high = coding.bounds(question, coding.codes(item, ()))
            return str(min(high, low + int(chance.expovariate(4 / (high - low)))))
        case QuestionType.DATE:
            return f"2026-{chance.choice([1, 2, 4, 5, 6, 6, 11]):02}-{chance.randint(1, 28):02}"
        case QuestionType.COUNTRY:
            return chance.choice(["NO", "NO", "NO", "NO", "CH", "CH", "CH", "KE", "GB", "JO"])
        case _:
            return [code for code in question.codes[:-1] if chance.random() < 0.45] or [question.codes[0]]


def _ranks(question: Question, chance: random.Random) -> Answers:
    weights = {code: len(question.codes) - place for place, code in enumerate(question.codes)}
    order = sorted(question.codes, key=lambda code: -weights[code] * chance.random())
    return {f"{question.code}.{code}": rank for code, rank in zip(order, question.ranks, strict=False)}


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


def followed_up(session: Session, event: Event) -> None:
    """Twelve actions of people at the event that partners may see, what came of them in a year, and an outcome."""
    ended = max(meeting.ends_at for meeting in event.meetings)
    known = attendees(session, event)
    for number, attendance in enumerate(known[:12]):
        link = links.ensure_link(session, event.id, attendance.person_id)
        told = list(Status)[number % 5] if number < 10 else None
        action = PlannedAction(
            event_id=event.id,
            what=f"Brief colleagues about part {number + 1} of the note",
            created_on=ended.date(),
            status=told or Status.NOT_STARTED,
            theme_id=event.outcomes[number % 2].id,
            verified=Verified.LIMITED if number % 3 == 0 else None,
            owners=[ActionOwner(link_id=link.id, since=ended, consent=True)],
        )
        if told:
            reported_at = ended + timedelta(days=40 * (number + 1))
            action.updates = [Update(link_id=link.id, reported_at=reported_at, status=told,
                                     what_changed="Guidance was changed.", contribution=Contribution.MUCH)]  # fmt: skip
        session.add(action)
    session.add(
        Outcome(event_id=event.id, what_changed="Training covers meetings online", who_changed="A ministry",
                significance="It is the first to do so.", contribution=Contribution.SOMEWHAT, for_partners=True,
                written_at=ended, written_by="sam@example.org")
    )  # fmt: skip
    session.flush()
