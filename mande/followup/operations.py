"""What the owner of planned actions can do: add, change, withdraw, report, pause, stop, take it up again.

Each belongs in the transaction of its `visit`. Whatever changes what is open also renews the schedule.
"""

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import selectinload

from mande import clock
from mande.events.models import Event
from mande.followup import companions
from mande.followup import history
from mande.followup import telling
from mande.followup.asking import checkins
from mande.followup.asking.checkins import SOONEST_FIRST
from mande.followup.asking.checkins import queue_due_check_ins as queue_due_check_ins
from mande.followup.asking.checkins import schedule_check_ins as schedule_check_ins
from mande.followup.asking.checkins import zone_of as zone_of
from mande.followup.desk import forgetting
from mande.followup.figures import summary as summary
from mande.followup.links import ensure_links as ensure_links
from mande.followup.links import visit as visit
from mande.followup.models import ENDED
from mande.followup.models import ActionOwner
from mande.followup.models import Contribution
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import RequestState
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.models import Visibility
from mande.mail import outbox
from mande.mail.models import MessageKind

MOST_ACTIONS = 20
ERASED = "–"
WORDS = ("what", "why", "by_when", "with_whom", "help_needed")
CHOICES = ("visibility", "consent")


class TooManyActionsError(Exception):
    """The owner has as many actions at this event as one may have."""


@dataclass(frozen=True)
class Intention:
    """What a person says that they will do, and why it follows from the event. `what` is not empty."""

    what: str
    by_when: date | None = None
    with_whom: str = ""
    help_needed: str = ""
    visibility: Visibility = Visibility.PARTNERS_WITHOUT_NAME
    consent: bool = False
    why: str = ""


@dataclass(frozen=True)
class Report:
    """What a person says about one of their actions. `by_when` is a new date; None leaves the old one.

    `significance` says why the change matters, `factors` what helped or hindered.
    """

    action_id: UUID
    status: Status
    what_changed: str = ""
    contribution: Contribution | None = None
    evidence: str = ""
    by_when: date | None = None
    significance: str = ""
    factors: str = ""


def actions_of(session: Session, link_id: UUID) -> list[PlannedAction]:
    """Somebody's actions at an event that are not withdrawn, the soonest due first, with updates, owners, files."""
    return list(
        session.scalars(
            select(PlannedAction)
            .join(ActionOwner)
            .where(ActionOwner.link_id == link_id, PlannedAction.withdrawn.is_(False))
            .options(
                selectinload(PlannedAction.updates),
                selectinload(PlannedAction.files),
                selectinload(PlannedAction.requests),
                selectinload(PlannedAction.owners).joinedload(ActionOwner.link).joinedload(FollowupLink.person),
            )
            .order_by(*SOONEST_FIRST)
        )
    )


def find_action(session: Session, link_id: UUID, action_id: UUID) -> PlannedAction | None:
    """One of somebody's own actions that is not withdrawn. Another person's action is not found."""
    return next((one for one in actions_of(session, link_id) if one.id == action_id), None)


def owning(action: PlannedAction, link_id: UUID) -> ActionOwner:
    """A person's own part in an action that is theirs: who may see it, whether they may be asked."""
    return next(one for one in action.owners if one.link_id == link_id)


def add_action(session: Session, link: FollowupLink, intention: Intention) -> PlannedAction:
    """Writes down a new action. One that is there already, word for word, is returned instead of being doubled.

    Raises TooManyActionsError from the twenty-first on.
    """
    present = actions_of(session, link.id)
    for action in present:
        if (action.what, action.by_when) == (intention.what, intention.by_when):
            return action
    if len(present) >= MOST_ACTIONS:
        raise TooManyActionsError
    told = asdict(intention)
    action = PlannedAction(
        event_id=link.event_id,
        created_on=clock.today(link.event.time_zone),
        status=Status.NOT_STARTED,
        withdrawn=False,
        updates=[],
        files=[],
        requests=[],
        owners=[ActionOwner(link=link, since=clock.now(), **{name: told[name] for name in CHOICES})],
        **{name: told[name] for name in WORDS},
    )
    session.add(action)
    session.flush()
    history.by_owner(session, action, link, "written down")
    checkins.schedule_check_ins(session, [link.id])
    return action


def change_action(session: Session, action: PlannedAction, link: FollowupLink, intention: Intention) -> None:
    """Puts new words and date in place of the old, and this owner's own visibility and consent."""
    mine, told = owning(action, link.id), asdict(intention)
    before = {name: getattr(action if name in WORDS else mine, name) for name in told}
    for name, value in told.items():
        setattr(action if name in WORDS else mine, name, value)
    session.flush()
    if changes := history.changed(before, told):
        history.by_owner(session, action, link, "changed", changes)
    if "visibility" in changes:
        telling.tell(session, [action.id])
    checkins.schedule_check_ins(session, [one.link_id for one in action.owners])


