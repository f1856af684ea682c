"""The check-ins of an event as staff see them: what goes out when and to whom, what went out, and why."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande.events.discretion import is_discreet
from mande.events.models import Event
from mande.events.models import Person
from mande.events.words import key
from mande.followup.asking import diaries
from mande.followup.asking import schedule
from mande.followup.asking.diaries import Diary
from mande.followup.asking.schedule import LeftOut
from mande.followup.asking.schedule import Step
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.mail.models import Message
from mande.mail.models import MessageKind

# What is not a row, because it is not to come, but is told of: another question stands for it.
TOLD = (LeftOut.COVERED, LeftOut.NEXT)
SHOWN = (
    CheckInState.SCHEDULED,
    CheckInState.ASKED,
    CheckInState.ANSWERED,
    CheckInState.SKIPPED,
    CheckInState.CANCELLED,
)


@dataclass(frozen=True)
class Line:
    """One check-in of one person. `check_in` is None for one that does not come because another stands for it.

    `at` is when it goes or went, or its own day; `step` and `left_out` say what the schedule makes of it now; `near` is
    the code of the event whose question it keeps away from.
    """

    link: FollowupLink
    name: str
    at: datetime
    zone: str
    check_in: CheckIn | None = None
    step: Step | None = None
    left_out: LeftOut | None = None
    near: str = ""
    message: Message | None = None
    has_open: bool = True

    @property
    def person(self) -> Person:
        return self.link.person

    @property
    def state(self) -> CheckInState:
        return self.check_in.state if self.check_in else CheckInState.CANCELLED

    @property
    def may_change(self) -> bool:
        """Whether staff may still do something with it."""
        return self.check_in is not None and self.state in (CheckInState.SCHEDULED, CheckInState.SKIPPED)


ORDERS: Mapping[str, Callable[[Line], Any]] = {
    "when": lambda one: one.at,
    "person": lambda one: key(one.person.name),
    "what": lambda one: schedule.read_step(one.name)[0] or 0,
    "state": lambda one: list(CheckInState).index(one.state),
}


@dataclass(frozen=True)
class Wanted:
    """Which check-ins, in which order; what is empty asks for nothing. `sort` is one of ORDERS, or with a minus."""

    text: str = ""
    state: str = ""
    sort: str = "when"

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Wanted":
        """Reads what a page's address says; what cannot be understood asks for nothing."""
        state, sort = args.get("state", ""), args.get("sort", "")
        return cls(
            text=args.get("text", "").strip()[:200],
            state=state if state in list(CheckInState) else "",
            sort=sort if sort.removeprefix("-") in ORDERS else cls.sort,
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, with some of it changed."""
        values = {"text": self.text, "state": self.state, "sort": self.sort, **changes}
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", "when")}

    def takes(self, line: Line) -> bool:
        told = key(f"{line.person.name} {line.person.organisation or ''} {line.person.email}")
        return key(self.text) in told and self.state in ("", line.state)


def selected(lines: Iterable[Line], wanted: Wanted) -> list[Line]:
    """The lines that are wanted, in the order that is wanted; what is alike in that stands in order of time."""
    taken = sorted((line for line in lines if wanted.takes(line)), key=lambda one: (one.at, key(one.person.name)))
    return sorted(taken, key=ORDERS[wanted.sort.removeprefix("-")], reverse=wanted.sort.startswith("-"))


def is_hidden(event: Event, line: Line) -> bool:
    """Whether a line names somebody whom no list that leaves the house may name."""
    return is_discreet(event, line.person)


def lines(session: Session, event: Event) -> list[Line]:
    """All check-ins of an event: some eight statements, however many there are."""
    mine = select(FollowupLink).where(FollowupLink.event_id == event.id)
    links = {one.id: one for one in session.scalars(mine.options(joinedload(FollowupLink.person)))}
    read = diaries.read(session, {link.person_id for link in links.values()})
    messages = _messages(session, event)
    codes = _codes(session, read)
    found: list[Line] = []
    for diary in read:
        plan = diary.plan()
        steps = {(step.key, step.name): step for step in plan.steps}
        for link_id, part in diary.parts.items():
            if link_id not in links:
                continue
            link, zone, rows = links[link_id], part.days.zone, {one.step: one for one in diary.known[link_id]}
            for name, check_in in rows.items():
                step = steps.get((link_id, name)) if check_in.state is CheckInState.SCHEDULED else None
                at = check_in.asked_at or (step.goes_at if step else check_in.due_at)
                found.append(
                    Line(link, name, at, zone, check_in, step, plan.left_out.get((link_id, name)),
                         codes.get(step.near, "") if step else "", messages.get(check_in.id), bool(part.told))
                )  # fmt: skip
            for (key_of, name), why in plan.left_out.items():
                wanted = schedule.wanted_on(part, name)
                if key_of == link_id and name not in rows and why in TOLD and wanted:
                    found.append(Line(link, name, part.days.opening(wanted), zone, left_out=why))
    return found


def _messages(session: Session, event: Event) -> dict[UUID, Message]:
    """The message of each check-in that was asked; of several the one that was written last."""
    mine = (
        select(Message)
        .join(CheckIn, CheckIn.id == Message.about)
        .join(FollowupLink, FollowupLink.id == CheckIn.link_id)
        .where(FollowupLink.event_id == event.id, Message.kind == MessageKind.CHECK_IN)
        .order_by(Message.sequence)
    )
    return {one.about: one for one in session.scalars(mine)}


def _codes(session: Session, read: Sequence[Diary]) -> dict[Any, str]:
    """The code of the event of each link that these people have."""
    links = [link for diary in read for link in diary.parts]
    columns = select(FollowupLink.id, Event.code).join(FollowupLink.event)
    return dict(session.execute(columns.where(FollowupLink.id.in_(links))).all())
