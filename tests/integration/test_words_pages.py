"""The pages on which staff put messages into their own words, and what goes out then."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as listening
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import clock
from mande import create_app
from mande import db
from mande.config import Settings
from mande.events.kinds import RuleKind
from mande.events.models import Event
from mande.events.models import Person
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import Template
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from tests import builders
from tests.conftest import FreshClient
from tests.integration.respondents import SAMPLE
from tests.smtp import StubServer

EVENT, HOUSE = "/staff/events/WP1873v/messages", "/staff/messages"
WORDS = {"subject": "Three questions about {event}", "text": "Dear {name},\n\n{link: Go to them}\n\n{promise}"}


@pytest.fixture
def app(settings: Settings, smtp: StubServer) -> Iterator[Flask]:
    app = create_app(replace(settings, mail=smtp.settings()))
    app.testing, app.test_client_class = True, FreshClient
    with app.app_context():
        yield app
    clock.move_to(None)
    app.extensions["mande.db"].engine.dispose()


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    """A manager, and an event of three participants of whom the second reads French."""
    client = app.test_client()
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
        builders.make_event(session, participants=3)
        session.scalars(select(Person).where(Person.name == "Participant 2")).one().language = "fr"
    return client


def post(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data={**fields, "csrf_token": builders.csrf(client)})


def saved() -> list[tuple[str, str, str]]:
    with db.reading() as session:
        return [(one.kind, one.language, one.subject) for one in session.scalars(select(Template))]


def person_id(name: str) -> str:
    with db.reading() as session:
        return str(session.scalars(select(Person.id).where(Person.name == name)).one())


def invited() -> dict[str, tuple[str, str]]:
    """Opens the surveys: subject and text by name."""
    with db.transaction() as session:
        builders.open_survey(session, session.scalars(select(Event)).one())
        return {one.to_name: (one.subject, one.text or "") for one in session.scalars(select(Message))}


def test_own_words_go_out_in_their_language_and_ours_in_every_other_until_staff_go_back(manager: FlaskClient) -> None:
    address = f"{EVENT}/words/invitation/en"
    assert "{opening}" in manager.get(address).text

    answer = post(manager, address, **WORDS)
    assert answer.location == f"{EVENT}/preview?kind=invitation&language=en"
    assert saved() == [("invitation", "en", WORDS["subject"])]
    assert "your own" in manager.get(f"{EVENT}/words").text
    assert "Words of your own, changed by manager@example.org" in manager.get(address).text

    sent = invited()
    title = "The future of international diplomacy in an online world"
    assert sent["Participant 1"][0] == f"Three questions about {title}"
    assert sent["Participant 1"][1].startswith(
        "Dear Participant 1,\n\nGo to them\n[[link]]\n\nYour answers are anonymous."
    )
    assert "Bonjour Participant 2" in sent["Participant 2"][1]
    assert "Go to them" not in sent["Participant 2"][1]

    post(manager, f"{address}/remove")
    assert saved() == []
    with db.reading() as session:
        done = session.execute(select(AuditEntry.action, AuditEntry.subject, AuditEntry.detail)).all()
    told = {"message": "invitation", "language": "en"}
    assert ("words of a message changed", "WP1873v", told) in done
    assert ("own words of a message removed", "WP1873v", told) in done


def test_words_for_all_events_hold_where_an_event_has_none_of_its_own(manager: FlaskClient) -> None:
    post(manager, f"{HOUSE}/words/invitation/en", **{**WORDS, "subject": "Of the house"})
    assert 'value="Of the house"' in manager.get(f"{EVENT}/words/invitation/en").text
    assert "of all events" in manager.get(f"{EVENT}/words").text
    assert "Of the house" in manager.get(f"{EVENT}/preview?language=en").text

    post(manager, f"{EVENT}/words/invitation/en", **{**WORDS, "subject": "Of the event"})

    assert "Of the event" in manager.get(f"{EVENT}/preview?language=en").text
    assert "Of the house" in manager.get(f"{HOUSE}/preview?language=en").text
    assert invited()["Participant 1"][0] == "Of the event"


def test_the_words_are_looked_up_once_however_many_messages_are_written(manager: FlaskClient) -> None:
    post(manager, f"{EVENT}/words/invitation/en", **WORDS)
    asked: list[str] = []
    engine = db.database().engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.extend([statement] * ("FROM message_template" in statement))

    listening.listen(engine, "before_cursor_execute", note)
    try:
        assert len(invited()) == 3
    finally:
        listening.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 1


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(manager: FlaskClient) -> None:
    answer = post(manager, f"{EVENT}/words/invitation/en", subject="", text="Dear {nmae},\n<b>{link: Go}")

    assert answer.status_code == 422
    for said in (
        "Write a subject", "Line 1: {nmae} stands for nothing here. Did you mean {name}?", "Line 2: The link stands",
        "Dear {nmae},\n&lt;b&gt;{link: Go}</textarea>", "<title>Error:", 'aria-describedby="text-hint text-error"',
        'aria-describedby=" subject-error"',
    ):  # fmt: skip
        assert said in answer.text, said
    assert saved() == []


def test_a_discreet_message_may_not_say_what_would_give_the_event_away(manager: FlaskClient) -> None:
    text = {"subject": "Hello", "text": "About wp1873V\n\n{link: Go}"}
    for address in (EVENT, HOUSE):
        answer = post(manager, f"{address}/words/invitation_discreet/en", **text)
        assert (answer.status_code, "may not say “wp1873v”" in answer.text) == (422, True)
        named = post(manager, f"{address}/words/invitation_discreet/en", subject="{event}", text="{link: Go}")
        assert "{event} stands for nothing here" in named.text

    assert (
        post(manager, f"{EVENT}/words/invitation_discreet/en", **{**text, "text": "Hello\n{link: Go}"}).status_code
        == 303
    )


def test_words_can_be_seen_before_they_are_saved(manager: FlaskClient) -> None:
    answer = post(manager, f"{EVENT}/words/invitation/en", **WORDS, do="look")

    assert "As it would be, not saved yet" in answer.text
    assert "Dear Amina Example,\n\nGo to them\nhttp" in answer.text
    assert saved() == []


def test_whoever_saves_over_what_somebody_else_saved_meanwhile_is_told_first(manager: FlaskClient) -> None:
    address = f"{EVENT}/words/invitation/en"
    post(manager, address, **WORDS)

    answer = post(manager, address, subject="Mine", text="{link: Go}", seen="")
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    assert saved() == [("invitation", "en", WORDS["subject"])]

    seen = answer.text.partition('name="seen" value="')[2].partition('"')[0]
    assert post(manager, address, subject="Mine", text="{link: Go}", seen=seen).status_code == 303
    assert saved() == [("invitation", "en", "Mine")]


def test_a_message_is_shown_as_a_chosen_person_would_read_it_with_a_link_that_leads_nowhere(
    manager: FlaskClient,
) -> None:
    french = f"kind=reminder&person={person_id('Participant 2')}"
    page, body = manager.get(f"{EVENT}/preview?{french}"), manager.get(f"{EVENT}/preview/body?{french}")

    assert "Rappel" in page.text
    assert "Bonjour Participant 2" in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert f'src="{EVENT}/preview/body?{french}"'.replace("&", "&amp;") in page.text
    assert "Bonjour Participant 2" in body.text
    assert "href" not in body.text
    assert "sandbox" in body.headers["Content-Security-Policy"]
    assert body.headers["X-Frame-Options"] == "SAMEORIGIN"
    for wrong in ("kind=nothing", "language=xx", f"person={uuid4()}", "person=me"):
        assert manager.get(f"{EVENT}/preview?{wrong}").status_code == 404, wrong
    assert manager.get(f"{HOUSE}/preview?kind=check_in").status_code == 200


def test_a_person_is_shown_the_language_that_they_would_get(manager: FlaskClient) -> None:
    with db.transaction() as session:
        builders.open_survey(session, session.scalars(select(Event)).one(), SAMPLE.with_name("every_way.yaml"))
    theirs = f"kind=invitation&person={person_id('Participant 2')}"

    # The questionnaire is not in French, and so neither is what they are sent about it; a check-in may be.
    assert "Dear Participant 2" in manager.get(f"{EVENT}/preview?{theirs}").text
    assert "Bonjour" in manager.get(f"{EVENT}/preview?{theirs.replace('invitation', 'check_in')}").text


def test_the_timeline_leads_to_the_preview_of_what_goes_out(manager: FlaskClient) -> None:
    with db.transaction() as session:
        event = session.scalars(select(Event)).one()
        kinds = {rule.kind for rule in event.rules}
    page = manager.get(EVENT).text

    assert kinds == {RuleKind.REMINDER}
    assert f"{EVENT}/preview?kind=reminder" in page
    assert f"{EVENT}/preview?kind=reminder_followup" in page
    assert manager.get(f"{EVENT}/preview?kind=reminder_followup").status_code == 200


def test_whoever_must_not_be_exposed_is_shown_what_they_would_be_sent(manager: FlaskClient) -> None:
    with db.transaction() as session:
        session.scalars(select(Person).where(Person.name == "Participant 1")).one().discreet = True
    page = manager.get(f"{EVENT}/preview?kind=last_call_followup&person={person_id('Participant 1')}").text
    letter = page.partition('<article class="card letter"')[2].partition("</article>")[0]

    assert "This person must not be exposed" in page
    assert "Last call: a short request" in letter
    assert "Secretariat" in letter
    assert "diplomacy" not in letter


def test_a_test_message_comes_to_oneself_and_is_counted_nowhere(manager: FlaskClient, smtp: StubServer) -> None:
    answer = post(manager, f"{EVENT}/preview", kind="invitation", person=person_id("Participant 2"))

    assert "A test message is on its way to manager@example.org." in manager.get(answer.location).text
    (letter,) = smtp.accepted
    assert smtp.recipients == ["manager@example.org"]
    assert letter["Subject"].startswith("Test: ")
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = next(line for line in text.splitlines() if "/r/" in line)
    opened = manager.get(link[link.index("/r/") :])
    assert opened.status_code == 404
    assert "This link opens no questionnaire" in opened.text
    with db.reading() as session:
        assert outbox.states(session) == {}
        assert session.scalars(select(AuditEntry.action)).all() == ["test message sent"]


def test_a_test_message_that_is_not_taken_says_why(manager: FlaskClient, smtp: StubServer) -> None:
    smtp.refuse("manager@example.org", "550 5.1.1 No such user")

    answer = post(manager, f"{EVENT}/preview", kind="thank_you")
    assert "It could not be sent: " in (page := manager.get(answer.location).text)
    assert "No such user" in page


def test_who_may_only_look_changes_and_sends_nothing(app: Flask, manager: FlaskClient, smtp: StubServer) -> None:
    viewer = app.test_client()
    with db.transaction() as session:
        builders.sign_in(viewer, builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER))

    for address in (EVENT, HOUSE):
        assert viewer.get(f"{address}/words").status_code == 200
        assert "Send a test message" not in viewer.get(f"{address}/preview").text
        for path in ("words/invitation/en", "words/invitation/en/remove", "preview"):
            assert post(viewer, f"{address}/{path}", **WORDS).status_code == 403, path
    assert saved() == []
    assert smtp.accepted == []
