"""The editor of questionnaires for staff: from nothing to a published version that people answer."""

import io
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select

from mande import clock
from mande import db
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from mande.surveys import catalogue
from mande.surveys.authoring.editor import drafts
from mande.surveys.authoring.editor import editing
from mande.surveys.authoring.editor import shape
from mande.surveys.models import Invitation
from mande.surveys.models import Questionnaire
from mande.surveys.models import QuestionnaireDraft
from mande.surveys.models import QuestionnaireDraftState
from mande.surveys.models import Survey
from mande.surveys.questionnaires import definition
from mande.surveys.questionnaires import yamlfile
from tests import builders
from tests.integration.desk import Desk
from tests.integration.respondents import Respondent

ALL = "/staff/questionnaires"


@pytest.fixture(autouse=True)
def a_day_after(app: Flask) -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 9, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> Desk:
    """A manager at their desk."""
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
    return Desk(client)


@pytest.fixture
def draft(desk: Desk) -> str:
    """The code of a draft with a section, a scale and a text."""
    data = shape.normal(
        {
            "code": "ours", "role": "participant", "languages": ["en"], "strata": ["role"], "minutes": 3,
            "title": "Ours",
            "sections": [{"code": "first", "title": "First", "questions": [
                {"code": "useful", "type": "yes_no", "text": "Was it useful?", "core": True},
                {"code": "why_not", "type": "long_text", "text": "Why not?",
                 "ask_if": {"question": "useful", "is": "no"}},
            ]}],
        }
    )  # fmt: skip
    with db.transaction() as session:
        drafts.begin(session, data)
    return "ours"


def stored(code: str = "ours") -> QuestionnaireDraft:
    with db.reading() as session:
        return session.scalars(select(QuestionnaireDraft).where(QuestionnaireDraft.code == code)).one()


def count(model: type) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def change_behind_the_back(code: str = "ours") -> None:
    """What somebody else saves meanwhile."""
    with db.transaction() as session:
        revision = session.scalars(select(QuestionnaireDraft.revision)).one()
        drafts.change(session, code, revision, "Section added", lambda data: editing.add_section(data, "Theirs")[0])


def test_a_questionnaire_is_written_checked_published_put_to_people_and_answered(desk: Desk) -> None:
    page = desk.press(desk.get(f"{ALL}/new"), "Begin", how="empty", title="Our view", language="en", role="participant")
    assert page.title == "Draft of Our view – Mande"
    page = desk.press(page, "Add a section", title="The meeting")

    adding = desk.get(f"{ALL}/our-view/draft/sections/the_meeting/add?words=useful for your work")
    page = desk.press(adding, "Add: How useful was the event for your work?")
    page = desk.press(desk.get(f"{ALL}/our-view/draft/sections/the_meeting/add"), "Add this question",
                      text="What did you use?", type="multiple")  # fmt: skip
    page = desk.press(page, "Add an answer")
    page = desk.press(page, "Save", option__0__label="The notes", option__0__code="", option__1__label="The contacts",
                      option__2__label="Nothing", option__2__exclusive="y", flags=["other"])  # fmt: skip
    assert "How useful was the event for your work?" in page.words
    page = desk.press(desk.get(f"{ALL}/our-view/draft/sections/the_meeting/add"), "Add this question",
                      text="How many days?", type="number")  # fmt: skip
    # The condition: a round trip shows what can be chosen, and nothing typed is lost on the way.
    page = desk.press(page, "Show what can be chosen", join="all", clause="0", clause__0__what="usefulness", max="9")
    page = desk.press(page, "Save", clause__0__values=["4", "5"], unit="days")
    condition = (
        "Only if the answer to “How useful was the event for your work?” is “Very useful” or “Extremely useful”."
    )
    assert condition in page.words

    check = desk.get(f"{ALL}/our-view/draft/check")
    assert "Nothing is wrong: the draft can be published." in check.words
    page = desk.press(check, "Publish version 1")
    assert "Version 1 is published." in page.words

    with db.transaction() as session:
        event = builders.make_event(session, participants=1)
        known = catalogue.find(session, "our-view")
    assert [question.type.value for question in known.questions()] == ["scale", "multiple", "number"]
    page = desk.get(f"/staff/events/{event.code}")
    page = desk.press(page, "Open and invite 1 person", questionnaire__participant="our-view")
    assert "1 person is invited." in page.words
    with db.reading() as session:
        [survey] = session.scalars(select(Survey))
        assert survey.questionnaire.code == "our-view"
        [invitation] = session.scalars(select(Invitation))
    person = Respondent(desk.client, builders.token_of(invitation))
    page = person.fill(person.start(), {"usefulness": "5", "what_did_you_use": ["the_notes"]})
    assert "How many days?" in page.words
    entries = [entry.action for entry in all_entries()]
    assert {"questionnaire drafted", "questionnaire published", "surveys opened"} <= set(entries)


