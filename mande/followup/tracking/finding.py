"""The planned actions that are wanted: the database selects, sorts and counts; only what is shown is loaded."""

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Integer
from sqlalchemy import Select
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload
from sqlalchemy.orm import selectinload

from mande import clock
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.events.roles import in_order
from mande.followup.figures import Tracked
from mande.followup.figures import is_overdue
from mande.followup.models import ENDED
from mande.followup.models import ActionOwner
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Verified
from mande.followup.tracking import conditions
from mande.followup.tracking import selecting
from mande.followup.tracking import wanted as asking
from mande.followup.tracking.conditions import IS_OPEN
from mande.followup.tracking.wanted import PAGE_LENGTH
from mande.followup.tracking.wanted import Wanted
from mande.searching import Plain
from mande.staff.models import StaffMember

_CHUNK = 500


@dataclass(frozen=True)
class Found:
    """How many actions are wanted, by status, and how many of them no list may tell of that leaves the house."""

    by_status: dict[Status, int]
    hidden: int

    @property
    def actions(self) -> int:
        return sum(self.by_status.values())

    @property
    def pages(self) -> int:
        return max(1, -(-self.actions // PAGE_LENGTH))


def count(session: Session, wanted: Wanted) -> Found:
    """How many actions are wanted, by status."""
    hidden = func.sum(case((conditions.is_hidden(), 1), else_=0))
    counted = select(PlannedAction.status, func.count(), hidden).where(*selecting.conditions_of(session, wanted))
    rows = session.execute(counted.group_by(PlannedAction.status)).all()
    numbers = {status: number for status, number, _hidden in rows}
    return Found({status: numbers.get(status, 0) for status in Status}, sum(row[2] for row in rows))


def number(session: Session, wanted: Wanted) -> int:
    """How many actions are wanted, and no more than that."""
    counted = select(func.count()).select_from(PlannedAction).where(*selecting.conditions_of(session, wanted))
    return session.scalar(counted) or 0


def page(session: Session, wanted: Wanted, found: Found) -> list[Tracked]:
    """One page of the actions that are wanted; beyond the end, the last page."""
    skipped = (min(wanted.number, found.pages) - 1) * PAGE_LENGTH
    shown = ordered(session, wanted).limit(PAGE_LENGTH).offset(skipped)
    return load(session, session.scalars(shown).all())


def ordered(session: Session, wanted: Wanted) -> Select[UUID]:
    """The ids of the actions that are wanted, in their order. What sorts alike is in the order of its id."""
    return (
        select(PlannedAction.id)
        .where(*selecting.conditions_of(session, wanted))
        .order_by(*_order(wanted.sort.removeprefix("-"), wanted.sort.startswith("-")), PlannedAction.id)
    )


def load(session: Session, ids: Sequence[UUID], reported: bool = False) -> list[Tracked]:
    """These actions in the same order, with event, theme, owners and roles loaded; `reported`: their updates too."""
    found: dict[UUID, Tracked] = {}
    for start in range(0, len(ids), _CHUNK):
        found.update(_load(session, ids[start : start + _CHUNK], reported))
    return [found[one] for one in ids if one in found]


def _order(by: str, falls: bool) -> list[Any]:
    action = PlannedAction
    if by == asking.NEXT:
        return [type_coerce(~IS_OPEN, Integer), action.by_when.asc().nulls_last()]
    if by == "by":
        return [(action.by_when.desc() if falls else action.by_when.asc()).nulls_last()]
    if by == "heard":
        if falls:
            return [action.heard_at.desc().nulls_last(), action.created_on.desc()]
        return [action.heard_at.asc().nulls_first(), action.created_on]
    key = _sorted_by(by)
    return [key.desc() if falls else key.asc()]


def _sorted_by(by: str) -> Any:
    action = PlannedAction
    match by:
        case "status":
            return case(*((action.status == one, place) for place, one in enumerate(Status)))
        case "verified":
            return case(*((action.verified == one, place) for place, one in enumerate(Verified)), else_=-1)
        case "event":
            return select(Plain(Event.code)).where(Event.id == action.event_id).scalar_subquery()
        case "owner":
            first = (
                select(Plain(Person.name))
                .join(FollowupLink, FollowupLink.person_id == Person.id)
                .join(ActionOwner, ActionOwner.link_id == FollowupLink.id)
                .where(ActionOwner.action_id == action.id)
                .order_by(ActionOwner.since, ActionOwner.id)
                .limit(1)
                .scalar_subquery()
            )
            member = select(Plain(StaffMember.name)).where(StaffMember.id == action.staff_id).scalar_subquery()
            return func.coalesce(first, member, "")
    return Plain(action.what)


def _load(session: Session, ids: Sequence[UUID], reported: bool) -> dict[UUID, Tracked]:
    link = selectinload(PlannedAction.owners).joinedload(ActionOwner.link)
    loaded = session.scalars(
        select(PlannedAction)
        .where(PlannedAction.id.in_(ids))
        .options(
            joinedload(PlannedAction.event),
            joinedload(PlannedAction.theme),
            link.joinedload(FollowupLink.person),
            link.joinedload(FollowupLink.attendance).selectinload(Attendance.roles),
            *([selectinload(PlannedAction.updates)] if reported else []),
        )
    ).all()
    quiet = conditions.quiet_links(session, {owner.link_id for action in loaded for owner in action.owners})
    return {action.id: _tracked(action, quiet) for action in loaded}


def _tracked(action: PlannedAction, quiet: Collection[UUID]) -> Tracked:
    attended = [owner.link.attendance for owner in action.owners if owner.link.attendance]
    return Tracked(
        action=action,
        roles=tuple(in_order({held.role for one in attended for held in one.roles})),
        overdue=is_overdue(action, clock.today(action.event.time_zone)),
        quiet=action.status not in ENDED and any(one.consent and one.link_id in quiet for one in action.owners),
        stopped=bool(action.owners) and all(owner.link.stopped for owner in action.owners),
    )
