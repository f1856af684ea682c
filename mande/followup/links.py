"""A person's own link to their planned actions at one event, and who holds it."""

from dataclasses import dataclass
from uuid import UUID
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import tokens
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.followup.models import FollowupLink
from mande.web import settings


@dataclass(frozen=True)
class Visit:
    """A person at their planned actions, and the token that they came with."""

    token: str
    link: FollowupLink

    @property
    def attendance(self) -> Attendance:
        return self.link.attendance

    @property
    def event(self) -> Event:
        return self.link.attendance.event

    @property
    def person(self) -> Person:
        return self.link.attendance.person


def visit(session: Session, token: str) -> Visit | None:
    """Whoever holds the link with this token, as typed, or None. Event, meetings, partners and person are loaded.

    In a transaction that writes the link is locked, so that what its holder does and a check-in that falls due at
    the same moment follow one another.
    """
    well_formed = tokens.normalise(token)
    if well_formed is None:
        return None
    wanted = FollowupLink.token_digest == tokens.digest(well_formed)
    if session.get_bind().get_execution_options().get("mande_write"):
        session.execute(select(FollowupLink.id).where(wanted).with_for_update())
    event = joinedload(FollowupLink.attendance).joinedload(Attendance.event)
    link = session.scalars(
        select(FollowupLink)
        .where(wanted)
        .options(
            event.selectinload(Event.meetings),
            event.selectinload(Event.partners),
            joinedload(FollowupLink.attendance).joinedload(Attendance.person),
        )
    ).one_or_none()
    return Visit(well_formed, link) if link else None


def ensure_links(session: Session, event: Event) -> None:
    """Gives everybody at the event their own link, if they have none yet."""
    without = (
        select(Attendance.id)
        .outerjoin(FollowupLink, FollowupLink.attendance_id == Attendance.id)
        .where(Attendance.event_id == event.id, FollowupLink.id.is_(None))
    )
    session.add_all([_new(attendance_id) for attendance_id in session.scalars(without)])
    session.flush()


def ensure_link(session: Session, attendance_id: UUID) -> FollowupLink:
    """The link of one attendance, made if there is none."""
    link = of(session, attendance_id)
    if link is None:
        link = _new(attendance_id)
        session.add(link)
        session.flush()
    return link


def of(session: Session, attendance_id: UUID) -> FollowupLink | None:
    """The link of one attendance."""
    return session.scalars(select(FollowupLink).where(FollowupLink.attendance_id == attendance_id)).one_or_none()


def token_of(link: FollowupLink) -> str:
    """The token, derived anew. Raises KeyringError where the key that made it is no longer on the ring."""
    return tokens.derive(settings().link_keys.find(link.link_key), link.id, link.nonce)


def _new(attendance_id: UUID) -> FollowupLink:
    ring = settings().link_keys
    subject, nonce = uuid4(), tokens.new_nonce()
    return FollowupLink(
        id=subject,
        attendance_id=attendance_id,
        nonce=nonce,
        token_digest=tokens.digest(tokens.derive(ring.newest, subject, nonce)),
        link_key=ring.fingerprint,
        stopped=False,
    )
