"""Documents that a worker makes: asked for, waited for, fetched, tried again, dropped."""

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events.models import Event
from mande.pdf import Progress
from mande.pdf import RenderingError
from mande.reports.kinds import RenderingState
from mande.reports.models import Rendering
from mande.reports.rendering import making
from mande.reports.rendering import sweeping
from mande.reports.rendering import works
from mande.reports.rendering.works import CannotBeMadeError
from mande.reports.rendering.works import Made
from mande.reports.rendering.works import Told
from mande.staff.models import StaffRole
from tests import builders
from tests.integration import published

NOW = datetime(2021, 6, 20, 10, tzinfo=UTC)
PAGE = "/staff/events/WP1873v/report"


class Maker:
    """Makes a file each time, or raises what it is told to; keeps what a page says of it meanwhile."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.problems: list[Exception] = []
        self.seen: list[object] = []
        self.shown = ""

    def make(self, rendering: Rendering, told: Told) -> Made:
        told(Progress(2, 3, 7))
        address = f"/staff/documents/{rendering.id}"
        self.seen.append(self.client.get(f"{address}.json").json)
        self.shown = self.client.get(address).text
        if self.problems:
            raise self.problems.pop(0)
        return Made("report.pdf", "application/pdf", b"%PDF-" + rendering.work.encode())


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    clock.move_to(NOW)
    yield
    clock.move_to(None)


@pytest.fixture
def maker(app: Flask, client: FlaskClient) -> Maker:
    """What makes reports here. The survey of an event is closed; a viewer is signed in."""
    with db.transaction() as session:
        published.close_survey(session, builders.make_event(session))
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.VIEWER))
    maker = Maker(client)
    works.register(app, "report", maker.make)
    return maker


def ask(client: FlaskClient, **more: str) -> str:
    data = {"csrf_token": builders.csrf(client), "edition": "internal", "format": "pdf", **more}
    sent = client.post(PAGE, data=data)
    assert sent.status_code == 303
    address: str = sent.location
    return address


def row(address: str) -> Rendering:
    with db.reading() as session:
        return session.get_one(Rendering, UUID(address.rpartition("/")[2]))


def test_a_document_is_asked_for_waited_for_fetched_and_dropped_after_a_day(client: FlaskClient, maker: Maker) -> None:
    address = ask(client)
    assert ask(client) == address, "the same is not made twice"
    other = ask(client, language="ar")
    assert other != address
    waiting = client.get(other).text
    assert "1 document comes before this one." in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert client.get(f"{address}/file").status_code == 404

    assert making.run() == 2
    working = {"state": "working", "step": 2, "steps": 3, "page": 7, "said": "Being made: page 7."}
    assert maker.seen == [working, working]
    assert 'value="2" max="3"' in maker.shown
    ready = client.get(address).text
    assert "It is ready." in ready
    assert "refresh" not in ready
    file = client.get(f"{address}/file")
    assert (file.data, file.mimetype) == (b"%PDF-report", "application/pdf")
    assert "report.pdf" in file.headers["Content-Disposition"]
    assert ask(client) != address, "what is made does not stand for what there is later"
    listed = client.get("/staff/documents").text
    assert [listed.count(word) for word in (">report</a>", ">Ready<", ">Waiting<")] == [3, 2, 1]
    making.run()

    clock.move_to(NOW + timedelta(hours=25))
    assert sweeping.run() == 3
    assert client.get(f"{address}/file").status_code == 404
    assert "no longer here" in client.get(address).text
    again = client.post(address, data={"csrf_token": builders.csrf(client)}).location
    assert row(again).wanted == row(address).wanted
    clock.move_to(NOW + timedelta(days=32))
    sweeping.run()
    assert client.get(address).status_code == 404
    with db.reading() as session:
        assert session.scalars(select(Rendering.state)).all() == [RenderingState.QUEUED]


def test_what_fails_is_tried_once_more_and_then_says_why(client: FlaskClient, maker: Maker) -> None:
    maker.problems = [RenderingError("The PDF was not ready.")]
    address = ask(client)
    assert making.run() == 2
    assert (row(address).state, row(address).attempts, row(address).problem) == (RenderingState.DONE, 2, "")

    maker.problems = [RenderingError("It took too long."), ValueError("a secret"), CannotBeMadeError("Close it first.")]
    address = ask(client)
    assert making.run() == 2
    page = client.get(address).text
    assert "Something unexpected happened." in page
    assert "a secret" not in page
    again = client.post(address, data={"csrf_token": builders.csrf(client)}).location
    assert making.run() == 1, "what cannot be made is not tried again"
    assert "Close it first." in client.get(again).text

    unknown = ask(client)
    with db.transaction() as session:
        session.get_one(Rendering, UUID(unknown.rpartition("/")[2])).work = "horoscope"
    making.run()
    assert "does not know how" in client.get(unknown).text


def test_what_a_dead_worker_held_is_made_by_another_and_its_own_copy_comes_too_late(
    client: FlaskClient, maker: Maker
) -> None:
    address = ask(client)
    dead = making.claim()
    assert dead is not None
    assert making.claim() is None
    assert making.run() == 0
    assert sweeping.run() == 0
    clock.move_to(NOW + making.LEASE + timedelta(seconds=5))
    assert sweeping.run() == 1
    assert "tried once more" in client.get(address).text
    second = making.claim()
    assert second is not None
    making.make(dead)
    assert row(address).state is RenderingState.WORKING
    clock.move_to(NOW + 3 * making.LEASE)
    sweeping.run()
    assert row(address).problem == "The program stopped while it made this document."
    assert row(address).state is RenderingState.FAILED


def test_what_is_written_for_good_is_written_with_the_file_or_not_at_all(
    app: Flask, client: FlaskClient, maker: Maker
) -> None:
    def rename(title: str, problem: Exception | None = None) -> works.Make:
        def keep(session: Session) -> None:
            session.scalars(select(Event)).one().title = title
            if problem:
                raise problem

        return lambda _rendering, _told: Made("a.txt", "text/plain", b"a", keep)

    for title, problem in (("Kept", None), ("Undone", CannotBeMadeError("Too late.")), ("Lost", KeyError("x"))):
        works.register(app, "report", rename(title, problem))
        ask(client)
        making.run()
    with db.reading() as session:
        assert session.scalars(select(Event.title)).one() == "Kept"
        made = select(func.count()).where(Rendering.state == RenderingState.DONE)
        assert session.scalar(made) == 1
