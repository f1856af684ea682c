"""Stores answers that were gathered elsewhere, as a survey that is closed already."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.models import Role
from mande.events.operations import lock
from mande.staff import audit
from mande.surveys import closing
from mande.surveys import counting
from mande.surveys import versions
from mande.surveys.answers import Answers
from mande.surveys.definition import Definition
from mande.surveys.models import Questionnaire
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState


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
    closing.store(session, survey, counting.count(definition, responses, [{}] * len(responses), (), event.k))
    audit.record(
        session,
        "responses imported",
        event.code,
        {"questionnaire": definition.code, "responses": len(responses), "invited": invited},
        actor="the command line",
    )
    return survey
