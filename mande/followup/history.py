"""The history of an action: every change, by whom and when."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande import clock
from mande.followup.models import ActionChange
from mande.followup.models import Actor
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction

Detail = Mapping[str, Any]
NOTHING: Detail = MappingProxyType({})


def by_owner(session: Session, action: PlannedAction, link: FollowupLink, what: str, detail: Detail = NOTHING) -> None:
    """Writes down what an owner did. `detail` holds {field: [before, after]} in values that JSON has."""
    _add(session, action, what, detail, actor=Actor.OWNER, link_id=link.id)


def by_team(session: Session, action: PlannedAction, email: str, what: str, detail: Detail = NOTHING) -> None:
    """Writes down what the member of the team with this address did."""
    _add(session, action, what, detail, actor=Actor.TEAM, by=email)


def by_mande(session: Session, action: PlannedAction, what: str, detail: Detail = NOTHING) -> None:
    """Writes down what the program did by itself."""
    _add(session, action, what, detail, actor=Actor.MANDE)


def of(session: Session, action_id: UUID) -> list[ActionChange]:
    """All changes of an action, in order of time."""
    mine = select(ActionChange).where(ActionChange.action_id == action_id)
    return list(session.scalars(mine.order_by(ActionChange.at, ActionChange.id)))


def erase(session: Session, action_id: UUID) -> None:
    """Takes every word out of the history; that there was a change, and when, stays."""
    session.execute(update(ActionChange).where(ActionChange.action_id == action_id).values(detail={}))


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The fields that differ, as {field: [before, after]}. Dates and enumerations become text."""
    return {name: [_plain(before[name]), _plain(after[name])] for name in after if before[name] != after[name]}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)


def _add(session: Session, action: PlannedAction, what: str, detail: Detail, **who: Any) -> None:
    session.add(ActionChange(action_id=action.id, at=clock.now(), what=what, detail=dict(detail), **who))
