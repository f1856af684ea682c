"""Stores answers that were gathered elsewhere, as a survey that is closed already."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.models import Role
from mande.events.operations import lock
from mande.staff import audit
from mande.surveys import versions
from mande.surveys.models import Questionnaire
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave
from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires import audience
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.results import counting
from mande.surveys.results import storing


class NotImportedError(Exception):
    """The answers cannot be stored. The text says why, in a sentence."""


def refuse_if_known(session: Session, event: Event, definition: Definition) -> None:
    """Raises NotImportedError where the event has a survey with this questionnaire, of whatever version."""
    known = session.scalars(
        select(Survey)
        .join(Survey.questionnaire)
        .where(Survey.event_id == event.id, Questionnaire.code == definition.code)
    ).first()
    if known is None:
        return
    if known.imported:
        raise NotImportedError(
            f"Answers to {definition.code} have been imported into {event.code} before ({known.answered} of them). "
            "What is counted cannot be added to: import all of them at once, into an event that has none."
        )
    raise NotImportedError(
        f"{event.code} has a survey of its own with {definition.code}, which is {known.state.value}. Imported answers "
        "would mix with it: give the questionnaire another code, or import into another event."
    )


def expected(event: Event, definition: Definition) -> Definition:
    """What a table of answers may hold: repeated sections are there once for each meeting of the event."""
    return for_person(definition, [Meeting(meeting.code, meeting.title) for meeting in event.meetings])


def store(
    session: Session, event: Event, definition: Definition, responses: Sequence[Answers], invited: int | None = None
) -> Survey:
    """Counts the responses as closing would, without breakdowns, and stores what closing stores.

    `invited` is how many were asked, if anybody knows. Raises NotImportedError.
    """
    # Whoever opens a survey of the event meanwhile waits, and is then refused with the reason.
    lock(session, event)
    refuse_if_known(session, event, definition)
    if not responses:
        raise NotImportedError("The file holds no response.")
    if invited is not None and invited < len(responses):
        raise NotImportedError(
            f"The file holds {len(responses)} responses, so no fewer people can have been invited; you said {invited}."
        )
    survey = Survey(
        event=event,
        questionnaire=versions.keep(session, definition),
        role=Role(definition.role),
        wave=Wave(definition.wave),
        anonymous=True,
        strata=[],
        k=event.k,
        state=SurveyState.CLOSED,
        invited=invited,
        answered=len(responses),
        imported=True,
    )
    session.add(survey)
    session.flush()
    asked = expected(event, definition)
    unasked = not_asked(asked, responses)
    storing.store(session, survey, counting.count(asked, responses, [{}] * len(responses), (), event.k, unasked))
    audit.record(
        session,
        "responses imported",
        event.code,
        {"questionnaire": definition.code, "responses": len(responses), "invited": invited},
        actor="the command line",
    )
    return survey


def not_asked(definition: Definition, responses: Sequence[Answers]) -> list[list[str]]:
    """For each response the questions that this person seems not to have been asked.

    Who answered a question was asked it. Of the others, those were not asked whose other answers do not meet its
    condition; nor, since nobody knows how they took part, where that decides.
    """
    partly = audience.partly_asked(definition)
    decides = {
        question.code: conditions.both(section.ask_if, question.ask_if)
        for section in definition.sections
        for question in section.questions
        if question.code in partly
    }
    codes = {q.code: answering.question_codes(q) for q in definition.questions() if q.code in partly}
    by_attendance = {
        code for code, condition in decides.items() if audience.meeting(code) or conditions.facts_used(condition)
    }
    return [
        [
            code
            for code, condition in decides.items()
            if not any(name in response for name in codes[code])
            and (code in by_attendance or (condition and not conditions.holds(condition, response, Facts())))
        ]
        for response in responses
    ]
