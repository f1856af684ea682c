"""The pages about what goes out, and about those who have not answered; and the same on the command line."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy import update
from werkzeug.test import TestResponse

from mande import clock
from mande import db
from mande import startup
from mande.events import operations as events
from mande.events import rules
from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.events.kinds import Wave
from mande.events.models import Event
from mande.events.models import MessageRule
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from mande.surveys import operations
from mande.surveys.answering import responding
from mande.surveys.commands import survey as command
from mande.surveys.models import Invitation
from tests import builders

# A Thursday, 10:00 in London.
OPENED = datetime(2021, 6, 10, 9, tzinfo=UTC)
MESSAGES = "/staff/events/WP1873v/messages"
WAITING = "/staff/events/WP1873v/surveys/waiting"


@pytest.fixture(autouse=True)
def clock_put_right(app: Flask) -> Iterator[None]:
    clock.move_to(OPENED)
    yield
    clock.move_to(None)


@pytest.fixture
def manager(client: FlaskClient) -> FlaskClient:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
    return client


@pytest.fixture
def event(app: Flask) -> Event:
    with db.transaction() as session:
        event = builders.make_event(session, participants=3, speakers=1)
        event.rules += [rule for wave in Wave for rule in rules.standard(wave, [])]
    return event


@pytest.fixture
def opened(event: Event) -> Event:
    """The event, its invitations sent; one participant has answered."""
    with db.transaction() as session:
        found = events.find(session, event.code)
        operations.open_surveys(session, found)
        gone = {"state": MessageState.SENT, "text": None, "html": None, "link_nonce": None, "link_key": None}
        session.execute(update(Message).values(**gone, sent_at=Message.due_at))
        by_name = {one.attendance.person.name: one for one in session.scalars(select(Invitation))}
        visit = responding.visit(session, builders.token_of(by_name["Participant 1"]))
        assert visit is not None
        responding.submit(session, visit)
    return event


def _rule(kind: RuleKind, number: int = 0) -> MessageRule:
    with db.reading() as session:
        return rules.of(events.find(session, "WP1873v"), Wave.EVENT, kind)[number]


def _post(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data={"csrf_token": builders.csrf(client), **fields}, follow_redirects=True)


def _actions() -> list[tuple[str, dict[str, object]]]:
    with db.reading() as session:
        return [(entry.action, entry.detail) for entry in session.scalars(select(AuditEntry))]


def test_staff_see_the_timeline_and_change_it(manager: FlaskClient, event: Event) -> None:
    page = manager.get(MESSAGES)
    assert page.status_code == 200
    for said in (
        "Wed 9 June 2021, 17:30 (BST)",
        "2 hours after the last meeting",
        "paused",
        "1 day before the closing",
    ):
        assert said in page.text
    invitation, reminder = _rule(RuleKind.INVITATION), _rule(RuleKind.REMINDER)

    assert "within a minute" in _post(manager, f"{MESSAGES}/rules/{invitation.id}", do="resume").text
    assert "It is skipped" in _post(manager, f"{MESSAGES}/rules/{reminder.id}", do="skip").text
    saved = _post(manager, f"{MESSAGES}/rules/{_rule(RuleKind.LAST_CALL).id}/timing", days="2", at="11:30")
    assert "2 days before the closing, at 11:30" in saved.text
    moved = _post(manager, f"{MESSAGES}/rules/{invitation.id}/timing", moved="2021-06-11T12:00")
    assert "moved to Fri 11 June 2021, 12:00 (BST)" in moved.text
    assert "Reminder added" in _post(manager, f"{MESSAGES}/rules", wave="event", kind="reminder", days="5").text

    assert _rule(RuleKind.INVITATION).state is RuleState.ON
    assert _rule(RuleKind.INVITATION).moved_to == datetime(2021, 6, 11, 11, tzinfo=UTC)
    assert _rule(RuleKind.REMINDER).state is RuleState.SKIPPED
    assert (_rule(RuleKind.LAST_CALL).days, _rule(RuleKind.LAST_CALL).at) == (2, "11:30")
    assert _rule(RuleKind.REMINDER, 3).days == 5
    assert [action for action, _detail in _actions()].count("message rule changed") == 5


@pytest.mark.parametrize("fields", [{"days": "-1"}, {"days": "9999"}, {"at": "noon"}, {"days": "7"},
                                    {"moved": "yesterday"}, {"days": "3", "moved": "2021-06-01T09:00"}])  # fmt: skip
def test_what_cannot_be_is_explained_and_changes_nothing(
    manager: FlaskClient, event: Event, fields: dict[str, str]
) -> None:
    answer = _post(manager, f"{MESSAGES}/rules/{_rule(RuleKind.REMINDER).id}/timing", **fields)

    assert '<div class="warning"' in answer.text
    assert (_rule(RuleKind.REMINDER).days, _rule(RuleKind.REMINDER).moved_to) == (3, None)


def test_invitations_sent_from_the_timeline_open_the_questionnaires(manager: FlaskClient, event: Event) -> None:
    sent = _post(manager, f"{MESSAGES}/rules/{_rule(RuleKind.INVITATION).id}", do="send")

    assert "4 messages are on their way" in sent.text
    again = _post(manager, f"{MESSAGES}/rules/{_rule(RuleKind.INVITATION).id}", do="send")
    assert "have gone out already" in again.text


def test_the_timeline_can_be_taken_along_and_the_panel_tells_what_is_next(manager: FlaskClient, opened: Event) -> None:
    rows = list(csv.DictReader(io.StringIO(manager.get(f"{MESSAGES}?format=csv").data.decode("utf-8-sig"))))
    of_event = [row for row in rows if row["wave"] == "event"]
    assert [(row["message"], row["state"]) for row in of_event[:2]] == [("Invitation", "sent"), ("Reminder", "planned")]
    assert of_event[0]["sent: participants"] == "3"
    assert (of_event[1]["from"], of_event[1]["to come: participants"]) == ("2021-06-14T09:00:00+01:00", "2")

    page = manager.get("/staff/events/WP1873v")
    assert "Next: reminder, from Mon 14 June 2021, 09:00 (BST), to 3 people." in page.text


def test_a_viewer_sees_the_timeline_and_changes_nothing(client: FlaskClient, event: Event) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.VIEWER))

    page = client.get(MESSAGES)
    assert "Reminder" in page.text
    assert 'name="do"' not in page.text
    assert _post(client, f"{MESSAGES}/rules/{_rule(RuleKind.REMINDER).id}", do="skip").status_code == 403
    assert client.get(WAITING).status_code == 403


def test_who_opens_the_list_of_those_who_have_not_answered_is_written_down(manager: FlaskClient, opened: Event) -> None:
    asked = manager.get(WAITING)
    assert "Participant 2" not in asked.text
    assert "audit trail" in asked.text

    listed = _post(manager, WAITING)
    assert "Participant 2" in listed.text
    assert "Participant 1" not in listed.text
    assert "1 message so far" in listed.text
    assert ("list of those who have not answered opened", {"listed": 3}) in _actions()
    speakers = manager.get(f"{WAITING}?role=speaker&sort=-written")
    assert "Speaker 1" in speakers.text
    assert "Participant 2" not in speakers.text

    clock.move_to(OPENED + timedelta(hours=2))
    assert "Participant 2" not in manager.get(WAITING).text


def test_the_list_that_leaves_the_house_names_nobody_who_must_not_be_exposed(
    manager: FlaskClient, opened: Event
) -> None:
    with db.transaction() as session:
        by_name = {one.attendance.person.name: one for one in session.scalars(select(Invitation))}
        by_name["Participant 2"].attendance.person.discreet = True
        by_name["Speaker 1"].stopped = True
    listed = _post(manager, WAITING)
    assert "Participant 2" in listed.text
    assert "1 person has asked not to be reminded" in listed.text

    taken = _post(manager, f"{WAITING}/export")
    assert [row["name"] for row in csv.DictReader(io.StringIO(taken.data.decode("utf-8-sig")))] == ["Participant 3"]
    assert ("list of those who have not answered exported", {"listed": 1, "left out as discreet": 1}) in _actions()
    with db.transaction() as session:
        events.find(session, "WP1873v").discreet = True
    assert _post(manager, f"{WAITING}/export").status_code == 403


def test_after_the_closing_the_list_is_gone(manager: FlaskClient, opened: Event) -> None:
    _post(manager, WAITING)
    with db.transaction() as session:
        operations.close_surveys(session, events.find(session, "WP1873v"))

    page = _post(manager, WAITING)
    assert "No questionnaire of this event is open" in page.text
    assert "Participant" not in page.text
    assert "Participant" not in _post(manager, f"{WAITING}/export").text


def test_the_command_line_tells_the_timeline(opened: Event, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "ready_app", lambda _settings=None: app)

    result = CliRunner().invoke(command, ["timeline", "wp1873v"])

    assert result.exit_code == 0, result.output
    assert "Mon 14 June 2021, 09:00 (BST)  Reminder                 planned      to 3" in result.output
    assert "sent to 4" in result.output
