"""What partners and the public may see of one distribution, so that nobody in it can be found. Pure.

The rule: no option is shown that exactly one or two people chose. Neighbouring options of a scale are merged until
none is; the rare options of a list are merged into one; where nearly all chose the same, "nearly all" stands for the
figures. What is published is chosen from a list of candidates, the most telling first, and a candidate is accepted
only if an attacker *who knows this very procedure* and enumerates every set of counts that it could have come from
still finds, for each option, a count other than one or two. Everything else that such an edition prints of the
question (mean, favourable share, net promoter score, band) is worked out from what is shown here, never from the
counts behind it, so that it cannot tell more.
"""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from itertools import islice
from itertools import product
from math import comb

RARE = 3
LEAST = 5
_MANY = 30
_FEW_SPLITS = 400
_MOST_GUESSES = {5: 4000, 6: 300, 7: 300, 11: 300}
MOST_ORDERED = 7

Part = tuple[int, ...]
"""Positions of the options that are shown as one."""

Counts = tuple[int, ...]
"""How many chose each option, in the order of the options."""


@dataclass(frozen=True)
class Shown:
    """What may be printed of one distribution: parts and how many are in each; or in which part nearly all are; or
    neither, where every choice would give somebody away."""

    n: int
    parts: tuple[Part, ...] = ()
    sums: Counts = ()
    nearly_all: Part = ()

    @property
    def is_whole(self) -> bool:
        """Whether every option is shown by itself."""
        return bool(self.parts) and all(len(part) == 1 for part in self.parts)

    def span(self, wanted: Sequence[int]) -> tuple[int, int]:
        """The least and the greatest number of people who can have chosen one of the options `wanted`."""
        chosen = set(wanted)
        if self.nearly_all:
            others = slack(self.n)
            if set(self.nearly_all) <= chosen:
                return self.n - others, self.n
            return (0, self.n) if chosen & set(self.nearly_all) else (0, others)
        if not self.parts:
            return 0, self.n
        pairs = list(zip(self.parts, self.sums, strict=True))
        return (
            sum(count for part, count in pairs if set(part) <= chosen),
            sum(count for part, count in pairs if set(part) & chosen),
        )

    def mean_span(self, values: Sequence[int]) -> tuple[float, float]:
        """The least and the greatest mean that what is shown allows, the option at position i counting `values[i]`."""
        if self.nearly_all:
            others = slack(self.n)
            low, high = min(values[i] for i in self.nearly_all), max(values[i] for i in self.nearly_all)
            least = (low * (self.n - others) + min(values) * others) / self.n
            return min(least, low), max(high, (high * (self.n - others) + max(values) * others) / self.n)
        if not self.parts:
            return min(values), max(values)
        pairs = list(zip(self.parts, self.sums, strict=True))
        return (
            sum(count * min(values[i] for i in part) for part, count in pairs) / self.n,
            sum(count * max(values[i] for i in part) for part, count in pairs) / self.n,
        )


def full(counts: Sequence[int]) -> Shown:
    """The whole distribution, for the internal edition."""
    return Shown(sum(counts), tuple((i,) for i in range(len(counts))), tuple(counts))


def slack(n: int) -> int:
    """How many may have chosen otherwise where "nearly all" is said: one of fewer than ten people, two of more."""
    return 1 if n < 10 else 2


def is_safe_count(count: int) -> bool:
    """Nobody, or three or more."""
    return count == 0 or count >= RARE


@lru_cache(maxsize=4096)
def ordered(counts: Counts) -> Shown:
    """What may be shown of a scale of 4 to MOST_ORDERED points or of a 0 to 10 rating, whose options are in order.

    Merged options are neighbours. The top two of a scale (and the promoters of a rating) stay together where they can.
    """
    n = sum(counts)
    if n < LEAST:
        return Shown(n)
    if alone := _nearly_all_chose_one(counts):
        return Shown(n, nearly_all=alone)
    step = _first_step(tuple(min(count, _MANY) for count in counts))
    return step.publish(counts) if step else Shown(n)


