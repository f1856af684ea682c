"""An event's actions as the team follows them, and who may be named with them.

Owners who must not be exposed are named neither to partners nor in the team's own report, for both travel.
"""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import selectinload

from mande import clock
from mande.events.discretion import is_discreet
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.events.models import Role
from mande.events.roles import in_order
from mande.followup.models import ENDED
from mande.followup.models import ActionOwner
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import Contribution
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Update
from mande.followup.models import Visibility

QUIET_AFTER = timedelta(days=14)


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
    """One action as the team follows it. `roles` are its owners', in order; the team's own actions have no owner.

    It has gone quiet where an owner whom we may ask was asked two weeks ago and has neither answered nor stopped. It is
    `stopped` where every owner has stopped all follow-up.
    """

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

    @property
    def people(self) -> list[Person]:
        """Its owners, the first one first."""
        return [owner.link.person for owner in self.action.owners]

    @property
    def links(self) -> frozenset[UUID]:
        """The links of its owners, by which owners are counted."""
        return frozenset(owner.link_id for owner in self.action.owners)

    @property
    def may_ask(self) -> bool:
        """Whether an owner has agreed to be asked."""
        return any(owner.consent for owner in self.action.owners)

    @property
    def conflicting(self) -> bool:
        """Whether its owners, in what each said last, contradict one another."""
        return len({owner.status for owner in self.action.owners if owner.status}) > 1

    @property
    def visibility(self) -> Visibility:
        """Who may see it: where owners differ, what the most careful of them chose."""
        chosen = {owner.visibility for owner in self.action.owners}
        if self.action.source is not Source.OWNER:
            return Visibility.PARTNERS_BY_NAME if self.action.for_partners else Visibility.TEAM
        if Visibility.TEAM in chosen or not chosen:
            return Visibility.TEAM
        if Visibility.PARTNERS_WITHOUT_NAME in chosen:
            return Visibility.PARTNERS_WITHOUT_NAME
        return Visibility.PARTNERS_BY_NAME


def owners_of(tracked: Iterable[Tracked]) -> int:
    """How many people own these actions."""
    return len(frozenset[UUID]().union(*(one.links for one in tracked)))


def track(session: Session, event: Event) -> list[Tracked]:
    """All actions of an event that are not withdrawn, by first owner's name, with owners, roles and updates loaded."""
    today = clock.today(event.time_zone)
    quiet, stopped = _quiet_owners(session, event), stopped_links(session, event)
    link = selectinload(PlannedAction.owners).joinedload(ActionOwner.link)
    actions = session.scalars(
        select(PlannedAction)
        .where(PlannedAction.event_id == event.id, PlannedAction.withdrawn.is_(False))
        .options(
            link.joinedload(FollowupLink.person),
            link.joinedload(FollowupLink.attendance).selectinload(Attendance.roles),
            selectinload(PlannedAction.updates),
        )
        .order_by(PlannedAction.created_on, PlannedAction.id)
    )
    tracked = [_tracked(action, today, quiet, stopped) for action in actions]
    return sorted(tracked, key=lambda one: one.people[0].name.casefold() if one.people else "")


def _tracked(action: PlannedAction, today: date, quiet: Collection[UUID], stopped: Collection[UUID]) -> Tracked:
    attended = [owner.link.attendance for owner in action.owners if owner.link.attendance]
    return Tracked(
        action=action,
        roles=tuple(in_order({held.role for one in attended for held in one.roles})),
        overdue=is_overdue(action, today),
        quiet=action.status not in ENDED and any(one.consent and one.link_id in quiet for one in action.owners),
        stopped=bool(action.owners) and all(one.link_id in stopped for one in action.owners),
    )


def is_overdue(action: PlannedAction, today: date) -> bool:
    """Whether the owner's own date is past and the action neither done nor given up."""
    return action.status not in ENDED and action.by_when is not None and action.by_when < today


def is_named(event: Event, tracked: Tracked) -> bool:
    """Whether partners may read whose an action is: the owner chose so, and need not be treated discreetly."""
    by_name = tracked.visibility is Visibility.PARTNERS_BY_NAME
    return by_name and not is_hidden(event, tracked)


def is_hidden(event: Event, tracked: Tracked) -> bool:
    """Whether an owner must not be exposed, so that nobody is named whose action it is."""
    return event.discreet or any(is_discreet(event, person) for person in tracked.people)


def named_owners(tracked: Tracked) -> str:
    """The names of its owners."""
    return ", ".join(person.name for person in tracked.people)


def organisations(tracked: Tracked) -> str | None:
    """The organisations of its owners, each once; None where none is known."""
    return ", ".join(dict.fromkeys(one.organisation for one in tracked.people if one.organisation)) or None


def _quiet_owners(session: Session, event: Event) -> set[UUID]:
    """The links of those who were asked two weeks ago or longer and have neither answered nor stopped since."""
    asked = (
        select(CheckIn.link_id)
        .join(FollowupLink, FollowupLink.id == CheckIn.link_id)
        .outerjoin(Update, (Update.link_id == CheckIn.link_id) & (Update.reported_at >= CheckIn.asked_at))
        .where(
            FollowupLink.event_id == event.id,
            FollowupLink.stopped.is_(False),
            CheckIn.state == CheckInState.ASKED,
            CheckIn.asked_at <= clock.now() - QUIET_AFTER,
        )
        .group_by(CheckIn.id, CheckIn.link_id)
        .having(func.count(Update.id) == 0)
    )
    return set(session.scalars(asked))


def stopped_links(session: Session, event: Event) -> set[UUID]:
    """The links of those at an event who have stopped all follow-up."""
    stopped = select(FollowupLink.id).where(FollowupLink.event_id == event.id, FollowupLink.stopped.is_(True))
    return set(session.scalars(stopped))
