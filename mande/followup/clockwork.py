"""The clock: a fixed table of jobs that look for what is due. What is due, and when, is in our own tables.

Any number of workers may run. Each job commits its own transactions and claims what it works on; APScheduler keeps
its jobs in memory only, and nothing is lost when a worker stops: what is due stays due.
"""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from time import perf_counter
from types import FrameType
from typing import TypeVar

import structlog
from apscheduler.events import EVENT_SCHEDULER_SHUTDOWN
from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.events import SchedulerEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from flask import current_app

from mande import db
from mande.events import marking
from mande.events.importing import uploads
from mande.events.operations import find
from mande.followup.asking import checkins
from mande.followup.asking import renewing
from mande.followup.desk import reminding as team_reminding
from mande.followup.keeping import files
from mande.followup.keeping import wishes
from mande.followup.requesting import requests
from mande.mail import sending
from mande.mail import workers
from mande.mail.carriers import failures
from mande.mail.incoming import inbox
from mande.mail.workers import Presence
from mande.surveys import operations as surveys
from mande.surveys import reminding
from mande.surveys.mailings import inviting
from mande.surveys.mailings import thanking
from mande.surveys.results import clearing

BEAT = "beat"

S = TypeVar("S", bound=BlockingScheduler)

log = structlog.stdlib.get_logger("mande.clockwork")


@dataclass(frozen=True)
class Job:
    """What is done every so many seconds. `run` commits by itself and returns how much there was to do."""

    name: str
    run: Callable[[], int]
    seconds: float


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


def check_in() -> int:
    """Asks the owners of planned actions whose check-in is due, some people in each transaction."""
    queued = 0
    while True:
        with db.transaction() as session:
            asked = checkins.ask_some(session)
        queued += asked.queued
        if not asked.people:
            return queued


def keep_discreet() -> int:
    with db.transaction() as session:
        return marking.align(session)


def end_requests() -> int:
    """Ends what colleagues were asked and have not answered in time, some in each transaction."""
    ended = 0
    while True:
        with db.transaction() as session:
            some = requests.expire(session)
        ended += some
        if not some:
            return ended


def send() -> int:
    tally = sending.send_due()
    if tally.retrying or tally.failed:
        log.warning("messages not sent", retrying=tally.retrying, failed=tally.failed)
    return tally.sent


JOBS = (
    Job("close surveys", close_surveys, 60),
    Job("invite", inviting.run, 60),
    Job("remind", reminding.run, 60),
    Job("thank", thanking.run, 60),
    Job("renew schedules", renewing.run, 60),
    Job("check in", check_in, 60),
    Job("remind the team", team_reminding.run, 60),
    Job("end requests", end_requests, 3600),
    Job("keep discreet", keep_discreet, 60),
    Job("send messages", send, 2),
    Job("sweep messages", sending.sweep, 60),
    Job("read inbox", inbox.read_inbox, 60),
    Job("ask carrier", failures.ask, 300),
    Job("sweep uploads", uploads.sweep, 3600),
    Job("sweep evidence", files.sweep, 3600),
    Job("end wishes", wishes.sweep, 3600),
    Job("sweep workers", workers.sweep, 3600),
    Job("clear files", clearing.clear_if_due, 3600),
)


def register(app: Flask, job: Job) -> None:
    """Adds a job of a folder to the right, to be done after those of JOBS."""
    app.extensions.setdefault("mande.jobs", []).append(job)


def jobs() -> tuple[Job, ...]:
    """All jobs of the current application, in order."""
    return (*JOBS, *current_app.extensions.get("mande.jobs", ()))


def tick(presence: Presence | None = None) -> dict[str, int]:
    """Runs every job once, in order, and returns how much each did. One that fails counts 0 and stops no other.

    What is done is told to `presence`, which is where a worker says of itself that it was there.
    """
    return {job.name: _run(job, presence) for job in jobs()}


def _run(job: Job, presence: Presence | None) -> int:
    done, failed, began = 0, False, perf_counter()
    try:
        done = job.run()
    except Exception:
        failed = True
        log.exception("job failed", job=job.name)
    if done:
        log.info("job done", job=job.name, number=done)
    if presence is not None:
        presence.done(job.name, perf_counter() - began, failed)
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
        log.info("worker started", jobs=[name for name in (job.id for job in scheduler.get_jobs()) if name != BEAT])

    scheduler.add_listener(listen, EVENT_SCHEDULER_STARTED)
    scheduler.start()
    log.info("worker stopped")


def _prepared(app: Flask, scheduler: S) -> S:
    presence = Presence()
    with app.app_context():
        known: dict[str, tuple[Job, Presence | None]] = {job.name: (job, presence) for job in jobs()}
    known[BEAT] = (Job(BEAT, presence.beat, workers.BEAT.total_seconds()), None)
    scheduler.configure(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(len(known))},  # so that no job keeps the worker from beating
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for name, (job, told) in known.items():
        scheduler.add_job(
            _in_context, FromNowOn(seconds=job.seconds), args=[app, job, told], id=name, replace_existing=True
        )
    scheduler.add_listener(lambda _event: _end(app, presence), EVENT_SCHEDULER_SHUTDOWN)
    return scheduler


def _in_context(app: Flask, job: Job, presence: Presence | None) -> None:
    with app.app_context():
        _run(job, presence)


def _end(app: Flask, presence: Presence) -> None:
    with app.app_context():
        presence.end()
