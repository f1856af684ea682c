"""Groups are tested by an attacker who is given all published tables and solves them as linear equations."""

from collections.abc import Iterator
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys.results import grouping
from mande.surveys.results.grouping import breakdowns

Weights = dict[tuple[str, ...], int]
DECLARED = ["sector", "meeting", "gender"]

people = st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.sampled_from("fm"))


def _weights(crowd: Sequence[tuple[tuple[str, ...], bool]]) -> Weights:
    weights: Weights = {}
    for values, answered in crowd:
        weights[values] = weights.get(values, 0) + answered
    return weights


def _rank(rows: Sequence[Sequence[int]]) -> int:
    left = [[Fraction(value) for value in row] for row in rows]
    rank = 0
    for place in range(len(left[0]) if left else 0):
        pivot = next((row for row in left[rank:] if row[place]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(rank, pivot)
        for number in range(rank + 1, len(left)):
            factor = left[number][place] / pivot[place]
            left[number] = [a - factor * b for a, b in zip(left[number], pivot, strict=True)]
        rank += 1
    return rank


def _published(weights: Weights, shown: dict[str, list[tuple[str, ...]]]) -> tuple[list[list[int]], list[int]]:
    """One 0/1 row for the whole survey and for each published group, over the combinations of strata that occur."""
    cells = sorted(weights)
    rows = [[1] * len(cells)]
    for stratum, groups in shown.items():
        place = DECLARED.index(stratum)
        rows += [[int(cell[place] in group) for cell in cells] for group in groups]
    return rows, [weights[cell] for cell in cells]


def _few(weights: Sequence[int], k: int) -> Iterator[tuple[int, ...]]:
    """Every choice of cells that hold fewer than k valid answers."""
    for size in range(1, len(weights) + 1):
        for chosen in combinations(range(len(weights)), size):
            if sum(weights[number] for number in chosen) < k:
                yield chosen


@given(crowd=st.lists(st.tuples(people, st.integers(0, 4).map(bool)), min_size=3, max_size=11), k=st.integers(3, 4))
@settings(max_examples=60, deadline=None)
def test_no_combination_of_published_tables_tells_about_fewer_than_k(
    crowd: list[tuple[tuple[str, ...], bool]], k: int
) -> None:
    weights = _weights(crowd)
    if sum(weights.values()) < k:
        return
    rows, held = _published(weights, breakdowns(weights, DECLARED, k))
    rank = _rank(rows)

    for chosen in _few(held, k):
        # A combination that rests on the chosen cells alone is zero on all others: then they have a lower rank.
        assert _rank([[v for n, v in enumerate(row) if n not in chosen] for row in rows]) == rank
        indicator = [int(number in chosen) for number in range(len(held))]
        assert _rank([*rows, indicator]) > rank


@given(crowd=st.lists(st.tuples(people, st.just(True)), min_size=5, max_size=60), k=st.integers(3, 10))
@settings(max_examples=80, deadline=None)
def test_published_groups_are_a_partition_into_groups_of_at_least_k(
    crowd: list[tuple[tuple[str, ...], bool]], k: int
) -> None:
    weights = _weights(crowd)
    for stratum, groups in breakdowns(weights, DECLARED, k).items():
        place = DECLARED.index(stratum)
        names = [name for group in groups for name in group]

        assert sorted(names) == sorted({cell[place] for cell in weights})
        assert len(groups) >= 2
        assert all(sum(held for cell, held in weights.items() if cell[place] in group) >= k for group in groups)


def test_the_smallest_groups_are_merged() -> None:
    weights = {("state",): 9, ("academia",): 2, ("media",): 1, ("business",): 3, ("civil_society",): 7}

    assert breakdowns(weights, ["sector"], 5) == {
        "sector": [("academia", "business", "media"), ("civil_society",), ("state",)]
    }


def test_a_breakdown_of_one_group_is_left_out() -> None:
    assert breakdowns({("state",): 20}, ["sector"], 5) == {}
    assert breakdowns({("state",): 5, ("media",): 4}, ["sector"], 5) == {}


def test_two_breakdowns_that_differ_by_one_person_are_not_both_shown() -> None:
    weights = {("state", "x"): 10, ("media", "y"): 9, ("media", "x"): 1}

    assert breakdowns(weights, ["sector", "meeting"], 5) == {"sector": [("media",), ("state",)]}


def test_two_breakdowns_that_differ_by_k_people_are_both_shown() -> None:
    weights = {("state", "x"): 10, ("media", "y"): 9, ("media", "x"): 5}

    assert set(breakdowns(weights, ["sector", "meeting"], 5)) == {"sector", "meeting"}


def test_two_people_who_changed_places_are_not_given_away_by_a_difference() -> None:
    # Sector a minus meeting x is one person minus another: no small group is solved, yet an answer may be guessed.
    weights = {("a", "x"): 9, ("a", "y"): 1, ("b", "x"): 1, ("b", "y"): 9}

    assert set(breakdowns(weights, ["sector", "meeting"], 5)) == {"sector"}


def test_a_coarser_merge_is_tried_before_a_breakdown_is_given_up() -> None:
    weights = {("a", "x"): 10, ("b", "y"): 10, ("b", "z"): 10, ("a", "w"): 8, ("b", "w"): 2}

    # With w of its own group, a's other people would be solved; with w in x, sector and meeting differ by two.
    shown = breakdowns(weights, ["sector", "meeting"], 5)

    assert shown["sector"] == [("a",), ("b",)]
    assert "meeting" not in shown or len(shown["meeting"]) < 4


def test_people_who_left_the_question_blank_are_not_singled_out_either() -> None:
    weights = {("a", "x"): 9, ("b", "y"): 9, ("b", "x"): 0}

    assert set(breakdowns(weights, ["sector", "meeting"], 5)) == {"sector"}


def test_a_search_that_grows_too_long_counts_as_a_danger(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [[1, *(int(bit) for bit in f"{number:05b}")] for number in range(1, 32)]

    assert not grouping.Search(many, [1] * 31, 3).finds()
    monkeypatch.setattr(grouping, "PATIENCE", 1)
    assert grouping.Search(many, [1] * 31, 3).finds()
