"""Making two records of one person one.

Addresses are united and attendances moved. Where both records were at one event their attendances are united too: what
hangs on the second is moved by the features that it belongs to, each of which registers a `Part`. Everything that is
changed is written into `PersonMerge.before`, from which `unmerging` makes two records again.
"""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload
from sqlalchemy.orm import selectinload

from mande import clock
from mande.events import operations
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Person
from mande.events.models import PersonMerge
from mande.events.records import person_addresses
from mande.events.records.people import number
from mande.events.records.snapshots import FIELDS
from mande.events.records.snapshots import of_attendance
from mande.events.records.snapshots import of_merge
from mande.events.records.snapshots import of_person
from mande.mail import readdressing
from mande.staff import audit

Moved = dict[str, Any]


class MergeError(Exception):
    """The records cannot be made one, or two again. The text says why."""


@dataclass(frozen=True)
class Pair:
    """Two attendances of one event that become one: `dropped` goes, and what hangs on it moves to `kept`."""

    kept: Attendance
    dropped: Attendance


@dataclass(frozen=True)
class Refusal:
    """Why a pair cannot be united yet. Where mail to one of the two may be stopped instead, `may_stop` says so."""

    text: str
    pair: Pair
    may_stop: bool = False


@dataclass(frozen=True)
class Finding:
    """What one feature says about a pair: why it cannot be united, and what would not survive."""

    refusals: tuple[Refusal, ...] = ()
    notices: tuple[str, ...] = ()

    def __add__(self, other: "Finding") -> "Finding":
        return Finding(self.refusals + other.refusals, self.notices + other.notices)


@dataclass(frozen=True)
class Part:
    """What one feature does for a pair: `check` only reads, `move` takes what hangs on `dropped` to `kept` and returns
    what `undo` needs (as JSON) to take it back to an attendance that was made anew with its old id.
    """

    check: Callable[[Session, Pair], Finding]
    move: Callable[[Session, Pair], Moved]
    undo: Callable[[Session, UUID, UUID, Moved], None]


@dataclass(frozen=True)
class PeoplePart:
    """What one feature does for the two people: `move` takes what hangs on the second record to the first, and returns
    what `undo` needs (as JSON) to take it back to a record that was made anew with its old id.
    """

    move: Callable[[Session, Person, Person], Moved]
    undo: Callable[[Session, Person, Person, Moved], None]


def register(app: Flask, name: str, part: Part) -> None:
    """Adds what a feature does. `name` is how `PersonMerge.before` knows it."""
    app.extensions.setdefault("mande.merging", {})[name] = part


def parts() -> dict[str, Part]:
    found: dict[str, Part] = current_app.extensions.get("mande.merging", {})
    return found


def register_people(app: Flask, name: str, part: PeoplePart) -> None:
    """Adds what a feature does with what hangs on people rather than on their attendances."""
    app.extensions.setdefault("mande.merging_people", {})[name] = part


def people_parts() -> dict[str, PeoplePart]:
    found: dict[str, PeoplePart] = current_app.extensions.get("mande.merging_people", {})
    return found


@dataclass(frozen=True)
class Preview:
    """What a merge would do: attendances to be moved, pairs to be united, and what stands in the way or is lost."""

    kept: Person
    dropped: Person
    moved: tuple[Attendance, ...]
    pairs: tuple[Pair, ...]
    finding: Finding


def preview(session: Session, kept: Person, dropped: Person) -> Preview:
    """What making `dropped` a part of `kept` would do. Raises MergeError for one record merged with itself."""
    if kept.id == dropped.id:
        raise MergeError("These are not two records, but one and the same.")
    at = {attendance.event_id: attendance for attendance in attendances(session, kept)}
    theirs = attendances(session, dropped)
    pairs = tuple(Pair(at[one.event_id], one) for one in theirs if one.event_id in at)
    finding = sum((part.check(session, pair) for pair in pairs for part in parts().values()), Finding())
    return Preview(kept, dropped, tuple(one for one in theirs if one.event_id not in at), pairs, finding)


