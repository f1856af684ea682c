"""Points from 0 to 10 as columns side by side: their area is the share, also of points that are one part. Pure."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from mande.reports.charts import colours
from mande.reports.charts import numbers
from mande.reports.charts.picture import Canvas
from mande.reports.charts.strips import GAP
from mande.reports.looks.palette import Palette

POINTS = 11


def draw(
    canvas: Canvas, palette: Palette, top: float, cells: Sequence[Mapping[str, Any]], language: str, letters: float = 11
) -> None:
    """Columns between `top` and the canvas's lower edge, with their shares above and their points below."""
    base, above = canvas.height - letters * 1.8, top + letters * 1.6
    step = canvas.width / POINTS
    tallest = max((one["share"] / len(one["codes"]) for one in cells), default=0) or 1
    canvas.line([(0, base), (canvas.width, base)], palette.line)
    for one in cells:
        first, many = int(one["codes"][0]), len(one["codes"])
        tall = (base - above) * one["share"] / many / tallest
        x, across = first * step, many * step - GAP
        centre = x + across / 2
        if tall:
            canvas.box((x, base - tall), (across, tall), colours.of_rating(palette, one["codes"]))
            told = numbers.percent(one["share"], language)
            canvas.text((centre, base - tall - letters * 0.45), told, palette.ink, size=letters, anchor="middle")
        points = one["codes"][0] if many == 1 else f"{one['codes'][0]}–{one['codes'][-1]}"
        canvas.text((centre, base + letters * 1.4), points, palette.quiet, size=letters, anchor="middle")
