"""Opening, reminding and closing, by staff in the browser and on the command line."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from typing import Any

import pytest
from click.testing import CliRunner
from click.testing import Result
from flask import Flask
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy import update

from mande import clock
from mande import db
from mande import startup
from mande.events.models import Event
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from mande.surveys import panel
from mande.surveys.answering import responding
from mande.surveys.commands import survey as command
from mande.surveys.importing import operations as importing
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.questionnaires import definition
from tests import builders

AFTERWARDS = datetime(2021, 6, 10, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def a_day_after(app: Flask) -> Iterator[None]:
    clock.move_to(AFTERWARDS)
    yield
    clock.move_to(None)


@pytest.fixture
def event(app: Flask) -> Event:
    with db.transaction() as session:
        return builders.make_event(session, participants=6, speakers=2)


def _sign_in(client: FlaskClient, role: StaffRole = StaffRole.MANAGER) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=role))


def _post(client: FlaskClient, what: str, **values: str) -> Any:
    return client.post(f"/staff/events/WP1873v/surveys/{what}", data={"csrf_token": builders.csrf(client), **values})


def _all(model: type) -> list[Any]:
    with db.reading() as session:
        return list(session.scalars(select(model)))


def _answer(how_many: int) -> None:
    with db.transaction() as session:
        for invitation in list(session.scalars(select(Invitation)))[:how_many]:
            visit = responding.visit(session, builders.token_of(invitation))
            assert visit is not None
            responding.submit(session, visit)


def _panel(event: Event) -> str:
    with db.reading() as session, current_app.test_request_context("/staff/"):
        return " ".join(panel.render(session, event).split())


def test_a_manager_opens_the_surveys_of_an_event(client: FlaskClient, event: Event) -> None:
    _sign_in(client)

    answer = _post(client, "open", closes="2021-06-30")

    assert answer.status_code == 303
    assert answer.location.endswith("/staff/events/WP1873v#surveys")
    assert {survey.state for survey in _all(Survey)} == {SurveyState.OPEN}
    # The end of the day in London.
    assert {survey.closes_at for survey in _all(Survey)} == {datetime(2021, 6, 30, 22, 59, tzinfo=UTC)}
    [entry] = [entry for entry in _all(AuditEntry) if entry.action == "surveys opened"]
    assert entry.actor == "manager@example.org"


@pytest.mark.parametrize("closes", ["nonsense", "2020-01-01"])
def test_a_wrong_closing_date_is_explained_and_opens_nothing(client: FlaskClient, event: Event, closes: str) -> None:
    _sign_in(client)

    assert _post(client, "open", closes=closes).status_code == 303

    with client.session_transaction(path="/staff/") as kept:
        [(category, said)] = kept["_flashes"]
    assert category == "warning"
    assert "date" in said
    assert _all(Survey) == []


def test_an_event_that_is_not_over_needs_a_tick(client: FlaskClient, event: Event) -> None:
    clock.move_to(datetime(2021, 6, 8, tzinfo=UTC))
    _sign_in(client)

    _post(client, "open", closes="2021-06-30")
    assert _all(Survey) == []
    _post(client, "open", closes="2021-06-30", early="y")
    assert len(_all(Survey)) == 2


@pytest.mark.parametrize("what", ["open", "remind", "close"])
def test_a_viewer_may_change_nothing(client: FlaskClient, event: Event, what: str) -> None:
    _sign_in(client, StaffRole.VIEWER)

    assert _post(client, what).status_code == 403
    assert _all(Survey) == []


@pytest.mark.parametrize("what", ["open", "remind", "close"])
def test_whoever_is_not_signed_in_is_sent_to_sign_in(client: FlaskClient, event: Event, what: str) -> None:
    answer = _post(client, what)

    assert answer.status_code in (302, 303)
    assert "/staff/sign-in" in answer.location


@pytest.mark.parametrize("what", ["open", "remind", "close"])
def test_a_post_without_the_token_of_its_form_is_refused(client: FlaskClient, event: Event, what: str) -> None:
    _sign_in(client)

    assert client.post(f"/staff/events/WP1873v/surveys/{what}").status_code != 303
    assert _all(Survey) == []


@pytest.mark.parametrize("what", ["open", "remind", "close"])
def test_an_unknown_event_is_not_found(client: FlaskClient, event: Event, what: str) -> None:
    _sign_in(client)

    answer = client.post(f"/staff/events/WP9/surveys/{what}", data={"csrf_token": builders.csrf(client)})

    assert answer.status_code == 404


def test_looking_at_what_closing_means_closes_nothing(client: FlaskClient, event: Event) -> None:
    _sign_in(client)
    _post(client, "open")

    page = client.get("/staff/events/WP1873v/surveys/close")

    assert page.status_code == 200
    assert "This is final" in page.text
    assert "fewer than 5 have answered" in page.text
    assert {survey.state for survey in _all(Survey)} == {SurveyState.OPEN}


def test_a_manager_closes_the_surveys_for_good(client: FlaskClient, event: Event) -> None:
    _sign_in(client)
    _post(client, "open")
    _answer(8)

    assert _post(client, "close").status_code == 303

    assert {(survey.state, survey.answered == survey.invited) for survey in _all(Survey)} == {
        (SurveyState.CLOSED, True)
    }
    assert "No questionnaire of this event is open" in client.get("/staff/events/WP1873v/surveys/close").text


def test_a_manager_reminds_at_once(client: FlaskClient, event: Event) -> None:
    _sign_in(client)
    _post(client, "open")
    with db.transaction() as session:
        session.execute(update(Message).values(state=MessageState.SENT, text=None, html=None))
    clock.move_to(datetime(2021, 6, 14, 9, tzinfo=UTC))

    assert _post(client, "remind").status_code == 303

    assert len([message for message in _all(Message) if message.kind is MessageKind.REMINDER]) == 8


def test_the_panel_counts_answers_by_role_and_names_nobody(client: FlaskClient, event: Event) -> None:
    _sign_in(client)
    _post(client, "open")
    _answer(1)

    shown = _panel(event)

    assert "6" in shown
    assert "1 of 2" in shown or "1 of 6" in shown
    assert "example.org" not in shown
    assert "Participant 1" not in shown


def test_the_panel_offers_nothing_to_somebody_who_may_not(app: Flask, event: Event) -> None:
    assert "<form" not in _panel(event)
    assert "6 people to ask" in _panel(event)


def test_the_panel_says_what_a_small_survey_keeps(client: FlaskClient, event: Event) -> None:
    _sign_in(client)
    _post(client, "open")
    _answer(2)
    _post(client, "close")

    assert _panel(event).count("fewer than 5: only the rate is kept") == 2


def test_the_panel_of_an_event_without_people_says_what_to_do(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session)

    assert "import the list of attendees" in _panel(event)


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `mande survey ...` on this test's application."""
    monkeypatch.setattr(startup, "ready_app", lambda _settings=None: app)

    def invoke(*words: str, answer: str = "") -> Result:
        return CliRunner().invoke(command, list(words), input=answer)

    return invoke


