"""Keeping invitations and their messages in line with who must not be exposed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events import marking
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.mail.models import Message
from mande.surveys.models import Invitation

_ATTENDED = Attendance.id == Invitation.attendance_id
_IDS = (
    select(Invitation.id)
    .join(Attendance, _ATTENDED)
    .join(Event, Event.id == Attendance.event_id)
    .join(Person, Person.id == Attendance.person_id)
)
_MESSAGES = (
    select(Message)
    .join(Invitation, Invitation.id == Message.about)
    .join(Attendance, _ATTENDED)
    .join(Event, Event.id == Attendance.event_id)
    .join(Person, Person.id == Attendance.person_id)
)


def align(session: Session) -> int:
    """See `marking.align`. A link that closing has destroyed needs no end."""
    return marking.align_links(session, Invitation, _IDS, _MESSAGES, Invitation.token_digest.is_not(None))
