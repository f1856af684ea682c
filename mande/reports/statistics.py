"""What the counts say: means, shares, intervals, bands. Pure; every function states where its formula comes from.

A share lies between 0 and 1. `None` stands for what cannot be worked out, such as the mean of no answers. The
population is small and known (N were asked), so intervals carry the finite population correction.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from mande.reports import student

Z95 = 1.96
INDICATIVE_BELOW = 10
INDICATIVE_MARGIN = 0.15
BANDS = ((4.50, "excellent"), (4.00, "good"), (3.50, "acceptable"))
BAND_POINTS = 5
BELOW_BANDS = "below the target"


def mean(counts: Mapping[int, int]) -> float | None:
    """The arithmetic mean of values, `counts` saying how often each occurs."""
    n = sum(counts.values())
    return sum(value * count for value, count in counts.items()) / n if n else None


def standard_deviation(counts: Mapping[int, int]) -> float | None:
    """The sample standard deviation: the root of the squared deviations' sum over n - 1. None below two values.

    Worked in whole numbers, (n * sum(v^2) - sum(v)^2) / (n * (n - 1)), so that nothing is lost to cancellation.
    """
    n = sum(counts.values())
    if n < 2:
        return None
    total = sum(value * count for value, count in counts.items())
    squares = sum(value * value * count for value, count in counts.items())
    return math.sqrt((n * squares - total * total) / (n * (n - 1)))


def share(part: int, n: int) -> float | None:
    """`part` of `n`."""
    return part / n if n else None


def favourable(counts: Mapping[int, int]) -> float | None:
    """The share of the two highest values of a 5-point scale ("top two box")."""
    return share(counts.get(4, 0) + counts.get(5, 0), sum(counts.values()))


def unfavourable(counts: Mapping[int, int]) -> float | None:
    """The share of the two lowest values of a 5-point scale ("bottom two box")."""
    return share(counts.get(1, 0) + counts.get(2, 0), sum(counts.values()))


def correction(n: int, population: int) -> float:
    """The finite population correction of a variance: (N - n) / (N - 1); 0 where all of them answered.

    Source: W. G. Cochran, Sampling Techniques, 3rd edition (1977), section 2.6.
    """
    if population <= 1 or n >= population:
        return 0.0
    return (population - n) / (population - 1)


def margin_of_error(n: int, population: int | None) -> float | None:
    """Half the 95 % interval of a share at its widest (one half), for n answers of `population` people asked.

    1.96 * sqrt(0.25 / n * (N - n) / (N - 1)): Cochran (1977), sections 3.2 and 4.4, at p = 0.5. 18 of 25 give 0.125.
    None where nobody answered, or nobody knows how many were asked.
    """
    if n <= 0 or population is None:
        return None
    return Z95 * math.sqrt(0.25 / n * correction(n, population))


def mean_interval(counts: Mapping[int, int], population: int | None) -> tuple[float, float] | None:
    """The 95 % interval of the mean: t(n - 1) * s / sqrt(n), times the root of the finite population correction.

    Source: Cochran (1977), section 2.8, with Student's t for small n. None below two answers or with N unknown.
    """
    average, deviation, n = mean(counts), standard_deviation(counts), sum(counts.values())
    if average is None or deviation is None or population is None:
        return None
    half = student.quantile(0.975, n - 1) * deviation / math.sqrt(n) * math.sqrt(correction(n, population))
    return average - half, average + half


@dataclass(frozen=True)
class NetPromoter:
    """A net promoter score in points (-100 to 100), its parts, and its 95 % interval where N is known."""

    score: float
    promoters: int
    passives: int
    detractors: int
    interval: tuple[float, float] | None


def net_promoter(counts: Mapping[int, int], population: int | None) -> NetPromoter | None:
    """The score of a 0 to 10 question: the share of 9 and 10 less the share of 0 to 6, in points.

    Its variance is (p + d - (p - d)^2) / n, that of a variable that is 1, 0 or -1, times the finite population
    correction. Sources: F. F. Reichheld, Harvard Business Review 81(12), 2003; B. Rocks, The American Statistician
    70(4), 2016 (Wald interval).
    """
    n = sum(counts.values())
    if not n:
        return None
    promoters = sum(count for value, count in counts.items() if value >= 9)
    detractors = sum(count for value, count in counts.items() if value <= 6)
    p, d = promoters / n, detractors / n
    interval = None
    if population is not None:
        half = Z95 * math.sqrt(max(0.0, p + d - (p - d) ** 2) / n * correction(n, population))
        interval = (max(-100.0, 100 * (p - d - half)), min(100.0, 100 * (p - d + half)))
    return NetPromoter(100 * (p - d), promoters, n - promoters - detractors, detractors, interval)


def band(average: float | None) -> str | None:
    """What a mean on a 5-point scale is called: excellent from 4.50, good from 4.00, acceptable from 3.50.

    The mean is judged as it is printed, to two decimals.
    """
    if average is None:
        return None
    return next((name for least, name in BANDS if round(average, 2) >= least), BELOW_BANDS)


def is_indicative(n: int, margin: float | None) -> bool:
    """Whether a figure is an indication only: fewer than 10 answers, or a margin of more than 15 points."""
    return n < INDICATIVE_BELOW or (margin is not None and margin > INDICATIVE_MARGIN)
