"""A questionnaire's versions in the browser and by command: what changed, translations, preview, check."""

import html
import io
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import clock
from mande import db
from mande import startup
from mande.cli import mande
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from mande.surveys.authoring import translation_sheets
from mande.surveys.authoring.editor import shape
from mande.surveys.models import QuestionnaireDraft
from mande.surveys.questionnaires import yamlfile
from tests import builders
from tests.integration import respondents

SAMPLE = shape.normal(yamlfile.read(Path(__file__).parents[1] / "samples" / "every_type.yaml").data)
ROOT = "/staff/questionnaires/every-type"


@pytest.fixture
def draft(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """A draft in English and French, its French by machine; a manager is signed in."""
    data = {**deepcopy(SAMPLE), "machine_made": ["fr"]}
    again = data["sections"][0]["questions"][2]
    assert again["code"] == "again"
    again["text"] = {"en": "Would you come to {event} again?"}
    data["sections"][1]["questions"][0]["ask_if"] = {"question": "again", "is": "yes"}
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
        session.add(
            QuestionnaireDraft(code="every-type", definition=data, edited_at=clock.now(), edited_by="Somebody Else")
        )
    return data


def stored() -> QuestionnaireDraft:
    with db.reading() as session:
        return session.scalars(select(QuestionnaireDraft)).one()


def post(client: FlaskClient, path: str, **fields: Any) -> Any:
    return client.post(ROOT + path, data={"csrf_token": builders.csrf(client), **fields})


def test_translations_are_saved_and_what_would_spoil_a_text_is_shown_with_its_reason(
    client: FlaskClient, draft: dict[str, Any]
) -> None:
    fields = {"t-question.again.text": "Reviendriez-vous ?", "t-question.useful.text": "C’était utile.", "t-gone": "x"}

    page = post(client, "/translations", source="en", target="fr", revision="1", **fields)

    assert page.status_code == 422
    assert "lacks {event}" in page.text
    assert ">\nReviendriez-vous ?</textarea>" in page.text
    useful = stored().definition["sections"][0]["questions"][0]["text"]
    assert useful == {"en": "The meeting was useful.", "fr": "C’était utile."}
    assert (stored().revision, stored().edited_by) == (2, "Sam Staff")

    right = post(client, "/translations", target="fr", revision="2", **{"t-question.again.text": "Et {event} ?"})
    assert right.status_code == 303
    shown = client.get(right.location).text
    assert "1 text is saved." in shown
    assert "question.again.text" not in client.get(f"{ROOT}/translations?target=fr&only=missing").text


def test_nothing_is_saved_over_what_somebody_else_has_saved_and_nothing_typed_is_lost(
    client: FlaskClient, draft: dict[str, Any]
) -> None:
    opened = client.get(f"{ROOT}/translations?target=fr").text
    drawn = dict(re.findall(r'name="(w-title|w-intro)" value="([^"]*)"', opened))
    post(client, "/translations", target="fr", revision="1", **{"t-title": "Le leur", "t-intro": "La leur"})

    mine = {"t-title": "Le mien", "t-intro": draft["intro"]["fr"], **drawn}
    page = post(client, "/translations", target="fr", revision="1", **mine)

    assert page.status_code == 409
    assert ">\nLe mien</textarea>" in page.text
    assert re.search(r"Saved now:.*Le leur", page.text)
    # What was not touched is not held against anybody.
    assert ">\nLa leur</textarea>" in page.text
    assert 'name="revision" value="2"' in page.text
    assert stored().definition["title"]["fr"] == "Le leur"


def test_a_reviewed_translation_comes_off_the_list_of_those_made_by_machine_and_is_written_down(
    client: FlaskClient, draft: dict[str, Any]
) -> None:
    assert "Reviewed by me" in client.get(f"{ROOT}/translations").text

    assert post(client, "/translations/reviewed", target="fr", revision="1").status_code == 303

    assert "machine_made" not in stored().definition
    with db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "translation reviewed")).one()
    assert (entry.subject, entry.detail) == ("every-type", {"language": "fr"})
    assert "Reviewed by me" not in client.get(f"{ROOT}/translations").text
    assert post(client, "/translations/reviewed", target="fr", revision="2").status_code == 404


