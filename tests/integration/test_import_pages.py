"""The pages on which a list of attendees is taken in; on both databases."""

import io
import json
import re
import threading
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import clock
from mande import db
from mande import workbooks
from mande.events import operations
from mande.events.importing import import_jobs
from mande.events.importing import sheets
from mande.events.importing import uploads
from mande.events.kinds import Format
from mande.events.models import Attendance
from mande.events.models import Event
from mande.staff.models import AuditEntry
from mande.web import settings
from tests.builders import csrf
from tests.builders import make_event
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


def choose(client: FlaskClient, sent: TestResponse, **fields: str) -> TestResponse:
    """Says what the columns mean, as they are guessed but for `fields`; the answer is the way to what would be done."""
    return client.post(sent.location, data={"csrf_token": csrf(client), **fields})


def send(client: FlaskClient, text: str | bytes, **fields: str) -> str:
    """Sends a list and says what its columns mean; the address of the page with what it would do."""
    chosen = choose(client, upload(client, text), **fields)
    assert chosen.status_code == 302, chosen.text
    return chosen.location


def confirm(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data={"csrf_token": csrf(client), **fields}, follow_redirects=True)


def attendances() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Attendance)) or 0


def kept_files() -> list[str]:
    return [path.read_text() for path in (settings().var / "uploads").glob("*")]


def rows_shown(page: str) -> list[str]:
    """Who is in the table of a preview."""
    return [unescape(name) for name in re.findall(r'data-label="Who">([^<]*)<', page)]


def test_a_list_is_looked_at_before_anything_is_imported(manager: FlaskClient, event: Event) -> None:
    sent = upload(manager, GOOD)

    assert (sent.status_code, attendances()) == (302, 0)
    page = manager.get(sent.location).text
    assert re.search(r'>hat</label></th>\s*<td[^>]*><span class="sample">red</span>', page)
    assert re.search(r'<select id="column-0" name="column-0">.*?<option value="email" selected>', page, re.DOTALL)
    location = choose(manager, sent).location
    page = manager.get(location).text
    assert "What the import would do" in page
    assert "<b>2</b>to add" in page
    assert "Columns that are left out: hat." in page
    assert "&lt;b&gt;Ada&lt;/b&gt;" in page
    assert attendances() == 0

    done = confirm(manager, location)
    assert "What the import did" in done.text
    assert "<b>2</b>added" in done.text
    assert attendances() == 2
    (kept,) = (settings().var / "uploads").glob("*.json")
    assert json.loads(kept.read_text())["content"] == ""


def test_confirming_twice_imports_once(manager: FlaskClient, event: Event) -> None:
    location = send(manager, GOOD)
    confirm(manager, location)
    again = confirm(manager, location)

    assert "<b>2</b>added" in again.text
    assert attendances() == 2


def test_with_a_refused_row_nothing_is_imported_unless_the_good_rows_are_asked_for(
    manager: FlaskClient, event: Event
) -> None:
    location = send(manager, BAD)
    page = manager.get(location).text
    assert "“nobody” is not an e-mail address" in page
    assert "Import the 1 good row<" in page

    assert "Nothing was imported" in confirm(manager, location).text
    assert attendances() == 0
    refused = manager.get(f"{location}/refused.csv").data.decode("utf-8-sig")
    assert refused.splitlines() == [
        "what is wrong,email,name,meetings",
        "“nobody” is not an e-mail address,nobody,Bob,1",
    ]
    book = workbooks.read(manager.get(f"{location}/refused.xlsx").data)
    assert book["refused"][1] == ["“nobody” is not an e-mail address", "nobody", "Bob", "1"]

    done = confirm(manager, location, rows="good").text
    assert "1 row was refused and is not imported." in done
    assert attendances() == 1
    assert manager.get(f"{location}/refused.csv").data.decode("utf-8-sig") == refused


