"""A year of one event, lived through under a moved clock: every message that went out, when, to whom and why."""

from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from email.message import EmailMessage
from operator import attrgetter

import pytest
from flask import Flask
from sqlalchemy import select

from mande import clock
from mande import db
from mande.followup import clockwork
from mande.followup import links
from mande.followup import operations
from mande.followup.models import CheckIn
from mande.followup.models import Status
from mande.followup.operations import Intention
from mande.followup.operations import Report
from tests import builders
from tests.smtp import StubServer
from tests.smtp import content

SOON = datetime(2021, 6, 10, 10, tzinfo=UTC)
# Nine in the morning in Seoul, Cairo, London in summer, London in winter, and Mexico City in either season.
LOOKS = (0, 7, 8, 9, 14, 15)


@pytest.fixture(autouse=True)
def a_clock_of_our_own() -> Iterator[None]:
    clock.move_to(SOON)
    yield
    clock.move_to(None)


class Year:
    """People who plan something, what they do on which day, and the messages that they get."""

    def __init__(self, smtp: StubServer) -> None:
        self.smtp = smtp
        self.tokens: dict[str, str] = {}
        self.sent: list[tuple[str, str, str]] = []
        self.acts: dict[date, list] = {}
        smtp.on_message = self._note
        with db.transaction() as session:
            self.event = builders.make_event(session)

    def plans(self, name: str, *intentions: Intention, **person: str) -> None:
        with db.transaction() as session:
            someone = builders.make_person(session, name, **{"country": "GB", **person})
            attendance = builders.attend(session, self.event, someone)
            for intention in intentions:
                operations.add_action(session, builders.link_of(session, attendance), intention)
            self.tokens[name] = links.token_of(builders.link_of(session, attendance))

    def on(self, day: str, name: str, act) -> None:
        """On that day at noon (UTC) the person does something with their link."""
        self.acts.setdefault(date.fromisoformat(day), []).append((name, act))

    def pass_by(self, days: int) -> None:
        """Lets the worker look at the hours at which anything may happen, day after day."""
        for number in range(days):
            today = SOON.date() + timedelta(number)
            for hour in LOOKS:
                clock.move_to(max(SOON, datetime(today.year, today.month, today.day, hour, 1, tzinfo=UTC)))
                if clockwork.check_in():
                    clockwork.send()
                if hour == 9:
                    for name, act in self.acts.get(today, []):
                        self._do(name, act)

    def _do(self, name: str, act) -> None:
        with db.transaction() as session:
            visit = links.visit(session, self.tokens[name])
            assert visit is not None
            act(session, visit)

    def _note(self, message: EmailMessage) -> None:
        why = content(message, "plain").split("\n\n")[1]
        reason = why.split(",")[1].strip() if why.startswith("A date") else why.split(" since ")[0]
        self.sent.append((clock.now().strftime("%Y-%m-%d %H:%M"), message["To"].addresses[0].display_name, reason))

    def of(self, name: str) -> list[tuple[str, str]]:
        return [(when, why) for when, who, why in self.sent if who == name]


def report(status: Status, number: int = 0, **others: object):
    def act(session, visit) -> None:
        action = sorted(operations.actions_of(session, visit.link.id), key=attrgetter("what"))[-1 - number]
        operations.report_progress(session, visit.link, [Report(action.id, status, **others)])

    return act


def stop(session, visit) -> None:
    operations.stop(session, visit.link)


def resume(session, visit) -> None:
    operations.resume(session, visit.link)


def withdraw(session, visit) -> None:
    operations.withdraw_action(session, operations.actions_of(session, visit.link.id)[0], visit.link)


def add_late(session, visit) -> None:
    operations.add_action(session, visit.link, Intention("Something new", date(2022, 4, 29), consent=True))


