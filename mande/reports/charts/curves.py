"""The curve of completion, and small trends. Pure."""

import math
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mande.followup.figures.completion import DAYS_A_MONTH
from mande.followup.figures.drawing import horizon
from mande.reports.charts import measuring
from mande.reports.charts import numbers
from mande.reports.charts import words
from mande.reports.charts.picture import Canvas
from mande.reports.charts.picture import Picture
from mande.reports.charts.picture import Place
from mande.reports.looks.palette import Palette

Said = Mapping[str, Any]

_BEFORE, _ABOVE, _BELOW, _LETTERS = 44.0, 10.0, 44.0, 12.0


@dataclass(frozen=True)
class Moment:
    """A point of a trend: what it is called (a year), its value, and the interval around it. None is a gap."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None


def completion(canvas: Canvas, palette: Palette, said: Said, language: str, letters: float = _LETTERS) -> Picture:
    """The share done with its band, and the share no longer planned, from 0 to the day of the last news."""
    steps = [one for one in said["steps"] or said["points"] if one["done"] is not None]
    months = horizon(said["last_day"])
    end = min(float(said["last_day"]), months * DAYS_A_MONTH)
    inside = [one for one in steps if one["days"] <= end]
    last = inside[-1] if inside else {"done": 0.0, "dropped": 0.0}
    names = (words.done(last["done"], language), words.dropped(last["dropped"], language))
    scale = letters / _LETTERS
    after = max(measuring.width(name, letters) for name in names) + 14 * scale
    right, bottom = canvas.width - after, canvas.height - _BELOW * scale
    before, above = _BEFORE * scale, _ABOVE * scale

    def place(days: float, share: float) -> Place:
        return before + (right - before) * days / (months * DAYS_A_MONTH), bottom - (bottom - above) * share

    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = place(0, share)
        canvas.line([(x, y), (right, y)], palette.line)
        told = numbers.percent(share, language)
        canvas.text((x - 8 * scale, y + letters * 0.36), told, palette.quiet, size=letters, anchor="end")
    for month in range(0, months + 1, math.ceil(months / 8)):
        x, y = place(month * DAYS_A_MONTH, 0)
        canvas.text((x, y + letters * 1.5), str(month), palette.quiet, size=letters, anchor="middle")
    centre = ((before + right) / 2, canvas.height - letters * 0.5)
    canvas.text(centre, words.months_since(), palette.quiet, size=letters, anchor="middle")

    def of(key: str) -> list[Place]:
        return _steps(inside, end, place, lambda one: one["done"] if one[key] is None else one[key])

    canvas.area([*of("high"), *reversed(of("low"))], palette.pale)
    canvas.line(of("dropped"), palette.warm, thick=2 * scale, dashes="5 4")
    canvas.line(of("done"), palette.accent, thick=3 * scale)
    tops = _apart([of("done")[-1][1], of("dropped")[-1][1]], letters * 1.25, bottom)
    for name, y, colour in zip(names, tops, (palette.accent, palette.warm), strict=True):
        canvas.text(
            (place(end, 0)[0] + 7 * scale, y + letters * 0.36),
            name,
            colour,
            size=letters,
            bold=colour == palette.accent,
        )
    return canvas.picture(words.curve(round(said["last_day"] / DAYS_A_MONTH), last["done"], last["dropped"], language))


def trend(
    canvas: Canvas,
    palette: Palette,
    moments: Sequence[Moment],
    span: tuple[float, float],
    told: Callable[[float], str],
    *,
    name: str = "",
    target: float | None = None,
) -> Picture:
    """A small line over equal steps, with the last value beside its end and a dashed line at the target."""
    letters = 11.0
    known = [(count, one) for count, one in enumerate(moments) if one.value is not None]
    after = max((measuring.width(told(one.value or 0), letters) for _count, one in known[-1:]), default=0) + 10
    left, right, above, bottom = 4.0, canvas.width - after, 8.0, canvas.height - 16.0
    least, most = span

    def place(count: int, value: float) -> Place:
        x = left + (right - left) * (count / (len(moments) - 1) if len(moments) > 1 else 0.5)
        share = (value - least) / (most - least)
        return x, bottom - (bottom - above) * min(1.0, max(0.0, share))

    canvas.line([(0, bottom), (right + 4, bottom)], palette.line)
    if target is not None:
        y = place(0, target)[1]
        canvas.line([(0, y), (right + 4, y)], palette.quiet, dashes="3 3")
    for run in _runs(known):
        banded = [(count, one) for count, one in run if one.low is not None and one.high is not None]
        if len(banded) > 1:
            upper = [place(count, one.high or 0) for count, one in banded]
            lower = [place(count, one.low or 0) for count, one in banded]
            canvas.area([*upper, *reversed(lower)], palette.pale)
        for count, one in banded if len(banded) == 1 else []:
            canvas.line([place(count, one.low or 0), place(count, one.high or 0)], palette.track, thick=5)
        if len(run) > 1:
            canvas.line([place(count, one.value or 0) for count, one in run], palette.accent, thick=2)
        for count, one in run:
            canvas.dot(place(count, one.value or 0), 2.6, palette.accent)
    if known:
        count, end = known[-1]
        x, y = place(count, end.value or 0)
        canvas.text((x + 7, y + 4), told(end.value or 0), palette.accent, size=letters, bold=True)
    for count, anchor in ((0, "start"), (len(moments) - 1, "end"))[: min(2, len(moments))]:
        x = 0 if anchor == "start" else right + 4
        canvas.text((x, canvas.height - 3), moments[count].label, palette.quiet, size=10, anchor=anchor)
    if not known:
        return canvas.picture(name)
    (_, first), (_, latest) = known[0], known[-1]
    return canvas.picture(
        words.trend(name, (first.label, told(first.value or 0)), (latest.label, told(latest.value or 0)))
    )


def _runs(known: Sequence[tuple[int, Moment]]) -> list[list[tuple[int, Moment]]]:
    """Moments that follow one another without a gap."""
    runs: list[list[tuple[int, Moment]]] = []
    for count, one in known:
        if runs and runs[-1][-1][0] == count - 1:
            runs[-1].append((count, one))
        else:
            runs.append([(count, one)])
    return runs


def _steps(
    points: Sequence[Said], end: float, place: Callable[[float, float], Place], of: Callable[[Said], float]
) -> list[Place]:
    """The corners of a line that stays level until the next point, from nothing on the first day to the end."""
    level, corners = 0.0, [place(0, 0)]
    for one in points:
        corners.append(place(one["days"], level))
        level = of(one)
        corners.append(place(one["days"], level))
    return [*corners, place(end, level)]


def _apart(tops: Sequence[float], room: float, lowest: float) -> list[float]:
    """Two heights pushed apart until their words do not touch, the second no lower than `lowest`."""
    upper, lower = tops
    if abs(upper - lower) < room:
        lower = upper + (room if upper <= lower else -room)
    if lower > lowest:
        upper, lower = upper - (lower - lowest), lowest
    return [upper, lower]
