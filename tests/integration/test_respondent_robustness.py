"""Whatever goes wrong between a respondent and us: nothing is lost, nothing is mixed, and the page says what happened.

Nothing of this depends on the kind of database: what does is shown in test_responding.py, on both.
"""

import io
from datetime import UTC
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select
from werkzeug.test import EnvironBuilder

from mande import clock
from mande import create_app
from mande import db
from mande.config import Settings
from mande.mail.models import Message
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from tests import builders
from tests.integration import respondents
from tests.integration.respondents import SAMPLE
from tests.integration.respondents import Page
from tests.integration.respondents import Respondent
from tests.integration.respondents import answer_everything

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EVERY_WAY = SAMPLE.with_name("every_way.yaml")
TOLD = "had been saved from another window or device"


def draft(person: Respondent, page: Page, answers: respondents.Fields) -> tuple[int, dict[str, str]]:
    """What the script sends while somebody types on `page`, and the answer to it."""
    ((action, fields),) = [(to, held) for to, held in page.forms().items() if "/section/" in to]
    changed = {f"q-{code}": value for code, value in answers.items()}
    answer = person.client.post(action, data={**fields, **changed, "then": "draft"})
    return answer.status_code, answer.get_json()


def close(person: Respondent) -> None:
    with db.transaction() as session:
        session.query(Survey).one().state = SurveyState.DRAFT


def test_of_two_windows_the_later_wins_its_whole_page_and_is_told(person: Respondent) -> None:
    person.start()
    first, second = person.get("/section/2"), person.get("/section/2")
    person.fill(person.get("/section/1"), {"again": "yes"})
    quiet = person.fill(second, {"in_a_word": "Second", "recommend": "7", "used_for": ["teach"]})
    loud = person.fill(first, {"in_a_word": "First", "errors": "Only mine"})

    assert TOLD not in quiet.words
    assert TOLD in loud.words
    assert person.response is not None
    assert person.response.answers == {"again": "yes", "in_a_word": "First", "errors": "Only mine"}


def test_a_page_with_a_mistake_is_no_mixture_of_two_windows_either(person: Respondent) -> None:
    person.start()
    first, second = person.get("/section/2"), person.get("/section/2")
    person.fill(second, {"errors": "Second", "recommend": "7"})
    refused = person.fill(first, {"errors": "x" * 101, "in_a_word": "First"})

    assert refused.status == 422
    assert TOLD in refused.words
    assert person.response is not None
    assert person.response.answers == {"in_a_word": "First"}
    mended = person.fill(refused, {"errors": "short"})
    assert TOLD not in mended.words
    assert person.response.answers == {"in_a_word": "First", "errors": "short"}


def test_a_button_that_is_pressed_twice_and_a_page_that_is_sent_again_by_back_tell_nobody_of_other_windows(
    person: Respondent,
) -> None:
    page = person.start()
    for _ in range(2):
        assert TOLD not in person.fill(page, {"again": "no"}).words
    assert TOLD not in person.fill(person.get("/section/1"), {"again": "yes"}).words


def test_a_draft_saves_what_is_right_and_complains_of_nothing(person: Respondent) -> None:
    page = person.start()
    status, answer = draft(person, page, {"useful": "4"})
    page = person.get("/section/2")
    _, too_long = draft(person, page, {"errors": "x" * 101, "in_a_word": "Calm"})

    assert (status, answer["said"]) == (200, "Saved")
    assert too_long["said"] == "Saved"
    assert person.response is not None
    assert person.response.answers == {"useful": "4", "in_a_word": "Calm"}


def test_a_draft_of_the_same_window_is_no_other_window(person: Respondent) -> None:
    page = person.start()
    _, answer = draft(person, page, {"useful": "4"})
    following = person.fill(page, {"useful": "5", "again": "no"}, {"drawn": answer["drawn"]})

    assert following.title.startswith("Section 2")
    assert TOLD not in following.words


