"""What goes out by rule: once, in time, to the right people, and not where staff say no."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
from mande.events import operations as events
from mande.events import rules
from mande.events.kinds import Role
from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.events.kinds import Wave
from mande.events.models import Event
from mande.events.models import MessageRule
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.staff.models import AuditEntry
from mande.surveys import operations
from mande.surveys import reminding
from mande.surveys.answering import responding
from mande.surveys.mailings import changing
from mande.surveys.mailings import inviting
from mande.surveys.mailings import thanking
from mande.surveys.mailings import timeline
from mande.surveys.mailings.changing import ChangeError
from mande.surveys.mailings.changing import Timing
from mande.surveys.mailings.schedule import State
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from tests import builders

# The last meeting of the event ends on Wednesday 9 June 2021 at 15:30 in London.
DUE = datetime(2021, 6, 9, 16, 30, tzinfo=UTC)
CLOSES = datetime(2021, 6, 30, 22, 59, tzinfo=UTC)
CALL = datetime(2021, 6, 29, 8, tzinfo=UTC)
THANKS = datetime(2021, 7, 2, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock_put_right(app: Flask) -> Iterator[None]:
    clock.move_to(DUE - timedelta(minutes=1))
    yield
    clock.move_to(None)


@pytest.fixture
def event(app: Flask) -> Event:
    """An event of three participants and a speaker that invites by itself."""
    with db.transaction() as session:
        event = builders.make_event(session, participants=3, speakers=1)
        event.rules += [rule for wave in Wave for rule in rules.standard(wave, [])]
        _rule(event, RuleKind.INVITATION).state = RuleState.ON
    return event


def _rule(event: Event, kind: RuleKind, number: int = 1, wave: Wave = Wave.EVENT) -> MessageRule:
    return rules.of(event, wave, kind)[number - 1]


def _found(session: Session) -> Event:
    return events.find(session, "WP1873v")


def _sent(session: Session) -> None:
    gone = {"state": MessageState.SENT, "text": None, "html": None, "link_nonce": None, "link_key": None}
    session.execute(update(Message).where(Message.state == MessageState.QUEUED).values(**gone, sent_at=Message.due_at))


def _at(moment: datetime, send: bool = True) -> dict[str, int]:
    """What the worker queues at this moment, by kind."""
    clock.move_to(moment)
    done = {"invite": inviting.run(), "remind": reminding.run(), "thank": thanking.run()}
    if send:
        with db.transaction() as session:
            _sent(session)
    return {name: number for name, number in done.items() if number}


def _messages(kind: MessageKind) -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).filter_by(kind=kind).order_by(Message.to_name)))


def _answer(name: str) -> None:
    with db.transaction() as session:
        for invitation in session.scalars(select(Invitation)):
            if invitation.attendance.person.name == name:
                visit = responding.visit(session, builders.token_of(invitation))
                assert visit is not None
                responding.submit(session, visit)


def _close() -> None:
    with db.transaction() as session:
        operations.close_surveys(session, _found(session))


def _change(kind: RuleKind, number: int = 1, **values: object) -> None:
    with db.transaction() as session:
        for name, value in values.items():
            setattr(_rule(_found(session), kind, number), name, value)


def _move_the_event(by: timedelta) -> None:
    with db.transaction() as session:
        for meeting in _found(session).meetings:
            meeting.ends_at += by
            meeting.starts_at += by


def test_invitations_go_out_by_themselves_once_when_their_time_has_come(event: Event) -> None:
    with db.transaction() as session:
        _found(session).questionnaires = {"event": {"participant": "participants-hybrid"}}
    assert _at(DUE - timedelta(minutes=1)) == {}
    assert _at(DUE + timedelta(seconds=10)) == {"invite": 4}
    assert _at(DUE + timedelta(minutes=2)) == {}

    with db.reading() as session:
        surveys = operations.surveys_of(session, event)
    assert {survey.closes_at for survey in surveys} == {CLOSES}
    assert [survey.questionnaire.code for survey in surveys] == ["participants-hybrid", "speakers"]
    assert len(_messages(MessageKind.INVITATION)) == 4


def test_two_workers_invite_everybody_once(app: Flask, event: Event) -> None:
    clock.move_to(DUE)

    def work(_number: int) -> int:
        with app.app_context():
            return inviting.run()

    with ThreadPoolExecutor(2) as workers:
        invited = sum(workers.map(work, range(2)))

    assert invited == 4
    assert len(_messages(MessageKind.INVITATION)) == 4
    with db.reading() as session:
        opened = session.scalars(select(AuditEntry).filter_by(action="surveys opened")).all()
    assert len(opened) == 1


def test_nobody_is_invited_while_the_rule_is_paused_or_when_it_is_a_week_late(event: Event) -> None:
    _change(RuleKind.INVITATION, state=RuleState.PAUSED)
    assert _at(DUE) == {}
    _change(RuleKind.INVITATION, state=RuleState.ON)
    assert _at(DUE + timedelta(days=7)) == {}
    with db.transaction() as session:
        found = _found(session)
        assert timeline.entries(session, found, Wave.EVENT)[0].state is State.MISSED

        assert changing.send_now(session, found, _rule(found, RuleKind.INVITATION)) == 4


def test_a_late_invitation_waits_for_the_working_hours_of_each(event: Event) -> None:
    assert _at(DUE + timedelta(hours=5), send=False) == {"invite": 4}

    assert {message.due_at for message in _messages(MessageKind.INVITATION)} == {datetime(2021, 6, 10, 8, tzinfo=UTC)}


def test_surveys_that_staff_opened_by_hand_are_not_opened_again(event: Event) -> None:
    with db.transaction() as session:
        operations.open_surveys(session, _found(session), even_before_the_end=True)

    assert _at(DUE) == {}
    with db.reading() as session:
        assert _rule(_found(session), RuleKind.INVITATION).done_at is not None


def test_whoever_is_added_later_is_invited_in_working_hours_as_long_as_the_rule_is_on(event: Event) -> None:
    _at(DUE)
    with db.transaction() as session:
        builders.attend(session, _found(session), builders.make_person(session, name="Newcomer"), [Role.PARTNER])
    night = datetime(2021, 6, 14, 22, tzinfo=UTC)
    assert _at(night, send=False) == {"remind": 4, "invite": 1}

    [invitation] = [message for message in _messages(MessageKind.INVITATION) if message.to_name == "Newcomer"]
    assert invitation.due_at == datetime(2021, 6, 15, 8, tzinfo=UTC)
    with db.transaction() as session:
        builders.attend(session, _found(session), builders.make_person(session, name="Too late"))
        # A partner's survey opened late, and closes with the others.
        assert {survey.closes_at for survey in session.scalars(select(Survey))} == {CLOSES}
    _change(RuleKind.INVITATION, state=RuleState.PAUSED)
    assert "invite" not in _at(datetime(2021, 6, 15, 10, tzinfo=UTC))


def test_the_last_call_goes_only_to_those_who_have_not_answered(event: Event) -> None:
    _at(DUE)
    _answer("Participant 1")
    # Nobody gets two messages within a day: a reminder that is late leaves that day to the last call.
    assert _at(CALL - timedelta(hours=22)) == {}
    assert _at(CALL) == {"remind": 3}
    assert _messages(MessageKind.REMINDER) == []

    assert [message.to_name for message in _messages(MessageKind.LAST_CALL)] == [
        "Participant 2", "Participant 3", "Speaker 1",
    ]  # fmt: skip
    _answer("Participant 2")
    assert _at(CALL + timedelta(days=1, hours=1)) == {}


def test_thanks_go_to_all_who_were_reached_whether_they_answered_or_not(event: Event) -> None:
    _at(DUE)
    _answer("Participant 1")
    with db.transaction() as session:
        by_name = {one.attendance.person.name: one for one in session.scalars(select(Invitation))}
        by_name["Participant 2"].stopped = True
        about = by_name["Participant 3"].id
        session.execute(update(Message).where(Message.about == about).values(state=MessageState.BOUNCED))
    clock.move_to(CLOSES + timedelta(minutes=1))
    _close()

    assert _at(THANKS - timedelta(minutes=1)) == {}
    assert _at(THANKS) == {"thank": 2}
    assert _at(THANKS + timedelta(minutes=1)) == {}
    thanks = _messages(MessageKind.THANK_YOU)
    assert [message.to_name for message in thanks] == ["Participant 1", "Speaker 1"]


def test_thanks_hold_no_link_and_are_the_same_for_everybody(event: Event) -> None:
    _at(DUE)
    _answer("Participant 1")
    clock.move_to(CLOSES)
    _close()
    _at(THANKS, send=False)

    texts = {message.text.replace(message.to_name, "…") for message in _messages(MessageKind.THANK_YOU) if message.text}
    assert len(texts) == 1
    assert not any(message.link_path for message in _messages(MessageKind.THANK_YOU))


def test_surveys_that_are_closed_early_are_thanked_for_early(event: Event) -> None:
    _at(DUE)
    clock.move_to(datetime(2021, 6, 14, 12, tzinfo=UTC))
    _close()

    assert _at(datetime(2021, 6, 16, 8, tzinfo=UTC)) == {"thank": 4}


def test_when_the_event_moves_what_is_not_sent_moves_with_it(event: Event) -> None:
    _move_the_event(timedelta(days=7))
    assert _at(DUE) == {}
    assert _at(DUE + timedelta(days=7), send=False) == {"invite": 4}


def test_what_is_queued_for_later_moves_with_the_event_too(event: Event) -> None:
    with db.transaction() as session:
        _found(session).discreet = True
    _at(DUE + timedelta(hours=5), send=False)
    _move_the_event(timedelta(days=5))
    _at(DUE + timedelta(hours=6), send=False)
    # Two hours after the event is over now, on Monday at 17:30, nobody works any more.
    assert {message.due_at for message in _messages(MessageKind.INVITATION)} == {datetime(2021, 6, 15, 8, tzinfo=UTC)}
    with db.reading() as session:
        # The link of those who must not be exposed works for a week after the message, whenever that goes.
        assert set(session.scalars(select(Invitation.expires_at))) == {datetime(2021, 6, 22, 8, tzinfo=UTC)}
    _at(datetime(2021, 6, 15, 8, tzinfo=UTC))

    friday_night = datetime(2021, 6, 18, 20, tzinfo=UTC)
    assert _at(friday_night, send=False) == {"remind": 4}
    _move_the_event(timedelta(days=7))
    assert _at(friday_night + timedelta(minutes=1), send=False) == {}
    assert _messages(MessageKind.REMINDER) == []
    assert _at(datetime(2021, 6, 21, 16, tzinfo=UTC)) == {"remind": 4}


def test_a_reminder_that_is_paused_takes_back_what_waits_and_resumed_sends_it(event: Event) -> None:
    _at(DUE)
    night = datetime(2021, 6, 14, 20, tzinfo=UTC)
    assert _at(night, send=False) == {"remind": 4}
    with db.transaction() as session:
        found = _found(session)
        changing.set_state(session, found, _rule(found, RuleKind.REMINDER), RuleState.PAUSED)
    assert _messages(MessageKind.REMINDER) == []
    assert _at(night, send=False) == {}

    with db.transaction() as session:
        found = _found(session)
        changing.set_state(session, found, _rule(found, RuleKind.REMINDER), RuleState.ON)
    assert _at(night) == {"remind": 4}


def test_a_reminder_can_be_sent_now_and_then_goes_to_nobody_again(event: Event) -> None:
    _at(DUE)
    now = datetime(2021, 6, 11, 9, tzinfo=UTC)
    clock.move_to(now)
    with db.transaction() as session:
        found = _found(session)
        assert changing.send_now(session, found, _rule(found, RuleKind.REMINDER)) == 4
        _sent(session)

    assert _at(datetime(2021, 6, 14, 12, tzinfo=UTC)) == {}
    assert Counter(message.sequence for message in _messages(MessageKind.REMINDER)) == {1: 4}


def test_a_reminder_added_after_one_was_removed_is_a_new_one(event: Event) -> None:
    _at(DUE)
    _at(datetime(2021, 6, 14, 12, tzinfo=UTC))
    with db.transaction() as session:
        found = _found(session)
        for rule in list(rules.of(found, Wave.EVENT, RuleKind.REMINDER)):
            changing.remove(session, found, rule)
        changing.add(session, found, Wave.EVENT, RuleKind.REMINDER, Timing(days=7))

    assert _at(datetime(2021, 6, 17, 12, tzinfo=UTC)) == {"remind": 4}
    assert Counter(message.sequence for message in _messages(MessageKind.REMINDER)) == {1: 4, 2: 4}


def test_a_rule_that_makes_no_sense_is_refused(event: Event) -> None:
    for kind, wanted, problem in (
        (RuleKind.REMINDER, Timing(days=7), "after 7 days already"),
        (RuleKind.REMINDER, Timing(days=0), "after one day at the earliest"),
        (RuleKind.LAST_CALL, Timing(days=2), "one of these already"),
        (RuleKind.REMINDER, Timing(days=5, moved_to=DUE - timedelta(days=1)), "has passed"),
    ):
        with db.transaction() as session, pytest.raises(ChangeError, match=problem):
            changing.add(session, _found(session), Wave.EVENT, kind, wanted)


def test_the_follow_up_is_asked_by_rule_once_the_first_questionnaires_are_closed(event: Event) -> None:
    _at(DUE)
    december = datetime(2021, 12, 9, 9, tzinfo=UTC)
    with db.transaction() as session:
        _rule(_found(session), RuleKind.INVITATION, wave=Wave.FOLLOWUP).state = RuleState.ON
        _rule(_found(session), RuleKind.THANK_YOU).state = RuleState.SKIPPED
        session.execute(update(Survey).values(closes_at=december + timedelta(hours=2)))
    assert _at(december).get("invite") is None
    clock.move_to(december + timedelta(hours=2))
    _close()
    assert _at(december + timedelta(hours=2, minutes=1)) == {"invite": 4}


def test_the_timeline_tells_what_went_out_and_what_will_to_how_many(event: Event) -> None:
    with db.reading() as session:
        before = timeline.entries(session, _found(session), Wave.EVENT)
    assert [(one.kind.value, one.state, sum(one.coming.values())) for one in before] == [
        ("invitation", State.PLANNED, 4), ("reminder", State.PLANNED, 4), ("reminder", State.PLANNED, 4),
        ("reminder", State.PLANNED, 4), ("last_call", State.PLANNED, 4), ("thank_you", State.PLANNED, 4),
    ]  # fmt: skip
    _at(DUE)
    _at(datetime(2021, 6, 14, 9, tzinfo=UTC))
    _answer("Participant 1")
    with db.reading() as session:
        found = _found(session)
        shown = timeline.entries(session, found, Wave.EVENT)
        following = timeline.next_of(session, found)
    assert [(one.state, dict(one.written.sent), len(one.turns)) for one in shown][:3] == [
        (State.SENT, {Role.PARTICIPANT: 3, Role.SPEAKER: 1}, 0),
        (State.SENT, {Role.PARTICIPANT: 3, Role.SPEAKER: 1}, 0),
        (State.PLANNED, {}, 3),
    ]
    assert shown[-1].coming == {Role.PARTICIPANT: 3, Role.SPEAKER: 1}
    assert following is not None
    assert following.next_at == datetime(2021, 6, 17, 8, tzinfo=UTC)
    assert following.coming == {Role.PARTICIPANT: 2, Role.SPEAKER: 1}
