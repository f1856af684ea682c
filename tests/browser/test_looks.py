"""Giving a convenor's reports a look, in Chromium."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import db
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live
from tests.browser.test_staff_pages import sign_in


def test_a_look_is_previewed_mended_and_saved_without_sending_its_logo_again(
    live: Live, page_with_scripts: Page
) -> None:
    page = page_with_scripts
    with db.transaction() as session:
        convenor = builders.make_event(session).convenor
        builders.make_staff(session)
    made = BytesIO()
    Image.new("RGB", (400, 100), "#c8102e").save(made, "PNG")

    def is_fit() -> None:
        assert not looking.faults(page)
        assert not looking.too_small(page)
        assert not looking.sticks_out(page, 320)

    sign_in(page)
    page.goto("/staff/looks")
    is_fit()
    looking.press(page, page.get_by_role("link", name=convenor))
    page.get_by_label("Colour").fill("yellow")
    page.get_by_label("Logo", exact=True).set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": made.getvalue()}
    )
    looking.press_button(page, "Preview")
    expect(page).to_have_title(f"Error: {convenor} – Looks of reports – Mande")
    is_fit()
    page.get_by_label("Colour").fill("#c8102e")
    looking.press_button(page, "Save the look")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.locator("svg image")).to_have_attribute(
        "href", "/staff/looks/logo/" + page.locator("[name=logo_kept]").input_value()
    )
    is_fit()
