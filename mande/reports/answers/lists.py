"""What partners and the public may see of a question whose options have no order: single and multiple choice, ranking,
countries and dates. Pure.

Single choice: the options rarer than a threshold are shown as one. The threshold is the least that leaves an attacker,
who knows this procedure, in doubt whether any of them was chosen by one or two people. Multiple choice: no total gives
the rare options away, so that they are named as chosen by "fewer than three"; unless the options chosen more often are
too few for everybody who chose something.

Ranking: how many ranked each option among their first three. Everybody has the same number of first ranks to give, so
that the counts add up to a known total, and one that is hidden could be worked out from the others. So the threshold
rises as for a single choice, until what the hidden options have together leaves each of them in doubt.

Countries and dates: those of k people and more, and all others as one, of which nobody learns what it consists of: any
country of the world may be in it or not.
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
Placings = tuple[int | Hidden, ...]


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


def multiple(counts: Counts, n: int) -> Placings:
    """For each option how many of `n` people chose it, or "few" (none to two), or "nearly all".

    Everybody among them chose something. Where the other options cannot have been enough for that, one of "few" would
    be known to have been chosen, by one or two: then nothing is shown.
    """
    if n < LEAST:
        return ()
    few = sum(count < RARE for count in counts)
    if few and n - sum(count for count in counts if count >= RARE) > (few - 1) * (RARE - 1):
        return ()
    return tuple("few" if c < RARE else "nearly all" if n - c <= slack(n) else c for c in counts)


def placings(counts: Counts, n: int) -> tuple[Placings, int]:
    """For each option how many of `n` people ranked it among the first, or "few", or "nearly all"; and below how many
    is "few". Nothing at all where every way of showing them would give somebody away.
    """
    if n < LEAST:
        return (), RARE
    high = [n - count <= slack(n) for count in counts]
    lacking = sum(n - count for count, most in zip(counts, high, strict=True) if most)
    for place, threshold in enumerate(THRESHOLDS):
        few = [count < threshold and not most for count, most in zip(counts, high, strict=True)]
        if sum(few) + sum(high) == len(counts):
            break
        together = sum(count for count, rare in zip(counts, few, strict=True) if rare)
        if _settles_nothing(place, n, sum(few), sum(high), together - lacking):
            said: list[int | Hidden] = list(counts)
            for i in range(len(counts)):
                if few[i] or high[i]:
                    said[i] = "few" if few[i] else "nearly all"
            return tuple(said), threshold
    return (), RARE


def named(counts: Counts, k: int) -> Shown:
    """What may be shown of countries or dates, all of which occur: those of `k` people and more, and the others as one
    part, the last, which holds at least `k` as well.
    """
    n = sum(counts)
    if n < LEAST:
        return Shown(n)
    for i, count in enumerate(counts):
        if n - count <= slack(n):
            return Shown(n, nearly_all=(i,))
    by_count = sorted(range(len(counts)), key=lambda i: (-counts[i], i))
    kept = [i for i in by_count if counts[i] >= k]
    while kept and 0 < n - sum(counts[i] for i in kept) < k:
        kept.pop()
    if not kept:
        return Shown(n)
    others = tuple(i for i in range(len(counts)) if i not in kept)
    parts = (*((i,) for i in sorted(kept)), *((others,) if others else ()))
    return Shown(n, parts, tuple(sum(counts[i] for i in part) for part in parts))


@lru_cache(maxsize=16384)
def _settles_nothing(place: int, n: int, few: int, high: int, difference: int) -> bool:
    """Whether so many options may be hidden as chosen by few, and so many as chosen by nearly all of `n` people.

    `difference` is how many chose the former, less how many did not choose the latter: all that can be worked out.
    """
    if not high and 0 < difference < RARE:
        return False
    spare = slack(n)
    most = min(THRESHOLDS[place], n - spare) - 1

    def comes_here(guess: Counts, lacking: int) -> bool:
        smaller = ((i, [count for count in guess if count < least]) for i, least in enumerate(THRESHOLDS[:place]))
        return not any(_settles_nothing(i, n, len(rare), high, sum(rare) - lacking) for i, rare in smaller)

    # Options hidden in the same way are alike: what holds of one of them in some guess holds of each in another.
    open_few, lacks_none, lacks_some = not few, not high, not high
    for lacking in range(high * spare + 1):
        if difference + lacking < 0:
            continue
        for guess in _partitions(difference + lacking, few, most):
            if not comes_here(guess, lacking):
                continue
            open_few = open_few or any(count == 0 or count >= RARE for count in guess)
            lacks_none = lacks_none or lacking <= (high - 1) * spare
            lacks_some = lacks_some or lacking > 0
            if open_few and lacks_none and lacks_some:
                return True
    return False


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
