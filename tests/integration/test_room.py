"""Cards and codes in the room: each opens its owner's questionnaire once, and nothing for whoever made it."""

import io
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import clock
from mande import db
from mande import logs
from mande import tokens
from mande.events.models import Event
from mande.events.models import Person
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from mande.surveys import operations as surveys
from mande.surveys.answering import responding
from mande.surveys.mailings import inviting
from mande.surveys.models import Invitation
from mande.surveys.room import codes
from tests import builders

AFTERWARDS = datetime(2021, 6, 10, 9, tzinfo=UTC)
ROOM = "/staff/events/WP1873v/room"


@pytest.fixture(autouse=True)
def a_day_after(app: Flask) -> Iterator[None]:
    clock.move_to(AFTERWARDS)
    yield
    clock.move_to(None)


@pytest.fixture
def links(app: Flask) -> list[str]:
    """The tokens of three people's links."""
    with db.transaction() as session:
        return builders.open_survey(session, builders.make_event(session, participants=3))


def _event(session: Any) -> Event:
    return session.scalars(select(Event)).one()


def _codes() -> list[str]:
    """The codes of those who have not answered, by name."""
    with db.transaction() as session:
        waiting = codes.waiting(session, _event(session))
        given = codes.give(session, waiting)
        return [given[one.id] for one in waiting]


def _invitation(token: str) -> Invitation | None:
    with db.reading() as session:
        return session.scalars(select(Invitation).where(Invitation.token_digest == tokens.digest(token))).one_or_none()


def _use(client: FlaskClient, code: str) -> Any:
    return client.post(f"/c/{code}")


def test_a_card_is_the_same_each_time_and_only_its_digest_is_stored(links: list[str]) -> None:
    first = _codes()

    assert first == _codes()
    assert len({*first, *links}) == 6
    with db.reading() as session:
        stored = session.scalars(select(Invitation.card_digest)).all()
    assert {bytes(digest) for digest in stored if digest} == {tokens.digest(code) for code in first}


def test_looking_changes_nothing_and_using_leads_to_a_new_link(client: FlaskClient, links: list[str]) -> None:
    code = _codes()[0]
    for looks in (client.get(f"/c/{code}"), client.get("/c/nonsense"), client.head(f"/c/{code}")):
        assert (looks.status_code, looks.headers.get("Set-Cookie")) == (200, None)
        assert looks.headers["Cache-Control"] == "no-store"
    assert _invitation(links[0]) is not None

    used = _use(client, f"{code[:13].upper()} {code[13:]}")

    assert (used.status_code, used.headers.get("Set-Cookie")) == (303, None)
    token = used.headers["Location"].rpartition("/r/")[2]
    assert token not in (*links, code)
    assert _invitation(token) is not None
    assert client.get(f"/r/{token}").status_code == 200
    assert client.get(f"/r/{links[0]}").status_code == 404
    assert _use(client, code).status_code == 404


def test_the_link_that_was_mailed_before_is_sent_anew_and_what_waits_carries_the_new_one(
    client: FlaskClient, links: list[str]
) -> None:
    with db.transaction() as session:
        sent, waiting, _other = session.scalars(
            select(Message).join(Invitation, Invitation.id == Message.about).join(Invitation.attendance)
            .join(Person).order_by(Person.name)
        )  # fmt: skip
        sent.state = MessageState.SENT
        for name in ("text", "html", "link_path", "link_subject", "link_nonce", "link_key", "stop_path"):
            setattr(sent, name, None)
        kept = {sent.id: sent.message_id, waiting.id: waiting.message_id}

    new = [_use(client, code).headers["Location"].rpartition("/r/")[2] for code in _codes()[:2]]

    with db.reading() as session:
        messages = {id: session.get(Message, id) for id in kept}
        for (id, message_id), token in zip(kept.items(), new, strict=True):
            message = messages[id]
            assert message is not None
            assert (message.state, message.message_id) == (MessageState.QUEUED, message_id)
            invitation = _invitation(token)
            assert invitation is not None
            assert (message.link_subject, message.link_nonce) == (invitation.id, invitation.nonce)


