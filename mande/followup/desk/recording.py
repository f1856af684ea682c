"""Recording what the team was told: by telephone, at a meeting, by e-mail. It counts as news, as a report by link does.

What was told earlier than something already known does not take its place: the latest words stand.
"""

from dataclasses import asdict
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.followup import history
from mande.followup import operations
from mande.followup.asking import checkins
from mande.followup.models import ENDED
from mande.followup.models import Channel
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import Contribution
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Update

_KEPT_ELSEWHERE = ("by_when",)


@dataclass(frozen=True)
class Told:
    """What the team was told about an action on a day.

    By the owner of `link_id` or (None) by somebody who spoke for them. `by_when` is a new date; None leaves the old.
    """

    channel: Channel
    happened_on: date
    status: Status
    link_id: UUID | None = None
    what_changed: str = ""
    significance: str = ""
    contribution: Contribution | None = None
    factors: str = ""
    evidence: str = ""
    by_when: date | None = None


def record(session: Session, action: PlannedAction, told: Told, email: str) -> Update:
    """Adds what was told to an action, in the name of the member with this address.

    An owner's own words answer the question that they were asked last, unless they were said before it was asked.
    """
    links = [owner.link_id for owner in action.owners]
    _lock(session, links)
    session.refresh(action, ["updates", "status", "by_when"])
    kept = {name: value for name, value in asdict(told).items() if name not in _KEPT_ELSEWHERE}
    moved = told.status not in ENDED and told.by_when not in (None, action.by_when)
    if not moved and (twice := _same(action, {**kept, "recorded_by": email})):
        return twice
    at = _moment(told.happened_on, action.event.time_zone)
    answered = _answer(session, told, action.event.time_zone) if told.link_id in links else None
    update = Update(
        action_id=action.id,
        check_in_id=answered.id if answered else None,
        recorded_by=email,
        reported_at=at,
        **kept,
    )
    before = {"channel": None, "happened_on": None, "status": action.status, "by_when": action.by_when}
    _keep(action, update)
    if moved:
        operations.move(action, told.by_when)
    after = {"channel": told.channel, "happened_on": told.happened_on, "status": action.status,
             "by_when": action.by_when}  # fmt: skip
    session.flush()
    history.by_team(session, action, email, "recorded", history.changed(before, after))
    checkins.schedule_check_ins(session, links)
    return update


def _same(action: PlannedAction, kept: dict[str, Any]) -> Update | None:
    """What was added last, where it is the very same: a form that was sent twice is recorded once."""
    last = action.updates[-1] if action.updates else None
    return last if last and all(getattr(last, name) == value for name, value in kept.items()) else None


def _keep(action: PlannedAction, update: Update) -> None:
    later = [one for one in action.updates if one.reported_at > update.reported_at]
    if not later:
        operations.keep_report(action, update)
        return
    action.updates.append(update)
    for owner in action.owners:
        if owner.link_id == update.link_id and all(one.link_id != owner.link_id for one in later):
            owner.status = update.status


def _moment(happened_on: date, zone: str) -> datetime:
    """Now, for what was told today; else the middle of that day where the event was."""
    now = clock.now()
    return min(now, datetime.combine(happened_on, time(12), ZoneInfo(zone))) if happened_on < clock.today(zone) else now


def _answer(session: Session, told: Told, zone: str) -> CheckIn | None:
    asked = session.scalar(
        select(func.max(CheckIn.asked_at)).where(CheckIn.link_id == told.link_id, CheckIn.state == CheckInState.ASKED)
    )
    if told.link_id is None or asked is None:
        return None
    # A question that is still in the outbox is answered by what was said today.
    asked_on = min(asked, clock.now()).astimezone(ZoneInfo(zone)).date()
    return checkins.answer_latest(session, told.link_id) if told.happened_on >= asked_on else None


def _lock(session: Session, links: list[UUID]) -> None:
    """What owners do by their links at the same moment comes before or after, and never in between."""
    session.execute(
        select(FollowupLink.id).where(FollowupLink.id.in_(links)).order_by(FollowupLink.id).with_for_update()
    )
