"""What depends on an event's dates, or on where people are, and is stored: features to the right keep it in step,
unknown to this folder."""

from collections.abc import Callable
from collections.abc import Collection
from uuid import UUID

from flask import Flask
from flask import current_app
from sqlalchemy.orm import Session

from mande.events.models import Event

Follow = Callable[[Session, Event], None]
FollowPeople = Callable[[Session, Collection[UUID]], None]

# What a description says differently when dates have moved.
DATES = frozenset({"meetings", "time_zone", "checkin_months", "checkin_days_before", "checkin_from", "checkin_until"})
# What is said of a person and decides when they may be asked.
WHERE = frozenset({"time_zone", "country"})


def register(app: Flask, follow: Follow) -> None:
    """Names a function that brings what it has stored in step with an event whose dates have changed."""
    app.extensions.setdefault("mande.moving", []).append(follow)


def follow(session: Session, event: Event) -> None:
    """Lets everything that was registered follow the event's dates."""
    known: list[Follow] = current_app.extensions.get("mande.moving", [])
    for one in known:
        one(session, event)


def register_people(app: Flask, follow: FollowPeople) -> None:
    """Names a function that brings what it has stored in step with people whose zone or country has changed."""
    app.extensions.setdefault("mande.moving.people", []).append(follow)


def follow_people(session: Session, people: Collection[UUID]) -> None:
    """Lets everything that was registered follow these people, by their ids."""
    known: list[FollowPeople] = current_app.extensions.get("mande.moving.people", [])
    for one in known if people else ():
        one(session, people)
