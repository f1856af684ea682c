"""Taking somebody off an event's list. What hangs on their attendance belongs to features to the right: they say
whether it may go, and take it away.

Nobody is told whether the person has answered: who was asked in a survey that is still open stays, whatever they did.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from flask import current_app
from sqlalchemy.orm import Session

from mande.events.models import Attendance
from mande.staff import audit


class LeavingError(Exception):
    """The person cannot be taken off the list. The text says why."""


@dataclass(frozen=True)
class Finding:
    """What one feature says about an attendance that is to go: why it must stay, and what would be lost with it."""

    refusals: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()

    def __add__(self, other: "Finding") -> "Finding":
        return Finding(self.refusals + other.refusals, self.losses + other.losses)


@dataclass(frozen=True)
class Part:
    """What one feature does: `check` only reads, `remove` takes away what it has, `stop` ends all its messages."""

    check: Callable[[Session, Attendance], Finding]
    remove: Callable[[Session, Attendance], None]
    stop: Callable[[Session, Attendance], None]


def register(app: Flask, part: Part) -> None:
    app.extensions.setdefault("mande.leaving", []).append(part)


def check(session: Session, attendance: Attendance) -> Finding:
    """What all features say about an attendance that is to go."""
    return sum((part.check(session, attendance) for part in _parts()), Finding())


def remove(session: Session, attendance: Attendance) -> None:
    """Takes the person off the event's list, with all that hangs on it. The person stays. Raises LeavingError."""
    found = check(session, attendance)
    if found.refusals:
        raise LeavingError(" ".join(found.refusals))
    for part in _parts():
        part.remove(session, attendance)
    session.flush()
    session.delete(attendance)
    session.flush()
    audit.record(session, "attendee removed", attendance.event.code, {"person": attendance.person_id.hex[:8]})


def stop_mail(session: Session, attendance: Attendance) -> None:
    """Nothing more is sent to this person about this event. Their links go on working."""
    for part in _parts():
        part.stop(session, attendance)
    audit.record(session, "mail stopped", attendance.event.code, {"person": attendance.person_id.hex[:8]})


def _parts() -> list[Part]:
    found: list[Part] = current_app.extensions.get("mande.leaving", [])
    return found