def all_entries() -> list[AuditEntry]:
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry)))


def test_a_draft_with_a_mistake_is_not_published_and_each_mistake_leads_to_where_it_is_mended(
    desk: Desk, draft: str
) -> None:
    desk.press(desk.get(f"{ALL}/ours/draft"), "Remove: Was it useful?")

    check = desk.get(f"{ALL}/ours/draft/check")

    assert "2 things have to be mended" in check.words
    assert check.links()["Question “Why not?”, condition"] == f"{ALL}/ours/draft/questions/why_not#condition"
    assert not [button for button in desk.buttons(check) if button.startswith("Publish")]
    fields = {"csrf_token": builders.csrf(desk.client), "revision": "2"}
    desk.client.post(f"{ALL}/ours/draft/publish", data=fields)
    assert count(Questionnaire) == 0


def test_every_button_of_the_outline_does_what_it_says_and_can_be_undone(desk: Desk, draft: str) -> None:
    before = stored().definition
    page = desk.press(desk.get(f"{ALL}/ours/draft"), "Add a section", title="Second")
    page = desk.press(page, "Move", to="second")
    assert [one["code"] for one in stored().definition["sections"][1]["questions"]] == ["useful"]
    page = desk.press(page, "Move down: First")
    assert [one["code"] for one in stored().definition["sections"]] == ["second", "first"]
    page = desk.press(page, "Copy: Was it useful?")
    page = desk.press(page, "Move up: Why not?")
    page = desk.press(page, "Copy: Second")
    page = desk.press(page, "Remove: First")
    assert count(QuestionnaireDraftState) == 7

    for _ in range(7):
        page = desk.press(page, next(button for button in desk.buttons(page) if button.startswith("Undo: ")))

    assert stored().definition == before
    assert stored().revision == 15
    assert not [button for button in desk.buttons(page) if button.startswith("Undo")]


def test_a_save_over_somebody_elses_is_refused_and_what_was_typed_stays(desk: Desk, draft: str) -> None:
    page = desk.get(f"{ALL}/ours/draft/questions/useful")
    settings, adding = desk.get(f"{ALL}/ours/draft/settings"), desk.get(f"{ALL}/ours/draft/sections/first/add")
    outline = desk.get(f"{ALL}/ours/draft")
    change_behind_the_back()

    refused = desk.press(page, "Save", text="Was it useful to you?")

    assert refused.status == 409
    assert "the program has changed this draft since you opened the page." in refused.words
    assert ">\nWas it useful to you?</textarea>" in refused.source
    assert editing.question(stored().definition, "useful")["text"] == {"en": "Was it useful?"}
    assert desk.press(settings, "Save", minutes="9").status == 409
    assert ">\nNew?</textarea>" in desk.press(adding, "Add this question", text="New?", type="date").source
    assert "Nothing was done" in desk.press(outline, "Remove: First").words
    assert [one["code"] for one in stored().definition["sections"]] == ["first", "theirs"]

    desk.press(refused, "Save")

    assert editing.question(stored().definition, "useful")["text"] == {"en": "Was it useful to you?"}
    assert [one["code"] for one in stored().definition["sections"]] == ["first", "theirs"]


def test_what_was_typed_about_something_that_is_gone_is_given_back(desk: Desk, draft: str) -> None:
    question, section = desk.get(f"{ALL}/ours/draft/questions/useful"), desk.get(f"{ALL}/ours/draft/sections/first")
    with db.transaction() as session:
        drafts.discard(session, "ours", 1)

    gone = desk.press(question, "Save", text="A long thought")

    assert gone.status == 409
    assert "was published or deleted meanwhile" in gone.words
    assert "A long thought" in gone.words
    assert "My title" in desk.press(section, "Show what can be chosen", title="My title").words
    assert desk.client.get(f"{ALL}/ours/draft").status_code == 404


