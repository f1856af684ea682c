"""What has been asked at each event. Only a folder to the right knows that, and tells it here."""

from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Flask
from flask import current_app
from sqlalchemy import Select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.schedule import NOTHING_ASKED
from mande.events.schedule import Asking

# Of each event at which anything was asked: its id, until when it may be answered or None, how much of it is closed.
Asked = Select[UUID, datetime | None, int]


def register(app: Flask, asked: Callable[[], Asked]) -> None:
    """Names the function that gives the statement which finds what has been asked."""
    app.extensions["mande.asking"] = asked


def statement() -> Asked | None:
    """The statement; None where nothing is registered."""
    made: Callable[[], Asked] | None = current_app.extensions.get("mande.asking")
    return made() if made else None


def asking(session: Session, events: Sequence[Event]) -> dict[UUID, Asking]:
    """What has been asked at each of these events, in one statement however many there are."""
    found = statement()
    if found is None or not events:
        return {event.id: NOTHING_ASKED for event in events}
    column = found.selected_columns[0]
    rows = session.execute(found.where(column.in_([event.id for event in events])))
    known = {event: Asking(open_until=until, closed=closed > 0) for event, until, closed in rows}
    return {event.id: known.get(event.id, NOTHING_ASKED) for event in events}
