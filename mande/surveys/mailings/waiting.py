"""Who was invited and has not answered yet, for a personal word. Closing forgets who answered, and so this list."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.discretion import is_discreet
from mande.events.kinds import Role
from mande.events.kinds import Wave
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.events.words import key
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.reminders import is_working
from mande.surveys.reminders import zone_of

HEADER = ("name", "e-mail", "organisation", "position", "role", "wave", "language", "last written to", "messages")
NOT_ARRIVED = (MessageState.FAILED, MessageState.BOUNCED)


@dataclass(frozen=True)
class Awaited:
    """Somebody who has not answered. `written_at`: when they were last sent a message, None if never.

    `not_arrived`: a message came back or was given up, or nothing more is sent to the address.
    """

    person: Person
    role: Role
    wave: Wave
    written_at: datetime | None
    messages: int
    not_arrived: bool
    discreet: bool
    zone_name: str

    @property
    def there(self) -> datetime:
        """What clocks show where they are."""
        return clock.now().astimezone(zone_of(self.zone_name))

    @property
    def is_working(self) -> bool:
        return is_working(clock.now(), zone_of(self.zone_name))


ORDERS: Mapping[str, Callable[[Awaited], Any]] = {
    "name": lambda one: key(one.person.name),
    "organisation": lambda one: key(one.person.organisation or ""),
    "role": lambda one: (list(Wave).index(one.wave), list(Role).index(one.role)),
    "written": lambda one: one.written_at.timestamp() if one.written_at else 0,
}


@dataclass(frozen=True)
class Wanted:
    """Which of them are wanted and in which order; what is empty asks for nothing."""

    text: str = ""
    role: str = ""
    sort: str = "role"

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Wanted":
        sort = args.get("sort", "")
        return cls(
            text=args.get("text", "").strip()[:200],
            role=role if (role := args.get("role", "")) in list(Role) else "",
            sort=sort if sort.removeprefix("-") in ORDERS else cls.sort,
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed."""
        values = {"text": self.text, "role": self.role, "sort": self.sort, **changes}
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", Wanted.sort)}


def everybody(session: Session, event: Event) -> list[Awaited]:
    """Those of the event's open surveys who have not answered and have not asked for quiet, by role and name."""
    sent = func.sum(case((Message.state == MessageState.SENT, 1), else_=0))
    written = (
        select(Message.about, func.max(Message.sent_at).label("at"), sent.label("number"),
               func.max(case((Message.state.in_(NOT_ARRIVED), 1), else_=0)).label("wrong"))
        .where(Message.event_id == event.id)
        .group_by(Message.about)
        .subquery()
    )  # fmt: skip
    found = session.execute(
        select(Invitation, written.c.at, func.coalesce(written.c.number, 0), func.coalesce(written.c.wrong, 0),
               exists().where(Suppression.address == Person.email))
        .join(Survey, Survey.id == Invitation.survey_id)
        .join(Attendance, Attendance.id == Invitation.attendance_id)
        .join(Person, Person.id == Attendance.person_id)
        .outerjoin(written, written.c.about == Invitation.id)
        .where(*_open(event), Invitation.answered.is_(False), Invitation.stopped.is_(False))
        .options(
            joinedload(Invitation.survey),
            joinedload(Invitation.attendance).joinedload(Attendance.person),
        )
    )  # fmt: skip
    people = [
        Awaited(
            person=one.attendance.person,
            role=one.survey.role,
            wave=one.survey.wave,
            written_at=at,
            messages=number,
            not_arrived=bool(wrong or suppressed),
            discreet=is_discreet(event, one.attendance.person),
            zone_name=zone_of(one.attendance.person.time_zone, event.time_zone).key,
        )
        for one, at, number, wrong, suppressed in found
    ]
    return select_from(people, Wanted())


def quiet(session: Session, event: Event) -> int:
    """How many of those who were invited have asked not to be reminded: they are not listed."""
    stopped = select(func.count()).select_from(Invitation).join(Survey)
    return session.scalar(stopped.where(*_open(event), Invitation.stopped.is_(True))) or 0


def is_open(session: Session, event: Event) -> bool:
    return bool(session.scalar(select(exists().where(*_open(event)))))


def select_from(people: Sequence[Awaited], wanted: Wanted) -> list[Awaited]:
    """Those that are wanted, in the order that is wanted; what is equal stands in the order of names."""
    sought = key(wanted.text)
    found = [
        one
        for one in people
        if (not wanted.role or one.role == wanted.role)
        and sought in key(f"{one.person.name} {one.person.email} {one.person.organisation or ''}")
    ]
    found.sort(key=ORDERS["name"])
    found.sort(key=ORDERS[wanted.sort.removeprefix("-")], reverse=wanted.sort.startswith("-"))
    return found


def rows(people: Sequence[Awaited], event: Event) -> list[list[object]]:
    """Those who may leave the house in a list; columns as HEADER."""
    zone = zone_of(event.time_zone)
    return [
        [one.person.name, one.person.email, one.person.organisation or "", one.person.position or "", one.role.value,
         one.wave.value, one.person.language or "", one.written_at.astimezone(zone).date() if one.written_at else "",
         one.messages]
        for one in people
        if not one.discreet
    ]  # fmt: skip


def _open(event: Event) -> tuple[Any, ...]:
    return Survey.event_id == event.id, Survey.state == SurveyState.OPEN
