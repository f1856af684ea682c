"""Taking an attendee list into an event: what each row would make, change or why it is refused.

`plan` only reads; `carrying.carry_out` writes what was planned, in the caller's transaction. An empty cell never erases
what is known, and taking the same list twice changes nothing the second time.
"""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Protocol
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from mande.events.importing import asides
from mande.events.importing import layouts
from mande.events.importing import presence
from mande.events.importing import remembering
from mande.events.importing import rows
from mande.events.importing import sheets
from mande.events.importing.carrying import carry_out as carry_out
from mande.events.importing.joining import join
from mande.events.importing.layouts import Layout
from mande.events.importing.layouts import Wish
from mande.events.importing.plans import Change as Change
from mande.events.importing.plans import Outcome as Outcome
from mande.events.importing.plans import Plan as Plan
from mande.events.importing.plans import RowReport as RowReport
from mande.events.importing.plans import Step as Step
from mande.events.importing.presence import Present
from mande.events.importing.rows import Attendee
from mande.events.importing.rows import Known
from mande.events.importing.sheets import Record
from mande.events.importing.sheets import SheetError
from mande.events.importing.sheets import Table
from mande.events.kinds import Format
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.models import Event
from mande.events.models import Person
from mande.events.records import people
from mande.events.records import sectors
from mande.events.words import key

ALL_FOUND_OUT = Wish()
T = TypeVar("T")
# A file as it came, or what was read of it before.
Data = bytes | Sequence[Table]


class Watch(Protocol):
    """Hands on items one by one, and may tell somebody how far `what` has come."""

    def __call__(self, what: str, items: Sequence[T], /) -> Iterable[T]: ...


def unwatched(_what: str, items: Sequence[T]) -> Iterable[T]:
    """Tells nobody."""
    return items


@dataclass(frozen=True)
class Reading:
    """A file as a list for an event: how it is laid out, its rows, and those that are nobody, with what they are."""

    layout: Layout
    attendees: list[Attendee]
    records: list[Record]
    others: list[tuple[Record, str]]
    remarks: tuple[str, ...]


def known(session: Session, event: Event) -> Known:
    """What a list for this event may speak of."""
    return Known(
        meetings=[(meeting.code, meeting.title) for meeting in event.meetings],
        partners=[partner.name for partner in event.partners],
        groups=[group.name for group in event.groups],
        sectors=sectors.known(session),
    )


def lay_out(session: Session, event: Event, data: Data, wish: Wish = ALL_FOUND_OUT) -> Layout:
    """How a file is read as a list for this event. Raises SheetError where it cannot be read at all."""
    return _laid_out(session, known(session, event), data, wish)


def read(session: Session, event: Event, data: Data, wish: Wish = ALL_FOUND_OUT, watch: Watch = unwatched) -> Reading:
    """Reads a file as a list for this event. Raises SheetError where it cannot be read at all."""
    about = known(session, event)
    layout = _laid_out(session, about, data, wish)
    if layout.sheets and not wish.sheet:
        raise SheetError(f"Several sheets hold a list: {', '.join(layout.sheets)}. Say which of them is meant.")
    found = sheets.records(layout.table, layout.start, layout.columns)
    if not found:
        raise SheetError("The file has a header and no row below it.")
    sheets.refuse_too_many(len(found))
    if "email" not in layout.columns:
        names = ", ".join(f"“{name}”" for name in layout.labels)
        where = f"Row {layout.row}, with the names, reads" if layout.row else "The columns are"
        raise SheetError(f"There is no column for: email. {where}: {names}.")
    records, others = asides.apart(found, layout.labels)
    attendees, told = rows.without_no_shows([rows.interpret(record, about) for record in watch("Reading", records)])
    return Reading(layout, attendees, records, others, (told,) if told else ())


