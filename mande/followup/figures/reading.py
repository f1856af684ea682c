"""What became of the actions of one event or many, read in a handful of queries, however many there are."""

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import Person
from mande.events.models import Role
from mande.events.roles import asked_as
from mande.events.timing import zone_of
from mande.followup.desk.models import Verification
from mande.followup.figures.courses import Course
from mande.followup.figures.courses import Finding
from mande.followup.figures.courses import News
from mande.followup.models import ActionOwner
from mande.followup.models import Contribution
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Update

Wanted = ColumnElement[bool]
"""Which events: a condition on Event, such as `Event.code == code`."""
OWNERS_OWN = (Source.OWNER,)
THE_TEAMS = (Source.TEAM, Source.RECOMMENDATION)


@dataclass(frozen=True)
class _Owned:
    """Who owns an action, and the role and the sector of whoever wrote it down."""

    people: frozenset[UUID]
    role: Role | None
    sector: str | None


@dataclass(frozen=True)
class _When:
    """Where the days of an event are: its code, its last day, and what day it is there."""

    code: str
    zone: str
    ended_on: date | None
    today: date

    def day(self, moment: datetime) -> date:
        return moment.astimezone(zone_of(self.zone)).date()


def read(session: Session, wanted: Wanted, sources: Collection[Source] = OWNERS_OWN) -> list[Course]:
    """All actions of the events that are wanted, but those withdrawn. A joint action is counted with its first owner.

    `sources`: the owners' own by default; the team's own have no owners.
    """
    events = select(Event.id).where(wanted)
    actions = (
        select(
            PlannedAction.id,
            PlannedAction.event_id,
            PlannedAction.created_on,
            PlannedAction.theme_id,
            PlannedAction.status,
        )
        .where(
            PlannedAction.event_id.in_(events), PlannedAction.withdrawn.is_(False), PlannedAction.source.in_(sources)
        )
        .order_by(PlannedAction.created_on, PlannedAction.id)
    )
    times, found = _times(session, wanted), session.execute(actions).all()
    # Which event an action is of is read once: of thousands of rows most of the time goes into ids.
    whens = {row.id: times[row.event_id] for row in found}
    owned, told, findings = _owned(session, events), _told(session, events, whens), _findings(session, events, whens)
    nobody = _Owned(frozenset(), None, None)
    courses = []
    for action_id, _event_id, written_on, theme_id, status in found:
        when, owner = whens[action_id], owned.get(action_id, nobody)
        news, contribution = told.get(action_id, ((), None))
        groups = (
            ("theme", theme_id.hex if theme_id else None),
            ("role", owner.role),
            ("sector", owner.sector),
        )
        courses.append(
            Course(
                id=action_id, event=when.code, owners=owner.people, ended_on=when.ended_on or written_on,
                written_on=written_on, today=when.today,
                status=status if news or status is not Status.NOT_STARTED else None, news=news,
                findings=findings.get(action_id, ()), contribution=contribution, groups=groups,
            )
        )  # fmt: skip
    return courses


def _times(session: Session, wanted: Wanted) -> dict[UUID, _When]:
    ends = (
        select(Event.id, Event.code, Event.time_zone, func.max(Meeting.ends_at))
        .outerjoin(Meeting, Meeting.event_id == Event.id)
        .where(wanted)
        .group_by(Event.id, Event.code, Event.time_zone)
    )
    found: dict[UUID, _When] = {}
    for event_id, code, zone, ended in session.execute(ends):
        local = zone_of(zone)
        found[event_id] = _When(
            code, zone, ended.astimezone(local).date() if ended else None, clock.now().astimezone(local).date()
        )
    return found


def _owned(session: Session, events: Select[UUID]) -> dict[UUID, _Owned]:
    roles: dict[tuple[UUID, UUID], set[Role]] = defaultdict(set)
    held = (
        select(Attendance.event_id, Attendance.person_id, AttendanceRole.role)
        .join(AttendanceRole, AttendanceRole.attendance_id == Attendance.id)
        .join(
            FollowupLink,
            (FollowupLink.event_id == Attendance.event_id) & (FollowupLink.person_id == Attendance.person_id),
        )
        .where(Attendance.event_id.in_(events))
    )
    for event_id, person_id, role in session.execute(held):
        roles[event_id, person_id].add(role)
    owners = (
        select(ActionOwner.action_id, FollowupLink.event_id, Person.id, Person.sector)
        .join(FollowupLink, FollowupLink.id == ActionOwner.link_id)
        .join(Person, Person.id == FollowupLink.person_id)
        .where(FollowupLink.event_id.in_(events))
        .order_by(ActionOwner.since, ActionOwner.id)
    )
    found: dict[UUID, _Owned] = {}
    for action_id, event_id, person_id, sector in session.execute(owners):
        known = found.get(action_id)
        if known:
            found[action_id] = _Owned(known.people | {person_id}, known.role, known.sector)
        else:
            held_roles = roles.get((event_id, person_id))
            found[action_id] = _Owned(frozenset({person_id}), asked_as(held_roles) if held_roles else None, sector)
    return found


def _told(
    session: Session, events: Select[UUID], whens: dict[UUID, _When]
) -> dict[UUID, tuple[tuple[News, ...], Contribution | None]]:
    """What was said of each action, in order of time, and the last word on how far the event contributed."""
    updates = (
        select(
            Update.action_id, Update.happened_on, Update.reported_at, Update.status,
            Update.contribution,
        )
        .join(PlannedAction, PlannedAction.id == Update.action_id)
        .where(PlannedAction.event_id.in_(events))
        .order_by(Update.reported_at, Update.id)
    )  # fmt: skip
    news: dict[UUID, list[News]] = defaultdict(list)
    contribution: dict[UUID, Contribution] = {}
    for action_id, happened_on, reported_at, status, share in session.execute(updates):
        if action_id in whens:
            news[action_id].append((happened_on or whens[action_id].day(reported_at), status))
        if share:
            contribution[action_id] = share
    return {one: (_in_order(told), contribution.get(one)) for one, told in news.items()}


def _findings(session: Session, events: Select[UUID], whens: dict[UUID, _When]) -> dict[UUID, tuple[Finding, ...]]:
    found: dict[UUID, list[Finding]] = defaultdict(list)
    verified = (
        select(Verification.action_id, Verification.verified_at, Verification.level)
        .join(PlannedAction, PlannedAction.id == Verification.action_id)
        .where(PlannedAction.event_id.in_(events))
        .order_by(Verification.verified_at, Verification.id)
    )
    for action_id, verified_at, level in session.execute(verified):
        if action_id in whens:
            found[action_id].append((whens[action_id].day(verified_at), level))
    return {one: tuple(findings) for one, findings in found.items()}


def _in_order(news: Iterable[News]) -> tuple[News, ...]:
    """By day; what was said on the same day stays as it was told."""
    return tuple(sorted(news, key=lambda one: one[0]))
