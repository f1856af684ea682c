"""What staff do about people who could not be reached, and what they must not learn by it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy import update
from werkzeug.test import TestResponse

from mande import clock
from mande import create_app
from mande import db
from mande.config import Settings
from mande.events.models import Event
from mande.events.models import Person
from mande.followup import links
from mande.followup import operations as followup
from mande.followup.operations import Intention
from mande.mail import outbox
from mande.mail import suppression
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import SuppressionReason
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from mande.surveys.models import Invitation
from tests import builders
from tests.conftest import FreshClient
from tests.integration import bounced
from tests.integration.bounced import ask
from tests.integration.bounced import come_in
from tests.integration.bounced import message
from tests.integration.bounced import sample
from tests.integration.bounced import suppressed
from tests.smtp import make_draft

EVENT = "/staff/events/WP1873v"


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(replace(settings, mail=replace(settings.mail, bounce_address=bounced.BOUNCES)))
    app.testing, app.test_client_class = True, FreshClient
    with app.app_context():
        yield app
    clock.move_to(None)


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    client = app.test_client()
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
    return client


def press(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={**fields, "csrf_token": builders.csrf(client)}, follow_redirects=True)


def shown(client: FlaskClient) -> str:
    return told(client.get(EVENT).text)


def told(page: str) -> str:
    """What an event's page says of what has just been done, and of its messages; without what differs each time."""
    flashed = re.findall(r'<div class="\w+" role="status">.*?</div>', page, re.DOTALL)
    panel = re.findall(r'<section[^>]* aria-labelledby="messages">.*?</section>', page, re.DOTALL)
    return re.sub(r'name="csrf_token" value="[^"]*"', "", "".join(flashed + panel))


def test_a_wrong_address_is_corrected_and_what_did_not_arrive_goes_to_the_right_one(
    app: Flask, manager: FlaskClient
) -> None:
    ask(participants=2)
    about, other = message(), message(name="Participant 2")
    come_in(sample("postfix-no-such-user", about, app))
    assert "There is no such address." in shown(manager)

    for typed, complaint in (
        ("not an address", "Enter one e-mail address"),
        (other.to_address, "An address belongs to one person only"),
        (about.to_address.upper(), "This is the address that did not work."),
    ):
        refused = press(manager, f"{EVENT}/undelivered/correct", address=about.to_address, right=typed)
        assert refused.status_code == 422
        assert complaint in refused.text
    assert f'value="{about.to_address.upper()}"' in refused.text

    done = press(manager, f"{EVENT}/undelivered/correct", address=about.to_address, right="Right@Example.org")

    assert "1 message will go again." in done.text
    now = message()
    assert (now.id, now.message_id, now.state) == (about.id, about.message_id, MessageState.QUEUED)
    assert (now.to_address, now.to_domain) == ("right@example.org", "example.org")
    assert about.to_address not in shown(manager)
    assert suppressed() == {about.to_address: "bounced"}
    with db.reading() as session:
        person = session.scalars(select(Person).where(Person.email == "right@example.org")).one()
        assert person.addresses == []
        told = [(one.action, one.subject, str(one.detail)) for one in session.scalars(select(AuditEntry))]
    assert ("address corrected, messages sent again", "WP1873v", "{'messages': 1}") in told
    assert "@example.org" not in str([entry[1:] for entry in told])


def test_the_address_of_whoever_took_an_action_over_without_attending_is_corrected_too(
    app: Flask, manager: FlaskClient
) -> None:
    clock.move_to(datetime(2021, 6, 11, 9, tzinfo=UTC))
    ask()
    with db.transaction() as session:
        event, colleague = session.scalars(select(Event)).one(), builders.make_person(session, name="Ines Falk")
        link = links.ensure_link(session, event.id, colleague.id)
        followup.add_action(session, link, Intention("Brief the minister", consent=True))
    clock.move_to(clock.now() + timedelta(days=60))
    with db.transaction() as session:
        followup.queue_due_check_ins(session)
        bounced.mark_sent(session)
    about = message(MessageKind.CHECK_IN, "Ines Falk")
    come_in(sample("postfix-no-such-user", about, app))

    done = press(manager, f"{EVENT}/undelivered/correct", address=about.to_address, right="right@example.org")

    assert "1 message will go again." in done.text
    assert message(MessageKind.CHECK_IN, "Ines Falk").to_address == "right@example.org"


def test_sending_again_to_the_same_address_lets_messages_go_there(app: Flask, manager: FlaskClient) -> None:
    ask()
    about = message()
    come_in(sample("postfix-no-such-user", about, app))

    press(manager, f"{EVENT}/undelivered/again", address=about.to_address)

    assert suppressed() == {}
    assert message().state is MessageState.QUEUED
    assert press(manager, f"{EVENT}/undelivered/again", address=about.to_address).status_code == 200


