"""What partners and the public may see of the groups within one question. Pure.

Groups of one breakdown, with those left over, make up the whole. Two forms are possible:

- counts: every group shows the same parts, which are parts of the whole merged further, so that each group has nobody
  or three and more people in each part, and no group is all in one part;
- levels: each group is said to be favourable for the most part, divided, or not. Used where counts would tell too much
  of a scale, if the ranges that total and levels allow still leave open who was favourable.

Why that suffices: total and groups are the margins of a table. In such a table the largest possible entry is the
smaller of its two margins (a transportation problem), and each of those is nought or three and more. So no entry is
bound to be one or two. The tests check it with an integer solver.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mande.reports.disclosure import Counts
from mande.reports.disclosure import Part
from mande.reports.disclosure import Shown
from mande.reports.disclosure import is_safe_count
from mande.reports.disclosure import slack

LEVELS = ("most", "divided", "few")

Span = tuple[int, int]


@dataclass(frozen=True)
class Broken:
    """What may be shown of the groups, in their order: counts by the same parts, or levels, or nothing at all."""

    parts: tuple[Part, ...] = ()
    sums: tuple[Counts, ...] = ()
    levels: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts or self.levels)


def level(favourable: int, n: int) -> str:
    """Two thirds and more favourable: most; less than one third: few; divided between."""
    return "most" if 3 * favourable >= 2 * n else "divided" if 3 * favourable >= n else "few"


def level_span(name: str, n: int) -> Span:
    """How many of `n` can have been favourable in a group at this level."""
    fitting = [count for count in range(n + 1) if level(count, n) == name]
    return fitting[0], fitting[-1]


def remainder(whole: Counts, groups: Sequence[Counts]) -> Counts:
    """Those of the whole who are in none of the groups."""
    return tuple(total - sum(group[i] for group in groups) for i, total in enumerate(whole))


def complete(whole: Counts, groups: Sequence[Counts], k: int) -> bool:
    """Whether nobody, or at least `k` people, are left outside the groups."""
    left = sum(remainder(whole, groups))
    return left == 0 or left >= k


def broken(shown: Shown, whole: Counts, groups: Sequence[Counts], headline: Part, contiguous: bool) -> Broken:
    """What may be shown of these groups beside what is shown of the whole.

    `headline` are the favourable options, by position (none: no levels); `contiguous` keeps merged options neighbours.
    """
    if not shown.parts or len(groups) < 2:
        return Broken()
    rows = [*groups, left] if sum(left := remainder(whole, groups)) else list(groups)
    if parts := _common_parts(shown.parts, rows, headline, contiguous):
        return Broken(parts, tuple(_sums(group, parts) for group in groups))
    if not headline:
        return Broken()
    names = tuple(level(sum(row[i] for i in headline), sum(row)) for row in rows)
    sizes = [sum(row) for row in rows]
    spans = [level_span(name, n) for name, n in zip(names, sizes, strict=True)]
    return Broken(levels=names[: len(groups)]) if _is_open(shown.span(headline), spans, sizes) else Broken()


def options(whole: Counts, n: int, groups: Sequence[tuple[Counts, int]]) -> tuple[int, ...]:
    """Of a multiple choice, the positions of the options whose counts the whole (of `n`) and every group may show.

    `groups` holds each group's counts and size, the left-over ones included. There are none where these options would
    not be enough for everybody of a group to have chosen something: the others' share in it could be worked out.
    """
    shown = tuple(
        i
        for i, count in enumerate(whole)
        if count
        and n - count > slack(n)
        and all(is_safe_count(group[i]) and size - group[i] > slack(size) for group, size in groups)
    )
    return shown if all(sum(group[i] for i in shown) >= size for group, size in groups) else ()


def _common_parts(parts: tuple[Part, ...], rows: list[Counts], headline: Part, contiguous: bool) -> tuple[Part, ...]:
    candidates = _coarser(parts) if contiguous else _combined(parts)
    kept = [found for found in candidates if len(found) > 1 and all(_is_safe_row(row, found) for row in rows)]
    return max(kept, key=lambda found: (_keeps(found, headline), len(found), found), default=())


def _is_safe_row(row: Counts, parts: tuple[Part, ...]) -> bool:
    sums = _sums(row, parts)
    return all(is_safe_count(count) for count in sums) and max(sums) < sum(row)


def _keeps(parts: tuple[Part, ...], headline: Part) -> bool:
    return all(set(part) <= set(headline) or not set(part) & set(headline) for part in parts)


def _coarser(parts: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    """All ways to merge neighbours."""
    found: list[tuple[Part, ...]] = [(parts[0],)]
    for part in parts[1:]:
        found = [way for before in found for way in ((*before, part), (*before[:-1], before[-1] + part))]
    return found


def _combined(parts: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    """All ways to keep some options and to merge the others (of at most twelve) into one, the last."""
    if len(parts) > 12:
        return []
    found = []
    for chosen in range(2 ** len(parts)):
        kept = tuple(part for i, part in enumerate(parts) if chosen >> i & 1)
        merged = tuple(sorted(i for j, part in enumerate(parts) if not chosen >> j & 1 for i in part))
        found.append((*kept, merged) if merged else kept)
    return found


def _is_open(total: Span, spans: Sequence[Span], sizes: Sequence[int]) -> bool:
    """Whether the ranges, tightened by each other and the total, leave each group (and all others together) open."""
    least, most = sum(span[0] for span in spans), sum(span[1] for span in spans)
    everyone = sum(sizes)
    for (low, high), n in zip(spans, sizes, strict=True):
        low, high = max(low, total[0] - (most - high)), min(high, total[1] - (least - low))
        others = max(least - low, total[0] - high), min(most - high, total[1] - low)
        others = max(others[0], 0), max(others[1], 0)
        if not all(_open_span(span, size) for span, size in (((low, high), n), (others, everyone - n))):
            return False
    return True


def _open_span(span: Span, n: int) -> bool:
    low, high = span
    unanimous = high == 0 or low == n
    return not unanimous and _not_rare(low, high) and _not_rare(n - high, n - low)


def _not_rare(low: int, high: int) -> bool:
    return low == 0 or high >= 3


def _sums(counts: Counts, parts: tuple[Part, ...]) -> Counts:
    return tuple(sum(counts[i] for i in part) for part in parts)
