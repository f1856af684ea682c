"""A year of two events, lived through under a moved clock: every message that went out, when, to whom and why."""

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from datetime import datetime
from itertools import pairwise
from operator import attrgetter
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import create_app
from mande import db
from mande.config import Settings
from mande.events.attendees import undelivered
from mande.events.models import Person
from mande.events.records import person_addresses
from mande.followup import operations
from mande.followup.asking import changing
from mande.followup.asking import quiet
from mande.followup.figures import track
from mande.followup.links import Visit
from mande.followup.models import ActionRequest
from mande.followup.models import CheckIn
from mande.followup.models import FollowupLink
from mande.followup.models import RequestKind
from mande.followup.models import RequestState
from mande.followup.models import Status
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.followup.requesting import requests
from mande.followup.requesting.requests import Question
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.reports import document
from mande.reports.kinds import EditionKind
from tests.integration import bounced
from tests.integration import published
from tests.integration.year import FIRST
from tests.integration.year import SECOND
from tests.integration.year import SOON
from tests.integration.year import Sent
from tests.integration.year import Year
from tests.integration.year import check_in_of
from tests.integration.year import event
from tests.smtp import StubServer
from tests.smtp import content

WRONG, RIGHT = "moved@example.org", "found@example.org"
HOURS = {FIRST: range(9, 17), SECOND: range(10, 16)}
QUIET = (date(2021, 12, 20), date(2022, 1, 3))
# Monday is 0.
WEEKENDS = defaultdict(lambda: (5, 6), {"Cairo": (4, 5)})
ZONES = defaultdict(lambda: "Europe/London", {
    "Seoul": "Asia/Seoul", "Cairo": "Africa/Cairo", "Mexico": "America/Mexico_City", "New York": "America/New_York",
})  # fmt: skip

Act = Callable[[Session, Visit], object]
Told = list[tuple[str, str]]

MONTH_1, MONTH_3, MONTH_6, MONTH_12 = "It is a month", "It is 3 months", "It is 6 months", "It is 12 months"
THANKS = "Thank you, and what came of"
OWN_PAGE = "Your own page: what you plan after"


@pytest.fixture
def year(settings: Settings, smtp: StubServer) -> Iterator[Year]:
    clock.move_to(SOON)
    app = create_app(replace(settings, mail=smtp.settings(bounce_address=bounced.BOUNCES)))
    app.testing = True
    with app.app_context():
        yield Year(app, smtp)
    clock.move_to(None)


def plan(what: str, by_when: date | None = None) -> Intention:
    return Intention(what, by_when, consent=True)


def report(status: Status, number: int = 0, **others: str) -> Act:
    def act(session: Session, visit: Visit) -> None:
        action = sorted(operations.actions_of(session, visit.link.id), key=attrgetter("what"))[-1 - number]
        operations.report_progress(session, visit.link, [Report(action.id, status, **others)])

    return act


def stop(session: Session, visit: Visit) -> None:
    operations.stop(session, visit.link)


def resume(session: Session, visit: Visit) -> None:
    operations.resume(session, visit.link)


def pause(until: date) -> Act:
    return lambda session, visit: operations.snooze(session, visit.link, until)


def withdraw(session: Session, visit: Visit) -> None:
    operations.withdraw_action(session, operations.actions_of(session, visit.link.id)[0], visit.link)


def add_late(session: Session, visit: Visit) -> None:
    operations.add_action(session, visit.link, plan("Something new", date(2022, 4, 29)))


def ask(kind: RequestKind, name: str, address: str) -> Act:
    def act(session: Session, visit: Visit) -> None:
        (action,) = operations.actions_of(session, visit.link.id)
        requests.ask(session, visit.link, action, Question(kind, name, address))

    return act


def put_off(name: str, step: str, wall: str) -> None:
    with db.transaction() as session:
        wanted = [check_in_of(session, name, step).id]
        assert changing.put_off(session, event(session, FIRST), wanted, datetime.fromisoformat(wall)).number == 1