def test_a_part_that_somebody_has_removed_gives_back_what_was_typed_about_it(desk: Desk, draft: str) -> None:
    question, adding = desk.get(f"{ALL}/ours/draft/questions/useful"), desk.get(f"{ALL}/ours/draft/sections/first/add")
    desk.press(desk.get(f"{ALL}/ours/draft"), "Remove: First")

    for page, button in ((question, "Save"), (adding, "Add this question")):
        gone = desk.press(page, button, text="A long thought", type="date")
        assert gone.status == 409
        assert "A long thought" in gone.words


def test_a_published_version_never_changes_and_the_next_draft_begins_with_it(desk: Desk, draft: str) -> None:
    desk.press(desk.get(f"{ALL}/ours/draft/check"), "Publish version 1")
    with db.transaction() as session:
        event = builders.make_event(session, participants=1)
        builders.open_survey(session, event, "ours")
    page = desk.press(desk.get(f"{ALL}/ours"), "Make the next version")
    assert "Last changed by Sam Staff" in page.words
    unchanged = desk.press(desk.get(f"{ALL}/ours/draft/check"), "Publish version 2")
    assert "This says the same as version 1" in unchanged.words

    desk.press(desk.get(f"{ALL}/ours/draft/questions/useful"), "Save", text="Useful at all?", code="of_use")
    page = desk.press(desk.get(f"{ALL}/ours/draft/check"), "Publish version 2")

    with db.reading() as session:
        versions = catalogue.versions(session, "ours")
        assert [version.definition.version for version in versions] == [2, 1]
        assert versions[0].definition.question("of_use").text == {"en": "Useful at all?"}
        # The condition went with the code; the version in use is as it was.
        assert definition.conditions.references(versions[0].definition.question("why_not").ask_if) == {"of_use"}
        [survey] = session.scalars(select(Survey))
        assert definition.parse(survey.questionnaire.definition) == versions[1].definition
        assert catalogue.find(session, "ours") == versions[0].definition
    lines = [" ".join("".join(row.itertext()).split()) for row in page.root.findall(".//tbody/tr")]
    assert [line.split()[0] for line in lines] == ["2", "1"]
    assert count(QuestionnaireDraft) == 0


def test_a_questionnaire_goes_out_as_a_file_and_comes_back_from_it(desk: Desk, draft: str) -> None:
    file = desk.client.get(f"{ALL}/ours/draft/questionnaire.yaml")
    assert file.headers["Content-Disposition"] == "attachment; filename=ours-draft.yaml"
    sent = {"how": "file", "code": "theirs", "csrf_token": builders.csrf(desk.client)}

    answer = desk.client.post(f"{ALL}/new", data={**sent, "file": (io.BytesIO(file.data), "ours.yaml")})

    assert answer.location.endswith(f"{ALL}/theirs/draft")
    assert stored("theirs").definition == {**stored().definition, "code": "theirs"}
    shipped = desk.client.get(f"{ALL}/participants/questionnaire.yaml")
    assert definition.parse(yamlfile.parse(shipped.text, "x").data) == definition.find("participants")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "should be object"),
        (b"code: x\nsections: [", "is not YAML"),
        (b"code: x\nsections:\n  - {title: T}", "line 3: sections[0]: lacks code"),
        (b"\xff\xfe", "is not a text in UTF-8"),
        (b"code: Not a code", "is not a code"),
    ],
)
def test_a_file_that_is_no_questionnaire_is_refused_with_the_reason(desk: Desk, content: bytes, said: str) -> None:
    sent = {"how": "file", "csrf_token": builders.csrf(desk.client), "file": (io.BytesIO(content), "x.yaml")}

    answer = desk.client.post(f"{ALL}/new", data=sent)

    assert answer.status_code == 422
    assert said in answer.text.replace("&#39;", "'")
    assert count(QuestionnaireDraft) == 0


def test_a_beginning_that_cannot_be_is_explained(desk: Desk, draft: str) -> None:
    new = desk.get(f"{ALL}/new")

    assert desk.press(new, "Begin", how="empty").problems[0][0] == "#code"
    assert "#source" in dict(desk.press(new, "Begin", how="copy", code="a-copy").problems)
    taken = desk.press(new, "Begin", how="empty", title="T", code="participants")
    assert "To change it, make its next version." in taken.words
    assert "There is a draft of ours already." in desk.press(new, "Begin", how="empty", title="T", code="ours").words
    assert count(QuestionnaireDraft) == 1


