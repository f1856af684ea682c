"""The editor of questionnaires in Chromium: written without a script, quicker with one, and without a fault."""

import pytest
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect
from sqlalchemy import select

from mande import db
from mande.surveys import catalogue
from mande.surveys.authoring.editor import drafts
from mande.surveys.authoring.editor import editing
from mande.surveys.models import QuestionnaireDraft
from mande.surveys.questionnaires import definition
from tests import builders
from tests.browser import looking
from tests.browser.conftest import Live
from tests.browser.test_staff_pages import look
from tests.browser.test_staff_pages import sign_in

ALL = "/staff/questionnaires"


@pytest.fixture
def draft(live: Live) -> None:
    """A draft of the participants' questionnaire with a mistake in it, and a manager to go on with it."""
    data, _code = editing.copy_section(definition.find("participants").to_dict(), "discussion")
    data = editing.remove_question(data, "recommend")
    data, _code = editing.add_section(data, "")
    with db.transaction() as session:
        builders.make_staff(session)
        drafts.begin(session, data)


def saved() -> dict[str, object]:
    with db.reading() as session:
        return session.scalars(select(QuestionnaireDraft)).one().definition


STOPS = (
    ("", "Show"),
    ("/new", "Begin"),
    ("/participants/draft", "Add a section"),
    ("/participants/draft/sections/discussion", "Save"),
    ("/participants/draft/sections/discussion/add?words=trust", "Add this question"),
    ("/participants/draft/questions/intended_use", "Add an answer"),
    ("/participants/draft/check", "Preview"),
)


def test_every_page_of_the_editor_has_no_fault_fits_a_telephone_and_can_be_worked_by_the_keyboard(
    draft: None, page_with_scripts: Page
) -> None:
    page = page_with_scripts
    sign_in(page)
    wrong: dict[str, list[str]] = {}
    titles = []
    for path, button in STOPS:
        answer = page.goto(ALL + path)
        assert answer is not None
        assert answer.ok, path
        titles.append(page.title())
        wrong[path] = look(page, button)
    page.goto(f"{ALL}/participants/draft/questions/intended_use")
    page.get_by_label("Ask this").select_option("all")
    page.get_by_label("It depends on").select_option("usefulness")
    # The form is drawn again, and would forget what is typed meanwhile.
    expect(page.get_by_role("group", name="Condition 1").get_by_label("and", exact=True)).to_be_visible()
    page.get_by_label("Code", exact=True).first.fill("Not a code")
    looking.press(page, page.get_by_role("button", name="Save", exact=True).last)
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one.")
    wrong["with mistakes"] = look(page, "Save")

    assert {path: found for path, found in wrong.items() if found} == {}
    assert len(set(titles)) == len(titles)


def test_a_question_is_written_with_a_condition_without_any_script(live: Live, page_without_scripts: Page) -> None:
    page = page_without_scripts
    with db.transaction() as session:
        builders.make_staff(session)
    sign_in(page)
    looking.press(page, page.get_by_role("link", name="Questionnaires", exact=True))
    looking.press(page, page.get_by_role("link", name="New questionnaire"))
    page.get_by_label("Empty", exact=True).check()
    page.get_by_label("Title").fill("Short and ours")
    looking.press_button(page, "Begin")
    page.get_by_label("Title of a new section").fill("All")
    looking.press_button(page, "Add a section")
    for text, kind in (("Was it useful?", "Yes or no"), ("Which part?", "Single choice")):
        looking.press(page, page.get_by_role("link", name="Add a question"))
        page.get_by_label("Question", exact=True).fill(text)
        page.get_by_role("radio", name=kind).check()
        looking.press_button(page, "Add this question")
        if kind == "Yes or no":
            page.get_by_label("Part of the two-minute route").check()
            looking.press(page, page.get_by_role("button", name="Save", exact=True).last)
    page.get_by_label("Label 1").fill("The first")
    looking.press_button(page, "Add an answer")
    page.get_by_label("Label 3").fill("The last")
    looking.press_button(page, "Remove: 2")
    page.get_by_label("Ask this").select_option("all")
    looking.press_button(page, "Show what can be chosen")
    page.get_by_label("It depends on").select_option("was_it_useful")
    looking.press_button(page, "Show what can be chosen")
    page.get_by_role("group", name="Condition 1").get_by_label("Yes").check()
    looking.press(page, page.get_by_role("button", name="Save", exact=True).last)
    expect(page.get_by_text("Only if the answer to “Was it useful?” is “Yes”.")).to_be_visible()
    looking.press(page, page.locator("#question-which_part").get_by_role("button", name="Copy"))
    looking.press(page, page.get_by_role("button", name="Undo: Question copied"))
    looking.press(page, page.get_by_role("link", name="Check and publish"))
    looking.press_button(page, "Publish version 1")
    expect(page.get_by_role("status")).to_contain_text("Version 1 is published.")
    with db.reading() as session:
        asked = catalogue.find(session, "short-and-ours").question("which_part")
    assert asked.codes == ("option_1", "the_last")


def test_with_a_script_lines_change_in_place_and_questions_can_be_dragged(draft: None, page_with_scripts: Page) -> None:
    page = page_with_scripts
    page.set_viewport_size({"width": 1200, "height": 900})
    sign_in(page)
    page.goto(f"{ALL}/participants/draft/questions/intended_use")
    page.get_by_label("Question", exact=True).fill("Typed before")
    page.get_by_role("button", name="Add an answer").click()
    expect(page.get_by_label("Label 7")).to_be_focused()
    page.keyboard.type("A seventh")
    page.get_by_role("button", name="Move up: 7").click()
    expect(page.get_by_role("button", name="Move up: A seventh")).to_be_focused()
    expect(page.get_by_label("Label 6")).to_have_value("A seventh")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Typed before")
    # Nothing was saved on the way, and leaving by mistake is asked about.
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    looking.press(page, page.get_by_role("link", name="Back without saving"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your view of the event")
    assert asked == ["beforeunload"]
    assert editing.question(saved(), "intended_use")["text"]["en"] != "Typed before"

    target = page.locator("#question-voice_heard")
    with page.expect_navigation():
        page.locator("#question-usefulness").drag_to(
            target, source_position={"x": 5, "y": 5}, target_position={"x": 5, "y": 5}
        )
    expect(page.get_by_role("status")).to_contain_text("Question moved")
    codes = [question["code"] for question in editing.section_of(saved(), "usefulness")["questions"]]
    assert codes[:3] == ["right_people", "usefulness", "voice_heard"]


def test_while_a_form_is_drawn_again_nothing_can_be_typed_that_would_be_lost(
    page_with_scripts: Page, draft: None
) -> None:
    page = page_with_scripts
    sign_in(page)
    page.goto(f"{ALL}/participants/draft/questions/intended_use")
    held: list[Route] = []
    page.route("**/questions/intended_use", lambda route: held.append(route))
    with page.expect_request("**/questions/intended_use"):
        page.get_by_role("button", name="Add an answer").click()

    form = page.locator("form[data-editor]")
    expect(form).to_have_js_property("inert", True)
    held[0].continue_()

    expect(form).to_have_js_property("inert", False)
    expect(page.get_by_label("Label 7")).to_be_focused()
