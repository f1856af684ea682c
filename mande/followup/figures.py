"""What planned actions add up to, and who may see which of them.

Two audiences: "team" sees everything that is not withdrawn. "partners" see what its owner shows them, the owner's name
and the evidence (which may give a name away) only where the owner chose so, and never with whom or what help: those
words may name others. Owners who must not be exposed are named to neither, for both read reports, which travel.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload
from sqlalchemy.orm import selectinload

from mande import clock
from mande.events.discretion import is_discreet
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Role
from mande.events.roles import in_order
from mande.followup.models import ENDED
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import Contribution
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.models import Visibility

Audience = Literal["team", "partners"]
QUIET_AFTER = timedelta(days=14)
FOR_PARTNERS = (Visibility.PARTNERS_BY_NAME, Visibility.PARTNERS_WITHOUT_NAME)


@dataclass(frozen=True)
class VisibleAction:
    """One action as an audience may see it. `owner` and `organisation` are None where the name is not theirs to see."""

    what: str
    by_when: date | None
    status: Status
    overdue: bool
    owner: str | None
    organisation: str | None
    what_changed: str
    contribution: Contribution | None
    evidence: str


@dataclass(frozen=True)
class Summary:
    """How far the planned actions of an event have come, as their owners say.

    `by_status` holds every status, in order. `unheard` are open actions of which nothing was heard since they were
    written down. `asked` and `answered` count check-ins; withdrawn actions count nowhere but in `withdrawn`.
    """

    actions: int
    owners: int
    by_status: dict[Status, int]
    overdue: int
    quiet: int
    unheard: int
    withdrawn: int
    stopped: int
    asked: int
    answered: int
    contribution: dict[Contribution, int]


@dataclass(frozen=True)
class Said:
    """The last words on each matter; a later report that leaves a field empty does not take back an earlier one."""

    what_changed: str = ""
    contribution: Contribution | None = None
    evidence: str = ""


def last_said(updates: Sequence[Update]) -> Said:
    """What an owner has said so far. `updates` are in order of time."""
    said = Said()
    for update in updates:
        said = Said(
            what_changed=update.what_changed or said.what_changed,
            contribution=update.contribution or said.contribution,
            evidence=update.evidence or said.evidence,
        )
    return said


@dataclass(frozen=True)
class Tracked:
    """One action as the team follows it. `roles` are the owner's, the one they are asked in first."""

    action: PlannedAction
    roles: tuple[Role, ...]
    overdue: bool
    quiet: bool
    stopped: bool

    @property
    def latest(self) -> Update | None:
        return self.action.updates[-1] if self.action.updates else None

    @property
    def said(self) -> Said:
        return last_said(self.action.updates)


def track(session: Session, event: Event) -> list[Tracked]:
    """All actions of an event that are not withdrawn, by owner's name, with owner, roles and updates loaded."""
    today = clock.today(event.time_zone)
    quiet, stopped = _quiet_owners(session, event), _stopped(session, event)
    attendance = joinedload(PlannedAction.attendance)
    actions = session.scalars(
        select(PlannedAction)
        .join(PlannedAction.attendance)
        .where(Attendance.event_id == event.id, PlannedAction.withdrawn.is_(False))
        .options(
            attendance.joinedload(Attendance.person),
            attendance.selectinload(Attendance.roles),
            selectinload(PlannedAction.updates),
        )
        .order_by(PlannedAction.created_on, PlannedAction.id)
    )
    tracked = [
        Tracked(
            action=action,
            roles=tuple(in_order(held.role for held in action.attendance.roles)),
            overdue=is_overdue(action, today),
            quiet=action.status not in ENDED and action.consent and action.attendance_id in quiet,
            stopped=action.attendance_id in stopped,
        )
        for action in actions
    ]
    return sorted(tracked, key=lambda one: one.action.attendance.person.name.casefold())


def is_overdue(action: PlannedAction, today: date) -> bool:
    """Whether the owner's own date is past and the action neither done nor given up."""
    return action.status not in ENDED and action.by_when is not None and action.by_when < today


