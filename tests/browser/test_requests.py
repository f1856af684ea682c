"""Handing an action over in Chromium, on a telephone and under axe: one asks, the other answers."""

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import select

from mande import clock
from mande import db
from mande.followup import links
from mande.followup import operations
from mande.followup.models import ActionRequest
from mande.followup.operations import Intention
from mande.followup.requesting import requests
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live
from tests.browser.test_staff_pages import sign_in

WHAT = "Train twelve colleagues in hosting talks"
SMALL, LARGE = 320, 1280


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


def fits(page: Page) -> None:
    """Nothing is wrong with the page as it is, on the smallest telephone and at a desk."""
    assert not looking.sticks_out(page, LARGE)
    assert not looking.sticks_out(page, SMALL)
    assert looking.faults(page) == []
    assert looking.too_small(page) == []


def test_an_action_is_handed_over_to_a_colleague_who_is_asked_first(live: Live, page_with_scripts: Page) -> None:
    page = page_with_scripts
    with db.transaction() as session:
        event = builders.make_event(session)
        link = builders.link_of(session, builders.attend(session, event, builders.make_person(session, "Ada Owner")))
        action = operations.add_action(session, link, Intention(WHAT, consent=True))
        own, number = f"/a/{links.token_of(link)}", action.id
        builders.make_staff(session)
    page.goto(own)
    page.get_by_text("Involve a colleague").click()
    looking.press(page, page.get_by_role("link", name="Hand it over"))
    expect(page.get_by_label("To take this over from you")).to_be_checked()
    page.get_by_label("Your colleague's name").fill("Ben Colleague-with-a-rather-long-name-of-one-word")
    looking.press_button(page, "Ask them")
    expect(page.locator(".summary")).to_be_focused()
    page.get_by_label("Your colleague's e-mail address").fill("ben@example.org")
    fits(page)
    looking.press_button(page, "Ask them")
    expect(page.get_by_role("status")).to_contain_text("We write to this address once")
    fits(page)

    with db.reading() as session:
        asked = session.scalars(select(ActionRequest)).one()
    page.goto(f"/q/{requests.token_of(asked)}")
    expect(page.get_by_text(WHAT)).to_be_visible()
    fits(page)
    page.get_by_label("The team, and the partners of the event with my name").check()
    looking.press_button(page, "Yes, I take it over")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    fits(page)
    assert page.context.cookies() == []
    page.goto(own)
    expect(page.get_by_text(WHAT)).to_have_count(0)

    sign_in(page)
    page.goto(f"/staff/events/WP1873v/actions/{number}")
    expect(page.get_by_role("region", name="Owners and colleagues")).to_contain_text("Ben Colleague")
    looking.press(page, page.get_by_role("link", name="Ask a colleague in an owner's name"))
    fits(page)