def test_the_list_finds_sorts_and_counts_and_goes_out_as_a_file(desk: Desk, draft: str) -> None:
    page = desk.get(f"{ALL}?origin=drafted")
    assert page.links()["Ours"] == f"{ALL}/ours"
    assert "Your view of the event" not in page.words
    assert "No questionnaire is like that." in desk.get(f"{ALL}?text=zzz").words
    file = desk.client.get(f"{ALL}?role=speaker&wave=event&sort=-code&format=csv").data.decode("utf-8-sig")
    codes = [line.split(",")[0] for line in file.splitlines()]
    assert codes[0] == "code"
    assert codes[1:] == sorted(codes[1:], reverse=True)
    assert "speakers" in codes
    assert "participants" not in codes


@pytest.mark.parametrize("path", ["", "/draft", "/draft/check", "/draft/questionnaire.yaml"])
def test_a_viewer_reads(desk: Desk, draft: str, path: str) -> None:
    with db.transaction() as session:
        member = builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER)
        builders.sign_in(desk.client, member)

    page = desk.client.get(f"{ALL}/ours{path}", follow_redirects=True)

    assert page.status_code == 200
    # Nothing to press but the button that signs out.
    assert page.text.count("<button") <= 1


@pytest.mark.parametrize(
    "path",
    ["/new", "/ours/draft", "/ours/draft/change", "/ours/draft/undo", "/ours/draft/publish", "/ours/draft/delete",
     "/ours/draft/questions/useful", "/ours/draft/sections/first", "/ours/draft/sections/first/add",
     "/ours/draft/settings"],
)  # fmt: skip
def test_a_viewer_changes_nothing_nor_does_a_form_from_elsewhere(desk: Desk, draft: str, path: str) -> None:
    fields = {"revision": "1", "do": "section-remove", "section": "first", "how": "empty", "title": "T"}
    assert desk.client.post(ALL + path, data=fields).status_code == 400
    with db.transaction() as session:
        builders.sign_in(desk.client, builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER))

    answer = desk.client.post(ALL + path, data={**fields, "csrf_token": builders.csrf(desk.client)})

    assert answer.status_code == 403
    assert (stored().revision, count(QuestionnaireDraft), count(Questionnaire)) == (1, 1, 0)


@pytest.mark.parametrize("path", ["/questions/nothing", "/sections/nothing", "/sections/nothing/add"])
def test_what_is_not_in_the_draft_is_not_found(desk: Desk, draft: str, path: str) -> None:
    assert desk.client.get(f"{ALL}/ours/draft{path}").status_code == 404
    assert desk.client.get(f"{ALL}/nothing{path}").status_code == 404
    assert desk.client.get(f"{ALL}/nothing").status_code == 404


def test_a_draft_is_deleted_after_a_question(desk: Desk, draft: str) -> None:
    change_behind_the_back()
    page = desk.get(f"{ALL}/ours/draft/delete")
    assert "Nothing of it has been published" in page.words

    assert "The draft is deleted." in desk.press(page, "Delete the draft").words

    assert (count(QuestionnaireDraft), count(QuestionnaireDraftState)) == (0, 0)


def test_only_so_many_changes_can_be_undone(
    app: Flask, desk: Desk, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "KEPT_STATES", 2)
    for _ in range(4):
        change_behind_the_back()

    assert count(QuestionnaireDraftState) == 2


def test_the_questionnaire_proposed_suits_the_meetings_and_no_other_name_is_taken(desk: Desk) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=1, speakers=1)
        for meeting in event.meetings:
            meeting.format = "in_person"

    page = desk.get(f"/staff/events/{event.code}")

    chosen = [option.get("value") for option in page.root.iter("option") if "selected" in option.attrib]
    assert chosen == ["participants-in-person", "speakers-in-person"]
    refused = desk.press(page, "Open and invite 2 people", questionnaire__speaker="../secret.yaml")
    assert "There is no questionnaire ../secret.yaml." in refused.words
    assert count(Survey) == 0
