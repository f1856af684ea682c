"""Reads who attended, of one event or of many, as codes and numbers: no name leaves this module."""

from collections import Counter
from collections.abc import Hashable
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import case
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.describing.oda import is_recipient
from mande.events.describing.regions import region
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import Person
from mande.events.models import StakeholderGroup
from mande.reports.answers.grouped import Grouped
from mande.reports.models import Score
from mande.reports.reach import people
from mande.reports.reach.people import UNKNOWN
from mande.reports.reach.people import Attendee
from mande.reports.reach.people import Tally
from mande.surveys.models import Survey

G = TypeVar("G", bound=Hashable)

COULD_FOLLOW = "inclusion_access.connection"
"""The question of the library that asks those online whether connection and equipment let them follow and speak."""

Counted = Counter[Attendee]


def of_event(session: Session, event: Event) -> Counted:
    """How many attended of each sort."""
    groups = {group.id: group.name for group in event.groups}
    start = _starts(session, Event.id == event.id).get(event.id)
    counted: Counted = Counter()
    for row in _rows(session, Event.id == event.id, Attendance.group_id):
        counted[_attendee(row, start.year if start else None, groups.get(row.group_id))] += row.number
    return counted


def wanted_of(event: Event) -> dict[str, int | None]:
    """The stakeholder groups of an event in their order, and how many were sought of each."""
    return {group.name: group.sought for group in event.groups}


def tally(counted: Counted, wanted: Mapping[str, int | None]) -> Tally:
    """The sums over the attendees of one event, of whose stakeholder groups so many were wanted."""
    came = [(many, sum(n for one, n in counted.items() if one.group == name)) for name, many in wanted.items()]
    return people.tally(counted) + people.sought(came)


def by_year(session: Session, condition: ColumnElement[bool]) -> dict[int, Tally]:
    """The sums of the events that the condition selects, by the year in which they began, the latest first."""
    found = by_group(session, condition, years(session, condition))
    return {year: found[year] for year in sorted(found, reverse=True)}


def by_group(session: Session, condition: ColumnElement[bool], groups: Mapping[UUID, G]) -> dict[G, Tally]:
    """The sums of the events that the condition selects, by the group in which each is; those in none are left out."""
    # Which countries receive assistance depends on the year, so that the database tells the years of a group apart.
    began = years(session, condition)
    grouped = Grouped(session, {event: (group, began[event]) for event, group in groups.items() if event in began})
    counted: dict[G, Counted] = {}
    place = grouped.table.c.number.label("place")
    within = _counted(place).join(grouped.table, grouped.table.c.event_id == Attendance.event_id).where(condition)
    for row in session.execute(within):
        group, year = grouped.groups[row.place]
        counted.setdefault(group, Counter())[_attendee(row, year)] += row.number
    sought = _sought(session, condition, groups)
    return {group: people.tally(found) + people.sought(sought.get(group, ())) for group, found in counted.items()}


def could_follow(session: Session, condition: ColumnElement[bool]) -> dict[UUID, tuple[int, int]]:
    """By event, how many of those online said that they could follow and speak, and how many answered."""
    rows = session.execute(
        select(Survey.event_id, func.sum(Score.favourable), func.sum(Score.n))
        .join(Survey, Survey.id == Score.survey_id)
        .join(Event, Event.id == Survey.event_id)
        .where(Score.question == COULD_FOLLOW, condition)
        .group_by(Survey.event_id)
    )
    return {event: (int(favourable), int(n)) for event, favourable, n in rows}


def years(session: Session, condition: ColumnElement[bool]) -> dict[UUID, int]:
    """The year in which each event began."""
    return {event: start.year for event, start in _starts(session, condition).items()}


def _rows(session: Session, condition: ColumnElement[bool], *more: ColumnElement[Any] | Any) -> Iterator[Any]:
    """How many attendees there are of each sort, told apart by `more` too."""
    return iter(session.execute(_counted(*more).where(condition)))


def _counted(*more: ColumnElement[Any] | Any) -> Select[Any]:
    speaks = case(
        (exists().where(AttendanceRole.attendance_id == Attendance.id, AttendanceRole.role == Role.SPEAKER), 1), else_=0
    )
    told = (Person.gender, Person.sector, Person.country, Person.language, Attendance.mode, *more)
    return (
        select(speaks.label("speaks"), *told, func.count().label("number"))
        .join_from(Attendance, Person, Person.id == Attendance.person_id)
        .join(Event, Event.id == Attendance.event_id)
        .group_by(speaks, *told)
    )


def _attendee(row: Any, year: int | None, group: str | None = None) -> Attendee:
    return _known(bool(row.speaks), row.gender, row.sector, row.country, row.language, row.mode, year, group)


@lru_cache(maxsize=65536)
def _known(
    speaks: bool,
    gender: str | None,
    sector: str | None,
    country: str | None,
    language: str | None,
    mode: Mode | None,
    year: int | None,
    group: str | None,
) -> Attendee:
    eligible = is_recipient(country, date(year, 1, 1)) if year else None
    return Attendee(
        speaks=speaks,
        gender=people.gender(gender),
        sector=sector or UNKNOWN,
        region=region(country) or UNKNOWN,
        country=country or UNKNOWN,
        oda=UNKNOWN if eligible is None else people.YES if eligible else "no",
        mode=mode.value if mode else UNKNOWN,
        language=language or UNKNOWN,
        group=group,
    )


def _sought(
    session: Session, condition: ColumnElement[bool], groups: Mapping[UUID, G]
) -> dict[G, list[tuple[int | None, int]]]:
    """By group of events, how many of each stakeholder group were sought and came."""
    came = (
        select(func.count()).where(Attendance.group_id == StakeholderGroup.id).correlate(StakeholderGroup)
    ).scalar_subquery()
    rows = session.execute(
        select(StakeholderGroup.event_id, StakeholderGroup.sought, came.label("came")).join(Event).where(condition)
    )
    found: dict[G, list[tuple[int | None, int]]] = {}
    for row in rows:
        if row.event_id in groups:
            found.setdefault(groups[row.event_id], []).append((row.sought, row.came))
    return found


def _starts(session: Session, condition: ColumnElement[bool]) -> dict[UUID, date]:
    """The day on which each event began, as its own clocks showed it."""
    rows = session.execute(
        select(Meeting.event_id, Event.time_zone, func.min(Meeting.starts_at))
        .join(Event, Event.id == Meeting.event_id)
        .where(condition)
        .group_by(Meeting.event_id, Event.time_zone)
    )
    return {event: start.astimezone(ZoneInfo(zone)).date() for event, zone, start in rows}
