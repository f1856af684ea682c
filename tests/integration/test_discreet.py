"""People at risk: what they are sent says nothing, their links end early, and what they answered counts as ever."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from mande import clock
from mande import db
from mande.events import marking
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.events.records import people
from mande.followup import clockwork
from mande.followup import links
from mande.followup import operations
from mande.followup.models import FollowupLink
from mande.followup.operations import Intention
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.surveys import operations as surveys
from mande.surveys import reminding
from mande.surveys.desk import taking
from mande.surveys.models import BallotBox
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from tests import builders
from tests.integration.respondents import EVERY_ANSWER
from tests.integration.respondents import SAMPLE
from tests.integration.respondents import Page
from tests.integration.respondents import Respondent

OPENED = datetime(2021, 6, 10, 10, tzinfo=UTC)  # a Thursday
WEEK = timedelta(days=7)
TITLE = "The future of international diplomacy"
NAMING = (TITLE, "WP1873v", "Wilton Park", "Robin Example", "Ministry of Foreign Affairs")


@dataclass
class Risk:
    """Somebody discreet among others who were asked at an event."""

    client: FlaskClient
    token: str
    invitation_id: UUID
    attendance_id: UUID

    @property
    def invitation(self) -> Invitation:
        with db.reading() as session:
            return session.get_one(Invitation, self.invitation_id)

    @property
    def link(self) -> FollowupLink:
        with db.reading() as session:
            return session.scalars(
                select(FollowupLink)
                .join(Attendance, links.of_attendance(Attendance))
                .where(Attendance.id == self.attendance_id)
            ).one()

    @property
    def respondent(self) -> Respondent:
        return Respondent(self.client, self.token)

    def messages(self, **conditions: Any) -> list[Message]:
        with db.reading() as session:
            return list(session.scalars(select(Message).filter_by(about=self.invitation_id, **conditions)))


@pytest.fixture
def risk(app: Flask, client: FlaskClient) -> Iterator[Risk]:
    clock.move_to(OPENED)
    with db.transaction() as session:
        event = builders.make_event(session, participants=6, title=TITLE)
        person = builders.make_person(session, "Ada At Risk", discreet=True)
        attendance = builders.attend(session, event, person)
        builders.open_survey(session, event, SAMPLE)
        invitation = session.scalars(select(Invitation).filter_by(attendance_id=attendance.id)).one()
        risk = Risk(client, builders.token_of(invitation), invitation.id, attendance.id)
    yield risk
    clock.move_to(None)


def mark(discreet: bool) -> None:
    """As the form of a person does."""
    with db.transaction() as session:
        person = session.scalars(select(Person).filter_by(name="Ada At Risk")).one()
        people.change(session, person, {"discreet": discreet})


def sent(kind: MessageKind = MessageKind.INVITATION) -> None:
    with db.transaction() as session:
        values = {**outbox.WIPED, "state": MessageState.SENT, "sent_at": clock.now()}
        session.execute(update(Message).where(Message.kind == kind).values(**values))


def is_neutral(message: Message) -> bool:
    words = f"{message.subject} {message.text} {message.html} {message.reply_to_name}"
    return message.sender_name == "Secretariat" and not any(name in words for name in NAMING)


def test_a_discreet_persons_link_ends_a_week_after_their_message_and_each_reminder_gives_another(risk: Risk) -> None:
    (invitation,) = risk.messages()
    assert is_neutral(invitation)
    assert risk.invitation.expires_at == invitation.due_at + WEEK
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Invitation.expires_at.is_(None))) == 6
        assert not any(map(is_neutral, session.scalars(select(Message).where(Message.about != risk.invitation_id))))

    sent()
    clock.move_to(OPENED + timedelta(days=6))
    with db.transaction() as session:
        reminding.remind(session, session.scalars(select(Event)).one())

    (reminder,) = risk.messages(kind=MessageKind.REMINDER)
    assert is_neutral(reminder)
    assert reminder.in_reply_to == invitation.message_id
    assert risk.invitation.expires_at == reminder.due_at + WEEK
    clock.move_to(OPENED + timedelta(days=8))
    assert risk.respondent.get().status == 200


def test_a_link_that_has_ended_shows_nothing_and_gives_back_what_was_typed(risk: Risk) -> None:
    person = risk.respondent
    person.start()
    page = person.get("/section/1")
    person.fill(page, {"in_a_word": "My secret"})
    clock.move_to(OPENED + WEEK + timedelta(minutes=10))

    for path in ("", "/notice", "/section/1", "/check", "/answers", "/done", "/withdraw", "/actions"):
        shown = Page(risk.client.get(person.address(path)))
        assert (shown.status, shown.title) == (410, "This link has ended")
        assert not [name for name in (*NAMING, "Ada", "My secret") if name in shown.source]
    for path, fields in (("/section/1", {"q-errors": "Typed too late"}), ("/submit", {}), ("/withdraw", {})):
        told = Page(risk.client.post(person.address(path), data=fields))
        assert told.status == 410
        assert all(value in told.words for value in fields.values())
    draft = risk.client.post(person.address("/section/1"), data={"then": "draft"})
    assert (draft.status_code, list(draft.get_json())) == (410, ["said"])
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(BallotBox)) == 1


def test_what_was_saved_before_a_link_ended_counts_and_the_team_can_still_take_answers_down(risk: Risk) -> None:
    risk.respondent.start()
    risk.respondent.fill(risk.respondent.get("/section/1"), EVERY_ANSWER)
    assert risk.respondent.post("/submit").status == 200
    with db.transaction() as session:
        survey = session.scalars(select(Survey)).one()
        other = session.scalars(select(Invitation).where(Invitation.expires_at.is_(None))).first()
        other.expires_at = OPENED
        assert taking.opened(session, survey, other.id).response is None
    clock.move_to(OPENED + WEEK + timedelta(days=1))
    assert risk.respondent.get().status == 410

    with db.transaction() as session:
        surveys.close_surveys(session, session.scalars(select(Event)).one())

    with db.reading() as session:
        assert session.scalars(select(Survey.answered)).one() == 1


def test_marking_somebody_afterwards_ends_their_links_in_a_week_and_makes_what_waits_neutral(risk: Risk) -> None:
    mark(discreet=False)
    assert (risk.invitation.expires_at, risk.link.expires_at) == (None, None)
    (before,) = risk.messages()
    assert (before.sender_name, TITLE in before.subject) == (None, True)
    with db.transaction() as session:
        waits = {"state": MessageState.RETRYING, "attempts": 2, "problem": "451", "due_at": OPENED + timedelta(hours=2)}
        session.execute(update(Message).where(Message.id == before.id).values(**waits))
    clock.move_to(OPENED + timedelta(hours=1))

    mark(discreet=True)

    (after,) = risk.messages()
    assert is_neutral(after)
    assert (after.id, after.message_id) == (before.id, before.message_id)
    assert (after.state, after.attempts, after.due_at) == (MessageState.RETRYING, 2, OPENED + timedelta(hours=2))
    assert after.link_nonce == before.link_nonce
    assert risk.invitation.expires_at == after.due_at + WEEK
    assert WEEK - timedelta(minutes=1) < risk.link.expires_at - clock.now() <= WEEK
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Message.sender_name.is_not(None))) == 1


def test_what_is_not_to_be_sent_any_more_is_taken_back_instead_of_written_anew(risk: Risk) -> None:
    mark(discreet=False)
    with db.transaction() as session:
        session.execute(update(Invitation).where(Invitation.id == risk.invitation_id).values(stopped=True))

    mark(discreet=True)

    (message,) = risk.messages()
    assert (message.state, message.problem, message.text) == (MessageState.CANCELLED, marking.NAMED, None)


def test_an_event_that_was_marked_by_any_way_is_brought_in_line_by_the_clock(risk: Risk) -> None:
    with db.transaction() as session:
        session.execute(update(Event).values(discreet=True))

    assert clockwork.keep_discreet() > 0
    assert clockwork.keep_discreet() == 0

    with db.reading() as session:
        assert session.scalars(select(Invitation).where(Invitation.expires_at.is_(None))).all() == []
        assert all(map(is_neutral, session.scalars(select(Message))))


def test_follow_up_is_open_as_long_as_the_link_that_leads_there_and_each_check_in_opens_it_again(risk: Risk) -> None:
    clockwork.keep_discreet()
    with db.transaction() as session:
        attendance = session.get_one(Attendance, risk.attendance_id)
        operations.add_action(
            session, builders.link_of(session, attendance), Intention("Write to the minister", consent=True)
        )
        token = links.token_of(builders.link_of(session, attendance))
        later = OPENED + 2 * WEEK
        session.execute(update(Invitation).where(Invitation.id == risk.invitation_id).values(expires_at=later))
    page = f"/a/{token}"
    clock.move_to(OPENED + WEEK + timedelta(days=1))
    assert risk.client.get(page).status_code == 200
    assert risk.client.get(risk.respondent.address("/actions")).status_code == 303

    clock.move_to(OPENED + timedelta(days=20))
    for response in (risk.client.get(page), risk.client.get(f"{page}/report"), risk.client.post(f"{page}/actions")):
        shown = Page(response)
        assert (shown.status, shown.title) == (410, "This link has ended")
        assert not [name for name in (*NAMING, "Ada", "minister") if name in shown.source]

    clock.move_to(datetime(2021, 9, 10, 9, tzinfo=UTC))
    with db.transaction() as session:
        assert operations.queue_due_check_ins(session) == 1
    with db.reading() as session:
        asked = session.scalars(select(Message).filter_by(kind=MessageKind.CHECK_IN)).one()
    assert is_neutral(asked)
    assert "minister" not in asked.text
    assert risk.link.expires_at == asked.due_at + WEEK
    assert risk.client.get(page).status_code == 200
