"""What the owner of planned actions can do: add, change, withdraw, report, stop all follow-up, take it up again.

Each belongs in the transaction of its `visit`. Whatever changes what is open also renews the schedule.
"""

from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import selectinload

from mande import clock
from mande.events.models import Attendance
from mande.events.models import Event
from mande.followup import links
from mande.followup.asking import checkins
from mande.followup.asking.checkins import SOONEST_FIRST
from mande.followup.asking.checkins import queue_due_check_ins as queue_due_check_ins
from mande.followup.asking.checkins import schedule_check_ins as schedule_check_ins
from mande.followup.asking.checkins import zone_of as zone_of
from mande.followup.figures import summary as summary
from mande.followup.figures import visible_actions as visible_actions
from mande.followup.links import ensure_links as ensure_links
from mande.followup.links import visit as visit
from mande.followup.models import ENDED
from mande.followup.models import Contribution
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.models import Visibility

MOST_ACTIONS = 20
ERASED = "–"


class TooManyActionsError(Exception):
    """The owner has as many actions at this event as one may have."""


@dataclass(frozen=True)
class Intention:
    """What a person says that they will do. `what` is not empty."""

    what: str
    by_when: date | None = None
    with_whom: str = ""
    help_needed: str = ""
    visibility: Visibility = Visibility.PARTNERS_WITHOUT_NAME
    consent: bool = False


@dataclass(frozen=True)
class Report:
    """What a person says about one of their actions. `by_when` is a new date; None leaves the old one."""

    action_id: UUID
    status: Status
    what_changed: str = ""
    contribution: Contribution | None = None
    evidence: str = ""
    by_when: date | None = None


def actions_of(session: Session, attendance_id: UUID) -> list[PlannedAction]:
    """Somebody's actions that are not withdrawn, the soonest due first, with their updates."""
    return list(
        session.scalars(
            select(PlannedAction)
            .where(PlannedAction.attendance_id == attendance_id, PlannedAction.withdrawn.is_(False))
            .options(selectinload(PlannedAction.updates))
            .order_by(*SOONEST_FIRST)
        )
    )


def find_action(session: Session, attendance_id: UUID, action_id: UUID) -> PlannedAction | None:
    """One of somebody's own actions that is not withdrawn. Another person's action is not found."""
    return next((one for one in actions_of(session, attendance_id) if one.id == action_id), None)


def add_action(session: Session, attendance: Attendance, intention: Intention) -> PlannedAction:
    """Writes down a new action. One that is there already, word for word, is returned instead of being doubled.

    Raises TooManyActionsError from the twenty-first on.
    """
    links.ensure_link(session, attendance.id)
    present = actions_of(session, attendance.id)
    for action in present:
        if (action.what, action.by_when) == (intention.what, intention.by_when):
            return action
    if len(present) >= MOST_ACTIONS:
        raise TooManyActionsError
    action = PlannedAction(
        attendance_id=attendance.id,
        created_on=clock.today(attendance.event.time_zone),
        status=Status.NOT_STARTED,
        withdrawn=False,
        updates=[],
        **asdict(intention),
    )
    session.add(action)
    session.flush()
    checkins.schedule_check_ins(session, [attendance.id])
    return action


def change_action(session: Session, action: PlannedAction, intention: Intention) -> None:
    """Puts new words, date, visibility and consent in place of the old."""
    for name, value in asdict(intention).items():
        setattr(action, name, value)
    session.flush()
    checkins.schedule_check_ins(session, [action.attendance_id])


def withdraw_action(session: Session, action: PlannedAction) -> None:
    """Takes an action out of every list and erases its words and reports. Only that there was one is kept."""
    action.withdrawn = True
    action.consent = False
    action.what = ERASED
    action.with_whom = action.help_needed = ""
    action.by_when = None
    action.updates.clear()
    session.flush()
    checkins.schedule_check_ins(session, [action.attendance_id])


def stop(session: Session, link: FollowupLink) -> None:
    """No more check-ins for this person at this event; what is queued is taken back. The link goes on working."""
    link.stopped = True
    session.flush()
    checkins.schedule_check_ins(session, [link.attendance_id])


def resume(session: Session, link: FollowupLink) -> None:
    """Takes check-ins up again, from the next one that falls due."""
    link.stopped = False
    session.flush()
    checkins.schedule_check_ins(session, [link.attendance_id])


def report_progress(session: Session, link: FollowupLink, reports: Sequence[Report]) -> None:
    """Keeps what the owner says about one or more of their actions, and counts the latest check-in as answered.

    Raises LookupError for an action that is not theirs, or withdrawn.
    """
    if not reports:
        return
    mine = {action.id: action for action in actions_of(session, link.attendance_id)}
    answered = checkins.answer_latest(session, link.attendance_id)
    for report in reports:
        if report.action_id not in mine:
            raise LookupError(f"action {report.action_id} is not among those of link {link.id}")
        action = mine[report.action_id]
        action.updates.append(
            Update(
                action_id=action.id,
                check_in_id=answered.id if answered else None,
                reported_at=clock.now(),
                status=report.status,
                what_changed=report.what_changed,
                contribution=report.contribution,
                evidence=report.evidence,
            )
        )
        action.status = report.status
        if report.by_when is not None and report.status not in ENDED:
            action.by_when = report.by_when
    session.flush()
    checkins.schedule_check_ins(session, [link.attendance_id])


def reschedule(session: Session, event: Event) -> None:
    """Renews the schedule of everybody at an event whose meetings or months have changed."""
    owners = select(PlannedAction.attendance_id).join(Attendance).where(Attendance.event_id == event.id).distinct()
    checkins.schedule_check_ins(session, session.scalars(owners).all())
