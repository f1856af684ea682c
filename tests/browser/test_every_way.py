"""Every way of asking, in Chromium: scripts off on a telephone, and under axe in both directions of writing."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import db
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live
from tests.integration.respondents import Respondent

EVERY_WAY = Path(__file__).parents[1] / "samples" / "every_way.yaml"


@pytest.fixture
def link(live: Live) -> str:
    """The path of a link of somebody who attended both parts, online."""
    with db.transaction() as session:
        (token,) = builders.open_survey(session, builders.make_event(session, participants=1), EVERY_WAY)
    return f"/r/{token}"


def choose(page: Page, code: str, value: str) -> None:
    page.locator(f"[name='q-{code}'][value='{value}']").check()


def fill(page: Page, **typed: str) -> None:
    for name, text in typed.items():
        page.locator(f"[id='q-{name.replace('__', '.')}']").fill(text)


def go_on(page: Page) -> None:
    looking.press_button(page, "Save and continue")


def test_every_way_of_asking_can_be_answered_on_a_telephone_without_scripts(
    live: Live, link: str, page_without_scripts: Page
) -> None:
    page = page_without_scripts
    page.goto(link)
    looking.press_button(page, "Start")
    expect(page.get_by_text("There is no right or wrong {answer}.")).to_be_visible()
    choose(page, "seven", "7")
    page.get_by_text("Add a comment: The meeting was worth my time.").click()
    page.get_by_label("Your comment: The meeting was worth my time.").fill("Twice over")
    choose(page, "again", "yes")
    page.get_by_label("How did you hear of us?", exact=True).select_option("other")
    page.get_by_label("Please say what: How did you hear of us?").fill("By radio")
    page.get_by_label("Where do you work?", exact=True).select_option("Kenya")
    for use in ("brief", "teach", "write", "plan"):
        choose(page, "used_for", use)
    go_on(page)

    expect(page.locator(".summary")).to_contain_text(
        "What will you use it for? You have chosen 4, which is 1 too many."
    )
    expect(page.locator("#new")).to_contain_text("there is something more to ask")
    page.locator("[name='q-used_for'][value='plan']").uncheck()
    choose(page, "when_again", "spring")
    go_on(page)

    page.get_by_label("New ideas").select_option("1")
    page.get_by_label("Time to think").select_option("1")
    fill(page, hours="1,200", warmth="-5", arrived__day="31", arrived__month="June", arrived__year="2021")
    fill(page, born__day="1", born__month="3", born__year="1946")
    go_on(page)
    expect(page.locator(".summary li")).to_have_count(2)
    expect(page.locator("[id='q-arrived.day']")).to_have_value("31")
    expect(page.get_by_role("group", name="What mattered most")).to_have_accessible_description(re.compile("Rank 1 is"))
    page.get_by_label("Time to think").select_option("2")
    fill(page, arrived__day="30")
    go_on(page)

    choose(page, "useful@part-one", "3")
    go_on(page)
    expect(page.locator("#new")).to_be_in_viewport()
    expect(page.get_by_label("What was missing?")).to_be_visible()
    go_on(page)
    go_on(page)
    while page.get_by_role("button", name="Save and continue", exact=True).count():
        go_on(page)

    assert stored(live, link) == {
        "seven": "7", "seven.comment": "Twice over", "again": "yes", "when_again": "spring",
        "heard": "other", "heard.other": "By radio", "home": "KE", "used_for": ["brief", "teach", "write"],
        "ranks.ideas": "1", "ranks.calm": "2", "hours": "1200", "warmth": "-5", "arrived": "2021-06-30",
        "born": "1946-03-01", "useful@part-one": "3",
    }  # fmt: skip
    review = page.locator(".review")
    for line in ("Strongly agree", "Twice over", "Other: By radio", "Kenya", "1. New ideas", "1,200 hours"):
        expect(review.get_by_text(line, exact=True)).to_be_visible()


def stored(live: Live, link: str) -> dict[str, str | list[str]]:
    response = Respondent(live.app.test_client(), link.removeprefix("/r/")).response
    assert response is not None
    return response.answers


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_and_nothing_sticks_out(link: str, language: str, page_with_scripts: Page) -> None:
    page = page_with_scripts
    page.goto(f"{link}?lang={language}")
    looking.press(page, page.locator("form[action*=start] button").first)
    for mistakes in ({}, {"hours": "x", "arrived__day": "32"}):
        if mistakes:
            page.goto(f"{link}/section/2?lang={language}")
            page.locator("[id='q-ranks.food']").select_option("2")
            fill(page, **mistakes)
            for summary in page.locator("summary").all():
                summary.click()
            looking.press(page, page.locator(".buttons button").first)
            expect(page.locator(".summary li")).to_have_count(4)
        assert looking.faults(page) == []
        assert looking.too_small(page) == []
        assert not looking.sticks_out(page, 320)
