"""Stories of owners of planned actions: a check-in answered by one press, dates, a pause, colleagues, files."""

import io
import re
from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import clock
from mande import db
from mande.events.models import Person
from mande.followup import links
from mande.followup import operations
from mande.followup.models import ActionChange
from mande.followup.models import ActionOwner
from mande.followup.models import EvidenceFile
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.operations import Intention
from mande.mail.carriers import Prepared
from mande.mail.delivery import deliver
from mande.mail.models import Message
from tests import builders
from tests.integration.test_followup_pages import good
from tests.integration.test_followup_pages import rows
from tests.integration.test_followup_pages import sent_to
from tests.integration.test_followup_pages import stored


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def token(app: Flask) -> str:
    with db.transaction() as session:
        event = builders.make_event(session)
        attendance = builders.attend(session, event, builders.make_person(session, "Ada Owner", country="GB"))
        return links.token_of(builders.link_of(session, attendance))


def add(token: str, what: str = "Write to the minister", **values: object) -> PlannedAction:
    with db.transaction() as session:
        visit = links.visit(session, token)
        assert visit is not None
        return operations.add_action(session, visit.link, Intention(what, consent=True, **values))


class Kept:
    """A carrier that keeps what it is given."""

    letter: Prepared

    def send(self, letter: Prepared) -> str | None:
        self.letter = letter
        return None


def checked(page: str) -> list[str]:
    return re.findall(r'name="([0-9a-f]{32}-status)" value="([a-z_]+)" checked', page)


def test_a_check_in_is_answered_by_one_press_and_their_own_words_come_back(client: FlaskClient, token: str) -> None:
    first, second = add(token, by_when=date(2021, 12, 1)), add(token, "Train ten colleagues")
    clock.move_to(datetime(2021, 7, 9, 12, tzinfo=UTC))
    with db.transaction() as session:
        operations.queue_due_check_ins(session)
        (message,) = session.scalars(select(Message))
        carrier = Kept()
        deliver(carrier, message)
    letter = carrier.letter
    pressed = f"http://mande.test/a/{token}/report?{second.short}=some_progress"
    assert f'href="{pressed}"' in letter.html
    assert letter.html.count(f"/a/{token}/report?") == 10
    assert letter.text.count("http") == 1
    assert "[[" not in letter.html + letter.text

    before = rows()
    page = good(client.get(pressed.removeprefix("http://mande.test")))
    assert rows() == before
    assert checked(page) == [(f"{second.id.hex}-status", "some_progress")]
    assert "You chose “Some progress”. It counts once you press" in page
    assert page.index("Train ten colleagues") < page.index("Write to the minister")
    assert checked(good(client.get(f"/a/{token}/report?{second.short}=rm&{uuid4().hex[:8]}=done&lang=en"))) == []

    said = {
        "status": "some_progress",
        "what_changed": "Two trainers are found",
        "significance": "It is in the budget",
        "contribution": "much",
        "factors": "The minister was there",
        "evidence": "https://example.org/plan",
    }
    sent = client.post(f"/a/{token}/report", data={f"{second.id.hex}-{name}": value for name, value in said.items()})
    thanks = good(client.get(sent_to(sent)))
    assert "What you wrote today is shown to you then" in thanks
    (update,) = stored(Update)
    assert {name: getattr(update, name) for name in said} == said

    clock.move_to(datetime(2021, 9, 10, 10, tzinfo=UTC))
    page = good(client.get(f"/a/{token}/report?{second.short}=done"))
    assert "On 9 July 2021 you said: <strong>Some progress</strong>" in re.sub(r"</p>\s*<p>", " ", page)
    for words in ("Two trainers are found", "It is in the budget", "Much", "The minister was there"):
        assert words in page
    assert page.count('<a href="https://example.org/plan"') == 1
    for action in (first, second):
        client.post(f"/a/{token}/report", data={f"{action.id.hex}-status": "done"})
    page = good(client.get(f"/a/{token}/thanks"))
    assert "this was our last question" in page
    assert "What you said before that" in good(client.get(f"/a/{token}/report"))


