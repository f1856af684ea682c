"""What follows from what came back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select

from mande import clock
from mande import create_app
from mande import db
from mande.config import Settings
from mande.events.models import Event
from mande.events.models import Person
from mande.followup import operations as followup
from mande.followup.asking import checkins
from mande.followup.models import FollowupLink
from mande.mail import bounces
from mande.mail import outbox
from mande.mail import rewriting
from mande.mail.incoming import receiving
from mande.mail.kinds import IncomingKind
from mande.mail.models import Incoming
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.surveys import reach
from mande.surveys.models import Invitation
from tests.integration import bounced
from tests.integration.bounced import ask
from tests.integration.bounced import come_in
from tests.integration.bounced import message
from tests.integration.bounced import sample
from tests.integration.bounced import state_of
from tests.integration.bounced import suppressed
from tests.smtp import make_draft

BOUNCED, SENT, RETRYING = MessageState.BOUNCED, MessageState.SENT, MessageState.RETRYING


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application with an address for bounces."""
    app = create_app(replace(settings, mail=replace(settings.mail, bounce_address=bounced.BOUNCES)))
    app.testing = True
    with app.app_context():
        yield app
    clock.move_to(None)


def test_a_message_that_came_back_for_good_stops_all_mail_to_its_address(app: Flask) -> None:
    ask(participants=2)
    about = message()
    with db.transaction() as session:
        outbox.queue(session, [make_draft(about.to_address), make_draft("other@example.org")])

    assert come_in(sample("postfix-no-such-user", about, app)) is IncomingKind.FAILED

    assert suppressed() == {about.to_address: "bounced"}
    with db.reading() as session:
        states = dict(session.execute(select(Message.to_address, Message.state).where(Message.id != about.id)).all())
        assert session.get(Message, about.id).problem.startswith("550 5.1.1")
    assert state_of(about.id) is BOUNCED
    assert states[about.to_address] is MessageState.CANCELLED
    assert states["other@example.org"] is MessageState.QUEUED


def test_however_often_and_by_whichever_way_it_comes_it_is_worked_on_once(app: Flask) -> None:
    ask()
    about = message()
    raw = sample("gmail-mailbox-full", about, app)
    come_in(raw)
    with db.transaction() as session:
        bounced.mark_sent(session)

    come_in(b"Received: by another way\r\n" + raw.replace(b"\n", b"\r\n"))

    assert state_of(about.id) is SENT
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Incoming)) == 1


WHAT_FOLLOWS = (
    ("postfix-refused-as-spam", IncomingKind.FAILED, BOUNCED, None),
    ("postfix-forwarded", IncomingKind.FAILED, BOUNCED, None),
    ("postfix-delayed", IncomingKind.DELAYED, SENT, None),
    ("outlook-out-of-office", IncomingKind.AUTOMATIC, SENT, None),
    ("reply", IncomingKind.REPLY, SENT, None),
    ("complaint", IncomingKind.STOP, SENT, "complained"),
)


def test_only_what_speaks_against_an_address_stops_mail_to_it(app: Flask) -> None:
    ask(participants=len(WHAT_FOLLOWS))
    for number, (name, kind, state, _why) in enumerate(WHAT_FOLLOWS, 1):
        about = message(name=f"Participant {number}")

        assert come_in(sample(name, about, app)) is kind

        assert state_of(about.id) is state

    assert suppressed() == {message(name="Participant 6").to_address: "complained"}


def test_what_is_about_no_message_of_ours_is_counted_as_unknown_and_changes_nothing(app: Flask) -> None:
    ask()
    about = message()
    strange = sample("postfix-no-such-user", Message(id=uuid4(), message_id="<never@sent.test>"), app, about.to_address)
    forged = strange.replace(b"bounces+", b"bounces+x")

    assert come_in(strange) is IncomingKind.UNKNOWN
    assert come_in(forged) is IncomingKind.UNKNOWN
    assert come_in(b"\xff\x00 nothing at all") is IncomingKind.UNKNOWN

    assert (state_of(about.id), suppressed()) == (SENT, {})
    with db.reading() as session:
        assert receiving.counts(session) == {IncomingKind.UNKNOWN: 3}


def test_what_came_back_for_now_goes_again_with_its_link_for_three_days_and_then_counts_as_bounced(app: Flask) -> None:
    ask()
    about = message()
    first = about.sent_at
    raw = sample("gmail-mailbox-full", about, app)
    again = []
    for turn in range(6):
        come_in(raw.replace(b"gmail-2@", f"gmail-{turn + 10}@".encode()))
        now = message()
        if now.state is not RETRYING:
            break
        assert now.message_id == about.message_id
        assert now.link_nonce is not None
        assert "[[link]]" in now.text
        again.append((now.due_at - first).total_seconds() / 3600)
        clock.move_to(now.due_at)
        with db.transaction() as session:
            bounced.mark_sent(session)
            session.get(Message, about.id).sent_at = first

    assert again == [6, 24, 48, 68]
    assert state_of(about.id) is BOUNCED
    assert suppressed() == {}


