"""The message that thanks an owner of actions, with what came of the event as a whole: from a public edition alone."""

import json
from datetime import datetime
from datetime import time
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande.events import discretion
from mande.events import marking
from mande.events.models import Event
from mande.events.models import Person
from mande.events.timing import zone_of
from mande.followup import operations
from mande.followup.asking import diaries
from mande.followup.asking import letters
from mande.followup.asking.days import Days
from mande.followup.asking.days import weekend
from mande.followup.models import FollowupLink
from mande.mail import rewriting
from mande.mail import stopping
from mande.mail import wordings
from mande.mail.composing import compose
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox
from mande.mail.rewriting import Wish
from mande.reports.editions import publishing
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.web import settings

PATH = "/a/[[token]]/outcome"

_IDS = select(FollowupLink.id).join(FollowupLink.event).join(FollowupLink.person)
_MESSAGES = (
    select(Message)
    .join(FollowupLink, FollowupLink.id == Message.about)
    .join(Event, Event.id == FollowupLink.event_id)
    .join(Person, Person.id == FollowupLink.person_id)
    .where(Message.kind == MessageKind.FOLLOWUP_THANKS)
)


def init_app(app: Flask) -> None:
    rewriting.register(app, MessageKind.FOLLOWUP_THANKS, rewrite)
    stopping.register(app, MessageKind.FOLLOWUP_THANKS, stop)
    marking.register_on_discreet(app, align)


def thanks(session: Session, link: FollowupLink, edition: Edition, at: datetime) -> Draft:
    """The message to an owner, in their language, for the first hour from `at` in which they may be asked anything.

    To somebody who must not be exposed it is neutral, and gives their link its time.
    """
    event, person = link.event, link.person
    due_at = _days(session, link).first_open(at)
    language = letters.language_for(person)
    discreet = discretion.is_discreet(event, person)
    neutral = settings().mail.discreet_sender_name
    link.expires_at = discretion.link_ends(discreet, due_at, link.expires_at)
    own = wordings.of(session, event.id)
    composed = (
        compose("followup_thanks_discreet", language, own, discretion.gives_away(event) if own else (),
                name=person.name, sender=neutral)
        if discreet
        else compose("followup_thanks", language, own, **values_of(event, person, json.loads(edition.document)))
    )  # fmt: skip
    return Draft(
        about=link.id,
        kind=MessageKind.FOLLOWUP_THANKS,
        to=Mailbox(person.name, person.email),
        reply_to=Mailbox(neutral if discreet else event.manager_name, event.manager_email),
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=due_at,
        link=Link(PATH, link.id, link.nonce, link.link_key),
        language=composed.language,
        event_id=event.id,
        sender_name=neutral if discreet else None,
        stop_path=letters.STOP_PATH,
    )


def _days(session: Session, link: FollowupLink) -> Days:
    """When this owner may be written to: as for check-ins, quiet periods included."""
    event, person = link.event, link.person
    quiet = diaries.quiet_periods(session, [event.id])
    return Days(
        zone_of(person.time_zone, event.time_zone).key,
        weekend(person.country),
        time.fromisoformat(event.checkin_from),
        time.fromisoformat(event.checkin_until),
        (*quiet.get(None, ()), *quiet.get(event.id, ())),
    )


def values_of(event: Event, person: Person, document: dict[str, Any]) -> dict[str, Any]:
    """What the message tells a person of a public edition's document."""
    actions = document["actions"]
    done = next((one["count"] for one in actions["statuses"] if one["codes"] == ["done"]), 0)
    return {
        "name": person.name,
        "title": event.title,
        "manager": event.manager_name,
        "convenor": event.convenor,
        "planned": actions["total"] if actions["counted"] else 0,
        "owners": actions["owners"],
        "done": done,
    }


def rewrite(session: Session, wish: Wish) -> Draft | None:
    """The message once more, with what is published now; None where its reader has stopped all follow-up."""
    wanted = select(FollowupLink).where(FollowupLink.id == wish.about)
    options = (joinedload(FollowupLink.event), joinedload(FollowupLink.person))
    link = session.scalars(wanted.options(*options)).one_or_none()
    edition = publishing.latest(session, link.event_id, EditionKind.PUBLIC) if link else None
    if link is None or link.stopped or edition is None:
        return None
    return thanks(session, link, edition, wish.due_at)


def stop(session: Session, about: Any) -> None:
    """Ends the follow-up of whom such a message was sent to, as their own page does."""
    link = session.get(FollowupLink, about)
    if link is not None:
        operations.stop(session, link)


def align(session: Session) -> int:
    """See `marking.align`."""
    return marking.align_links(session, FollowupLink, _IDS, _MESSAGES)
