"""When owners are asked over all of their events, and what staff change in it."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from threading import Barrier
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as events_of
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events.describing import storing
from mande.events.models import Event
from mande.events.models import Person
from mande.events.records import people
from mande.followup import operations
from mande.followup.asking import checkins
from mande.followup.asking import renewing
from mande.followup.models import CheckIn
from mande.followup.models import FollowupLink
from mande.followup.models import QuietPeriod
from mande.followup.models import ScheduleRenewal
from mande.followup.operations import Intention
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import Suppression
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from tests import builders

SOON = datetime(2021, 6, 10, 10, tzinfo=UTC)
DAYS = timedelta(days=2)
PAGE = "/staff/events/WP1873v/check-ins"


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(SOON)
    yield
    clock.move_to(None)


def plans(session: Session, event: Event, person: Person, **values: object) -> FollowupLink:
    link = builders.link_of(session, builders.attend(session, event, person))
    operations.add_action(session, link, Intention("Train colleagues", consent=True, **values))
    return link


def at(day: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def ask(when: datetime) -> int:
    clock.move_to(when)
    with db.transaction() as session:
        return operations.queue_due_check_ins(session)


def told(*states: str) -> list[tuple[str, str, str, str]]:
    """Event, step, moment and state, in order of time."""
    columns = select(Event.code, CheckIn.step, CheckIn.due_at, CheckIn.state)
    with db.reading() as session:
        found = session.execute(
            columns.join(CheckIn.link).join(FollowupLink.event).order_by(CheckIn.due_at, Event.code)
        )
        return [(code, step, f"{due:%Y-%m-%d %H:%M}", state.value) for code, step, due, state in found
                if not states or state in states]  # fmt: skip


def months(*names: int) -> list[tuple[str, str, str, str]]:
    return [one for one in told() if one[1] in [f"month-{name}" for name in names]]


@pytest.fixture
def two_events(app: Flask) -> None:
    """One person who planned something at two events, of which WP1999 ended two days after the other."""
    with db.transaction() as session:
        first, second = builders.make_event(session), builders.make_event(session, code="WP1999")
        for meeting in second.meetings:
            meeting.starts_at, meeting.ends_at = meeting.starts_at + DAYS, meeting.ends_at + DAYS
        person = builders.make_person(session, "Ada Owner", country="GB")
        plans(session, first, person)
        plans(session, second, person)


def test_two_events_ask_one_person_in_turn_and_what_one_asks_late_moves_the_other(two_events: None) -> None:
    first, second = "WP1873v", "WP1999"
    assert months(1) == [(first, "month-1", "2021-07-09 08:00", "scheduled"),
                         (second, "month-1", "2021-07-23 08:00", "scheduled")]  # fmt: skip
    # The worker was away until both were due: it asks about one event, and moves the other.
    assert ask(at("2021-07-26")) == 1
    assert months(1) == [(first, "month-1", "2021-07-09 08:00", "asked"),
                         (second, "month-1", "2021-08-09 08:00", "scheduled")]  # fmt: skip
    assert ask(at("2021-07-26", 13)) == 0
    # A quiet period that nobody has planned for yet is kept all the same.
    with db.transaction() as session:
        session.add(QuietPeriod(starts_on=date(2021, 8, 9), ends_on=date(2021, 8, 13)))
    assert ask(at("2021-08-09")) == 0
    assert months(1)[1] == (second, "month-1", "2021-08-16 08:00", "scheduled")
    assert ask(at("2021-08-16")) == 1
    assert ask(at("2021-09-13")) == 1
    with db.reading() as session:
        moments = sorted(session.scalars(select(CheckIn.asked_at).where(CheckIn.asked_at.is_not(None))))
        assert [f"{one:%m-%d}" for one in moments] == ["07-26", "08-16", "09-13"]
        assert len(session.scalars(select(Message)).all()) == 3


def test_a_schedule_follows_the_events_hours_the_persons_zone_and_quiet_days(app: Flask, two_events: None) -> None:
    with db.transaction() as session:
        session.add(Person(email="busy@example.org", name="Somebody else"))
        event = session.scalars(select(Event).where(Event.code == "WP1873v")).one()
        said = storing.stored(event)
        storing.save(session, said.__class__(**{**vars(said), "checkin_from": "10:30", "checkin_months": (1,)}), "test")
    assert [one[1:3] for one in told() if one[0] == "WP1873v"] == [("month-1", "2021-07-09 09:30")]
    with db.transaction() as session:
        person = session.scalars(select(Person).where(Person.name == "Ada Owner")).one()
        people.change(session, person, {"time_zone": "Asia/Seoul", "country": "KR"})
    assert {due[-5:] for _code, _step, due, _state in told()} == {"00:00", "01:30"}

    # What the house changes, the worker brings to everybody, some at a time.
    with db.transaction() as session:
        period = QuietPeriod(starts_on=date(2021, 7, 5), ends_on=date(2021, 7, 16))
        session.add(period)
        session.flush()
        renewing.of_quiet_period(session, period)
        renewing.of_quiet_period(session, period)
        assert renewing.waiting(session) == 1
    assert renewing.run() == 1
    assert renewing.run() == 0
    assert [due[:10] for _code, _step, due, _state in months(1)] == ["2021-07-19", "2021-08-02"]


def test_many_people_of_many_events_are_asked_in_as_many_statements_as_a_few(app: Flask) -> None:
    with db.transaction() as session:
        first = builders.make_event(session)
        someone = [plans(session, first, builders.make_person(session, country="GB")).person for _ in range(3)]
        for number in range(12):
            event = builders.make_event(session, code=f"E{number}")
            for person in someone if number == 0 else [builders.make_person(session, country="GB") for _ in range(2)]:
                plans(session, event, person)
    sent: list[str] = []
    listener = lambda _c, _cursor, statement, *_others: sent.append(statement)  # noqa: E731
    events_of.listen(db.database().engine, "before_cursor_execute", listener)
    clock.move_to(at("2021-07-09"))
    with db.transaction() as session:
        assert checkins.ask_some(session) == checkins.Asked(people=25, queued=25)
    assert len(sent) < 20


def test_workers_that_look_at_once_ask_one_person_about_one_event_only(two_events: None, app: Flask) -> None:
    with db.transaction() as session:
        events = session.scalars(select(Event).order_by(Event.code)).all()
        for _ in range(8):
            person = builders.make_person(session, country="GB")
            for event in events:
                plans(session, event, person)
    clock.move_to(at("2021-07-26"))
    start = Barrier(3)

    def work() -> None:
        with app.app_context():
            start.wait()
            for _ in range(12):
                with db.transaction() as session:
                    checkins.ask_some(session, limit=4)

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ask(at("2021-07-26", 13))
    with db.reading() as session:
        assert len(session.scalars(select(Message).where(Message.kind == MessageKind.CHECK_IN)).all()) == 9
        to = session.execute(select(Message.to_address)).scalars().all()
        assert len(set(to)) == 9


def staff(client: FlaskClient, role: StaffRole = StaffRole.MANAGER) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=role))


def send(client: FlaskClient, path: str = PAGE + "/change", **values: object) -> str:
    answer = client.post(path, data={"csrf_token": builders.csrf(client), **values}, follow_redirects=True)
    assert answer.status_code in (200, 422)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.text))


def the(code: str, step: str, name: str = "Ada Owner") -> str:
    mine = select(CheckIn.id).join(CheckIn.link).join(FollowupLink.event).join(FollowupLink.person)
    with db.reading() as session:
        return session.scalars(mine.where(Event.code == code, CheckIn.step == step, Person.name == name)).one().hex


def when(code: str, step: str) -> tuple[str, str]:
    return next((due, state) for its, name, due, state in told() if (its, name) == (code, step))


def test_staff_put_check_ins_off_skip_them_and_ask_by_hand(client: FlaskClient, two_events: None) -> None:
    staff(client)
    month3 = the("WP1873v", "month-3")
    page = send(client, do="put_off", check_in=month3, moved="2021-10-05T15:30")
    assert "1 check-in is put off." in page
    assert "The team has put it off." in page
    assert when("WP1873v", "month-3") == ("2021-10-05 14:30", "scheduled")
    # A Saturday: it goes out on the Monday after, and the list says why.
    page = send(client, do="put_off", check_in=month3, moved="2021-10-09T15:30")
    assert "1 of them comes later than that" in page
    assert "on a day of rest" in page
    assert when("WP1873v", "month-3") == ("2021-10-11 08:00", "scheduled")
    assert "that moment has passed" in send(client, do="put_off", check_in=month3, moved="2021-06-01T09:00")
    page = send(client, do="put_off", check_in=month3, moved="soon")
    assert "There is a problem" in page
    assert "Enter the day and the hour" in page
    assert "Tick at least one check-in." in send(client, do="skip")
    assert "is back on its own day" in send(client, do="give_back", check_in=month3)
    assert when("WP1873v", "month-3")[0] < "2021-10-01"

    assert "1 check-in is skipped." in send(client, do="skip", check_in=month3)
    assert "this check-in is over" in send(client, do="skip", check_in=month3)
    assert when("WP1873v", "month-3")[1] == "skipped"
    assert "no longer skipped" in send(client, do="take_back", check_in=month3)
    assert when("WP1873v", "month-3")[1] == "scheduled"

    clock.move_to(at("2021-07-01"))
    with db.transaction() as session:
        session.add(QuietPeriod(starts_on=date(2021, 7, 1), ends_on=date(2021, 7, 2)))
    last = the("WP1873v", "month-12")
    assert "it is a quiet period until 2 July 2021" in send(client, do="ask_now", check_in=last)
    assert "1 check-in goes out now" in send(client, do="ask_now", check_in=last, in_quiet="y")
    assert when("WP1873v", "month-12")[1] == "asked"
    # The other event keeps its distance from it, and cannot be asked about by hand either.
    assert when("WP1999", "month-1")[0] >= "2021-07-15"
    other = "/staff/events/WP1999/check-ins/change"
    page = send(client, other, do="ask_now", check_in=the("WP1999", "month-1"), in_quiet="y")
    assert "asked once in two weeks at most: WP1873v asks on 1 July 2021" in page
    with db.reading() as session:
        (message,) = session.scalars(select(Message))
        # It is asked eleven months early, and does not say that a year has passed.
        assert ("12 months" in message.text, "you said that you would do this" in message.text) == (False, True)
        done = session.scalars(select(AuditEntry.action).order_by(AuditEntry.at)).all()
    assert done == ["check-ins put off", "check-ins put off", "check-ins back on their own days", "check-ins skipped",
                    "check-ins no longer skipped", "check-ins asked by hand"]  # fmt: skip


def test_what_forbids_a_question_by_hand_is_explained(client: FlaskClient, app: Flask) -> None:
    names = ("Stopped", "Done", "Snoozed", "Bounced")
    with db.transaction() as session:
        event = builders.make_event(session)
        for name in names:
            plans(session, event, builders.make_person(session, name, country="GB"))
    staff(client)
    ids = {name: the("WP1873v", "month-6", name) for name in names}
    with db.transaction() as session:
        for check_in in session.scalars(select(CheckIn).where(CheckIn.step == "month-6")):
            check_in.state = checkins.CheckInState.SKIPPED
        for link in session.scalars(select(FollowupLink)):
            name = link.person.name
            if name == "Stopped":
                operations.stop(session, link)
            elif name == "Snoozed":
                link.snoozed_until = date(2021, 9, 1)
            elif name == "Bounced":
                session.add(Suppression(address=link.person.email, reason="bounced", since=clock.now()))
            else:
                (action,) = operations.actions_of(session, link.id)
                operations.withdraw_action(session, action, link)
    page = send(client, do="ask_now", check_in=list(ids.values()))
    for said in ("Stopped has stopped all follow-up.", "Done has nothing open", "not to be asked before 1 September",
                 "Bounced: the address takes no mail."):  # fmt: skip
        assert said in page
    with db.reading() as session:
        assert session.scalars(select(Message)).all() == []


def test_the_page_tells_who_is_asked_when_and_why_and_leaves_with_no_discreet_person(
    client: FlaskClient, two_events: None
) -> None:
    with db.transaction() as session:
        event = session.scalars(select(Event).where(Event.code == "WP1873v")).one()
        plans(session, event, builders.make_person(session, "Discreet Person", country="GB", discreet=True),
              by_when=date(2021, 7, 20))  # fmt: skip
        builders.make_event(session, code="EMPTY")
        builders.make_event(session, code="QUIET", discreet=True)
    ask(at("2021-07-09"))
    staff(client, StaffRole.VIEWER)
    page = client.get(PAGE).text
    for said in ("1 month after the event", "a week before their own date, 20 July 2021", "asked, no answer yet",
                 "The message waits to leave.", "asks about all of it", "Fri 9 July 2021, 13:00 (BST)"):  # fmt: skip
        assert said in page
    assert "With those ticked" not in page
    assert "It keeps two weeks from the check-in of WP1873v." in client.get("/staff/events/WP1999/check-ins").text
    assert "Nothing is planned yet" in client.get("/staff/events/EMPTY/check-ins").text
    chosen = client.get(PAGE + "?state=asked&text=discreet&sort=-person").text
    assert ("Discreet Person" in chosen, "Ada Owner" in chosen) == (True, False)
    assert "There is none like that." in client.get(PAGE + "?text=nobody").text

    sent = client.post(PAGE + "/export", data={"csrf_token": builders.csrf(client), "state": "scheduled"})
    rows = list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))
    assert {row["person"] for row in rows} == {"Ada Owner"}
    assert rows[-1]["check-in"] == "12 months after the event"
    refused = client.post("/staff/events/QUIET/check-ins/export", data={"csrf_token": builders.csrf(client)})
    assert refused.status_code == 403


def test_staff_set_how_often_people_are_asked_and_when_not(client: FlaskClient, two_events: None) -> None:
    staff(client)
    typed = {"checkin_months": "2, 4", "checkin_days_before": "", "checkin_hours": "nine"}
    page = send(client, PAGE + "/cadence", **typed)
    assert "write it as 09:00-17:00" in page
    assert "Saved." in send(client, PAGE + "/cadence", **{**typed, "checkin_hours": "10:00-16:00"})
    assert {step for code, step, _due, _state in told() if code == "WP1873v"} == {"month-2", "month-4"}
    assert when("WP1873v", "month-2") == ("2021-08-09 09:00", "scheduled")

    period = {"starts": "2021-08-09", "ends": "2021-08-01", "why": "Summer"}
    page = send(client, PAGE + "/quiet", **period)
    assert "The last day comes before the first." in page
    assert "Nobody is asked about this event" in send(client, PAGE + "/quiet", **{**period, "ends": "2021-08-20"})
    assert when("WP1873v", "month-2") == ("2021-08-23 09:00", "scheduled")
    with db.reading() as session:
        mine = session.scalars(select(QuietPeriod.id)).one()
    assert "is removed" in send(client, f"{PAGE}/quiet/{mine}/remove")
    assert when("WP1873v", "month-2") == ("2021-08-09 09:00", "scheduled")

    house = "/staff/quiet-periods"
    assert "There is none yet" in client.get(house).text
    assert "Enter the first quiet day." in send(client, house, starts="", why="Kept as typed")
    assert "follow within some minutes" in send(client, house, starts="2021-08-09", ends="2021-08-13", why="Summit")
    assert "Summit" in client.get(PAGE).text
    assert renewing.run() == 1
    assert when("WP1873v", "month-2") == ("2021-08-16 09:00", "scheduled")
    with db.reading() as session:
        assert session.scalars(select(ScheduleRenewal)).all() == []
        both = session.scalars(select(QuietPeriod.id)).one()
    assert client.post(f"{PAGE}/quiet/{both}/remove", data={"csrf_token": builders.csrf(client)}).status_code == 404
    assert "is removed" in send(client, f"{house}/{both}/remove")
