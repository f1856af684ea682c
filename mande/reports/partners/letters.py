"""What is sent to a partner's readers: their link, and the codes that they ask for.

Where one of the partner's events must not be exposed both are neutral; in no case do they name an event.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events.models import Event
from mande.events.models import Partner
from mande.mail import outbox
from mande.mail import rewriting
from mande.mail.composing import compose
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox
from mande.mail.rewriting import Wish
from mande.reports.models import Reader
from mande.web import day
from mande.web import settings

PATH = "/p/[[token]]"
CODE_LASTS = timedelta(minutes=10)


def init_app(app: Flask) -> None:
    rewriting.register(app, MessageKind.PARTNER_LINK, rewrite)


def send_link(session: Session, reader: Reader) -> None:
    """Queues a message with the reader's link."""
    outbox.queue(session, [link(session, reader, next_sequence(session, reader, MessageKind.PARTNER_LINK))])


def next_sequence(session: Session, reader: Reader, kind: MessageKind) -> int:
    """The sequence of the next message of a kind to a reader, from 1 on."""
    sent = select(func.max(Message.sequence)).where(Message.about == reader.id, Message.kind == kind)
    return (session.scalar(sent) or 0) + 1


def link(session: Session, reader: Reader, sequence: int) -> Draft:
    """The message with the reader's link."""
    discreet = has_discreet_event(session, reader.partner_id)
    name = "partner_link_discreet" if discreet else "partner_link"
    with force_locale(reader.language):
        until = day(reader.valid_until.date())
    said = {"partner": reader.partner.name, "until": until}
    return _draft(session, reader, name, discreet, MessageKind.PARTNER_LINK, sequence,
                  Link(PATH, reader.id, reader.nonce, reader.link_key), said)  # fmt: skip


def code(session: Session, reader: Reader, nonce: bytes, sequence: int) -> Draft:
    """The message with a code, which is derived from `nonce` while it is sent and is stored nowhere."""
    said = {"minutes": int(CODE_LASTS.total_seconds() // 60)}
    return _draft(session, reader, "partner_code", has_discreet_event(session, reader.partner_id),
                  MessageKind.PARTNER_CODE, sequence, Link("", reader.id, nonce, reader.link_key), said)  # fmt: skip


def rewrite(session: Session, wish: Wish) -> Draft | None:
    """The message with the link once more; None where the reader may not read any more."""
    reader = session.get(Reader, wish.about)
    if reader is None or reader.revoked_at is not None or reader.valid_until <= clock.now():
        return None
    return link(session, reader, wish.sequence)


def has_discreet_event(session: Session, partner_id: UUID) -> bool:
    """Whether the partner has an event that must not be exposed."""
    theirs = select(Event.id).where(Event.discreet.is_(True), Event.partners.any(Partner.id == partner_id))
    return session.scalar(theirs.limit(1)) is not None


def _draft(
    session: Session,
    reader: Reader,
    template: str,
    discreet: bool,
    kind: MessageKind,
    sequence: int,
    link: Link,
    said: Mapping[str, Any],
) -> Draft:
    event = None if discreet else _latest_event(session, reader.partner_id)
    mail = settings().mail
    sender = event.convenor if event else mail.discreet_sender_name
    reply_to = Mailbox(event.manager_name, event.manager_email) if event else Mailbox(sender, reader.added_by)
    composed = compose(template, reader.language, name=reader.name, sender=sender, **said)
    return Draft(
        about=reader.id,
        kind=kind,
        sequence=sequence,
        to=Mailbox(reader.name, reader.email),
        reply_to=reply_to if "@" in reply_to.address else Mailbox(sender, mail.sender),
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=clock.now(),
        link=link,
        language=composed.language,
        sender_name=mail.discreet_sender_name if discreet else None,
    )


def _latest_event(session: Session, partner_id: UUID) -> Event | None:
    """The event of a partner that was written down with the latest meeting."""
    theirs = session.scalars(select(Event).where(Event.partners.any(Partner.id == partner_id))).all()
    ended = [event for event in theirs if event.ends_at]
    return max(ended, key=lambda event: (event.ends_at, event.code), default=None)