def change_date(session: Session, action: PlannedAction, link: FollowupLink, by_when: date | None) -> None:
    """Gives an action another date, or none, for all who own it."""
    if changes := move(action, by_when):
        history.by_owner(session, action, link, "changed", changes)
    session.flush()
    checkins.schedule_check_ins(session, [one.link_id for one in action.owners])


def withdraw_action(session: Session, action: PlannedAction, link: FollowupLink) -> None:
    """Takes this owner out of an action, and the action, once nobody owns it, out of every list.

    Then its words, reports and files are erased. Only that there was one is kept.
    """
    if len(action.owners) > 1:
        companions.end_of_owner(session, action, link.id)
        action.owners.remove(owning(action, link.id))
        history.by_owner(session, action, link, "left")
        telling.tell(session, [action.id])
        checkins.schedule_check_ins(session, [link.id])
        return
    history.by_owner(session, action, link, "withdrawn")
    _erase(session, action)
    telling.tell(session, [action.id])
    checkins.schedule_check_ins(session, [link.id])


def _erase(session: Session, action: PlannedAction) -> None:
    action.withdrawn = True
    for owner in action.owners:
        owner.consent = False
    action.what = ERASED
    action.why = action.with_whom = action.help_needed = ""
    action.by_when = None
    companions.end(session, action.requests, RequestState.WITHDRAWN)
    action.updates.clear()
    action.files.clear()
    action.requests.clear()
    session.flush()
    forgetting.forget(session, action)
    history.erase(session, action.id)


def stop(session: Session, link: FollowupLink) -> None:
    """No more check-ins for this person at this event; what is queued is taken back. The link goes on working."""
    link.stopped = True
    session.flush()
    outbox.cancel(session, [link.id], [MessageKind.FOLLOWUP_THANKS], "stopped")
    checkins.schedule_check_ins(session, [link.id])


def resume(session: Session, link: FollowupLink) -> None:
    """Takes check-ins up again, from the next one that falls due."""
    link.stopped = False
    session.flush()
    checkins.schedule_check_ins(session, [link.id])


def snooze(session: Session, link: FollowupLink, until: date | None) -> None:
    """Asks this person nothing at this event before a date; None ends the pause."""
    link.snoozed_until = until
    session.flush()
    checkins.schedule_check_ins(session, [link.id])


def report_progress(session: Session, link: FollowupLink, reports: Sequence[Report]) -> None:
    """Keeps what the owner says about one or more of their actions, and counts the latest check-in as answered.

    Raises LookupError for an action that is not theirs, or withdrawn.
    """
    if not reports:
        return
    mine = {action.id: action for action in actions_of(session, link.id)}
    answered = checkins.answer_latest(session, link.id)
    for report in reports:
        if report.action_id not in mine:
            raise LookupError(f"action {report.action_id} is not among those of link {link.id}")
        action = mine[report.action_id]
        told = Update(
            action_id=action.id, link_id=link.id, check_in_id=answered.id if answered else None,
            reported_at=clock.now(), **_said(report),
        )  # fmt: skip
        keep_report(action, told)
        if report.by_when is not None and report.status not in ENDED and report.by_when != action.by_when:
            history.by_owner(session, action, link, "changed", move(action, report.by_when))
    session.flush()
    checkins.schedule_check_ins(session, _everybody([mine[report.action_id] for report in reports]))


def keep_report(action: PlannedAction, told: Update) -> None:
    """Adds a report to an action: what it says is the action's status, and that of the owner who reports."""
    action.updates.append(told)
    action.status, action.heard_at = told.status, told.reported_at
    for owner in action.owners:
        if owner.link_id == told.link_id:
            owner.status = told.status


def move(action: PlannedAction, by_when: date | None) -> dict[str, list[object]]:
    """Gives an action another date; returns the change as its history tells it."""
    before, action.by_when = action.by_when, by_when
    return history.changed({"by_when": before}, {"by_when": by_when})


def reschedule(session: Session, event: Event) -> None:
    """Renews the schedule of everybody at an event whose meetings or months have changed."""
    owners = select(ActionOwner.link_id).join(FollowupLink).where(FollowupLink.event_id == event.id).distinct()
    checkins.schedule_check_ins(session, session.scalars(owners).all())


def _said(report: Report) -> dict[str, object]:
    return {name: value for name, value in asdict(report).items() if name not in ("action_id", "by_when")}


def _everybody(actions: Collection[PlannedAction]) -> list[UUID]:
    return sorted({owner.link_id for action in actions for owner in action.owners})
