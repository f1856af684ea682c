"""An event as a file describes it."""

from copy import deepcopy
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.events.describing.described import EventFileError
from mande.events.describing.described import parse
from mande.events.describing.files import read_yaml
from mande.events.kinds import Role
from mande.events.roles import asked_as
from mande.events.schedule import Asking
from mande.events.schedule import State
from mande.events.schedule import state

GOOD: dict[str, Any] = {
    "code": "E1",
    "title": "A title",
    "convenor": "A house",
    "time_zone": "Europe/London",
    "manager": {"name": "Robin", "email": "robin@example.org"},
    "meetings": [
        {"code": "one", "title": "One", "starts": "2021-06-07 13:00", "ends": "2021-06-07 15:30", "format": "virtual"}
    ],
}


def problems(**changes: Any) -> str:
    with pytest.raises(EventFileError) as caught:
        parse({**deepcopy(GOOD), **changes})
    return "\n".join(caught.value.problems)


def meeting(**changes: Any) -> list[dict[str, Any]]:
    return [{**GOOD["meetings"][0], **changes}]


def test_local_times_are_kept_in_utc() -> None:
    event = parse(GOOD)

    assert event.meetings[0].starts_at == datetime(2021, 6, 7, 12, 0, tzinfo=UTC)
    assert event.meetings[0].ends_at == datetime(2021, 6, 7, 14, 30, tzinfo=UTC)


def test_what_is_left_out_has_sensible_defaults() -> None:
    event = parse(GOOD)

    assert (event.k, event.checkin_months, event.days_open) == (5, (1, 3, 6, 12), 21)
    assert (event.checkin_days_before, event.checkin_from, event.checkin_until) == (7, "09:00", "17:00")
    assert (event.oda_eligible, event.dac_code, event.partners, event.outcomes) == (False, None, (), ())


def test_all_problems_are_told_at_once() -> None:
    said = problems(
        code="a b", title=" ", time_zone="Mars", k=2, manger={}, dac_code=["151"], meetings=meeting(format="zoom")
    )

    for expected in ("'a b'", "title is empty", "'Mars'", "k is 2", "did you mean manager", "dac_code", "'zoom'"):
        assert expected in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"starts": "2021-03-28 01:30", "ends": "2021-03-28 04:00"}, "clocks go forward"),
     ({"ends": "2021-06-07 12:00"}, "ends before it starts"), ({"starts": "2021-06-07"}, "no time of day"),
     ({"starts": "seven"}, "write it as 2021-06-07 13:00"), ({"starts": "2021-06-07 13:00+02:00"}, "offset"),
     ({"code": "all"}, "meaning of its own"), ({"code": "Part One"}, "small letters"),
     ({"topics": "Trust"}, "not a list"),
     ({"topics": [{"a": 1}]}, "not text"), ({"starts": None}, "starts is None")],
)  # fmt: skip
def test_a_meeting_that_cannot_be_is_refused(changes: dict[str, Any], said: str) -> None:
    assert said in problems(meetings=meeting(**changes))


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"meetings": []}, "there is none"), ({"meetings": [*meeting(), *meeting()]}, "more than one"),
     ({"partners": ["A", "A"]}, "named twice"), ({"partners": [{"name": "A", "country": "Narnia"}]}, "Narnia"),
     ({"k": True}, "k is True"), ({"reminder_days": [3, 3]}, "reminder_days"),
     ({"checkin_months": [0]}, "checkin_months"), ({"checkin_days_before": 61}, "from 1 to 60"),
     ({"checkin_days_before": "soon"}, "checkin_days_before"), ({"checkin_hours": "nine to five"}, "09:00-17:00"),
     ({"checkin_hours": "09:00-09:30"}, "an hour or longer"), ({"checkin_hours": "17:00-09:00"}, "an hour or longer"),
     ({"checkin_hours": "09:00-25:00"}, "checkin_hours"), ({"checkin_hours": 9}, "checkin_hours"),
     ({"oda_eligible": "perhaps"}, "yes or no"),
     ({"manager": {"name": "R", "email": "nobody"}}, "not an e-mail address"),
     ({"manager": None}, "manager is missing"), ({"title": "x" * 301}, "301 characters")],
)  # fmt: skip
def test_an_event_that_cannot_be_is_refused(changes: dict[str, Any], said: str) -> None:
    assert said in problems(**changes)


@pytest.mark.parametrize(
    ("written", "read"),
    [("9:00 - 17:30", ("09:00", "17:30")), ("10:00–16:00", ("10:00", "16:00")), ("8:15 to 9:15", ("08:15", "09:15"))],
)
def test_hours_are_understood_as_people_write_them(written: str, read: tuple[str, str]) -> None:
    event = parse({**GOOD, "checkin_hours": written, "checkin_days_before": "never"})

    assert (event.checkin_from, event.checkin_until) == read
    assert event.checkin_days_before is None


def test_norway_survives_yaml() -> None:
    data = read_yaml("partners:\n  - name: A Ministry\n    country: NO\n", "x")

    assert parse({**GOOD, **data}).partners == (("A Ministry", "NO"),)


@pytest.mark.parametrize("text", ["a: [", "code: A\ncode: B\n", "!!python/object/apply:os.system ['true']"])
def test_yaml_that_is_broken_twofold_or_dangerous_is_refused(text: str) -> None:
    with pytest.raises(EventFileError):
        read_yaml(text, "x")


def test_a_file_that_holds_something_else_is_refused() -> None:
    with pytest.raises(EventFileError, match="not a list of names"):
        parse(["WP1873v"])


@settings(max_examples=100, deadline=None)
@given(st.sets(st.sampled_from(list(Role)), min_size=1))
def test_everybody_is_asked_in_one_role_that_they_hold(roles: set[Role]) -> None:
    role = asked_as(roles)

    assert role in roles
    assert (role is Role.PARTNER) == (Role.PARTNER in roles)
    assert (role is Role.PARTICIPANT) == (roles == {Role.PARTICIPANT})


def test_nobody_is_asked_in_no_role() -> None:
    with pytest.raises(ValueError, match="at least one role"):
        asked_as([])


def test_an_event_is_under_way_from_its_first_meeting_to_the_end_of_its_last() -> None:
    meetings = parse(GOOD).meetings
    starts, ends, second = meetings[0].starts_at, meetings[0].ends_at, timedelta(seconds=1)

    assert state(meetings, starts - second) is State.PLANNED
    assert state(meetings, starts) is State.UNDER_WAY
    assert state(meetings, ends - second) is State.UNDER_WAY
    assert state(meetings, ends) is State.NOT_ASKED
    assert state([], ends) is State.PLANNED


def test_what_was_asked_at_an_event_says_more_than_its_dates() -> None:
    meetings = parse(GOOD).meetings
    moments = [meetings[0].starts_at - timedelta(days=1), meetings[0].starts_at, meetings[0].ends_at]

    for now in moments:
        assert state(meetings, now, Asking(open_until=now)) is State.OPEN
        assert state(meetings, now, Asking(open_until=now, closed=True)) is State.OPEN
        assert state(meetings, now, Asking(closed=True)) is State.CLOSED
