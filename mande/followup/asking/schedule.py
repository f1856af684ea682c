"""When the owner of planned actions is asked how far they have come.

A *step* is one check-in: "month-3" is three calendar months after the event's last meeting, "due-2021-09-15" is a week
before a date that the owner set. All of them fall at nine in the morning, on a working day, in the owner's own zone.

Two steps of one person at one event are never fewer than 14 days apart:

1. What has been asked already stands; nothing comes within 14 days after it.
2. The months come next, because the figures at 1, 3, 6 and 12 months compare people and events. A month's step that
   would come within 14 days of the last question, or of the news of everything that is open, waits until it may; where
   the question or all the news came after the month's day, they stand for it and it falls away.
3. An owner's own date comes last: where it is closer than 14 days to any other step, that other step covers it, since
   every check-in asks about all open actions. Of two own dates that are close, the earlier one is asked.
"""

from collections.abc import Collection
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel import UnknownLocaleError

from mande.events.timing import add_months as add_months

OPENS = time(9)
ENDS = time(17)
APART = timedelta(days=14)
BEFORE_OWN_DATE = timedelta(days=7)
SUNDAY = 6
SATURDAY_AND_SUNDAY = frozenset({5, SUNDAY})


@dataclass(frozen=True)
class Step:
    """One check-in: what it is called, and when it falls due (aware, in UTC)."""

    name: str
    due_at: datetime


@dataclass(frozen=True)
class Owner:
    """What the schedule must know of one person at one event.

    `told` holds, for each open action, the day of its latest news: when it was written down or last reported on.
    `own_dates` are the dates set for open actions. `asked` are the days on which the person was asked before, and
    `settled` the names of the steps that are over. `weekend` holds days of the week, Monday being 0.
    """

    zone: str
    told: Collection[date]
    own_dates: Collection[date] = ()
    asked: Collection[date] = ()
    settled: Collection[str] = ()
    weekend: Collection[int] = SATURDAY_AND_SUNDAY


def month_step(months: int) -> str:
    return f"month-{months}"


def own_step(own_date: date) -> str:
    return f"due-{own_date.isoformat()}"


def read_step(name: str) -> tuple[int | None, date | None]:
    """The months, or the own date, that a step's name stands for; the other one is None."""
    kind, _dash, rest = name.partition("-")
    return (int(rest), None) if kind == "month" else (None, date.fromisoformat(rest))


def plan(ended_on: date, months: Iterable[int], owner: Owner, now: datetime) -> list[Step]:
    """The steps still to come after `now`, in order. `ended_on` is the date of the last meeting's end.

    Empty where nothing is open (`owner.told` is empty).
    """
    if not owner.told:
        return []
    quiet_until = min(owner.told) + APART
    taken = list(owner.asked)
    planned: dict[date, str] = {}
    for count in sorted(set(months)):
        wanted = add_months(ended_on, count)
        if month_step(count) in owner.settled or wanted < max(min(owner.told), *owner.asked, date.min):
            continue
        day = _first_free(max(wanted, quiet_until), taken, owner)
        planned[day] = month_step(count)
        taken.append(day)
    for own_date in sorted(set(owner.own_dates)):
        day = _working_day(own_date - BEFORE_OWN_DATE, owner)
        too_close = any(abs(day - other) < APART for other in taken)
        if own_step(own_date) not in owner.settled and day >= quiet_until and not too_close:
            planned[day] = own_step(own_date)
            taken.append(day)
    steps = [Step(name, _nine(day, owner)) for day, name in sorted(planned.items())]
    return [step for step in steps if step.due_at > now]


def weekend(country: str | None) -> frozenset[int]:
    """The days of rest (Monday is 0) in an ISO 3166 country, as CLDR knows them; Saturday and Sunday if unknown.

    Where only Sunday is listed (India, Uganda) offices are taken to rest on Saturday too.
    """
    try:
        locale = Locale.parse(f"und_{country}")
    except (UnknownLocaleError, ValueError):
        return SATURDAY_AND_SUNDAY
    days = frozenset(range(locale.weekend_start, locale.weekend_end + 1))
    return days if days and SUNDAY not in days else SATURDAY_AND_SUNDAY


def working_moment(now: datetime, zone: str, rest: Collection[int]) -> datetime:
    """`now` if it is between nine and five on a working day in `zone`, else the next nine in the morning of one."""
    owner = Owner(zone, (), weekend=rest)
    local = now.astimezone(ZoneInfo(zone))
    day = _working_day(local.date(), owner)
    if day == local.date() and local.time() >= ENDS:
        day = _working_day(day + timedelta(days=1), owner)
    return max(now, _nine(day, owner))


def _first_free(day: date, taken: Collection[date], owner: Owner) -> date:
    """The first working day from `day` on that is not within 14 days of one that is taken."""
    day = _working_day(day, owner)
    while any(abs(day - other) < APART for other in taken):
        day = _working_day(day + timedelta(days=1), owner)
    return day


def _working_day(day: date, owner: Owner) -> date:
    """`day`, or the next one that is neither on the weekend nor skipped by the zone (Samoa had no 30 December 2011)."""
    while day.weekday() in owner.weekend or _nine(day, owner).astimezone(ZoneInfo(owner.zone)).date() != day:
        day += timedelta(days=1)
    return day


def _nine(day: date, owner: Owner) -> datetime:
    return datetime.combine(day, OPENS, tzinfo=ZoneInfo(owner.zone)).astimezone(UTC)
