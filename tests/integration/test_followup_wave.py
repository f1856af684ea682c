"""Asking the same people once more, months later: beside what they were asked first, and never mixed with it."""

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import clock
from mande import db
from mande.events.models import Event
from mande.events.models import Role
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.surveys import operations
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave
from mande.surveys.operations import OpeningError
from tests import builders

AFTERWARDS = datetime(2021, 6, 10, 9, tzinfo=UTC)
HALF_A_YEAR_LATER = datetime(2021, 12, 9, 9, tzinfo=UTC)


@pytest.fixture
def event(app: Flask) -> Iterator[Event]:
    """Asked and closed in June; it is December now."""
    clock.move_to(AFTERWARDS)
    with db.transaction() as session:
        event = builders.make_event(session, participants=3, speakers=1)
        operations.open_surveys(session, event, actor="a test")
        operations.close_surveys(session, event, actor="a test")
    clock.move_to(HALF_A_YEAR_LATER)
    yield event
    clock.move_to(None)


def _open(event: Event, **options: object) -> operations.Opened:
    with db.transaction() as session:
        return operations.open_surveys(session, event, actor="a test", wave=Wave.FOLLOWUP, **options)  # type: ignore[arg-type]


def test_everybody_is_asked_once_more_with_a_link_and_a_questionnaire_of_its_own(event: Event) -> None:
    assert _open(event).invited == {Role.PARTICIPANT: 3, Role.SPEAKER: 1}
    assert _open(event).invited == {Role.PARTICIPANT: 0, Role.SPEAKER: 0}

    with db.reading() as session:
        asked = {survey.role: survey for survey in operations.surveys_of(session, event, Survey.wave == Wave.FOLLOWUP)}
        assert {survey.questionnaire.code for survey in asked.values()} == {
            "participants-followup",
            "speakers-followup",
        }
        assert {survey.state for survey in asked.values()} == {SurveyState.OPEN}
        links = set(session.scalars(select(Invitation.token_digest).where(Invitation.token_digest.is_not(None))))
        assert len(links) == 4
        subjects = set(
            session.scalars(
                select(Message.subject).where(
                    Message.kind == MessageKind.INVITATION, Message.due_at >= HALF_A_YEAR_LATER
                )
            )
        )
    assert subjects
    assert all("become of" in subject for subject in subjects)


def test_what_was_counted_first_stays_as_it_was(event: Event) -> None:
    with db.reading() as session:
        before = operations.response_rates(session, event)

    _open(event)

    with db.reading() as session:
        assert operations.response_rates(session, event) == before
        assert operations.response_rates(session, event, Wave.FOLLOWUP) == {
            Role.PARTICIPANT: (0, 3),
            Role.SPEAKER: (0, 1),
        }


def test_each_questionnaire_is_for_its_own_time(event: Event) -> None:
    with pytest.raises(OpeningError, match="meant for asking right after the event"):
        _open(event, roles=[Role.PARTICIPANT], questionnaires={Role.PARTICIPANT: "participants-hybrid"})


def test_the_panel_offers_the_follow_up_once_the_first_surveys_are_closed(event: Event, client: FlaskClient) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))

    page = client.get("/staff/events/WP1873v").text
    assert "Follow-up, months later" in page

    client.post(
        "/staff/events/WP1873v/surveys/open",
        data={"csrf_token": builders.csrf(client), "closes": "2021-12-23", "wave": "followup"},
    )

    with db.reading() as session:
        asked = operations.surveys_of(session, event, Survey.wave == Wave.FOLLOWUP)
        assert [survey.state for survey in asked] == [SurveyState.OPEN, SurveyState.OPEN]


def test_the_panel_says_nothing_of_it_before(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        builders.make_event(session, participants=3)
        builders.sign_in(client, builders.make_staff(session))

    assert "Follow-up, months later" not in client.get("/staff/events/WP1873v").text
