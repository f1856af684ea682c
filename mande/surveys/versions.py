"""Questionnaires as they were when a survey first used them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.surveys.models import Questionnaire
from mande.surveys.models import Survey
from mande.surveys.questionnaires import audience
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.questionnaires.definition import parse


def keep(session: Session, definition: Definition) -> Questionnaire:
    """The stored version that equals `definition`; it is stored if it was not."""
    same = {"code": definition.code, "version": definition.version, "digest": definition.digest}
    known = session.scalars(select(Questionnaire).filter_by(**same)).one_or_none()
    if known is None:
        known = Questionnaire(**same, definition=definition.to_dict())
        session.add(known)
        session.flush()
    return known


def definition_of(questionnaire: Questionnaire) -> Definition:
    """The definition of a stored version (`parse` remembers what it has read)."""
    return parse(questionnaire.definition)


def of_event(survey: Survey, codes: Iterable[str] = ()) -> Definition:
    """All that can have been answered in a survey: repeated sections are there once for each meeting of its event.

    `codes` are those of questions that somebody did answer: a meeting that is no longer the event's is known by them.
    """
    held = [Meeting(meeting.code, meeting.title) for meeting in survey.event.meetings]
    gone = set(map(audience.meeting, codes)) - {meeting.code for meeting in held} - {""}
    return for_person(definition_of(survey.questionnaire), [*held, *(Meeting(code, code) for code in sorted(gone))])


_known: dict[tuple[UUID, str], Definition] = {}


def known(connection: Connection, questionnaire_id: UUID, digest: str) -> Definition:
    """The definition of a stored version, read once in the life of this process: a stored version never changes."""
    key = (questionnaire_id, digest)
    found = _known.get(key)
    if found is None:
        if len(_known) >= 64:
            _known.clear()
        stored = connection.scalars(select(Questionnaire.definition).where(Questionnaire.id == questionnaire_id)).one()
        found = _known[key] = parse(stored)
    return found
