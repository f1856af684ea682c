"""Taking an attendee list into an event: what each row would make, change or why it is refused; then doing it.

`plan` only reads. `carry_out` writes what was planned, in the caller's transaction. An empty cell never erases what is
known, and taking the same list twice changes nothing the second time.
"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events import operations
from mande.events import rows
from mande.events import sheets
from mande.events.joining import join
from mande.events.kinds import Format
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Person
from mande.events.roles import in_order
from mande.events.rows import Attendee
from mande.events.rows import Known
from mande.events.sheets import Record
from mande.events.sheets import Sheet
from mande.events.words import key
from mande.staff import audit


class Outcome(StrEnum):
    MADE = "made"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    JOINED = "joined"
    REFUSED = "refused"


@dataclass(frozen=True)
class Change:
    """One field before and after, as text; empty for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class RowReport:
    """What became of one row, or would. `raw` is the row as it stood, for putting a refused one right."""

    number: int
    email: str
    name: str
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What an import would do, row by row in the order of the file, and what it needs to do it."""

    sheet: Sheet
    reports: tuple[RowReport, ...]
    attendees: tuple[Attendee, ...] = field(repr=False)

    def count(self, outcome: Outcome) -> int:
        return sum(report.outcome is outcome for report in self.reports)

    @property
    def refused(self) -> list[RowReport]:
        return [report for report in self.reports if report.outcome is Outcome.REFUSED]

    @property
    def counts(self) -> dict[str, int]:
        return {outcome.value: self.count(outcome) for outcome in Outcome}


Watch = Callable[[Sequence[Record]], Iterable[Record]]
"""Hands on the records one by one, and may tell somebody how far it has come."""


def read(event: Event, data: bytes, watch: Watch = iter) -> tuple[Sheet, list[Attendee]]:
    """Reads a file as a list for this event. Raises SheetError where it cannot be read at all."""
    known = Known(
        meetings=[(meeting.code, meeting.title) for meeting in event.meetings],
        partners=[partner.name for partner in event.partners],
    )
    sheet = sheets.read(data, rows.meaning(known), rows.REQUIRED)
    return sheet, [rows.interpret(record, known) for record in watch(sheet.records)]


def plan(session: Session, event: Event, data: bytes, watch: Watch = iter) -> Plan:
    """What importing this file would do. Writes nothing. Raises SheetError where the file cannot be read at all."""
    sheet, read_rows = read(event, data, watch)
    attendees, joined = join(read_rows)
    people, present = _known_people(session, {one.email for one in attendees if one.email}), _present(session, event)
    by_name: dict[str, list[str]] = {}
    for email, attendance in present.items():
        by_name.setdefault(key(attendance.person.name), []).append(email)
    reports = {}
    for one in attendees:
        person = people.get(one.email)
        namesakes = by_name.get(key(one.person.get("name", "")), []) if person is None else []
        reports[one.number] = _report(event, one, person, present.get(one.email), namesakes)
    first_of = {one.email: one.number for one in attendees}
    for one in joined:
        refused = reports[first_of[one.email]].outcome is Outcome.REFUSED
        reports[one.number] = RowReport(
            one.number,
            one.email,
            one.person.get("name", ""),
            Outcome.REFUSED if refused else Outcome.JOINED,
            reasons=(f"row {first_of[one.email]} has the same address and is refused",) if refused else (),
            notices=() if refused else (f"taken together with row {first_of[one.email]}, which has the same address",),
        )
    raw = {record.number: record.raw for record in sheet.records}
    ordered = tuple(_with_raw(reports[number], raw[number]) for number in sorted(reports))
    good = tuple(one for one in attendees if reports[one.number].outcome is not Outcome.REFUSED)
    return Plan(sheet, ordered, good)


def carry_out(session: Session, event: Event, planned: Plan, filename: str, actor: str | None = None) -> None:
    """Writes the rows that are not refused. The caller decides whether there may be refused ones at all.

    `planned` was made in this very transaction.
    """
    people, present = _known_people(session, {one.email for one in planned.attendees}), _present(session, event)
    for one in planned.attendees:
        person = people.get(one.email)
        if person is None:
            person = people[one.email] = Person(email=one.email, name=one.person["name"])
            session.add(person)
        for name, value in _person_values(one).items():
            setattr(person, name, value)
        attendance = present.get(one.email)
        if attendance is None:
            attendance = present[one.email] = Attendance(event_id=event.id, person=person)
            session.add(attendance)
            _describe(event, attendance, _as_new(event, one))
        else:
            _describe(event, attendance, one)
    session.flush()
    if planned.count(Outcome.MADE) or planned.count(Outcome.CHANGED) or planned.refused:
        audit.record(session, "attendees imported", event.code, {"file": filename, **planned.counts}, actor)


def _describe(event: Event, attendance: Attendance, one: Attendee) -> None:
    if one.roles is not None:
        held = {role.role: role for role in attendance.roles}
        attendance.roles = [held.get(role) or AttendanceRole(role=role) for role in one.roles]
    if one.meetings is not None:
        attendance.meetings = [meeting for meeting in event.meetings if meeting.code in one.meetings]
    if one.mode is not None:
        attendance.mode = one.mode


def _report(
    event: Event, one: Attendee, person: Person | None, attendance: Attendance | None, namesakes: Collection[str]
) -> RowReport:
    reasons = list(one.problems)
    if not one.person.get("name") and person is None:
        reasons.append("there is no name, and the address is not known yet")
    if attendance is None and one.meetings is None and len(event.meetings) > 1 and not reasons:
        codes = ", ".join(meeting.code for meeting in event.meetings)
        reasons.append(f"it does not say which meetings: {codes}, all, or none")
    name = one.person.get("name") or (person.name if person else "")
    if reasons:
        return RowReport(one.number, one.email, name, Outcome.REFUSED, reasons=tuple(reasons))
    notices = [f"there is a {name} already, as {address}: is this the same person?" for address in sorted(namesakes)]
    if attendance is None and one.roles is None:
        notices.append("no role is given: taken as a participant")
    described = one if attendance else _as_new(event, one)
    changes = tuple(_person_changes(described, person)) + tuple(_attendance_changes(event, described, attendance))
    if attendance is None:
        outcome = Outcome.MADE
        if person is not None:
            notices.append("known from another event")
    else:
        outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
    return RowReport(one.number, one.email, name, outcome, changes, notices=tuple(notices))


def _as_new(event: Event, one: Attendee) -> Attendee:
    """The row with what can be taken for granted about somebody who was not on the event's list yet."""
    meetings = one.meetings if one.meetings is not None else tuple(meeting.code for meeting in event.meetings)
    formats = {meeting.format for meeting in event.meetings if meeting.code in meetings}
    mode = one.mode
    if mode is None and formats == {Format.VIRTUAL}:
        mode = Mode.ONLINE
    elif mode is None and formats == {Format.IN_PERSON}:
        mode = Mode.IN_PERSON
    return replace(one, roles=one.roles or (Role.PARTICIPANT,), meetings=meetings, mode=mode)


