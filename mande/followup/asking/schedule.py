"""When the owner of planned actions is asked how far they have come, over all events at which they planned something.

A *step* is one check-in at one event: "month-3" is three calendar months after its last meeting, "due-2021-09-15" is
some days before a date that the owner set (see `Part.days_before`). Each event has its own steps, because a link opens
the actions of one event only; but **nobody is asked twice within 14 days, over all events** (days of their calendar).

1. What was asked stands, at whichever event. Nothing comes within 14 days after it. What is settled (asked, answered,
   or taken out by staff) never comes again.
2. A step whose time has come goes at once where nothing forbids it; else it waits its turn below. Of several such steps
   of one event, because no worker ran, the latest stands for the others; of several events the one that has waited
   longest goes first.
3. A moment that staff gave a step comes next: it goes then, or at the first moment after it that no rule forbids, and
   others make way for it. Staff who want a question in spite of a quiet period ask by hand.
4. The months come next, in order of time, because the figures at 1, 3, 6 and 12 months compare people and events. One
   that would come too soon after another question, or within 14 days of the news of everything that is open, waits
   until it may. It falls away where a question at the same event, or all the news, came after its day and so stands for
   it, or where it would have to wait until the next month of the same event.
5. An owner's own dates come last. One falls away where a question at the same event came after its day, where the news
   is less than two weeks old, or where another step of the same event is closer than 14 days: every check-in asks about
   all open actions there. Of two own dates that are close, the earlier one is asked. Where it is too close to a step of
   another event, it waits.

All steps fall on working days of the person's country, between the event's hours on the person's own clocks (at the
first of them, unless staff said otherwise), outside the quiet periods of the house and of the event, and not before
the day until which the owner has put questions off. What falls on another day moves to the first that is none of them.
Follow-up ends when nothing is open, when its owner stops it, and after the last step.
"""

from collections.abc import Collection
from collections.abc import Hashable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta
from enum import StrEnum

from mande.events.timing import add_months as add_months
from mande.followup.asking.days import Days

APART = timedelta(days=14)
LAST = date.max


class Why(StrEnum):
    """Why a step comes later than its own day."""

    STAFF = "staff"
    REST = "rest"
    HOURS = "hours"
    QUIET = "quiet"
    SNOOZED = "snoozed"
    NEWS = "news"
    APART = "apart"
    LATE = "late"


class LeftOut(StrEnum):
    """Why a step does not come at all."""

    NEWS = "news"
    ASKED = "asked"
    NEXT = "next"
    COVERED = "covered"
    PAST = "past"


@dataclass(frozen=True)
class Part:
    """What the schedule must know of a person at one event; `key` tells their events apart.

    `told` holds, for each open action, the day of its latest news: when it was written down or last reported on. Empty,
    nobody is asked. `own_dates` are those set for open actions; they are asked about `days_before` (None: never).
    `asked` are the moments of earlier questions, `settled` the names of steps that are over, `planned` those that wait
    with the moment at which they are to go, `moved` the moments that staff gave.
    """

    key: Hashable
    days: Days
    ended_on: date | None
    months: Collection[int]
    told: Collection[date]
    own_dates: Collection[date] = ()
    days_before: int | None = 7
    asked: Collection[datetime] = ()
    settled: Collection[str] = ()
    planned: Mapping[str, datetime] = field(default_factory=dict)
    moved: Mapping[str, datetime] = field(default_factory=dict)
    snoozed_until: date | None = None


@dataclass(frozen=True)
class Step:
    """One check-in of the part `key`. It falls due at `due_at` and its message leaves at `goes_at` (aware, in UTC).

    The two differ only where a step is late and it is night or the weekend now. `wanted_on` is its own day, `why` what
    moved it from there, `near` the event whose question it had to keep away from.
    """

    key: Hashable
    name: str
    due_at: datetime
    goes_at: datetime
    wanted_on: date
    why: tuple[Why, ...] = ()
    near: Hashable | None = None


@dataclass(frozen=True)
class Plan:
    """The steps to come, in order of time, and why others do not come, by part and name."""

    steps: Sequence[Step]
    left_out: Mapping[tuple[Hashable, str], LeftOut]


def month_step(months: int) -> str:
    return f"month-{months}"


