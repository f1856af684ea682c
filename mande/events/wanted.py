"""The event that the address of a page names."""

from flask import abort
from sqlalchemy.orm import Session

from mande.events import operations
from mande.events.models import Event


def wanted_event(session: Session, code: str) -> Event:
    """The event with this code; 404 where there is none."""
    event = operations.get(session, code)
    if event is None:
        abort(404)
    return event