def skip(name: str, step: str) -> None:
    with db.transaction() as session:
        assert changing.skip(session, event(session, FIRST), [check_in_of(session, name, step).id]).number == 1


def keep_quiet() -> None:
    with db.transaction() as session:
        starts, ends = (day.isoformat() for day in QUIET)
        assert quiet.add(session, None, quiet.Typed(starts, ends, "The house is closed")) is None


def correct_address() -> None:
    with db.transaction() as session:
        assert undelivered.correct(session, event(session, FIRST), WRONG, RIGHT) == 1
        assert undelivered.send_again(session, event(session, SECOND), WRONG) == 1


def change_address(session: Session, visit: Visit) -> None:
    person_addresses.correct_main(session, visit.person, "settled@example.org")


def publish() -> None:
    with db.transaction() as session:
        first = event(session, FIRST)
        published.close_survey(session, first)
        published.put(session, first, EditionKind.PUBLIC, 1, document.build(session, first, EditionKind.PUBLIC))


def people_plan(year: Year) -> None:
    year.plans("Silent", plan("Write"))
    year.plans("Diligent", plan("Train"), plan("Draft", date(2021, 11, 3)))
    year.plans("Finished", plan("Publish"))
    year.plans("Stopped", plan("Ask"))
    year.plans("Clicked stop", plan("Call"))
    year.plans("Wrote stop", plan("Print"))
    year.plans("Back again", plan("Meet"))
    year.plans("Withdrawn", plan("Propose"))
    year.plans("Never asked", Intention("Whisper", consent=False))
    year.plans("Latecomer")
    year.plans("Dated", plan("Soon", date(2021, 9, 15)), plan("Later", date(2022, 2, 21)))
    year.plans("At Christmas", plan("Reopen", date(2022, 1, 6)))
    year.plans("In spring", plan("Plant", date(2022, 4, 4)))
    year.plans("Seoul", plan("Host"), country="KR", time_zone="Asia/Seoul")
    year.plans("Cairo", plan("Teach"), country="EG", time_zone="Africa/Cairo")
    year.plans("Mexico", plan("Adapt"), country="MX", time_zone="America/Mexico_City")
    year.plans("New York", plan("Vote", date(2022, 3, 21)), country="US", time_zone="America/New_York")
    year.plans("Paused", plan("Rest"))
    year.plans("Put off", plan("Wait"))
    year.plans("Skipped", plan("Leap"))
    year.plans("Full mailbox", plan("Clear"))
    year.plans("Full and paused", plan("Sort"))
    year.plans("Moved and paused", plan("Settle"))
    year.plans("Gives away", plan("Hand on"))
    year.plans("Hopeful", plan("Share"))
    year.plans("Together", plan("Convene"))
    year.plans("Alongside", email="alongside@example.org")
    for code in (FIRST, SECOND):
        year.plans("Moved", plan("Pack"), at=code, email=WRONG)
        year.plans("At both", plan("Compare"), at=code)
        year.plans("Stopped one of two", plan("Choose"), at=code)


