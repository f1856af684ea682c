"""Adds up the scores of one question over events, and what the sums come to: for the team and for all others. Pure."""

import math
import statistics as quantiles
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import astuple
from dataclasses import dataclass
from dataclasses import replace

from mande.reports import statistics
from mande.reports.answers.distribution import agreed
from mande.reports.portfolio.scoring import Exact
from mande.reports.portfolio.scoring import Seen
from mande.surveys.questionnaires.questions import QuestionType

LEAST_EVENTS = 3
LEAST_FOR_QUARTILES = 5

Span = tuple[float, float]


@dataclass(frozen=True)
class Pool:
    """What a question came to over `n_events` events and `n` answers, each counting once.

    `mean` and `favourable` are None where only their ranges are known; `unfavourable` likewise. `nps`, of ratings
    alone, is in points. `quartiles` are of the events' own means, for the team, where there are enough events.
    """

    n_events: int
    n: int
    mean: float | None
    mean_range: Span
    favourable: float | None
    favourable_range: Span
    unfavourable: float | None
    nps: float | None
    nps_range: Span | None
    sd: float | None
    band: str | None
    quartiles: tuple[float, float, float] | None = None


def exactly(kind: QuestionType, points: int, whole: Exact, n_events: int) -> Pool:
    """What the sums over so many events come to. `points`: of a scale."""
    n, mean, top = whole.n, whole.total / whole.n, whole.favourable / whole.n
    nps = 100 * (whole.favourable - whole.unfavourable) / n if kind is QuestionType.RATING else None
    return Pool(
        n_events=n_events,
        n=n,
        mean=mean,
        mean_range=(mean, mean),
        favourable=top,
        favourable_range=(top, top),
        unfavourable=whole.unfavourable / n,
        nps=nps,
        nps_range=None if nps is None else (nps, nps),
        sd=math.sqrt(max(0, n * whole.squares - whole.total**2) / (n * (n - 1))) if n > 1 else None,
        band=statistics.band(mean) if _is_banded(kind, points) else None,
    )


def of_events(kind: QuestionType, points: int, scores: Iterable[Exact]) -> Pool | None:
    """The same, from what each event came to, with how the events' means are spread; None where there is none."""
    known = list(scores)
    if not known:
        return None
    pool = exactly(kind, points, total(known), len(known))
    return replace(pool, quartiles=_quartiles([one.total / one.n for one in known]))


def total(scores: Iterable[Exact]) -> Exact:
    """The sums of all; there is one at least."""
    return Exact(*map(sum, zip(*(astuple(one) for one in scores), strict=True)))


def openly(kind: QuestionType, points: int, scores: Iterable[Seen]) -> Pool | None:
    """The same for others than the team: from what each event's public edition allows, of three events or more.

    None where there are fewer: what one event came to is for its own report to say.
    """
    known = list(scores)
    if len(known) < LEAST_EVENTS:
        return None
    n = sum(one.n for one in known)
    mean, top, bottom = (_added([getattr(one, name) for one in known], n) for name in _SPANS)
    nps = (100 * (top[0] - bottom[1]), 100 * (top[1] - bottom[0])) if kind is QuestionType.RATING else None
    bands = {statistics.band(end) for end in mean} if _is_banded(kind, points) else set()
    return Pool(
        n_events=len(known),
        n=n,
        mean=agreed(*mean),
        mean_range=mean,
        favourable=agreed(*top),
        favourable_range=top,
        unfavourable=agreed(*bottom),
        nps=None if nps is None else agreed(*nps),
        nps_range=nps,
        sd=None,
        band=bands.pop() if len(bands) == 1 else None,
    )


_SPANS = ("total", "favourable", "unfavourable")


def _added(spans: Sequence[tuple[int, int]], n: int) -> Span:
    return sum(low for low, _high in spans) / n, sum(high for _low, high in spans) / n


def _is_banded(kind: QuestionType, points: int) -> bool:
    return kind in (QuestionType.SCALE, QuestionType.MATRIX) and points == statistics.BAND_POINTS


def _quartiles(means: Sequence[float]) -> tuple[float, float, float] | None:
    if len(means) < LEAST_FOR_QUARTILES:
        return None
    first, median, third = quantiles.quantiles(means, n=4, method="inclusive")
    return first, median, third
