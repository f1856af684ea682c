"""Lists of actions that members of the team look at again, under a name: one's own, or shared with the team."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.followup.desk.models import SavedView
from mande.staff import audit

NAME_LENGTH = 100


class SavedViewError(Exception):
    """The view cannot be called so. The text says why."""


def known(session: Session, member_id: UUID) -> list[SavedView]:
    """A member's own views and those that others share, by name."""
    mine = or_(SavedView.staff_id == member_id, SavedView.shared.is_(True))
    return sorted(session.scalars(select(SavedView).where(mine)), key=lambda one: (one.name.casefold(), one.id))


def save(session: Session, member_id: UUID, name: str, asked: Mapping[str, str], shared: bool) -> bool:
    """Saves what a list shows. Under a name that the member has used it takes the place of what was there.

    Returns whether it did. Raises SavedViewError.
    """
    name = _checked(name)
    before = _named(session, member_id, name)
    if before is None:
        session.add(SavedView(staff_id=member_id, name=name, asked=dict(asked), shared=shared))
    else:
        before.asked, before.shared = dict(asked), shared
    session.flush()
    if shared:
        audit.record(session, "view of actions saved", name, {"shared": shared})
    return before is not None


def change(session: Session, view: SavedView, name: str, shared: bool) -> None:
    """Gives a view another name, or another circle. Raises SavedViewError."""
    name = _checked(name)
    other = _named(session, view.staff_id, name)
    if other is not None and other is not view:
        raise SavedViewError("You have another view of this name.")
    view.name, view.shared = name, shared
    session.flush()


def gone(session: Session, views: list[SavedView]) -> set[UUID]:
    """Those of the views that look at an event which there is no more."""
    codes = {one.asked["event"] for one in views if one.asked.get("event")}
    there = set(session.scalars(select(Event.code).where(Event.code.in_(codes))))
    return {one.id for one in views if one.asked.get("event") and one.asked["event"] not in there}


def own(session: Session, member_id: UUID, view_id: UUID) -> SavedView | None:
    """A view that this member saved."""
    view = session.get(SavedView, view_id)
    return view if view and view.staff_id == member_id else None


def _named(session: Session, member_id: UUID, name: str) -> SavedView | None:
    mine = (SavedView.staff_id == member_id) & (SavedView.name == name)
    return session.scalars(select(SavedView).where(mine)).one_or_none()


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise SavedViewError("Give the view a name.")
    if len(name) > NAME_LENGTH:
        raise SavedViewError(f"Use at most {NAME_LENGTH} characters.")
    return name