def things_happen(year: Year) -> None:
    year.on("2021-07-12", "Diligent", report(Status.SOME_PROGRESS, 0, what_changed="We began"))
    year.on("2021-09-01", "Diligent", report(Status.WELL_ADVANCED, 0))  # of their own accord, about one of two
    year.on("2021-12-01", "Diligent", report(Status.WELL_ADVANCED, 0))
    year.on("2021-12-01", "Diligent", report(Status.SOME_PROGRESS, 1))  # all of it: the sixth month waits
    year.on("2022-01-10", "Diligent", report(Status.DONE, 1))
    year.on("2021-09-10", "Finished", report(Status.DONE))
    year.on("2021-08-01", "Stopped", stop)
    year.happens("2021-07-09", lambda: year.clicks_stop("Clicked stop"))
    year.happens("2021-09-12", lambda: year.writes_stop("Wrote stop"))
    year.on("2021-07-20", "Back again", stop)
    year.on("2021-11-20", "Back again", resume)
    year.on("2021-09-20", "Withdrawn", withdraw)
    year.on("2021-10-05", "Latecomer", add_late)
    year.on("2021-08-15", "Paused", pause(date(2021, 10, 4)))
    year.on("2021-08-15", "Stopped one of two", stop)

    year.on("2021-08-10", "Gives away", ask(RequestKind.TAKE_OVER, "Taker", "taker@example.org"))
    year.happens("2021-08-12", lambda: year.agrees("Taker"))
    year.on("2021-08-20", "Hopeful", ask(RequestKind.TAKE_OVER, "No answer", "no-answer@example.org"))
    year.on("2021-06-15", "Together", ask(RequestKind.JOIN, "Alongside", "alongside@example.org"))
    year.happens("2021-06-16", lambda: year.agrees("Alongside"))
    year.on("2021-07-12", "Together", report(Status.WELL_ADVANCED))
    year.on("2021-07-14", "Alongside", report(Status.NOT_STARTED))

    year.happens("2021-07-12", lambda: put_off("Put off", "month-3", "2021-09-22 14:00"))
    year.happens("2022-02-14", lambda: put_off("Put off", "month-12", "2022-06-11 14:00"))
    year.happens("2021-08-20", lambda: skip("Skipped", "month-3"))
    year.happens("2021-11-15", keep_quiet)
    year.happens("2021-07-09", lambda: year.comes_in("postfix-no-such-user", "Moved"))
    year.happens("2021-10-01", correct_address)
    year.happens("2021-07-09", lambda: year.comes_in("postfix-no-such-user", "Moved and paused"))
    year.on("2021-09-20", "Moved and paused", pause(date(2021, 10, 5)))
    year.on("2021-10-01", "Moved and paused", change_address)
    year.happens("2021-07-10", lambda: year.comes_in("gmail-mailbox-full", "Full mailbox"))
    year.on("2021-07-10", "Full and paused", pause(date(2021, 7, 14)))
    year.happens("2021-07-10", lambda: year.comes_in("gmail-mailbox-full", "Full and paused"))
    year.happens("2022-07-15", publish)