def test_a_draft_replaces_nothing_of_another_window_and_what_was_submitted_or_withdrawn_stays_so(
    person: Respondent,
) -> None:
    page = person.start()
    person.fill(person.get("/section/1"), {"again": "no"})
    elsewhere = draft(person, page, {"again": "yes"})
    answer_everything(person)
    person.post("/submit")
    before = respondents.dump()
    submitted = draft(person, person.get("/section/1"), {"again": "no"})
    after = respondents.dump()
    page = person.get("/section/1")
    person.post("/withdraw")
    withdrawn = draft(person, page, {"again": "no"})

    for status, answer in (elsewhere, submitted, withdrawn):
        assert status == 409
        assert answer == {"said": "Not saved while you type. Press the button below to save this page."}
    assert before == after
    assert person.response is None


def test_a_draft_to_a_closed_questionnaire_is_told_so(person: Respondent) -> None:
    page = person.start()
    close(person)

    status, answer = draft(person, page, {"again": "no"})

    assert status == 404
    assert "the questionnaire has closed" in answer["said"]
    assert "drawn" not in answer


@pytest.fixture
def conditional(app: Flask, client: FlaskClient) -> Respondent:
    """Somebody who took part online, at a questionnaire in which answers decide what is asked."""
    with db.transaction() as session:
        (token,) = builders.open_survey(session, builders.make_event(session, participants=1), EVERY_WAY)
    return Respondent(client, token)


def test_a_question_that_only_a_draft_brought_up_is_shown_before_anybody_goes_on(conditional: Respondent) -> None:
    page = conditional.start()
    assert "q-why_not" not in page.source
    _, answer = draft(conditional, page, {"again": "no"})
    again = conditional.fill(page, {"again": "no"}, {"drawn": answer["drawn"]})
    following = conditional.fill(again, {"why_not": "Too far"})

    assert again.response.request.path == page.response.request.path
    assert "q-why_not" in again.source
    assert following.response.request.path != page.response.request.path
    assert conditional.response is not None
    assert conditional.response.answers == {"again": "no", "why_not": "Too far"}


def test_a_page_that_another_window_made_unnecessary_says_so_and_keeps_nothing(conditional: Respondent) -> None:
    first = conditional.start()
    number = next(number for number in range(9, 1, -1) if "Being online" in conditional.get(f"/section/{number}").title)
    online = conditional.get(f"/section/{number}")
    conditional.fill(first, {"again": "no"})
    before = respondents.dump()
    page = conditional.fill(online, {})
    status, answer = draft(conditional, online, {})

    assert "no longer part of your questionnaire" in page.words
    assert (status, answer.keys()) == (409, {"said"})
    assert respondents.dump() == before


def test_what_is_submitted_after_it_was_withdrawn_elsewhere_is_explained_and_can_be_sent_anew(
    person: Respondent,
) -> None:
    answer_everything(person)
    page = person.get("/section/1")
    person.post("/withdraw")
    nothing = person.post("/submit")
    again = person.fill(page, {"again": "no"})

    assert "There is nothing to submit" in nothing.words
    assert TOLD in again.words
    assert person.response is not None
    assert not person.response.submitted
    assert person.response.answers["again"] == "no"


def test_submitting_from_two_devices_counts_once_and_both_see_the_confirmation(person: Respondent) -> None:
    answer_everything(person)
    other = Respondent(person.client.application.test_client(), person.token)
    pages = [person.post("/submit"), other.post("/submit")]

    assert {page.response.request.path for page in pages} == {person.address("/done")}
    assert respondents.boxes() == 1


def test_a_form_that_lay_open_for_weeks_while_the_server_started_anew_is_saved(
    person: Respondent, settings: Settings
) -> None:
    page = person.start()
    clock.move_to(datetime(2031, 1, 1, tzinfo=UTC))
    another = create_app(settings)
    with another.app_context():
        following = Respondent(another.test_client(), person.token).fill(page, {"again": "no"})
    clock.move_to(None)

    assert following.title.startswith("Section 2")
    assert person.response is not None
    assert person.response.answers == {"again": "no"}


def test_a_form_whose_connection_broke_off_on_the_way_changes_nothing(app: Flask, person: Respondent) -> None:
    person.start()
    before = respondents.dump()
    body = b"route=full&q-again=yes&q-useful=4"
    sent = EnvironBuilder(path=person.address("/section/1"), method="POST",
                          content_type="application/x-www-form-urlencoded").get_environ()  # fmt: skip
    sent |= {"wsgi.input": io.BytesIO(body[:-12]), "CONTENT_LENGTH": str(len(body))}

    status: list[str] = []
    b"".join(app(sent, lambda line, _headers, _exception=None: status.append(line)))

    assert status[0].startswith("400")
    assert respondents.dump() == before