def test_what_is_written_down_is_saved_first_and_then_nudged_once(client: FlaskClient, token: str) -> None:
    def write(what: str) -> str:
        data = {"what": what, "why": "We agreed on it\r\nin Part Two", "visibility": "team"}
        return good(client.get(sent_to(client.post(f"/a/{token}/actions", data=data))))

    page = write("Support <our> embassy")
    (action,) = stored(PlannedAction)
    assert action.why == "We agreed on it\nin Part Two"
    assert "What you plan is written down." in page
    assert "could others see that it is done? “Support” does not show from outside" in page
    assert f'<a href="/a/{token}/actions/{action.id}">Change it</a>' in page
    assert "One thought" not in good(client.get(f"/a/{token}"))
    assert "this looks like more than one action" in write("Write a letter and organise a seminar")
    assert "One thought" not in write("Train twelve colleagues in hosting talks")
    changed = client.post(f"/a/{token}/actions/{action.id}", data={"what": "Support it", "visibility": "team"})
    assert "One thought" not in good(client.get(sent_to(changed)))
    page = good(client.get(f"/a/{token}?said=added&about=zz"))
    assert "One thought" not in page
    for example in ("Hold a workshop on “Skills” for ten colleagues", "Bring three people whom I met together"):
        assert example in page


def test_dates_are_moved_paused_and_taken_along(client: FlaskClient, token: str) -> None:
    action, undated = add(token, "Train; write, and rest", by_when=date(2021, 9, 1)), add(token, "Undated")
    address = f"/a/{token}/actions/{action.id}"
    assert "In 3 months, by 10 September 2021" in good(client.get(f"{address}/date"))
    assert sent_to(client.post(f"{address}/date", data={"when": "3"})) == f"/a/{token}?said=moved"
    assert {one.what: one.by_when for one in stored(PlannedAction)}[action.what] == date(2021, 9, 10)
    assert "Write the date" in good(client.post(f"{address}/date", data={"when": "date"}), 422)
    page = good(client.post(f"{address}/date", data={"when": "date", "by_when": "2021-06-01"}), 422)
    assert "This date has passed." in page
    assert 'value="2021-06-01"' in page
    client.post(f"{address}/date", data={"when": "date", "by_when": "2021-11-30"})
    with db.reading() as session:
        moves = [
            change.detail for change in session.scalars(select(ActionChange).where(ActionChange.what == "changed"))
        ]
    assert {"by_when": ["2021-09-10", "2021-11-30"]} in moves

    for path in (f"{address}.ics", f"/a/{token}/actions.ics"):
        file = client.get(path)
        assert (file.status_code, file.mimetype) == (200, "text/calendar")
        assert file.headers["Content-Disposition"] == 'attachment; filename="dates.ics"'
        assert file.headers["Cache-Control"] == "no-store"
        assert "DTSTART;VALUE=DATE:20211130" in file.text
        assert r"SUMMARY:Train\; write\, and rest" in file.text
        assert "The future of international" in file.text
        assert "Undated" not in file.text
        assert token not in file.text
        assert action.id.hex[:8] not in file.text
    assert sent_to(client.get(f"/a/{token}/actions/{undated.id}.ics")) == f"/a/{token}"

    assert "Until 10 July 2021" in good(client.get(f"/a/{token}/pause"))
    for typed, words in (
        ({"when": "date"}, "Write the date until which"),
        ({"when": "date", "until": "2021-06-10"}, "still to come"),
        ({"until": "2022-06-11"}, "a year at most"),
        ({"when": "7"}, "Choose one of the answers"),
    ):
        page = good(client.post(f"/a/{token}/pause", data=typed), 422)
        assert words in page
        assert "<title>Error: " in page
    assert stored(FollowupLink)[0].snoozed_until is None
    paused = client.post(f"/a/{token}/pause", data={"when": "2"})
    assert "paused until 10 August 2021" in good(client.get(sent_to(paused)))
    assert stored(FollowupLink)[0].snoozed_until == date(2021, 8, 10)
    assert good(client.get(f"/a/{token}/pause")).count("End the pause") == 1
    ended = client.post(f"/a/{token}/pause/end")
    assert "The pause has ended." in good(client.get(sent_to(ended)))
    assert stored(FollowupLink)[0].snoozed_until is None


