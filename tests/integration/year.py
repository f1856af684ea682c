"""A year of follow-up under a moved clock: who plans what, what happens on which day, what the worker then sends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from email.message import EmailMessage

from flask import Flask
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events.models import Event
from mande.events.models import Person
from mande.followup import clockwork
from mande.followup import links
from mande.followup import operations
from mande.followup.asking import renewing
from mande.followup.links import Visit
from mande.followup.models import ActionRequest
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.followup.operations import Intention
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.reports.thanking import due
from tests import builders
from tests import quicker
from tests.conftest import FreshClient
from tests.integration import bounced
from tests.smtp import StubServer
from tests.smtp import content

SOON = datetime(2021, 6, 10, 10, tzinfo=UTC)
NOON = time(12, tzinfo=UTC)
WEEK, HOUR, MINUTE = timedelta(weeks=1), timedelta(hours=1), timedelta(minutes=1)
FIRST, SECOND = "WP1873v", "WP1905"
JOBS = (renewing.run, clockwork.check_in, clockwork.end_requests, due.run, clockwork.send)
# When something comes, and what of it still waits.
WAITING = (
    (CheckIn.due_at, CheckIn.state == CheckInState.SCHEDULED),
    (Message.due_at, Message.state.in_(outbox.UNSENT)),
    (ActionRequest.expires_at, ActionRequest.to_address.is_not(None)),
)


@dataclass(frozen=True)
class Sent:
    """A message as it came out of the house. `at` is in UTC, `why` is how it begins."""

    at: datetime
    name: str
    address: str
    kind: MessageKind
    event: str
    why: str
    message: EmailMessage

    @property
    def told(self) -> tuple[str, str]:
        """When and why; of the second event that it is."""
        return f"{self.at:%Y-%m-%d %H:%M}", self.why if self.event == FIRST else f"{self.why}, {self.event}"


class Year:
    """Two events of which one ends five days after the other, their people, and a worker that looks every hour.

    Hours at which nothing falls due are passed over, all but one a week.
    """

    def __init__(self, app: Flask, smtp: StubServer) -> None:
        quicker.share_templates(app)
        app.test_client_class = FreshClient
        self.app, self.client = app, app.test_client()
        self.tokens: dict[tuple[str, str], str] = {}
        self.stopped: dict[tuple[str, str], datetime] = {}
        self.acts: dict[date, list[Callable[[], object]]] = {}
        self._taken: list[tuple[datetime, EmailMessage]] = []
        smtp.on_message = lambda message: self._taken.append((clock.now(), message))
        with db.transaction() as session:
            builders.make_event(session, FIRST)
            second = builders.make_event(session, SECOND, checkin_from="10:00", checkin_until="16:00")
            for meeting in second.meetings:
                meeting.starts_at += timedelta(days=5)
                meeting.ends_at += timedelta(days=5)

    def plans(self, name: str, *intentions: Intention, at: str = FIRST, **person: str) -> None:
        """Somebody attends and plans something, at a second event too if they are named again."""
        with db.transaction() as session:
            known = session.scalars(select(Person).where(Person.name == name)).one_or_none()
            someone = known or builders.make_person(session, name, **{"country": "GB", **person})
            link = builders.link_of(session, builders.attend(session, event(session, at), someone))
            for intention in intentions:
                operations.add_action(session, link, intention)
            self.tokens[name, at] = links.token_of(link)

    def on(self, day: str, name: str, act: Callable[[Session, Visit], object], at: str = FIRST) -> None:
        """On that day at noon (UTC) the person does something with their link to an event."""
        self.happens(day, lambda: self._do(name, at, act))

    def happens(self, day: str, act: Callable[[], object]) -> None:
        """On that day at noon (UTC) something else happens."""
        self.acts.setdefault(date.fromisoformat(day), []).append(act)

    def pass_by(self, days: int) -> None:
        """Lets the time pass, and the worker look after everything that happens or falls due."""
        moment = SOON
        while moment < SOON + timedelta(days):
            clock.move_to(moment)
            if moment.timetz() == NOON:
                for act in self.acts.get(moment.date(), []):
                    act()
                clock.move_to(moment + MINUTE)
            for job in JOBS:
                job()
            moment = self._next(moment)

    def _next(self, moment: datetime) -> datetime:
        """The next look: the first minute past an hour at which anything is due that was not, or a noon."""
        noons = [datetime.combine(day, NOON) for day in (moment.date() + WEEK, *self.acts)]
        looks = [noon for noon in noons if noon > moment]
        with db.reading() as session:
            for column, waits in WAITING:
                if (falls_due := session.scalar(select(func.min(column)).where(waits, column > moment))) is not None:
                    hour = falls_due.replace(minute=0, second=0, microsecond=0)
                    looks.append((hour if falls_due - hour <= MINUTE else hour + HOUR) + MINUTE)
        return min(looks)

    def _do(self, name: str, at: str, act: Callable[[Session, Visit], object]) -> None:
        with db.transaction() as session:
            visit = links.visit(session, self.tokens[name, at])
            assert visit is not None
            act(session, visit)
            if visit.link.stopped:
                self.stopped[name, at] = clock.now()

    def last_to(self, name: str) -> EmailMessage:
        return next(message for _at, message in reversed(self._taken) if display_name(message) == name)

    def agrees(self, name: str) -> None:
        """Whoever was asked by a colleague opens the link, says yes, and allows us to ask."""
        address = next(word for word in content(self.last_to(name), "plain").split() if "mande.test/q/" in word)
        path = address.removeprefix("http://mande.test")
        answer = {"name": name, "visibility": "partners_without_name", "consent": "y"}
        assert self.client.get(path).status_code == 200
        assert self.client.post(f"{path}/agree", data=answer).status_code == 303

    def clicks_stop(self, name: str, at: str = FIRST) -> None:
        """A mail program's own button, which posts to the address in the head of the message."""
        address = self.last_to(name)["List-Unsubscribe"].partition(">")[0].removeprefix("<http://mande.test")
        assert self.client.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        self.stopped[name, at] = clock.now()

    def writes_stop(self, name: str, at: str = FIRST) -> None:
        """A mail to the address of the message, with "unsubscribe" as its subject."""
        self.comes_in("unsubscribe", name)
        self.stopped[name, at] = clock.now()

    def comes_in(self, sample: str, name: str) -> None:
        """What a mail server, or a person, writes about the last message to somebody."""
        with db.reading() as session:
            ours = Message.message_id == self.last_to(name)["Message-ID"]
            about = session.scalars(select(Message).where(ours)).one()
        bounced.come_in(bounced.sample(sample, about, self.app))

    def sent(self) -> list[Sent]:
        """All that went out, in order."""
        with db.reading() as session:
            known = select(Message.message_id, Message.kind, Event.code).join(Event, Event.id == Message.event_id)
            rows = {id_: (kind, code) for id_, kind, code in session.execute(known)}
        return [
            Sent(at, display_name(message), message["To"].addresses[0].addr_spec, *rows[message["Message-ID"]],
                 why_of(message), message)
            for at, message in self._taken
        ]  # fmt: skip


def event(session: Session, code: str) -> Event:
    return session.scalars(select(Event).where(Event.code == code)).one()


def check_in_of(session: Session, name: str, step: str) -> CheckIn:
    """The check-in of one step of somebody who is at one event only."""
    mine = select(CheckIn).join(FollowupLink).join(Person).where(Person.name == name, CheckIn.step == step)
    return session.scalars(mine).one()


def display_name(message: EmailMessage) -> str:
    name: str = message["To"].addresses[0].display_name
    return name


def why_of(message: EmailMessage) -> str:
    """What a check-in gives as its occasion; of any other message its subject, up to the event's title."""
    if not message["Subject"].startswith("How far"):
        return message["Subject"].partition(" “")[0].rstrip(",:")
    occasion = content(message, "plain").split("\n\n")[1]
    return occasion.split(",")[1].strip() if occasion.startswith("A date") else occasion.split(" since ")[0]
