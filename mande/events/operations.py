"""What can be asked about events and the people at them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload
from sqlalchemy.orm import selectinload

from mande.events.kinds import Role
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import Person
from mande.events.roles import asked_as
from mande.events.roles import in_order


class EventNotFoundError(LookupError):
    """There is no event with this code. The text names those that exist."""


def find(session: Session, code: str) -> Event:
    """The event with this code, in whatever case it is written. Raises EventNotFoundError."""
    event = get(session, code)
    if event is None:
        known = list(session.scalars(select(Event.code).order_by(Event.code)))
        there_are = f"There are: {', '.join(known)}." if known else "There is none yet: see `mande events load --help`."
        raise EventNotFoundError(f"There is no event {code!r}. {there_are}")
    return event


def get(session: Session, code: str) -> Event | None:
    """The event with this code, in whatever case it is written, or None."""
    return session.scalars(
        select(Event)
        .where(func.lower(Event.code) == code.strip().lower())
        .options(selectinload(Event.meetings), selectinload(Event.partners), selectinload(Event.outcomes))
    ).one_or_none()


def attendees(session: Session, event: Event) -> list[Attendance]:
    """Everybody at the event by name, each with person, group, roles and meetings loaded: four statements in all."""
    return list(
        session.scalars(
            select(Attendance)
            .join(Attendance.person)
            .where(Attendance.event_id == event.id)
            .options(
                joinedload(Attendance.person),
                joinedload(Attendance.group),
                selectinload(Attendance.roles),
                selectinload(Attendance.meetings),
            )
            .order_by(Person.name, Person.email)
        )
    )


@dataclass(frozen=True)
class Turnout:
    """How many people of each role came: as each is asked, to each meeting and to the event."""

    people: int
    several_roles: int
    asked_as: dict[Role, int]
    by_meeting: list[tuple[Meeting, dict[Role, int]]]
    every_meeting: int


def turnout(event: Event, people: Sequence[Attendance]) -> Turnout:
    """Counts attendances whose roles and meetings are loaded. Each person counts once, as they are asked."""
    as_asked = {attendance.id: asked_as([held.role for held in attendance.roles]) for attendance in people}
    by_meeting = []
    for meeting in event.meetings:
        there = [one for one in people if any(attended.id == meeting.id for attended in one.meetings)]
        by_meeting.append((meeting, dict(Counter(as_asked[one.id] for one in there))))
    return Turnout(
        people=len(people),
        several_roles=sum(len(one.roles) > 1 for one in people),
        asked_as=dict(Counter(as_asked.values())),
        by_meeting=by_meeting,
        every_meeting=sum(len(one.meetings) == len(event.meetings) for one in people),
    )


def count(session: Session) -> int:
    """How many events there are."""
    return session.scalar(select(func.count()).select_from(Event)) or 0


def lock(session: Session, event: Event) -> None:
    """Lets nobody else who locks this event go on until the transaction ends (on SQLite nobody writes anyway)."""
    session.execute(select(Event.id).where(Event.id == event.id).with_for_update())


def held(one: Attendance) -> list[Role]:
    """The roles of an attendance, the one that the person is asked in first."""
    return in_order(role.role for role in one.roles)
