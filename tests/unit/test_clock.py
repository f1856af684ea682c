from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta

import pytest
import time_machine

from mande import clock


@pytest.fixture(autouse=True)
def right_clock():
    yield
    clock.move_to(None)


@time_machine.travel("2026-03-29T00:30:00+00:00", tick=False)
def test_the_clock_is_in_utc() -> None:
    assert clock.now() == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def test_a_moved_clock_runs_on_from_where_it_was_moved_to() -> None:
    with time_machine.travel("2026-01-01T00:00:00+00:00", tick=False) as traveller:
        clock.move_to(datetime(2021, 9, 10, 9, tzinfo=UTC))
        traveller.shift(timedelta(hours=2))

        assert clock.now() == datetime(2021, 9, 10, 11, tzinfo=UTC)


@time_machine.travel("2021-06-09T23:30:00+00:00", tick=False)
def test_today_is_the_date_where_people_are() -> None:
    assert clock.today("America/New_York") == date(2021, 6, 9)
    assert clock.today("Asia/Seoul") == date(2021, 6, 10)
