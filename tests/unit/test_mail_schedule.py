from datetime import timedelta
from itertools import count
from itertools import takewhile

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.mail.schedule import GIVE_UP_AFTER
from mande.mail.schedule import wait_after

WAITS = list(takewhile(lambda wait: wait is not None, map(wait_after, count(1))))


def test_the_first_waits_are_those_of_the_documentation() -> None:
    assert WAITS[:6] == [
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(minutes=40),
        timedelta(hours=3),
        timedelta(hours=8),
        timedelta(hours=12),
    ]


def test_a_server_that_greylists_is_asked_three_times_within_the_first_hour() -> None:
    assert [sum(WAITS[:number], timedelta()) for number in (1, 2, 3)] == [
        timedelta(minutes=5),
        timedelta(minutes=20),
        timedelta(hours=1),
    ]


def test_a_message_is_given_up_after_three_days() -> None:
    assert sum(WAITS, timedelta()) == GIVE_UP_AFTER == timedelta(hours=72)


@settings(deadline=None)
@given(st.integers(1, 1000))
def test_waits_never_shrink_and_once_given_up_a_message_stays_given_up(attempts: int) -> None:
    now, then = wait_after(attempts), wait_after(attempts + 1)

    assert then is None if now is None else then is None or then >= now > timedelta(0)
