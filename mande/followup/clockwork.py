"""The clock: a fixed table of jobs that look for what is due. What is due, and when, is in our own tables.

Any number of workers may run. Each job commits its own transactions and claims what it works on; APScheduler keeps
its jobs in memory only, and nothing is lost when a worker stops: what is due stays due.
"""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from types import FrameType
from typing import TypeVar

import structlog
from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.events import SchedulerEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from mande import db
from mande.events import uploads
from mande.events.operations import find
from mande.followup import checkins
from mande.mail import sending
from mande.surveys import operations as surveys
from mande.surveys.reminding import remind_due
from mande.surveys.results import clearing

S = TypeVar("S", bound=BlockingScheduler)

log = structlog.stdlib.get_logger("mande.clockwork")


@dataclass(frozen=True)
class Job:
    """What is done every so many seconds. `run` commits by itself and returns how much there was to do."""

    name: str
    run: Callable[[], int]
    seconds: int


class FromNowOn(IntervalTrigger):  # type: ignore[misc]
    """Every so many seconds, and the first time at once: APScheduler's own interval lets one pass first."""

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        if previous is None:
            return now
        following: datetime | None = super().get_next_fire_time(previous, now)
        return following


def close_surveys() -> int:
    """Closes the surveys whose closing date has passed, each on its own, so that one that fails stops no other."""
    with db.reading() as session:
        due = [(survey.event.code, survey.role) for survey in surveys.due_to_close(session)]
    closed = 0
    for code, role in due:
        try:
            with db.transaction() as session:
                closed += len(surveys.close_surveys(session, find(session, code), [role]))
        except Exception:
            log.exception("a survey could not be closed", event_code=code, role=role.value)
    return closed


def remind() -> int:
    with db.transaction() as session:
        return remind_due(session)


def check_in() -> int:
    """Asks the owners of planned actions whose check-in is due, some people in each transaction."""
    queued = 0
    while True:
        with db.transaction() as session:
            asked = checkins.ask_some(session)
        queued += asked.queued
        if not asked.people:
            return queued


def send() -> int:
    tally = sending.send_due()
    if tally.retrying or tally.failed:
        log.warning("messages not sent", retrying=tally.retrying, failed=tally.failed)
    return tally.sent


JOBS = (
    Job("close surveys", close_surveys, 60),
    Job("remind", remind, 60),
    Job("check in", check_in, 60),
    Job("send messages", send, 2),
    Job("sweep messages", sending.sweep, 60),
    Job("sweep uploads", uploads.sweep, 3600),
    Job("clear files", clearing.clear_if_due, 3600),
)


def tick() -> dict[str, int]:
    """Runs every job once, in order, and returns how much each did. One that fails counts 0 and stops no other."""
    return {job.name: _run(job) for job in JOBS}


def _run(job: Job) -> int:
    try:
        done = job.run()
    except Exception:
        log.exception("job failed", job=job.name)
        return 0
    if done:
        log.info("job done", job=job.name, number=done)
    return done


def background(app: Flask) -> BackgroundScheduler:
    """A scheduler that is not started yet and runs the jobs in threads of this process."""
    return _prepared(app, BackgroundScheduler(daemon=True))


def run_worker(app: Flask) -> None:
    """Runs the jobs until the process is told to end (SIGTERM, SIGINT). What has begun is finished first."""
    scheduler = _prepared(app, BlockingScheduler())

    def end(_number: int, _frame: FrameType | None) -> None:
        # Stopping waits for what is running, which a signal handler must not do.
        Thread(target=scheduler.shutdown, name="shutdown").start()

    def listen(_event: SchedulerEvent) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        log.info("worker started", jobs=[job.name for job in JOBS])

    scheduler.add_listener(listen, EVENT_SCHEDULER_STARTED)
    scheduler.start()
    log.info("worker stopped")


def _prepared(app: Flask, scheduler: S) -> S:
    scheduler.configure(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    for job in JOBS:
        scheduler.add_job(
            _in_context,
            FromNowOn(seconds=job.seconds),
            args=[app, job],
            id=job.name,
            replace_existing=True,
        )
    return scheduler


def _in_context(app: Flask, job: Job) -> None:
    with app.app_context():
        _run(job)
