"""Writing what an import planned, in bulk: a handful of statements however long the list is."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande.events import moving
from mande.events.importing.plans import Plan
from mande.events.importing.plans import Step
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Person
from mande.events.models import PersonAddress
from mande.events.models import attendance_meeting
from mande.staff import audit

Row = dict[str, Any]
SOME = 500
MANY = 1000
# What a list may say about a person, and what is written of one of whom it does not.
PERSON: Mapping[str, Any] = {
    "name": "", "organisation": None, "position": None, "country": None, "sector": None, "gender": None,
    "age_band": None, "accessibility": "", "discreet": False, "language": None, "time_zone": None,
}  # fmt: skip


def carry_out(session: Session, event: Event, planned: Plan, filename: str, actor: str | None = None) -> None:
    """Writes the rows that are not refused. The caller decides whether there may be refused ones at all.

    `planned` was made in this very transaction, after `person_addresses.lock`.
    """
    writer = _Writer(event, planned.steps)
    writer.write_people(session)
    writer.write_attendances(session)
    _look_at_tables(session, len(planned.steps))
    for known in list(session.identity_map.values()):
        if isinstance(known, Person | Attendance):
            session.expire(known)
    if planned.steps or planned.refused:
        audit.record(session, "attendees imported", event.code, {"file": filename, **planned.counts}, actor)


class _Writer:
    """Knows the id of everybody, those who are made included."""

    def __init__(self, event: Event, steps: Sequence[Step]) -> None:
        self.event = event
        self.steps = [(step, step.person_id or uuid4(), step.attendance_id or uuid4()) for step in steps]
        self.groups = {group.name: group.id for group in event.groups}
        self.meetings = {meeting.code: meeting.id for meeting in event.meetings}

    def write_people(self, session: Session) -> None:
        made: list[Row] = []
        changed: list[Row] = []
        addresses: list[Row] = []
        for step, person, _attendance in self.steps:
            if step.person_id is None:
                made.append({"id": person, "email": step.email, **PERSON, **step.person})
            elif step.person:
                changed.append({"id": person, **step.person})
            addresses += [{"address": address, "person_id": person} for address in step.further]
        _insert(session, Person, made)
        if changed:
            session.execute(update(Person), _alike(changed))
        _insert(session, PersonAddress, addresses)
        moving.follow_people(session, [one["id"] for one in changed if moving.WHERE & one.keys()])

    def write_attendances(self, session: Session) -> None:
        made: list[Row] = []
        changed: list[Row] = []
        for step, person, attendance in self.steps:
            told = {"mode": step.mode, "group_id": self.groups[step.group] if step.group else None}
            if step.attendance_id is None:
                made.append({"id": attendance, "event_id": self.event.id, "person_id": person, **told})
            elif step.mode or step.group:
                changed.append({"id": attendance, **{name: value for name, value in told.items() if value}})
        _insert(session, Attendance, made)
        if changed:
            session.execute(update(Attendance), _alike(changed))
        self._replace(session, "roles", AttendanceRole, AttendanceRole.attendance_id)
        self._replace(session, "meetings", attendance_meeting, attendance_meeting.c.attendance_id)

    def _replace(self, session: Session, what: str, table: Any, owner: Any) -> None:
        """Gives those whose roles or meetings are told these and no others."""
        told = [(getattr(step, what), step.attendance_id, attendance) for step, _person, attendance in self.steps]
        before = [known for values, known, _attendance in told if values is not None and known is not None]
        for start in range(0, len(before), SOME):
            session.execute(delete(table).where(owner.in_(before[start : start + SOME])))
        if what == "roles":
            rows = [{"attendance_id": one, "role": role} for roles, _known, one in told for role in roles or ()]
        else:
            rows = [
                {"attendance_id": one, "meeting_id": self.meetings[code]}
                for codes, _known, one in told
                for code in codes or ()
            ]
        _insert(session, table, rows)


def _look_at_tables(session: Session, written: int) -> None:
    """Lets PostgreSQL count its tables anew after much was written. It would do so by itself, but some minutes later,
    and until then looks for each of many people through all of them."""
    if written >= MANY and session.get_bind().dialect.name == "postgresql":
        tables = (Person, PersonAddress, Attendance, AttendanceRole)
        names = ", ".join([*(table.__tablename__ for table in tables), attendance_meeting.name])
        session.execute(text(f"ANALYZE {names}"))


def _insert(session: Session, table: Any, rows: Sequence[Row]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _alike(rows: Sequence[Row]) -> list[Row]:
    """Rows that set the same fields next to each other: they take one statement."""
    return sorted(rows, key=sorted)
