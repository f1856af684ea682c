"""Reads what was published of an event, and works out what is to be kept of the next edition."""

import json
from collections.abc import Sequence
from secrets import token_hex
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import undefer

from mande.events.models import Event
from mande.events.timing import zone_of
from mande.followup.models import ActionOwner
from mande.followup.models import FollowupLink
from mande.reports.actions import progress
from mande.reports.history import acting
from mande.reports.history.basis import basis_of
from mande.reports.history.marks import Marks
from mande.reports.history.marks import mark
from mande.reports.history.past import Past
from mande.reports.history.past import Published
from mande.reports.history.resting import People
from mande.reports.kinds import Level
from mande.reports.models import Edition
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState

Said = dict[str, Any]


def past(session: Session, event: Event) -> Past:
    """All that was published of an event for partners or the public."""
    mine = select(Edition).where(Edition.event_id == event.id).options(undefer(Edition.basis))
    in_order = session.scalars(
        mine.order_by(Edition.published_at, Edition.kind, Edition.language, Edition.number)
    ).all()
    editions = [one for one in in_order if one.kind.level is not Level.INTERNAL]
    salt = next((one.basis["salt"] for one in editions if one.basis), "") or token_hex(16)
    owners = _owners(session, event, salt) if editions else {}
    return Past(tuple(_published(session, event, one) for one in editions), salt, owners)


def basis(session: Session, event: Event, document: Said) -> Said:
    """What is to be kept of an edition that is published now; nothing of an internal one."""
    if document["level"] == Level.INTERNAL:
        return {}
    salt = past(session, event).salt
    counted = Marks()
    if document["level"] == Level.PUBLIC and document["actions"]:
        courses = progress.courses(session, event, document["level"])
        counted = acting.of_document(document["actions"], courses, salt)
    return basis_of(document, _surveys(session, event), counted, salt)


def _published(session: Session, event: Event, edition: Edition) -> Published:
    level = edition.kind.level
    needed = level is Level.PUBLIC or not edition.basis
    document = json.loads(edition.document) if needed else {}
    return Published(
        edition=edition.kind.value,
        level=level.value,
        language=edition.language,
        number=edition.number,
        published_on=edition.published_at.astimezone(zone_of(event.time_zone)).date().isoformat(),
        sha256=edition.document_sha256,
        # An edition of before there were such checks tells by its document what it shows.
        basis=edition.basis or basis_of(document, _surveys(session, event, edition), Marks(), ""),
        actions=document.get("actions"),
    )


def _owners(session: Session, event: Event, salt: str) -> dict[str, People]:
    """Who owns each action of the event, withdrawn ones included, by its mark."""
    found: dict[UUID, set[UUID]] = {}
    owned = (
        select(ActionOwner.action_id, FollowupLink.person_id)
        .join(FollowupLink, FollowupLink.id == ActionOwner.link_id)
        .where(FollowupLink.event_id == event.id)
    )
    for action_id, person_id in session.execute(owned):
        found.setdefault(action_id, set()).add(person_id)
    return {mark(salt, action_id): People(people) for action_id, people in found.items()}


def _surveys(session: Session, event: Event, edition: Edition | None = None) -> dict[str, list[UUID]]:
    """The closed surveys by wave; of an `edition`, those that had been opened when it was published."""
    closed: Sequence[Survey] = session.scalars(
        select(Survey).where(Survey.event_id == event.id, Survey.state == SurveyState.CLOSED)
    ).all()
    found: dict[str, list[UUID]] = {}
    for one in closed:
        if edition is None or one.opens_at is None or one.opens_at < edition.published_at:
            found.setdefault(one.wave.value, []).append(one.id)
    return found