def test_ten_thousand_characters_of_any_script_come_back_on_the_page(person: Respondent) -> None:
    person.start()
    text = "اختبار 😀 漢字 " * 850
    page = person.fill(person.get("/section/2"), {"errors": text, "in_a_word": text})

    assert len(text) > 10_000
    assert page.status == 422
    assert len(page.problems) == 2
    assert page.forms()[person.address("/section/2")]["q-errors"] == text.strip()


def test_more_than_any_form_can_hold_is_refused_with_an_explanation_and_nothing_is_lost_of_before(
    person: Respondent,
) -> None:
    person.fill(person.start(), {"again": "no"})
    refused = person.fill(person.get("/section/2"), {"errors": "x" * 2_200_000})

    assert refused.status == 413
    assert "What you saved before is still there." in refused.words
    assert person.response is not None
    assert person.response.answers == {"again": "no"}


@pytest.mark.parametrize("spoilt", ["{}.", "{}/", "%3C{}%3E", "{}%C2%A0", "{}%E2%80%9D"])
def test_a_link_as_mail_programs_leave_it_opens_and_its_buttons_work(person: Respondent, spoilt: str) -> None:
    page = person.open(f"/r/{spoilt.format(person.token.upper())}")

    assert page.status == 200
    assert person.address("/start") in page.forms()


def test_all_answers_can_be_printed_or_saved_and_are_never_mailed(person: Respondent) -> None:
    def messages() -> int | None:
        with db.reading() as session:
            return session.scalar(select(func.count()).select_from(Message))

    before = messages()
    review = answer_everything(person)
    printed = person.open(review.links()["Save or print your answers"])
    person.post("/submit")

    assert printed.title.startswith("Your answers")
    for said in ("Other: Only in spring", "The calm", "saved and not submitted yet"):
        assert said in printed.words
    assert "Change" not in printed.words
    assert person.token not in printed.words
    assert "Save or print your answers" in person.get("/done").links()
    assert "These answers are submitted." in person.get("/answers").words
    assert messages() == before


def test_every_page_can_be_left_for_one_that_names_no_event_and_has_the_browser_forget(person: Respondent) -> None:
    pages = [person.get(), person.start(), person.get("/notice")]
    answer_everything(person)
    pages += [person.get("/check"), person.get("/answers"), person.get("/withdraw"), person.post("/submit")]
    left = Page(person.client.get("/left?lang=fr"))

    assert all('data-leave="/left?lang=en"' in page.source for page in pages)
    assert left.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert left.response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in left.response.headers
    assert left.language == "fr"
    for telling in ("WP1873v", "Example House", "diplomacy", person.token, "robin"):
        assert telling not in left.source


def test_leaving_a_page_of_questions_saves_it_first_and_never_holds_anybody_up(person: Respondent) -> None:
    page = person.start()
    left = person.fill(page, {"useful": "4"}, {"then": "forget"})

    assert left.response.request.path == "/left"
    assert person.response is not None
    assert person.response.answers == {"useful": "4"}


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        ("consent", "Your consent"),
        ("public_task", "A task in the public interest"),
        ("legitimate_interests", "The legitimate interest of Example House"),
    ],
)
def test_the_legal_basis_is_the_one_of_this_installation(
    person: Respondent, settings: Settings, client: FlaskClient, basis: str, said: str
) -> None:
    client.application.extensions["mande.settings"] = type(settings)(**{**vars(settings), "legal_basis": basis})
    welcome = person.get()
    notice = person.open(welcome.links()["All of this at more length"])

    for page in (welcome, notice):
        assert said in page.words
    for heading in ("Who is responsible", "What is stored", "Until the questionnaire closes", "Your rights"):
        assert heading in notice.words
    assert "your role, meetings you attended, sector" in notice.words.lower().replace(" and ", ", ").replace(",,", ",")
