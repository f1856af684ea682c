"""The attacker: knows the procedure, enumerates all counts that what is published could have come from, and loses."""

import random
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.reports import disclosure
from mande.reports.answers import lists
from mande.reports.answers import published
from mande.reports.answers.entries import Table
from mande.reports.disclosure import Counts
from mande.reports.disclosure import Shown
from mande.surveys.questionnaires.definition import QuestionType


def vectors(n: int, options: int) -> Iterator[Counts]:
    if options == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in vectors(n - first, options - 1):
            yield (first, *rest)


def given_away(everything: Iterator[Counts], publish: Callable[[Counts], Hashable]) -> list[tuple[Hashable, int]]:
    """Publications, with an option, from which it follows that one or two people chose that option."""
    possible: dict[Hashable, list[set[int]]] = {}
    for counts in everything:
        sets = possible.setdefault(publish(counts), [set() for _ in counts])
        for seen, count in zip(sets, counts, strict=True):
            seen.add(count)
    return [(shown, i) for shown, sets in possible.items() for i, seen in enumerate(sets) if seen <= {1, 2}]


@pytest.mark.parametrize("n", range(3, 15))
def test_who_knows_the_procedure_finds_no_rare_option_of_a_scale(n: int) -> None:
    assert given_away(vectors(n, 5), disclosure.ordered) == []


@pytest.mark.parametrize("options", [2, 3, 4, 5])
@pytest.mark.parametrize("n", range(5, 14))
def test_who_knows_the_procedure_finds_no_rare_option_of_a_single_choice(n: int, options: int) -> None:
    found = given_away(vectors(n, options), lists.single)

    # The one thing left, and documented: that nothing is shown tells something where n = 2m - 1.
    assert all(shown == Shown(n) and n == 2 * options - 1 for shown, _option in found)


@pytest.mark.parametrize("n", [5, 6, 9, 10, 13])
def test_who_knows_the_procedure_finds_no_rare_option_of_a_multiple_choice(n: int) -> None:
    # Each of the n chose something.
    everything = (counts for counts in product(range(n + 1), repeat=3) if sum(counts) >= n)

    found = given_away(everything, lambda counts: lists.multiple(counts, n))

    # As with a single choice, that nothing is shown tells something where each option must be chosen by one or two.
    assert all(shown == () and n in (5, 6) for shown, _option in found)


def test_a_multiple_choice_is_not_shown_where_somebody_must_have_chosen_what_few_chose() -> None:
    assert lists.multiple((4, 5, 2), 10) == ()
    assert lists.multiple((4, 6, 2), 10) == (4, 6, "few")
    assert lists.multiple((4, 4, 1, 2), 10) == (4, 4, "few", "few")


counts_of_scales = st.lists(st.integers(0, 60) | st.integers(0, 3), min_size=5, max_size=5).map(tuple)
counts_of_ratings = st.lists(st.integers(0, 12) | st.integers(0, 3), min_size=11, max_size=11).map(tuple)


@settings(max_examples=80, deadline=None)
@given(counts_of_scales | counts_of_ratings)
def test_no_part_that_is_shown_holds_one_or_two_people(counts: Counts) -> None:
    shown = disclosure.ordered(counts)

    assert not set(shown.sums) & {1, 2}
    assert sum(shown.sums) in (0, sum(counts))
    assert not (shown.parts and shown.nearly_all)
    assert [i for part in shown.parts for i in part] in ([], list(range(len(counts))))


@settings(max_examples=80, deadline=None)
@given(counts_of_scales)
def test_what_is_derived_always_contains_the_truth(counts: Counts) -> None:
    shown, n = disclosure.ordered(counts), sum(counts)
    if n == 0:
        return
    low, high = shown.mean_span(range(1, 6))
    least, most = shown.span((3, 4))

    assert low - 1e-9 <= sum((i + 1) * count for i, count in enumerate(counts)) / n <= high + 1e-9
    assert least <= counts[3] + counts[4] <= most


@settings(max_examples=60, deadline=None)
@given(counts_of_scales)
def test_two_distributions_that_look_alike_have_the_same_derived_figures(counts: Counts) -> None:
    # Everything else is worked out of what is shown, so it can tell no more than that.
    shown = disclosure.ordered(counts)
    again = Shown(shown.n, shown.parts, shown.sums, shown.nearly_all)

    assert shown.mean_span(range(1, 6)) == again.mean_span(range(1, 6))
    assert (shown.mean_span(range(1, 6))[0] == shown.mean_span(range(1, 6))[1]) is (shown.is_whole or _settled(shown))


def _settled(shown: Shown) -> bool:
    return bool(shown.parts) and all(len(p) == 1 or c == 0 for p, c in zip(shown.parts, shown.sums, strict=True))


@pytest.mark.parametrize("n", [5, 9, 10, 30])
def test_a_unanimous_group_is_nearly_all(n: int) -> None:
    assert disclosure.ordered((0, 0, 0, 0, n)) == Shown(n, nearly_all=(4,))
    assert lists.single((0, n, 0)) == Shown(n, nearly_all=(1,))
    assert disclosure.ordered((0, 0, 0, 0, n)) == disclosure.ordered((0, 0, 0, 1, n - 1))


def test_lone_answers_at_the_bottom_are_merged_and_the_favourable_share_is_kept() -> None:
    shown = disclosure.ordered((0, 1, 2, 8, 7))

    assert shown.parts == ((0, 1, 2), (3,), (4,))
    assert shown.sums == (3, 8, 7)
    assert shown.span((3, 4)) == (15, 15)