def test_a_code_ends_no_link_by_which_somebody_has_begun(client: FlaskClient, links: list[str]) -> None:
    code = _codes()[0]
    client.post(f"/r/{links[0]}/start", data={"route": "full"})

    refused = _use(client, code)

    assert refused.status_code == 409
    assert "go on by that link" in refused.text
    assert client.get(f"/r/{links[0]}").status_code == 200


def test_closing_ends_the_codes_too(client: FlaskClient, links: list[str]) -> None:
    code = _codes()[0]
    with db.transaction() as session:
        surveys.close_surveys(session, _event(session), actor="a test")

    assert _use(client, code).status_code == 404
    with db.reading() as session:
        assert session.scalars(select(Invitation.card_digest)).all() == [None] * 3


def test_the_cards_name_nobody_who_must_not_be_exposed(client: FlaskClient, links: list[str]) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
        session.scalars(select(Person).where(Person.name == "Participant 2")).one().discreet = True

    page = client.get(ROOM)
    made = client.post(f"{ROOM}/cards.pdf", data={"csrf_token": builders.csrf(client)})

    assert "Make 2 cards" in page.text
    assert "1 person who must not be exposed has no card" in page.text
    words = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(made.data)).pages)
    assert [name in words for name in ("Participant 1", "Participant 2", "Participant 3")] == [True, False, True]
    assert all(code in words.replace("\n", "") for code in (_codes()[0], _codes()[2]))
    with db.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all()[-1] == "cards made"


def test_at_the_door_somebody_is_looked_up_and_shown_their_code(client: FlaskClient, links: list[str]) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
    found = client.get(f"{ROOM}?text=PARTICIPANT+3")
    assert ("Participant 3" in found.text, "Participant 1" in found.text) == (True, False)
    with db.reading() as session:
        wanted = codes.waiting(session, _event(session))[2]

    shown = client.post(f"{ROOM}/{wanted.id}", data={"csrf_token": builders.csrf(client)})

    assert _codes()[2] in shown.text
    assert "svg" in unquote(shown.text)
    assert client.post(f"{ROOM}/{wanted.survey_id}", data={"csrf_token": builders.csrf(client)}).status_code == 404


def test_the_room_is_for_those_who_may_take_answers_down(client: FlaskClient, links: list[str]) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.VIEWER))

    assert client.get(ROOM).status_code == 403
    assert client.post(f"{ROOM}/cards.pdf", data={"csrf_token": builders.csrf(client)}).status_code == 403


def test_a_code_reaches_no_log() -> None:
    assert logs.redact("GET /c/abcdefghijklmnopqrstuvwxy2 and /c/short?lang=fr") == (
        "GET /c/[redacted] and /c/[redacted]?lang=fr"
    )


def test_an_answer_by_a_card_takes_back_the_invitation_that_waits(client: FlaskClient, links: list[str]) -> None:
    token = _use(client, _codes()[0]).headers["Location"].rpartition("/r/")[2]
    with db.transaction() as session:
        visit = responding.visit(session, token, whole=True)
        assert visit is not None
        responding.save(session, visit, {"rating_overall": "5"}, ())
        responding.submit(session, visit)

    with db.reading() as session:
        invitation = _invitation(token)
        assert invitation is not None
        of_it = select(Message.state).where(Message.about == invitation.id, Message.kind == MessageKind.INVITATION)
        assert (invitation.answered, session.scalars(of_it).one()) == (True, MessageState.CANCELLED)


def test_opened_early_for_the_room_the_e_mails_wait_until_the_event_is_over(client: FlaskClient) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=2)
        ends_at = max(meeting.ends_at for meeting in event.meetings)
        builders.sign_in(client, builders.make_staff(session))
    clock.move_to(ends_at - timedelta(hours=1))
    told = {"csrf_token": builders.csrf(client), "closes": "2021-06-30"}

    client.post("/staff/events/WP1873v/surveys/open", data=told)
    with db.reading() as session:
        assert session.scalars(select(Message)).all() == []
    client.post("/staff/events/WP1873v/surveys/open", data={**told, "early": "room"})

    with db.reading() as session:
        assert {message.due_at for message in session.scalars(select(Message))} == {ends_at}
    assert len(_codes()) == 2
    inviting.run()
    with db.reading() as session:
        assert {message.due_at for message in session.scalars(select(Message))} == {ends_at}
