"""What has been asked at each event. Only a folder to the right knows that, and tells it here."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from uuid import UUID

from flask import Flask
from flask import current_app
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.schedule import NOTHING_ASKED
from mande.events.schedule import Asking

Find = Callable[[Session], Mapping[UUID, Asking]]


def register(app: Flask, find: Find) -> None:
    """Names the function that finds what has been asked, by event, of all events at which anything was."""
    app.extensions["mande.asking"] = find


def asking(session: Session, events: Sequence[Event]) -> dict[UUID, Asking]:
    """What has been asked at each of these events, in one statement however many there are."""
    find: Find | None = current_app.extensions.get("mande.asking")
    known = find(session) if find else {}
    return {event.id: known.get(event.id, NOTHING_ASKED) for event in events}
