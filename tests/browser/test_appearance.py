"""How pages look to those whose eyes, devices or scripts ask for something else.

In Arabic, in the dark, with letters twice as large, on a narrow screen, in colours of the reader's own, and on paper.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import db
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live
from tests.browser.conftest import open_page

RIGHT_TO_LEFT = Path(__file__).parents[1] / "samples" / "right_to_left.yaml"
WIDE, NARROW = 1280, 320
USUAL, TWICE = 16, 32


@pytest.fixture
def link(live: Live) -> str:
    """The path of a link to a questionnaire with every type of question, in Arabic and English."""
    with db.transaction() as session:
        (token,) = builders.open_survey(session, builders.make_event(session, participants=1), RIGHT_TO_LEFT)
    return f"/r/{token}"


@pytest.fixture
def page(browser: Browser, live: Live) -> Iterator[Page]:
    with open_page(browser, base_url=live.url, viewport={"width": WIDE, "height": 900}) as page:
        yield page


def pages(page: Page, link: str, language: str) -> Iterator[str]:
    """The main pages of respondents and of owners of planned actions, one after the other."""
    asked = f"?lang={language}"
    page.goto(link + asked)
    yield "welcome"
    looking.press(page, page.locator("form button").first)
    looking.press(page, page.locator("form .buttons button").first)
    expect(page.locator(".summary")).to_be_visible()
    yield "section 1, with a mistake"
    page.locator("[name=q-useful][value='4']").check()
    page.locator("[name=q-again][value=other]").check()
    page.locator("[name='q-again.other']").fill("Only in spring (2027).")
    looking.press(page, page.locator("form .buttons button").first)
    yield "section 2"
    page.goto(f"{link}/check{asked}")
    yield "check"
    looking.press(page, page.locator("form .buttons button").first)
    yield "done"
    page.goto(f"{link}/actions{asked}")
    page.locator("[name=what]").fill("Train twelve colleagues (and myself).")
    page.locator("[name=when]").nth(1).check()
    page.locator("[name=visibility]").first.check()
    looking.press(page, page.locator("form button").first)
    yield "actions"
    looking.press(page, page.locator("a.button"))
    yield "report"
    page.goto(f"{link[:-1]}{asked}")
    yield "unknown"


def letters(page: Page, size: int) -> None:
    """Makes the reader's own letters `size` pixels large, as in the settings of a browser."""
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})


def spilling(page: Page) -> list[str]:
    """What has more in it than it is wide."""
    boxes = page.locator("main :is(button, .button, .choice, .badge, legend, label, h1, h2, h3, dt, dd, p, select)")
    found: list[str] = boxes.evaluate_all(
        "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display != "
        "'inline' && node.checkVisibility()).map(node => node.outerHTML)"
    )
    return found


def test_in_arabic_every_page_passes_axe_in_light_and_dark_and_fits_with_letters_twice_as_large(
    page: Page, link: str
) -> None:
    for name in pages(page, link, "ar"):
        assert page.evaluate("document.dir") == "rtl"
        assert looking.faults(page) == [], name
        assert looking.faults_in_the_dark(page) == [], name
        for size in (USUAL, TWICE):
            letters(page, size)
            for width in (NARROW, WIDE):
                assert not looking.sticks_out(page, width), (name, size, width)
                assert spilling(page) == [], (name, size, width)
        letters(page, USUAL)


def test_in_english_letters_twice_as_large_fit_a_narrow_screen(page: Page, link: str) -> None:
    letters(page, TWICE)
    for name in pages(page, link, "en"):
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= TWICE
        assert not looking.sticks_out(page, NARROW), name
        assert spilling(page) == [], name


