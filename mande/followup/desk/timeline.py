"""All that happened to an action, in words: who did what, and when. The latest comes first."""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Person
from mande.followup import history
from mande.followup import wording
from mande.followup.desk import words
from mande.followup.models import ActionChange
from mande.followup.models import Actor
from mande.followup.models import Channel
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Update
from mande.staff.models import StaffMember


@dataclass(frozen=True)
class Change:
    """One field as it was and as it became, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One thing that happened. `erased`: what was changed is no longer known, for its owner withdrew the action."""

    at: datetime
    who: str
    what: str
    changes: tuple[Change, ...] = ()
    erased: bool = False


def lines(session: Session, action: PlannedAction) -> list[Line]:
    """The whole history of an action, withdrawn or not. Of one that is withdrawn its owners are not named."""
    changes = history.of(session, action.id)
    named = _Named(session, action, changes)
    told = [_changed(one, named) for one in changes]
    told += [_reported(one, named) for one in action.updates if one.channel is Channel.LINK]
    return sorted(told, key=lambda one: one.at, reverse=True)


class _Named:
    """The names of those who did something, looked up once."""

    def __init__(self, session: Session, action: PlannedAction, changes: Sequence[ActionChange]) -> None:
        links = {one.link_id for one in changes} | {one.link_id for one in action.updates}
        addresses = {one.by for one in changes if one.by}
        people = select(FollowupLink.id, Person.name).join(FollowupLink.person).where(FollowupLink.id.in_(links))
        team = select(StaffMember.email, StaffMember.name).where(StaffMember.email.in_(addresses))
        self._people: Mapping[UUID, str] = (
            {} if action.withdrawn else {row.id: row.name for row in session.execute(people)}
        )
        self._team: Mapping[str, str] = {row.email: row.name for row in session.execute(team)}

    def owner(self, link_id: UUID | None) -> str:
        return (self._people.get(link_id) if link_id else None) or str(_("An owner"))

    def who(self, change: ActionChange) -> str:
        if change.actor is Actor.OWNER:
            return self.owner(change.link_id)
        if change.actor is Actor.TEAM:
            return self._team.get(change.by or "") or change.by or str(_("The team"))
        return "Mande"


def _changed(change: ActionChange, named: _Named) -> Line:
    told = tuple(_fields(change.detail))
    return Line(change.at, named.who(change), wording.change(change.what), told, change.what == "changed" and not told)


def _reported(update: Update, named: _Named) -> Line:
    what = _("reported by their own link: %(status)s", status=wording.status(update.status))
    return Line(update.reported_at, named.owner(update.link_id), what)


def _fields(detail: Mapping[str, Any]) -> Iterator[Change]:
    for name, told in detail.items():
        before, after = told if isinstance(told, list) and len(told) == 2 else (None, told)
        yield Change(words.field(name), words.value(name, before), words.value(name, after))
