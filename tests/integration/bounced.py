"""An event whose messages were sent, and what then comes back about one of them."""

from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy import update

from mande import clock
from mande import db
from mande.mail import outbox
from mande.mail import verp
from mande.mail.incoming.receiving import receive
from mande.mail.kinds import IncomingKind
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from tests import builders
from tests.integration.respondents import SAMPLE

BOUNCES = "bounces@mande.test"
SAMPLES = Path(__file__).parents[1] / "samples" / "mail"


def ask(participants: int = 1, sent: bool = True, **changes: object) -> list[str]:
    """An event whose participants (Participant 1, ...) were all sent their invitations; the links' tokens."""
    with db.transaction() as session:
        event = builders.make_event(session, participants=participants, **changes)
        tokens = builders.open_survey(session, event, SAMPLE)
        if sent:
            mark_sent(session)
    return tokens


def mark_sent(session) -> None:
    """As if all that waits had been handed over now."""
    waiting = Message.state.in_(outbox.UNSENT)
    values = {**outbox.WIPED, "state": MessageState.SENT, "sent_at": clock.now(), "problem": None, "attempts": 1}
    session.execute(update(Message).where(waiting).values(**values).execution_options(synchronize_session=False))


def message(kind: MessageKind = MessageKind.INVITATION, name: str = "Participant 1") -> Message:
    with db.reading() as session:
        return session.scalars(select(Message).where(Message.kind == kind, Message.to_name == name)).one()


def sample(name: str, about: Message, app: Flask, address: str | None = None) -> bytes:
    """A sample that is about this message, to be taken in by the application."""
    in_use = app.extensions["mande.settings"]
    path = verp.make(in_use.mail.bounce_address, about.id, verp.key_of(in_use.secret_key))
    raw = (SAMPLES / f"{name}.eml").read_bytes()
    for written, meant in (
        (b"bounces+code@mande.test", path.encode()),
        (b"<original@mande.test>", about.message_id.encode()),
        (b"ana@example.org", (address or about.to_address).encode()),
    ):
        raw = raw.replace(written, meant)
    return raw


def come_in(raw: bytes) -> IncomingKind:
    with db.transaction() as session:
        return receive(session, raw)


def suppressed() -> dict[str, str]:
    """The addresses to which nothing is sent, and of which kind that is."""
    with db.reading() as session:
        return {one.address: one.kind.value for one in session.scalars(select(Suppression))}


def state_of(id_: UUID) -> MessageState:
    with db.reading() as session:
        return session.scalars(select(Message.state).where(Message.id == id_)).one()
