"""The processes that run the jobs: what they write of themselves, and what follows from it.

A worker has a name that says nothing of its machine. It beats every ten seconds, with when each job was last done.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from threading import Lock
from typing import Any
from typing import cast
from uuid import uuid4

from sqlalchemy import CursorResult
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.mail.models import Worker

BEAT = timedelta(seconds=10)
# A process that has not beaten for so long has died, or its machine has.
ALIVE = timedelta(minutes=1)
# So long nothing may run after a worker that ended as it should: `mande worker --once` comes every few minutes.
QUIET = timedelta(minutes=10)
_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Done:
    """When a job was last done, how many seconds it took, and whether it failed."""

    at: datetime
    seconds: float
    failed: bool = False


@dataclass(frozen=True)
class Standing:
    """How the workers stand. `jobs` holds the last time of each job, whichever worker did it.

    `alive` and `died` are the names of those that have not ended, with when they began and when they last beat. `seen`
    is the last sign of life of any, ended ones included; None where none has ever reported.
    """

    now: datetime
    alive: Mapping[str, datetime]
    died: Mapping[str, datetime]
    seen: datetime | None
    jobs: Mapping[str, Done]

    @property
    def quiet(self) -> timedelta | None:
        """For how long nobody has reported, where that is too long. Without any worker ever: timedelta.max."""
        if self.alive:
            return None
        if self.seen is None:
            return timedelta.max
        ended = self.seen not in self.died.values()
        silence = self.now - self.seen
        return None if ended and silence <= QUIET else silence

    def overdue(self, periods: Mapping[str, float]) -> list[str]:
        """The jobs, of those that are to be done every so many seconds, that no worker has done for far longer."""
        return [name for name, seconds in periods.items() if self._late(name, timedelta(seconds=seconds))]

    def _late(self, name: str, period: timedelta) -> bool:
        allowed = max(3 * period, QUIET)
        since = self.jobs[name].at if name in self.jobs else min(self.alive.values(), default=self.now)
        return self.now - since > allowed

    def failing(self) -> list[str]:
        """The jobs that failed when they were last done."""
        return [name for name, done in self.jobs.items() if done.failed]


class Presence:
    """This process as a worker, from its first beat until it has ended. `done` remembers what `beat` will write."""

    def __init__(self) -> None:
        self.id = uuid4()
        self.name = f"worker-{secrets.token_hex(3)}"
        self.started_at = clock.now()
        self._jobs: dict[str, dict[str, Any]] = {}
        self._lock = Lock()

    def done(self, job: str, seconds: float, failed: bool) -> None:
        kept = {"at": clock.now().isoformat(), "seconds": round(seconds, 3), "failed": failed}
        with self._lock:
            self._jobs = {**self._jobs, job: kept}

    def beat(self) -> int:
        """Says that this process lives: by a new row the first time, and where it was taken for dead and swept."""
        self._write(ended_at=None)
        return 0

    def end(self) -> None:
        """Says that this process ends as it should."""
        self._write(ended_at=clock.now())

    def _write(self, ended_at: datetime | None) -> None:
        values = {"beat_at": clock.now(), "ended_at": ended_at, "jobs": self._jobs}
        with db.transaction() as session:
            changed = session.execute(update(Worker).where(Worker.id == self.id).values(**values))
            if not cast(CursorResult[Any], changed).rowcount:
                session.add(Worker(id=self.id, name=self.name, started_at=self.started_at, **values))


def standing(session: Session) -> Standing:
    """How the workers stand at this moment, in one statement."""
    now = clock.now()
    found = session.scalars(select(Worker).order_by(Worker.started_at)).all()
    jobs: dict[str, Done] = {}
    for worker in found:
        for name, kept in worker.jobs.items():
            done = Done(datetime.fromisoformat(kept["at"]), kept["seconds"], kept["failed"])
            if name not in jobs or jobs[name].at < done.at:
                jobs[name] = done
    running = [worker for worker in found if worker.ended_at is None]
    return Standing(
        now=now,
        alive={worker.name: worker.started_at for worker in running if now - worker.beat_at <= ALIVE},
        died={worker.name: worker.beat_at for worker in running if now - worker.beat_at > ALIVE},
        seen=max((worker.beat_at for worker in found), default=None),
        jobs=jobs,
    )


def quiet_for() -> timedelta | None:
    """For how long no worker has reported, where that is too long: what pages for staff tell."""
    with db.reading() as session:
        return standing(session).quiet


def sweep() -> int:
    """Forgets workers that ended, or died, more than a day ago, but for the last that gave a sign of life."""
    before = clock.now() - _KEPT
    last = select(func.max(Worker.beat_at)).scalar_subquery()
    with db.transaction() as session:
        old = delete(Worker).where(or_(Worker.ended_at < before, Worker.beat_at < before), Worker.beat_at < last)
        swept = session.execute(old.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], swept).rowcount
