"""What owners of planned actions can do, and when they are asked, as seen from the database."""

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event as events_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import create_app
from mande import db
from mande.config import Settings
from mande.events.describing import storing
from mande.events.models import Event
from mande.followup import links
from mande.followup import operations
from mande.followup.asking import checkins
from mande.followup.links import Visit
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import Contribution
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.keyring import Keyring
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from tests import builders

SOON = datetime(2021, 6, 10, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(SOON)
    yield
    clock.move_to(None)


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], int]:
    """How many statements this application has sent to its database so far."""
    sent: list[str] = []
    listener = lambda _c, _cursor, statement, *_others: sent.append(statement)  # noqa: E731
    events_of.listen(db.database().engine, "before_cursor_execute", listener)
    return lambda: len(sent)


@pytest.fixture
def owner(app: Flask) -> str:
    """The token of somebody who attended."""
    with db.transaction() as session:
        event = builders.make_event(session)
        attendance = builders.attend(session, event, builders.make_person(session, "Ada Owner", country="GB"))
        return links.token_of(builders.link_of(session, attendance))


def do(token: str, what: Callable[[Session, Visit], None]) -> None:
    with db.transaction() as session:
        visit = links.visit(session, token)
        assert visit is not None
        what(session, visit)


def add(token: str, what: str = "Write to the minister", consent: bool = True, **values: object) -> PlannedAction:
    made: list[PlannedAction] = []
    intention = Intention(what, consent=consent, **values)
    do(token, lambda session, visit: made.append(operations.add_action(session, visit.link, intention)))
    return made[0]


def report(token: str, *reports: Report) -> None:
    do(token, lambda session, visit: operations.report_progress(session, visit.link, reports))


def planned() -> list[tuple[str, str, str]]:
    with db.reading() as session:
        found = session.scalars(select(CheckIn).order_by(CheckIn.due_at))
        return [(one.step, one.due_at.strftime("%Y-%m-%d %H:%M"), one.state.value) for one in found]


def scheduled() -> list[str]:
    return [step for step, _when, state in planned() if state == "scheduled"]


def ask(when: datetime) -> int:
    clock.move_to(when)
    with db.transaction() as session:
        return operations.queue_due_check_ins(session)


def messages() -> list[Message]:
    with db.reading() as session:
        return list(session.scalars(select(Message).where(Message.kind == MessageKind.CHECK_IN)))


def stored(model: type) -> list:
    with db.reading() as session:
        return list(session.scalars(select(model)))


