"""Intervals of a share, and of the difference between two groups of different people. Pure, formulas with their source.

Groups are small and of a known size, so that the finite population correction counts: of two groups in which everybody
answered, the difference is known. There is no test and no star: an interval says how large a difference may be.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from mande.reports import statistics
from mande.reports import student

Interval = tuple[float, float]


@dataclass(frozen=True)
class Sample:
    """What one group came to: `n` answers of `population` people asked (None: nobody knows), and of numbers also their
    mean and sample standard deviation; of a share, `part` of `n`.
    """

    n: int
    population: int | None
    part: int = 0
    mean: float = 0.0
    deviation: float = 0.0

    @property
    def correction(self) -> float:
        """The finite population correction; 1 where nobody knows how many were asked."""
        return 1.0 if self.population is None else statistics.correction(self.n, self.population)


def confidence(intervals: int) -> float:
    """How sure each of so many intervals has to be for all of them to hold with 95 %: 1 - 0.05 / m.

    Source: C. E. Bonferroni's inequality, as in R. G. Miller, Simultaneous Statistical Inference (1981), section 1.1.
    """
    return 1 - 0.05 / max(1, intervals)


def z_of(sure: float) -> float:
    """Half the width of an interval that is so sure, in standard deviations: 1.96 of 95 %."""
    return statistics.Z95 if sure == 0.95 else NormalDist().inv_cdf((1 + sure) / 2)


def wilson(sample: Sample, z: float = statistics.Z95) -> Interval:
    """The score interval of a share. With the finite population correction n counts as n / correction; of a census the
    share is exact.

    Sources: E. B. Wilson, Journal of the American Statistical Association 22, 1927, pages 209 to 212; the effective
    size as in E. L. Korn and B. I. Graubard, Survey Methodology 24(2), 1998, pages 193 to 201.
    """
    p = sample.part / sample.n
    if not sample.correction:
        return p, p
    n = sample.n / sample.correction
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def share_difference(one: Sample, other: Sample, sure: float = 0.95) -> Interval:
    """The interval of the share of `one` less that of `other`, of two groups of different people.

    Source: R. G. Newcombe, Statistics in Medicine 17, 1998, pages 873 to 890, method 10 (hybrid score); of Wilson's
    intervals with the finite population correction, see `wilson`.
    """
    z = z_of(sure)
    p, q = one.part / one.n, other.part / other.n
    (low, high), (least, most) = wilson(one, z), wilson(other, z)
    return p - q - math.hypot(p - low, most - q), p - q + math.hypot(high - p, q - least)


def mean_difference(one: Sample, other: Sample, sure: float = 0.95) -> Interval | None:
    """The interval of the mean of `one` less that of `other`, whose variances may differ.

    Student's t with the degrees of freedom of Welch and Satterthwaite, each variance s^2 / n times the finite
    population correction. Source: B. L. Welch, Biometrika 34, 1947, pages 28 to 35. None below two answers, or where
    nothing varies in either group and not everybody was heard.
    """
    if min(one.n, other.n) < 2:
        return None
    apart = one.mean - other.mean
    variances = [sample.deviation**2 / sample.n * sample.correction for sample in (one, other)]
    if not sum(variances):
        return None if one.correction or other.correction else (apart, apart)
    weighed = sum(v * v / (sample.n - 1) for v, sample in zip(variances, (one, other), strict=True))
    t = student.quantile((1 + sure) / 2, sum(variances) ** 2 / weighed)
    half = t * math.sqrt(sum(variances))
    return apart - half, apart + half


def promoter_difference(one: Sample, other: Sample, sure: float = 0.95) -> Interval | None:
    """The interval of one net promoter score less another, in points: a sample's mean and deviation are those of a
    variable that is 100, 0 or -100 (divisor n).

    The variances of `statistics.net_promoter` add up (Wald). None as in `mean_difference`.
    """
    variances = [sample.deviation**2 / sample.n * sample.correction for sample in (one, other)]
    if not sum(variances) and (one.correction or other.correction):
        return None
    apart, half = one.mean - other.mean, z_of(sure) * math.sqrt(sum(variances))
    return max(-200.0, apart - half), min(200.0, apart + half)
