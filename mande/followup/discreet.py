"""Keeping the links and messages of follow-up in line with who must not be exposed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events import marking
from mande.events.models import Event
from mande.events.models import Person
from mande.followup.models import CheckIn
from mande.followup.models import FollowupLink
from mande.mail.models import Message

_IDS = select(FollowupLink.id).join(FollowupLink.event).join(FollowupLink.person)
_MESSAGES = (
    select(Message)
    .join(CheckIn, CheckIn.id == Message.about)
    .join(FollowupLink, FollowupLink.id == CheckIn.link_id)
    .join(Event, Event.id == FollowupLink.event_id)
    .join(Person, Person.id == FollowupLink.person_id)
)


def align(session: Session) -> int:
    """See `marking.align`."""
    return marking.align_links(session, FollowupLink, _IDS, _MESSAGES)