def test_a_year_of_check_ins(mailing_app: Flask, smtp: StubServer) -> None:
    year = Year(smtp)
    yes = {"consent": True}
    year.plans("Silent", Intention("Write", **yes))
    year.plans("Diligent", Intention("Train", **yes), Intention("Draft", date(2021, 11, 3), **yes))
    year.plans("Finished", Intention("Publish", **yes))
    year.plans("Stopped", Intention("Ask", **yes))
    year.plans("Back again", Intention("Meet", **yes))
    year.plans("Withdrawn", Intention("Propose", **yes))
    year.plans("Never asked", Intention("Whisper", consent=False))
    year.plans("Latecomer")
    year.plans("Dated", Intention("Soon", date(2021, 9, 15), **yes), Intention("Later", date(2022, 2, 21), **yes))
    year.plans("Seoul", Intention("Host", **yes), country="KR", time_zone="Asia/Seoul")
    year.plans("Cairo", Intention("Teach", **yes), country="EG", time_zone="Africa/Cairo")
    year.plans("Mexico", Intention("Adapt", **yes), country="MX", time_zone="America/Mexico_City")

    year.on("2021-07-12", "Diligent", report(Status.SOME_PROGRESS, 0, what_changed="We began"))
    year.on("2021-09-01", "Diligent", report(Status.WELL_ADVANCED, 0))  # of their own accord, about one of two
    year.on("2021-12-01", "Diligent", report(Status.WELL_ADVANCED, 0))
    year.on("2021-12-01", "Diligent", report(Status.SOME_PROGRESS, 1))  # all of it: the sixth month waits
    year.on("2022-01-10", "Diligent", report(Status.DONE, 1))
    year.on("2021-09-10", "Finished", report(Status.DONE))
    year.on("2021-08-01", "Stopped", stop)
    year.on("2021-07-20", "Back again", stop)
    year.on("2021-11-20", "Back again", resume)
    year.on("2021-09-20", "Withdrawn", withdraw)
    year.on("2021-10-05", "Latecomer", add_late)

    year.pass_by(500)

    month1, month3, month6, month12 = "It is a month", "It is 3 months", "It is 6 months", "It is 12 months"
    whole = [("2021-07-09 08:01", month1), ("2021-09-09 08:01", month3), ("2021-12-09 09:01", month6),
             ("2022-06-09 08:01", month12)]  # fmt: skip
    assert year.of("Silent") == whole
    assert year.of("Diligent") == [
        ("2021-07-09 08:01", month1),
        ("2021-09-09 08:01", month3),
        ("2021-10-27 08:01", "3 November 2021"),
        ("2021-12-15 09:01", month6),
        ("2022-06-09 08:01", month12),
    ]
    assert year.of("Finished") == whole[:2]
    assert year.of("Stopped") == whole[:1]
    assert year.of("Back again") == [whole[0], *whole[2:]]
    assert year.of("Withdrawn") == whole[:2]
    assert year.of("Never asked") == []
    assert year.of("Latecomer") == [
        ("2021-12-09 09:01", month6),
        ("2022-04-22 08:01", "29 April 2022"),
        ("2022-06-09 08:01", month12),
    ]
    # The date in September is covered by the third month; the one in February has a question of its own.
    assert year.of("Dated") == [*whole[:3], ("2022-02-14 09:01", "21 February 2022"), whole[3]]
    assert year.of("Seoul") == [("2021-07-09 00:01", month1), ("2021-09-09 00:01", month3),
                                ("2021-12-09 00:01", month6), ("2022-06-09 00:01", month12)]  # fmt: skip
    # 9 July 2021 was a Friday: in Cairo people were asked on Sunday, two hours before London's nine.
    assert year.of("Cairo") == [("2021-07-11 07:01", month1), ("2021-09-09 07:01", month3),
                                ("2021-12-09 07:01", month6), ("2022-06-09 07:01", month12)]  # fmt: skip
    assert year.of("Mexico") == [("2021-07-09 14:01", month1), ("2021-09-09 14:01", month3),
                                 ("2021-12-09 15:01", month6), ("2022-06-09 14:01", month12)]  # fmt: skip
    # Each message carries its owner's own link, and each check-in was asked at most once.
    for message in smtp.accepted:
        name = message["To"].addresses[0].display_name
        assert f"http://mande.test/a/{year.tokens[name]}/report" in content(message, "plain")
    with db.reading() as session:
        assert len(smtp.accepted) == len(session.scalars(select(CheckIn).where(CheckIn.asked_at.is_not(None))).all())
