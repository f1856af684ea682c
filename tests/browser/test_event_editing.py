"""Events in Chromium: made without scripts, edited with them, every page under axe and on a telephone."""

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import clock
from mande import db
from mande.events import operations
from mande.events.models import StakeholderGroup
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live

NARROW = 360


@pytest.fixture(autouse=True)
def the_day_of_the_event() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 7, 13, tzinfo=UTC))
    yield
    clock.move_to(None)


def sign_in(page: Page) -> None:
    with db.transaction() as session:
        builders.make_staff(session)
    page.goto("/staff/sign-in")
    page.get_by_label("E-mail address").fill("manager@example.org")
    page.get_by_label("Password").fill(builders.PASSWORD)
    looking.press(page, page.get_by_role("main").get_by_role("button", name="Sign in"))


def test_an_event_is_made_by_buttons_alone(live: Live, page_without_scripts: Page) -> None:
    page = page_without_scripts
    sign_in(page)
    looking.press(page, page.get_by_role("link", name="New event"))
    page.get_by_label("Code", exact=True).fill("E1")
    page.get_by_label("Title").first.fill("Peace in the age of water")
    page.get_by_label("Time zone").fill("Africa/Nairobi")
    looking.press_button(page, "Add a group")
    page.get_by_label("Group 1").fill("Academics")
    page.get_by_label("CRS purpose").select_option("15121")
    looking.press_button(page, "Set the event up")
    expect(page.get_by_role("alert")).to_contain_text("Meeting 1: the start is missing.")
    expect(page.get_by_label("Group 1")).to_have_value("Academics")
    page.get_by_label("Title").nth(1).fill("The only meeting")
    page.get_by_label("Starts").fill("2021-06-07T13:00")
    page.get_by_label("Ends").fill("2021-06-07T15:30")
    page.get_by_label("Format").select_option("in_person")
    looking.press_button(page, "Set the event up")

    expect(page.get_by_role("heading", level=1)).to_have_text("Peace in the age of water")
    expect(page.get_by_text("Monday 7 June 2021, 13:00 to 15:30 (EAT), in person")).to_be_visible()
    expect(page.get_by_text("CRS 15121 Foreign affairs")).to_be_visible()


def test_the_pages_of_an_event_have_no_fault_and_add_lines_without_leaving_the_page(
    live: Live, page_with_scripts: Page
) -> None:
    page = page_with_scripts
    with db.transaction() as session:
        event = builders.make_event(session, participants=2, discreet=True)
        event.groups = [StakeholderGroup(position=1, name="Academics and others with long names", sought=4)]
    sign_in(page)
    wrong: dict[str, list[str]] = {}
    for path in ("/staff/", "/staff/events/WP1873v", "/staff/events/WP1873v/copy", "/staff/calendar?month=2021-06",
                 "/staff/calendar/2021", "/staff/new-event", "/staff/events/WP1873v/edit"):  # fmt: skip
        page.goto(path)
        wide = ["wider than the screen"] if looking.sticks_out(page, NARROW) else []
        wrong[path] = [*wide, *looking.faults(page), *looking.faults_in_the_dark(page), *looking.too_small(page)]
    assert {path: found for path, found in wrong.items() if found} == {}

    page.get_by_label("Title").first.fill("Changed and not yet saved")
    page.get_by_role("button", name="Add a meeting").click()
    third = page.get_by_label("Title").nth(3)
    expect(third).to_be_focused()
    expect(page.get_by_label("Title").first).to_have_value("Changed and not yet saved")
    third.fill("A third")
    page.get_by_label("Starts").nth(2).fill("2021-06-11T10:00")
    page.get_by_label("Ends").nth(2).fill("2021-06-11T11:00")
    looking.press_button(page, "Save")
    expect(page.get_by_text("WP1873v is saved.")).to_be_visible()
    with db.reading() as session:
        found = operations.find(session, "WP1873v")
    assert (found.title, [one.title for one in found.meetings][2]) == ("Changed and not yet saved", "A third")
