"""What a monitoring system is told, and what nobody is told by it."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from mande import clock
from mande import db
from mande import metrics
from mande.config import Settings
from mande.events.importing import uploads
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.workers import Presence
from tests import builders
from tests.smtp import make_draft

TOKEN = "m" * 32
Values = dict[tuple[str, ...], float]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, metrics_token=TOKEN)


def read(client: FlaskClient) -> Values:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    return values(answer.text)


def values(text: str) -> Values:
    return {
        (sample.name.removeprefix("mande_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.parametrize("given", [None, "", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN} "])
def test_without_the_token_there_is_no_such_page(client: FlaskClient, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given}
    if given and given.endswith(f"{TOKEN} "):
        headers = {"Authorization": f"Bearer {TOKEN}x"}

    assert client.get("/metrics", headers=headers).status_code == 404


def test_without_a_token_in_the_settings_no_header_opens_the_page(app: Flask, client: FlaskClient) -> None:
    app.extensions["mande.settings"] = replace(app.extensions["mande.settings"], metrics_token="")

    assert [client.get("/metrics", headers={"Authorization": given}).status_code for given in ("Bearer ", "")] == [
        404
    ] * 2


def test_messages_workers_and_jobs_are_told(client: FlaskClient) -> None:
    late = make_draft(due_at=clock.now() - timedelta(minutes=7))
    drafts = [late, make_draft("b@example.org", due_at=clock.now() + timedelta(days=1)), make_draft("c@example.org")]
    with db.transaction() as session:
        outbox.queue(session, drafts)
        outbox.cancel(session, [drafts[2].about], [drafts[2].kind], "answered")
    presence = Presence()
    presence.done("send messages", 1.25, failed=True)
    presence.beat()
    uploads.keep("WP1", late.about, "list.csv", b"x")

    told = read(client)

    assert told["messages", "invitation", "queued"] == 2
    assert ("messages", "invitation", "cancelled") not in told
    assert told["messages_due",] == 1
    assert 420 <= told["messages_due_oldest_seconds",] < 480
    assert (told["messages_left",], told["workers_alive",], told["workers_died",]) == (0, 1, 0)
    assert told["worker_beat_age_seconds",] < 60
    assert told["job_duration_seconds", "send messages"] == 1.25
    assert told["job_failed", "send messages"] == 1
    assert abs(told["job_last_run_timestamp_seconds", "send messages"] - clock.now().timestamp()) < 60
    assert told["import_lists", "kept"] == 1
    assert told["import_lists", "working"] == told["import_lists", "stopped"] == 0


def test_a_lease_that_ran_out_is_told(client: FlaskClient) -> None:
    with db.transaction() as session:
        outbox.queue(session, [make_draft()])
        session.execute(
            update(Message).values(state=MessageState.SENDING, lease_until=clock.now() - timedelta(minutes=1))
        )

    assert read(client)["messages_left",] == 1


def test_requests_are_counted_by_kind_of_page_and_never_by_address(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        (token,) = builders.open_survey(session, builders.make_event(session, participants=1))
    for address in ("/staff/", "/nowhere", "/health", f"/r/{token}", f"/r/{token}"):
        client.get(address)

    told = {key: value for key, value in read(client).items() if key[0] == "http_requests_total"}

    assert told == {
        ("http_requests_total", "staff", "302"): 1,
        ("http_requests_total", "nothing", "404"): 1,
        ("http_requests_total", "health", "200"): 1,
    }, "when respondents come and go is nobody's business"


def test_failures_of_respondents_pages_are_counted(app: Flask, client: FlaskClient) -> None:
    assert metrics.class_of("responding.page", "/r/abc") == "respondents"
    exposition = app.extensions["mande.metrics"]
    exposition.count("respondents", 500)
    exposition.count("respondents", 422)

    told = read(client)

    assert told["http_requests_total", "respondents", "500"] == 1
    assert ("http_requests_total", "respondents", "422") not in told


def test_processes_of_one_server_count_together(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    counting = f"from mande.metrics.exposing import Exposition; Exposition({str(folder)!r}).count('staff', 200)"
    environment = {metrics.FOLDER: str(folder)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", counting], env=environment, check=True)
    from mande.metrics.exposing import Exposition

    text, _type = Exposition(str(folder)).text()

    assert values(text.decode())["http_requests_total", "staff", "200"] == 2