def send(client: FlaskClient, content: bytes) -> Any:
    return post(client, "/translations/import", file=(io.BytesIO(content), "list.xlsx"))


def filled(client: FlaskClient, text: str) -> bytes:
    """The exported spreadsheet with the French of one question put in."""
    content = client.get(f"{ROOT}/translations/export?format=csv&target=fr").data.decode("utf-8-sig")
    key = "question.again.text,"
    return "".join(
        line[:-2] + f'"{text}"\r\n' if line.startswith(key) else line for line in content.splitlines(keepends=True)
    ).encode()


def test_a_spreadsheet_that_comes_back_shows_what_it_would_change_and_changes_that_once(
    client: FlaskClient, draft: dict[str, Any]
) -> None:
    workbook = client.get(f"{ROOT}/translations/export")
    assert workbook.headers["Content-Disposition"] == "attachment; filename=every-type-fr.xlsx"
    assert "All of this is in the draft already" in send(client, workbook.data).text

    content = filled(client, "Viendriez-vous encore à {event} ?")
    check = send(client, content).text

    assert "Take in 1 text" in check
    assert stored().revision == 1
    fields = dict(re.findall(r'name="(revision|target|wishes)" value="([^"]*)"', check))
    confirmed = {name: html.unescape(value) for name, value in fields.items()}
    assert post(client, "/translations/import/confirm", **confirmed).status_code == 303
    again = stored().definition["sections"][0]["questions"][2]["text"]
    assert again["fr"] == "Viendriez-vous encore à {event} ?"
    assert stored().revision == 2
    # The same again, as by a second click: refused where it would go over another's work, and else nothing to do.
    post(client, "/translations/import/confirm", **confirmed)
    assert stored().revision == 2
    assert "All of this is in the draft already" in send(client, content).text


def test_of_a_spreadsheet_with_one_refused_row_nothing_is_taken_in(client: FlaskClient, draft: dict[str, Any]) -> None:
    check = send(client, filled(client, "Viendriez-vous encore ?")).text

    assert "1 text cannot be taken as it is" in check
    assert "Lacks {event}" in check
    assert 'name="wishes"' not in check
    forged = '[["question.again.text", "fr", "Viendriez-vous encore ?"]]'
    assert post(client, "/translations/import/confirm", wishes=forged, revision="1").status_code == 303
    assert stored().revision == 1
    assert post(client, "/translations/import/confirm", wishes="no list", revision="1").status_code == 400
    unread = send(client, b"PK\x03\x04 broken")
    assert (unread.status_code, "no workbook" in unread.text) == (422, True)


def test_whoever_may_only_look_reads_translations_and_changes_none(client: FlaskClient, draft: dict[str, Any]) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER))

    assert "<textarea" not in client.get(f"{ROOT}/translations").text
    assert client.get(f"{ROOT}/translations/export").status_code == 200
    for path in ("/translations", "/translations/reviewed", "/translations/import", "/translations/import/confirm"):
        assert post(client, path, target="fr", revision="1", wishes="[]").status_code == 403
    assert stored().revision == 1


