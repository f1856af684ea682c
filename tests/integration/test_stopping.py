"""Ending messages with one click: by a mail program's own button (RFC 8058), and by the page for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy import update
from werkzeug.test import TestResponse

from mande import clock
from mande import db
from mande.events.models import Attendance
from mande.events.models import Person
from mande.followup import links
from mande.followup import operations
from mande.followup.models import FollowupLink
from mande.followup.operations import Intention
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.surveys import operations as surveys
from mande.surveys.models import Invitation
from tests import builders
from tests.integration.respondents import Page
from tests.smtp import make_draft

DAY_AFTER = datetime(2021, 6, 10, 10, tzinfo=UTC)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
TITLE = "The future of international diplomacy"


@dataclass
class Asked:
    """Somebody who was invited and whose reminder waits, and who is to be asked about a planned action."""

    client: FlaskClient
    token: str
    followup_token: str

    @property
    def addresses(self) -> tuple[str, str]:
        return f"/r/{self.token}/stop", f"/a/{self.followup_token}/stop"

    @property
    def state(self) -> tuple[bool, MessageState, bool]:
        """Whether the invitation is stopped, what has become of its reminder, and whether follow-up is stopped."""
        with db.reading() as session:
            invitation = session.scalars(select(Invitation)).one()
            reminder = session.scalars(select(Message.state).where(Message.kind == MessageKind.REMINDER)).one()
            return invitation.stopped, reminder, session.scalars(select(FollowupLink.stopped)).one()


UNTOUCHED = (False, MessageState.QUEUED, False)


@pytest.fixture
def asked(app: Flask, client: FlaskClient) -> Iterator[Asked]:
    clock.move_to(DAY_AFTER)
    with db.transaction() as session:
        event = builders.make_event(session, participants=1, title=TITLE)
        (token,) = builders.open_survey(session, event)
        invitation = session.scalars(select(Invitation)).one()
        reminder = make_draft(about=invitation.id, kind=MessageKind.REMINDER, sequence=1, due_at=clock.now())
        outbox.queue(session, [reminder])
        attendance = session.scalars(select(Attendance)).one()
        operations.add_action(
            session, builders.link_of(session, attendance), Intention("Write to the minister", consent=True)
        )
        link = builders.link_of(session, attendance)
        followup_token = links.token_of(link)
    yield Asked(client, token, followup_token)
    clock.move_to(None)


def good(response: TestResponse) -> Page:
    """A page of a respondent: well-formed, at once, without a cookie."""
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    page = Page(response)
    assert page.title
    return page


@pytest.mark.parametrize("body", [ONE_CLICK, {}])
def test_a_mail_program_ends_messages_without_a_cookie_or_a_redirect(asked: Asked, body: dict[str, str]) -> None:
    reminders, check_ins = asked.addresses
    for _time in range(2):
        assert "No more reminders will come" in good(asked.client.post(reminders, data=body)).words
        assert "We will not ask you again" in good(asked.client.post(check_ins, data=body)).words

    assert asked.state == (True, MessageState.CANCELLED, True)


def test_a_scanner_that_follows_the_link_ends_nothing(asked: Asked) -> None:
    for address in asked.addresses:
        for look in (asked.client.get, asked.client.head):
            response = look(address)
            assert response.status_code == 200
            assert "Set-Cookie" not in response.headers

    assert asked.state == UNTOUCHED


def test_people_end_the_reminders_by_a_button_and_can_still_answer(asked: Asked) -> None:
    address, _check_ins = asked.addresses
    page = good(asked.client.get(f"{address}?lang=fr"))
    assert page.language == "fr"
    page = good(asked.client.get(address))
    assert TITLE in page.words
    assert list(page.forms()) == [address]

    told = good(asked.client.post(address))

    assert TITLE in told.words
    assert good(asked.client.get(told.links()["Go to the questionnaire"])).forms()
    assert not good(asked.client.get(address)).forms()


def test_people_end_the_check_ins_by_a_button_and_take_them_up_again(asked: Asked) -> None:
    _reminders, address = asked.addresses
    page = good(asked.client.get(address))
    assert TITLE in page.words
    assert list(page.forms()) == [address]

    told = good(asked.client.post(address))

    assert (
        "Write to the minister"
        in good(asked.client.get(told.links()["See, change or withdraw what you planned"])).words
    )
    (resume,) = told.forms()
    assert asked.client.post(resume).status_code == 303
    assert asked.state == UNTOUCHED


def test_stopping_once_the_survey_has_closed_says_that_nothing_more_will_come(asked: Asked) -> None:
    with db.transaction() as session:
        event = session.scalars(select(Attendance)).one().event
        surveys.close_surveys(session, event)
    address, _check_ins = asked.addresses

    for response in (asked.client.get(address), asked.client.post(address, data=ONE_CLICK)):
        page = good(response)
        assert "nothing left to be reminded of" in page.words
        assert not page.forms()


def test_half_a_link_is_told_to_be_half_a_link(asked: Asked) -> None:
    for response in (asked.client.get(f"/r/{asked.token[:20]}/stop"), asked.client.post(f"/r/{asked.token[:20]}/stop")):
        assert response.status_code == 404
        assert "6 letters are missing" in Page(response).words

    assert asked.state == UNTOUCHED


def test_a_discreet_person_can_stop_when_their_link_has_ended_and_no_page_names_the_event(asked: Asked) -> None:
    with db.transaction() as session:
        session.execute(update(Person).values(discreet=True))
        for model in (Invitation, FollowupLink):
            session.execute(update(model).values(expires_at=DAY_AFTER))

    for address in asked.addresses:
        for response in (asked.client.get(address), asked.client.post(address, data=ONE_CLICK)):
            page = good(response)
            assert TITLE not in page.source
            assert not [where for where in page.links().values() if asked.token in where]

    assert asked.state == (True, MessageState.CANCELLED, True)