def test_a_calendar_file_of_somebody_who_must_not_be_exposed_says_nothing(client: FlaskClient, token: str) -> None:
    add(token, by_when=date(2021, 9, 1))
    with db.transaction() as session:
        session.scalars(select(Person)).one().discreet = True
    file = client.get(f"/a/{token}/actions.ics").text
    assert "SUMMARY:A date that you set yourself\r\n" in file
    assert "DESCRIPTION" not in file
    assert not re.search("minister|diplomacy|WP1873v|Example", file)


def test_who_leaves_a_joint_action_is_told_that_the_others_keep_it(client: FlaskClient, token: str) -> None:
    action = add(token)
    with db.transaction() as session:
        mine = session.scalars(select(PlannedAction)).one()
        ben = builders.attend(session, mine.event, builders.make_person(session, "Ben Joint"))
        link = builders.link_of(session, ben)
        mine.owners.append(ActionOwner(link=link, since=clock.now(), consent=True, status=Status.WELL_ADVANCED))
    page = good(client.get(f"/a/{token}"))
    assert "Ben Joint" in page
    assert "Well advanced" in page
    assert "the most careful choice counts" in good(client.get(f"/a/{token}/actions/{action.id}"))
    page = good(client.get(f"/a/{token}/actions/{action.id}/withdraw"))
    assert "You own it together with: Ben Joint. It stays theirs" in page
    assert "deleted at once" not in page
    left = client.post(f"/a/{token}/actions/{action.id}/withdraw")
    assert "The others who own it keep it." in good(client.get(sent_to(left)))
    assert [owner.link_id for owner in stored(ActionOwner)] == [link.id]
    assert stored(PlannedAction)[0].what == "Write to the minister"


def test_files_come_with_a_report_and_a_bad_one_costs_neither_words_nor_good_ones(
    client: FlaskClient, token: str
) -> None:
    action = add(token)

    def tell(status: str, *files: tuple[bytes, str]) -> TestResponse:
        data = {f"{action.id.hex}-what_changed": "We met"}
        data |= {f"{action.id.hex}-status": status} if status else {}
        sent = [(io.BytesIO(body), name) for body, name in files]
        return client.post(f"/a/{token}/report", data={**data, f"{action.id.hex}-files": sent})

    page = good(tell("done", (b"It is done.\n", "note.txt"), (b"MZ\x90\x00", "run.exe")), 422)
    assert "run.exe" in page
    assert f'href="#{action.id.hex}-files"' in page
    assert "We met</textarea>" in page
    assert checked(page) == [(f"{action.id.hex}-status", "done")]
    assert "note.txt" in page
    assert stored(Update) == []
    assert sent_to(tell("done")) == f"/a/{token}/thanks"
    page = good(tell("", (b"More of it.\n", "more.txt")), 422)
    assert "Choose how far" in page
    assert {file.name for file in stored(EvidenceFile)} == {"note.txt", "more.txt"}


def test_the_last_page_of_a_questionnaire_takes_an_action_into_the_other_envelope(
    client: FlaskClient, app: Flask
) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=1)
        (answering,) = builders.open_survey(session, event)
    data = {"what": "Train ten colleagues", "when": "6", "consent": "y", "visibility": "partners_without_name"}
    added = sent_to(client.post(f"/r/{answering}/actions?lang=en", data=data))
    assert answering not in added
    page = good(client.get(added))
    assert "What you plan is written down." in page
    (action,) = stored(PlannedAction)
    assert (action.what, action.by_when) == ("Train ten colleagues", date(2021, 12, 10))
    wrong = good(client.post(f"/r/{answering}/actions", data={**data, "what": ""}), 422)
    assert "Write what you will do, in one sentence." in wrong
    assert answering not in wrong
    lost = good(client.post(f"/r/{'b' * 26}/actions", data={**data, "what": "A sentence that must not be lost"}), 404)
    assert "A sentence that must not be lost" in lost
