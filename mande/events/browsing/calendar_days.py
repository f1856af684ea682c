"""A month and a year of meetings, each on the days on which clocks in its event's time zone have it. Pure."""

from calendar import Calendar
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1900, 2200
_LONGEST = 366


@dataclass(frozen=True)
class Sitting:
    """A meeting, with what a calendar says of its event."""

    code: str
    title: str
    meeting: str
    zone: str
    starts_at: datetime
    ends_at: datetime

    @property
    def starts(self) -> datetime:
        return self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def ends(self) -> datetime:
        return self.ends_at.astimezone(ZoneInfo(self.zone))

    def days(self) -> list[date]:
        """The days that it touches. One that ends at midnight does not touch the day that begins then."""
        last = max(self.starts.date(), (self.ends - timedelta(microseconds=1)).date())
        return [self.starts.date() + timedelta(n) for n in range(min((last - self.starts.date()).days + 1, _LONGEST))]


@dataclass(frozen=True)
class Month:
    """The first day of a month; what comes before and after it."""

    first: date

    @classmethod
    def read(cls, text: str, today: date) -> "Month":
        """The month that is written as 2021-06; else that of today."""
        try:
            found = date.fromisoformat(f"{text}-01")
        except ValueError:
            found = today
        return cls(found.replace(day=1) if FIRST_YEAR <= found.year <= LAST_YEAR else today.replace(day=1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        return Month((self.first + timedelta(days=31)).replace(day=1))

    def weeks(self) -> list[list[date | None]]:
        """The weeks from Monday to Sunday; None for days of other months."""
        grid = Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [[day if day.month == self.first.month else None for day in week] for week in grid]


def by_day(sittings: Iterable[Sitting]) -> dict[date, list[Sitting]]:
    """What sits on each day, in the order in which it begins."""
    found: dict[date, list[Sitting]] = {}
    for one in sorted(sittings, key=lambda one: (one.starts_at, one.code)):
        for day in one.days():
            found.setdefault(day, []).append(one)
    return found


def by_month(sittings: Sequence[Sitting], year: int) -> Mapping[int, list[Sitting]]:
    """The first meeting of each event within each month of a year, by the number of the month."""
    months: dict[int, dict[str, Sitting]] = {month: {} for month in range(1, 13)}
    for one in sorted(sittings, key=lambda one: (one.starts_at, one.code)):
        for day in one.days():
            if day.year == year:
                months[day.month].setdefault(one.code, one)
    return {month: list(events.values()) for month, events in months.items()}