def plan(session: Session, event: Event, data: Data, wish: Wish = ALL_FOUND_OUT, watch: Watch = unwatched) -> Plan:
    """What importing this file would do. Writes nothing. Raises SheetError where the file cannot be read at all."""
    reading = read(session, event, data, wish, watch)
    found = people.find_by_address(session, {address for one in reading.attendees for address in one.addresses})
    attendees, joined = join(reading.attendees, {address: person.email for address, person in found.items()})
    judge = _Judge(event, wish, found, presence.of(session, event))
    reports: dict[int, RowReport] = {}
    steps: list[Step] = []
    for one in watch("Comparing", attendees):
        reports[one.number], step = judge.judge(one)
        if step is not None:
            steps.append(step)
    for one in reading.attendees:
        if one.number in joined:
            reports[one.number] = _joined(one, joined[one.number], reports[joined[one.number]])
    for record, reason in reading.others:
        reports[record.number] = RowReport(record.number, "", "", Outcome.LEFT_OUT, reasons=(reason,))
    for record in reading.records:
        if reports[record.number].outcome is Outcome.REFUSED:
            reports[record.number] = replace(reports[record.number], raw=record.raw)
    return Plan(reading.layout, tuple(reports[number] for number in sorted(reports)), reading.remarks, tuple(steps))


