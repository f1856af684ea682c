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


@given(moment=moments, zone=zones)
@example(moment=datetime(2012, 1, 2, 8, tzinfo=UTC), zone=ZoneInfo("Pacific/Apia"))
@settings(max_examples=200, deadline=None)
def test_the_last_working_moment_is_in_working_hours_and_never_after(moment: datetime, zone: ZoneInfo) -> None:
    found = reminders.last_working(moment, zone)

    assert reminders.is_working(found, zone)
    assert moment - timedelta(days=5) <= found <= moment


@pytest.mark.parametrize(("hour", "working"), [(8, False), (9, True), (16, True), (17, False)])
def test_working_hours_are_nine_to_five(hour: int, working: bool) -> None:
    assert reminders.is_working(datetime(2021, 6, 7, hour, 59 if hour == 8 else 0, tzinfo=LONDON), LONDON) is working


def test_an_unknown_zone_gives_way_to_the_events_own() -> None:
    assert reminders.zone_of("Mars/Olympus", "Europe/London") == LONDON
    assert reminders.zone_of(None, "Europe/London") == LONDON
    assert reminders.zone_of(None, "") == ZoneInfo("UTC")