def _person_values(one: Attendee) -> dict[str, Any]:
    return {name: Sector(value) if name == "sector" else value for name, value in one.person.items()}


def _person_changes(one: Attendee, person: Person | None) -> Iterable[Change]:
    for name, value in _person_values(one).items():
        before = getattr(person, name) if person else None
        if before != value:
            yield Change(name, _shown(before), _shown(value))


def _attendance_changes(event: Event, one: Attendee, attendance: Attendance | None) -> Iterable[Change]:
    roles = in_order(held.role for held in attendance.roles) if attendance else []
    meetings = [meeting.code for meeting in attendance.meetings] if attendance else []
    wanted = [meeting.code for meeting in event.meetings if one.meetings and meeting.code in one.meetings]
    if one.roles is not None and roles != list(one.roles):
        yield Change("roles", _shown(roles), _shown(one.roles))
    if one.meetings is not None and meetings != wanted:
        yield Change("meetings", _shown(meetings), _shown(wanted))
    mode = attendance.mode if attendance else None
    if one.mode is not None and mode != one.mode:
        yield Change("mode", _shown(mode), _shown(one.mode))


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_shown(part) for part in value)
    return "" if value is None else str(value)


def _with_raw(report: RowReport, raw: tuple[str, ...]) -> RowReport:
    return replace(report, raw=raw) if report.outcome is Outcome.REFUSED else report


def _known_people(session: Session, emails: Collection[str]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    wanted = sorted(emails)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        found.update((person.email, person) for person in session.scalars(select(Person).where(Person.email.in_(some))))
    return found


def _present(session: Session, event: Event) -> dict[str, Attendance]:
    return {attendance.person.email: attendance for attendance in operations.attendees(session, event)}


def refused_rows(planned: Plan) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the refused part of the file as it stood, with what is wrong in a column in front."""
    width = len(planned.sheet.header)
    header = ["what is wrong", *planned.sheet.header]
    return header, [["; ".join(one.reasons), *one.raw[:width]] for one in planned.refused]