@lru_cache(maxsize=65536)
def _first_step(counts: Counts) -> "_Step | None":
    """Which step publishes these counts. Those above `_MANY` are taken as `_MANY`: only small ones decide."""
    return next((step for step in _steps(len(counts)) if step.accepts(counts)), None)


@dataclass(frozen=True)
class _Step:
    """One way of publishing an ordered distribution: as parts, or as "nearly all" in one block of options."""

    place: int
    options: int
    parts: tuple[Part, ...] = ()
    block: Part = ()

    def publish(self, counts: Counts) -> Shown:
        n = sum(counts)
        if self.block:
            return Shown(n, nearly_all=self.block)
        sums = _sums(counts, self.parts)
        filled = [part for part, count in zip(self.parts, sums, strict=True) if count]
        return Shown(n, nearly_all=filled[0]) if len(filled) == 1 else Shown(n, self.parts, sums)

    def accepts(self, counts: Counts) -> bool:
        if self.block:
            n = sum(counts)
            return n - sum(counts[i] for i in self.block) <= slack(n)
        return _accepts(self.place, self.options, _sums(counts, self.parts))


@lru_cache(maxsize=65536)
def _accepts(place: int, options: int, sums: Counts) -> bool:
    """Whether this step may be published with these sums. It depends on nothing that is not published."""
    steps = _steps(options)
    step = steps[place]
    if not all(map(is_safe_count, sums)):
        return False
    filled = [part for part, count in zip(step.parts, sums, strict=True) if count]
    if len(filled) < 2 and not (filled and 1 < len(filled[0]) < options and _ends(step.parts) >= set(_valued(options))):
        return False

    def comes_here(guess: Counts) -> bool:
        capped = tuple(min(count, _MANY) for count in guess)
        if _nearly_all_chose_one(guess) or any(other.accepts(capped) for other in steps[:place]):
            return False
        return (left := _sums(capped, step.parts)) == sums or _accepts(place, options, left)

    return _ambiguous(step.parts, sums, options, comes_here)


def _ambiguous(parts: tuple[Part, ...], sums: Counts, options: int, comes_here: Callable[[Counts], bool]) -> bool:
    """Whether for each option some counts that lead to this publication have another number than one or two."""
    open_ones = {i for part, count in zip(parts, sums, strict=True) if len(part) > 1 and count for i in part}
    for guess in islice(_guesses(parts, sums, options), _MOST_GUESSES.get(options, 1000)):
        if not open_ones:
            break
        settled = {i for i in open_ones if is_safe_count(guess[i])}
        if settled and comes_here(guess):
            open_ones -= settled
    return not open_ones


def _guesses(parts: tuple[Part, ...], sums: Counts, options: int) -> Iterator[Counts]:
    """Sets of counts that add up to the sums."""
    for split in product(*(_splits(count, len(part)) for part, count in zip(parts, sums, strict=True))):
        guess = [0] * options
        for part, shares in zip(parts, split, strict=True):
            for i, count in zip(part, shares, strict=True):
                guess[i] = count
        yield tuple(guess)


@lru_cache(maxsize=1024)
def _splits(total: int, among: int) -> tuple[Counts, ...]:
    """Ways to divide `total` among so many options: all of them, or where they are many, those with one great option.

    Of a total above `_MANY` only those that leave `_MANY` to one option: how many more chose that one does not matter,
    so that what holds of `total` holds of every greater one.
    """
    if total < _MANY and comb(total + among - 1, among - 1) <= _FEW_SPLITS:
        every = combinations(range(total + among - 1), among - 1)
        return tuple(
            tuple(right - left - 1 for left, right in zip((-1, *bars), (*bars, total + among - 1), strict=True))
            for bars in every
        )
    least = _MANY if total >= _MANY else RARE
    return tuple(
        (*rest[:great], total - sum(rest), *rest[great:])
        for rest in _small_rests(among - 1)
        for great in range(among)
        if total - sum(rest) >= least
    )


