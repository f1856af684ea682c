"""Answering a questionnaire in Chromium: scripts off, on a telephone, by the keyboard alone, and under axe."""

import re

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import db
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live
from tests.integration.respondents import SAMPLE
from tests.integration.respondents import Respondent


@pytest.fixture
def link(live: Live) -> str:
    """The path of a participant's link to a questionnaire with every type of question."""
    with db.transaction() as session:
        (token,) = builders.open_survey(session, builders.make_event(session, participants=1), SAMPLE)
    return f"/r/{token}"


def stored(live: Live, link: str) -> dict[str, str | list[str]]:
    response = Respondent(live.app.test_client(), link.removeprefix("/r/")).response
    assert response is not None
    return response.answers


def test_the_whole_questionnaire_can_be_answered_on_a_telephone_without_scripts(
    live: Live, link: str, page_without_scripts: Page
) -> None:
    page = page_without_scripts
    page.goto(link)
    looking.press_button(page, "Start")
    page.get_by_role("group", name="The meeting was useful.").get_by_text("Agree", exact=True).click()
    page.get_by_role("group", name="The hours suited me.").get_by_text("Not applicable").click()
    page.get_by_role("group", name=re.compile("Would you come again")).get_by_text("Other", exact=True).click()
    page.get_by_label(re.compile("Please say what")).fill("In spring")
    looking.press_button(page, "Save and continue")
    page.get_by_label("To teach").check()
    page.get_by_label("7", exact=True).check()
    page.get_by_label("In a few words?").fill("Calm")
    page.get_by_label(re.compile("What was")).fill("One\nTwo")
    looking.press_button(page, "Save and continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.locator(".review")).to_contain_text(["Other: In spring", "To teach"])
    looking.press_button(page, "Submit your answers")

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your answers are submitted.")
    assert stored(live, link) == {
        "useful": "4", "access.time": "na", "again": "other", "again.other": "In spring", "used_for": ["teach"],
        "recommend": "7", "in_a_word": "Calm", "errors": "One\nTwo",
    }  # fmt: skip
    assert page.context.cookies() == []


def test_the_keyboard_alone_is_enough_and_enter_never_presses_the_wrong_button(
    live: Live, link: str, page_without_scripts: Page
) -> None:
    page = page_without_scripts
    page.goto(link)
    looking.tab_to(page, page.get_by_role("button", name="Start"))
    looking.press_enter(page)
    looking.tab_to(page, page.locator("[name=q-useful]"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    looking.tab_to(page, page.locator("[name=q-again]"))
    page.keyboard.press("Space")
    looking.tab_to(page, page.get_by_role("button", name="Save and continue", exact=True))
    looking.press_enter(page)
    looking.tab_to(page, page.locator("[value=teach]"))
    page.keyboard.press("Space")
    looking.tab_to(page, page.get_by_label("In a few words?"))
    page.keyboard.type("Calm")
    looking.press_enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    looking.tab_to(page, page.get_by_role("button", name="Submit your answers"))
    looking.press_enter(page)

    expect(page).to_have_title(re.compile("Thank you"))
    assert stored(live, link) == {"useful": "3", "again": "yes", "used_for": ["teach"], "in_a_word": "Calm"}


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(link: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(link)
    looking.press_button(page, "Start")
    looking.press_button(page, "Save and continue")

    expect(page).to_have_title(re.compile("^Error: Section 1 of 2"))
    expect(page.locator(".summary")).to_be_focused()
    page.get_by_role("link", name=re.compile("Please answer")).click()
    expect(page.locator("#q-again")).to_be_focused()
    expect(page.locator("#q-again")).to_have_accessible_description(re.compile("Please answer"))


def test_a_chosen_answer_can_be_taken_back_without_scripts(live: Live, link: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(link)
    looking.press_button(page, "Start")
    clear = page.get_by_role("button", name=re.compile("Clear this answer.*The meeting was useful"))
    expect(clear).to_be_hidden()
    page.locator("[name=q-useful][value='5']").check()
    page.locator("[name=q-again][value=no]").check()
    looking.press(page, clear)

    expect(page.locator("[name=q-useful]:checked")).to_have_count(0)
    expect(page.locator("[name=q-again][value=no]")).to_be_checked()
    expect(page.locator("#q-useful")).to_be_in_viewport()
    assert stored(live, link) == {"again": "no"}


def test_the_field_beside_other_shows_once_other_is_chosen(link: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(link)
    looking.press_button(page, "Start")
    beside = page.locator("[name='q-again.other']")

    expect(beside).to_be_hidden()
    page.locator("[name=q-again][value=other]").check()
    expect(beside).to_be_visible()


def test_the_language_can_be_changed_in_the_middle_and_nothing_typed_is_lost(
    link: str, page_without_scripts: Page
) -> None:
    page = page_without_scripts
    page.goto(link)
    looking.press_button(page, "Start")
    page.locator("[name=q-again][value=no]").check()
    looking.press_button(page, "Français")

    expect(page.get_by_role("heading", level=1)).to_have_text("Choisir")
    expect(page.locator("[name=q-again][value=no]")).to_be_checked()
    looking.press_button(page, "Enregistrer et continuer")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


@pytest.mark.parametrize(("language", "widths"), [("en", (1100, 320)), ("fr", (360,))])
def test_every_page_passes_axe_fits_a_small_screen_and_has_targets_large_enough(
    link: str, page_with_scripts: Page, language: str, widths: tuple[int, ...]
) -> None:
    page = page_with_scripts
    asked = f"?lang={language}"
    seen: list[str] = []

    def look() -> None:
        seen.append(page.title())
        for width in widths:
            assert not looking.sticks_out(page, width), (page.url, width)
            assert looking.faults(page) == []
        assert looking.too_small(page) == []

    page.goto(link + asked)
    look()
    looking.press(page, page.locator("form button").first)
    look()
    looking.press(page, page.locator("form .buttons button").first)
    look()
    page.locator("[name=q-again][value=other]").check()
    look()
    looking.press(page, page.locator("form .buttons button").first)
    page.locator("[name=q-in_a_word]").fill("far too long " * 30)
    look()
    looking.press(page, page.locator("form .buttons button").first)
    look()
    page.locator("[name=q-in_a_word]").fill("W" * 30)
    looking.press(page, page.locator("form .buttons button").first)
    look()
    page.goto(link + asked)
    look()
    page.goto(f"{link}/check{asked}")
    looking.press(page, page.locator("form .buttons button"))
    look()
    for path in ("", "/withdraw", "/check", "x"):
        page.goto(link + path + asked)
        look()

    assert len(seen) == 13
    assert len(set(seen)) >= 8