def test_the_command_opens_lists_reminds_and_closes(run: Any, event: Event) -> None:
    opened = run("open", "wp1873v", "--closes", "2021-06-30")
    assert opened.exit_code == 0, opened.output
    assert "participant      6 invited" in opened.output
    assert "Open until 30 June 2021, 23:59 BST" in opened.output
    _answer(8)
    assert "open         6 of 6 answered (100%), until 30 June 2021" in run("list", "WP1873v").output
    assert "0 reminders" in run("remind", "WP1873v").output

    closed = run("close", "WP1873v", "--yes")

    assert "participant  6 of 6 answered" in closed.output
    assert "speaker      2 of 2 answered; fewer than 5, so only the rate is kept" in closed.output
    assert {survey.state for survey in _all(Survey)} == {SurveyState.CLOSED}
    assert {entry.actor for entry in _all(AuditEntry)} != {"the program"}


def test_the_command_asks_before_it_closes(run: Any, event: Event) -> None:
    run("open", "WP1873v")

    refused = run("close", "WP1873v", answer="n\n")

    assert refused.exit_code == 1
    assert "final" in refused.output
    assert {survey.state for survey in _all(Survey)} == {SurveyState.OPEN}
    assert run("close", "WP1873v", "--role", "speaker", answer="y\n").exit_code == 0
    assert {survey.role.value: survey.state.value for survey in _all(Survey)} == {
        "participant": "open", "speaker": "closed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["open", "WP9"], "There is no event"),
        (["open", "WP1873v", "--role", "partner"], "has no partners"),
        (["close", "WP1873v"], "No survey of WP1873v is open"),
        (["remind", "WP9"], "There is no event"),
    ],
)
def test_the_command_says_in_a_sentence_what_is_wrong(run: Any, event: Event, words: list[str], said: str) -> None:
    failed = run(*words)

    assert failed.exit_code == 1
    assert said in failed.output
    assert "Traceback" not in failed.output


@pytest.fixture
def imported(event: Event) -> Event:
    """The event with answers of participants that were gathered elsewhere, to an earlier wording."""
    asked = definition.find("participants")
    earlier = replace(asked, title={**asked.title, "en": "As it was called before"})
    with db.transaction() as session:
        importing.store(session, session.merge(event), earlier, [{"usefulness": "4"}] * 5, invited=6)
    return event


IMPORTED = (
    "Answers to participants (5 of them) have been imported into WP1873v. What is counted cannot be added to, so "
    "nobody was invited. To ask all the same, ask the other roles alone: mande survey open WP1873v --role speaker."
)


def test_the_command_does_not_ask_those_whose_answers_were_imported_and_says_so(run: Any, imported: Event) -> None:
    failed = run("open", "WP1873v")

    assert failed.exit_code == 1
    assert " ".join(failed.output.split()) == f"Error: {IMPORTED}"
    assert (len(_all(Survey)), _all(Invitation), _all(Message)) == (1, [], [])
    assert "ask in another event" in run("open", "WP1873v", "--role", "participant").output
    assert run("open", "WP1873v", "--role", "speaker").exit_code == 0
    assert run("open", "WP1873v").exit_code == 1
    assert len(_all(Invitation)) == 2


def test_the_button_does_not_ask_those_whose_answers_were_imported_and_says_so(
    client: FlaskClient, imported: Event
) -> None:
    _sign_in(client)

    assert _post(client, "open").status_code == 303

    with client.session_transaction(path="/staff/") as kept:
        assert kept["_flashes"] == [("warning", IMPORTED)]
    assert (len(_all(Survey)), _all(Invitation)) == (1, [])


@pytest.mark.parametrize("name", ["open", "list", "remind", "close"])
def test_every_command_explains_itself(run: Any, name: str) -> None:
    helped = run(name, "--help")

    assert helped.exit_code == 0
    assert "EVENT" in helped.output
