"""Who is at an event, as plain values: for comparing long lists with it."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Person
from mande.events.models import StakeholderGroup
from mande.events.models import attendance_meeting
from mande.events.roles import in_order


@dataclass(frozen=True)
class Present:
    """How one person attends: roles in the order of their weight, meetings by code in the event's order."""

    id: UUID
    email: str
    name: str
    mode: Mode | None
    group: str | None
    roles: tuple[Role, ...]
    meetings: tuple[str, ...]


def of(session: Session, event: Event) -> dict[UUID, Present]:
    """Everybody at the event by the person's id, in three statements."""
    here = Attendance.event_id == event.id
    roles: dict[UUID, list[Role]] = defaultdict(list)
    held = select(AttendanceRole.attendance_id, AttendanceRole.role).join(Attendance).where(here)
    for attendance, role in session.execute(held):
        roles[attendance].append(role)
    codes = {meeting.id: meeting.code for meeting in event.meetings}
    meetings: dict[UUID, set[str]] = defaultdict(set)
    table = attendance_meeting.c
    attended = select(table.attendance_id, table.meeting_id).join(Attendance, Attendance.id == table.attendance_id)
    for attendance, meeting in session.execute(attended.where(here)):
        meetings[attendance].add(codes[meeting])
    people = (
        select(Attendance.id, Attendance.person_id, Person.email, Person.name, Attendance.mode, StakeholderGroup.name)
        .join(Person, Person.id == Attendance.person_id)
        .outerjoin(StakeholderGroup, StakeholderGroup.id == Attendance.group_id)
        .where(here)
    )
    return {
        person: Present(
            attendance,
            email,
            name,
            mode,
            group,
            tuple(in_order(roles[attendance])),
            tuple(code for code in codes.values() if code in meetings[attendance]),
        )
        for attendance, person, email, name, mode, group in session.execute(people)
    }