def test_what_is_known_already_is_not_offered_for_import(manager: FlaskClient, event: Event) -> None:
    confirm(manager, send(manager, GOOD))
    page = manager.get(upload(manager, GOOD).location).text

    assert "There is nothing to import." in page
    assert "<b>2</b>as they are" in page


def test_what_is_said_of_columns_is_remembered_so_that_the_next_list_needs_nothing(
    manager: FlaskClient, event: Event
) -> None:
    wish = {"column-0": "name", "column-1": "email", "column-2": "meetings"}
    location = send(manager, "Delegate;Where to write;Came\nADA, Zoë;z@example.org;both\n", **wish)
    assert rows_shown(manager.get(location).text) == ["Zoë Ada"]

    again = upload(manager, "DELEGATE\tWhere to  write\tcame\nBob\tb@example.org\t1\n".encode("utf-16"))
    page = manager.get(again.location).text
    assert "The columns are taken for what was said of the last list of this kind." in page
    assert rows_shown(page) == ["Bob"]


def test_what_cannot_be_said_of_the_columns_is_told_with_what_was_chosen(manager: FlaskClient, event: Event) -> None:
    sent = upload(manager, "name,Contact\nAda,somewhere\n")
    nowhere = choose(manager, sent)
    twice = choose(manager, sent, **{"column-0": "email", "column-1": "email"})

    assert (nowhere.status_code, "Say which column holds the e-mail addresses." in nowhere.text) == (422, True)
    assert (twice.status_code, "“name” and “Contact” are both taken for the email." in twice.text) == (422, True)
    assert twice.text.count('<option value="email" selected>') == 2
    assert manager.get(sent.location.removesuffix("/columns")).location == sent.location


def test_of_several_meetings_it_is_asked_which_ones_a_list_is_about(manager: FlaskClient, event: Event) -> None:
    sent = upload(manager, "email,name\na@example.org,Ada\n")
    assert "No column tells the meetings." in manager.get(sent.location).text
    untold = manager.get(choose(manager, sent).location).text
    told = choose(manager, sent, meetings="meeting:part-two", role="speaker").location

    assert "It does not say which meetings" in untold
    assert "part-two" in manager.get(told).text
    assert 'value="meeting:part-two" selected' in manager.get(sent.location).text
    # Remembered columns or not: which meetings a list is about is asked each time.
    assert upload(manager, "email,name\nb@example.org,Bob\n").location.endswith("/columns")


def test_the_sheet_and_the_row_with_the_names_can_be_chosen(manager: FlaskClient, event: Event) -> None:
    people = [["Title"], ["name", "email", "meetings"], ["Ada", "a@example.org", "1"]]
    book = workbooks.write({"Invited": people, "Came": [*people[:2], ["Zoë", "z@example.org", "2"]]})
    sent = upload(manager, book, "book.xlsx")
    page = manager.get(f"{sent.location}?sheet=Came&row=2").text

    assert "Several sheets hold a list" in page
    assert "z@example.org" in page
    assert "there is no row below it" in manager.get(f"{sent.location}?sheet=Came&row=99").text
    assert rows_shown(manager.get(choose(manager, sent, sheet="Came", row="2").location).text) == ["Zoë"]


def test_a_preview_is_narrowed_down_by_outcome_and_turns_its_pages(manager: FlaskClient, event: Event) -> None:
    rows = "".join(f"p{number}@example.org,Person {number},1\n" for number in range(205))
    location = send(manager, f"email,name,meetings\n{rows}nobody,Bob,1\n")

    assert len(rows_shown(manager.get(location).text)) == 100
    assert rows_shown(manager.get(f"{location}?page=3").text) == [f"Person {number}" for number in range(199, 205)]
    assert rows_shown(manager.get(f"{location}?outcome=refused").text) == ["Bob"]
    assert "No row is like that." in manager.get(f"{location}?outcome=changed").text


