"""How long actions take: against scipy, against the product integral, and by what must hold of any curve."""

import random
import warnings
from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from scipy.stats import CensoredData
from scipy.stats import ecdf

from mande.followup.figures import completion
from mande.followup.figures.completion import Spell
from mande.followup.figures.courses import Course
from mande.followup.kinds import Status

DONE, DROPPED = Status.DONE, Status.NO_LONGER_PLANNED
WRITTEN = date(2021, 6, 10)

spells = st.lists(st.builds(Spell, st.integers(0, 30), st.sampled_from([DONE, DROPPED, None])), min_size=1, max_size=40)
never_dropped = st.lists(st.builds(Spell, st.integers(0, 30), st.sampled_from([DONE, None])), min_size=2, max_size=40)
all_ended = st.lists(st.builds(Spell, st.integers(0, 30), st.sampled_from([DONE, DROPPED])), min_size=1, max_size=40)


@settings(max_examples=60)
@given(never_dropped.filter(lambda known: any(one.end for one in known)))
def test_where_nobody_drops_an_action_the_curve_and_its_band_are_those_of_kaplan_and_meier(known: list[Spell]) -> None:
    ended, left = [one.days for one in known if one.end], [one.days for one in known if not one.end]
    open_still = ecdf(CensoredData(uncensored=ended, right=left)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy divides by zero where everything is done
        band = open_still.confidence_interval(0.95, method="log-log")

    for point in completion.curve(known):
        assert point.done == pytest.approx(1 - open_still.evaluate(point.days))
        if point.low is not None:
            assert point.low == pytest.approx(1 - band.high.evaluate(point.days))
            assert point.high == pytest.approx(1 - band.low.evaluate(point.days))


def _product_integral(known: Sequence[Spell]) -> dict[int, tuple[float, float, float]]:
    """Open, done and dropped after each day: the product of the transition matrices I + dA (Aalen and Johansen)."""
    state, found = np.eye(3), {}
    for day in sorted({one.days for one in known}):
        at_risk = sum(one.days >= day for one in known)
        done = sum(one == Spell(day, DONE) for one in known) / at_risk
        dropped = sum(one == Spell(day, DROPPED) for one in known) / at_risk
        state = state @ np.array([[1 - done - dropped, done, dropped], [0, 1, 0], [0, 0, 1]])
        found[day] = tuple(float(share) for share in state[0])
    return found


@settings(max_examples=60)
@given(spells)
def test_the_shares_done_and_dropped_are_those_of_the_product_integral(known: list[Spell]) -> None:
    expected = _product_integral(known)

    for point in completion.curve(known):
        assert (point.still_open, point.done, point.dropped) == pytest.approx(expected[point.days], abs=1e-12)


@settings(max_examples=60)
@given(all_ended)
def test_where_all_is_known_the_share_done_is_a_plain_share_with_its_binomial_variance(known: list[Spell]) -> None:
    n = len(known)
    for point in completion.curve(known):
        share = sum(one.end is DONE and one.days <= point.days for one in known) / n
        assert point.done == pytest.approx(share)
        if point.low is not None:
            rest = 1 - share
            spread = 1.959963984540054 * np.sqrt(share * rest / n) / (rest * -np.log(rest))
            assert point.low == pytest.approx(1 - rest ** np.exp(-spread))
            assert point.high == pytest.approx(1 - rest ** np.exp(spread))


@settings(max_examples=80)
@given(spells)
def test_shares_only_grow_stay_within_bounds_and_add_up_to_one(known: list[Spell]) -> None:
    points = completion.curve(known)

    for before, after in pairwise(points):
        assert before.done <= after.done + 1e-12
        assert before.dropped <= after.dropped + 1e-12
        assert before.still_open >= after.still_open
        assert before.at_risk > after.at_risk
        assert before.days < after.days
    for point in points:
        assert point.done + point.dropped + point.still_open == pytest.approx(1)
        assert (point.low is None) == (point.high is None)
        if point.low is not None and point.high is not None:
            assert 0 <= point.low <= point.done + 1e-12
            assert point.done <= point.high + 1e-12 <= 1 + 2e-12


@settings(max_examples=40)
@given(spells, st.randoms(use_true_random=False), st.integers(1, 50))
def test_neither_the_order_of_actions_nor_the_unit_of_time_matters(
    known: list[Spell], chance: random.Random, factor: int
) -> None:
    shuffled = chance.sample(known, len(known))
    stretched = [Spell(one.days * factor, one.end) for one in known]

    assert completion.curve(shuffled) == completion.curve(known)
    assert [point.done for point in completion.curve(stretched)] == [point.done for point in completion.curve(known)]
    assert [point.low for point in completion.curve(stretched)] == [point.low for point in completion.curve(known)]


@settings(max_examples=40)
@given(spells)
def test_an_action_of_which_nothing_was_ever_heard_changes_nothing_after_the_first_day(known: list[Spell]) -> None:
    later = [Spell(one.days + 1, one.end) for one in known]
    with_silent = [*later, *[Spell(0, None)] * 7]

    assert completion.curve(with_silent) == completion.curve(later)


def course(number: int, *news: tuple[int, Status]) -> Course:
    told = tuple((WRITTEN + timedelta(days=days), status) for days, status in news)
    return Course(
        id=UUID(int=number),
        event="WP1873v",
        owners=frozenset({UUID(int=1000 + number)}),
        ended_on=WRITTEN,
        written_on=WRITTEN,
        today=WRITTEN + timedelta(days=400),
        status=told[-1][1] if told else None,
        news=told,
    )


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        ([], Spell(0, None)),
        ([(30, Status.NOT_STARTED), (90, Status.SOME_PROGRESS)], Spell(90, None)),
        ([(30, Status.SOME_PROGRESS), (90, DONE)], Spell(90, DONE)),
        ([(30, DONE), (90, DONE)], Spell(30, DONE)),
        ([(30, DONE), (60, Status.SOME_PROGRESS), (90, DONE)], Spell(90, DONE)),
        ([(30, DONE), (90, Status.WELL_ADVANCED)], Spell(90, None)),
        ([(30, DROPPED), (90, DONE)], Spell(90, DONE)),
        ([(-5, DONE)], Spell(0, DONE)),
    ],
)
def test_an_action_is_followed_until_it_ended_and_stayed_so_or_was_last_heard_of(
    news: list[tuple[int, Status]], expected: Spell
) -> None:
    assert completion.spell(course(1, *news)) == expected


def test_the_median_is_the_day_by_which_half_were_done_and_its_interval_may_be_open() -> None:
    known = [course(i, (10 * i, DONE)) for i in range(1, 9)] + [course(9, (95, DROPPED)), course(10, (99, DROPPED))]
    found = completion.completion(known)

    assert found.median == 50
    assert found.interval[0] is not None
    assert found.interval[0] < 50
    assert found.interval[1] is None or found.interval[1] > 50
    few = completion.completion([course(1, (30, DONE)), *(course(i, (40, Status.NOT_STARTED)) for i in range(2, 6))])
    assert (few.median, few.unheard) == (None, 0)


def test_nothing_is_known_before_anything_ended_nor_after_the_last_news() -> None:
    found = completion.completion([course(1, (30, DONE)), course(2, (60, Status.NOT_STARTED)), course(3)])

    assert found.at(29).done == 0
    assert found.at(29).still_open == 1
    assert found.at(30).done == found.at(400).done == 0.5
    assert [found.at_risk(day) for day in (0, 1, 30, 31, 61)] == [3, 2, 2, 1, 0]
    assert found.last_day == 60
    assert completion.completion([]).points == ()