def own_step(own_date: date) -> str:
    return f"due-{own_date.isoformat()}"


def read_step(name: str) -> tuple[int | None, date | None]:
    """The months, or the own date, that a step's name stands for; the other one is None."""
    kind, _dash, rest = name.partition("-")
    return (int(rest), None) if kind == "month" else (None, date.fromisoformat(rest))


def wanted_on(part: Part, name: str) -> date | None:
    """The own day of a step; None where the event asks no such question any more."""
    months, own_date = read_step(name)
    if months is not None:
        return add_months(part.ended_on, months) if part.ended_on and months in part.months else None
    if own_date not in part.own_dates or own_date is None or part.days_before is None:
        return None
    return own_date - timedelta(days=part.days_before)


def plan(parts: Iterable[Part], now: datetime) -> Plan:
    """The steps of one person that are to come, over all of their events. See the rules above."""
    planner = _Planner(sorted(parts, key=lambda part: (part.ended_on or LAST, str(part.key))), now)
    planner.place_waiting()
    planner.place_moved()
    planner.place_months()
    planner.place_own_dates()
    return Plan(sorted(planner.steps, key=lambda step: (step.goes_at, str(step.key))), planner.left_out)


class _Planner:
    """Places one step after another, each where none that was placed before is close."""

    def __init__(self, parts: Sequence[Part], now: datetime) -> None:
        self.now = now
        self.parts = [part for part in parts if part.told]
        self.taken = [(moment, part.key) for part in parts for moment in part.asked]
        self.asked_on = {part.key: [part.days.day_of(moment) for moment in part.asked] for part in parts}
        self.over: set[tuple[Hashable, str]] = {(part.key, name) for part in parts for name in part.settled}
        self.steps: list[Step] = []
        self.left_out: dict[tuple[Hashable, str], LeftOut] = {}

    def place_waiting(self) -> None:
        for at, part, name, earlier in sorted(self._waiting(), key=lambda one: one[0]):
            late = (Why.LATE,) if part.days.day_of(at) < part.days.day_of(self.now) else ()
            step = self._placed(part, name, self.now, late)
            if step.goes_at <= replace(part.days, quiet=()).first_open(self.now):
                self._keep(replace(step, due_at=at))
                self.asked_on[part.key].append(part.days.day_of(step.goes_at))
                for one in earlier:
                    self._leave_out(part, one, LeftOut.ASKED)

    def place_moved(self) -> None:
        wishes = [(at, part, name) for part in self.parts for name, at in part.moved.items()]
        for at, part, name in sorted(wishes, key=lambda one: one[0]):
            if (part.key, name) not in self.over and wanted_on(part, name) is not None:
                self._keep(self._placed(part, name, max(at, self.now), (Why.STAFF,)))

    def place_months(self) -> None:
        for wanted, part, months in self._months():
            name = month_step(months)
            if (part.key, name) in self.over:
                continue
            if wanted < max(self.asked_on[part.key], default=date.min):
                self._leave_out(part, name, LeftOut.ASKED)
            elif wanted < min(part.told):
                self._leave_out(part, name, LeftOut.NEWS)
            else:
                self._place(part, name, wanted, before=_next_month(part, months))

    def place_own_dates(self) -> None:
        for wanted, part, name in self._own_dates():
            if (part.key, name) in self.over:
                continue
            if wanted < max(self.asked_on[part.key], default=date.min):
                self._leave_out(part, name, LeftOut.ASKED)
            elif part.days.day_of(part.days.first_open(part.days.opening(wanted))) < _news_until(part):
                self._leave_out(part, name, LeftOut.NEWS)
            else:
                self._place(part, name, wanted, alone=True)

    def _place(self, part: Part, name: str, wanted: date, before: date = LAST, alone: bool = False) -> None:
        """Places a step, unless its time is over, it would have to wait until the day `before`, or (`alone`) another
        step of its event is close to where it is or would have been."""
        wish = part.days.opening(wanted)
        if name in part.planned:
            # What was planned and had to wait is not lost when there is nothing to wait for any more.
            wish = max(wish, self.now)
        step = self._placed(part, name, wish, ())
        if alone and self._is_covered(part, wish, step.goes_at):
            self._leave_out(part, name, LeftOut.COVERED)
        elif step.goes_at <= self.now and name not in part.planned:
            self._leave_out(part, name, LeftOut.PAST)
        elif part.days.day_of(step.goes_at) >= before:
            self._leave_out(part, name, LeftOut.NEXT)
        else:
            self._keep(step)

    def _placed(self, part: Part, name: str, wish: datetime, why: tuple[Why, ...]) -> Step:
        """The step at `wish` or the first moment after it that no rule forbids, with what forbade the earlier ones."""
        days, reasons, near = part.days, list(why), None
        for bound, reason in ((part.snoozed_until, Why.SNOOZED), (_news_until(part), Why.NEWS)):
            if bound is not None and days.day_of(wish) < bound:
                wish = days.opening(bound)
                reasons.append(reason)
        at = _opened(days, wish, reasons)
        while close := self._close(days, at):
            moment, near = max(close, key=lambda one: one[0])
            reasons.append(Why.APART)
            at = _opened(days, days.opening(days.day_of(moment) + APART), reasons)
        wanted = wanted_on(part, name) or days.day_of(at)
        return Step(part.key, name, at, at, wanted, tuple(dict.fromkeys(reasons)), near)

    def _close(self, days: Days, at: datetime) -> list[tuple[datetime, Hashable]]:
        """What was asked, or is to be, less than 14 days before or after a moment."""
        day = days.day_of(at)
        return [one for one in self.taken if abs(days.day_of(one[0]) - day) < APART]

    def _is_covered(self, part: Part, wish: datetime, at: datetime) -> bool:
        first, last = part.days.day_of(part.days.first_open(wish)), part.days.day_of(at)
        own = [part.days.day_of(moment) for moment, key in self.taken if key == part.key]
        return any(first - APART < day < last + APART for day in own)

    def _waiting(self) -> Iterator[tuple[datetime, Part, str, list[str]]]:
        """Of each event the latest step whose time has come, with the earlier ones. One whose day was moved to the
        future since, that is not asked any more, or that a later question stands for, is none of them."""
        for part in self.parts:
            today = part.days.day_of(self.now)
            come = [
                (at, name)
                for name, at in part.planned.items()
                if at <= self.now and (part.key, name) not in self.over
                and (wanted := wanted_on(part, name)) is not None
                and (name in part.moved or max(self.asked_on[part.key], default=date.min) <= wanted <= today)
            ]  # fmt: skip
            if come:
                *earlier, (at, name) = sorted(come)
                yield at, part, name, [one for _at, one in earlier]

    def _months(self) -> list[tuple[date, Part, int]]:
        found = [
            (add_months(part.ended_on, months), part, months)
            for part in self.parts
            if part.ended_on
            for months in sorted(set(part.months))
        ]
        return sorted(found, key=lambda one: one[0])

    def _own_dates(self) -> list[tuple[date, Part, str]]:
        found = [
            (own_date - timedelta(days=part.days_before), part, own_step(own_date))
            for part in self.parts
            if part.days_before is not None
            for own_date in sorted(set(part.own_dates))
        ]
        return sorted(found, key=lambda one: one[0])

    def _leave_out(self, part: Part, name: str, why: LeftOut) -> None:
        self.left_out[part.key, name] = why
        self.over.add((part.key, name))

    def _keep(self, step: Step) -> None:
        self.steps.append(step)
        self.taken.append((step.goes_at, step.key))
        self.over.add((step.key, step.name))


def _news_until(part: Part) -> date:
    """Until when the news of what is open is less than two weeks old: the oldest news decides."""
    return min(part.told) + APART


def _next_month(part: Part, months: int) -> date:
    """The day of the next month that the same event asks about, by which this one must have come."""
    later = [count for count in part.months if count > months and month_step(count) not in part.settled]
    return add_months(part.ended_on, min(later)) if later and part.ended_on else LAST


def _opened(days: Days, wish: datetime, reasons: list[Why]) -> datetime:
    """`wish` or the first moment after it that is open; if that is another, the reason is added."""
    at, day = days.first_open(wish), days.day_of(wish)
    if days.quiet_until(day):
        reasons.append(Why.QUIET)
    elif days.is_rest(day):
        reasons.append(Why.REST)
    elif at != wish:
        reasons.append(Why.HOURS)
    return at
