"""Events that staff make, change and copy in the browser, without scripts; on both databases."""

import re
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import clock
from mande import db
from mande.events import operations
from mande.events import rules
from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.events.kinds import Wave
from mande.events.models import Event
from mande.events.models import StakeholderGroup
from mande.followup.operations import Intention
from mande.followup.operations import add_action
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from tests.builders import attend
from tests.builders import csrf
from tests.builders import link_of
from tests.builders import make_event
from tests.builders import make_staff
from tests.builders import open_survey
from tests.builders import sign_in

Fields = dict[str, str | list[str]]
NEW: Fields = {
    "code": "E1", "title": "Peace", "convenor": "A house", "time_zone": "Africa/Nairobi", "manager_name": "Robin",
    "manager_email": "robin@example.org", "k": "5", "days_open": "14", "checkin_months": "1, 3", "do": "save",
    "meeting": ["0"], "meeting-0-title": "One", "meeting-0-starts": "2021-06-07T13:00",
    "meeting-0-ends": "2021-06-07T15:30", "meeting-0-format": "hybrid", "meeting-0-place": "The old library",
    "partner": ["0"], "partner-0-name": "A Ministry", "partner-0-country": "Norway",
    "group": ["0"], "group-0-name": "Academics", "group-0-sought": "4",
}  # fmt: skip


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


def send(client: FlaskClient, address: str, fields: Fields) -> TestResponse:
    return client.post(address, data={**fields, "csrf_token": csrf(client)})


def typed(page: str) -> Fields:
    """What the form on a page would send: fields, areas, chosen options and ticks."""
    found: Fields = {}
    for name, value in re.findall(
        r'<input type="(?:text|email|hidden|datetime-local)"[^>]*? name="([^"]+)" value="([^"]*)"', page
    ):
        kept = found.setdefault(name, [])
        assert isinstance(kept, list)
        kept.append(unescape(value))
    for name, value in re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL):
        found[name] = unescape(value)
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        found[name] = re.findall(r'value="([^"]*)" selected', options) or ""
    for name in re.findall(r'<input type="checkbox" id="[^"]+" name="([^"]+)" value="y" checked', page):
        found[name] = "y"
    return {**found, "do": "save"}


def stored(code: str) -> Event:
    with db.reading() as session:
        event = operations.find(session, code)
        for loaded in (Event.groups, Event.rules):
            getattr(event, loaded.key)
    return event


def audited() -> list[tuple[str, object]]:
    with db.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.at)).all()
    return [(entry.action, entry.detail) for entry in entries]


def test_a_new_event_is_made_from_what_was_typed(app: Flask, manager: FlaskClient) -> None:
    assert 'value="manager@example.org"' in manager.get("/staff/new-event").text
    response = send(manager, "/staff/new-event", NEW)

    assert (response.status_code, response.location) == (302, "/staff/events/E1")
    event = stored("E1")
    (meeting,) = event.meetings
    assert (event.title, event.days_open, event.checkin_months, event.discreet) == ("Peace", 14, [1, 3], False)
    assert (meeting.starts_at, meeting.place) == (datetime(2021, 6, 7, 10, tzinfo=UTC), "The old library")
    assert [(one.name, one.country) for one in event.partners] == [("A Ministry", "NO")]
    assert [(one.name, one.sought) for one in event.groups] == [("Academics", 4)]
    assert rules.reminder_days(event) == (3, 7, 12)
    assert audited() == [("event made", {})]


def test_a_form_that_cannot_be_saved_comes_back_as_it_was_typed(app: Flask, manager: FlaskClient) -> None:
    wrong: Fields = {**NEW, "title": "", "group-0-sought": "ma<ny", "summary": "Line one\nline two"}
    response = send(manager, "/staff/new-event", wrong)

    assert response.status_code == 422
    assert '<a href="#title">The title is missing.</a>' in response.text
    assert '<a href="#group-0-sought">' in response.text
    assert "<title>Error: New event" in " ".join(response.text.split())
    again = typed(response.text)
    assert again["group-0-sought"] == ["ma<ny"]
    assert again["summary"] == "Line one\nline two"
    assert again["meeting-0-format"] == ["hybrid"]
    with db.reading() as session:
        assert operations.count(session) == 0


