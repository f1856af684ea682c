"""Student's distribution, for any degrees of freedom above nought. Pure."""

import math
from functools import lru_cache
from statistics import NormalDist

_TINY = 1e-300
_CLOSE = 1e-15
_MOST_TERMS = 10_000


def cdf(t: float, freedom: float) -> float:
    """P(T <= t). Beyond |t| lies half the incomplete beta function I_x(v / 2, 1 / 2) at x = v / (v + t^2).

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.1 and 26.5.27.
    """
    square = t * t
    if not square:
        return 0.5
    a, x, rest = freedom / 2, freedom / (freedom + square), square / (freedom + square)
    log_x = math.log(x) if x < 0.5 else math.log1p(-rest)
    front = math.exp(a * log_x + math.log(rest) / 2 + _log_ratio(a)) / math.sqrt(math.pi)
    # The fraction converges fast on the nearer side of the mean, a / (a + 1 / 2), alone.
    near = x < (a + 1) / (a + 2.5)
    beyond = front * _fraction(a, 0.5, x) / a / 2 if near else 0.5 - front * _fraction(0.5, a, rest)
    return beyond if t < 0 else 1 - beyond


@lru_cache(maxsize=4096)
def quantile(probability: float, freedom: float) -> float:
    """The value below which `probability` (above 0.5) of the distribution lies, to nine digits or better.

    By Newton's method from the quantile of the normal distribution, which lies below it: above nought the distribution
    function is concave, so that every step comes nearer from the same side.
    """
    found = NormalDist().inv_cdf(probability)
    for _ in range(100):
        step = (probability - cdf(found, freedom)) / _density(found, freedom)
        found += step
        if abs(step) < 1e-12 * found:
            break
    return found


def _density(t: float, freedom: float) -> float:
    scale = _log_ratio(freedom / 2) - math.log(freedom * math.pi) / 2
    return math.exp(scale - (freedom + 1) / 2 * math.log1p(t * t / freedom))


def _log_ratio(a: float) -> float:
    """The logarithm of gamma(a + 1/2) / gamma(a); of a large a by its series, for the two are large and nearly alike.

    Source of the series: Abramowitz and Stegun, 6.1.47, at a = 0 and b = 1/2.
    """
    if a < 100:
        return math.lgamma(a + 0.5) - math.lgamma(a)
    return math.log(a) / 2 - 1 / (8 * a) + 1 / (192 * a**3) - 1 / (640 * a**5)


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function (Abramowitz and Stegun, 26.5.8), by Lentz's method.

    Source of the method: W. J. Lentz, Applied Optics 15(3), 1976, pages 668 to 671.
    """
    upper, lower, value = 1.0, 0.0, 1.0
    for place in range(1, _MOST_TERMS):
        m, odd = divmod(place, 2)
        if odd:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        lower = 1 / _nonzero(1 + term * lower)
        upper = _nonzero(1 + term / upper)
        value *= upper * lower
        if abs(upper * lower - 1) < _CLOSE:
            break
    return 1 / value


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