def test_the_dark_scheme_is_dark_and_paper_stays_white(page: Page, link: str) -> None:
    def ground() -> list[int]:
        colour = page.locator("body").evaluate("node => getComputedStyle(node).backgroundColor")
        return [int(part) for part in colour.removeprefix("rgb(").removeprefix("rgba(").rstrip(")").split(",")[:3]]

    page.goto(link)
    light = ground()
    page.emulate_media(color_scheme="dark")
    dark = ground()
    page.emulate_media(color_scheme="dark", media="print")
    ink = page.locator("h1").evaluate("node => getComputedStyle(node).color")

    assert min(light) > 230
    assert max(dark) < 40
    assert ink == "rgb(29, 39, 48)"
    assert page.locator("body").evaluate("node => getComputedStyle(node).backgroundColor") == "rgba(0, 0, 0, 0)"
    expect(page.locator("nav.languages")).to_be_hidden()
    expect(page.locator("form button").first).to_be_hidden()


def test_in_colours_of_the_readers_own_what_is_focused_and_how_far_one_is_still_shows(page: Page, link: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(link)
    looking.press(page, page.locator("form button").first)
    expect(page.locator(".progress")).to_be_visible()
    page.keyboard.press("Tab")
    focused = page.locator(":focus").evaluate("node => getComputedStyle(node).outlineStyle")
    frame = page.locator(".progress progress").evaluate("node => getComputedStyle(node).borderTopStyle")
    native = page.locator("[type=radio]").first.evaluate("node => getComputedStyle(node).appearance")

    assert (focused, frame, native) == ("solid", "solid", "auto")


def test_nothing_moves_for_those_who_asked_for_that(page: Page, link: str) -> None:
    def moving() -> str:
        return str(page.locator("button").first.evaluate("node => getComputedStyle(node).transitionDuration"))

    page.goto(link)
    assert set(moving().split(", ")) == {"0s"}
    page.emulate_media(reduced_motion="no-preference")
    assert set(moving().split(", ")) == {"0.12s"}


def test_from_right_to_left_lines_begin_at_the_right_and_latin_words_keep_their_order(page: Page, link: str) -> None:
    def edge(place: Locator, side: str) -> float:
        return float(place.evaluate(f"node => {{ const of = document.createRange(); of.selectNodeContents(node); "
                                    f"return of.getBoundingClientRect().{side} }}"))  # fmt: skip

    page.goto(f"{link}?lang=ar")
    column = page.locator("main").evaluate("node => node.getBoundingClientRect().right - 16")
    title = page.locator(".over bdi")
    assert edge(page.locator("h1"), "right") == pytest.approx(column, abs=2)
    assert edge(page.locator(".over"), "right") == pytest.approx(column, abs=2)
    assert edge(title.nth(1), "right") < edge(title.nth(0), "left")
    assert edge(page.locator(".bar .name"), "right") == pytest.approx(column, abs=2)
    assert edge(page.locator("nav.languages"), "right") < edge(page.locator(".bar .name"), "left")

    page.goto(f"{link}/actions?lang=ar")
    page.locator("[name=what]").fill("Train (twelve).")
    page.locator("[name=when]").nth(1).check()
    page.locator("[name=visibility]").first.check()
    looking.press(page, page.locator("form button").first)
    heading = page.locator(".card h3")
    inner = heading.evaluate("node => node.getBoundingClientRect().right")
    assert edge(heading, "right") == pytest.approx(inner, abs=2)
    last = heading.evaluate("""node => { const of = document.createRange(), text = node.firstChild;
        of.setStart(text, text.length - 1); of.setEnd(text, text.length); return of.getBoundingClientRect().right }""")
    assert last == pytest.approx(inner, abs=2), "the full stop stands after the last word, at its right"


def test_the_language_can_be_changed_to_arabic_and_back_and_nothing_typed_is_lost(page: Page, link: str) -> None:
    page.goto(f"{link}?lang=en")
    looking.press(page, page.locator("form button").first)
    page.locator("[name=q-useful][value='4']").check()
    page.locator("[name=q-again][value=other]").check()
    page.locator("[name='q-again.other']").fill("في الربيع (2027)")
    looking.press(page, page.get_by_role("button", name="العربية"))

    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("h1")).to_have_text("الاختيار")
    looking.press(page, page.get_by_role("button", name="English"))
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    expect(page.locator("[name=q-useful][value='4']")).to_be_checked()
    expect(page.locator("[name='q-again.other']")).to_have_value("في الربيع (2027)")
