"""The one message of follow-up: a check-in that lists what its owner said, in their own words."""

from collections.abc import Sequence
from datetime import date
from datetime import datetime
from functools import cache
from typing import Any
from typing import Protocol

from flask_babel import get_locale
from sqlalchemy.orm import object_session

from mande import languages
from mande.events.discretion import gives_away
from mande.events.discretion import is_discreet
from mande.events.discretion import link_ends
from mande.events.models import Event
from mande.events.models import Person
from mande.followup import wording
from mande.followup.asking import schedule
from mande.followup.models import CheckIn
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.mail import wordings
from mande.mail.composing import compose
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox
from mande.web import settings

PATH = "/a/[[token]]/report"
STOP_PATH = "/a/[[token]]/stop"


class Planned(Protocol):
    """What somebody said that they would do, and by when; `short` is what it is called in the buttons' addresses."""

    @property
    def what(self) -> str: ...

    @property
    def by_when(self) -> date | None: ...

    @property
    def short(self) -> str: ...


def check_in(link: FollowupLink, asked: CheckIn, actions: Sequence[PlannedAction], due_at: datetime) -> Draft:
    """The message about a check-in, in its owner's language, to be sent at `due_at`. `actions` are the open ones.

    To somebody who must not be exposed it is neutral, without even their own words, and gives their link its time.
    """
    event, person = link.event, link.person
    language = language_for(person)
    discreet = is_discreet(event, person)
    neutral = settings().mail.discreet_sender_name
    link.expires_at = link_ends(discreet, due_at, link.expires_at)
    own = wordings.of(object_session(event), event.id)
    composed = (
        compose("check_in_discreet", language, own, gives_away(event) if own else (), name=person.name, sender=neutral)
        if discreet
        else compose("check_in", language, own, **values_of(event, person, _occasion(asked, due_at), actions))
    )
    return Draft(
        about=asked.id,
        kind=MessageKind.CHECK_IN,
        to=Mailbox(person.name, person.email),
        reply_to=Mailbox(neutral if discreet else event.manager_name, event.manager_email),
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=due_at,
        link=Link(PATH, link.id, link.nonce, link.link_key),
        language=language,
        event_id=event.id,
        sender_name=neutral if discreet else None,
        stop_path=STOP_PATH,
    )


def language_for(person: Person) -> str:
    """The person's own language, where we speak it."""
    return languages.suitable([person.language]) or languages.SOURCE


def _statuses() -> list[tuple[Status, str]]:
    """What can be answered, and how it is called in the language of the message that is being written."""
    return _statuses_in(str(get_locale()))


@cache
def _statuses_in(_language: str) -> list[tuple[Status, str]]:
    # Thousands of messages a day ask for the same few words.
    return [(one, wording.status(one)) for one in Status]


def _occasion(asked: CheckIn, due_at: datetime) -> str | None:
    """The step that a check-in is for; None where it cannot be named: staff ask long before it, or its date is over."""
    _months, own_date = schedule.read_step(asked.step)
    early = asked.due_at is not None and due_at + schedule.APART <= asked.due_at
    return None if early or (own_date is not None and own_date < due_at.date()) else asked.step


def values_of(event: Event, person: Person, step: str | None, actions: Sequence[Planned]) -> dict[str, Any]:
    """What a check-in tells a person; `step` is its name in `schedule`, None where it gives no occasion."""
    months, own_date = schedule.read_step(step) if step else (None, None)
    return {
        "name": person.name,
        "title": event.title,
        "actions": actions,
        "statuses": _statuses,
        "months": months,
        "own_date": own_date,
        "manager": event.manager_name,
        "convenor": event.convenor,
    }