def test_what_needs_no_merging_is_shown_as_it_is() -> None:
    assert disclosure.ordered((4, 9, 30, 55, 37)).is_whole
    assert lists.single((5, 0, 9)).sums == (5, 0, 9)


def test_promoters_and_detractors_are_kept_whole_where_they_can_be() -> None:
    shown = disclosure.ordered((0, 1, 0, 0, 1, 1, 0, 4, 9, 8, 5))

    assert shown.span((9, 10)) == (13, 13)
    assert shown.span(range(7)) == (3, 3)


def test_a_great_distribution_is_decided_quickly_and_as_a_small_one() -> None:
    small, great = disclosure.ordered((40, 2, 1, 50, 90)), disclosure.ordered((4000, 2, 1, 50000, 90))

    assert small.parts == great.parts


@pytest.mark.parametrize("options", [2, 3, 4, 5])
def test_rare_options_of_a_list_are_together_chosen_by_three_or_nobody(options: int) -> None:
    for n in range(5, 14):
        for counts in vectors(n, options):
            assert not set(lists.single(counts).sums) & {1, 2}


def test_rare_options_of_a_list_become_one() -> None:
    shown = lists.single((0, 1, 5, 7, 2, 3))

    assert shown.parts == ((2,), (3,), (5,), (0, 1, 4))
    assert shown.sums == (5, 7, 3, 3)


def test_fewer_than_five_people_are_never_shown_as_a_distribution() -> None:
    for counts in vectors(4, 5):
        assert disclosure.ordered(counts) == Shown(4)


def test_publications_are_many_enough_to_be_of_use() -> None:
    # A rule that hides everything would be safe as well.
    kinds: dict[bool, int] = defaultdict(int)
    for counts in vectors(18, 5):
        shown = disclosure.ordered(counts)
        kinds[bool(shown.parts or shown.nearly_all)] += 1

    assert kinds[False] < 0.01 * sum(kinds.values())


@pytest.mark.parametrize("options", [4, 6, 7])
@pytest.mark.parametrize("n", [5, 8, 10])
def test_who_knows_the_procedure_finds_no_rare_option_of_a_longer_or_shorter_scale(n: int, options: int) -> None:
    assert given_away(vectors(n, options), disclosure.ordered) == []


def test_most_distributions_of_a_seven_point_scale_are_shown_and_quickly() -> None:
    chance = random.Random(7)
    several = [tuple(chance.choices(range(9), k=7)) for _ in range(60)]
    shown = [disclosure.ordered(counts) for counts in several]

    assert sum(bool(one.parts or one.nearly_all) for one in shown) > 55
    assert all(4 in {part[-1] for part in one.parts} for one in shown[:3] if one.parts)


def placements(n: int, options: int, each: int) -> Iterator[Counts]:
    """Every way in which `n` people can have placed so many options among their first."""
    return (counts for counts in product(range(n + 1), repeat=options) if sum(counts) == each * n)


@pytest.mark.parametrize(("n", "options", "each"), [(5, 5, 3), (6, 5, 3), (8, 5, 3), (10, 4, 2), (5, 6, 3)])
def test_who_knows_how_many_places_everybody_had_finds_no_rare_option_of_a_ranking(
    n: int, options: int, each: int
) -> None:
    possible: dict[tuple[lists.Placings, int], list[set[int]]] = {}
    for counts in placements(n, options, each):
        shown, few_below = lists.placings(counts, n)
        assert not {0, 1, 2, n - 1, n} & set(shown)
        sets = possible.setdefault((shown, few_below), [set() for _ in counts])
        for seen, count in zip(sets, counts, strict=True):
            seen.add(count)

    for (shown, _), sets in possible.items():
        for seen, said in zip(sets, shown or ["few"] * options, strict=True):
            assert not seen <= {1, 2}
            # Nor an option that all but one or two have placed, or everybody.
            assert said != "nearly all" or (n in seen and len(seen) > 1)


def test_a_ranking_hides_more_than_one_option_where_one_alone_could_be_worked_out() -> None:
    # There are 54 places: were four options shown, the last one's two would be what is left.
    shown, few_below = lists.placings((15, 15, 14, 8, 2), 18)

    assert shown == (15, 15, 14, "few", "few")
    assert few_below == 10


def test_countries_are_shown_from_k_on_and_the_others_hold_k_too() -> None:
    assert lists.named((4, 9, 7, 1), 5) == Shown(21, ((1,), (2,), (0, 3)), (9, 7, 5))
    assert lists.named((9, 7, 1), 5) == Shown(17, ((0,), (1, 2)), (9, 8))
    assert lists.named((9, 7), 5) == Shown(16, ((0,), (1,)), (9, 7))
    assert lists.named((2, 2, 2), 5) == Shown(6)
    assert lists.named((18, 1), 5) == Shown(19, nearly_all=(0,))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=8).map(tuple), st.integers(3, 10))
def test_no_group_of_countries_is_smaller_than_k_and_all_are_counted(counts: Counts, k: int) -> None:
    shown = lists.named(counts, k)

    assert all(count >= k for count in shown.sums)
    assert sum(shown.sums) in (0, sum(counts))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9) | st.integers(0, 2), min_size=2, max_size=20).map(tuple))
def test_bands_of_numbers_are_merged_with_their_neighbours_and_none_is_lost(counts: Counts) -> None:
    shown = published.single(QuestionType.NUMBER, Table(sum(counts), 0, 0, counts), 5)

    assert sorted(i for part in shown.parts for i in part) in ([], list(range(len(counts))))
    assert not set(shown.sums) & {1, 2}
    assert all(sum(counts[i] for i in part) == count for part, count in zip(shown.parts, shown.sums, strict=True))
