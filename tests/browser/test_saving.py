"""What the script adds in Chromium: it saves while one types, keeps what was typed without a connection, and leaves."""

import re

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import db
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live
from tests.browser.test_answering import stored
from tests.integration.respondents import SAMPLE

NOTE = "#saving"


@pytest.fixture
def page(live: Live, page_with_scripts: Page) -> Page:
    """The second page of a questionnaire, its texts still empty."""
    with db.transaction() as session:
        (token,) = builders.open_survey(session, builders.make_event(session, participants=1), SAMPLE)
    page_with_scripts.goto(f"/r/{token}")
    looking.press_button(page_with_scripts, "Start")
    page_with_scripts.locator("[name=q-again][value=yes]").check()
    looking.press_button(page_with_scripts, "Save and continue")
    expect(page_with_scripts).to_have_title(re.compile("^Section 2"))
    return page_with_scripts


def link(page: Page) -> str:
    """The path of the person's link."""
    return "/" + "/".join(page.url.split("/")[3:5])


def hide(page: Page) -> None:
    """What the browser tells the page when somebody turns to another window."""
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'));"
    )


def test_what_is_typed_is_saved_by_itself_and_the_button_then_tells_of_no_other_window(live: Live, page: Page) -> None:
    page.get_by_label("In a few words?").fill("Calm")
    expect(page.locator(NOTE)).to_have_text("Saved")
    assert stored(live, link(page)) == {"again": "yes", "in_a_word": "Calm"}
    assert looking.faults(page) == []
    # "Saved" still stands there: it is the request that tells of the second time.
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_label("To teach").check()
        hide(page)
    expect(page.locator(NOTE)).to_have_text("Saved")
    looking.press_button(page, "Save and continue")

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_role("status")).to_have_count(0)
    assert stored(live, link(page)) == {"again": "yes", "in_a_word": "Calm", "used_for": ["teach"]}


def test_without_a_connection_the_text_stays_and_is_saved_once_there_is_one(live: Live, page: Page) -> None:
    page.context.set_offline(True)
    page.get_by_label("In a few words?").fill("Calm")
    page.get_by_role("button", name="Save and continue", exact=True).click()
    expect(page.locator(NOTE)).to_contain_text("What you typed is still here")
    expect(page.locator(NOTE)).to_be_focused()
    expect(page.get_by_label("In a few words?")).to_have_value("Calm")
    assert stored(live, link(page)) == {"again": "yes"}
    page.context.set_offline(False)
    expect(page.locator(NOTE)).to_have_text("Saved")
    looking.press_button(page, "Save and continue")

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    assert stored(live, link(page)) == {"again": "yes", "in_a_word": "Calm"}


def test_a_window_that_another_overtook_saves_by_button_alone_and_says_so(live: Live, page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("In a few words?").fill("Other")
    looking.press_button(other, "Save and continue")
    page.get_by_label("In a few words?").fill("This")
    hide(page)
    expect(page.locator(NOTE)).to_contain_text("Not saved while you type")
    assert stored(live, link(page))["in_a_word"] == "Other"
    looking.press_button(page, "Save and continue")

    expect(page.get_by_role("status")).to_contain_text("from another window or device")
    assert stored(live, link(page))["in_a_word"] == "This"


def test_leaving_saves_and_back_does_not_return_to_the_page(live: Live, page: Page) -> None:
    where, path = page.url, link(page)
    page.get_by_label("In a few words?").fill("Calm")
    looking.press_button(page, "Save and leave this page")

    expect(page).to_have_url(re.compile("/left"))
    expect(page.locator("body")).not_to_contain_text("WP1873v")
    assert looking.faults(page) == []
    # The page is left after three seconds even where the answer to what it saved is slower.
    looking.wait_until(lambda: stored(live, path).get("in_a_word") == "Calm")
    page.go_back()
    expect(page).not_to_have_url(where)
