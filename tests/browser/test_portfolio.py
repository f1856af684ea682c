"""The portfolio in Chromium: on a desk and on a telephone, and setting a target."""

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import clock
from mande import db
from mande.reports.portfolio import scores
from tests import builders
from tests import report_samples
from tests.browser import looking
from tests.browser.conftest import Live

HERE = "/staff/portfolio"


@pytest.fixture(autouse=True)
def a_year_after() -> Iterator[None]:
    clock.move_to(datetime(2022, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def held(live: Live) -> None:
    """A manager, and an event that was evaluated and followed up."""
    with db.transaction() as session:
        builders.make_staff(session)
        event = builders.make_event(session, participants=12, speakers=3, programme="Peace")
        report_samples.wp1873v(session, event)
        report_samples.followed_up(session, event)
    scores.run()


@pytest.mark.usefixtures("held")
def test_staff_see_what_all_events_come_to_and_set_a_target(page_with_scripts: Page) -> None:
    page = page_with_scripts
    page.goto(HERE)
    page.get_by_label("E-mail address").fill("manager@example.org")
    page.get_by_label("Password").fill(builders.PASSWORD)
    looking.press(page, page.get_by_role("main").get_by_role("button", name="Sign in"))
    for path in (HERE, f"{HERE}?step=month&sort=-mean", f"{HERE}/targets", f"{HERE}/annual"):
        page.goto(path)
        page.set_viewport_size({"width": 1200, "height": 800})
        assert looking.faults(page) == [], path
        assert not looking.sticks_out(page, 360), path
        assert looking.too_small(page) == [], path
    page.goto(f"{HERE}/targets")
    page.get_by_label("What for").select_option(label="Response")
    page.get_by_role("textbox", name="Target").fill("seventy")
    looking.press(page, page.get_by_role("button", name="Set the target"))
    expect(page.get_by_role("textbox", name="Target")).to_have_value("seventy")
    page.get_by_role("textbox", name="Target").fill("70")
    looking.press(page, page.get_by_role("button", name="Set the target"))
    expect(page.get_by_role("status")).to_have_text("The target is set.")
    page.goto(HERE)
    expect(page.get_by_role("listitem").filter(has_text="Target 70%")).to_contain_text("reached")