@lru_cache(maxsize=16)
def _small_rests(options: int) -> tuple[Counts, ...]:
    """Counts of 0 to 3, the least first; of more than three options no more than two are filled."""
    rests = product(range(RARE + 1), repeat=options)
    return tuple(sorted((rest for rest in rests if options <= 3 or sum(map(bool, rest)) <= 2), key=sum))


def _nearly_all_chose_one(counts: Counts) -> Part:
    n = sum(counts)
    return next(((i,) for i, count in enumerate(counts) if n - count <= slack(n)), ())


def _sums(counts: Counts, parts: tuple[Part, ...]) -> Counts:
    return tuple(sum(counts[i] for i in part) for part in parts)


def _ends(parts: tuple[Part, ...]) -> set[int]:
    return {part[-1] for part in parts}


def _valued(options: int) -> tuple[int, ...]:
    """After which positions a cut keeps the headline: the top two of a scale, the promoters of a rating."""
    return (8,) if options == 11 else (options - 3,)


@lru_cache(maxsize=16)
def _steps(options: int) -> tuple[_Step, ...]:
    """What is tried, in order: parts that keep the headline, "nearly all" at the top or bottom, all other parts."""
    families = sorted(_families(options), key=_telling, reverse=True)
    keeping = [parts for parts in families if set(_valued(options)) <= _ends(parts)]
    others = [parts for parts in families if parts not in keeping and len(parts) > 1]
    cut = _valued(options)[0] + 1
    low = tuple(range(7)) if options == 11 else tuple(range(options - cut))
    blocks = [tuple(range(cut, options)), low]
    tried = [(parts, ()) for parts in keeping] + [((), block) for block in blocks] + [(parts, ()) for parts in others]
    return tuple(_Step(place, options, parts, block) for place, (parts, block) in enumerate(tried))


def _telling(parts: tuple[Part, ...]) -> tuple[int, int, list[int]]:
    ends = _ends(parts)
    options = parts[-1][-1] + 1
    lower = 6 if options == 11 else 1
    return (lower in ends, len(parts), sorted(ends, reverse=True))


def _families(options: int) -> list[tuple[Part, ...]]:
    if options == 11:
        return _rating_parts()
    return _neighbours(options) if options <= 5 else _wide_parts(options)


def _neighbours(options: int) -> list[tuple[Part, ...]]:
    """All ways to cut a row of options into parts."""
    cuts = range(1, options)
    return [_cut(options, chosen) for many in range(options) for chosen in combinations(cuts, many)]


def _wide_parts(options: int) -> list[tuple[Part, ...]]:
    """Ways to cut a longer row: with the top two apart, the bottom two or three, or every option; or into halves."""
    top = options - 2
    low = [(), (2,), (3,), (2, 3), tuple(range(1, top))]
    inside = [_cut(options, (*a, top, *b)) for a in low for b in ((), (options - 1,))]
    halves = [(2,), (3,), (options - 3,), (3, options - 3)]
    return list(dict.fromkeys([*inside, *(_cut(options, tuple(dict.fromkeys(cuts))) for cuts in halves)]))


def _rating_parts() -> list[tuple[Part, ...]]:
    """Ways to cut 0 to 10 that respect detractors (0 to 6), passives (7, 8) and promoters (9, 10)."""
    low = [(), (5,), (3, 5), (1, 2, 3, 4, 5, 6)]
    inside = [_cut(11, (*a, 7, *b, 9, *c)) for a in low for b in ((), (8,)) for c in ((), (10,))]
    return [*inside, _cut(11, (9,)), _cut(11, (7,))]


def _cut(options: int, before: Sequence[int]) -> tuple[Part, ...]:
    edges = (0, *before, options)
    return tuple(tuple(range(edges[i], edges[i + 1])) for i in range(len(edges) - 1))
