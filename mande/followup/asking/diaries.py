"""What the schedule must know of people, read for many of them at once: a handful of statements however many."""

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from mande import clock
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import Person
from mande.events.timing import zone_of as zone_among
from mande.followup.asking import schedule
from mande.followup.asking.days import Days
from mande.followup.asking.days import Period
from mande.followup.asking.days import weekend
from mande.followup.asking.schedule import Part
from mande.followup.asking.schedule import Plan
from mande.followup.models import ENDED
from mande.followup.models import ActionOwner
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import QuietPeriod

WAS_ASKED = (CheckInState.ASKED, CheckInState.ANSWERED)
SETTLED = (*WAS_ASKED, CheckInState.SKIPPED)
# The actions about which their owners may be asked.
MAY_BE_ASKED = (
    ActionOwner.consent.is_(True),
    PlannedAction.withdrawn.is_(False),
    PlannedAction.status.not_in(ENDED),
)

Quiet = Mapping[UUID | None, Sequence[Period]]


@dataclass(frozen=True)
class Diary:
    """One person: their part at each event and all of their check-ins, by link."""

    person_id: UUID
    parts: Mapping[UUID, Part]
    known: Mapping[UUID, Sequence[CheckIn]]

    def plan(self) -> Plan:
        return schedule.plan(self.parts.values(), clock.now())


def read(session: Session, people: Collection[UUID]) -> list[Diary]:
    """The diaries of these people, in the order of their ids. Whoever has no link has none."""
    _plan_each_query(session)
    rows = session.execute(_links(people)).all()
    links = [row.id for row in rows]
    known = _check_ins(session, links)
    told = _open(session, links)
    quiet = quiet_periods(session, {row.event_id for row in rows})
    found: dict[UUID, dict[UUID, Part]] = defaultdict(dict)
    for row in rows:
        found[row.person_id][row.id] = _part(row, told[row.id], known[row.id], quiet)
    return [
        Diary(person_id, parts, {link: known[link] for link in parts}) for person_id, parts in sorted(found.items())
    ]


def _plan_each_query(session: Session) -> None:
    """Lets PostgreSQL plan each query for the ids in it, until the transaction ends.

    After some executions it would settle for one plan whatever the ids are, which reads whole tables: a batch of 200
    people then takes half a second more with 10,000 actions stored, and five with 100,000.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


def quiet_periods(session: Session, events: Collection[UUID]) -> Quiet:
    """The quiet periods of the house (None) and of these events that are not long over."""
    found: dict[UUID | None, list[Period]] = defaultdict(list)
    recent = clock.now().date() - schedule.APART
    mine = or_(QuietPeriod.event_id.is_(None), QuietPeriod.event_id.in_(events))
    columns = select(QuietPeriod.event_id, QuietPeriod.starts_on, QuietPeriod.ends_on)
    for event_id, starts_on, ends_on in session.execute(columns.where(mine, QuietPeriod.ends_on >= recent)):
        found[event_id].append((starts_on, ends_on))
    return found


def days_of(zone: str, country: str | None, event: Any, quiet: Quiet) -> Days:
    """When somebody in this zone and country may be asked about an event (a row with its `checkin_` columns)."""
    return Days(
        zone,
        weekend(country),
        time.fromisoformat(event.checkin_from),
        time.fromisoformat(event.checkin_until),
        (*quiet.get(None, ()), *quiet.get(event.event_id, ())),
    )


def _links(people: Collection[UUID]) -> Any:
    ended_at = select(func.max(Meeting.ends_at)).where(Meeting.event_id == Event.id).scalar_subquery()
    return (
        select(
            FollowupLink.id,
            FollowupLink.person_id,
            FollowupLink.event_id,
            FollowupLink.stopped,
            FollowupLink.snoozed_until,
            Person.country,
            Person.time_zone,
            Event.time_zone.label("event_zone"),
            Event.checkin_months,
            Event.checkin_days_before,
            Event.checkin_from,
            Event.checkin_until,
            ended_at.label("ended_at"),
        )
        .join(FollowupLink.event)
        .join(FollowupLink.person)
        .where(FollowupLink.person_id.in_(people))
    )


def _check_ins(session: Session, links: Collection[UUID]) -> dict[UUID, list[CheckIn]]:
    found: dict[UUID, list[CheckIn]] = defaultdict(list)
    # As it is now: somebody else may have changed it before this transaction got its lock.
    anew = {"populate_existing": True}
    mine = select(CheckIn).where(CheckIn.link_id.in_(links)).order_by(CheckIn.due_at, CheckIn.id)
    for check_in in session.scalars(mine, execution_options=anew):
        found[check_in.link_id].append(check_in)
    return found


def _open(session: Session, links: Collection[UUID]) -> dict[UUID, list[Any]]:
    """What is open, by link: the day of writing down, the moment of the last report, the own date."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    columns = select(ActionOwner.link_id, PlannedAction.created_on, PlannedAction.heard_at, PlannedAction.by_when)
    mine = columns.join(ActionOwner.action).where(ActionOwner.link_id.in_(links), *MAY_BE_ASKED)
    for row in session.execute(mine):
        found[row.link_id].append(row)
    return found


def _part(row: Row[Any], actions: Sequence[Any], known: Sequence[CheckIn], quiet: Quiet) -> Part:
    days = days_of(zone_among(row.time_zone, row.event_zone).key, row.country, row, quiet)
    scheduled = [one for one in known if one.state is CheckInState.SCHEDULED]
    return Part(
        key=row.id,
        days=days,
        ended_on=row.ended_at.astimezone(zone_among(row.event_zone)).date() if row.ended_at else None,
        months=row.checkin_months,
        told=[] if row.stopped else [_news(one, days) for one in actions],
        own_dates=[one.by_when for one in actions if one.by_when],
        days_before=row.checkin_days_before,
        asked=[one.asked_at for one in known if one.state in WAS_ASKED and one.asked_at],
        settled=[one.step for one in known if one.state in SETTLED],
        planned={one.step: one.due_at for one in scheduled},
        moved={one.step: one.moved_to for one in scheduled if one.moved_to},
        snoozed_until=row.snoozed_until,
    )


def _news(action: Any, days: Days) -> date:
    written: date = action.created_on
    return max(written, days.day_of(action.heard_at)) if action.heard_at else written
