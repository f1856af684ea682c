"""The clock: jobs in a fixed order, none of which stops another, and processes that end when they are told to."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from socket import socket
from threading import Event as Signal

import pytest
from click.testing import CliRunner
from flask import Flask
from flask import current_app
from sqlalchemy import select
from sqlalchemy import text

from mande import clock
from mande import db
from mande import logs
from mande.cli import mande
from mande.events.importing import uploads
from mande.followup import clockwork
from mande.followup import links
from mande.followup import operations
from mande.followup.clockwork import Job
from mande.followup.operations import Intention
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.staff.models import AuditEntry
from mande.surveys import operations as surveys
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.results import clearing
from mande.surveys.results import closing
from mande.web import settings
from tests import builders
from tests.smtp import StubServer

PROGRAM = [sys.executable, "-c", "from mande.cli import main; main()"]
TOKEN = "abcdefghijklmnopqrstuvwxyz"[:24] + "23"


@pytest.fixture(autouse=True)
def clock_put_right() -> Iterator[None]:
    yield
    clock.move_to(None)


def job(name: str, run) -> Job:
    return Job(name, run, 60)


def test_one_tick_does_everything_that_is_due_in_order(mailing_app: Flask, smtp: StubServer) -> None:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    with db.transaction() as session:
        event = builders.make_event(session, participants=2)
        builders.open_survey(session, event)
        attendance = builders.attend(session, event)
        operations.add_action(
            session, builders.link_of(session, attendance), Intention("Train colleagues", consent=True)
        )
    done = clockwork.tick()
    assert list(done) == [
        "close surveys", "invite", "remind", "thank", "renew schedules", "check in", "remind the team",
        "end requests", "keep discreet", "send messages", "sweep messages", "read inbox", "ask carrier",
        "sweep uploads", "sweep evidence", "end wishes", "sweep workers", "clear files", "make documents",
        "sweep documents", "score surveys", "thank owners",
    ]  # fmt: skip
    assert done["send messages"] == 2
    clock.move_to(datetime(2021, 7, 9, 10, tzinfo=UTC))
    done = clockwork.tick()
    assert (done["close surveys"], done["check in"], done["send messages"]) == (1, 1, 1)
    assert "month since" in smtp.accepted[-1].get_body(("plain",)).get_content()
    assert set(clockwork.tick().values()) == {0}


def test_a_job_that_fails_is_logged_and_stops_no_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise RuntimeError("no such thing")

    told: list[tuple[str, dict]] = []
    monkeypatch.setattr(clockwork.log, "exception", lambda what, **values: told.append((what, values)), raising=False)
    monkeypatch.setattr(clockwork, "jobs", lambda: (job("first", fail), job("second", lambda: 3)))
    assert clockwork.tick() == {"first": 0, "second": 3}
    assert told == [("job failed", {"job": "first"})]


def test_a_survey_that_cannot_be_closed_does_not_keep_others_open(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    with db.transaction() as session:
        for code in ("WP1", "WP2"):
            event = builders.make_event(session, code=code, participants=1)
            builders.open_survey(session, event)
    close = surveys.close_surveys

    def refuse_one(session, event, *others):
        if event.code == "WP1":
            raise RuntimeError("a damaged box")
        return close(session, event, *others)

    monkeypatch.setattr(surveys, "close_surveys", refuse_one)
    clock.move_to(clock.now() + timedelta(days=22))
    assert clockwork.close_surveys() == 1
    with db.reading() as session:
        states = {survey.event.code: survey.state for survey in session.scalars(select(Survey))}
    assert states == {"WP1": SurveyState.OPEN, "WP2": SurveyState.CLOSED}


def test_lists_that_nobody_confirmed_are_gone_after_a_day(app: Flask) -> None:
    with db.transaction() as session:
        kept = uploads.keep("WP1", builders.make_staff(session).id, "list.csv", b"e-mail\nada@example.org\n")
    path = settings().var / "uploads" / f"{kept.id}.json"
    assert clockwork.tick()["sweep uploads"] == 0
    assert path.exists()
    clock.move_to(clock.now() + timedelta(days=1, minutes=1))

    assert clockwork.tick()["sweep uploads"] == 1
    assert not path.exists()


def test_a_clearing_that_a_long_reader_held_up_is_made_good(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "LOCK_TIMEOUT", 100)
    with db.transaction() as session:
        event = builders.make_event(session, participants=2)
        builders.open_survey(session, event)
    with db.reading() as session:
        nonces = [bytes(nonce) for nonce in session.scalars(select(Invitation.nonce))]
    assert all(any(nonce in data for data in bytes_of_files()) for nonce in nonces), "the search finds what is there"
    with db.reading() as reader:
        reader.execute(select(Invitation)).all()
        with db.transaction() as session:
            surveys.close_surveys(session, event)
        assert clockwork.tick()["clear files"] == 0
        assert cleared() == 0

    assert clockwork.tick()["clear files"] == 1
    assert not [nonce for nonce in nonces for data in bytes_of_files() if nonce in data]
    assert clockwork.tick()["clear files"] == 0
    assert cleared() == 1


def cleared() -> int:
    with db.reading() as session:
        return len([entry for entry in session.scalars(select(AuditEntry)) if entry.action == clearing.CLEARED])


def bytes_of_files() -> list[bytes]:
    """The database's files; on PostgreSQL the one of the invitations."""
    database = db.database()
    if database.is_sqlite:
        path = Path(str(database.engine.url.database))
        return [other.read_bytes() for other in path.parent.glob(f"{path.name}*")]
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = connection.scalar(text("SHOW data_directory"))
        return [Path(folder, connection.scalar(text("SELECT pg_relation_filepath('invitation')"))).read_bytes()]


