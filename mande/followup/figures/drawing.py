"""The curve of completion as a picture (SVG). Pure. Screens colour it by class, print by the attributes that it has."""

import math
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mande.followup.figures.completion import DAYS_A_MONTH
from mande.followup.figures.completion import Point

WIDTH, HEIGHT = 640, 290
LEFT, RIGHT, TOP, BOTTOM = 48, 120, 12, 46
SHORTEST, LONGEST = 3, 60
INK, QUIET, LINE, ACCENT, BAND, GONE = "#1d2730", "#55626d", "#dde3e7", "#0f5c6e", "#cfe3e7", "#a85f2c"
# So that the names of two lines that end close together do not touch.
_APART = 15.0

Place = tuple[float, float]


@dataclass(frozen=True)
class Words:
    """What is written in the picture, and what it says to those who do not see it."""

    done: str
    dropped: str
    months: str
    told: str


def horizon(last_day: int) -> int:
    """How many months the picture shows: enough for the last news, three at least and no more than five years."""
    return min(max(SHORTEST, math.ceil((last_day - 1) / DAYS_A_MONTH)), LONGEST)


def curve(points: Sequence[Point], last_day: int, words: Words) -> Markup:
    """The share done with its band, and the share no longer planned, from 0 to the day of the last news."""
    months = horizon(last_day)
    end = min(float(last_day), months * DAYS_A_MONTH)
    inside = [point for point in points if point.days <= end]

    def x(days: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * days / (months * DAYS_A_MONTH)

    done, dropped = (_steps(inside, end, x, of) for of in (lambda one: one.done, lambda one: one.dropped))
    parts = [
        Markup('<svg class="curve" viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg" '
               'font-family="Noto Sans, sans-serif" font-size="12">').format(WIDTH, HEIGHT, words.told),
        *_grid(months, x, words),
        _band(inside, end, x),
        Markup('<polyline class="line dropped" points="{}" fill="none" stroke="{}" stroke-width="2" '
               'stroke-dasharray="5 4"/>').format(_listed(dropped), GONE),
        Markup('<polyline class="line done" points="{}" fill="none" stroke="{}" stroke-width="3"/>').format(
            _listed(done), ACCENT
        ),
        *_names(done[-1], dropped[-1], words),
        Markup("</svg>"),
    ]  # fmt: skip
    return Markup("").join(parts)


def _grid(months: int, x: Callable[[float], float], words: Words) -> list[Markup]:
    parts = []
    for percent in (0, 25, 50, 75, 100):
        parts.append(
            Markup('<path class="grid" d="M{} {}H{}" stroke="{}"/><text class="mark" x="{}" y="{}" text-anchor="end" '
                   'fill="{}">{}%</text>').format(
                LEFT, _number(_y(percent / 100)), WIDTH - RIGHT, LINE, LEFT - 8, _number(_y(percent / 100) + 4),
                QUIET, percent
            )
        )  # fmt: skip
    apart = math.ceil(months / 8)
    for month in range(0, months + 1, apart):
        parts.append(
            Markup('<text class="mark" x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>').format(
                _number(x(month * DAYS_A_MONTH)), HEIGHT - BOTTOM + 18, QUIET, month
            )
        )
    parts.append(
        Markup('<text class="mark" x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>').format(
            _number((LEFT + WIDTH - RIGHT) / 2), HEIGHT - 8, QUIET, words.months
        )
    )
    return parts


def _band(points: Sequence[Point], end: float, x: Callable[[float], float]) -> Markup:
    """The 95 % band of what is done. Where it is not known, it has no width."""
    upper = _steps(points, end, x, lambda one: one.done if one.high is None else one.high)
    lower = _steps(points, end, x, lambda one: one.done if one.low is None else one.low)
    return Markup('<polygon class="band" points="{}" fill="{}"/>').format(_listed([*upper, *reversed(lower)]), BAND)


def _names(done: Place, dropped: Place, words: Words) -> list[Markup]:
    """What each line is called, at its end; pushed apart where they end close together."""
    upper, lower = done[1] + 4, dropped[1] + 4
    if abs(upper - lower) < _APART:
        shift = _APART if upper <= lower else -_APART
        lower = upper + shift
    if lower > HEIGHT - BOTTOM + 4:
        upper, lower = upper - (lower - (HEIGHT - BOTTOM + 4)), HEIGHT - BOTTOM + 4.0
    return [
        Markup('<text class="name {}" x="{}" y="{}" fill="{}">{}</text>').format(
            name, _number(end[0] + 7), _number(place), colour, told
        )
        for name, end, place, colour, told in (
            ("done", done, upper, ACCENT, words.done),
            ("dropped", dropped, lower, GONE, words.dropped),
        )
    ]


def _steps(
    points: Sequence[Point], end: float, x: Callable[[float], float], of: Callable[[Point], float]
) -> list[Place]:
    """The corners of a line that stays level until the next point, from nothing on the first day to the end."""
    places: list[Place] = [(x(0), _y(0))]
    for point in points:
        places += [(x(point.days), places[-1][1]), (x(point.days), _y(of(point)))]
    return [*places, (x(end), places[-1][1])]


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)


def _listed(places: Sequence[Place]) -> str:
    return " ".join(f"{_number(across)},{_number(down)}" for across, down in places)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
