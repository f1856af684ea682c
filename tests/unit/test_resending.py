from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mande.mail import resending

FIRST = datetime(2021, 6, 14, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("came_back_after", "again_after"),
    [(0, 6), (4.9, 6), (5.5, 24), (22, 24), (24, 48), (47.5, 68), (66, 68), (67.5, None), (80, None)],
)
def test_what_came_back_for_now_goes_again_at_growing_distances(
    came_back_after: float, again_after: float | None
) -> None:
    expected = None if again_after is None else FIRST + timedelta(hours=again_after)

    assert resending.again_at(FIRST, FIRST + timedelta(hours=came_back_after)) == expected


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=10)))
def test_nothing_goes_again_after_three_days_or_at_once(elapsed: timedelta) -> None:
    again = resending.again_at(FIRST, FIRST + elapsed)

    assert again is None or timedelta(hours=1) + elapsed <= again - FIRST < timedelta(hours=72)
