"""Reports as web pages: what the team, a partner's readers and everybody else find there, and what they do not."""

import csv
import io
import json
import re
from collections.abc import Iterator
from uuid import UUID

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import clock
from mande import db
from mande import tokens
from mande.events.models import Event
from mande.events.models import Partner
from mande.pdf import RenderingError
from mande.reports import operations
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.models import EditionAction
from mande.reports.models import ReaderSession
from mande.reports.models import ReaderVisit
from mande.reports.partners import access
from mande.reports.partners import readers
from mande.reports.partners.readers import Wanted
from mande.reports.web import serving
from mande.staff.models import StaffRole
from tests import builders
from tests import report_samples
from tests.conftest import FreshClient
from tests.integration import published
from tests.integration import respondents

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def half_a_year_later() -> Iterator[None]:
    clock.move_to(published.HALF_A_YEAR_LATER)
    yield
    clock.move_to(None)


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    app.test_client_class = FreshClient
    return app.test_client()


def put(kind: EditionKind, number: int = 1, language: str = "en") -> UUID:
    """Publishes the report as it is now."""
    with db.transaction() as session:
        event = session.scalars(select(Event)).one()
        document = operations.document_about(session, event, kind, language)
        document["published"] = {"number": number, "note": ""}
        edition = published.put(session, event, kind, number, document)
        return edition.id


def check(page: str) -> None:
    """A page has one title, each id once, and no style of its own, which the policy would refuse."""
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert " style=" not in page
    assert page.count("<h1") == 1