def refused_rows(planned: Plan) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the refused part of the file as it stood, with what is wrong in a column in front."""
    width = len(planned.layout.labels)
    header = [layouts.WRONG, *planned.layout.labels]
    return header, [["; ".join(one.reasons), *one.raw[:width]] for one in planned.refused]


def decoded(about: Known, data: bytes) -> list[Table]:
    """The tables of a file. Raises SheetError where it cannot be read at all."""
    meaning = rows.meaning(about)
    return sheets.tables(data, lambda name: meaning(name) is not None)


def _laid_out(session: Session, about: Known, data: Data, wish: Wish) -> Layout:
    meaning = rows.meaning(about)
    tables = decoded(about, data) if isinstance(data, bytes) else data
    remembered = remembering.find(session, layouts.digests(tables))
    return layouts.lay_out(tables, meaning, wish, remembered, about.columns)


def _joined(one: Attendee, number: int, first: RowReport) -> RowReport:
    name = one.person.get("name", "")
    if first.outcome is Outcome.REFUSED:
        reason = f"row {number} is about the same person and is refused"
        return RowReport(one.number, one.email, name, Outcome.REFUSED, reasons=(reason,))
    notice = f"taken together with row {number}, which is about the same person"
    return RowReport(one.number, one.email, name, Outcome.JOINED, notices=(notice,))


class _Judge:
    """Compares rows with what is known: `found` are people by address, `present` who is at the event by person."""

    def __init__(self, event: Event, wish: Wish, found: Mapping[str, Person], present: Mapping[UUID, Present]) -> None:
        self.event = event
        self.wish = wish
        self.found = found
        self.present = present
        self.codes = tuple(meeting.code for meeting in event.meetings)
        self.formats = {meeting.code: meeting.format for meeting in event.meetings}
        self.namesakes: dict[str, list[str]] = {}
        for one in present.values():
            self.namesakes.setdefault(key(one.name), []).append(one.email)

    def judge(self, one: Attendee) -> tuple[RowReport, Step | None]:
        """What becomes of a row, and what is to be written for it, if anything."""
        name = one.person.get("name", "")
        if one.left_out:
            return RowReport(one.number, one.email, name, Outcome.LEFT_OUT, reasons=(one.left_out,)), None
        owners = {person.id: person for address in one.addresses if (person := self.found.get(address))}
        person = next(iter(owners.values()), None)
        present = self.present.get(person.id) if person else None
        reasons = self._reasons(one, list(owners.values()), present)
        name = name or (person.name if person else "")
        if reasons:
            return RowReport(one.number, one.email, name, Outcome.REFUSED, reasons=tuple(reasons)), None
        described = self._described(one, present)
        step, changes = self._step(described, person, present)
        outcome = Outcome.MADE if present is None else Outcome.CHANGED if changes else Outcome.UNCHANGED
        known_as = person.email if person and one.email != person.email else ""
        notices = self._notices(one, name, person, present)
        report = RowReport(one.number, one.email, name, outcome, changes, notices=notices, known_as=known_as)
        return report, step if outcome is not Outcome.UNCHANGED else None

    def _reasons(self, one: Attendee, owners: Sequence[Person], present: Present | None) -> list[str]:
        reasons = list(one.problems)
        if len(owners) > 1:
            named = " and ".join(f"{person.name} <{person.email}>" for person in owners)
            reasons.append(f"its addresses are of different people on record: {named}; make them one person first")
        if not one.person.get("name") and not owners:
            reasons.append("there is no name, and the address is not known yet")
        untold = one.meetings is None and self.wish.meetings is None and not one.came
        if present is None and untold and len(self.codes) > 1 and not reasons:
            reasons.append(f"it does not say which meetings: {', '.join(self.codes)}, all, or none")
        return reasons

    def _notices(self, one: Attendee, name: str, person: Person | None, present: Present | None) -> tuple[str, ...]:
        notices = list(one.notices)
        if person is None:
            twins = sorted(self.namesakes.get(key(name), []))
            notices += [f"there is a {name} already, as {address}: is this the same person?" for address in twins]
        elif one.email != person.email:
            notices.append(f"known as {person.email}, which stays the main address")
        if present is None and one.roles is None and self.wish.role is None:
            notices.append("no role is given: taken as a participant")
        if present is None and one.came and one.meetings is None and self.wish.meetings is None and len(self.codes) > 1:
            notices.append("checked in: taken as having attended every meeting")
        if present is None and person is not None:
            notices.append("known from another event")
        return tuple(notices)

    def _described(self, one: Attendee, present: Present | None) -> Attendee:
        """The row with what staff said of the whole list, and what can be taken for granted about a newcomer."""
        if present is not None:
            if one.meetings is None and self.wish.meetings:
                held = {*present.meetings, *self.wish.meetings}
                return replace(one, meetings=tuple(code for code in self.codes if code in held))
            return one
        meetings = one.meetings if one.meetings is not None else self.wish.meetings
        meetings = self.codes if meetings is None else meetings
        formats = {self.formats[code] for code in meetings}
        mode = one.mode
        if mode is None and formats == {Format.VIRTUAL}:
            mode = Mode.ONLINE
        elif mode is None and formats == {Format.IN_PERSON}:
            mode = Mode.IN_PERSON
        roles = one.roles or (self.wish.role or Role.PARTICIPANT,)
        return replace(one, roles=roles, meetings=meetings, mode=mode)

    def _step(self, one: Attendee, person: Person | None, present: Present | None) -> tuple[Step, tuple[Change, ...]]:
        values: dict[str, Any] = {**one.person, **({"discreet": True} if one.discreet else {})}
        changed = {name: value for name, value in values.items() if not person or getattr(person, name) != value}
        changes = [
            Change(name, shown(getattr(person, name)) if person else "", shown(value))
            for name, value in changed.items()
        ]
        further = tuple(one.further if person is None else (a for a in one.addresses if a not in self.found))
        if further:
            changes.append(Change("further addresses", "", shown(further)))
        meetings = None if one.meetings is None else tuple(code for code in self.codes if code in one.meetings)
        wanted = {"roles": one.roles, "meetings": meetings, "mode": one.mode, "group": one.group}
        to_set: dict[str, Any] = {}
        for name, value in wanted.items():
            before = getattr(present, name) if present else None
            if value is not None and value != before:
                to_set[name] = value
                changes.append(Change(name, shown(before), shown(value) or "none"))
        step = Step(
            one.email, person.id if person else None, present.id if present else None, changed, further, **to_set
        )
        return step, tuple(changes)


def shown(value: Any) -> str:
    """A value as staff read it; empty for nothing."""
    if isinstance(value, list | tuple):
        return ", ".join(shown(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)
