"""The tracker of planned actions in Chromium: at a desk and on a telephone, by the keyboard, in the dark."""

from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import clock
from mande import db
from mande.followup import operations as followup
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.operations import Intention
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live

LIST = "/staff/events/WP1873v/actions"


@pytest.fixture(autouse=True)
def three_months_after() -> Iterator[None]:
    clock.move_to(datetime(2021, 9, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def team(live: Live) -> None:
    """A manager, and an event with actions of those who attended and of the team, some of them late."""
    with db.transaction() as session:
        builders.make_staff(session)
        event = builders.make_event(session)
        for number, by_when in enumerate((date(2021, 9, 1), date(2021, 10, 1), None)):
            person = builders.make_person(session, f"Ada {'Very' * 9}-{number}")
            link = builders.link_of(session, builders.attend(session, event, person))
            words = f"Train colleagues {number} {'x' * 60}"
            followup.add_action(session, link, Intention(words, by_when, help_needed="Money", consent=True))
            session.add(PlannedAction(event=event, source=Source.TEAM, what=f"Publish {number}", by_when=by_when,
                                      status=Status.NOT_STARTED, created_on=date(2021, 6, 10)))  # fmt: skip


@pytest.mark.usefixtures("team")
def test_staff_see_what_is_late_and_change_several_actions_at_once_and_back(page_with_scripts: Page) -> None:
    page = page_with_scripts
    page.goto(LIST)
    page.get_by_label("E-mail address").fill("manager@example.org")
    page.get_by_label("Password").fill(builders.PASSWORD)
    looking.press(page, page.get_by_role("main").get_by_role("button", name="Sign in"))
    for path in (LIST, f"{LIST}?view=board", "/staff/actions?view=timeline&country=GB", "/staff/actions/views"):
        page.goto(path)
        page.set_viewport_size({"width": 1200, "height": 800})
        assert looking.faults(page) == [], path
        assert not looking.sticks_out(page, 360), path
        assert looking.too_small(page) == [], path
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto(LIST)
    assert looking.faults_in_the_dark(page) == []
    looking.press(page, page.get_by_role("link", name="Overdue 2"))
    expect(page.get_by_text("2 of 6 actions")).to_be_visible()
    expect(page.locator("tbody").get_by_text("overdue")).to_have_count(2)

    tick = page.get_by_role("checkbox", name="Tick: Publish 0")
    looking.tab_to(page, tick)
    page.keyboard.press("Space")
    expect(tick).to_be_checked()
    looking.press_button(page, "Change those ticked…")
    page.get_by_label("The due date by some days").check()
    expect(page.get_by_label("Due on")).to_be_hidden()
    page.get_by_label("Days later").fill("30")
    assert looking.faults(page) == []
    looking.press_button(page, "See what will change")
    assert looking.faults(page) == []
    assert not looking.sticks_out(page, 360)
    looking.press_button(page, "Change 1 action")
    expect(page.get_by_text("1 of 6 actions")).to_be_visible()
    looking.press_button(page, "Undo")
    expect(page.get_by_text("1 action is as it was before.")).to_be_visible()
    expect(page.get_by_text("2 of 6 actions")).to_be_visible()
