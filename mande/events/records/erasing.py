"""Erasing all that is held about somebody, at their wish.

What counts in figures stays: that somebody attended, in which role, and which meetings. The record that this hangs on
says nothing of who it was. Each folder erases what it keeps, and registers how; what others have written about the
person, in any table, is cleaned at the end (see `redacting`).
"""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from uuid import uuid4

from flask import Flask
from flask import current_app
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande.events import operations
from mande.events.models import Attendance
from mande.events.models import DistinctPeople
from mande.events.models import Event
from mande.events.models import Person
from mande.events.models import PersonMerge
from mande.events.records import person_addresses
from mande.events.records import redacting
from mande.events.records.people import number
from mande.events.records.snapshots import FIELDS
from mande.mail import forgetting
from mande.mail import outbox
from mande.staff import audit

NAMELESS = redacting.INSTEAD


@dataclass(frozen=True)
class Whose:
    """The person who is erased, with every name and address (in lower case) that they are known by."""

    person: Person
    names: tuple[str, ...]
    addresses: tuple[str, ...]


Erase = Callable[[Session, Whose], None]


def register(app: Flask, erase: Erase) -> None:
    """Adds what a feature does to erase what it keeps about somebody. It leaves what counts in figures."""
    app.extensions.setdefault("mande.erasing", []).append(erase)


def is_erased(person: Person) -> bool:
    return outbox.is_nowhere(person.email)


def erase(session: Session, person: Person, actor: str | None = None) -> None:
    """Erases all that is held about a person, for good. One that is erased already stays as they are.

    `actor` is who did it, for the audit trail; by default whoever is signed in.
    """
    if not _lock(session, person) or is_erased(person):
        return
    whose = Whose(person, *_known_by(session, person))
    for part in _parts():
        part(session, whose)
        session.flush()
    _forget_merges(session, person.id)
    for pair in session.scalars(
        select(DistinctPeople).where(or_(DistinctPeople.one_id == person.id, DistinctPeople.other_id == person.id))
    ).all():
        session.delete(pair)
    _empty(session, person)
    forgetting.forget(session, whose.addresses)
    redacting.redact(session, _unmistakable(session, whose), whose.addresses)
    audit.record(session, "person erased", number(person), actor=actor)
    session.flush()


def _parts() -> Sequence[Erase]:
    found: list[Erase] = current_app.extensions.get("mande.erasing", [])
    return found


def _lock(session: Session, person: Person) -> bool:
    """Nobody changes the person, nor what they have at events, until this is done. Events first, as everywhere."""
    at = select(Attendance.event_id).where(Attendance.person_id == person.id)
    for event in session.scalars(select(Event).where(Event.id.in_(at)).order_by(Event.id)).all():
        operations.lock(session, event)
    person_addresses.lock(session)
    locked = select(Person).where(Person.id == person.id).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).one_or_none() is not None


def _known_by(session: Session, person: Person) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names and addresses: those of the record, and those of the records that were made one with it."""
    names, addresses = {person.name}, {person.email, *person_addresses.further(person)}
    own = session.scalars(select(PersonMerge).where(PersonMerge.kept_id == person.id, PersonMerge.undone_at.is_(None)))
    for merge in own:
        for told in (merge.before["kept"], merge.before["dropped"]):
            names.add(told["name"])
            addresses |= {told["email"], *told["further"]}
    return tuple(sorted(names)), tuple(sorted(one.lower() for one in addresses))


def _unmistakable(session: Session, whose: Whose) -> list[str]:
    """The names that nobody else here has: of one that two people share nobody can tell who is meant."""
    return [
        name
        for name in whose.names
        if not session.scalar(
            select(func.count(Person.id)).where(func.lower(Person.name) == name.lower(), Person.id != whose.person.id)
        )
    ]


def _forget_merges(session: Session, person_id: UUID) -> None:
    """Merges cannot be undone any more, neither of the person's record nor of one that was made of it."""
    for merge in session.scalars(select(PersonMerge)).all():
        if merge.kept_id == person_id or _is_about(merge.before, person_id):
            session.delete(merge)
        elif (kept := _without(merge.before, person_id)) != merge.before:
            merge.before = kept
    session.flush()


def _is_about(before: dict[str, Any], person_id: UUID) -> bool:
    return person_id.hex in (before["kept"]["id"], before["dropped"]["id"])


def _without(before: dict[str, Any], person_id: UUID) -> dict[str, Any]:
    """A snapshot without the earlier merges in it that are about the person."""
    earlier = [
        {**one, "before": _without(one["before"], person_id)}
        for one in before.get("merges", [])
        if not _is_about(one["before"], person_id)
    ]
    return {**before, "merges": earlier}


def _empty(session: Session, person: Person) -> None:
    person.addresses.clear()
    session.flush()
    nothing = {name: None for name in FIELDS if name not in ("name", "accessibility", "discreet")}
    session.execute(
        update(Person)
        .where(Person.id == person.id)
        .values(name=NAMELESS, email=f"{uuid4().hex}@{outbox.NOWHERE}", accessibility="", discreet=False, **nothing)
        .execution_options(synchronize_session="fetch")
    )
    session.refresh(person)
