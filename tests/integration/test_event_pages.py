"""The pages about events, as staff see them; on both databases."""

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import clock
from mande import db
from mande.events import operations
from mande.events import panels
from mande.events import uploads
from mande.events.kinds import Format
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.models import Attendance
from mande.events.models import Event
from mande.staff.models import StaffRole
from mande.surveys import operations as surveys
from mande.web import settings
from tests.builders import attend
from tests.builders import csrf
from tests.builders import make_event
from tests.builders import make_person
from tests.builders import make_staff
from tests.builders import open_survey
from tests.builders import sign_in

SEND = "/staff/events/WP1873v/attendees/import"
GOOD = "email,name,role,meetings,hat\na@example.org,<b>Ada</b>,speaker,both,red\nb@example.org,Bob,,1,\n"
BAD = "email,name,meetings\na@example.org,Ada,1\nnobody,Bob,1\n"


@pytest.fixture(autouse=True)
def clock_put_right() -> Iterator[None]:
    yield
    clock.move_to(None)


@pytest.fixture
def manager(client: FlaskClient) -> FlaskClient:
    """A client whose user is a manager."""
    with db.transaction() as session:
        sign_in(client, make_staff(session))
    return client


@pytest.fixture
def event(app: Flask) -> Event:
    with db.transaction() as session:
        return make_event(session)


def upload(client: FlaskClient, text: str | bytes, name: str = "list.csv") -> TestResponse:
    data = text.encode() if isinstance(text, str) else text
    return client.post(SEND, data={"file": (io.BytesIO(data), name), "csrf_token": csrf(client)})


def confirm(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data={"csrf_token": csrf(client), **fields}, follow_redirects=True)


def attendances() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Attendance)) or 0


def kept_files() -> list[str]:
    return [path.read_text() for path in (settings().var / "uploads").glob("*")]


def test_without_an_event_the_list_says_how_to_make_one(manager: FlaskClient) -> None:
    page = manager.get("/staff/").text

    assert "There is no event yet" in page
    assert "mande events load" in page