def test_whether_somebody_has_answered_cannot_be_told_from_sending_them_something_again(
    app: Flask, manager: FlaskClient
) -> None:
    ask(participants=2)
    silent, answered = message(name="Participant 1"), message(name="Participant 2")
    with db.transaction() as session:
        session.get(Invitation, answered.about).answered = True
        for one in (silent, answered):
            reminder = make_draft(
                one.to_address, about=one.about, event_id=one.event_id, kind=MessageKind.REMINDER, sequence=1,
                to=outbox.Mailbox(one.to_name, one.to_address),
            )  # fmt: skip
            outbox.queue(session, [reminder])
        bounced.mark_sent(session)
        session.execute(
            update(Message)
            .where(Message.kind == MessageKind.REMINDER)
            .values(state=MessageState.BOUNCED, problem="550 5.1.1 unknown")
        )

    pages, states = [], []
    for one in (silent, answered):
        pages.append(told(press(manager, f"{EVENT}/undelivered/again", address=one.to_address).text))
        states.append(message(MessageKind.REMINDER, one.to_name).state)
        with db.transaction() as session:  # both from the same beginning
            session.execute(
                update(Message)
                .where(Message.about == one.about, Message.kind == MessageKind.REMINDER)
                .values(**outbox.WIPED, state=MessageState.BOUNCED, problem="550 5.1.1 unknown")
            )

    unnamed = [page.replace(one.to_name, "X").replace(one.to_address, "x") for page, one in
               zip(pages, (answered, silent), strict=True)]  # fmt: skip
    assert "1 message will go again." in unnamed[0]
    assert unnamed[0] == unnamed[1]
    assert states == [MessageState.QUEUED] * 2


def test_of_several_messages_one_goes_again(app: Flask, manager: FlaskClient) -> None:
    ask()
    about = message()
    with db.transaction() as session:
        kinds = ((MessageKind.REMINDER, 1), (MessageKind.REMINDER, 2))
        outbox.queue(session, [make_draft(about.to_address, about=about.about, event_id=about.event_id, kind=kind,
                                          sequence=number) for kind, number in kinds])  # fmt: skip
        suppression.suppress(session, about.to_address, SuppressionReason.BOUNCED, "A message came back: 550 5.1.1")

    assert "2 messages did not arrive." in shown(manager)

    assert "1 message will go again." in press(manager, f"{EVENT}/undelivered/again", address=about.to_address).text
    with db.reading() as session:
        reminders = session.scalars(
            select(Message.state).where(Message.kind == MessageKind.REMINDER).order_by(Message.sequence)
        ).all()
    assert reminders == [MessageState.CANCELLED, MessageState.QUEUED]
    assert about.to_address not in shown(manager)


def test_the_page_of_all_that_was_not_delivered_is_narrowed_down_and_viewers_only_look(
    app: Flask, manager: FlaskClient
) -> None:
    ask(participants=2)
    come_in(sample("postfix-no-such-user", message(), app))
    come_in(sample("postfix-no-domain", message(name="Participant 2"), app))
    page = f"{EVENT}/undelivered/"

    assert "2 addresses" in manager.get(page).text
    assert "Participant 2" not in manager.get(page, query_string={"reason": "no_such_address"}).text
    assert "There is none like that." in manager.get(page, query_string={"text": "nobody"}).text

    viewer = app.test_client()
    with db.transaction() as session:
        builders.sign_in(viewer, builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER))
    assert "Correct the address" not in viewer.get(page).text
    address = message().to_address
    assert press(viewer, f"{EVENT}/undelivered/again", address=address).status_code == 403
    assert press(viewer, f"{EVENT}/undelivered/correct", address=address, right="x@example.org").status_code == 403
    assert viewer.get("/staff/mail/stopped/").status_code == 403


def test_addresses_that_get_nothing_are_listed_added_and_taken_off(app: Flask, manager: FlaskClient) -> None:
    page = "/staff/mail/stopped/"
    assert "Messages may go to every address." in manager.get(page).text
    ask()
    come_in(sample("complaint", message(), app))

    assert press(manager, page, address="nonsense").status_code == 422
    added = press(manager, page, address="New@Example.org", reason="Asked by <telephone>").text
    assert "Nothing more goes to new@example.org." in added
    assert "Asked by &lt;telephone&gt;" in added
    assert "wishes to get no more 1" in added
    assert "new@example.org" not in manager.get(page, query_string={"kind": "complained"}).text
    assert "1 address" in manager.get(page, query_string={"text": "NEW@"}).text
    assert "There is none like that." in manager.get(page, query_string={"text": "%"}).text

    lifted = press(manager, f"{page}lift", address="new@example.org").text

    assert "Messages may go to new@example.org again." in lifted
    assert suppressed() == {message().to_address: "complained"}
