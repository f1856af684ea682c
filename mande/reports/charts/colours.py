"""Which colour of the palette stands for what. Pure.

The favourable end of a scale is the dark one, and what is merged has a colour between those of its parts.
"""

from collections.abc import Sequence

from mande.reports.looks.palette import Palette
from mande.reports.looks.tones import WHITE
from mande.reports.looks.tones import contrast

UNDER_WAY = frozenset(("done", "well_advanced", "some_progress"))
UNKNOWN = "unknown"
BLACK = "#000000"
READABLE = 4.5
"""The contrast that text needs (WCAG 2.2, AA)."""


def of_scale(palette: Palette, codes: Sequence[str], points: int) -> str:
    """One option of a scale of five or seven, or several neighbours: a middling one, or a pale one with the neutral."""
    steps, middle = palette.scale7 if points == 7 else palette.scale5, (points + 1) // 2
    first, last = int(codes[0]), int(codes[-1])
    if first == last:
        return steps[first - 1]
    if first < middle < last:
        return steps[middle - 1]
    if middle in (first, last):
        return palette.scale7[2] if first < middle else palette.scale7[4]
    return steps[1] if last < middle else steps[-2]


def of_rating(palette: Palette, codes: Sequence[str]) -> str:
    """Points from 0 to 10: detractors, passives and promoters each in one colour; what spans two of these is pale."""
    kinds = {0 if int(code) <= 6 else 1 if int(code) <= 8 else 2 for code in codes}
    if len(kinds) == 1:
        return palette.scale5[2 * kinds.pop()]
    return palette.scale7[2] if 0 in kinds else palette.scale7[4]


def of_progress(palette: Palette, codes: Sequence[str]) -> str:
    """How far an action has come. What is unknown is white with an edge: neither pale progress nor grey failure."""
    steps = palette.scale7
    known = {
        "done": steps[6],
        "well_advanced": steps[5],
        "some_progress": steps[4],
        "not_started": steps[3],
        "no_longer_planned": steps[0],
        UNKNOWN: WHITE,
    }
    if len(codes) == 1:
        return known[codes[0]]
    return palette.scale5[3] if set(codes) <= UNDER_WAY else palette.scale5[2]


def on(background: str, palette: Palette) -> str:
    """The colour of text on a background: white or ink, whichever reads better, and black where neither does."""
    best = max(WHITE, palette.ink, key=lambda text: contrast(text, background))
    return best if contrast(best, background) >= READABLE else BLACK
