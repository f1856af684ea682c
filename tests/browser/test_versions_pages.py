"""A questionnaire's versions in Chromium: what changed, translations side by side, the preview on two screens."""

from copy import deepcopy
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from mande import clock
from mande import db
from mande.surveys.authoring import translation_sheets
from mande.surveys.authoring.editor import shape
from mande.surveys.models import QuestionnaireDraft
from mande.surveys.questionnaires import yamlfile
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live
from tests.browser.test_staff_pages import look
from tests.browser.test_staff_pages import sign_in
from tests.integration.respondents import SAMPLE

ROOT = "/staff/questionnaires/every-type"


@pytest.fixture
def draft(live: Live) -> None:
    """A version in use, and a draft that rewords it, asks more of some, and is in Arabic too, by machine."""
    data = shape.normal(yamlfile.read(SAMPLE).data)
    with db.transaction() as session:
        builders.make_staff(session)
        builders.open_survey(session, builders.make_event(session, participants=1), SAMPLE)
        changed = {**deepcopy(data), "languages": ["en", "fr", "ar"], "machine_made": ["ar"]}
        first, second = changed["sections"]
        first["questions"][0]["text"] |= {"en": "How useful was {event}?", "ar": "ما مدى فائدة {event}؟"}
        second["questions"][1]["ask_if"] = {"question": "again", "is": "yes"}
        del second["questions"][0]["options"][2]
        second["questions"].append({"code": "half_done", "type": "scale"})
        session.add(
            QuestionnaireDraft(code="every-type", definition=changed, edited_at=clock.now(), edited_by="Somebody")
        )


def test_every_page_about_versions_has_no_fault_and_fits_a_telephone(
    draft: None, page_with_scripts: Page, tmp_path: Path
) -> None:
    page = page_with_scripts
    sign_in(page)
    wrong = {}
    for path, button in (("/difference", "Compare"), ("/preview", "Show")):
        page.goto(ROOT + path)
        wrong[path] = look(page, button)
    page.goto(f"{ROOT}/preview/page?section=1&lang=ar")
    looking.press_button(page, "حفظ ومتابعة")
    wrong["a page of the preview with an error, from right to left"] = look(page, "حفظ ومتابعة")
    page.goto(f"{ROOT}/translations?target=ar")
    page.locator("[id='t-question.useful.text']").fill("بلا اسم")
    looking.press_button(page, "Save")
    expect(page.locator(".summary")).to_be_focused()
    wrong["a translation that lacks a placeholder"] = look(page, "Save")
    rows = "place,ar\r\nquestion.useful.text,=1+1\r\ntitle,رأيكم\r\nquestion.gone.text,x\r\n"
    (tmp_path / "list.csv").write_bytes(rows.encode())
    page.goto(f"{ROOT}/translations/import")
    page.get_by_label("Spreadsheet").set_input_files(tmp_path / "list.csv")
    looking.press_button(page, "See what it would change")
    wrong["a spreadsheet with refused rows"] = look(page, "Choose another file")

    assert {where: faults for where, faults in wrong.items() if faults} == {}


def test_a_translator_and_a_reader_do_their_work_without_scripts(
    draft: None, page_without_scripts: Page, tmp_path: Path
) -> None:
    page = page_without_scripts
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page)
    page.goto(f"{ROOT}/translations?target=ar&only=missing")
    with page.expect_download() as download:
        page.get_by_role("link", name="Spreadsheet for a translator (العربية)").click()
    download.value.save_as(tmp_path / "list.xlsx")
    sent = translation_sheets.read((tmp_path / "list.xlsx").read_bytes(), yamlfile.read(SAMPLE).data)
    assert sent.languages == ("ar",)
    page.locator("[id='t-title']").fill("الآراء")
    looking.press_button(page, "Save")
    expect(page.get_by_role("status")).to_have_text("1 text is saved.")
    expect(page.locator("[id='t-title']")).to_have_count(0)

    page.goto(f"{ROOT}/preview")
    page.get_by_label("Language").select_option("ar")
    page.get_by_label("Begin at").select_option("1")
    looking.press_button(page, "Show")
    expect(page.locator(".warning").last).to_contain_text("1 thing is wrong")
    phone, desktop = looking.frame(page, ".phone iframe"), looking.frame(page, ".desktop iframe")
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    expect(phone.get_by_text("ما مدى فائدة").first).to_be_visible()
    phone.locator("[name='q-again'][value='no']").check()
    looking.press_button(phone, "English")
    expect(phone.locator("[name='q-again'][value='no']")).to_be_checked()
    looking.press_button(phone, "Save and continue")
    expect(phone.locator("[name='q-used_for']").first).to_be_visible()
    expect(phone.locator("[name='q-recommend']")).to_have_count(0)
    # The two screens go their own ways.
    expect(desktop.locator("html")).to_have_attribute("dir", "rtl")
