"""On which days, and between which hours, somebody may be asked. Pure: moments are aware, what comes out is in UTC."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel import UnknownLocaleError

OPENS = time(9)
CLOSES = time(17)
SUNDAY = 6
SATURDAY_AND_SUNDAY = frozenset({5, SUNDAY})
DAY = timedelta(days=1)

Period = tuple[date, date]


@dataclass(frozen=True)
class Days:
    """Where somebody is, when they rest (Monday is 0), and the hours and quiet periods of an event and of the house.

    Of a quiet period both ends are quiet. The hours are those of the person's own clocks.
    """

    zone: str
    weekend: Collection[int] = SATURDAY_AND_SUNDAY
    opens: time = OPENS
    closes: time = CLOSES
    quiet: Collection[Period] = ()

    def day_of(self, moment: datetime) -> date:
        """The date that this person's calendar shows."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def opening(self, day: date) -> datetime:
        """The first hour of a day; where clocks skip it, as long after midnight as if they had not."""
        return datetime.combine(day, self.opens, ZoneInfo(self.zone)).astimezone(UTC)

    def is_rest(self, day: date) -> bool:
        """Whether it is the weekend, or a day without these hours (Samoa had no 30 December 2011 at all)."""
        local = self.opening(day).astimezone(ZoneInfo(self.zone))
        return day.weekday() in self.weekend or local.date() != day or not self.opens <= local.time() < self.closes

    def quiet_until(self, day: date) -> date | None:
        """The last day of the quiet period that a day lies in, or None."""
        return max((ends for starts, ends in self.quiet if starts <= day <= ends), default=None)

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody may be written to at that very moment."""
        local = moment.astimezone(ZoneInfo(self.zone))
        day = local.date()
        in_hours = self.opens <= local.time() < self.closes
        return in_hours and self.quiet_until(day) is None and not self.is_rest(day)

    def first_open(self, wish: datetime) -> datetime:
        """`wish`, or the first hour after it at which somebody may be written to."""
        wish = wish.astimezone(UTC)
        if self.is_open(wish):
            return wish
        day = self.day_of(wish)
        while (quiet := self.quiet_until(day)) is not None or self.is_rest(day) or self.opening(day) < wish:
            day = (quiet or day) + DAY
        return self.opening(day)


@lru_cache(maxsize=512)
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
