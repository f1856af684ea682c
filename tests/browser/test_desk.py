"""The team at work on one action, in Chromium on a telephone: what was told, what is verified, what is remembered."""

from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import clock
from mande import db
from mande.followup import operations
from mande.followup.operations import Intention
from tests import builders
from tests.browser import looking
from tests.browser.conftest import PHONE
from tests.browser.conftest import Live


@pytest.fixture(autouse=True)
def a_month_after_the_event() -> Iterator[None]:
    clock.move_to(datetime(2021, 7, 12, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


def faults(page: Page) -> list[str]:
    """What is wrong with the page on a telephone when all of it is open."""
    for opener in page.locator("summary").all():
        opener.click()
    stuck = ["it is wider than a telephone"] if looking.sticks_out(page, PHONE[0]) else []
    return [*looking.faults(page), *looking.too_small(page), *stuck]


def test_a_manager_records_a_call_verifies_it_and_pastes_recommendations(live: Live, page_with_scripts: Page) -> None:
    page = page_with_scripts
    with db.transaction() as session:
        event = builders.make_event(session)
        builders.make_staff(session)
        link = builders.link_of(session, builders.attend(session, event, builders.make_person(session, "Ada Owner")))
        words = Intention(f"Train colleagues on https://example.org/{'long-' * 12}", date(2021, 7, 1), consent=True)
        action = operations.add_action(session, link, words)
    at = f"/staff/events/WP1873v/actions/{action.id}"
    page.goto(at)
    page.get_by_label("E-mail address").fill("manager@example.org")
    page.get_by_label("Password").fill(builders.PASSWORD)
    looking.press(page, page.get_by_role("main").get_by_role("button", name="Sign in"))

    looking.press(page, page.get_by_role("link", name="Record what you were told"))
    looking.press_button(page, "Record it")
    expect(page.get_by_role("alert")).to_contain_text("Choose how far it has come.")
    wrong = {"record": faults(page)}
    page.get_by_role("radio", name="Well advanced").check()
    page.get_by_label("What has changed, and for whom? (optional)").fill("Ten are trained")
    looking.press_button(page, "Record it")
    expect(page.get_by_role("region", name="Self-reported")).to_contain_text("Ada Owner told Sam Staff by telephone")
    expect(page.get_by_role("region", name="Verified by the team")).to_contain_text("Not verified yet")
    page.get_by_role("radio", name="Limited").check()
    page.get_by_label("From which source?").fill("A visit")
    looking.press_button(page, "Keep this verification")
    expect(page.get_by_role("region", name="Self-reported")).to_contain_text("Well advanced")
    expect(page.get_by_role("region", name="Verified by the team")).to_contain_text("Limited")
    wrong["action"] = faults(page)

    page.goto("/staff/events/WP1873v/actions/paste")
    page.get_by_label("The list").fill("Recommendations\n\n1. Share best practice\n   at home\n2. Meet again")
    looking.press_button(page, "See what becomes of it")
    expect(page.get_by_role("checkbox", name="Take line 2")).to_be_checked()
    expect(page.get_by_label("Line 2", exact=True)).to_have_value("Share best practice at home")
    wrong["list"] = faults(page)
    looking.press_button(page, "Write down the lines with a tick")
    expect(page.get_by_role("status")).to_contain_text("2 actions are written down.")
    page.goto("/staff/events/WP1873v/actions/themes?suggested=y")
    expect(page.get_by_label("Theme of: Share best practice at home")).to_contain_text("Best practice is shared")
    wrong["themes"] = faults(page)
    looking.press_button(page, "Save the themes")
    expect(page.get_by_role("status")).to_contain_text("1 action is grouped anew.")

    assert {name: found for name, found in wrong.items() if found} == {}