def test_the_scheduler_runs_each_job_alone_at_its_pace_and_never_drops_a_late_one(app: Flask) -> None:
    scheduler = clockwork.background(app)
    scheduler.start(paused=True)
    try:
        known = {one.id: one for one in scheduler.get_jobs()}
    finally:
        scheduler.shutdown()
    assert known.keys() == {*(job.name for job in clockwork.jobs()), clockwork.BEAT}
    for one in known.values():
        assert (one.coalesce, one.max_instances, one.misfire_grace_time) == (True, 1, None)
    assert known["send messages"].trigger.interval == timedelta(seconds=2)
    assert known["clear files"].trigger.interval == known["sweep uploads"].trigger.interval == timedelta(hours=1)


def test_a_background_scheduler_begins_at_once_in_the_applications_context(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran, seen = Signal(), []

    def note() -> int:
        seen.append(current_app.name)
        ran.set()
        return 1

    monkeypatch.setattr(clockwork, "jobs", lambda: (job("note", note),))
    scheduler = clockwork.background(app)
    scheduler.start()
    assert ran.wait(10)
    scheduler.shutdown()
    assert seen == ["mande"]


def environment(database_url: str, tmp_path: Path, **others: str) -> dict[str, str]:
    return {
        **os.environ,
        "MANDE_ENVIRONMENT": "development",
        "MANDE_SECRET_KEY": "t" * 64,
        "MANDE_LINK_KEYS": (b"l" * 32).hex(),
        "MANDE_OPERATOR_KEYS": (b"o" * 32).hex(),
        "MANDE_DATABASE_URL": database_url,
        "MANDE_SMTP_SECURITY": "none",
        "MANDE_VAR": str(tmp_path),
        **others,
    }


@contextmanager
def running(command: list[str], env: dict[str, str], log: Path) -> Iterator[subprocess.Popen]:
    with log.open("wb") as sink:
        process = subprocess.Popen([*PROGRAM, *command], env=env, stdout=sink, stderr=sink, cwd=log.parent)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_for(true, what: str, log: Path, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what} did not happen:\n{log.read_text()}"
        time.sleep(0.05)


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_sends_what_is_due_and_ends_when_it_is_told_to(
    mailing_app: Flask, smtp: StubServer, database_url: str, tmp_path: Path, number: signal.Signals
) -> None:
    with db.transaction() as session:
        builders.open_survey(session, builders.make_event(session, participants=1))
    log = tmp_path / "log"
    with running(["worker"], environment(database_url, tmp_path, MANDE_SMTP_PORT=str(smtp.port)), log) as worker:
        wait_for(lambda: smtp.accepted, "a message", log)
        wait_for(lambda: b"worker started" in log.read_bytes(), "the start", log)
        worker.send_signal(number)
        assert worker.wait(20) == 0
    assert "worker stopped" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_one_process_serves_pages_and_sends_messages_and_logs_no_link(
    mailing_app: Flask, smtp: StubServer, database_url: str, tmp_path: Path
) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=1)
        (answering,) = builders.open_survey(session, event)
        own = links.token_of(builders.link_of(session, builders.attend(session, event)))
    port, log = free_port(), tmp_path / "log"
    env = environment(database_url, tmp_path, MANDE_SMTP_PORT=str(smtp.port))
    with running(["serve", "--port", str(port), "--with-worker"], env, log) as server:
        base = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(f"{base}/health"), "the first page", log)
        for path in (f"/a/{own}", f"/a/{own}/report", f"/r/{answering}"):
            with urllib.request.urlopen(base + path) as page:
                assert page.status == 200
                assert "Set-Cookie" not in page.headers
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{base}/a/{TOKEN}")
        wait_for(lambda: smtp.accepted, "a message", log)
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    written = log.read_text()
    assert "Traceback" not in written
    for secret in (own, answering, TOKEN):
        assert secret not in written


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as page:
            return page.status == 200
    except OSError:
        return False


