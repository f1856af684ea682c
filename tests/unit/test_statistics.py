import math
from statistics import fmean
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from scipy import stats

from mande.reports import statistics
from mande.reports import student

scales = st.lists(st.integers(1, 5), min_size=2, max_size=200)
ratings = st.lists(st.integers(0, 10), min_size=1, max_size=200)


def counts_of(values: list[int]) -> dict[int, int]:
    return {value: values.count(value) for value in set(values)}


@settings(max_examples=60)
@given(scales)
def test_mean_and_standard_deviation_are_those_of_the_values_themselves(values: list[int]) -> None:
    counts = counts_of(values)

    assert statistics.mean(counts) == pytest.approx(fmean(values))
    assert statistics.standard_deviation(counts) == pytest.approx(stdev(values), abs=1e-9)


def test_nothing_is_worked_out_of_no_answers() -> None:
    assert statistics.mean({}) is None
    assert statistics.standard_deviation({5: 1}) is None
    assert statistics.favourable({}) is None
    assert statistics.margin_of_error(0, 25) is None
    assert statistics.margin_of_error(18, None) is None
    assert statistics.net_promoter({}, 25) is None
    assert statistics.mean_interval({4: 1}, 25) is None


def test_the_margin_of_error_of_18_of_25_is_twelve_and_a_half_points() -> None:
    margin = statistics.margin_of_error(18, 25)

    assert margin is not None
    assert round(100 * margin, 1) == 12.5


def test_without_the_correction_the_same_margin_would_be_23_1_points() -> None:
    margin = statistics.margin_of_error(18, 10**9)

    assert margin is not None
    assert round(100 * margin, 1) == 23.1


def test_a_census_has_no_margin_of_error() -> None:
    assert statistics.margin_of_error(25, 25) == 0
    assert statistics.margin_of_error(1, 1) == 0
    assert statistics.mean_interval({4: 3, 5: 2}, 5) == (4.4, 4.4)


@settings(max_examples=60)
@given(st.integers(2, 500), st.data())
def test_more_answers_never_widen_the_margin(population: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, population - 1))

    assert (statistics.margin_of_error(n + 1, population) or 0) <= (statistics.margin_of_error(n, population) or 0)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 10, 17, 30, 133, 200, 201, 1000, 50000])
@pytest.mark.parametrize("probability", [0.95, 0.975, 0.995])
def test_quantiles_of_students_distribution_agree_with_scipy(freedom: int, probability: float) -> None:
    ours = student.quantile(probability, freedom)

    assert ours == pytest.approx(stats.t.ppf(probability, freedom), rel=1e-9)


@settings(max_examples=40)
@given(st.floats(-6, 6), st.integers(1, 60))
def test_students_distribution_agrees_with_scipy(t: float, freedom: int) -> None:
    assert student.cdf(t, freedom) == pytest.approx(stats.t.cdf(t, freedom), abs=1e-10)


@settings(max_examples=40)
@given(scales, st.integers(0, 300))
def test_the_interval_of_the_mean_is_scipys_with_the_finite_population_correction(
    values: list[int], not_answered: int
) -> None:
    n, population = len(values), len(values) + not_answered
    found = statistics.mean_interval(counts_of(values), population)

    assert found is not None
    spread = stats.sem(values) * math.sqrt((population - n) / (population - 1))
    half = stats.t.ppf(0.975, n - 1) * spread
    assert found == (pytest.approx(fmean(values) - half), pytest.approx(fmean(values) + half))


def test_favourable_and_unfavourable_are_the_outer_two_of_five() -> None:
    counts = {1: 1, 2: 2, 3: 3, 4: 6, 5: 8}

    assert statistics.favourable(counts) == 0.7
    assert statistics.unfavourable(counts) == 0.15


def test_the_net_promoter_score_of_the_carpentries_comes_out_as_published() -> None:
    score = statistics.net_promoter({10: 60, 9: 33, 8: 20, 7: 12, 6: 4, 5: 5}, 134)

    assert score is not None
    assert round(score.score) == 63
    assert (score.promoters, score.passives, score.detractors) == (93, 32, 9)


@settings(max_examples=60)
@given(ratings)
def test_the_variance_of_the_net_promoter_score_is_that_of_plus_one_nought_and_minus_one(values: list[int]) -> None:
    score = statistics.net_promoter(counts_of(values), 10**12)
    signs = [1 if value >= 9 else -1 if value <= 6 else 0 for value in values]

    assert score is not None
    assert score.score == pytest.approx(100 * fmean(signs))
    half = 196 * math.sqrt(fmean((sign - fmean(signs)) ** 2 for sign in signs) / len(signs))
    assert score.interval is not None
    assert score.interval[0] == pytest.approx(max(-100, score.score - half), abs=1e-4)
    assert score.interval[1] == pytest.approx(min(100, score.score + half), abs=1e-4)


@pytest.mark.parametrize(
    ("mean", "band"),
    [
        (4.50, "excellent"),
        (4.496, "excellent"),
        (4.49, "good"),
        (4.0, "good"),
        (3.5, "acceptable"),
        (3.49, "below the target"),
        (None, None),
    ],
)
def test_bands_are_judged_by_the_mean_as_it_is_printed(mean: float | None, band: str | None) -> None:
    assert statistics.band(mean) == band


@pytest.mark.parametrize(
    ("n", "margin", "indicative"), [(9, 0.01, True), (10, 0.15, False), (12, 0.151, True), (30, None, False)]
)
def test_few_answers_or_a_wide_margin_make_a_figure_indicative(n: int, margin: float | None, indicative: bool) -> None:
    assert statistics.is_indicative(n, margin) is indicative
