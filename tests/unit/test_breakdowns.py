"""Groups within a question: an attacker with an integer solver looks for one or two people in any group and option."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from scipy.optimize import Bounds
from scipy.optimize import LinearConstraint
from scipy.optimize import milp

from mande.reports import disclosure
from mande.reports.answers import breakdowns
from mande.reports.answers.breakdowns import Broken
from mande.reports.disclosure import Counts
from mande.reports.disclosure import Shown

TOP = (3, 4)

row = st.lists(st.integers(0, 9) | st.integers(0, 3), min_size=5, max_size=5).map(tuple).filter(lambda c: sum(c) >= 5)


def total(groups: list[Counts]) -> Counts:
    return tuple(map(sum, zip(*groups, strict=True)))


class Attacker:
    """Holds every linear constraint that what is published puts on the counts of each group and option."""

    def __init__(self, shown: Shown, broken: Broken, sizes: list[int]) -> None:
        self.groups, self.options = len(sizes), 5
        self.rows: list[np.ndarray] = []
        self.low: list[float] = []
        self.high: list[float] = []
        everyone = range(self.groups)
        for group, n in zip(everyone, sizes, strict=True):
            self.add([group], range(5), n, n)
        for part, count in zip(shown.parts, shown.sums, strict=True):
            self.add(everyone, part, count, count)
        for group, sums in enumerate(broken.sums):
            for part, count in zip(broken.parts, sums, strict=True):
                self.add([group], part, count, count)
        for group, name in enumerate(broken.levels):
            self.add([group], TOP, *breakdowns.level_span(name, sizes[group]))

    def add(self, groups: object, options: object, low: int, high: int) -> None:
        mask = np.zeros((self.groups, self.options))
        for group in groups:  # type: ignore[attr-defined]
            for option in options:  # type: ignore[attr-defined]
                mask[group, option] = 1
        self.rows.append(mask.ravel())
        self.low.append(low)
        self.high.append(high)

    def span(self, groups: list[int], options: tuple[int, ...]) -> tuple[int, int]:
        wanted = np.zeros((self.groups, self.options))
        wanted[np.ix_(groups, options)] = 1
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * wanted.ravel(),
                constraints=LinearConstraint(np.array(self.rows), self.low, self.high),
                integrality=np.ones(wanted.size),
                bounds=Bounds(0, np.inf),
            )
            assert found.success, "what is published contradicts itself"
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


@settings(max_examples=25, deadline=None)
@given(st.lists(row, min_size=2, max_size=3))
def test_a_solver_finds_nobody_in_any_group(groups: list[Counts]) -> None:
    whole = total(groups)
    shown = disclosure.ordered(whole)
    broken = breakdowns.broken(shown, whole, groups, TOP, contiguous=True)
    if not broken:
        return
    attacker = Attacker(shown, broken, [sum(group) for group in groups])

    for group in range(len(groups)):
        for option in range(5):
            low, high = attacker.span([group], (option,))
            assert not 1 <= low <= high <= 2, (group, option)
            assert low < sum(groups[group]), "unanimous"


@settings(max_examples=25, deadline=None)
@given(st.lists(row, min_size=2, max_size=3))
def test_where_levels_are_given_a_solver_cannot_tell_how_many_were_favourable_to_one_or_two(
    groups: list[Counts],
) -> None:
    whole = total(groups)
    shown = disclosure.ordered(whole)
    broken = breakdowns.broken(shown, whole, groups, TOP, contiguous=True)
    if not broken.levels:
        return
    attacker = Attacker(shown, broken, [sum(group) for group in groups])

    for group, counts in enumerate(groups):
        for options in (TOP, (0, 1, 2)):
            low, high = attacker.span([group], options)
            assert not 1 <= low <= high <= 2
            assert low <= sum(counts[i] for i in options) <= high


@settings(max_examples=80, deadline=None)
@given(st.lists(row, min_size=2, max_size=4))
def test_groups_with_counts_show_nobody_alone_and_none_unanimous(groups: list[Counts]) -> None:
    whole = total(groups)
    broken = breakdowns.broken(disclosure.ordered(whole), whole, groups, TOP, contiguous=True)

    for sums in broken.sums:
        assert not set(sums) & {1, 2}
        assert max(sums) < sum(sums)


def test_groups_share_parts_that_are_coarser_than_the_whole() -> None:
    groups: list[Counts] = [(0, 3, 4, 6, 5), (3, 3, 0, 4, 4)]
    broken = breakdowns.broken(disclosure.ordered(total(groups)), total(groups), groups, TOP, contiguous=True)

    assert broken.parts == ((0,), (1,), (2,), (3,), (4,))
    assert broken.sums == tuple(groups)


def test_small_groups_are_described_in_words() -> None:
    groups: list[Counts] = [(2, 2, 4, 6, 4), (0, 1, 1, 3, 2)]
    broken = breakdowns.broken(disclosure.ordered(total(groups)), total(groups), groups, TOP, contiguous=True)

    assert broken == Broken(levels=("divided", "most"))


def test_levels_that_the_total_would_pin_down_are_left_out() -> None:
    # Nobody of the whole was favourable: "few" in each group would say the same of every member.
    groups: list[Counts] = [(3, 3, 0, 0, 0), (3, 2, 0, 0, 0)]

    assert not breakdowns.broken(disclosure.ordered(total(groups)), total(groups), groups, TOP, contiguous=True)


def test_those_in_no_group_are_protected_as_a_group() -> None:
    groups: list[Counts] = [(0, 0, 5, 5, 5), (0, 0, 4, 4, 4)]
    whole = (0, 0, 10, 10, 13)

    broken = breakdowns.broken(disclosure.ordered(whole), whole, groups, TOP, contiguous=True)

    left = breakdowns.remainder(whole, groups)
    assert left == (0, 0, 1, 1, 4)
    for part in broken.parts:
        assert disclosure.is_safe_count(sum(left[i] for i in part))


@pytest.mark.parametrize(("left", "complete"), [(0, True), (4, False), (5, True)])
def test_a_breakdown_that_leaves_out_fewer_than_k_is_not_complete(left: int, complete: bool) -> None:
    assert breakdowns.complete((10 + left,), [(10,)], 5) is complete


def test_a_multiple_choice_shows_by_group_only_what_every_group_may_show() -> None:
    groups = [((6, 7, 2), 10), ((4, 3, 4), 6)]

    assert breakdowns.options((10, 10, 6), 16, groups) == (0, 1)


def test_a_multiple_choice_shows_no_groups_where_the_options_left_out_would_be_known_to_have_been_chosen() -> None:
    # Whoever of the second group chose neither of the first two chose the third: two people of the first one are left.
    groups = [((3, 3, 2), 6), ((0, 0, 3), 3)]

    assert breakdowns.options((3, 3, 5), 9, groups) == ()
