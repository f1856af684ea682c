"""The lists of events and of attendees: what is wanted, what is found, in which order."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import selectinload

from mande import clock
from mande.events.asking import asking
from mande.events.countries import country_name
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.roles import in_order
from mande.events.schedule import Asking
from mande.events.schedule import State
from mande.events.schedule import state
from mande.events.words import key

EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class EventLine:
    """One event in the list."""

    event: Event
    attendees: int
    state: State
    asking: Asking

    @property
    def begins(self) -> datetime:
        return self.event.meetings[0].starts_at if self.event.meetings else EARLIEST


EVENT_ORDERS: Mapping[str, Callable[[EventLine], Any]] = {
    "code": lambda line: key(line.event.code),
    "title": lambda line: key(line.event.title),
    "date": lambda line: line.begins,
    "attendees": lambda line: line.attendees,
    "state": lambda line: list(State).index(line.state),
}


@dataclass(frozen=True)
class EventFilter:
    """Which events are wanted and in which order; what is empty asks for nothing."""

    text: str = ""
    state: str = ""
    sort: str = "-date"

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "EventFilter":
        return cls(
            text=args.get("text", "").strip()[:200],
            state=value if (value := args.get("state", "")) in list(State) else "",
            sort=_order(args.get("sort", ""), EVENT_ORDERS, cls.sort),
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed."""
        values = {"text": self.text, "state": self.state, "sort": self.sort, **changes}
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", EventFilter.sort)}


def events(session: Session, wanted: EventFilter) -> list[EventLine]:
    """The events that are wanted, in a few statements however many there are."""
    counted = (
        select(Attendance.event_id, func.count().label("people")).group_by(Attendance.event_id).subquery("counted")
    )
    found = session.execute(
        select(Event, func.coalesce(counted.c.people, 0))
        .outerjoin(counted, counted.c.event_id == Event.id)
        .options(selectinload(Event.meetings), selectinload(Event.partners))
    ).all()
    now = clock.now()
    asked = asking(session, [event for event, _people in found])
    lines = [
        EventLine(event, people, state(event.meetings, now, asked[event.id]), asked[event.id])
        for event, people in found
    ]
    sought = key(wanted.text)
    lines = [
        line
        for line in lines
        if (not wanted.state or line.state == wanted.state) and sought in key(f"{line.event.code} {line.event.title}")
    ]
    return _sorted(lines, wanted.sort, EVENT_ORDERS, lambda line: key(line.event.code))


ATTENDEE_ORDERS: Mapping[str, Callable[[Attendance], Any]] = {
    "name": lambda one: key(one.person.name),
    "organisation": lambda one: key(one.person.organisation or ""),
    "country": lambda one: key(country_name(one.person.country)),
    "role": lambda one: [list(Role).index(role) for role in held(one)],
    "sector": lambda one: one.person.sector or "",
}


@dataclass(frozen=True)
class AttendeeFilter:
    """Which attendees are wanted and in which order; what is empty asks for nothing."""

    text: str = ""
    role: str = ""
    meeting: str = ""
    sector: str = ""
    sort: str = "name"

    @classmethod
    def read(cls, args: Mapping[str, str], event: Event) -> "AttendeeFilter":
        return cls(
            text=args.get("text", "").strip()[:200],
            role=_one_of(args.get("role", ""), list(Role)),
            meeting=_one_of(args.get("meeting", ""), [meeting.code for meeting in event.meetings]),
            sector=_one_of(args.get("sector", ""), [*Sector, "unknown"]),
            sort=_order(args.get("sort", ""), ATTENDEE_ORDERS, cls.sort),
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed."""
        values = {
            "text": self.text, "role": self.role, "meeting": self.meeting, "sector": self.sector, "sort": self.sort,
            **changes,
        }  # fmt: skip
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", "name")}


def select_attendees(people: Sequence[Attendance], wanted: AttendeeFilter) -> list[Attendance]:
    """Those of the attendances (loaded with person, roles and meetings) that are wanted."""
    sought = key(wanted.text)

    def fits(one: Attendance) -> bool:
        person = one.person
        told = key(f"{person.name} {person.email} {person.organisation or ''} {country_name(person.country)}")
        return (
            sought in told
            and (not wanted.role or wanted.role in held(one))
            and (not wanted.meeting or wanted.meeting in [meeting.code for meeting in one.meetings])
            and (not wanted.sector or wanted.sector == (person.sector or "unknown"))
        )

    return _sorted([one for one in people if fits(one)], wanted.sort, ATTENDEE_ORDERS, ATTENDEE_ORDERS["name"])


def held(one: Attendance) -> list[Role]:
    """The roles of an attendance, the one that the person is asked in first."""
    return in_order(role.role for role in one.roles)


def attendee_row(one: Attendance) -> list[str]:
    """An attendance as a row that the import takes back; columns as ATTENDEE_HEADER."""
    person = one.person
    return [
        person.name, person.email, person.organisation or "", person.position or "", person.country or "",
        (person.sector or "").replace("_", " "), person.gender or "", person.language or "", "; ".join(held(one)),
        "; ".join(meeting.code for meeting in one.meetings) or "none", (one.mode or "").replace("_", " "),
        person.time_zone or "",
    ]  # fmt: skip


ATTENDEE_HEADER = (
    "name", "e-mail", "organisation", "position", "country", "sector", "gender", "language", "role", "meetings",
    "mode", "time zone",
)  # fmt: skip


def _order(asked: str, orders: Mapping[str, object], default: str) -> str:
    return asked if asked.removeprefix("-") in orders else default


def _one_of(asked: str, allowed: Sequence[str]) -> str:
    return asked if asked in allowed else ""


def _sorted(
    lines: list[Any], sort: str, orders: Mapping[str, Callable[[Any], Any]], then: Callable[[Any], Any]
) -> list[Any]:
    """Stable: what is equal stands in the order of `then`, whichever way the list runs."""
    lines.sort(key=then)
    lines.sort(key=orders[sort.removeprefix("-")], reverse=sort.startswith("-"))
    return lines
