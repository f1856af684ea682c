"""The messages that tell of a published edition. Neither carries it: each leads to where it can be read.

Partners' readers get their own link, which opens with a code. Those who took part get the address of the edition that
was written for them, which is the same for everybody and tells nothing of who opens it. A reader gets one message for
each edition, an attendee one for each number of it.
"""

from collections.abc import Mapping
from uuid import UUID
from uuid import uuid5

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import languages
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Partner
from mande.events.models import Person
from mande.languages import SOURCE
from mande.mail import rewriting
from mande.mail.composing import compose
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox
from mande.mail.rewriting import Wish
from mande.reports.editions import publishing
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.models import Reader
from mande.reports.partners import letters as partner_letters
from mande.web import settings

FOR_READERS = (EditionKind.PARTNER, EditionKind.SUMMARY)


def init_app(app: Flask) -> None:
    rewriting.register(app, MessageKind.EDITION, rewrite_for_reader)
    rewriting.register(app, MessageKind.FEEDBACK, rewrite_for_attendee)


def about(reader: Reader, edition: Edition) -> UUID:
    """What a message to a reader is about: this edition, and no other."""
    return uuid5(reader.id, edition.id.hex)


def to_reader(session: Session, reader: Reader, edition: Edition) -> Draft:
    """The message to a partner's reader. It names the event only where none of the partner's must not be exposed."""
    event, neutral = edition.event, settings().mail.discreet_sender_name
    discreet = partner_letters.has_discreet_event(session, reader.partner_id)
    composed = (
        compose("edition_discreet", reader.language, name=reader.name, sender=neutral)
        if discreet
        else compose(
            "edition",
            reader.language,
            name=reader.name,
            title=event.title,
            kind=edition.kind.value,
            correction=edition.number > 1,
            manager=event.manager_name,
            convenor=event.convenor,
        )
    )
    return Draft(
        about=about(reader, edition),
        kind=MessageKind.EDITION,
        to=Mailbox(reader.name, reader.email),
        reply_to=Mailbox(neutral if discreet else event.manager_name, event.manager_email),
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=clock.now(),
        link=Link(partner_letters.PATH, reader.id, reader.nonce, reader.link_key),
        language=composed.language,
        event_id=event.id,
        sender_name=neutral if discreet else None,
    )


def to_attendee(attendance: Attendance, edition: Edition) -> Draft:
    """The message to somebody who took part: what all said together, and what happens next."""
    event, person = edition.event, attendance.person
    composed = compose(
        "feedback",
        languages.suitable([person.language]) or edition.language,
        name=person.name,
        title=event.title,
        address=address(edition),
        correction=edition.number > 1,
        manager=event.manager_name,
        convenor=event.convenor,
    )
    return Draft(
        about=attendance.id,
        kind=MessageKind.FEEDBACK,
        sequence=edition.number,
        to=Mailbox(person.name, person.email),
        reply_to=Mailbox(event.manager_name, event.manager_email),
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=clock.now(),
        language=composed.language,
        event_id=event.id,
    )


def in_languages(session: Session, edition: Edition) -> dict[str, Edition]:
    """The same edition in all languages in which it was published."""
    same = (edition.kind, edition.number)
    found = publishing.editions(session, edition.event)
    return {one.language: one for one in found if (one.kind, one.number) == same}


def for_person(person: Person, published: Mapping[str, Edition]) -> Edition:
    """Of an edition in several languages the one in a person's, or else in English, or else any."""
    theirs = published.get(languages.suitable([person.language]) or SOURCE) or published.get(SOURCE)
    return theirs or next(iter(published.values()))


def address(edition: Edition) -> str:
    """Where anybody who has the address can read an edition that is for respondents or for the public."""
    return f"{settings().base_url}/e/{edition.id}"


def rewrite_for_reader(session: Session, wish: Wish) -> Draft | None:
    """The message once more; None where the reader may not read any more."""
    found = (
        select(Reader, Edition)
        .join(Partner, Partner.id == Reader.partner_id)
        .join(Event, Event.partners.any(Partner.id == Reader.partner_id))
        .join(Edition, Edition.event_id == Event.id)
        .where(Edition.kind.in_(FOR_READERS), Reader.revoked_at.is_(None), Reader.valid_until > clock.now())
    )
    for reader, edition in session.execute(found):
        if about(reader, edition) == wish.about:
            return to_reader(session, reader, edition)
    return None


def rewrite_for_attendee(session: Session, wish: Wish) -> Draft | None:
    """The message once more, of the edition that it told of."""
    attendance = session.get(Attendance, wish.about)
    if attendance is None:
        return None
    newest = publishing.latest(session, attendance.event_id, EditionKind.RESPONDENTS)
    if newest is None or newest.number != wish.sequence:
        return None
    return to_attendee(attendance, for_person(attendance.person, in_languages(session, newest)))
