"""What goes out, and whom it waits for, in Chromium: on a telephone, by the keyboard's rules, without scripts."""

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import update

from mande import clock
from mande import db
from mande.events import rules
from mande.events.kinds import Wave
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.surveys import operations
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live
from tests.browser.test_staff_pages import sign_in

NARROW = 360


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def team(live: Live) -> None:
    with db.transaction() as session:
        builders.make_staff(session)
        event = builders.make_event(session, participants=6, speakers=2)
        event.rules += [rule for wave in Wave for rule in rules.standard(wave, [])]
        builders.attend(session, event, builders.make_person(session, "O'Neill-" + "Very" * 12, time_zone="Asia/Tokyo"))
        operations.open_surveys(session, event)
        gone = {"state": MessageState.SENT, "text": None, "html": None, "link_nonce": None, "link_key": None}
        session.execute(update(Message).values(**gone, sent_at=Message.due_at))


def test_the_timeline_and_the_list_can_be_used_by_everybody(page_with_scripts: Page, team: None) -> None:
    page = page_with_scripts
    sign_in(page)
    page.goto("/staff/events/WP1873v/messages")
    for summary in page.locator("summary").all():
        if summary.is_visible():
            summary.click()
    for _once in ("the timeline", "the list"):
        assert looking.faults(page) == []
        assert looking.faults_in_the_dark(page) == []
        assert looking.too_small(page) == []
        assert not looking.sticks_out(page, NARROW)
        page.goto("/staff/events/WP1873v/surveys/waiting")
        if page.get_by_role("button", name="Open the list").is_visible():
            looking.press_button(page, "Open the list")


def test_a_reminder_is_moved_and_skipped_without_scripts(page_without_scripts: Page, team: None) -> None:
    page = page_without_scripts
    sign_in(page)
    page.goto("/staff/events/WP1873v")
    looking.press(page, page.get_by_role("link", name="Messages: all that goes out"))
    line = page.get_by_role("row").filter(has_text="7 days after their invitation")
    line.get_by_text("Change when").click()
    line.get_by_label("Days after their invitation").fill("9")
    looking.press(page, line.get_by_role("button", name="Save"))
    expect(page.get_by_role("status")).to_contain_text("Saved: 9 days after their invitation")

    moved = page.get_by_role("row").filter(has_text="9 days after their invitation")
    expect(moved).to_contain_text("Mon 21 June 2021, 09:00 (BST)")
    looking.press(page, moved.get_by_role("button", name="Skip"))
    expect(page.get_by_role("status")).to_contain_text("It is skipped")