def merge(session: Session, kept: Person, dropped: Person, values: Mapping[str, Any]) -> PersonMerge:
    """Makes `dropped` a part of `kept`, whose fields become `values` (see FIELDS and "email"; others stay as they are).

    Raises MergeError where something stands in the way, or the main address is of neither.
    """
    _lock(session, kept, dropped)
    planned = preview(session, kept, dropped)
    if planned.finding.refusals:
        raise MergeError(" ".join(refusal.text for refusal in planned.finding.refusals))
    main = values.get("email", kept.email)
    everything = {kept.email, dropped.email, *person_addresses.further(kept), *person_addresses.further(dropped)}
    if main not in everything:
        raise MergeError("The main address must be one of those that the two records have.")
    before: Moved = {
        "kept": of_person(kept),
        "dropped": of_person(dropped),
        "moved": [one.id.hex for one in planned.moved],
        "merges": [of_merge(one) for one in _merges_of(session, dropped)],
    }
    for attendance in planned.moved:
        attendance.person_id = kept.id
    session.flush()
    before["united"] = [_unite(session, pair) for pair in planned.pairs]
    session.flush()
    before["people"] = {name: part.move(session, kept, dropped) for name, part in people_parts().items()}
    session.flush()
    session.expire(dropped)
    session.delete(dropped)
    session.flush()
    for name in FIELDS:
        if name in values:
            setattr(kept, name, values[name])
    person_addresses.become(session, kept, main, everything)
    readdressing.readdress(session, before["dropped"]["email"], main)
    before["after"] = of_person(kept)
    done = PersonMerge(kept_id=kept.id, merged_at=clock.now(), merged_by=audit.doer(), before=before)
    session.add(done)
    session.flush()
    detail = {"merged": before["dropped"]["id"][:8], "events": len(planned.moved) + len(planned.pairs)}
    audit.record(session, "people merged", number(kept), detail)
    return done


def attendances(session: Session, person: Person) -> list[Attendance]:
    """A person's attendances, the latest event last, each with event, roles and meetings."""
    found = session.scalars(
        select(Attendance)
        .where(Attendance.person_id == person.id)
        .options(
            joinedload(Attendance.event).selectinload(Event.meetings),
            joinedload(Attendance.person),
            joinedload(Attendance.group),
            selectinload(Attendance.roles),
            selectinload(Attendance.meetings),
        )
    )
    return sorted(found, key=lambda one: (min((m.starts_at for m in one.event.meetings), default=clock.now()),
                                          one.event.code))  # fmt: skip


def _lock(session: Session, kept: Person, dropped: Person) -> None:
    """Nobody changes either person, nor opens a survey of an event of theirs, until this is done.

    Events come first, then addresses, then people, here as everywhere: so that nobody waits for one another.
    """
    ids = sorted([kept.id, dropped.id])
    at = select(Attendance.event_id).where(Attendance.person_id.in_(ids))
    for event in session.scalars(select(Event).where(Event.id.in_(at)).order_by(Event.id)).all():
        operations.lock(session, event)
    person_addresses.lock(session)
    locked = select(Person).where(Person.id.in_(ids)).order_by(Person.id).with_for_update()
    if len(session.scalars(locked.execution_options(populate_existing=True)).all()) < 2:
        raise MergeError("One of the two records is no longer there.")


def _unite(session: Session, pair: Pair) -> Moved:
    """Makes one attendance of two, and tells how they were."""
    kept, dropped = pair.kept, pair.dropped
    told: Moved = {"event": kept.event_id.hex, "before": of_attendance(kept), "dropped": of_attendance(dropped)}
    told["parts"] = {name: part.move(session, pair) for name, part in parts().items()}
    held, attended = {one.role for one in kept.roles}, {meeting.id for meeting in kept.meetings}
    kept.roles += [AttendanceRole(role=one.role) for one in dropped.roles if one.role not in held]
    kept.meetings += [meeting for meeting in dropped.meetings if meeting.id not in attended]
    kept.mode = kept.mode or dropped.mode
    kept.group_id = kept.group_id or dropped.group_id
    session.flush()
    told["after"] = of_attendance(kept)
    session.delete(dropped)
    session.flush()
    return told


def _merges_of(session: Session, person: Person) -> Sequence[PersonMerge]:
    return session.scalars(select(PersonMerge).where(PersonMerge.kept_id == person.id)).all()