def at(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def test_everybody_gets_a_link_when_the_surveys_open_and_keeps_it(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session, participants=3)
        builders.open_survey(session, event)
    first = {one.person_id: one.token_digest for one in stored(FollowupLink)}
    with db.transaction() as session:
        builders.attend(session, session.merge(event))
        operations.ensure_links(session, event)
    second = {one.person_id: one.token_digest for one in stored(FollowupLink)}
    assert len(first) == 3
    assert len(second) == 4
    assert first.items() <= second.items()


def test_a_link_goes_on_working_when_the_link_keys_are_rotated(owner: str, settings: Settings) -> None:
    rotated = Keyring("MANDE_LINK_KEYS", (b"n" * 32, *settings.link_keys))
    app = create_app(replace(settings, link_keys=rotated))
    with app.app_context():
        with db.transaction() as session:
            visit = links.visit(session, owner)
            assert visit is not None
            assert visit.person.name == "Ada Owner"
            assert links.token_of(visit.link) == owner
            newcomer = builders.link_of(session, builders.attend(session, visit.event))
            assert newcomer.link_key == rotated.fingerprint != visit.link.link_key
        db.database().engine.dispose()


@pytest.mark.parametrize("change", [str.upper, lambda token: f" {token[:9]} {token[9:]} ", lambda token: token])
def test_a_token_is_recognised_however_it_was_typed(owner: str, change: Callable[[str], str]) -> None:
    with db.reading() as session:
        assert links.visit(session, change(owner)) is not None


@pytest.mark.parametrize("token", ["", "a" * 26, "short", "ü" * 26])
def test_an_unknown_token_opens_nothing(owner: str, token: str) -> None:
    with db.reading() as session:
        assert links.visit(session, token) is None


def test_the_database_holds_no_token(owner: str) -> None:
    link = stored(FollowupLink)[0]
    assert owner.encode() not in link.token_digest
    assert owner not in repr([vars(link)])


def test_an_action_with_consent_is_planned_for_every_month_and_its_own_date(owner: str) -> None:
    add(owner, by_when=date(2021, 8, 12))
    assert planned() == [
        ("month-1", "2021-07-09 08:00", "scheduled"),
        ("due-2021-08-12", "2021-08-05 08:00", "scheduled"),
        ("month-3", "2021-09-09 08:00", "scheduled"),
        ("month-6", "2021-12-09 09:00", "scheduled"),
        ("month-12", "2022-06-09 08:00", "scheduled"),
    ]


def test_the_owners_own_zone_decides_what_nine_in_the_morning_is(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session)
        person = builders.make_person(session, country="KR", time_zone="Asia/Seoul")
        attendance = builders.attend(session, event, person)
        operations.add_action(
            session, builders.link_of(session, attendance), Intention("Train colleagues", consent=True)
        )
    assert planned()[0] == ("month-1", "2021-07-09 00:00", "scheduled")


def test_without_consent_nothing_is_planned_and_with_it_again(owner: str) -> None:
    action = add(owner, consent=False)
    assert planned() == []
    do(owner, lambda session, _visit: _change(session, action, consent=True))
    assert scheduled() == ["month-1", "month-3", "month-6", "month-12"]
    do(owner, lambda session, _visit: _change(session, action, consent=False))
    assert planned() == []


def _change(session: Session, action: PlannedAction, **values: object) -> None:
    found = session.get(PlannedAction, action.id)
    assert found is not None
    operations.change_action(session, found, found.owners[0].link, Intention(**{"what": found.what, **values}))


def test_changing_the_date_moves_the_question_before_it(owner: str) -> None:
    action = add(owner, by_when=date(2021, 8, 12))
    do(owner, lambda session, _visit: _change(session, action, consent=True, by_when=date(2021, 10, 20)))
    assert scheduled() == ["month-1", "month-3", "due-2021-10-20", "month-6", "month-12"]


def test_pressing_the_button_twice_writes_an_action_down_once(owner: str) -> None:
    assert add(owner).id == add(owner).id
    assert len(stored(PlannedAction)) == 1


def test_one_person_may_have_twenty_actions_and_no_more(owner: str) -> None:
    for number in range(operations.MOST_ACTIONS):
        add(owner, f"Action {number}")
    with pytest.raises(operations.TooManyActionsError):
        add(owner, "One too many")
    assert len(stored(PlannedAction)) == operations.MOST_ACTIONS


def test_withdrawing_erases_the_words_and_ends_the_questions(owner: str) -> None:
    action = add(owner, "Tell the secret", with_whom="Somebody", help_needed="Something", by_when=date(2021, 12, 1))
    report(owner, Report(action.id, Status.SOME_PROGRESS, what_changed="Secret words"))
    do(
        owner,
        lambda session, visit: operations.withdraw_action(
            session, session.get_one(PlannedAction, action.id), visit.link
        ),
    )
    (left,) = stored(PlannedAction)
    assert left.withdrawn
    assert (left.what, left.with_whom, left.help_needed, left.by_when) == (operations.ERASED, "", "", None)
    assert stored(Update) == []
    assert scheduled() == []


def test_an_action_of_somebody_else_is_out_of_reach(owner: str) -> None:
    action = add(owner)
    with db.transaction() as session:
        event = session.scalars(select(Event)).one()
        other = builders.attend(session, event)
        link = builders.link_of(session, other)
        assert operations.find_action(session, other.id, action.id) is None
        with pytest.raises(LookupError):
            operations.report_progress(session, link, [Report(action.id, Status.DONE)])


def test_one_message_asks_about_all_open_actions_in_their_owners_words(owner: str) -> None:
    add(owner, "Write to the minister", by_when=date(2021, 12, 1))
    add(owner, "Train <b>twelve</b> colleagues")
    add(owner, "Ask me not", consent=False)
    done = add(owner, "Done already")
    report(owner, Report(done.id, Status.DONE))
    assert ask(at("2021-07-09")) == 1
    (message,) = messages()
    assert message.to_name == "Ada Owner"
    assert message.reply_to_address == "robin@example.org"
    assert message.link_path == "/a/[[token]]/report"
    assert "- Write to the minister (by 1 December 2021)" in message.text
    assert "- Train <b>twelve</b> colleagues" in message.text
    assert "Train &lt;b&gt;twelve&lt;/b&gt; colleagues" in message.html
    assert "Ask me not" not in message.text
    assert "Done already" not in message.text
    assert message.text.count("[[link]]") == 1
    assert message.about == next(one.id for one in stored(CheckIn) if one.step == "month-1")


def test_a_check_in_is_asked_once_however_often_the_worker_looks(owner: str) -> None:
    add(owner)
    assert ask(at("2021-07-09")) == 1
    assert ask(at("2021-07-09", 13)) == 0
    assert len(messages()) == 1


def test_nobody_is_asked_before_nine(owner: str) -> None:
    add(owner)
    assert ask(datetime(2021, 7, 9, 7, 59, tzinfo=UTC)) == 0
    assert ask(datetime(2021, 7, 9, 8, 0, tzinfo=UTC)) == 1


def test_a_late_worker_asks_only_the_latest_and_in_working_hours(owner: str) -> None:
    add(owner)
    assert ask(at("2021-09-11", 3)) == 1  # a Saturday night
    assert [(step, state) for step, _due, state in planned()] == [
        ("month-1", "cancelled"),
        ("month-3", "asked"),
        ("month-6", "scheduled"),
        ("month-12", "scheduled"),
    ]
    assert messages()[0].due_at == at("2021-09-13", 8)
    assert next(one.asked_at for one in stored(CheckIn) if one.step == "month-3") == at("2021-09-13", 8)


def test_a_month_that_comes_soon_after_a_late_question_waits(owner: str) -> None:
    add(owner)
    assert ask(at("2021-09-06")) == 1
    assert planned()[1] == ("month-3", "2021-09-20 08:00", "scheduled")


def test_a_question_whose_message_never_went_is_replaced_by_the_next(owner: str) -> None:
    add(owner)
    ask(at("2021-07-09"))
    ask(at("2021-09-09"))
    states = {message.about: message.state for message in messages()}
    steps = {one.step: (one.state, states.get(one.id)) for one in stored(CheckIn)}
    assert steps["month-1"] == (CheckInState.CANCELLED, MessageState.CANCELLED)
    assert steps["month-3"] == (CheckInState.ASKED, MessageState.QUEUED)


def test_reporting_answers_the_check_in_and_keeps_every_word(owner: str) -> None:
    action = add(owner)
    ask(at("2021-07-09"))
    clock.move_to(at("2021-07-12", 15))
    report(owner, Report(action.id, Status.SOME_PROGRESS, "We met", Contribution.MUCH, "https://example.org/note",
                         date(2022, 3, 1)))  # fmt: skip
    (update,) = stored(Update)
    assert (update.status, update.what_changed, update.contribution) == (Status.SOME_PROGRESS, "We met", "much")
    assert update.evidence == "https://example.org/note"
    check_in = next(one for one in stored(CheckIn) if one.step == "month-1")
    assert (check_in.state, update.check_in_id) == (CheckInState.ANSWERED, check_in.id)
    (changed,) = stored(PlannedAction)
    assert (changed.status, changed.by_when) == (Status.SOME_PROGRESS, date(2022, 3, 1))
    assert scheduled() == ["month-3", "month-6", "due-2022-03-01", "month-12"]


def test_a_report_before_the_message_has_gone_takes_the_message_back(owner: str) -> None:
    action = add(owner)
    ask(at("2021-07-09"))
    report(owner, Report(action.id, Status.SOME_PROGRESS))
    assert [message.state for message in messages()] == [MessageState.CANCELLED]


@pytest.mark.parametrize("status", [Status.DONE, Status.NO_LONGER_PLANNED])
def test_an_action_that_has_ended_is_asked_about_no_more(owner: str, status: Status) -> None:
    action = add(owner, by_when=date(2021, 11, 3))
    report(owner, Report(action.id, status, by_when=date(2022, 1, 1)))
    assert scheduled() == []
    assert ask(at("2022-07-09")) == 0
    assert stored(PlannedAction)[0].by_when == date(2021, 11, 3)


def test_an_ended_action_may_be_reported_on_again_and_taken_up_again(owner: str) -> None:
    action = add(owner)
    report(owner, Report(action.id, Status.DONE))
    report(owner, Report(action.id, Status.SOME_PROGRESS))
    assert len(stored(Update)) == 2
    assert "month-3" in scheduled()


def test_what_was_reported_within_two_weeks_is_not_asked_again(owner: str) -> None:
    action = add(owner)
    clock.move_to(at("2021-07-05"))
    report(owner, Report(action.id, Status.SOME_PROGRESS))
    assert planned()[0] == ("month-1", "2021-07-19 08:00", "scheduled")


def test_a_person_who_stops_is_asked_nothing_until_they_resume(owner: str) -> None:
    add(owner)
    ask(at("2021-07-09"))
    do(owner, lambda session, visit: operations.stop(session, visit.link))
    assert [message.state for message in messages()] == [MessageState.CANCELLED]
    assert scheduled() == []
    assert ask(at("2021-09-09")) == 0
    do(owner, lambda session, visit: operations.resume(session, visit.link))
    assert scheduled() == ["month-6", "month-12"]
    assert ask(at("2021-12-09")) == 1


def test_somebody_who_stopped_may_still_report(owner: str) -> None:
    action = add(owner)
    do(owner, lambda session, visit: operations.stop(session, visit.link))
    report(owner, Report(action.id, Status.WELL_ADVANCED))
    assert stored(PlannedAction)[0].status is Status.WELL_ADVANCED
    assert scheduled() == []


def test_an_address_that_takes_no_mail_is_not_counted_as_asked(owner: str) -> None:
    add(owner)
    with db.transaction() as session:
        address = session.scalars(select(FollowupLink)).one().person.email
        session.add(Suppression(address=address, reason="bounced", since=clock.now()))
    assert ask(at("2021-07-09")) == 0
    assert planned()[0] == ("month-1", "2021-07-09 08:00", "cancelled")
    assert [(one.state, one.problem) for one in messages()] == [
        (MessageState.CANCELLED, "Nothing is sent to this address: bounced")
    ]


def test_check_ins_follow_the_dates_that_staff_give_an_event(owner: str) -> None:
    add(owner)
    assert planned()[0] == ("month-1", "2021-07-09 08:00", "scheduled")
    later = timedelta(days=28)

    with db.transaction() as session:
        event = session.scalars(select(Event)).one()
        said = storing.stored(event)
        meetings = tuple(
            replace(one, starts_at=one.starts_at + later, ends_at=one.ends_at + later) for one in said.meetings
        )
        storing.save(session, replace(said, meetings=meetings), "a test")

    # The seventh of August is a Saturday.
    assert planned()[0] == ("month-1", "2021-08-09 08:00", "scheduled")


def test_when_an_event_moves_what_is_still_to_come_moves_with_it(owner: str) -> None:
    add(owner)
    ask(at("2021-07-09"))
    with db.transaction() as session:
        event = session.scalars(select(Event)).one()
        event.checkin_months = [1, 2, 4]
        session.flush()
        operations.reschedule(session, event)
    assert [(step, state) for step, _due, state in planned()] == [
        ("month-1", "asked"),
        ("month-2", "scheduled"),
        ("month-4", "scheduled"),
    ]


def test_many_people_are_asked_in_a_few_statements(app: Flask, count_statements: Callable[[], int]) -> None:
    with db.transaction() as session:
        event = builders.make_event(session)
        for number in range(40):
            attendance = builders.attend(session, event)
            operations.add_action(
                session, builders.link_of(session, attendance), Intention(f"Action {number}", consent=True)
            )
    clock.move_to(at("2021-07-09"))
    before = count_statements()
    with db.transaction() as session:
        assert checkins.ask_some(session) == checkins.Asked(people=40, queued=40)
    assert count_statements() - before < 25


def test_two_workers_at_once_ask_each_person_once(app: Flask) -> None:
    from threading import Barrier
    from threading import Thread

    with db.transaction() as session:
        event = builders.make_event(session)
        for number in range(30):
            attendance = builders.attend(session, event)
            operations.add_action(
                session, builders.link_of(session, attendance), Intention(f"Action {number}", consent=True)
            )
    clock.move_to(at("2021-07-09"))
    start, queued = Barrier(3), []

    def work() -> None:
        with app.app_context():
            start.wait()
            while True:
                with db.transaction() as session:
                    asked = checkins.ask_some(session, limit=7)
                queued.append(asked.queued)
                if not asked.people:
                    return

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with db.transaction() as session:
        queued.append(operations.queue_due_check_ins(session))
    assert sum(queued) == 30
    assert len(messages()) == 30
    assert {one.state for one in stored(CheckIn) if one.step == "month-1"} == {CheckInState.ASKED}
