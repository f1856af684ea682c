"""Reminders: who gets them, when, and what stops them."""

from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events.models import Event
from mande.events.models import Person
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from mande.surveys import operations
from mande.surveys.answering import responding
from mande.surveys.models import Invitation
from tests import builders

# A Thursday, 10:00 in London. Reminders follow on the 13th (a Sunday, so Monday the 14th), the 17th and the 22nd.
OPENED = datetime(2021, 6, 10, 9, tzinfo=UTC)
MONDAY, SECOND, THIRD = (datetime(2021, 6, day, 10, tzinfo=UTC) for day in (14, 17, 22))


@pytest.fixture(autouse=True)
def clock_put_right(app: Flask) -> Iterator[None]:
    clock.move_to(OPENED)
    yield
    clock.move_to(None)


@pytest.fixture
def event(app: Flask) -> Event:
    """An event of three participants whose invitations have been sent."""
    with db.transaction() as session:
        event = builders.make_event(session, participants=3)
        builders.open_survey(session, event)
        _sent(session)
    return event


def _sent(session: Session, **values: object) -> None:
    gone = {"state": MessageState.SENT, "text": None, "html": None, "link_nonce": None, "link_key": None}
    session.execute(update(Message).where(Message.state == MessageState.QUEUED).values(**{**gone, **values}))


def _remind_at(moment: datetime, send: bool = True) -> int:
    clock.move_to(moment)
    with db.transaction() as session:
        queued = operations.remind_due(session)
        if send:
            _sent(session)
    return queued


def _reminders() -> list[Message]:
    with db.reading() as session:
        found = select(Message).filter_by(kind=MessageKind.REMINDER).order_by(Message.sequence, Message.to_name)
        return list(session.scalars(found))


def _change(what: Callable[[Session], object]) -> None:
    with db.transaction() as session:
        what(session)


def _first(session: Session) -> Invitation:
    return next(invitation for invitation in session.scalars(select(Invitation))
                if invitation.attendance.person.name == "Participant 1")  # fmt: skip


def test_those_who_have_not_answered_are_reminded_three_times(event: Event) -> None:
    assert _remind_at(MONDAY - timedelta(hours=3)) == 0
    assert [_remind_at(moment) for moment in (MONDAY, SECOND, THIRD, THIRD + timedelta(days=3))] == [3, 3, 3, 0]
    assert [message.sequence for message in _reminders()] == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_the_worker_may_ask_as_often_as_it_likes(event: Event) -> None:
    assert [_remind_at(MONDAY + timedelta(minutes=minute)) for minute in range(3)] == [3, 0, 0]
    assert [_remind_at(SECOND, send=False), _remind_at(SECOND, send=False)] == [3, 0]


def test_only_the_latest_of_several_missed_reminders_goes_out(event: Event) -> None:
    assert _remind_at(SECOND + timedelta(days=1)) == 3
    assert {message.sequence for message in _reminders()} == {2}


def test_a_late_reminder_keeps_its_distance_from_the_next(event: Event) -> None:
    assert _remind_at(SECOND - timedelta(hours=3)) == 3
    assert _remind_at(SECOND) == 0
    assert _remind_at(SECOND + timedelta(days=1)) == 3


def test_a_reminder_continues_the_conversation(event: Event) -> None:
    _remind_at(MONDAY, send=False)

    with db.reading() as session:
        invitations = {m.about: m for m in session.scalars(select(Message).filter_by(kind=MessageKind.INVITATION))}
    for reminder in _reminders():
        assert reminder.in_reply_to == invitations[reminder.about].message_id
        assert reminder.subject.startswith("Reminder")
        assert reminder.reply_to_address == "robin@example.org"


def test_the_last_reminder_says_that_it_is_the_last(event: Event) -> None:
    for moment in (MONDAY, SECOND):
        _remind_at(moment)
    _remind_at(THIRD, send=False)

    said = "the last time that we ask"
    assert [said in (message.text or "") for message in _reminders()[-3:]] == [True] * 3


def test_an_answer_stops_the_reminders_even_those_already_queued(event: Event) -> None:
    _remind_at(MONDAY, send=False)
    with db.transaction() as session:
        visit = responding.visit(session, builders.token_of(_first(session)))
        assert visit is not None
        responding.submit(session, visit)

    assert [m.state for m in _reminders()] == [MessageState.CANCELLED, MessageState.QUEUED, MessageState.QUEUED]
    _change(_sent)
    assert _remind_at(SECOND) == 2


