"""What partners and the public may see of a question whose options have no order: single and multiple choice. Pure.

Single choice: the options rarer than a threshold are shown as one. The threshold is the least that leaves an attacker,
who knows this procedure, in doubt whether any of them was chosen by one or two people. Multiple choice: no total gives
the rare options away, so that they are named as chosen by "fewer than three".
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from mande.reports.disclosure import LEAST
from mande.reports.disclosure import RARE
from mande.reports.disclosure import Counts
from mande.reports.disclosure import Shown
from mande.reports.disclosure import slack

THRESHOLDS = (RARE, 4, 5, 6, 8, 10, 15, 20)

Hidden = Literal["few", "nearly all"]


def single(counts: Counts) -> Shown:
    """What may be shown where each person chose one option. At most one combined part, the last."""
    n = sum(counts)
    if n < LEAST:
        return Shown(n)
    for i, count in enumerate(counts):
        if n - count <= slack(n):
            return Shown(n, nearly_all=(i,))
    everyone = range(len(counts))
    for place, threshold in enumerate(THRESHOLDS):
        rare = tuple(i for i in everyone if counts[i] < threshold)
        together = sum(counts[i] for i in rare)
        if len(rare) == len(counts):
            break
        if _accepts(place, len(rare), together):
            common = tuple((i,) for i in everyone if counts[i] >= threshold)
            parts = tuple((i,) for i in everyone) if together == 0 else (*common, rare)
            return Shown(n, parts, tuple(sum(counts[i] for i in part) for part in parts))
    return Shown(n)


def multiple(counts: Counts, n: int) -> tuple[int | Hidden, ...]:
    """For each option how many of `n` people chose it, or "few" (none to two), or "nearly all"."""
    if n < LEAST:
        return ()
    return tuple("few" if c < RARE else "nearly all" if n - c <= slack(n) else c for c in counts)


@lru_cache(maxsize=16384)
def _accepts(place: int, options: int, together: int) -> bool:
    """Whether so many options may be shown as one, chosen by so many people, each by fewer than the threshold."""
    if together < RARE:
        return together == 0

    def comes_here(guess: Counts) -> bool:
        smaller = ((i, [count for count in guess if count < least]) for i, least in enumerate(THRESHOLDS[:place]))
        return not any(_accepts(i, len(rare), sum(rare)) for i, rare in smaller)

    # The options are alike: if one of them can have another number than one or two, each of them can.
    guesses = _partitions(together, options, THRESHOLDS[place] - 1)
    return any(comes_here(guess) for guess in guesses if any(count == 0 or count >= RARE for count in guess))


def _partitions(total: int, options: int, most: int) -> Iterator[Counts]:
    """Ways to divide `total` among so many options, at most `most` each, the greatest first."""
    if options == 0:
        if total == 0:
            yield ()
        return
    for first in range(min(most, total), -(-total // options) - 1, -1):
        for rest in _partitions(total - first, options - 1, first):
            yield (first, *rest)