def test_a_code_that_another_event_has_is_refused_in_any_case(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        make_event(session)
    made = send(manager, "/staff/new-event", {**NEW, "code": "wp1873V"})
    send(manager, "/staff/new-event", NEW)
    changed = send(
        manager, "/staff/events/E1/edit", {**typed(manager.get("/staff/events/E1/edit").text), "code": "WP1873v"}
    )

    assert (made.status_code, changed.status_code) == (422, 422)
    assert "is that of another event" in made.text
    assert "is that of another event" in changed.text


def test_buttons_of_the_form_draw_it_again_with_everything_in_it_and_save_nothing(
    app: Flask, manager: FlaskClient
) -> None:
    send(manager, "/staff/new-event", NEW)
    fields = typed(manager.get("/staff/events/E1/edit").text)
    page = send(manager, "/staff/events/E1/edit", {**fields, "title": "War", "do": "meeting-add"}).text
    more = typed(page)

    assert (more["title"], more["meeting"], more["meeting-1-format"]) == (["War"], ["0", "1"], ["hybrid"])
    assert stored("E1").title == "Peace"
    first: Fields = {
        "meeting-1-title": "Nought",
        "meeting-1-starts": "2021-06-06T09:00",
        "meeting-1-ends": "2021-06-06T10:00",
    }
    moved = typed(send(manager, "/staff/events/E1/edit", {**more, **first, "do": "meeting-up-1"}).text)
    assert send(manager, "/staff/events/E1/edit", moved).status_code == 302
    event = stored("E1")
    assert [(one.code, one.title, one.position) for one in event.meetings] == [
        ("meeting-2", "Nought", 1),
        ("meeting-1", "One", 2),
    ]
    assert audited()[1:] == [("event changed", {"fields": ["title", "meetings"]})]


def test_saving_what_the_form_shows_changes_nothing(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        make_event(session, participants=2, objectives=["One", "Two"], oda_share=60)
    before = stored("WP1873v")
    response = send(manager, "/staff/events/WP1873v/edit", typed(manager.get("/staff/events/WP1873v/edit").text))

    assert response.status_code == 302
    assert audited() == []
    assert [meeting.id for meeting in stored("WP1873v").meetings] == [meeting.id for meeting in before.meetings]


def test_another_time_zone_keeps_the_times_that_were_typed(app: Flask, manager: FlaskClient) -> None:
    send(manager, "/staff/new-event", NEW)
    fields = typed(manager.get("/staff/events/E1/edit").text)
    send(manager, "/staff/events/E1/edit", {**fields, "time_zone": "europe/oslo"})

    event = stored("E1")
    assert (event.time_zone, event.meetings[0].starts_at) == ("Europe/Oslo", datetime(2021, 6, 7, 11, tzinfo=UTC))


def test_an_event_may_get_another_code_and_the_audit_trail_knows_the_one_before(
    app: Flask, manager: FlaskClient
) -> None:
    send(manager, "/staff/new-event", NEW)
    before = stored("E1").id
    fields = typed(manager.get("/staff/events/E1/edit").text)

    assert send(manager, "/staff/events/E1/edit", {**fields, "code": "E2"}).location == "/staff/events/E2"
    assert stored("E2").id == before
    assert audited()[-1] == ("event changed", {"fields": ["code"], "code before": "E1"})


def test_what_people_belong_to_cannot_be_taken_away_but_a_group_can_be_renamed(
    app: Flask, manager: FlaskClient
) -> None:
    with db.transaction() as session:
        event = make_event(session, participants=3)
        event.groups = [StakeholderGroup(position=1, name="Academics"), StakeholderGroup(position=2, name="Press")]
        attend(session, event).group = event.groups[0]
    fields = typed(manager.get("/staff/events/WP1873v/edit").text)
    response = send(manager, "/staff/events/WP1873v/edit", {**fields, "meeting": ["0"], "group": ["1"]})

    assert response.status_code == 422
    assert '<a href="#meetings">The meeting part-two is no longer described, but 3 people attended it' in response.text
    assert '<a href="#groups">The stakeholder group Academics is no longer described, but 1 people' in response.text
    swapped: Fields = {"group-0-name": "Press", "group-1-name": "Academics"}
    assert send(manager, "/staff/events/WP1873v/edit", {**fields, **swapped}).status_code == 302
    with db.reading() as session:
        found = operations.find(session, "WP1873v")
        assert [(one.name, one.id) for one in found.groups] == [
            ("Press", event.groups[0].id),
            ("Academics", event.groups[1].id),
        ]
    gone = send(
        manager, "/staff/events/WP1873v/edit", {**typed(manager.get("/staff/events/WP1873v/edit").text), "group": ["0"]}
    )
    assert (gone.status_code, [one.name for one in stored("WP1873v").groups]) == (302, ["Press"])


def test_once_people_were_asked_the_smallest_group_may_rise_and_not_fall(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        open_survey(session, make_event(session, participants=6))
    fields = typed(manager.get("/staff/events/WP1873v/edit").text)

    assert "it may rise, and not fall" in send(manager, "/staff/events/WP1873v/edit", {**fields, "k": "3"}).text
    assert send(manager, "/staff/events/WP1873v/edit", {**fields, "k": "7"}).status_code == 302
    assert stored("WP1873v").k == 7


def test_whoever_saves_an_event_that_changed_meanwhile_is_told_first(app: Flask, manager: FlaskClient) -> None:
    send(manager, "/staff/new-event", NEW)
    mine = typed(manager.get("/staff/events/E1/edit").text)
    send(manager, "/staff/events/E1/edit", {**mine, "title": "Theirs"})
    told = send(manager, "/staff/events/E1/edit", {**mine, "title": "Mine"})

    assert told.status_code == 409
    assert "Somebody changed this event" in told.text
    assert stored("E1").title == "Theirs"
    assert send(manager, "/staff/events/E1/edit", typed(told.text)).status_code == 302
    assert stored("E1").title == "Mine"


def test_what_goes_with_an_outcome_is_told_before_it_is_removed(app: Flask, manager: FlaskClient) -> None:
    send(manager, "/staff/new-event", {**NEW, "outcomes": "A note\nTrained diplomats"})
    with db.transaction() as session:
        event = operations.find(session, "E1")
        action = add_action(session, link_of(session, attend(session, event)), Intention("Train"))
        action.theme = event.outcomes[1]
    mine = {**typed(manager.get("/staff/events/E1/edit").text), "outcomes": "A note"}
    told = send(manager, "/staff/events/E1/edit", mine)

    assert told.status_code == 409
    assert "1 action is grouped under an intended outcome that you remove" in told.text
    assert len(stored("E1").outcomes) == 2
    assert send(manager, "/staff/events/E1/edit", typed(told.text)).status_code == 302
    assert [one.text for one in stored("E1").outcomes] == ["A note"]
    assert audited()[-1][1] == {
        "fields": ["outcomes"],
        "lost": ["1 action is grouped under an intended outcome that you remove: it would be under no theme."],
    }


def test_a_copy_has_everything_but_people_on_its_own_days(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        event = make_event(session, participants=3, objectives=["Learn"], reminder_days=[2])
        event.groups = [StakeholderGroup(position=1, name="Academics", sought=4)]
        (reminder,) = rules.of(event, Wave.EVENT, RuleKind.REMINDER)
        reminder.state, reminder.done_at = RuleState.SKIPPED, datetime(2021, 6, 20, tzinfo=UTC)
    assert 'value="WP1873v-2"' in manager.get("/staff/events/WP1873v/copy").text
    refused = send(manager, "/staff/events/WP1873v/copy", {"code": "wp1873V", "first_day": "2022-01-10"})
    no_day = send(manager, "/staff/events/WP1873v/copy", {"code": "NEW", "first_day": "soon"})
    made = send(manager, "/staff/events/WP1873v/copy", {"code": "NEW", "first_day": "2022-01-10"})

    assert "is that of another event" in refused.text
    assert "'soon' is not a day" in unescape(no_day.text)
    assert (made.status_code, made.location) == (302, "/staff/events/NEW/edit")
    copy = stored("NEW")
    # Winter time: 13:00 in London is 13:00 UTC then, and 12:00 UTC in June.
    assert [one.starts_at for one in copy.meetings] == [datetime(2022, 1, day, 13, tzinfo=UTC) for day in (10, 12)]
    assert (copy.title, copy.objectives, [one.sought for one in copy.groups]) == (event.title, ["Learn"], [4])
    (rule,) = rules.of(copy, Wave.EVENT, RuleKind.REMINDER)
    assert (rule.days, rule.state, rule.done_at, len(copy.rules)) == (2, RuleState.SKIPPED, None, len(event.rules))
    with db.reading() as session:
        assert operations.attendees(session, copy) == []
    assert ("event copied", {"from": "WP1873v"}) in audited()


def test_viewers_see_events_and_cannot_change_them(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        make_event(session)
        sign_in(client, make_staff(session, role=StaffRole.VIEWER))

    for address in ("/staff/new-event", "/staff/events/WP1873v/edit", "/staff/events/WP1873v/copy"):
        assert (client.get(address).status_code, send(client, address, NEW).status_code) == (403, 403)
    assert "/edit" not in client.get("/staff/events/WP1873v").text
