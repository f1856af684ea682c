"""Writing a message anew under its row and its Message-ID: its words, its link and the address as they are now.

What was sent holds neither body nor link any more, so only the folder that wrote it can write it again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Flask
from flask import current_app
from sqlalchemy.orm import Session

from mande import clock
from mande.mail import outbox
from mande.mail import suppression
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.outbox import Draft


@dataclass(frozen=True)
class Wish:
    """Which message is wanted again. `about`, `kind` and `sequence` are its row's.

    `by_hand`: staff ask for it. What they see of it must be the same whether or not the person has answered, so
    somebody who has is then sent what does not ask again.
    """

    about: UUID
    kind: MessageKind
    sequence: int
    due_at: datetime
    by_hand: bool


Rewrite = Callable[[Session, Wish], Draft | None]


def register(app: Flask, kind: MessageKind, rewrite: Rewrite) -> None:
    """Names the function that writes messages of a kind. It returns None where none is to be sent any more."""
    app.extensions.setdefault("mande.rewriting", {})[kind] = rewrite


def rewrite(session: Session, message: Message, due_at: datetime | None = None, by_hand: bool = False) -> bool:
    """Queues a message again that was wiped (sent, come back, failed, or cancelled for its address).

    It is due at `due_at`, by default now. False, and nothing is changed, where it is not to be sent any more:
    closed, answered (unless `by_hand`), not wanted; or where nothing is sent to the address.
    """
    known: dict[MessageKind, Rewrite] = current_app.extensions.get("mande.rewriting", {})
    write = known.get(message.kind)
    wish = Wish(message.about, message.kind, message.sequence, due_at or clock.now(), by_hand)
    draft = write(session, wish) if write else None
    if draft is None or outbox.is_nowhere(draft.to.address) or suppression.find(session, draft.to.address) is not None:
        return False
    for name, value in outbox.written_anew(draft).items():
        setattr(message, name, value)
    message.state = MessageState.QUEUED
    message.carrier_reference = None
    if by_hand:
        message.sent_at = None
    session.flush()
    return True