def test_a_version_in_use_can_be_read_and_taken_along_and_not_translated(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
        event = builders.make_event(session, participants=1)
        builders.open_survey(session, event, respondents.SAMPLE)

    page = client.get(f"{ROOT}/translations").text

    assert "which never changes" in page
    assert "<textarea" not in page
    rows = translation_sheets.read(client.get(f"{ROOT}/translations/export?version=1").data, SAMPLE)
    assert rows.languages == ("fr",)
    assert post(client, "/translations", target="fr", revision="0", **{"t-title": "x"}).status_code == 404
    assert client.get("/staff/questionnaires/nothing/translations").status_code == 404


def carried(page: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="(answers|number)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in fields}


def test_a_preview_is_clicked_through_to_its_end_and_nothing_of_it_is_stored(
    client: FlaskClient, draft: dict[str, Any]
) -> None:
    before = respondents.dump()
    path = "/preview/page?role=speaker&meeting=part-one"

    def turn(page: str, **fields: Any) -> Any:
        return post(client, path, **{**carried(page), **fields})

    first = client.get(ROOT + path).text
    choosing = turn(first).text
    assert "Would you come to An example of an event again?" in choosing
    refused = turn(choosing, **{"q-useful": "5"}).text
    assert "Please answer “Would you come to An example of an event again?”." in refused
    assert re.search(r'name="q-useful" value="5" checked', refused)
    # "No" leaves out the question that is asked of those who would come again.
    without = turn(refused, **{"q-useful": "5", "q-again": "no"}).text
    assert 'name="q-used_for"' not in without
    asked = turn(refused, **{"q-useful": "5", "q-again": "yes"}).text
    assert 'name="q-used_for"' in asked
    french = turn(asked, language="fr", **{"q-recommend": "9"}).text
    assert "À quoi cela servira-t-il ?" in french
    assert re.search(r'name="q-recommend" value="9" checked', french)
    review = turn(asked, **{"q-recommend": "9", "q-errors": "<b>Nothing</b>"}).text
    assert "&lt;b&gt;Nothing&lt;/b&gt;" in review
    assert "Would you come to An example of an event again?" in turn(review, then="1").text
    assert "nothing was stored" in turn(review, then="submit").text
    assert respondents.dump() == before


def test_only_the_page_within_the_frames_may_be_framed_and_only_by_this_site(
    client: FlaskClient, draft: dict[str, Any]
) -> None:
    outer, inner = client.get(f"{ROOT}/preview"), client.get(f"{ROOT}/preview/page?section=2")

    assert "frame-src 'self'" in outer.headers["Content-Security-Policy"]
    assert outer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'self'" in inner.headers["Content-Security-Policy"]
    assert inner.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert outer.text.count("<iframe") == 2
    assert "1 text is lacking in a language" in outer.text


def test_the_difference_from_the_version_in_use_is_shown_with_what_it_means_for_results(
    client: FlaskClient, draft: dict[str, Any]
) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=1)
        builders.open_survey(session, event, respondents.SAMPLE)

    page = client.get(f"{ROOT}/difference").text

    assert re.search(r"Would you come <ins>.*to \{event\} </ins>again", page)
    assert "read and judge" in page
    assert "if again is yes; before: always" in page
    assert "The same version was chosen twice" in client.get(f"{ROOT}/difference?old=1&new=1").text
    assert client.get("/staff/questionnaires/nothing/difference").status_code == 404


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `mande questionnaire ...` on the application of the test."""
    monkeypatch.setattr(startup, "ready_app", lambda *_settings: app)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(mande, ["questionnaire", *arguments])

    return run


def test_check_and_diff_say_on_the_command_line_what_the_pages_say(run: Any, draft: dict[str, Any]) -> None:
    with db.transaction() as session:
        builders.make_event(session, participants=6)

    wrong = run("check", "every-type", "--event", "WP1873v")
    assert wrong.exit_code == 1
    assert "error    sections[0].questions[2].text: is missing in fr" in wrong.output
    assert "“meeting” has 3 groups among the 6 people asked at WP1873v" in wrong.output
    right = run("check", str(respondents.SAMPLE))
    assert right.exit_code == 0
    assert re.search(r"^hint     line \d+: sections", right.output, re.MULTILINE)
    assert re.search(r"^0 errors, \d+ warnings, \d+ hints\.$", right.output, re.MULTILINE)

    changed = run("diff", str(respondents.SAMPLE), "every-type@draft")
    assert "    text (en): Would you come {+to {event} +}again?" in changed.output
    assert changed.output.endswith(" 5 questions stay comparable.\n")
    unknown = run("diff", "every-type@7", "nothing")
    assert unknown.exit_code == 1
    assert "There is no questionnaire 'every-type@7'. There is: every-type@draft." in unknown.output