def test_the_list_of_events_filters_and_sorts(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        make_event(session, code="A1", title="Peace & water", participants=2)
        make_event(session, code="B2", title="Élections")
        unfixed = make_event(session, code="C3", title="Nothing fixed yet")
        unfixed.meetings.clear()

    def codes(query: str) -> list[str]:
        return re.findall(r'href="/staff/events/(\w\d)"', manager.get(f"/staff/?{query}").text)

    assert codes("sort=code") == ["A1", "B2", "C3"]
    assert codes("sort=-code") == ["C3", "B2", "A1"]
    assert codes("sort=title") == ["B2", "C3", "A1"]
    assert codes("sort=-attendees") == ["A1", "B2", "C3"]
    assert codes("sort=nonsense&state=nonsense") == ["A1", "B2", "C3"]
    assert codes("text=elections") == ["B2"]
    assert codes("text=b2&sort=code") == ["B2"]
    assert codes("state=over,+not+asked+yet&sort=code") == ["A1", "B2"]
    assert codes("state=planned") == ["C3"]
    assert "No event is like that." in manager.get("/staff/?text=zebra").text
    assert "Peace &amp; water" in manager.get("/staff/").text


def test_the_list_and_the_page_of_an_event_say_until_when_its_survey_is_open_and_then_that_it_is_closed(
    app: Flask, manager: FlaskClient
) -> None:
    clock.move_to(datetime(2021, 6, 10, 9, tzinfo=UTC))
    with db.transaction() as session:
        event = make_event(session, participants=2, speakers=1)
        make_event(session, code="OTHER")

    def badges() -> tuple[list[str], str]:
        found = re.compile(r'class="badge state-[a-z-]+">([^<]+)<')
        (on_page,) = found.findall(manager.get("/staff/events/WP1873v").text)
        return found.findall(manager.get("/staff/?sort=-code").text), on_page

    assert badges() == (["Over, not asked yet"] * 2, "Over, not asked yet")
    with db.transaction() as session:
        open_survey(session, event, closes_at=datetime(2021, 6, 30, 23, 30, tzinfo=UTC))
    # Half an hour after midnight in London.
    assert badges() == (["Survey open until 1 July 2021", "Over, not asked yet"], "Survey open until 1 July 2021")
    (line,) = manager.get("/staff/?format=csv&state=survey+open").text.splitlines()[1:]
    assert ",survey open,2021-07-01,3," in line
    with db.transaction() as session:
        surveys.close_surveys(session, event)
    assert badges() == (["Closed", "Over, not asked yet"], "Closed")


def test_the_list_of_events_can_be_taken_along(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        make_event(session, title='=HYPERLINK("x")', participants=2)
        make_event(session, code="B2")
    response = manager.get("/staff/?format=csv&text=1873")

    assert response.data.startswith(b"\xef\xbb\xbfcode,title,first day")
    assert response.data.decode("utf-8-sig").splitlines()[1:] == [
        'WP1873v,"\'=HYPERLINK(""x"")",2021-06-07,2021-06-09,"over, not asked yet",,2,Example House,'
        '"Federal Department of Foreign Affairs, Switzerland; Ministry of Foreign Affairs, Norway"'
    ]
    assert "attachment; filename=events.csv" in response.headers["Content-Disposition"]


def test_the_list_of_events_takes_as_many_statements_for_many_events(app: Flask, manager: FlaskClient) -> None:
    def statements() -> int:
        made: list[object] = []
        engine = db.database().engine
        watch = lambda *args: made.append(args[2])  # noqa: E731
        sqlalchemy_event.listen(engine, "before_cursor_execute", watch)
        assert manager.get("/staff/").status_code == 200
        sqlalchemy_event.remove(engine, "before_cursor_execute", watch)
        return len(made)

    with db.transaction() as session:
        make_event(session, code="A0", participants=2)
    few = statements()
    with db.transaction() as session:
        for number in range(1, 12):
            make_event(session, code=f"A{number}", participants=2)
    assert statements() == few


def test_the_page_of_an_event_tells_its_facts_and_counts_everybody_once(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        event = make_event(session, participants=6, speakers=5, partners=3)
        attend(session, event, roles=[Role.PARTNER, Role.SPEAKER], meetings=event.meetings[:1])
    page = re.sub(r"\s+", " ", manager.get("/staff/events/wp1873V").text)

    for fact in (
        "Monday 7 June 2021, 13:00 to 15:30 (BST), virtual", "Ministry of Foreign Affairs, Norway",
        "A note of recommendations", "ODA-eligible, DAC 151, CRS 15121", "robin@example.org", "5 responses",
        "<b>15</b>people", "<b>6</b>participants", "<b>5</b>speakers", "<b>4</b>of the partners",
        "<b>5</b>at both meetings", "1 person holds several roles",
    ):  # fmt: skip
        assert fact in page, fact
    rows = re.findall(r'<tr><th scope="row">Part \w+: .*?</tr>', page)
    assert [re.findall(r">(\d+)<", row) for row in rows] == [["4", "4", "3", "11"], ["4", "3", "2", "9"]]


def test_panels_stand_in_their_order_and_empty_ones_are_left_out(
    app: Flask, manager: FlaskClient, event: Event
) -> None:
    app.extensions["mande.panels"] = []
    panels.register(app, 30, lambda _session, _event: Markup("<p>third</p>"))
    panels.register(app, 10, lambda _session, one: Markup("<p>first of {}</p>").format(one.code))
    panels.register(app, 20, lambda _session, _event: Markup(" \n"))

    page = manager.get("/staff/events/WP1873v").text
    assert page.index("first of WP1873v") < page.index("third")


def test_the_panel_of_messages_is_on_the_page(manager: FlaskClient, event: Event) -> None:
    assert "Messages" in manager.get("/staff/events/WP1873v").text


def test_an_unknown_event_is_not_found(manager: FlaskClient) -> None:
    for address in ("", "/attendees", "/attendees/import"):
        assert manager.get(f"/staff/events/NOPE{address}").status_code == 404


def test_the_attendees_filter_sort_and_can_be_taken_along(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        event = make_event(session)
        ada = make_person(session, name="Ada", country="KE", sector=Sector.MEDIA, organisation="Zeta")
        zoe = make_person(session, name="Zoë", country=None, sector=None, organisation="@lpha", position=None)
        attend(session, event, ada, [Role.PARTICIPANT, Role.SPEAKER], event.meetings[:1])
        attend(session, event, zoe, [Role.PARTNER], event.meetings)

    def names(query: str) -> list[str]:
        return re.findall(r"data-label=\"Name\">(\w+)<", manager.get(f"/staff/events/WP1873v/attendees?{query}").text)

    assert names("") == ["Ada", "Zoë"]
    assert names("sort=-name") == names("sort=organisation") == names("sort=country") == ["Zoë", "Ada"]
    assert names("text=kenya") == names("role=speaker") == names("role=participant") == names("sector=media") == ["Ada"]
    assert names("meeting=part-two") == names("sector=unknown") == names("text=zoe") == ["Zoë"]
    assert names("meeting=nonsense&role=nonsense") == ["Ada", "Zoë"]
    assert "Nobody is like that." in manager.get("/staff/events/WP1873v/attendees?text=zebra").text
    lines = manager.get("/staff/events/WP1873v/attendees?format=csv&role=partner").data.decode("utf-8-sig").splitlines()
    assert lines[1:] == [f"Zoë,{zoe.email},'@lpha,,,,{zoe.gender},en,partner,part-one; part-two,online,"]


def test_a_list_is_looked_at_before_anything_is_imported(manager: FlaskClient, event: Event) -> None:
    sent = upload(manager, GOOD)

    assert (sent.status_code, attendances()) == (302, 0)
    page = manager.get(sent.location).text
    assert "What the import would do" in page
    assert "<b>2</b>to add" in page
    assert "their names mean nothing here: hat." in page
    assert "&lt;b&gt;Ada&lt;/b&gt;" in page
    assert attendances() == 0

    done = confirm(manager, sent.location)
    assert "What the import did" in done.text
    assert "<b>2</b>added" in done.text
    assert attendances() == 2
    (kept,) = kept_files()
    assert json.loads(kept)["content"] == ""


def test_confirming_twice_imports_once(manager: FlaskClient, event: Event) -> None:
    sent = upload(manager, GOOD)
    confirm(manager, sent.location)
    again = confirm(manager, sent.location)

    assert "<b>2</b>added" in again.text
    assert attendances() == 2


def test_with_a_refused_row_nothing_is_imported_unless_the_good_rows_are_asked_for(
    manager: FlaskClient, event: Event
) -> None:
    sent = upload(manager, BAD)
    page = manager.get(sent.location).text
    assert "“nobody” is not an e-mail address" in page
    assert "Import the 1 good row<" in page

    assert "Nothing was imported" in confirm(manager, sent.location).text
    assert attendances() == 0
    refused = manager.get(f"{sent.location}/refused.csv").data.decode("utf-8-sig")
    assert refused.splitlines() == [
        "what is wrong,email,name,meetings",
        "“nobody” is not an e-mail address,nobody,Bob,1",
    ]

    done = confirm(manager, sent.location, rows="good").text
    assert "1 row was refused and is not imported." in done
    assert attendances() == 1
    assert manager.get(f"{sent.location}/refused.csv").data.decode("utf-8-sig") == refused


def test_what_is_known_already_is_not_offered_for_import(manager: FlaskClient, event: Event) -> None:
    confirm(manager, upload(manager, GOOD).location)
    page = manager.get(upload(manager, GOOD).location).text

    assert "There is nothing to import." in page
    assert "<b>2</b>as they are" in page


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "The file is empty."), (b"name\nAda\n", "There is no column for: email."), (b"PK\x03\x04", "workbook")],
)
def test_a_file_that_is_no_list_is_told_on_the_form(
    manager: FlaskClient, event: Event, content: bytes, said: str
) -> None:
    response = upload(manager, content)

    assert response.status_code == 422
    assert said in response.text
    assert "<title>Error:" in response.text
    assert kept_files() == []


def test_no_file_at_all_is_told_on_the_form(manager: FlaskClient, event: Event) -> None:
    response = manager.post(SEND, data={"csrf_token": csrf(manager)})

    assert (response.status_code, "Choose a file." in response.text) == (422, True)


def test_a_list_is_its_senders_alone_and_of_its_event(app: Flask, manager: FlaskClient, event: Event) -> None:
    sent = upload(manager, GOOD)
    with db.transaction() as session:
        make_event(session, code="OTHER")
        stranger = app.test_client()
        sign_in(stranger, make_staff(session, email="other@example.org"))

    elsewhere = sent.location.replace("WP1873v", "OTHER")
    for client, address in ((stranger, sent.location), (manager, elsewhere), (manager, f"{SEND}/../../etc/passwd")):
        page = client.get(address, follow_redirects=True).text
        assert "list.csv" not in page
        assert "b@example.org" not in page
    assert "no longer here" in confirm(stranger, sent.location).text
    assert attendances() == 0


def test_a_list_can_be_thrown_away(manager: FlaskClient, event: Event) -> None:
    sent = upload(manager, GOOD)

    assert "thrown away" in confirm(manager, f"{sent.location}/discard").text
    assert kept_files() == []
    assert manager.get(sent.location).status_code == 302


def test_lists_are_kept_for_a_day(manager: FlaskClient, event: Event) -> None:
    sent = upload(manager, GOOD)
    assert [path.stat().st_mode & 0o077 for path in (settings().var / "uploads").glob("*")] == [0]
    clock.move_to(clock.now() + uploads.KEPT_FOR * 1.01)
    try:
        assert manager.get(sent.location).status_code == 302
        upload(manager, BAD)
        assert len(kept_files()) == 1
    finally:
        clock.move_to(None)


def test_a_viewer_sees_lists_and_is_not_offered_the_import(client: FlaskClient, event: Event) -> None:
    with db.transaction() as session:
        sign_in(client, make_staff(session, role=StaffRole.VIEWER))

    assert "Import a list" not in client.get("/staff/events/WP1873v").text
    assert "Import a list" not in client.get("/staff/events/WP1873v/attendees").text
    assert client.get(SEND).status_code == 403
    assert upload(client, GOOD).status_code == 403


def test_a_meeting_in_the_room_is_attended_in_the_room(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        event = make_event(session)
        for meeting in event.meetings:
            meeting.format = Format.IN_PERSON
    confirm(manager, upload(manager, GOOD).location)

    with db.reading() as session:
        found = operations.attendees(session, operations.find(session, "WP1873v"))
    assert {one.mode for one in found} == {"in_person"}
