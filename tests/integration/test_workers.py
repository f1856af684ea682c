"""Processes that run the jobs: what they write of themselves, and who is told when they do not."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import clock
from mande import db
from mande import health
from mande.followup import clockwork
from mande.followup.clockwork import Job
from mande.mail import outbox
from mande.mail import workers
from mande.mail.claiming import Claims
from mande.mail.models import Worker
from mande.mail.workers import Presence
from mande.staff.models import StaffRole
from tests import builders
from tests.smtp import make_draft


@pytest.fixture(autouse=True)
def clock_put_right() -> Iterator[None]:
    yield
    clock.move_to(None)


def pass_time(**units: float) -> None:
    clock.move_to(clock.now() + timedelta(**units))


def problems() -> str:
    with db.reading() as session:
        return "\n".join(health.problems(session))


def notes() -> str:
    with db.reading() as session:
        return "\n".join(health.notes(session))


def rows() -> list[Worker]:
    with db.reading() as session:
        return list(session.scalars(select(Worker).order_by(Worker.started_at)))


def test_a_worker_is_registered_while_it_runs_and_ends_cleanly(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise RuntimeError

    monkeypatch.setattr(clockwork, "jobs", lambda: (Job("good", lambda: 1, 60), Job("bad", fail, 60)))
    presence = Presence()
    presence.beat()
    began = clock.now()
    clockwork.tick(presence)
    presence.beat()

    (row,) = rows()
    assert (row.name, row.ended_at) == (presence.name, None)
    assert {name: done["failed"] for name, done in row.jobs.items()} == {"good": False, "bad": True}
    with db.reading() as session:
        standing = workers.standing(session)
    assert list(standing.alive) == [presence.name]
    assert began <= standing.jobs["good"].at <= clock.now()
    assert 0 <= standing.jobs["good"].seconds < 5
    assert standing.failing() == ["bad"]
    presence.end()
    assert rows()[0].ended_at is not None


def test_a_scheduler_beats_from_its_start_and_says_when_it_ends(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduled = {one.id for one in clockwork.background(app).get_jobs()}
    monkeypatch.setattr(clockwork, "jobs", lambda: ())
    scheduler = clockwork.background(app)
    scheduler.start()
    while not rows():
        pass
    assert rows()[0].ended_at is None
    scheduler.shutdown()

    assert rows()[0].ended_at is not None
    assert clockwork.BEAT in scheduled


def test_where_no_worker_has_ever_reported_it_is_said_with_the_cure(app: Flask) -> None:
    assert problems() == "Nothing is being sent: no worker has ever reported. Start one with `mande worker`."


def test_a_worker_that_died_is_told_after_a_minute(app: Flask) -> None:
    dead = Presence()
    dead.beat()
    pass_time(seconds=50)
    assert (problems(), notes()) == ("", f"Workers: {dead.name} at work.")

    pass_time(seconds=80)

    assert problems() == (
        "Nothing is being sent: no worker has reported for 2 minutes. Start one with `mande worker`.\n"
        f"{dead.name} died without ending: it last reported 2 minutes ago. What it held is sent by another worker."
    )
    other = Presence()
    other.beat()
    assert problems() == ""
    assert notes().startswith(f"Workers: {other.name} at work.\n{dead.name} died without ending")


def test_after_a_worker_that_ended_as_it_should_ten_minutes_of_silence_are_nothing(app: Flask) -> None:
    presence = Presence()
    presence.beat()
    presence.end()
    pass_time(minutes=9, seconds=55)
    assert (problems(), notes()) == ("", "Workers: none at work; the last ended 10 minutes ago.")

    pass_time(minutes=1)

    assert "no worker has reported for 11 minutes" in problems()
    assert "died" not in problems()


def test_a_job_that_is_not_done_any_more_is_named(app: Flask) -> None:
    presence = Presence()
    clockwork.tick(presence)
    presence.beat()
    assert problems() == ""
    pass_time(minutes=11)
    presence.beat()

    assert "“send messages” has not been done for too long" in problems()
    assert "“sweep uploads”" not in problems(), "it is an hourly one"


def test_mail_that_falls_behind_and_leases_that_nobody_ended_are_told(app: Flask) -> None:
    draft = make_draft(due_at=clock.now())
    with db.transaction() as session:
        outbox.queue(session, [draft, make_draft("other@example.org", due_at=clock.now() - timedelta(seconds=1))])
    with db.plain_transactions() as connection:
        Claims(connection).take()
    Presence().beat()
    assert problems() == ""
    pass_time(minutes=20)
    Presence().beat()

    assert "1 are due, the oldest for 20 minutes" in problems()
    assert "1 messages were left half-way" in problems()


def test_workers_of_the_day_before_are_forgotten_but_never_the_last_sign_of_life(app: Flask) -> None:
    ended, dead = Presence(), Presence()
    ended.beat()
    ended.end()
    pass_time(seconds=1)
    dead.beat()
    assert workers.sweep() == 0
    pass_time(days=2)

    assert workers.sweep() == 1
    assert [row.name for row in rows()] == [dead.name]
    dead.beat()
    assert workers.sweep() == 0


def test_a_worker_that_was_forgotten_while_its_machine_slept_is_there_again(app: Flask) -> None:
    asleep = Presence()
    asleep.beat()
    pass_time(days=2)
    Presence().beat()
    assert workers.sweep() == 1

    asleep.beat()

    assert asleep.name in {row.name for row in rows()}


@pytest.mark.parametrize("role", [StaffRole.MANAGER, StaffRole.VIEWER])
def test_managers_are_told_on_their_pages_that_nothing_is_sent(
    app: Flask, client: FlaskClient, role: StaffRole
) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=role))
        builders.make_event(session)
    pages = ("/staff/", "/staff/events/WP1873v")
    words = "Nothing is being sent: no worker has"
    told = role is StaffRole.MANAGER
    assert [f"{words} ever reported." in client.get(page).text for page in pages] == [told, told]
    Presence().beat()
    assert [words in client.get(page).text for page in pages] == [False, False]
    pass_time(minutes=12)

    assert [f"{words} reported for 12 minutes." in client.get(page).text for page in pages] == [told, told]