def test_the_team_reads_any_report_as_a_page_and_takes_its_figures_and_charts_along(
    app: Flask, anybody: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "/staff/events/WP1873v/results"
    with db.transaction() as session:
        event = builders.make_event(session, participants=25, speakers=7, partners=4)
        builders.sign_in(anybody, builders.make_staff(session, role=StaffRole.VIEWER))
    assert anybody.get(address).location == "/staff/events/WP1873v"
    assert anybody.get(f"{address}/charts").status_code == 404
    with db.transaction() as session:
        event = session.merge(event)
        report_samples.wp1873v(session, event)
        report_samples.release_all(session)
        report_samples.followed_up(session, event)
        document = operations.document_about(session, event, EditionKind.INTERNAL)

    page = anybody.get(address).text
    check(page)
    for question in document["questions"]:
        assert question["n"] is None or question["text"].replace("'", "&#39;") in page
    assert "For the convenor’s team only." in page
    arabic = anybody.get(f"{address}?kind=respondents&language=ar").text
    check(arabic)
    assert '<article class="report" lang="ar" dir="rtl">' in arabic
    assert anybody.get(f"{address}?kind=other").status_code == 404

    edition = put(EditionKind.INTERNAL)
    charts = anybody.get(f"{address}/charts?edition={edition}").text
    check(charts)
    keys = re.findall(r"/results/charts/([a-z0-9-]+)\.svg\?", charts)
    assert len(keys) == len(set(keys)) > 10
    svg = anybody.get(f"{address}/charts/question-1.svg?edition={edition}")
    assert (svg.mimetype, svg.headers["Content-Disposition"]) == (
        "image/svg+xml", "attachment; filename=WP1873v-internal-1-question-1.svg",
    )  # fmt: skip
    assert document["questions"][0]["text"] in svg.text
    monkeypatch.setattr(serving.pdf, "picture", lambda svg, width: PNG + f"{len(svg)} {width}".encode())
    png = anybody.get(f"{address}/charts/question-1.png?edition={edition}")
    assert (png.mimetype, png.data) == ("image/png", PNG + f"{len(svg.text)} 1920".encode())
    assert anybody.get(f"{address}/charts/question-99.svg?edition={edition}").status_code == 404

    rows = list(csv.DictReader(io.StringIO(anybody.get(f"{address}/figures.csv?edition={edition}").text)))
    told = {(row["code"], row["option"]): row["count"] for row in rows if row["subject"] == "question"}
    for question in document["questions"]:
        for cell in question["cells"]:
            assert told[question["code"], cell["key"]] == str(cell["count"])
    assert {row["subject"] for row in rows} >= {"response", "question", "breakdown", "actions", "reach"}
    assert anybody.get(f"{address}/figures.xlsx?edition={edition}").data.startswith(b"PK")
    assert anybody.get(f"{address}/figures.sav?edition={edition}").data.startswith(b"$FL2")
    assert anybody.get(f"{address}/figures.csv?edition={UUID(int=1)}").status_code == 404

    def fails(_svg: str, _width: int) -> bytes:
        raise RenderingError("It took too long.")

    monkeypatch.setattr(serving.pdf, "picture", fails)
    failed = anybody.get(f"{address}/charts/question-1.png?edition={edition}")
    assert failed.location == f"{address}/charts?edition={edition}"


def test_anybody_reads_what_is_published_for_everybody_without_a_trace_and_nothing_else(
    app: Flask, anybody: FlaskClient
) -> None:
    with db.transaction() as session:
        event, actions = published.event_with_actions(session)
        published.close_survey(session, event)
    shut = [put(EditionKind.PARTNER), put(EditionKind.INTERNAL), put(EditionKind.SUMMARY)]
    first, ours, theirs = put(EditionKind.PUBLIC), put(EditionKind.RESPONDENTS), UUID(int=7)

    before = respondents.dump()
    for edition in (*shut, theirs):
        for page in ("", "/charts", "/charts/response.svg", "/figures.csv", ".pdf", ".json"):
            assert anybody.get(f"/e/{edition}{page}").status_code == 404
    for place in ("", "/charts", "/charts/response.svg", "/figures.xlsx", ".pdf"):
        answer = anybody.get(f"/e/{first}{place}")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    page = anybody.get(f"/e/{first}").text
    check(page)
    assert "later edition" not in page
    html5lib.HTMLParser(strict=True).parse(page)
    assert "What you told us" in anybody.get(f"/e/{ours}").text
    with db.reading() as session:
        kept = session.get_one(Edition, first)
        assert anybody.get(f"/e/{first}.json").data.decode() == kept.document
        codes = {one["code"] for one in json.loads(kept.document)["questions"]}
    assert {row["code"] for row in csv.DictReader(io.StringIO(anybody.get(f"/e/{first}/figures.csv").text))} >= codes
    assert respondents.dump() == before, "who reads is written down nowhere"

    with db.transaction() as session:
        builders.sign_in(anybody, builders.make_staff(session, role=StaffRole.VIEWER))
    told = anybody.get(f"/staff/events/WP1873v/results?edition={first}").text
    assert f'href="http://mande.test/e/{first}"' in told

    second = put(EditionKind.PUBLIC, 2)
    assert f"/e/{second}" in anybody.get(f"/e/{first}").text
    with db.transaction() as session:
        # As if the first had listed an action that is for the team only now.
        session.add(EditionAction(edition_id=first, action_id=actions["Speak to the minister"], named=False))
    gone = anybody.get(f"/e/{first}")
    assert (gone.status_code, f"/e/{second}" in gone.text) == (410, True)
    assert anybody.get(f"/e/{first}.pdf").status_code == 410
    assert anybody.get(f"/e/{second}").status_code == 200

    colours = anybody.get("/e/colours/c8102e.css")
    assert (colours.mimetype, "--accent: #c8102e;" in colours.text) == ("text/css", True)
    assert anybody.get("/e/colours/red.css").status_code == 404


def test_a_partners_reader_reads_editions_as_pages_and_opening_one_is_written_down(
    app: Flask, anybody: FlaskClient
) -> None:
    with db.transaction() as session:
        event, _actions = published.event_with_actions(session)
        published.close_survey(session, event)
        norway = session.scalars(select(Partner).where(Partner.country == "NO")).one()
        reader = readers.add(session, norway, Wanted("Nora Reader", "nora@example.org"))
    theirs, summary, internal = put(EditionKind.PARTNER), put(EditionKind.SUMMARY), put(EditionKind.INTERNAL)
    assert anybody.get(f"/p/editions/{theirs}").status_code == 403
    with db.transaction() as session:
        ends = clock.now() + access.SESSION_LASTS
        session.add(ReaderSession(digest=tokens.digest("kept"), reader_id=reader.id, expires_at=ends))
    anybody.set_cookie("mande_reader", "kept", path="/p")
    csrf = re.findall(r'name="csrf" value="([0-9a-f]{64})"', anybody.get("/p/").text)[0]

    assert anybody.post(f"/p/editions/{theirs}").status_code == 403
    opened = anybody.post(f"/p/editions/{theirs}", data={"csrf": csrf})
    assert (opened.status_code, opened.location) == (303, f"/p/editions/{theirs}")
    check(anybody.get(opened.location).text)
    check(anybody.get(f"{opened.location}/charts").text)
    assert anybody.get(f"{opened.location}/charts/response.svg").mimetype == "image/svg+xml"
    assert anybody.post(f"/p/editions/{theirs}.xlsx", data={"csrf": csrf}).data.startswith(b"PK")
    assert anybody.post(f"/p/editions/{summary}", data={"csrf": csrf}).status_code == 303
    for page in ("", "/charts", "/charts/response.svg"):
        assert anybody.get(f"/p/editions/{internal}{page}").status_code == 404
    with db.reading() as session:
        visits = session.scalars(select(ReaderVisit).where(ReaderVisit.edition_id.is_not(None))).all()
        opened_ones = {(one.what, one.edition_id) for one in visits}
        assert (len(visits), opened_ones) == (3, {("web", theirs), ("xlsx", theirs), ("web", summary)})
