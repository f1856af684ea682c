"""What people are sent about a survey: the invitation, and reminders of it."""

from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import object_session

from mande import languages
from mande.events.discretion import gives_away
from mande.events.discretion import is_discreet
from mande.events.discretion import link_ends
from mande.events.kinds import Wave
from mande.events.models import Event
from mande.events.models import Person
from mande.mail import composing
from mande.mail import wordings
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.reminders import zone_of
from mande.web import settings

PATH = "/r/[[token]]"
STOP_PATH = "/r/[[token]]/stop"
# What one click ends: messages that ask again.
ENDED_BY_STOP = (MessageKind.REMINDER, MessageKind.LAST_CALL)
_ASKING = ("invitation", "reminder", "last_call")


def invitation(event: Event, survey: Survey, definition: Definition, asked: Invitation, due_at: datetime) -> Draft:
    """The first message. `asked` has its person loaded and its link made."""
    return _draft(MessageKind.INVITATION, "invitation", event, survey, definition, asked, due_at)


def reminder(
    event: Event,
    survey: Survey,
    definition: Definition,
    asked: Invitation,
    due_at: datetime,
    sequence: int,
    in_reply_to: str | None,
    last: bool,
) -> Draft:
    """A reminder, in the conversation that the invitation began. `last` says that no other will follow."""
    kind = MessageKind.REMINDER
    return _draft(kind, "reminder", event, survey, definition, asked, due_at, sequence, in_reply_to, last=last)


def last_call(
    event: Event,
    survey: Survey,
    definition: Definition,
    asked: Invitation,
    due_at: datetime,
    sequence: int,
    in_reply_to: str | None,
) -> Draft:
    """The last message before the closing, in the same conversation."""
    kind = MessageKind.LAST_CALL
    return _draft(kind, "last_call", event, survey, definition, asked, due_at, sequence, in_reply_to)


def thank_you(event: Event, survey: Survey, definition: Definition, asked: Invitation, due_at: datetime) -> Draft:
    """Thanks after the closing: without a link, for there is none any more, and without a word on who answered."""
    return _draft(MessageKind.THANK_YOU, "thank_you", event, survey, definition, asked, due_at)


def values_of(
    event: Event,
    survey: Survey,
    definition: Definition,
    person: Person,
    discreet: bool,
    expires_at: datetime | None = None,
) -> dict[str, Any]:
    """What the messages about a survey tell a person. `expires_at` is when their link ends before the closing.

    If `discreet`, that is all that somebody else might find: neither the event nor whose it is.
    """
    zone = zone_of(event.time_zone)
    common = {
        "name": person.name,
        "minutes": definition.minutes,
        "has_short_route": bool(definition.abridged().sections),
        "anonymous": survey.anonymous,
        "closes": _last_day(survey.closes_at, expires_at, zone),
    }
    if discreet:
        return {**common, "sender": settings().mail.discreet_sender_name}
    return {
        **common,
        "title": event.title,
        "role": survey.role.value,
        "manager": event.manager_name,
        "convenor": event.convenor,
    }


def name_of(template: str, wave: Wave, discreet: bool) -> str:
    """The name of the wording of a message. In its neutral form nothing tells one wave from the other."""
    if discreet:
        return f"{template}_discreet"
    return f"{template}_followup" if wave is Wave.FOLLOWUP and template in _ASKING else template


def language_for(person: Person, definition: Definition) -> str:
    """The person's language if the questionnaire is written in it ("fr" will do for "fr-CH"), else its first."""
    return languages.suitable([person.language], definition.languages) or definition.languages[0]


def _draft(
    kind: MessageKind,
    template: str,
    event: Event,
    survey: Survey,
    definition: Definition,
    asked: Invitation,
    due_at: datetime,
    sequence: int = 0,
    in_reply_to: str | None = None,
    **values: Any,
) -> Draft:
    """A message, neutral where the person must not be exposed: their link then gets its time as well."""
    link = None if kind is MessageKind.THANK_YOU else _link(asked)
    person = asked.attendance.person
    language = language_for(person, definition)
    discreet = is_discreet(event, person)
    neutral = settings().mail.discreet_sender_name
    if link is not None:
        asked.expires_at = link_ends(discreet, due_at, asked.expires_at)
    own = wordings.of(object_session(event), event.id)
    composed = composing.compose(
        name_of(template, survey.wave, discreet),
        language,
        own,
        gives_away(event) if discreet and own else (),
        **values_of(event, survey, definition, person, discreet, asked.expires_at),
        **values,
    )
    return Draft(
        about=asked.id,
        kind=kind,
        to=Mailbox(person.name, person.email),
        reply_to=Mailbox(neutral if discreet else event.manager_name, event.manager_email),
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=due_at,
        link=link,
        sequence=sequence,
        language=language,
        event_id=event.id,
        in_reply_to=in_reply_to,
        sender_name=neutral if discreet else None,
        stop_path=STOP_PATH if kind in ENDED_BY_STOP else None,
    )


def _link(asked: Invitation) -> Link:
    if asked.nonce is None or asked.link_key is None:
        raise ValueError("this invitation's link has ended")
    return Link(PATH, asked.id, asked.nonce, asked.link_key)


def _last_day(closes_at: datetime | None, expires_at: datetime | None, zone: ZoneInfo) -> date | None:
    """The last whole day on which the link works: on the day on which it ends early, somebody may be too late."""
    ends = [moment.astimezone(zone).date() for moment in (closes_at,) if moment]
    early = [moment.astimezone(zone).date() - timedelta(days=1) for moment in (expires_at,) if moment]
    return min(ends + early, default=None)