def test_whoever_has_answered_or_wants_no_more_is_not_written_to_again_by_itself(app: Flask) -> None:
    ask(participants=2)
    answered, unwilling = message(name="Participant 1"), message(name="Participant 2")
    with db.transaction() as session:
        session.get(Invitation, answered.about).answered = True
    assert come_in(sample("unsubscribe", unwilling, app)) is IncomingKind.STOP
    with db.reading() as session:
        assert session.get(Invitation, unwilling.about).stopped

    for about in (answered, unwilling):
        come_in(sample("gmail-mailbox-full", about, app))

    assert {state_of(answered.id), state_of(unwilling.id)} == {SENT}
    assert suppressed() == {}


def test_a_late_report_does_not_undo_what_was_decided_meanwhile(app: Flask) -> None:
    for state in (MessageState.CANCELLED, RETRYING, MessageState.FAILED):
        with db.transaction() as session:
            draft = make_draft(f"{state.value}@example.org")
            outbox.queue(session, [draft])
            written = session.scalars(select(Message).where(Message.about == draft.about)).one()
            written.state = state

            bounces.record_failure(session, written, "452 4.2.2 over quota", permanent=False)
            assert written.state is state

            bounces.record_failure(session, written, "550 5.1.1 unknown", permanent=True)
            assert written.state is (BOUNCED if state is RETRYING else state)
    assert set(suppressed().values()) == {"bounced"}


def test_a_report_about_the_address_before_it_was_corrected_changes_nothing(app: Flask) -> None:
    ask()
    about = message()
    report = sample("postfix-no-such-user", about, app)
    come_in(report)
    with db.transaction() as session:
        session.scalars(select(Person)).one().email = "right@example.org"
        session.flush()
        assert rewriting.rewrite(session, session.get(Message, about.id), by_hand=True)

    assert come_in(report.replace(b"Message-Id: <", b"Message-Id: <late-")) is IncomingKind.FAILED

    assert state_of(about.id) is MessageState.QUEUED
    assert suppressed() == {about.to_address: "bounced"}


def test_by_hand_a_message_is_written_anew_to_whoever_still_may_be_written_to(app: Flask) -> None:
    cases = (({}, True), ({"answered": True}, True), ({"stopped": True}, False))
    ask(participants=len(cases))
    for number, (change, goes) in enumerate(cases, 1):
        about = message(name=f"Participant {number}")
        with db.transaction() as session:
            for name, value in change.items():
                setattr(session.get(Invitation, about.about), name, value)

            assert rewriting.rewrite(session, session.get(Message, about.id), by_hand=True) is goes

    clock.move_to(clock.now() + timedelta(days=60))
    with db.transaction() as session:
        assert not rewriting.rewrite(session, session.get(Message, message(name="Participant 1").id), by_hand=True)


def test_a_check_in_is_written_anew_while_something_is_open_and_ends_by_mail(app: Flask) -> None:
    clock.move_to(datetime(2021, 6, 11, 9, tzinfo=UTC))
    ask()
    with db.transaction() as session:
        link = session.scalars(select(FollowupLink)).one()
        intention = followup.Intention("Brief the minister", consent=True)
        followup.add_action(session, link, intention)
    clock.move_to(clock.now() + timedelta(days=60))
    with db.transaction() as session:
        assert checkins.queue_due_check_ins(session) == 1
        bounced.mark_sent(session)
    about = message(MessageKind.CHECK_IN)

    come_in(sample("gmail-mailbox-full", about, app))

    again = message(MessageKind.CHECK_IN)
    assert again.state is RETRYING
    assert "Brief the minister" in again.text

    come_in(sample("unsubscribe", about, app))

    assert state_of(about.id) is MessageState.CANCELLED
    with db.transaction() as session:
        assert session.scalars(select(FollowupLink)).one().stopped
        assert not rewriting.rewrite(session, session.get(Message, about.id), by_hand=True)


def test_who_was_reached_is_counted_by_role(app: Flask) -> None:
    ask(participants=4)
    come_in(sample("postfix-no-such-user", message(name="Participant 1"), app))
    come_in(sample("postfix-no-such-user", message(name="Participant 2"), app))
    with db.transaction() as session:
        session.get(Invitation, message(name="Participant 2").about).answered = True
        event = session.scalars(select(Event)).one()

        assert {role.value: counted for role, counted in reach.reached(session, event).items()} == {
            "participant": (3, 4)
        }
