"""Whom an edition may be told of, who was told already, and telling the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.kinds import Wave
from mande.events.models import Attendance
from mande.events.models import Person
from mande.events.models import event_partner
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.models import Reader
from mande.reports.telling import letters
from mande.staff import audit
from mande.surveys.mailings import thanking


class CannotTellError(Exception):
    """Nobody may be told of this edition. The text says why."""


@dataclass(frozen=True)
class Audience:
    """Who is to be told of an edition. `told` have been told already; `left_out` are not written to by any list."""

    drafts: Sequence[Draft]
    told: int
    left_out: int = 0


@dataclass(frozen=True)
class _People:
    """Whom an edition may be told of: who waits for it, and who was told already."""

    waiting: Sequence[Reader | Attendance]
    told: int
    left_out: int = 0


def is_untold(session: Session, edition: Edition) -> bool:
    """Whether there are people to be told of an edition, and nobody has been."""
    try:
        people = _people(session, edition)
    except CannotTellError:
        return False
    return bool(people.waiting) and not people.told


def audience(session: Session, edition: Edition) -> Audience:
    """Those who may be told of an edition. Raises CannotTellError."""
    people = _people(session, edition)
    published = letters.in_languages(session, edition)
    drafts = [
        letters.to_reader(session, one, edition)
        if isinstance(one, Reader)
        else letters.to_attendee(one, letters.for_person(one.person, published))
        for one in people.waiting
    ]
    return Audience(drafts, people.told, people.left_out)


def tell(session: Session, edition: Edition) -> int:
    """Queues a message to everybody who may be told and has not been; returns how many. Raises CannotTellError."""
    queued = outbox.queue(session, audience(session, edition).drafts)
    told = {"kind": edition.kind.value, "language": edition.language, "number": edition.number, "queued": queued}
    audit.record(session, "edition told of", edition.event.code, told)
    return queued


def _people(session: Session, edition: Edition) -> _People:
    if edition.kind in letters.FOR_READERS:
        return _readers(session, edition)
    if edition.kind is EditionKind.RESPONDENTS:
        return _attendees(session, edition)
    raise CannotTellError("Only what was written for partners or for those who took part is told of by e-mail.")


def _readers(session: Session, edition: Edition) -> _People:
    partners = select(event_partner.c.partner_id).where(event_partner.c.event_id == edition.event_id)
    readers = session.scalars(
        select(Reader)
        .where(Reader.partner_id.in_(partners), Reader.revoked_at.is_(None), Reader.valid_until > clock.now())
        .options(joinedload(Reader.partner))
        .order_by(Reader.name, Reader.id)
    ).all()
    about = {reader.id: letters.about(reader, edition) for reader in readers}
    told = set(
        session.scalars(
            select(Message.about).where(Message.kind == MessageKind.EDITION, Message.about.in_(about.values()))
        )
    )
    waiting = [reader for reader in readers if about[reader.id] not in told]
    return _People(waiting, len(told))


def _attendees(session: Session, edition: Edition) -> _People:
    """Those whom the questionnaire reached and who did not ask for quiet, each with the edition in their language.

    Whoever must not be exposed is left out, and so is everybody of an event that must not be: the page names it.
    """
    event = edition.event
    if event.discreet:
        raise CannotTellError("This event must not be exposed: give people the edition yourself.")
    already = exists().where(
        Message.about == Attendance.id,
        Message.kind == MessageKind.FEEDBACK,
        Message.sequence == edition.number,
    )
    reached = {row[0].attendance_id: row[0].attendance for row in thanking.reached(session, event, Wave.EVENT)}
    told = set(session.scalars(select(Attendance.id).where(Attendance.id.in_(reached), already)))
    discreet = set(
        session.scalars(
            select(Attendance.id).join(Attendance.person).where(Attendance.id.in_(reached), Person.discreet.is_(True))
        )
    )
    waiting = [attendance for key, attendance in reached.items() if key not in told | discreet]
    waiting.sort(key=lambda attendance: attendance.person.name.casefold())
    return _People(waiting, len(told), len(discreet))
