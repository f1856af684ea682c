from datetime import UTC
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys import reminders

LONDON = ZoneInfo("Europe/London")
ZONES = [
    "Europe/London", "Africa/Nairobi", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia",
    "Pacific/Kiritimati", "America/St_Johns", "Asia/Tehran", "UTC",
]  # fmt: skip

moments = st.datetimes(datetime(2008, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(ZONES).map(ZoneInfo)


@given(moment=moments, zone=zones)
# The date line: Samoa had no 30 December 2011.
@example(moment=datetime(2011, 12, 30, 3, tzinfo=UTC), zone=ZoneInfo("Pacific/Apia"))
@settings(max_examples=300, deadline=None)
def test_the_next_working_moment_is_in_working_hours_and_never_before(moment: datetime, zone: ZoneInfo) -> None:
    found = reminders.next_working(moment, zone)

    local = found.astimezone(zone)
    assert local.weekday() < 5
    assert 9 <= local.hour < 17
    assert moment <= found <= moment + timedelta(days=4)
    if reminders.is_working(moment, zone):
        assert found == moment


@given(invited=moments, zone=zones, days=st.lists(st.integers(1, 60), min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_reminders_fall_on_or_after_their_day_in_working_hours_and_in_order(
    invited: datetime, zone: ZoneInfo, days: list[int]
) -> None:
    found = reminders.moments(days, invited, zone)

    assert found == sorted(found)
    for number, moment in zip(sorted(days), found, strict=True):
        assert reminders.is_working(moment, zone)
        assert (moment.astimezone(zone).date() - invited.astimezone(zone).date()).days >= number


@given(invited=moments, zone=zones, days=st.lists(st.integers(1, 60), max_size=5), later=st.integers(0, 5000))
@settings(max_examples=200, deadline=None)
def test_the_number_that_is_due_only_grows(invited: datetime, zone: ZoneInfo, days: list[int], later: int) -> None:
    now = invited + timedelta(hours=later)

    due = reminders.latest_due(days, invited, zone, now)

    assert 0 <= due <= len(days)
    assert reminders.latest_due(days, invited, zone, now + timedelta(days=70)) == len(days)
    assert reminders.latest_due(days, invited, zone, now + timedelta(hours=1)) >= due


def test_reminders_keep_the_local_time_of_day_when_the_clocks_change() -> None:
    friday = datetime(2021, 3, 26, 10, 30, tzinfo=LONDON)  # clocks go forward on Sunday 28 March

    assert reminders.moments([3], friday, LONDON) == [datetime(2021, 3, 29, 9, 30, tzinfo=UTC)]


def test_a_reminder_that_falls_on_a_weekend_waits_for_monday_morning() -> None:
    thursday = datetime(2021, 6, 10, 15, tzinfo=LONDON)

    assert reminders.moments([2, 3], thursday, LONDON) == [datetime(2021, 6, 14, 8, tzinfo=UTC)] * 2


def test_a_reminder_that_falls_in_the_recipients_night_waits_for_their_morning() -> None:
    noon_in_london = datetime(2021, 6, 7, 11, tzinfo=UTC)

    [due] = reminders.moments([3], noon_in_london, ZoneInfo("Pacific/Auckland"))

    assert due == datetime(2021, 6, 11, 9, tzinfo=ZoneInfo("Pacific/Auckland")).astimezone(UTC)


@pytest.mark.parametrize(("hour", "working"), [(8, False), (9, True), (16, True), (17, False)])
def test_working_hours_are_nine_to_five(hour: int, working: bool) -> None:
    assert reminders.is_working(datetime(2021, 6, 7, hour, 59 if hour == 8 else 0, tzinfo=LONDON), LONDON) is working


def test_an_unknown_zone_gives_way_to_the_events_own() -> None:
    assert reminders.zone_of("Mars/Olympus", "Europe/London") == LONDON
    assert reminders.zone_of(None, "Europe/London") == LONDON
    assert reminders.zone_of(None, "") == ZoneInfo("UTC")
