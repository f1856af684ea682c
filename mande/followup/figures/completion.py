"""How long actions take: the share done by each day after they were written down, with its uncertainty. Pure.

Time runs from the day on which an action was written down, not from the event's end: only from then on can it be done.
Counted from the event, one that was written down six months later would seem to have failed to be done for half a year.

An action whose last news is that it goes on is *censored* there: it counts among those that may still be done up to
that day, and says nothing about later ones. One of which nothing was ever heard is censored on the day it was written
down. So who does not answer is neither counted as done nor as failed. That holds good as far as those who are silent
fare like those who answer, which nobody can know: the share of which nothing was heard belongs beside every figure.

What is no longer planned can never be done: it is a competing end, not a censored action. To censor it would answer
another question, how many would be done if nobody gave up, and come out too high.

The day of an end is the day on which we were told, at a check-in or later: a curve is never early, and may be late.
"""

import math
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from mande.followup.figures.courses import Course
from mande.followup.kinds import Status

Z95 = 1.959963984540054
DAYS_A_MONTH = 365.2425 / 12
_HALF = 0.5 - 1e-12


@dataclass(frozen=True)
class Spell:
    """So many days after it was written down an action ended, as done or as dropped; None: the last news came then."""

    days: int
    end: Status | None


@dataclass(frozen=True)
class Point:
    """What is known of the days up to this one, all shares of all actions between 0 and 1.

    `done` and `dropped` are cumulative incidences, `still_open` is what is left: the three add up to one. `low` and
    `high` bound `done` with 95 % confidence; None where nothing, or everything, is done. `at_risk` were open, and heard
    of, right before this day.
    """

    days: int
    at_risk: int
    done: float
    dropped: float
    still_open: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Completion:
    """The curve of completion. `points` are the days on which it steps; before the first nothing has ended.

    `median` is the day by which half of all actions were done, None where it has not come to that; its interval may be
    open to either side.
    """

    spells: tuple[Spell, ...]
    unheard: int
    points: tuple[Point, ...]
    median: int | None
    interval: tuple[int | None, int | None]

    @property
    def last_day(self) -> int:
        """The day of the last news: nothing is known of later ones."""
        return max((spell.days for spell in self.spells), default=0)

    def at_risk(self, days: int) -> int:
        """How many actions were still open, and heard of, on this day or later."""
        return sum(spell.days >= days for spell in self.spells)

    def at(self, days: int) -> Point:
        """The curve on a day: what it was at its last step."""
        left = self.at_risk(days)
        last = next((point for point in reversed(self.points) if point.days <= days), None)
        if last is None:
            return Point(days, left, 0.0, 0.0, 1.0, None, None)
        return Point(days, left, last.done, last.dropped, last.still_open, last.low, last.high)


def completion(courses: Sequence[Course]) -> Completion:
    """The curve of completion of these actions."""
    spells = tuple(spell(course) for course in courses)
    points = tuple(curve(spells))
    return Completion(
        spells=spells,
        unheard=sum(not course.news for course in courses),
        points=points,
        median=_first(points, lambda point: point.done),
        interval=(_first(points, lambda point: point.high), _first(points, lambda point: point.low)),
    )


def spell(course: Course) -> Spell:
    """How long an action was open, as far as is known."""
    if course.ended:
        day, end = course.ended
        return Spell(max(0, (day - course.written_on).days), end)
    last = course.news[-1][0] if course.news else course.written_on
    return Spell(max(0, (last - course.written_on).days), None)


def curve(spells: Iterable[Spell]) -> list[Point]:
    """The Aalen-Johansen estimate of the cumulative incidences of done and dropped, at each day on which one ended.

    At such a day, with n at risk, d of them done and g dropped, `done` grows by S * d / n and `dropped` by S * g / n,
    where S is the Kaplan-Meier estimate of being open just before; then S is multiplied by 1 - (d + g) / n. Where
    nobody drops an action, `done` is one less Kaplan and Meier's S.

    The variance is that by the delta method, which without competing ends is Greenwood's (see `_variance`); the
    interval is symmetric for log(-log(1 - done)), and so stays between 0 and 1.

    Sources: E. L. Kaplan and P. Meier, JASA 53 (1958); O. O. Aalen and S. Johansen, Scandinavian Journal of Statistics
    5 (1978); M. Pintilie, Competing Risks: A Practical Perspective (2006), chapter 4; J. D. Kalbfleisch and R. L.
    Prentice, The Statistical Analysis of Failure Time Data, 2nd edition (2002), section 1.4.
    """
    known = list(spells)
    ends = Counter((spell.days, spell.end) for spell in known)
    leaving = Counter(spell.days for spell in known)
    at_risk, still_open, done, dropped = len(known), 1.0, 0.0, 0.0
    steps: list[_Step] = []
    points: list[Point] = []
    for day in sorted(leaving):
        completed, given_up = ends[day, Status.DONE], ends[day, Status.NO_LONGER_PLANNED]
        if completed or given_up:
            done += still_open * completed / at_risk
            dropped += still_open * given_up / at_risk
            steps.append(_Step(at_risk, completed, completed + given_up, still_open, done))
            still_open *= 1 - (completed + given_up) / at_risk
            points.append(Point(day, at_risk, done, dropped, still_open, *_interval(done, _variance(steps))))
        at_risk -= leaving[day]
    return points


@dataclass(frozen=True)
class _Step:
    at_risk: int
    done: int
    ended: int
    open_before: float
    done_after: float


def _variance(steps: Sequence[_Step]) -> float:
    """The variance of the share done at the last of these steps.

    With F the share done, at risk n, done d, ended e at step i, and S open just before it, it is the sum over i of
    (F - F_i)^2 * e / (n (n - e)) + S^2 * (n - d) * d / n^3 - 2 (F - F_i) * S * d / n^2. Where all ends are "done" that
    is Greenwood's (M. Greenwood, Reports on Public Health and Medical Subjects 33, 1926). Source: Pintilie (2006),
    chapter 4; E. Marubini and M. G. Valsecchi, Analysing Survival Data from Clinical Trials and Observational Studies
    (1995), chapter 10.
    """
    last = steps[-1].done_after
    total = 0.0
    for step in steps:
        n, d, later = step.at_risk, step.done, last - step.done_after
        if step.ended < n:
            total += later**2 * step.ended / (n * (n - step.ended))
        total += step.open_before**2 * (n - d) * d / n**3 - 2 * later * step.open_before * d / n**2
    return max(0.0, total)


def _interval(share: float, variance: float) -> tuple[float | None, float | None]:
    """The 95 % interval of a share done, by log(-log) of what is not done."""
    rest = 1 - share
    if not 1e-12 < rest < 1 - 1e-12:
        return None, None
    spread = Z95 * math.sqrt(variance) / (rest * -math.log(rest))
    return 1 - rest ** math.exp(-spread), 1 - rest ** math.exp(spread)


def _first(points: Sequence[Point], of: Callable[[Point], float | None]) -> int | None:
    """The first day on which a bound reaches one half.

    For the two bounds of `done` that gives the interval of the median. Source: R. Brookmeyer and J. Crowley,
    Biometrics 38 (1982).
    """
    return next((point.days for point in points if (of(point) or 0.0) >= _HALF), None)
