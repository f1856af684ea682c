"""Bars below one another, each with what it is called before it and what it says after it. Pure."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

from mande.reports.charts import measuring
from mande.reports.charts.picture import Canvas
from mande.reports.charts.picture import Place
from mande.reports.looks.palette import Palette

BETWEEN = 12.0
"""The room between a label and its bar."""
_NAMES, _MOST_LINES, _LEADING = 0.38, 3, 1.3


@dataclass(frozen=True)
class Row:
    """`draw` puts the bar at a place, in a size; None where there is none, and `said` stands in its place."""

    name: str
    said: str = ""
    draw: Callable[[Canvas, Place, Place], None] | None = None


def height(rows: Sequence[Row], width: float, size: float, thick: float) -> float:
    """How much room the rows take."""
    return sum(_height(lines, size, thick) for lines in _names(rows, width, size))


def draw(
    canvas: Canvas, palette: Palette, top: float, rows: Sequence[Row], *, size: float = 12, thick: float = 16
) -> None:
    """Draws the rows below `top`; `size` is that of letters, `thick` of bars."""
    room = canvas.width * _NAMES
    after = max((measuring.width(row.said, size) for row in rows if row.draw), default=0.0) + BETWEEN
    across = canvas.width - room - BETWEEN - after
    for row, lines in zip(rows, _names(rows, canvas.width, size), strict=True):
        tall = _height(lines, size, thick)
        middle = top + tall / 2
        first = middle - (len(lines) - 1) * size * _LEADING / 2 + size * 0.36
        for count, line in enumerate(lines):
            canvas.text((0, first + count * size * _LEADING), line, palette.ink, size=size)
        if row.draw:
            row.draw(canvas, (room + BETWEEN, middle - thick / 2), (across, thick))
            canvas.text((canvas.width, middle + size * 0.36), row.said, palette.ink, size=size, anchor="end", bold=True)
        else:
            canvas.text((room + BETWEEN, middle + size * 0.36), row.said, palette.quiet, size=size)
        top += tall


def _names(rows: Sequence[Row], width: float, size: float) -> list[list[str]]:
    return [measuring.wrapped(row.name, size, width * _NAMES, _MOST_LINES) for row in rows]


def _height(lines: Sequence[str], size: float, thick: float) -> float:
    return max(len(lines) * size * _LEADING, thick) + size * 0.6