@pytest.mark.own_database
def test_an_error_on_a_personal_page_is_logged_without_the_link_and_answered_without_a_cookie(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=1)
        (answering,) = builders.open_survey(session, event)
        own = links.token_of(builders.link_of(session, builders.attend(session, event)))
    port, log = free_port(), tmp_path / "log"
    paths = (f"/r/{answering}", f"/r/{answering}/section/1?lang=fr", f"/a/{own}", f"/a/{own}/report")
    with running(["serve", "--port", str(port)], environment(database_url, tmp_path), log):
        base = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(f"{base}/health"), "the first page", log)
        with db.transaction() as session:
            for table in ("ballot_box", "planned_action"):
                session.execute(text(f"ALTER TABLE {table} RENAME TO {table}_gone"))
        for path in paths:
            with pytest.raises(urllib.error.HTTPError, match="500") as failed:
                urllib.request.urlopen(base + path)
            assert "Set-Cookie" not in failed.value.headers
            assert failed.value.headers["Referrer-Policy"] == "no-referrer"
            page = failed.value.read().decode()
            assert "Something went wrong on our side" in page
            assert answering not in page
            failed.value.close()
    written = log.read_text()
    assert written.count("Traceback") >= len(paths), written
    for shown in ("/r/[redacted]", "/a/[redacted]/report", "[redacted]/section/1"):
        assert shown in written
    for token in (answering, own):
        assert token not in written
        assert token[:12] not in written


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_is_served_by_one_process_only(settings, database_url: str, tmp_path: Path, monkeypatch) -> None:
    for name, value in environment(database_url, tmp_path).items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(mande, ["serve", "--processes", "2"])
    assert result.exit_code == 2
    assert "SQLite takes one process" in result.output


def test_worker_once_says_what_it_did(
    mailing_app: Flask, smtp: StubServer, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        builders.open_survey(session, builders.make_event(session, participants=2))
    for name, value in environment(database_url, tmp_path, MANDE_SMTP_PORT=str(smtp.port)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(logs, "set_up", lambda *_args: None)
    result = CliRunner().invoke(mande, ["worker", "--once"])
    assert result.exit_code == 0, result.output
    assert "send messages: 2" in result.output
    with db.reading() as session:
        assert {message.state for message in session.scalars(select(Message))} == {MessageState.SENT}
