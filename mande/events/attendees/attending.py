"""Putting people on an event's list one by one, and changing how they attended."""

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload
from sqlalchemy.orm import selectinload

from mande.events import operations
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Person
from mande.events.records import person_addresses
from mande.events.records.people import find_by_address
from mande.events.records.people import number
from mande.events.records.snapshots import of_attendance
from mande.staff import audit


class AttendingError(Exception):
    """The person cannot be put on the list. The text says why."""


@dataclass(frozen=True)
class How:
    """How somebody attended: in at least one role, at these meetings (by code), and as one of a stakeholder group."""

    roles: Collection[Role]
    meetings: Collection[str]
    mode: Mode | None = None
    group_id: UUID | None = None


def add(session: Session, event: Event, typed: str, values: Mapping[str, Any], how: How) -> Attendance:
    """Puts whoever has the address on the event's list; who has no record gets one with these `values`.

    Of somebody who is known only what is empty is filled in. Raises person_addresses.AddressError, and AttendingError
    for one who is on the list.
    """
    operations.lock(session, event)
    address = person_addresses.read(typed)
    person_addresses.lock(session)
    person = find_by_address(session, [address]).get(address)
    if person is None:
        person = Person(email=address, **values)
        session.add(person)
        session.flush()
        audit.record(session, "person added", number(person))
    elif _attends(session, event, person):
        raise AttendingError(f"{person.name} is on the list already, with this address.")
    else:
        for name, value in values.items():
            if value and not getattr(person, name):
                setattr(person, name, value)
    attendance = Attendance(event=event, person=person)
    session.add(attendance)
    _set(event, attendance, how)
    session.flush()
    audit.record(session, "attendee added", event.code, {"person": person.id.hex[:8]})
    return attendance


def change(session: Session, event: Event, attendance: Attendance, how: How) -> None:
    """Other roles, meetings, mode or group. Who has been asked in one role is not asked again in another."""
    operations.lock(session, event)
    before = of_attendance(attendance)
    _set(event, attendance, how)
    session.flush()
    if of_attendance(attendance) != before:
        audit.record(session, "attendee changed", event.code, {"person": attendance.person_id.hex[:8]})


def find(session: Session, event: Event, attendance_id: UUID) -> Attendance | None:
    """An attendance of this event, with person, roles and meetings."""
    return session.scalars(
        select(Attendance)
        .where(Attendance.id == attendance_id, Attendance.event_id == event.id)
        .options(
            joinedload(Attendance.person).selectinload(Person.addresses),
            joinedload(Attendance.event),
            selectinload(Attendance.roles),
            selectinload(Attendance.meetings),
        )
    ).one_or_none()


def _attends(session: Session, event: Event, person: Person) -> bool:
    found = select(Attendance.id).where(Attendance.event_id == event.id, Attendance.person_id == person.id)
    return session.scalar(found) is not None


def _set(event: Event, attendance: Attendance, how: How) -> None:
    held = {one.role: one for one in attendance.roles}
    attendance.roles = [held.get(role) or AttendanceRole(role=role) for role in dict.fromkeys(how.roles)]
    attendance.meetings = [meeting for meeting in event.meetings if meeting.code in how.meetings]
    attendance.mode = how.mode
    attendance.group_id = next((group.id for group in event.groups if group.id == how.group_id), None)
