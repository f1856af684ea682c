"""Questionnaires as they were when a survey first used them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.surveys.definition import Definition
from mande.surveys.definition import parse
from mande.surveys.models import Questionnaire


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


_known: dict[tuple[UUID, str], Definition] = {}


def known(session: Session, questionnaire_id: UUID, digest: str) -> Definition:
    """The definition of a stored version, read once in the life of this process: a stored version never changes."""
    key = (questionnaire_id, digest)
    found = _known.get(key)
    if found is None:
        if len(_known) >= 64:
            _known.clear()
        found = _known[key] = definition_of(session.get_one(Questionnaire, questionnaire_id))
    return found