def expected() -> dict[str, Told]:
    whole = [("2021-07-09 08:01", MONTH_1), ("2021-09-09 08:01", MONTH_3), ("2021-12-09 09:01", MONTH_6),
             ("2022-06-09 08:01", MONTH_12)]  # fmt: skip
    first, third, sixth, last = whole
    thanks = ("2022-07-15 12:01", THANKS)
    return {
        "Silent": [*whole, thanks],
        "Diligent": [first, third, ("2021-10-27 08:01", "3 November 2021"), ("2021-12-15 09:01", MONTH_6), last,
                     thanks],
        "Finished": [first, third, thanks],
        "Stopped": [first],
        "Clicked stop": [first],
        "Wrote stop": [first, third],
        "Back again": [first, sixth, last, thanks],
        "Withdrawn": [first, third],
        "Latecomer": [sixth, ("2022-04-22 08:01", "29 April 2022"), last, thanks],
        # The date in September is covered by the third month; the one in February has a question of its own.
        "Dated": [first, third, sixth, ("2022-02-14 09:01", "21 February 2022"), last, thanks],
        # A week before would be 30 December, when the house is quiet.
        "At Christmas": [first, third, sixth, ("2022-01-04 09:01", "6 January 2022"), last, thanks],
        # The day after clocks went forward: planned in summer, kept all winter, asked at nine in the morning.
        "In spring": [first, third, sixth, ("2022-03-28 08:01", "4 April 2022"), last, thanks],
        "Seoul": [("2021-07-09 00:01", MONTH_1), ("2021-09-09 00:01", MONTH_3), ("2021-12-09 00:01", MONTH_6),
                  ("2022-06-09 00:01", MONTH_12), ("2022-07-18 00:01", THANKS)],
        # 9 July 2021 was a Friday: in Cairo people were asked on Sunday, two hours before London's nine.
        "Cairo": [("2021-07-11 07:01", MONTH_1), ("2021-09-09 07:01", MONTH_3), ("2021-12-09 07:01", MONTH_6),
                  ("2022-06-09 07:01", MONTH_12), ("2022-07-17 07:01", THANKS)],
        "Mexico": [("2021-07-09 14:01", MONTH_1), ("2021-09-09 14:01", MONTH_3), ("2021-12-09 15:01", MONTH_6),
                   ("2022-06-09 14:01", MONTH_12), ("2022-07-15 14:01", THANKS)],
        # Clocks there went forward on 13 March, two weeks before London's.
        "New York": [("2021-07-09 13:01", MONTH_1), ("2021-09-09 13:01", MONTH_3), ("2021-12-09 14:01", MONTH_6),
                     ("2022-03-14 13:01", "21 March 2022"), ("2022-06-09 13:01", MONTH_12),
                     ("2022-07-15 13:01", THANKS)],
        "Paused": [first, ("2021-10-04 08:01", MONTH_3), sixth, last, thanks],
        # Two in the afternoon, as the team said; and on Monday morning where they said a Saturday.
        "Put off": [first, ("2021-09-22 13:01", MONTH_3), sixth, ("2022-06-13 08:01", MONTH_12), thanks],
        "Skipped": [first, sixth, last, thanks],
        # The first message came back. The third month's of both events waited for the right address, and keep apart.
        "Moved": [first, ("2021-10-01 12:01", MONTH_3), ("2021-10-15 09:01", f"{MONTH_3}, {SECOND}"), sixth,
                  ("2022-01-04 10:01", f"{MONTH_6}, {SECOND}"), last, ("2022-06-23 09:01", f"{MONTH_12}, {SECOND}"),
                  thanks],
        # It came back on a Saturday, for now: the same message goes once more on Monday.
        "Full mailbox": [first, ("2021-07-12 08:01", MONTH_1), third, sixth, last, thanks],
        "Full and paused": [first, ("2021-07-14 08:01", MONTH_1), third, sixth, last, thanks],
        # The third month's was not sent, comes back into the schedule with the pause, and then goes to the new address.
        "Moved and paused": [first, ("2021-10-05 08:01", MONTH_3), sixth, last, thanks],
        "Gives away": [first],
        "Taker": [("2021-08-10 12:01", "Gives away asks: would you take this over?"), ("2021-08-12 12:01", OWN_PAGE),
                  third, sixth, last, thanks],
        "Hopeful": [*whole, thanks],
        "No answer": [("2021-08-20 12:01", "Hopeful asks: would you take this over?")],
        "Together": [*whole, thanks],
        "Alongside": [("2021-06-15 12:01", "Together asks: would you do this together?"),
                      ("2021-06-16 12:01", OWN_PAGE), *whole, thanks],
        # The second event keeps two weeks from the first, and its own hours; in winter the quiet period as well.
        "At both": [first, ("2021-07-23 09:01", f"{MONTH_1}, {SECOND}"), third,
                    ("2021-09-23 09:01", f"{MONTH_3}, {SECOND}"), sixth,
                    ("2022-01-04 10:01", f"{MONTH_6}, {SECOND}"), last,
                    ("2022-06-23 09:01", f"{MONTH_12}, {SECOND}"), thanks],
        # Once they have stopped the first, nothing keeps the second from its own days.
        "Stopped one of two": [first, ("2021-07-23 09:01", f"{MONTH_1}, {SECOND}"),
                               ("2021-09-14 09:01", f"{MONTH_3}, {SECOND}"),
                               ("2021-12-14 10:01", f"{MONTH_6}, {SECOND}"),
                               ("2022-06-14 09:01", f"{MONTH_12}, {SECOND}")],
    }  # fmt: skip


def test_a_year_of_two_events(year: Year) -> None:
    people_plan(year)
    things_happen(year)

    year.pass_by(500)

    sent = year.sent()
    told: dict[str, Told] = defaultdict(list)
    for one in sent:
        told[one.name].append(one.told)
    assert told == expected()
    keeps_to_working_hours(sent)
    keeps_two_weeks_apart(sent)
    nothing_goes_to_whoever_stopped(year, sent)
    is_asked_once_by_their_own_link(year, sent)
    ends_as_told()


