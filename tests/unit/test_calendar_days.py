"""Meetings on the days of a calendar."""

from datetime import date
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mande.events.browsing.calendar_days import Month
from mande.events.browsing.calendar_days import Sitting
from mande.events.browsing.calendar_days import by_day
from mande.events.browsing.calendar_days import by_month


def sitting(starts: str, ends: str, zone: str = "UTC", code: str = "E1") -> Sitting:
    """A meeting between two moments of June and July 2021, in UTC: "06-07 13"."""
    first, last = (datetime.strptime(f"2021-{moment}+0000", "%Y-%m-%d %H%z") for moment in (starts, ends))
    return Sitting(code, "A title", "A meeting", zone, first, last)


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "days"),
    [("06-07 13", "06-07 15", "UTC", [7]), ("06-07 23", "06-08 01", "UTC", [7, 8]),
     ("06-07 22", "06-08 00", "UTC", [7]), ("06-07 20", "06-07 22", "Pacific/Auckland", [8]),
     ("06-08 02", "06-08 03", "America/New_York", [7]), ("06-07 09", "06-09 09", "UTC", [7, 8, 9])],
)  # fmt: skip
def test_a_meeting_stands_on_the_days_that_its_own_clocks_show(
    starts: str, ends: str, zone: str, days: list[int]
) -> None:
    one = sitting(starts, ends, zone)

    assert by_day([one]) == {date(2021, 6, day): [one] for day in days}


def test_a_day_lists_what_begins_first_first() -> None:
    late, early = (sitting(f"06-07 {hour:02}", "06-07 20", code=f"E{hour}") for hour in (15, 9))

    assert by_day([late, early])[date(2021, 6, 7)] == [early, late]


def test_an_event_is_in_each_month_once_however_many_meetings_it_has() -> None:
    first = sitting("06-07 09", "06-07 10")
    second = sitting("06-30 22", "07-01 02")
    months = by_month([second, first], 2021)

    assert (months[6], months[7], months[8]) == ([first], [second], [])
    assert list(months) == list(range(1, 13))


@given(st.dates(date(1901, 1, 1), date(2199, 12, 31)))
def test_a_months_weeks_hold_each_of_its_days_once_from_monday_on(day: date) -> None:
    month = Month(day.replace(day=1))
    days = [one for week in month.weeks() for one in week if one]

    assert len(set(days)) == len(days) == (month.after.first - month.first).days
    assert all(one is None or one.weekday() == place for week in month.weeks() for place, one in enumerate(week))
    assert month.after.before == month == Month.read(str(month), date(2000, 1, 1))


@pytest.mark.parametrize("text", ["", "2021", "2021-13", "0001-01", "9999-12", "2021-06-01", "<b>"])
def test_a_month_that_cannot_be_read_is_the_one_that_is_now(text: str) -> None:
    assert str(Month.read(text, date(2026, 11, 22))) == "2026-11"
