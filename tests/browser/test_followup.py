"""Planned actions in Chromium: written down and reported on with scripts off, on a telephone, and under axe."""

import gzip
import re
from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from sqlalchemy import select

from mande import clock
from mande import db
from mande.followup import links
from mande.followup import operations
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.staff.models import StaffMember
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live

TRAIN = "Train twelve colleagues"
LONG = "https://example.org/" + "a-very-long-name-of-a-document-" * 5
FIRST_LOAD = 14 * 1024


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def link(live: Live) -> str:
    """The path of somebody's own link, before they have planned anything."""
    with db.transaction() as session:
        event = builders.make_event(session)
        builders.make_staff(session)
        attendance = builders.attend(session, event, builders.make_person(session, "Ada Owner", country="GB"))
        return f"/a/{links.token_of(builders.link_of(session, attendance))}"


@pytest.fixture
def planned(link: str) -> str:
    """The same, three months later, with two open actions, one of them reported on, and one that is done."""
    with db.transaction() as session:
        visit = links.visit(session, link.removeprefix("/a/"))
        assert visit is not None
        train, _draft, share = (
            operations.add_action(session, visit.link, Intention(what, by_when, "The ministry", "Advice", consent=True))
            for what, by_when in ((TRAIN, date(2021, 9, 30)), ("Draft a protocol", None), ("Share", None))
        )
        said = [Report(train.id, Status.SOME_PROGRESS, "We began", evidence=LONG), Report(share.id, Status.DONE)]
        operations.report_progress(session, visit.link, said)
    clock.move_to(datetime(2021, 9, 10, 10, tzinfo=UTC))
    return link


def stored() -> list[PlannedAction]:
    with db.reading() as session:
        found = list(session.scalars(select(PlannedAction).order_by(PlannedAction.what)))
        for action in found:
            assert isinstance(action.updates, list)
            assert isinstance(action.owners, list)
        return found


def test_an_action_is_written_down_on_a_telephone_without_scripts(link: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(link)
    page.get_by_label("With whom? (optional)").fill("The ministry")
    page.get_by_label("On a date that I choose").check()
    page.get_by_label("Yes, you may ask me by e-mail how this is going").check()
    looking.press_button(page, "Write it down")

    expect(page).to_have_title("Error: What you plan to do – The future of international diplomacy in an online world")
    expect(page.locator(".summary")).to_be_focused()
    page.get_by_role("link", name="Write what you will do, in one sentence.").click()
    expect(page.get_by_label("What will you do?")).to_be_focused()
    expect(page.get_by_label("With whom? (optional)")).to_have_value("The ministry")
    page.get_by_label("What will you do?").fill("Train twelve colleagues")
    page.get_by_label("The date").fill("2021-09-30")
    page.get_by_label("The team, and the partners of the event with my name").check()
    looking.press_button(page, "Write it down")

    expect(page.get_by_role("status")).to_contain_text("What you plan is written down.")
    (action,) = stored()
    assert (action.what, action.by_when, action.with_whom) == (
        "Train twelve colleagues",
        date(2021, 9, 30),
        "The ministry",
    )
    assert (action.owners[0].visibility, action.owners[0].consent) == ("partners_by_name", True)
    assert page.context.cookies() == []


def test_progress_is_reported_on_a_telephone_without_scripts(planned: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(f"{planned}/report")
    expect(page.get_by_text("We began")).to_be_visible()
    group = page.get_by_role("group", name="How far has this come? (Draft a protocol)")
    group.get_by_label("Well advanced").check()
    page.get_by_text("Tell us more (optional) (Draft a protocol)").click()
    page.get_by_label("What has changed, and for whom? (Draft a protocol)").fill("A first version is with the embassy")
    contribution = page.get_by_role("group", name="How far did the event contribute to this? (Draft a protocol)")
    contribution.get_by_label("Much").check()
    looking.press_button(page, "Send")

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Ada Owner.")
    draft = stored()[0]
    assert (draft.what, draft.status) == ("Draft a protocol", Status.WELL_ADVANCED)
    assert draft.updates[0].what_changed == "A first version is with the embassy"
    assert page.context.cookies() == []


def test_an_action_is_withdrawn_and_follow_up_stopped_by_buttons(planned: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(planned)
    looking.press(page, page.get_by_role("link", name=re.compile("Withdraw.*Share")))
    looking.press_button(page, "Withdraw it")
    expect(page.get_by_text("Share", exact=True)).to_have_count(0)
    looking.press_button(page, "Stop all follow-up")
    expect(page.get_by_role("heading", name="Follow-up is stopped")).to_be_visible()
    looking.press_button(page, "Ask me again when the time comes")
    expect(page.get_by_role("button", name="Stop all follow-up")).to_be_visible()


def test_the_keyboard_alone_is_enough_to_report(planned: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    train = stored()[2]
    page.goto(f"{planned}/report?{train.short}=some_progress")
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
    looking.tab_to(page, page.get_by_role("radio").nth(1))
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    page.keyboard.press("ArrowDown")
    looking.tab_to(page, page.get_by_role("button", name="Send"))
    looking.press_enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Ada Owner.")


@pytest.mark.parametrize("path", ["", "/report", "/thanks", "/pause", "/actions/{}/date"])
def test_the_owners_pages_have_no_fault_and_fit_a_small_screen(
    planned: str, page_with_scripts: Page, path: str
) -> None:
    page = page_with_scripts
    page.goto(planned + path.format(stored()[0].id))
    for summary in page.locator("summary").all():
        summary.click()
    assert looking.faults(page) == []
    assert looking.too_small(page) == []
    assert not looking.sticks_out(page, 320)


def test_pages_with_errors_and_dead_ends_have_no_fault(planned: str, page_with_scripts: Page) -> None:
    page = page_with_scripts
    page.goto(f"{planned}/report")
    looking.press_button(page, "Send")
    expect(page.locator(".summary")).to_be_focused()
    assert looking.faults(page) == []
    page.goto(planned)
    looking.press(page, page.get_by_role("link", name=re.compile("Change.*Train")))
    page.get_by_label("What will you do?").fill("")
    looking.press_button(page, "Save")
    expect(page.locator(".summary")).to_be_focused()
    assert looking.faults(page) == []
    page.goto("/a/unknown")
    assert looking.faults(page) == []
    assert not looking.sticks_out(page, 320)


def test_the_teams_pages_have_no_fault(live: Live, planned: str, page_with_scripts: Page) -> None:
    page = page_with_scripts
    with db.reading() as session:
        member = session.scalars(select(StaffMember)).one()
    page.goto("/staff/sign-in")
    page.get_by_label("E-mail address").fill(member.email)
    page.get_by_label("Password").fill(builders.PASSWORD)
    looking.press(page, page.get_by_role("main").get_by_role("button"))
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto("/staff/events/WP1873v/actions")
    assert looking.faults(page) == []
    looking.press(page, page.get_by_role("link", name="Train twelve colleagues"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Train twelve colleagues")
    assert looking.faults(page) == []
    assert not looking.sticks_out(page, 360)
    page.goto("/staff/events/WP1873v/actions")
    assert not looking.sticks_out(page, 360)


@pytest.mark.parametrize("path", ["", "/report"])
def test_a_first_load_fits_into_fourteen_kilobytes(live: Live, planned: str, path: str) -> None:
    client = live.app.test_client()
    page = client.get(planned + path)
    weight = len(gzip.compress(page.get_data()))
    for file in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.get_data(as_text=True)):
        with client.get(file) as loaded:
            weight += len(gzip.compress(loaded.get_data()))
    assert weight < FIRST_LOAD
