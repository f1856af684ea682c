"""A person's own link to their planned actions at one event, and who holds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from uuid import uuid4

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import tokens
from mande.events.discretion import is_discreet
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.followup.models import FollowupLink
from mande.followup.models import FormerFollowupLink
from mande.surveys.models import Invitation
from mande.web import settings


@dataclass(frozen=True)
class Visit:
    """A person at their planned actions, and the token that they came with. `ends_at`: when that opens nothing more."""

    token: str
    link: FollowupLink
    ends_at: datetime | None

    @property
    def event(self) -> Event:
        return self.link.event

    @property
    def person(self) -> Person:
        return self.link.person

    def has_expired(self, now: datetime) -> bool:
        """Whether this is the link of somebody who must not be exposed, after its few days."""
        return self.ends_at is not None and self.ends_at <= now

    @property
    def title(self) -> str | None:
        """The event's title, or None where it must not be named by a link that may lie in other hands."""
        return None if is_discreet(self.event, self.person) else self.event.title


def visit(session: Session, token: str) -> Visit | None:
    """Whoever holds the link with this token, as typed, or None. Event, meetings, partners and person are loaded.

    In a transaction that writes the link is locked, so that what its holder does and a check-in that falls due at
    the same moment follow one another.
    """
    well_formed = tokens.normalise(token)
    if well_formed is None:
        return None
    wanted = _has_token(well_formed)
    if session.get_bind().get_execution_options().get("mande_write"):
        session.execute(select(FollowupLink.id).where(wanted).with_for_update())
    event = joinedload(FollowupLink.event)
    link = session.scalars(
        select(FollowupLink)
        .where(wanted)
        .options(
            event.selectinload(Event.meetings),
            event.selectinload(Event.partners),
            joinedload(FollowupLink.person),
        )
    ).one_or_none()
    return Visit(well_formed, link, _ends_at(session, link)) if link else None


def _ends_at(session: Session, link: FollowupLink) -> datetime | None:
    """When the link ends, if it does: not before the link to the questionnaire, which leads here as well."""
    if link.expires_at is None:
        return None
    asked = (
        select(func.max(Invitation.expires_at))
        .join(Attendance, Attendance.id == Invitation.attendance_id)
        .where(Attendance.event_id == link.event_id, Attendance.person_id == link.person_id)
    )
    return max(link.expires_at, session.scalar(asked) or link.expires_at)


def ensure_links(session: Session, event: Event) -> None:
    """Gives everybody who attended the event their own link, if they have none yet."""
    without = (
        select(Attendance.person_id)
        .outerjoin(FollowupLink, of_attendance(Attendance))
        .where(Attendance.event_id == event.id, FollowupLink.id.is_(None))
    )
    session.add_all([_new(event.id, person_id) for person_id in session.scalars(without)])
    session.flush()


def ensure_link(session: Session, event_id: UUID, person_id: UUID) -> FollowupLink:
    """A person's link at an event, made if there is none."""
    link = of(session, event_id, person_id)
    if link is None:
        link = _new(event_id, person_id)
        session.add(link)
        session.flush()
    return link


def of(session: Session, event_id: UUID, person_id: UUID) -> FollowupLink | None:
    """A person's link at an event."""
    mine = select(FollowupLink).where(FollowupLink.event_id == event_id, FollowupLink.person_id == person_id)
    return session.scalars(mine).one_or_none()


def find_of_attendance(session: Session, attendance_id: UUID) -> FollowupLink | None:
    """The link of the person who attended."""
    attended = session.get(Attendance, attendance_id)
    return of(session, attended.event_id, attended.person_id) if attended else None


def of_attendance(attendance: Any) -> ColumnElement[bool]:
    """The condition for the link of whoever an attendance (a row, or the model) is of."""
    return and_(FollowupLink.event_id == attendance.event_id, FollowupLink.person_id == attendance.person_id)


def token_of(link: FollowupLink) -> str:
    """The token, derived anew. Raises KeyringError where the key that made it is no longer on the ring."""
    return tokens.derive(settings().link_keys.find(link.link_key), link.id, link.nonce)


def _has_token(token: str) -> ColumnElement[bool]:
    """Of the link that has this token, or that a former link with this token leads to."""
    digest = tokens.digest(token)
    former = select(FormerFollowupLink.link_id).where(FormerFollowupLink.token_digest == digest)
    return or_(FollowupLink.token_digest == digest, FollowupLink.id.in_(former))


def _new(event_id: UUID, person_id: UUID) -> FollowupLink:
    ring = settings().link_keys
    subject, nonce = uuid4(), tokens.new_nonce()
    return FollowupLink(
        id=subject,
        event_id=event_id,
        person_id=person_id,
        nonce=nonce,
        token_digest=tokens.digest(tokens.derive(ring.newest, subject, nonce)),
        link_key=ring.fingerprint,
        stopped=False,
    )
