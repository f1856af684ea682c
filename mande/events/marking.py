"""When people or events are marked discreet, or no longer: links get an end or lose it, and messages that wait are
written anew. Done where it is marked, and by the clock, so that imports, merges and files need not think of it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from typing import cast

from flask import Flask
from flask import current_app
from sqlalchemy import ColumnElement
from sqlalchemy import CursorResult
from sqlalchemy import Select
from sqlalchemy import or_
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande import clock
from mande.events.discretion import LINK_LIFE
from mande.events.models import Event
from mande.events.models import Person
from mande.mail import renewing
from mande.mail.models import Message

Align = Callable[[Session], int]

NAMED = "It named what must not be named any more."
_IS_DISCREET = or_(Event.discreet, Person.discreet)


def register_on_discreet(app: Flask, align: Align) -> None:
    """Names a function that brings what it keeps in line with who is discreet now, and returns how much it changed."""
    app.extensions.setdefault("mande.marking", []).append(align)


def align(session: Session) -> int:
    """Brings everything in line with who is discreet now; returns how much was changed."""
    known: list[Align] = current_app.extensions.get("mande.marking", [])
    session.flush()
    return sum(align(session) for align in known)


def align_links(
    session: Session, links: Any, ids: Select[Any], messages: Select[Any], *conditions: ColumnElement[bool]
) -> int:
    """Brings one table of links, as far as `conditions` hold, and the `messages` that carry them in line.

    `links` is a model with an `expires_at`; `ids` selects its ids and `messages` messages, each joined with the Event
    and the Person concerned.
    """
    lasts = links.expires_at.is_(None)
    changed = _end(session, links, clock.now() + LINK_LIFE, ids.where(lasts, _IS_DISCREET, *conditions))
    changed += _end(session, links, None, ids.where(~lasts, ~_IS_DISCREET))
    waiting = messages.where(
        Message.state.in_(renewing.WAITING), Message.sender_name.is_(None) == _IS_DISCREET
    ).with_for_update(of=Message, skip_locked=True)
    return changed + renewing.renew(session, session.scalars(waiting).all(), NAMED)


def _end(session: Session, links: Any, at: datetime | None, ids: Select[Any]) -> int:
    statement = update(links).where(links.id.in_(ids)).values(expires_at=at)
    result = session.execute(statement.execution_options(synchronize_session="fetch"))
    return cast("CursorResult[Any]", result).rowcount