def _stop(session: Session) -> None:
    _first(session).stopped = True


def _bounce(session: Session) -> None:
    session.execute(update(Message).where(Message.about == _first(session).id).values(state=MessageState.BOUNCED))


def _suppress(session: Session) -> None:
    email = _first(session).attendance.person.email
    session.add(Suppression(address=email, reason="asked us to stop", since=clock.now()))


def _unsent(session: Session) -> None:
    waiting = {"state": MessageState.RETRYING, "text": "x", "html": "x"}
    session.execute(update(Message).where(Message.about == _first(session).id).values(**waiting))


@pytest.mark.parametrize("reason", [_stop, _bounce, _suppress, _unsent])
def test_who_cannot_or_does_not_want_to_be_reached_is_not_reminded(
    event: Event, reason: Callable[[Session], None]
) -> None:
    _change(reason)

    assert _remind_at(MONDAY) == 2
    assert "Participant 1" not in [message.to_name for message in _reminders()]


def test_closing_takes_back_what_is_queued_and_ends_the_reminders(event: Event) -> None:
    _remind_at(MONDAY, send=False)
    with db.transaction() as session:
        operations.close_surveys(session, event)

    assert {message.state for message in _reminders()} == {MessageState.CANCELLED}
    assert _remind_at(SECOND) == 0


def test_a_reminder_waits_for_working_hours_where_the_person_is(event: Event) -> None:
    _change(lambda session: session.execute(update(Person).values(time_zone="Pacific/Auckland")))

    # 10:00 in London on Monday is 21:00 in Auckland: the reminder was due that morning and waits for the next one.
    assert _remind_at(MONDAY, send=False) == 3
    assert {message.due_at for message in _reminders()} == {datetime(2021, 6, 14, 21, tzinfo=UTC)}


def test_no_reminder_is_queued_for_after_the_closing(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=1, time_zone="Pacific/Auckland")
        builders.open_survey(session, event, closes_at=datetime(2021, 6, 14, 12, tzinfo=UTC))
        _sent(session)

    assert _remind_at(MONDAY) == 0


def test_newcomers_are_reminded_from_the_day_they_were_invited(event: Event) -> None:
    clock.move_to(datetime(2021, 6, 15, 9, tzinfo=UTC))
    with db.transaction() as session:
        builders.attend(session, session.merge(event), builders.make_person(session, name="Newcomer"))
        operations.open_surveys(session, session.merge(event))
        _sent(session)

    _remind_at(SECOND)
    assert "Newcomer" not in [message.to_name for message in _reminders()]
    _remind_at(datetime(2021, 6, 18, 10, tzinfo=UTC))
    assert [message.sequence for message in _reminders() if message.to_name == "Newcomer"] == [1]


def _by_hand(event: Event) -> int:
    with db.transaction() as session:
        queued = operations.remind(session, event, "a test")
        _sent(session)
    return queued


def test_staff_can_remind_at_once_but_not_twice_in_a_day(event: Event) -> None:
    clock.move_to(datetime(2021, 6, 11, 10, tzinfo=UTC))

    assert [_by_hand(event), _by_hand(event)] == [3, 0]


def test_nobody_is_reminded_by_hand_on_the_day_of_their_invitation(event: Event) -> None:
    assert _by_hand(event) == 0


def test_a_reminder_by_hand_neither_replaces_nor_crowds_one_by_rule(event: Event) -> None:
    clock.move_to(MONDAY - timedelta(hours=1))
    assert _by_hand(event) == 3
    assert _remind_at(MONDAY) == 0
    assert _remind_at(MONDAY + timedelta(days=1)) == 3

    assert [message.sequence for message in _reminders()] == [1, 1, 1, 101, 101, 101]


def test_reminding_one_event_leaves_another_alone(event: Event) -> None:
    with db.transaction() as session:
        other = builders.make_event(session, code="WP2", participants=2)
        builders.open_survey(session, other)
        _sent(session)
    clock.move_to(MONDAY)

    assert _by_hand(other) == 2