def keeps_to_working_hours(sent: Sequence[Sent]) -> None:
    """Whatever Mande says of its own accord, at the end too."""
    for one in sent:
        local = one.at.astimezone(ZoneInfo(ZONES[one.name]))
        if one.kind is not MessageKind.REQUEST:
            assert local.hour in HOURS[one.event], one.told
            assert local.weekday() not in WEEKENDS[one.name], one.told
            assert not QUIET[0] <= local.date() <= QUIET[1], one.told


def keeps_two_weeks_apart(sent: Sequence[Sent]) -> None:
    """Over both events. What came back and went once more is the same question."""
    asked: dict[str, list[date]] = defaultdict(list)
    for one in check_ins(sent):
        asked[one.name].append(one.at.astimezone(ZoneInfo(ZONES[one.name])).date())
    assert min((later - earlier).days for days in asked.values() for earlier, later in pairwise(days)) == 14


def nothing_goes_to_whoever_stopped(year: Year, sent: Sequence[Sent]) -> None:
    """Nothing of any kind about that event: neither sent afterwards, nor waiting. Nor to an address that is no more."""
    with db.reading() as session:
        stopped = session.scalars(select(FollowupLink).where(FollowupLink.stopped)).all()
        assert {(link.person.name, link.event.code) for link in stopped} == {
            ("Stopped", FIRST), ("Clicked stop", FIRST), ("Wrote stop", FIRST), ("Stopped one of two", FIRST),
        }  # fmt: skip
        for link in stopped:
            since = year.stopped[link.person.name, link.event.code]
            theirs = [one for one in sent if (one.address, one.event) == (link.person.email, link.event.code)]
            assert theirs
            assert all(one.at < since for one in theirs)
        assert not session.scalars(select(Message).where(Message.state.in_(outbox.UNSENT))).all()
    assert [one.told for one in sent if one.address == WRONG] == expected()["Moved"][:1]
    assert [one.told for one in sent if one.address == RIGHT] == expected()["Moved"][1:]
    moved = {one.address for one in sent if one.name == "Moved and paused"} - {"settled@example.org"}
    assert bounced.suppressed() == dict.fromkeys({WRONG, *moved}, "bounced")


def is_asked_once_by_their_own_link(year: Year, sent: Sequence[Sent]) -> None:
    for one in check_ins(sent):
        if token := year.tokens.get((one.name, one.event)):
            assert f"http://mande.test/a/{token}/report" in content(one.message, "plain")
    with db.reading() as session:
        asked = session.scalars(select(CheckIn).where(CheckIn.asked_at.is_not(None))).all()
        assert len(check_ins(sent)) == len(asked)


def check_ins(sent: Sequence[Sent]) -> list[Sent]:
    """Each check-in as it went last."""
    found = {one.message["Message-ID"]: one for one in sent if one.kind is MessageKind.CHECK_IN}
    return list(found.values())


def ends_as_told() -> None:
    """What was asked of colleagues, and two owners of one action who say different things."""
    with db.reading() as session:
        ended = session.scalars(select(ActionRequest).order_by(ActionRequest.asked_at)).all()
        assert [(one.kind, one.state, one.to_address) for one in ended] == [
            (RequestKind.JOIN, RequestState.AGREED, None),
            (RequestKind.TAKE_OVER, RequestState.AGREED, None),
            (RequestKind.TAKE_OVER, RequestState.EXPIRED, None),
        ]
        tracked = track(session, event(session, FIRST))
        assert [one.action.what for one in tracked if one.conflicting] == ["Convene"]
        taker = session.scalars(select(Person).where(Person.name == "Taker")).one()
        (link,) = session.scalars(select(FollowupLink).where(FollowupLink.person_id == taker.id))
        assert link.attendance is None
        assert [action.what for action in operations.actions_of(session, link.id)] == ["Hand on"]
