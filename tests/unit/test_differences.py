"""Differences between groups: against SciPy, published examples and every outcome that a small population can have."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from scipy import stats

from mande.reports import intervals
from mande.reports.answers import differences
from mande.reports.intervals import Sample

EXACT_Z = NormalDist().inv_cdf(0.975)
scores = st.lists(st.integers(1, 5), min_size=2, max_size=40).filter(lambda values: len(set(values)) > 1)


def shown(**figures: object) -> dict[str, object]:
    return {"n": 10, "favourable": None, "mean": None, "sd": None, "yes": None, "nps": None} | figures


def sample_of(values: list[int], population: int | None = None) -> Sample:
    return Sample(len(values), population, mean=float(np.mean(values)), deviation=float(np.std(values, ddof=1)))


@pytest.mark.parametrize(
    ("one", "other", "published"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((10, 10), (0, 10), (0.6075, 1.0000)),
    ],
)
def test_differences_of_shares_come_out_as_newcombe_published_them(
    one: tuple[int, int], other: tuple[int, int], published: tuple[float, float]
) -> None:
    found = intervals.share_difference(Sample(one[1], None, one[0]), Sample(other[1], None, other[0]))

    assert found == pytest.approx(published, abs=5e-5)


@settings(max_examples=60)
@given(st.integers(1, 300), st.data())
def test_the_interval_of_a_share_is_scipys_score_interval(n: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, n))

    expected = stats.binomtest(part, n).proportion_ci(method="wilson")
    assert intervals.wilson(Sample(n, None, part), EXACT_Z) == pytest.approx((expected.low, expected.high), abs=1e-12)


@settings(max_examples=60)
@given(scores, scores)
def test_the_interval_of_a_difference_of_means_is_scipys_welch_interval(one: list[int], other: list[int]) -> None:
    found = intervals.mean_difference(sample_of(one), sample_of(other))

    expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert found == pytest.approx((expected.low, expected.high), rel=1e-8, abs=1e-8)


@settings(max_examples=40)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 100), st.data())
def test_the_more_of_those_asked_have_answered_the_narrower_is_the_interval(
    n: int, m: int, silent: int, data: st.DataObject
) -> None:
    parts = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))

    def width(silent: int) -> float:
        one, other = Sample(n, n + silent, parts[0]), Sample(m, m + silent, parts[1])
        low, high = intervals.share_difference(one, other)
        return high - low

    assert width(0) == pytest.approx(0)
    assert width(silent) <= width(silent + 1) + 1e-9


def test_of_18_of_25_in_each_of_two_groups_the_interval_covers_the_truth_in_at_least_93_of_100_cases() -> None:
    asked, n = 25, 18
    drawn = np.arange(n + 1)
    found = [[intervals.share_difference(Sample(n, asked, x), Sample(n, asked, y)) for y in drawn] for x in drawn]
    low, high = np.array(found).transpose(2, 0, 1)
    worst, mean = 1.0, []
    for one in range(0, asked + 1, 2):
        for other in range(0, asked + 1, 2):
            chance = np.outer(stats.hypergeom.pmf(drawn, asked, one, n), stats.hypergeom.pmf(drawn, asked, other, n))
            truth = (one - other) / asked
            covered = float(chance[(low - 1e-9 <= truth) & (truth <= high + 1e-9)].sum())
            worst, mean = min(worst, covered), [*mean, covered]

    assert np.mean(mean) > 0.95
    assert worst > 0.9


def test_the_interval_of_a_difference_of_promoter_scores_is_that_of_plus_one_nought_and_minus_one() -> None:
    one, other = {"promoters": 12, "detractors": 3}, {"promoters": 4, "detractors": 9}
    signs = [[100] * 12 + [0] * 5 + [-100] * 3, [100] * 4 + [0] * 7 + [-100] * 9]
    (found,) = differences.among([shown(n=20, nps=one), shown(n=20, nps=other)])

    half = 1.96 * math.sqrt(np.var(signs[0]) / 20 + np.var(signs[1]) / 20)
    assert (found["of"], found["value"]) == ("nps", 70.0)
    assert found["interval"] == [round(70 - half, 1), round(70 + half, 1)]


def test_every_group_is_held_against_every_other_and_the_intervals_hold_together() -> None:
    groups = [shown(n=20, favourable=share) for share in (0.5, 0.9, 0.6)]
    found = differences.among(groups)

    assert [(one["between"], one["value"]) for one in found] == [([0, 1], -0.4), ([1, 2], 0.3), ([0, 2], -0.1)]
    (alone,) = differences.among(groups[:2])
    assert found[0]["interval"][0] < alone["interval"][0]
    assert found[0]["interval"][1] > alone["interval"][1]
    # Three intervals at 1 - 0.05 / 3 hold together with 95 %.
    sure = intervals.share_difference(Sample(20, None, 10), Sample(20, None, 18), 1 - 0.05 / 3)
    assert found[0]["interval"] == pytest.approx(sure, abs=1e-4)


def test_where_nobody_differs_from_anybody_no_interval_is_made_up() -> None:
    alike = Sample(10, 25, mean=4.0, deviation=0.0)

    assert intervals.mean_difference(alike, alike) is None
    assert intervals.mean_difference(Sample(1, 25, mean=4.0), alike) is None
    assert intervals.mean_difference(Sample(9, 9, mean=4.0), Sample(8, 8, mean=3.5)) == (0.5, 0.5)
    assert intervals.promoter_difference(alike, alike) is None


def test_what_is_not_shown_has_no_difference() -> None:
    merged = shown(mean=4.1, favourable=0.8)
    assert [one["of"] for one in differences.among([merged, shown(mean=3.0, sd=1.0, favourable=0.5)])] == ["favourable"]
    assert differences.among([shown(), merged]) == []
    assert differences.last_and_first([shown(n=None), merged]) is None


def test_a_difference_of_two_groups_in_which_everybody_answered_is_known() -> None:
    (found,) = differences.among([shown(favourable=0.8), shown(favourable=0.5)], [10, 10])

    assert found == {"between": [0, 1], "of": "favourable", "value": 0.3, "interval": [0.3, 0.3]}


def test_the_last_meeting_less_the_first_is_above_nought_where_it_was_better() -> None:
    found = differences.last_and_first([shown(yes=0.2), shown(yes=0.4), shown(yes=0.9)])

    assert found is not None
    assert (found["between"], found["of"], found["value"]) == ([2, 0], "yes", 0.7)
