"""Those at an event who are not asked yet although others are. Only a folder to the right knows, and tells it here."""

from collections.abc import Callable

from flask import Flask
from flask import current_app
from sqlalchemy.orm import Session

from mande.events.models import Event

Count = Callable[[Session, Event], int]


def register(app: Flask, count: Count) -> None:
    """Names the function that counts them."""
    app.extensions["mande.newcomers"] = count


def waiting(session: Session, event: Event) -> int:
    """How many people at the event could be invited to its open surveys and are not; 0 while none is open."""
    count: Count | None = current_app.extensions.get("mande.newcomers")
    return count(session, event) if count else 0
