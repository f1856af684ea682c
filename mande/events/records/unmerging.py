"""Making two records of a person again of one that was merged by mistake.

What was changed since the merge stays as it is; everything else becomes what it was.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events import operations
from mande.events.kinds import Role
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import Person
from mande.events.models import PersonAddress
from mande.events.models import PersonMerge
from mande.events.models import StakeholderGroup
from mande.events.records import person_addresses
from mande.events.records import snapshots
from mande.events.records.merging import MergeError
from mande.events.records.merging import parts
from mande.events.records.merging import people_parts
from mande.events.records.people import find_by_address
from mande.events.records.people import number
from mande.events.records.snapshots import FIELDS
from mande.events.records.snapshots import Snapshot
from mande.staff import audit


def merges(session: Session, person: Person) -> list[PersonMerge]:
    """The merges that a record came of and that were not undone, the latest first."""
    found = select(PersonMerge).where(PersonMerge.kept_id == person.id, PersonMerge.undone_at.is_(None))
    return list(session.scalars(found.order_by(PersonMerge.merged_at.desc(), PersonMerge.id)))


def obstacle(session: Session, merge: PersonMerge) -> str:
    """Why a merge cannot be undone, in a sentence; "" where it can."""
    kept = session.get_one(Person, merge.kept_id)
    if merge.undone_at is not None:
        return "This has been undone already."
    if merges(session, kept)[0].id != merge.id:
        return "Another record was merged into this one later: undo that first."
    dropped = merge.before["dropped"]
    holders = find_by_address(session, _addresses(dropped))
    for address, holder in holders.items():
        if holder.id != kept.id:
            return f"{address} belongs to {holder.name} now: remove it there, or merge with that record."
    if not _remaining(kept, dropped):
        return "All addresses that this record has are those of the other one: add another one first."
    return ""


def undo(session: Session, merge: PersonMerge) -> Person:
    """Makes the record that was merged again, and returns it. Raises MergeError where something stands in the way."""
    at = [UUID(united["event"]) for united in merge.before["united"]]
    for event in session.scalars(select(Event).where(Event.id.in_(at)).order_by(Event.id)).all():
        operations.lock(session, event)
    person_addresses.lock(session)
    # Somebody else may have undone it while this waited.
    session.refresh(merge)
    kept = session.scalars(
        select(Person).where(Person.id == merge.kept_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if problem := obstacle(session, merge):
        raise MergeError(problem)
    before = merge.before
    _put_back_fields(kept, before["kept"], before["after"])
    dropped = _remade(session, kept, before)
    for one in before["moved"]:
        attendance = session.get(Attendance, UUID(one))
        if attendance is not None and attendance.person_id == kept.id:
            attendance.person_id = dropped.id
    for united in before["united"]:
        _part(session, dropped, united)
    for name, moved in before.get("people", {}).items():
        if name in people_parts():
            people_parts()[name].undo(session, kept, dropped, moved)
    session.add_all(snapshots.merge(one, dropped.id) for one in before["merges"])
    merge.undone_at = clock.now()
    session.flush()
    audit.record(session, "merge undone", number(kept), {"made again": dropped.id.hex[:8]})
    return dropped


def _addresses(snapshot: Snapshot) -> list[str]:
    return [snapshot["email"], *snapshot["further"]]


def _remaining(kept: Person, dropped: Snapshot) -> list[str]:
    """The addresses that the kept record has without those of the other one, the main one first."""
    gone = set(_addresses(dropped))
    return [one for one in (kept.email, *person_addresses.further(kept)) if one not in gone]


def _put_back_fields(kept: Person, before: Snapshot, after: Snapshot) -> None:
    for name in FIELDS:
        if getattr(kept, name) == snapshots.field(after, name):
            setattr(kept, name, snapshots.field(before, name))


def _remade(session: Session, kept: Person, before: Snapshot) -> Person:
    """The record that went, with its addresses, which leave the one that was kept."""
    gone, remaining, own = before["dropped"], _remaining(kept, before["dropped"]), before["kept"]["email"]
    main = kept.email if kept.email in remaining else own if own in remaining else remaining[0]
    person_addresses.become(session, kept, main, set(remaining))
    dropped = Person(
        id=UUID(gone["id"]),
        email=gone["email"],
        addresses=[PersonAddress(address=one) for one in gone["further"]],
        **{name: snapshots.field(gone, name) for name in FIELDS},
    )
    session.add(dropped)
    session.flush()
    return dropped


def _part(session: Session, dropped: Person, united: Snapshot) -> None:
    """Makes two attendances again of one, and lets the features take back what hung on the second."""
    event = session.get(Event, UUID(united["event"]))
    if event is None:
        return
    kept, gone = session.get(Attendance, UUID(united["before"]["id"])), united["dropped"]
    again = Attendance(id=UUID(gone["id"]), event_id=event.id, person_id=dropped.id)
    session.add(again)
    _fill(session, again, event, gone)
    session.flush()
    for name, moved in united["parts"].items():
        if name in parts():
            parts()[name].undo(session, UUID(united["before"]["id"]), again.id, moved)
    if kept is not None and snapshots.of_attendance(kept) == united["after"]:
        _fill(session, kept, event, united["before"])
    session.flush()


def _fill(session: Session, attendance: Attendance, event: Event, told: Snapshot) -> None:
    """Puts roles, meetings, mode and group as they were, as far as the event still has them."""
    held = {one.role: one for one in attendance.roles}
    attendance.roles = [held.get(Role(role)) or AttendanceRole(role=Role(role)) for role in told["roles"]]
    attended = [UUID(one) for one in told["meetings"]]
    attendance.meetings = _of(session, Meeting, event, attended)
    attendance.mode = snapshots.mode(told)
    groups = _of(session, StakeholderGroup, event, [UUID(told["group"])] if told["group"] else [])
    attendance.group_id = groups[0].id if groups else None


def _of(session: Session, kind: Any, event: Event, ids: list[UUID]) -> list[Any]:
    return list(session.scalars(select(kind).where(kind.event_id == event.id, kind.id.in_(ids))))
