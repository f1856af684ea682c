"""Reminders that members of the team set themselves: adding them, what is due, and done."""

from collections.abc import Sequence
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.models import Event
from mande.followup.desk.models import TeamReminder
from mande.followup.models import PlannedAction
from mande.staff.models import StaffMember

MORNING = time(9)
# No place on earth is further ahead of UTC.
FURTHEST_AHEAD = timedelta(hours=14)
DONE_SHOWN = 20


def add(session: Session, action: PlannedAction, member: StaffMember, on_day: date, words: str) -> TeamReminder:
    """Reminds a member of an action on a day, from nine in the morning on where the event was.

    No message is written about one that is due as soon as it is set: whoever set it has just seen it.
    """
    for known in about(session, action.id, member.id):
        if known.done_at is None and (known.on_day, known.words) == (on_day, words):
            return known
    now = clock.now()
    due = rings_at(on_day, action.event.time_zone) <= now
    reminder = TeamReminder(
        action=action, staff_id=member.id, on_day=on_day, words=words, told_at=now if due else None
    )  # fmt: skip
    session.add(reminder)
    session.flush()
    return reminder


def rings_at(on_day: date, zone: str) -> datetime:
    """The morning of a day in a time zone."""
    return datetime.combine(on_day, MORNING, ZoneInfo(zone))


def has_rung(reminder: TeamReminder, now: datetime) -> bool:
    """Whether the morning of its day has come where its event was."""
    return rings_at(reminder.on_day, reminder.action.event.time_zone) <= now


def set_done(reminder: TeamReminder, done: bool) -> None:
    reminder.done_at = clock.now() if done else None


def about(session: Session, action_id: UUID, member_id: UUID) -> list[TeamReminder]:
    """A member's reminders of one action, those not done first, the earliest first."""
    mine = _of(member_id).where(TeamReminder.action_id == action_id)
    return list(session.scalars(mine.order_by(TeamReminder.done_at.is_not(None), TeamReminder.on_day, TeamReminder.id)))


def open_ones(session: Session, member_id: UUID) -> list[TeamReminder]:
    """What a member still wants to be reminded of, the earliest first: overdue ones come before others."""
    mine = _of(member_id).where(TeamReminder.done_at.is_(None))
    return list(session.scalars(mine.order_by(TeamReminder.on_day, TeamReminder.id)))


def done_ones(session: Session, member_id: UUID) -> list[TeamReminder]:
    """The reminders that a member marked as done last."""
    mine = _of(member_id).where(TeamReminder.done_at.is_not(None))
    return list(session.scalars(mine.order_by(TeamReminder.done_at.desc(), TeamReminder.id).limit(DONE_SHOWN)))


def own(session: Session, member_id: UUID, reminder_id: UUID) -> TeamReminder | None:
    """A member's own reminder."""
    return session.scalars(_of(member_id).where(TeamReminder.id == reminder_id)).one_or_none()


def due(reminders: Sequence[TeamReminder]) -> list[TeamReminder]:
    """Those of them whose day has come where their event was."""
    return [one for one in reminders if one.on_day <= clock.today(one.action.event.time_zone)]


def overdue(reminders: Sequence[TeamReminder]) -> list[TeamReminder]:
    """Those of them whose day is past where their event was."""
    return [one for one in reminders if one.on_day < clock.today(one.action.event.time_zone)]


def due_for(session: Session, member_id: UUID) -> int:
    """How many reminders of a member are due and not done."""
    latest = (clock.now() + FURTHEST_AHEAD).date()
    open_so_far = (
        select(TeamReminder.on_day, Event.time_zone)
        .join(TeamReminder.action)
        .join(PlannedAction.event)
        .where(TeamReminder.staff_id == member_id, TeamReminder.done_at.is_(None), TeamReminder.on_day <= latest)
    )
    return sum(row.on_day <= clock.today(row.time_zone) for row in session.execute(open_so_far))


def _of(member_id: UUID) -> Select[TeamReminder]:
    event = joinedload(TeamReminder.action).joinedload(PlannedAction.event)
    return select(TeamReminder).where(TeamReminder.staff_id == member_id).options(event)
