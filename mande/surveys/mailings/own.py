"""Messages in the words of staff, for one event or (no event) for all: keeping them, and showing what they will be."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import languages
from mande.events.discretion import gives_away
from mande.events.discretion import is_discreet
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Partner
from mande.events.models import Person
from mande.mail import composing
from mande.mail import own_words
from mande.mail import trying
from mande.mail import wordings
from mande.mail.composing import Composed
from mande.mail.models import Template
from mande.mail.outbox import Mailbox
from mande.mail.own_words import Problem
from mande.mail.own_words import Words
from mande.mail.wordings import Wording
from mande.staff import audit
from mande.staff.models import StaffMember
from mande.web import settings

# What the audit trail calls that which belongs to no event.
ALL_EVENTS = "all events"


@dataclass(frozen=True)
class Shown:
    """A message as one person would read it. `person` is None for somebody who does not exist."""

    wording: Wording
    language: str
    person: Person | None
    composed: Composed
    sender: str
    reply_to: Mailbox


def in_use(session: Session, event: Event | None, wording: Wording, language: str) -> tuple[Words, Template | None]:
    """The words of a message as they are now, and what is kept of the event's own; of all events' own for no event."""
    kept = wordings.kept(session, event.id if event else None).get((wording.name, language))
    if kept is not None:
        return Words(kept.subject, kept.text), kept
    of_all = wordings.of(session, event.id if event else None).get((wording.name, language))
    return of_all or composing.ours(wording, language), None


def check(session: Session, event: Event | None, wording: Wording, words: Words) -> list[Problem]:
    """What is wrong with words that are to be saved."""
    return own_words.check(words, wording.offer, _unsaid(session, event) if wording.discreet else ())


def save(session: Session, event: Event | None, wording: Wording, language: str, words: Words) -> None:
    """Keeps words that were checked."""
    wordings.save(session, event.id if event else None, (wording.name, language), words, audit.doer())
    _record(session, "words of a message changed", event, wording, language)


def remove(session: Session, event: Event | None, wording: Wording, language: str) -> None:
    """Goes back: from the event's words to those for all events, or from those to ours."""
    if wordings.remove(session, event.id if event else None, (wording.name, language)):
        _record(session, "own words of a message removed", event, wording, language)


def show(
    session: Session, event: Event | None, wording: Wording, language: str | None, person: Person | None,
    typed: Words | None = None,
) -> Shown:  # fmt: skip
    """A message as `person` would read it, or an invented one, in `language` or else in theirs.

    Whoever must not be exposed is shown its discreet form, except where `typed` words, not saved, are to be seen.
    """
    sample = event or example()
    reader = person or Person(name="Amina Example", language=languages.SOURCE, discreet=False)
    if typed is None and is_discreet(sample, reader):
        wording = wordings.known().get(f"{wording.name.removesuffix('_followup')}_discreet", wording)
    chosen = language or wording.language(session, sample, reader)
    own = wordings.of(session, event.id if event else None)
    if typed is not None:
        own = {**own, (wording.name, chosen): typed}
    values = wording.sample(session, sample, reader)
    unsaid = gives_away(sample) if wording.discreet else ()
    composed = composing.compose(wording.name, chosen, own, unsaid, **values)
    neutral = settings().mail.discreet_sender_name
    return Shown(
        wording,
        composed.language,
        person,
        composed,
        neutral if wording.discreet else settings().mail.sender_name,
        Mailbox(neutral if wording.discreet else sample.manager_name, sample.manager_email),
    )


def try_out(session: Session, event: Event | None, shown: Shown, member: StaffMember) -> None:
    """Sends a message to a member of staff, as a test. Raises TrialError where it was not taken."""
    sender = shown.sender if shown.wording.discreet else None
    trying.send(shown.composed, Mailbox(member.name, member.email), shown.reply_to, sender)
    _record(session, "test message sent", event, shown.wording, shown.language)


def attendee(session: Session, event: Event, person_id: UUID) -> Person | None:
    """The person of this id, if they are at the event."""
    theirs = select(Person).join(Attendance, Attendance.person_id == Person.id)
    return session.scalars(theirs.where(Attendance.event_id == event.id, Person.id == person_id)).one_or_none()


def example() -> Event:
    """An event that does not exist, to show with it what goes out for all events."""
    sender = settings().mail.sender_name
    return Event(
        code="EXAMPLE",
        title=_("The title of the event"),
        convenor=sender,
        time_zone="UTC",
        manager_name=_("The event's manager"),
        manager_email=settings().mail.sender,
        discreet=False,
        days_open=21,
        questionnaires={},
    )


def _unsaid(session: Session, event: Event | None) -> Collection[str]:
    """What a discreet message may not say: of the event or, where it is for all of them, of any."""
    if event is not None:
        return gives_away(event)
    named = session.execute(select(Event.code, Event.title, Event.convenor, Event.manager_name)).all()
    return {word for row in named for word in row} | set(session.scalars(select(Partner.name)))


def _record(session: Session, what: str, event: Event | None, wording: Wording, language: str) -> None:
    told: dict[str, Any] = {"message": wording.name, "language": language}
    audit.record(session, what, event.code if event else ALL_EVENTS, told)
