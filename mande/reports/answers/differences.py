"""Differences between groups, worked out from the figures of a document as it shows them, and so telling nothing new.

Pure. Where what is shown does not settle both figures, there is no difference.
"""

import math
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from mande.reports import intervals
from mande.reports.answers.distribution import rounded
from mande.reports.intervals import Interval
from mande.reports.intervals import Sample

Said = dict[str, Any]
Shown = Mapping[str, Any]
"""A question, or a group of one, as a document holds it."""

OF = ("favourable", "mean", "yes", "nps")


def among(groups: Sequence[Shown], populations: Sequence[int | None] = ()) -> list[Said]:
    """Every group against every other one, the largest difference of each kind first; see docs/report-json.md.

    `populations` says how many were asked in each group, None where nobody knows or nobody may.
    """
    known = list(populations) or [None] * len(groups)
    pairs = list(combinations(range(len(groups)), 2))
    sure = intervals.confidence(len(pairs))
    found = [
        difference
        for i, j in pairs
        for difference in _between((i, groups[i], known[i]), (j, groups[j], known[j]), sure)
    ]
    return sorted(found, key=lambda said: (OF.index(said["of"]), -abs(said["value"]), said["between"]))


def last_and_first(groups: Sequence[Shown], populations: Sequence[int | None] = ()) -> Said | None:
    """The last group less the first, of the first of OF that what is shown settles."""
    known = list(populations) or [None] * len(groups)
    last = len(groups) - 1
    return next(_between((last, groups[last], known[last]), (0, groups[0], known[0]), 0.95), None)


_Group = tuple[int, Shown, int | None]


def _between(one: _Group, other: _Group, sure: float) -> Iterator[Said]:
    for of in OF:
        first, second = _sample(of, *one[1:]), _sample(of, *other[1:])
        interval = _interval(of, first, second, sure) if first and second else None
        if first and second and interval:
            digits = 1 if of == "nps" else 4
            yield {
                "between": [one[0], other[0]],
                "of": of,
                "value": rounded(_value(of, first) - _value(of, second), digits),
                "interval": [rounded(end, digits) for end in interval],
            }


def _sample(of: str, shown: Shown, population: int | None) -> Sample | None:
    n, figure = shown["n"], shown.get(of)
    if figure is None or not n:
        return None
    if population is not None and population < n:
        population = None
    if of == "mean":
        deviation = shown.get("sd")
        return None if deviation is None else Sample(n, population, mean=figure, deviation=deviation)
    if of == "nps":
        p, d = figure["promoters"] / n, figure["detractors"] / n
        return Sample(n, population, mean=100 * (p - d), deviation=100 * math.sqrt(max(0.0, p + d - (p - d) ** 2)))
    return Sample(n, population, part=round(figure * n))


def _value(of: str, sample: Sample) -> float:
    return sample.mean if of in ("mean", "nps") else sample.part / sample.n


def _interval(of: str, one: Sample, other: Sample, sure: float) -> Interval | None:
    if of == "mean":
        return intervals.mean_difference(one, other, sure)
    if of == "nps":
        return intervals.promoter_difference(one, other, sure)
    return intervals.share_difference(one, other, sure)