def test_a_long_list_is_worked_on_beside_the_page_which_tells_how_far_it_has_come(
    manager: FlaskClient, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_jobs, "LONG", 1)
    may_go_on = threading.Event()
    watched = import_jobs.imports.plan

    def wait(*args: Any) -> Any:
        may_go_on.wait(20)
        return watched(*args)

    monkeypatch.setattr(import_jobs.imports, "plan", wait)
    location = send(manager, GOOD)
    page = manager.get(location).text
    assert '<meta http-equiv="refresh" content="2">' in page
    assert "Working on the list" in page
    may_go_on.set()
    finished()
    assert "<b>2</b>to add" in manager.get(location).text

    confirm(manager, location)
    finished()
    assert "<b>2</b>added" in manager.get(location).text
    assert attendances() == 2
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "attendees imported"))
    assert entry.actor.endswith("@example.org")


def finished() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("import-"):
            thread.join(20)


def test_work_that_was_interrupted_is_said_so_and_can_be_taken_up_again(
    manager: FlaskClient, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = upload(manager, GOOD)
    monkeypatch.setattr(import_jobs, "_do", lambda *_args: None)
    location = choose(manager, sent).location
    monkeypatch.undo()
    assert "Working on the list" in manager.get(location).text
    clock.move_to(clock.now() + uploads.SILENT_FOR * 1.1)

    assert "The work on this list was interrupted. Nothing was changed." in manager.get(location).text
    assert "<b>2</b>to add" in confirm(manager, f"{location}/again").text


def test_a_list_that_cannot_be_worked_out_says_why(
    manager: FlaskClient, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    page = manager.get(send(manager, GOOD)).text

    assert "The file has 2 rows; at most 1 can be taken at once." in page
    assert "Say what the columns mean" in page


def test_after_an_import_the_page_says_how_many_newcomers_are_not_invited_yet(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        open_survey(session, make_event(session, participants=2))
    done = confirm(manager, send(manager, "email,name,meetings\na@example.org,Ada,1\n")).text

    assert "1 person at the event is not invited yet." in done
    assert 'href="/staff/events/WP1873v#surveys"' in done


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "The file is empty."), (b"PK\x03\x04", "workbook"), (b"email\n", "no row below it")],
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
    location = send(manager, GOOD)
    with db.transaction() as session:
        make_event(session, code="OTHER")
        stranger = app.test_client()
        sign_in(stranger, make_staff(session, email="other@example.org"))

    elsewhere = location.replace("WP1873v", "OTHER")
    for client, address in (
        *((stranger, location), (stranger, f"{location}/columns"), (stranger, f"{location}/refused.csv")),
        *((manager, elsewhere), (manager, f"{SEND}/../../etc/passwd")),
    ):
        page = client.get(address, follow_redirects=True).text
        assert "list.csv" not in page
        assert "b@example.org" not in page
    assert "no longer here" in confirm(stranger, location).text
    assert attendances() == 0


def test_a_list_can_be_thrown_away(manager: FlaskClient, event: Event) -> None:
    location = send(manager, GOOD)

    assert "thrown away" in confirm(manager, f"{location}/discard").text
    assert kept_files() == []
    assert manager.get(location).status_code == 302


def test_lists_are_kept_for_a_day(manager: FlaskClient, event: Event) -> None:
    sent = upload(manager, GOOD)
    choose(manager, sent)
    assert {path.stat().st_mode & 0o077 for path in (settings().var / "uploads").glob("*")} == {0}
    clock.move_to(clock.now() + uploads.KEPT_FOR * 1.01)

    assert manager.get(sent.location).location == SEND
    upload(manager, BAD)
    assert len(kept_files()) == 1


def test_a_meeting_in_the_room_is_attended_in_the_room(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        event = make_event(session)
        for meeting in event.meetings:
            meeting.format = Format.IN_PERSON
    confirm(manager, send(manager, GOOD))

    with db.reading() as session:
        found = operations.attendees(session, operations.find(session, "WP1873v"))
    assert {one.mode for one in found} == {"in_person"}
