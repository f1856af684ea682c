"""The team's own actions, and the recommendations of an event: each may have an owner on the team."""

from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events.models import Event
from mande.events.models import IntendedOutcome
from mande.followup import history
from mande.followup import telling
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.staff.models import StaffMember


@dataclass(frozen=True)
class Planned:
    """What the team plans, or an event recommended. `what` is not empty; `source` is not "owner"."""

    what: str
    source: Source = Source.RECOMMENDATION
    why: str = ""
    by_when: date | None = None
    staff_id: UUID | None = None
    theme_id: UUID | None = None
    for_partners: bool = False


def add(session: Session, event: Event, planned: Planned, email: str) -> PlannedAction:
    """Writes an action of the team down, in the name of the member with this address.

    One that is there already, word for word, is returned instead of being doubled.
    """
    for known in session.scalars(_own(event).where(PlannedAction.what == planned.what)):
        if (known.source, known.by_when) == (planned.source, planned.by_when):
            return known
    action = PlannedAction(
        event_id=event.id,
        created_on=clock.today(event.time_zone),
        status=Status.NOT_STARTED,
        withdrawn=False,
        with_whom="",
        help_needed="",
        owners=[],
        updates=[],
        files=[],
        requests=[],
        **asdict(planned),
    )
    session.add(action)
    session.flush()
    history.by_team(session, action, email, "written down")
    return action


def change(session: Session, action: PlannedAction, planned: Planned, email: str) -> bool:
    """Puts other words, dates and choices in place of the old; returns whether anything is different."""
    before = _told(session, action)
    for name, value in asdict(planned).items():
        setattr(action, name, value)
    session.flush()
    session.refresh(action, ["theme"])
    changes = history.changed(before, _told(session, action))
    if changes:
        history.by_team(session, action, email, "changed", changes)
    if "for_partners" in changes and not action.for_partners:
        telling.tell(session, [action.id])
    return bool(changes)


def withdraw(session: Session, action: PlannedAction, email: str) -> None:
    """Takes an action of the team out of every list. Its words stay, for they are the team's: it can be put back."""
    action.withdrawn = True
    session.flush()
    history.by_team(session, action, email, "withdrawn")
    telling.tell(session, [action.id])


def put_back(session: Session, action: PlannedAction, email: str) -> None:
    action.withdrawn = False
    session.flush()
    history.by_team(session, action, email, "put back")


def members(session: Session, besides: UUID | None = None) -> list[StaffMember]:
    """Who may own an action: every active member, and the one who owns it already, by name."""
    may = StaffMember.active.is_(True) | (StaffMember.id == besides)
    return list(session.scalars(select(StaffMember).where(may).order_by(StaffMember.name, StaffMember.email)))


def known_words(session: Session, event: Event) -> set[str]:
    """What the team has written down for this event already, in small letters."""
    return {action.what.casefold() for action in session.scalars(_own(event))}


def labelled(members: Sequence[StaffMember]) -> list[tuple[UUID, str]]:
    """Members to choose from, by id."""
    return [(one.id, one.name if one.active else f"{one.name} (no longer active)") for one in members]


def _own(event: Event) -> Select[PlannedAction]:
    """The actions of the team at an event that are not withdrawn."""
    return select(PlannedAction).where(
        PlannedAction.event_id == event.id,
        PlannedAction.source != Source.OWNER,
        PlannedAction.withdrawn.is_(False),
    )


def _told(session: Session, action: PlannedAction) -> dict[str, Any]:
    """What an action is, as its history tells it."""
    member = session.get(StaffMember, action.staff_id) if action.staff_id else None
    theme = session.get(IntendedOutcome, action.theme_id) if action.theme_id else None
    return {
        "what": action.what,
        "why": action.why,
        "source": action.source,
        "by_when": action.by_when,
        "staff": member.name if member else None,
        "theme": theme.text if theme else None,
        "for_partners": action.for_partners,
    }
