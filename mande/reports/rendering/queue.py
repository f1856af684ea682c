"""Asking for a document that a worker makes, and looking how far it has come."""

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm import undefer

from mande import clock
from mande.events.models import Event
from mande.reports.kinds import RenderingState
from mande.reports.models import Rendering
from mande.reports.rendering.works import CannotBeMadeError
from mande.staff import audit

KEPT = timedelta(days=1)
LISTED = timedelta(days=30)
LONGEST_LIST = 100
UNFINISHED = (RenderingState.QUEUED, RenderingState.WORKING)


@dataclass(frozen=True)
class Asked:
    """A document that somebody asked for, the code and time zone of its event ("" and UTC where it has none), and its
    size in bytes where there is a file to fetch.
    """

    rendering: Rendering
    code: str
    zone: str
    size: int | None


def ask(session: Session, work: str, wanted: dict[str, Any], event: Event | None = None) -> Rendering:
    """Puts a document into the queue, for whoever is signed in; its page is `documents.show`, by its id.

    `work` is registered with `works`, `wanted` (JSON) are the particulars that it takes. Who asks for the same again
    while it is being made gets the same one.
    """
    asked_by, event_id = audit.doer(), event.id if event else None
    mine = select(Rendering).where(
        Rendering.state.in_(UNFINISHED), Rendering.asked_by == asked_by, Rendering.work == work
    )
    for known in session.scalars(mine):
        if (known.wanted, known.event_id) == (wanted, event_id):
            return known
    rendering = Rendering(event_id=event_id, work=work, wanted=wanted, asked_at=clock.now(), asked_by=asked_by)
    session.add(rendering)
    session.flush()
    return rendering


def find(session: Session, rendering_id: UUID) -> Asked | None:
    """One document, without its file."""
    return next(_found(session, _asked().where(Rendering.id == rendering_id)), None)


def with_file(session: Session, rendering_id: UUID) -> Rendering | None:
    """One document that is made, with its file; None where there is none, or none any more."""
    wanted = select(Rendering).where(Rendering.id == rendering_id, Rendering.file.is_not(None))
    return session.scalars(wanted.options(undefer(Rendering.file))).one_or_none()


def recent(session: Session, asked_by: str) -> Sequence[Asked]:
    """What somebody asked for of late, the latest first."""
    mine = _asked().where(Rendering.asked_by == asked_by).order_by(Rendering.asked_at.desc(), Rendering.id)
    return list(_found(session, mine.limit(LONGEST_LIST)))


def ahead(session: Session, rendering: Rendering) -> int:
    """How many documents are made, or waiting, before this one that waits."""
    working = Rendering.state == RenderingState.WORKING
    before = (Rendering.state == RenderingState.QUEUED) & (Rendering.asked_at < rendering.asked_at)
    return session.scalar(select(func.count()).select_from(Rendering).where(working | before)) or 0


def forget(session: Session, events: Collection[UUID]) -> None:
    """Drops the files that were made about these events, or about several events; what is being made begins anew."""
    about = or_(Rendering.event_id.in_(events), Rendering.event_id.is_(None))
    begun = {"state": RenderingState.QUEUED, "lease_until": None}
    session.execute(update(Rendering).where(about, Rendering.file.is_not(None)).values(file=None))
    session.execute(update(Rendering).where(about, Rendering.state == RenderingState.WORKING).values(**begun))


def event_of(session: Session, rendering: Rendering) -> Event:
    """The event that a document is about. Raises CannotBeMadeError where it is no longer there."""
    event = session.get(Event, rendering.event_id) if rendering.event_id else None
    if event is None:
        raise CannotBeMadeError(_("Its event is no longer there."))
    return event


def _asked() -> Select[Rendering, str, str, int | None]:
    code, zone = func.coalesce(Event.code, ""), func.coalesce(Event.time_zone, "UTC")
    # Only the length of the file is read.
    return select(Rendering, code, zone, func.length(Rendering.file)).outerjoin(Event, Event.id == Rendering.event_id)


def _found(session: Session, asked: Select[Rendering, str, str, int | None]) -> Iterator[Asked]:
    for one, code, zone, size in session.execute(asked):
        yield Asked(one, code, zone, size)