def summary(session: Session, event: Event, audience: Audience = "team") -> Summary:
    """The counts of an event's actions. For partners only those actions count that they may see."""
    seen = [one for one in track(session, event) if audience == "team" or one.action.visibility in FOR_PARTNERS]
    states = _check_ins(session, event)
    statuses = Counter(one.action.status for one in seen)
    said = Counter(one.said.contribution for one in seen if one.said.contribution)
    return Summary(
        actions=len(seen),
        owners=len({one.action.attendance_id for one in seen}),
        by_status={status: statuses[status] for status in Status},
        overdue=sum(one.overdue for one in seen),
        quiet=sum(one.quiet for one in seen),
        unheard=sum(one.action.status not in ENDED and one.latest is None for one in seen),
        withdrawn=_withdrawn(session, event),
        stopped=len(_stopped(session, event)),
        asked=states[CheckInState.ASKED] + states[CheckInState.ANSWERED],
        answered=states[CheckInState.ANSWERED],
        contribution={each: said[each] for each in Contribution},
    )


def visible_actions(session: Session, event: Event, audience: Audience) -> list[VisibleAction]:
    """The actions that an audience may see, by date and then by their words, so that the order tells no owner."""
    seen = [_seen_by(event, one, audience) for one in track(session, event)
            if audience == "team" or one.action.visibility in FOR_PARTNERS]  # fmt: skip
    return sorted(seen, key=lambda one: (one.by_when or date.max, one.what.casefold()))


def is_named(event: Event, tracked: Tracked) -> bool:
    """Whether partners may read whose an action is: the owner chose so, and need not be treated discreetly."""
    by_name = tracked.action.visibility is Visibility.PARTNERS_BY_NAME
    return by_name and not is_discreet(event, tracked.action.attendance.person)


def _seen_by(event: Event, tracked: Tracked, audience: Audience) -> VisibleAction:
    action, said = tracked.action, tracked.said
    person = action.attendance.person
    team = audience == "team"
    named = is_named(event, tracked) or (team and not is_discreet(event, person))
    return VisibleAction(
        what=action.what,
        by_when=action.by_when,
        status=action.status,
        overdue=tracked.overdue,
        owner=person.name if named else None,
        organisation=person.organisation if named else None,
        what_changed=said.what_changed,
        contribution=said.contribution,
        evidence=said.evidence if named or team else "",
    )


def _quiet_owners(session: Session, event: Event) -> set[UUID]:
    """Those whose last check-in was asked two weeks ago or longer and who have said nothing since."""
    asked = (
        select(CheckIn.attendance_id)
        .join(Attendance)
        .outerjoin(PlannedAction, PlannedAction.attendance_id == CheckIn.attendance_id)
        .outerjoin(Update, (Update.action_id == PlannedAction.id) & (Update.reported_at >= CheckIn.asked_at))
        .where(
            Attendance.event_id == event.id,
            CheckIn.state == CheckInState.ASKED,
            CheckIn.asked_at <= clock.now() - QUIET_AFTER,
        )
        .group_by(CheckIn.id, CheckIn.attendance_id)
        .having(func.count(Update.id) == 0)
    )
    return set(session.scalars(asked))


def _stopped(session: Session, event: Event) -> set[UUID]:
    stopped = select(FollowupLink.attendance_id).join(Attendance)
    return set(session.scalars(stopped.where(Attendance.event_id == event.id, FollowupLink.stopped.is_(True))))


def _withdrawn(session: Session, event: Event) -> int:
    counted = select(func.count()).select_from(PlannedAction).join(Attendance)
    return session.scalars(counted.where(Attendance.event_id == event.id, PlannedAction.withdrawn.is_(True))).one()


def _check_ins(session: Session, event: Event) -> Counter[CheckInState]:
    counted = (
        select(CheckIn.state, func.count().label("number"))
        .join(Attendance)
        .where(Attendance.event_id == event.id)
        .group_by(CheckIn.state)
    )
    return Counter({row.state: row.number for row in session.execute(counted)})
