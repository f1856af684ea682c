"""The worker's side of the queue: taking a document into one's hands, making it, and writing down what came of it.

A worker that dies leaves its documents to whoever finds the lease run out (see `sweeping`). Who holds a document is
told by the number of its attempt: a worker that comes back too late finds another one there, and writes nothing.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from typing import Any

import structlog
from flask import Flask
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from mande import clock
from mande import db
from mande.pdf import RenderingError
from mande.reports.kinds import RenderingState
from mande.reports.models import Rendering
from mande.reports.rendering import works
from mande.reports.rendering.telling import Teller
from mande.reports.rendering.works import CannotBeMadeError
from mande.reports.rendering.works import Made

EVERY = 2
# Half of the processors are left to those who look at pages. Each document may take gigabytes of memory.
AT_ONCE = max(1, min(4, (os.cpu_count() or 2) // 2))
ATTEMPTS = 2
# Longer than anything that makes a document says nothing of itself.
LEASE = timedelta(minutes=3)
ROUND_SECONDS = 60.0
TURN_SECONDS = 0.001

log = structlog.stdlib.get_logger("mande.documents")


def run() -> int:
    """Makes what waits, some at once, for a minute or until nothing does; returns how many it was done with.

    It commits transactions of its own: call it inside of no other.
    """
    with db.reading() as session:
        waiting = session.scalar(select(Rendering.id).where(Rendering.state == RenderingState.QUEUED).limit(1))
    if waiting is None:
        return 0
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    until = monotonic() + ROUND_SECONDS
    with _giving_way(), ThreadPoolExecutor(AT_ONCE, thread_name_prefix="documents") as threads:
        return sum(threads.map(lambda _hand: _make_some(app, until), range(AT_ONCE)))


def claim() -> Rendering | None:
    """Takes the document that has waited longest into one's hands; what failed once comes after the others."""
    first = (
        select(Rendering)
        .where(Rendering.state == RenderingState.QUEUED)
        .order_by(Rendering.attempts, Rendering.asked_at, Rendering.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with db.transaction() as session:
        found = session.scalars(first).one_or_none()
        if found is not None:
            found.state, found.lease_until = RenderingState.WORKING, clock.now() + LEASE
            found.attempts += 1
            found.step = found.steps = found.page = 0
    return found


def make(rendering: Rendering) -> None:
    """Makes a document that was claimed, and writes down what came of it. Raises nothing."""
    began = monotonic()
    try:
        work = works.find(rendering.work)
        if work is None:
            raise CannotBeMadeError(_("This program does not know how to make such a document."))
        _finish(rendering, work.make(rendering, Teller(lambda values: _progress(rendering, values))))
    except CannotBeMadeError as problem:
        _fail(rendering, str(problem))
    except RenderingError as problem:
        try_again(rendering, str(problem))
    except Exception:
        log.exception("a document could not be made", work=rendering.work, document=str(rendering.id))
        try_again(rendering, _("Something unexpected happened. Whoever runs Mande finds it in the log."))
    log.info("document", work=rendering.work, document=str(rendering.id), seconds=round(monotonic() - began, 1))


def try_again(rendering: Rendering, problem: str) -> None:
    """Puts a document back into the queue, or gives it up where that was the last attempt."""
    if rendering.attempts >= ATTEMPTS:
        _fail(rendering, problem)
    else:
        _write(rendering, {"state": RenderingState.QUEUED, "lease_until": None, "problem": problem})


@contextmanager
def _giving_way() -> Iterator[None]:
    """Lets Python's threads take turns more often: where pages are served by the same process, they wait for less of
    what is worked out for a document.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _make_some(app: Flask, until: float) -> int:
    done = 0
    with app.app_context():
        while monotonic() < until and (rendering := claim()) is not None:
            make(rendering)
            done += 1
    return done


def _finish(rendering: Rendering, made: Made) -> None:
    with db.transaction() as session:
        ours = session.scalars(select(Rendering).where(_in_our_hands(rendering)).with_for_update()).one_or_none()
        if ours is None:
            log.warning("a document came too late", work=rendering.work, document=str(rendering.id))
            return
        ours.edition_id = made.keep(session) if made.keep else None
        ours.state, ours.lease_until, ours.problem = RenderingState.DONE, None, ""
        ours.step, ours.ended_at = ours.steps, clock.now()
        ours.file_name, ours.media_type = made.file_name, made.media_type
        # What is published has its file already.
        ours.file = made.data if ours.edition_id is None else None


def _fail(rendering: Rendering, problem: str) -> None:
    ended = {"state": RenderingState.FAILED, "lease_until": None, "ended_at": clock.now()}
    _write(rendering, {**ended, "problem": problem})


def _progress(rendering: Rendering, values: dict[str, int]) -> None:
    """Writes down how far a document has come, and lengthens the lease with it."""
    # A database that is busy for once must not cost the document.
    with suppress(OperationalError):
        _write(rendering, {**values, "lease_until": clock.now() + LEASE})


def _write(rendering: Rendering, values: dict[str, Any]) -> None:
    with db.transaction() as session:
        ours = update(Rendering).where(_in_our_hands(rendering)).values(**values)
        session.execute(ours.execution_options(synchronize_session=False))


def _in_our_hands(rendering: Rendering) -> ColumnElement[bool]:
    return and_(
        Rendering.id == rendering.id,
        Rendering.state == RenderingState.WORKING,
        Rendering.attempts == rendering.attempts,
    )
