"""What was taken back of a published edition, when follow-up is over, and codes to be typed."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mande import tokens
from mande.followup.kinds import Visibility
from mande.reports.editions.withdrawn import Now
from mande.reports.editions.withdrawn import TakenBack
from mande.reports.editions.withdrawn import taken_back
from mande.reports.thanking.over import Course
from mande.reports.thanking.over import over_since

BY_NAME, WITHOUT, TEAM = Visibility.PARTNERS_BY_NAME, Visibility.PARTNERS_WITHOUT_NAME, Visibility.TEAM
NOW = datetime(2022, 6, 9, 12, tzinfo=UTC)
HEARD = NOW - timedelta(days=100)


@pytest.mark.parametrize(
    ("internal", "named", "left", "now", "expected"),
    [
        (False, True, False, Now(BY_NAME), None),
        (False, False, False, Now(WITHOUT), None),
        (False, False, False, Now(BY_NAME), None),
        (False, False, False, None, TakenBack.WITHDRAWN),
        (True, True, False, None, TakenBack.WITHDRAWN),
        (False, True, False, Now(TEAM), TakenBack.FOR_TEAM),
        (True, True, False, Now(TEAM), None),
        (False, True, False, Now(WITHOUT), TakenBack.WITHOUT_NAME),
        (False, False, True, Now(WITHOUT), None),
        (False, True, False, Now(BY_NAME, hidden=True), TakenBack.WITHOUT_NAME),
        (True, True, False, Now(TEAM, hidden=True), TakenBack.WITHOUT_NAME),
        (False, True, True, Now(BY_NAME), TakenBack.LEFT),
        (True, True, True, Now(TEAM), TakenBack.LEFT),
        (False, True, True, None, TakenBack.WITHDRAWN),
    ],
)
def test_what_was_taken_back_is_what_the_edition_shows_and_its_owner_no_longer_allows(
    internal: bool, named: bool, left: bool, now: Now | None, expected: TakenBack | None
) -> None:
    assert taken_back(internal, named, left, now) is expected


@pytest.mark.parametrize(
    ("courses", "last_step", "planned", "expected"),
    [
        ([], HEARD, False, None),
        ([Course(True, HEARD), Course(True, HEARD - timedelta(days=1))], NOW + timedelta(days=9), True, HEARD),
        ([Course(True, None)], HEARD, False, HEARD),
        ([Course(True, HEARD), Course(False, HEARD)], NOW + timedelta(days=1), False, None),
        ([Course(False, None)], NOW - timedelta(days=1), False, NOW - timedelta(days=1)),
        ([Course(False, None)], NOW - timedelta(days=1), True, None),
    ],
)
def test_follow_up_is_over_once_all_has_ended_or_nobody_is_asked_any_more(
    courses: list[Course], last_step: datetime, planned: bool, expected: datetime | None
) -> None:
    assert over_since(courses, last_step, planned, NOW) == expected


@given(st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26))
def test_a_code_is_eight_digits_that_do_not_stand_in_what_they_are_derived_from(token: str) -> None:
    code = tokens.code(token)

    assert len(code) == tokens.CODE_LENGTH
    assert code.isdecimal()
    assert code == tokens.code(token)
    assert code not in token
