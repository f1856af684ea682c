"""Ending messages of a kind for whoever asks for it by mail. Only the folder that writes them knows how."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask
from flask import current_app
from sqlalchemy.orm import Session

from mande.mail.models import Message
from mande.mail.models import MessageKind

Stop = Callable[[Session, UUID], None]


def register(app: Flask, kind: MessageKind, stop: Stop) -> None:
    """Names the function that ends messages of a kind about what a message was about."""
    app.extensions.setdefault("mande.stopping", {})[kind] = stop


def stop(session: Session, message: Message) -> None:
    """Does what the one-click link of such a message does: its addressee is not written to about this any more."""
    known: dict[MessageKind, Stop] = current_app.extensions.get("mande.stopping", {})
    if message.kind in known:
        known[message.kind](session, message.about)
