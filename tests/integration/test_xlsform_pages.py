"""Taking an XLSForm in as a draft, and taking a questionnaire along as one."""

from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import db
from mande import workbooks
from mande.staff.models import StaffRole
from mande.surveys.authoring.xlsform import reading
from mande.surveys.models import QuestionnaireDraft
from mande.surveys.questionnaires import definition
from tests import builders

FORM = {
    "survey": [
        ["type", "name", "label::English (en)", "relevant"],
        ["select_one useful", "useful", "Was it useful?", ""],
        ["text", "why", "Why?", "${useful} = 'no'"],
        ["geopoint", "where", "Where are you?", ""],
    ],
    "choices": [
        ["list_name", "name", "label::English (en)"],
        ["useful", "yes", "Yes"],
        ["useful", "no", "No"],
    ],
    "settings": [["form_title", "form_id"], ["Baseline", "baseline"]],
}


def test_a_form_becomes_a_draft_only_when_that_is_confirmed(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.MANAGER))

    checked = _send(client, workbooks.write(FORM))
    page = checked.get_data(as_text=True)

    assert checked.status_code == 200
    assert "asks for a file, a code or a place" in page
    assert "Was it useful?" in page
    assert _drafts() == []

    taken = client.post(checked.request.path, data={"code": "participants", "csrf_token": builders.csrf(client)})
    assert taken.status_code == 422
    assert "There is a questionnaire participants already" in taken.get_data(as_text=True)

    begun = client.post(checked.request.path, data={"code": "baseline", "csrf_token": builders.csrf(client)})
    (draft,) = _drafts()
    assert begun.location == "/staff/questionnaires/baseline/draft"
    assert draft.definition["sections"][0]["questions"][1]["ask_if"] == {"question": "useful", "is": "no"}
    assert client.get(checked.request.path).location == "/staff/questionnaires/new/xlsform"


def test_what_is_no_form_is_refused_with_the_reason(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.MANAGER))

    refused = {
        content: _send(client, content)
        for content in (
            b"",
            b"name,type\n",
            workbooks.write({"other": [["a"]]}),
            workbooks.write({"survey": [["a"], ["b"]]}),
        )
    }

    assert {page.status_code for page in refused.values()} == {422}
    said = [page.get_data(as_text=True) for page in refused.values()]
    for page, words in zip(
        said, ("is no workbook", "is no workbook", "no sheet “survey”", "no column “type”"), strict=True
    ):
        assert words in page


def test_a_questionnaire_is_taken_along_by_whoever_may_see_it_and_sent_by_managers_alone(
    app: Flask, client: FlaskClient
) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.VIEWER))

    offered = client.get("/staff/questionnaires/participants/xlsform")
    file = client.get("/staff/questionnaires/participants/questionnaire.xlsx")

    assert "the two-minute route" in offered.get_data(as_text=True)
    imported = reading.read(workbooks.read(file.data), "form")
    assert definition.parse(imported.data) == definition.find("participants")
    assert client.get("/staff/questionnaires/nothing/xlsform").status_code == 404
    assert client.get("/staff/questionnaires/nothing/questionnaire.xlsx").status_code == 404
    assert client.get("/staff/questionnaires/new/xlsform").status_code == 403


def _send(client: FlaskClient, content: bytes) -> TestResponse:
    data = {"file": (BytesIO(content), "baseline.xlsx"), "role": "participant", "csrf_token": builders.csrf(client)}
    return client.post("/staff/questionnaires/new/xlsform", data=data, follow_redirects=True)


def _drafts() -> list[QuestionnaireDraft]:
    with db.reading() as session:
        return list(session.scalars(select(QuestionnaireDraft)))
