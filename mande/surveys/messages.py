"""What people are sent about a survey: the invitation, and reminders of it."""

from datetime import datetime
from typing import Any

from mande import languages
from mande.events.models import Event
from mande.events.models import Person
from mande.mail import composing
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.reminders import zone_of

PATH = "/r/[[token]]"


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
    if asked.nonce is None or asked.link_key is None:
        raise ValueError("this invitation's link has ended")
    person = asked.attendance.person
    language = language_for(person, definition)
    composed = composing.compose(template, language, **_values(event, survey, definition, person), **values)
    return Draft(
        about=asked.id,
        kind=kind,
        to=Mailbox(person.name, person.email),
        reply_to=Mailbox(event.manager_name, event.manager_email),
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=due_at,
        link=Link(PATH, asked.id, asked.nonce, asked.link_key),
        sequence=sequence,
        language=language,
        event_id=event.id,
        in_reply_to=in_reply_to,
    )


def _values(event: Event, survey: Survey, definition: Definition, person: Person) -> dict[str, Any]:
    zone = zone_of(event.time_zone)
    return {
        "name": person.name,
        "title": event.title,
        "role": survey.role.value,
        "wave": survey.wave.value,
        "minutes": definition.minutes,
        "has_short_route": bool(definition.abridged().sections),
        "anonymous": survey.anonymous,
        "closes": survey.closes_at.astimezone(zone).date() if survey.closes_at else None,
        "manager": event.manager_name,
        "convenor": event.convenor,
    }
