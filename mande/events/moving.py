"""What depends on an event's dates, and is stored: features to the right keep it in step, unknown to this folder."""

from collections.abc import Callable

from flask import Flask
from flask import current_app
from sqlalchemy.orm import Session

from mande.events.models import Event

Follow = Callable[[Session, Event], None]

# What a description says differently when dates have moved.
DATES = frozenset({"meetings", "time_zone", "checkin_months"})


def register(app: Flask, follow: Follow) -> None:
    """Names a function that brings what it has stored in step with an event whose dates have changed."""
    app.extensions.setdefault("mande.moving", []).append(follow)


def follow(session: Session, event: Event) -> None:
    """Lets everything that was registered follow the event's dates."""
    known: list[Follow] = current_app.extensions.get("mande.moving", [])
    for one in known:
        one(session, event)
