"""Bars: one that is filled to a share, and one that is cut into parts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from mande.reports.charts import colours
from mande.reports.charts import measuring
from mande.reports.charts import numbers
from mande.reports.charts.picture import Canvas
from mande.reports.charts.picture import Place
from mande.reports.looks.palette import Palette
from mande.reports.looks.tones import WHITE

GAP = 1.5
"""What parts neighbours where colours do not."""


@dataclass(frozen=True)
class Segment:
    """A part of a bar: its colour, its share of the whole (0 to 1), what it stands for.

    `told` is what is said of its size where its share is not: of nearly all nobody may say that it is all.
    """

    colour: str
    share: float
    label: str = ""
    told: str = ""


def filled(canvas: Canvas, palette: Palette, place: Place, size: Place, share: float) -> None:
    """A bar filled to `share` of its length."""
    (across, down), part = size, min(1.0, max(0.0, share))
    canvas.box(place, size, palette.track)
    if part:
        canvas.box(place, (max(1.0, across * part), down), palette.accent)


def cut(
    canvas: Canvas, palette: Palette, place: Place, size: Place, segments: Sequence[Segment], language: str
) -> None:  # fmt: skip
    """A bar cut into segments, each with its share written in it where there is room."""
    (x, y), (across, down) = place, size
    letters = min(13.0, down * 0.56) if down < 40 else down * 0.36
    shown = [one for one in segments if one.share > 0]
    whole = sum(one.share for one in shown)
    for count, one in enumerate(shown, 1):
        length = across * one.share / max(whole, 1.0)
        drawn = max(0.8, length - (GAP if count < len(shown) else 0))
        if one.colour == WHITE:
            canvas.box((x + 0.5, y + 0.5), (max(0.5, drawn - 1), down - 1), WHITE, edge=palette.quiet)
        else:
            canvas.box((x, y), (drawn, down), one.colour)
        told = one.told or numbers.percent(one.share, language)
        if down >= 14 and measuring.width(told, letters) + 4 < drawn:
            ink = colours.on(one.colour, palette)
            canvas.text((x + drawn / 2, y + down / 2 + letters * 0.36), told, ink, size=letters, anchor="middle")
        x += length
