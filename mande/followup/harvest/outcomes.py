"""Writing outcomes down: each with the actions, of one event or of several, that led there.

An outcome is the team's own account. What an owner withdraws leaves it: the link to the action goes, the account stays.
"""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.models import Event
from mande.followup import history
from mande.followup.desk.models import Outcome
from mande.followup.models import Contribution
from mande.followup.models import PlannedAction
from mande.searching import holds
from mande.searching import words
from mande.staff import audit

MOST_FOUND = 20


@dataclass(frozen=True)
class Told:
    """What the team says of an outcome. `what_changed` and `who_changed` are not empty.

    `could_confirm` may name people: it is shown to the team and leaves the house in no list and no report.
    """

    what_changed: str
    who_changed: str
    changed_on: date | None = None
    significance: str = ""
    contribution: Contribution | None = None
    how_contributed: str = ""
    could_confirm: str = ""
    confirmed_on: date | None = None
    theme_id: UUID | None = None
    for_partners: bool = False


def add(session: Session, event: Event, told: Told, actions: Collection[PlannedAction], email: str) -> Outcome:
    """Writes an outcome of an event down, in the name of the member of the team with this address."""
    outcome = Outcome(event_id=event.id, written_at=clock.now(), written_by=email, **asdict(told))
    session.add(outcome)
    _lead(session, outcome, actions, email)
    audit.record(session, "outcome written down", event.code, {"outcome": str(outcome.id)})
    return outcome


def change(session: Session, outcome: Outcome, told: Told, actions: Collection[PlannedAction], email: str) -> None:
    """Puts another account, and other actions, in place of the old."""
    for name, value in asdict(told).items():
        setattr(outcome, name, value)
    _lead(session, outcome, actions, email)
    audit.record(session, "outcome changed", outcome.event.code, {"outcome": str(outcome.id)})


def delete(session: Session, outcome: Outcome, email: str) -> None:
    """Takes an outcome out for good. The actions stay."""
    _lead(session, outcome, [], email)
    audit.record(session, "outcome deleted", outcome.event.code, {"outcome": str(outcome.id)})
    session.delete(outcome)
    session.flush()


def find(session: Session, outcome_id: UUID) -> Outcome | None:
    """An outcome with its event and theme."""
    wanted = select(Outcome).where(Outcome.id == outcome_id)
    return session.scalars(wanted.options(joinedload(Outcome.event), joinedload(Outcome.theme))).one_or_none()


def of_action(session: Session, action_id: UUID) -> Sequence[Outcome]:
    """The outcomes to which an action led, the latest change first."""
    wanted = select(Outcome).where(Outcome.actions.any(PlannedAction.id == action_id))
    latest = (Outcome.changed_on.is_(None), Outcome.changed_on.desc(), Outcome.written_at.desc())
    return session.scalars(wanted.options(joinedload(Outcome.event)).order_by(*latest)).all()


def chosen(session: Session, ids: Collection[UUID]) -> list[PlannedAction]:
    """The actions with these ids that are not withdrawn, each with its event, by event and words."""
    wanted = _actions().where(PlannedAction.id.in_(ids))
    return list(session.scalars(wanted))


def to_choose(session: Session, event: Event, text: str) -> list[PlannedAction]:
    """Up to twenty actions to choose from: those of the event, or of any event if `text` is looked for."""
    wanted = _actions().limit(MOST_FOUND)
    for word in words(text):
        fits = [holds(column, word) for column in (PlannedAction.what, Event.code, Event.title)]
        wanted = wanted.where(or_(*fits))
    return list(session.scalars(wanted if words(text) else wanted.where(PlannedAction.event_id == event.id)))


def _actions() -> Any:
    return (
        select(PlannedAction)
        .join(PlannedAction.event)
        .where(PlannedAction.withdrawn.is_(False))
        .options(joinedload(PlannedAction.event))
        .order_by(Event.code, PlannedAction.created_on, PlannedAction.what, PlannedAction.id)
    )


def _lead(session: Session, outcome: Outcome, actions: Collection[PlannedAction], email: str) -> None:
    """Makes these the actions that led to an outcome; the history of each that is new or gone says so."""
    before: Mapping[UUID, PlannedAction] = {action.id: action for action in outcome.actions}
    after = {action.id: action for action in actions}
    outcome.actions = list(after.values())
    session.flush()
    for identity in after.keys() - before.keys():
        history.by_team(session, after[identity], email, "outcome noted")
    for identity in before.keys() - after.keys():
        history.by_team(session, before[identity], email, "outcome taken away")
