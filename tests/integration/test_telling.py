"""Telling people of a published edition: partners' readers by their link, those who took part by an open address."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import clock
from mande import db
from mande.events.models import Event
from mande.events.models import Person
from mande.events.operations import find
from mande.mail import rewriting
from mande.mail import sending
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.partners import readers
from mande.reports.partners.readers import Wanted
from mande.reports.telling import telling
from mande.surveys.models import Invitation
from tests import builders
from tests.integration import published
from tests.smtp import StubServer


@pytest.fixture
def staff(mailing_app: Flask, smtp: StubServer) -> FlaskClient:
    """Somebody of the team, after an event of six to whom the questionnaire was sent."""
    client = mailing_app.test_client()
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
        builders.open_survey(session, builders.make_event(session, participants=6))
    sending.send_due()
    return client


def told(kind: MessageKind) -> dict[str, Message]:
    with db.reading() as session:
        return {message.to_name: message for message in session.scalars(select(Message).where(Message.kind == kind))}


def put(kind: EditionKind, number: int = 1) -> str:
    """Publishes an edition, and returns the address of the page from which people are told."""
    with db.transaction() as session:
        edition = published.put(session, find(session, "WP1873v"), kind, number)
        return f"/staff/events/WP1873v/editions/{edition.id}/tell"


def is_untold(page: str) -> bool:
    """Whether the page of an event's reports says that people are to be told of the edition."""
    with db.reading() as session:
        return telling.is_untold(session, session.get_one(Edition, UUID(page.split("/")[-2])))


def press(client: FlaskClient, page: str) -> str:
    return client.post(page, data={"csrf_token": builders.csrf(client)}, follow_redirects=True).text


def test_readers_of_the_events_partners_are_told_once_of_each_edition(staff: FlaskClient) -> None:
    with db.transaction() as session:
        event = find(session, "WP1873v")
        nora = readers.add(session, event.partners[0], Wanted("Nora Reader", "nora@example.org", "fr"))
        gone = readers.add(session, event.partners[0], Wanted("Gone Reader", "gone@example.org"))
        gone.revoked_at = clock.now()
        other = builders.make_partner(session, "Another Ministry")
        readers.add(session, other, Wanted("Other Reader", "other@example.org"))
    page = put(EditionKind.PARTNER)

    assert is_untold(page)
    assert "Tell 1 person" in staff.get(page).text
    assert "1 message is on its way." in press(staff, page)
    assert not is_untold(page)
    assert not is_untold(put(EditionKind.PUBLIC)), "nobody is told of what is for everybody"
    assert "0 messages" in press(staff, page)
    assert "Everybody has been told." in staff.get(page).text
    (message,) = told(MessageKind.EDITION).values()
    assert (message.to_name, message.language, message.link_path) == ("Nora Reader", "fr", "/p/[[token]]")
    assert "diplomacy" in (message.text or "")
    assert "1 message is on its way." in press(staff, put(EditionKind.SUMMARY)), "another edition, another message"

    with db.transaction() as session:
        session.scalars(select(Event)).one().discreet = True
        row = session.get_one(Message, message.id)
        row.state = MessageState.BOUNCED
        assert rewriting.rewrite(session, row)
        assert "diplomacy" not in f"{row.subject} {row.text}", "the event must not be exposed by now"
        nora.revoked_at = clock.now()
        session.merge(nora)
        assert not rewriting.rewrite(session, row), "who may not read any more is told of nothing"


def test_those_whom_the_questionnaire_reached_are_told_what_all_said_together(staff: FlaskClient) -> None:
    with db.transaction() as session:
        first, second, *_others, third = session.scalars(select(Person).order_by(Person.name)).all()
        first.discreet = True
        third.language = "fr"
        quiet = select(Invitation).join(Invitation.attendance).where(Invitation.attendance.has(person_id=second.id))
        session.scalars(quiet).one().stopped = True
    page = put(EditionKind.RESPONDENTS)

    asked = staff.get(page).text
    assert "Tell 4 people" in asked
    assert "1</b>person must not be exposed" in asked
    assert "4 messages are on their way." in press(staff, page)
    assert "0 messages" in press(staff, page)
    letters = told(MessageKind.FEEDBACK)
    assert not {first.name, second.name} & set(letters)
    with db.reading() as session:
        edition = session.scalars(select(Edition)).one()
    assert all(f"/e/{edition.id}" in (letter.text or "") for letter in letters.values())
    assert {letter.link_path for letter in letters.values()} == {None}, "the same address for everybody"
    assert letters[third.name].language == "fr"
    assert "It is a new edition" in staff.get(put(EditionKind.RESPONDENTS, 2)).text

    with db.transaction() as session:
        session.scalars(select(Event)).one().discreet = True
    assert "must not be exposed" in staff.get(page).text
    assert "written for partners or" in staff.get(put(EditionKind.INTERNAL)).text
