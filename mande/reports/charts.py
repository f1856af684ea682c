"""Charts as HTML: bars drawn by a gradient behind a table's cell, which cost next to nothing and stay a table.

A gradient needs two stops at each edge (`red 0%, red 20%`): with one, WeasyPrint draws nothing. Steps of one hue from
pale to dark tell apart in greyscale and for the colour-blind; the favourable end is the dark one.
"""

from base64 import b64encode
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from mande.followup.figures import drawing
from mande.followup.figures.completion import DAYS_A_MONTH
from mande.followup.figures.completion import Point
from mande.followup.figures.drawing import Words

ACCENT = "#0f5c6e"
TRACK = "#edf1f3"
STEPS = {
    5: ("#a85f2c", "#dba873", "#d5dadd", "#6fa3ae", "#0f5c6e"),
    7: ("#a85f2c", "#c98b56", "#e8cfb0", "#d5dadd", "#a5c6ce", "#5d96a3", "#0f5c6e"),
}
LOW_AND_NEUTRAL, NEUTRAL_AND_HIGH = "#ead6be", "#a9c6cd"
PROGRESS = {
    "done": "#0f5c6e",
    "well_advanced": "#5d96a3",
    "some_progress": "#a5c6ce",
    "not_started": "#d5dadd",
    "no_longer_planned": "#a85f2c",
    "unknown": "#f6f0e4",
}
"""How far an action has come. What is unknown is neither pale progress nor grey failure."""
UNDER_WAY, MIXED = "#82adb8", "#bcc4c9"
NPS = ("#a85f2c", "#d5dadd", "#0f5c6e")

Said = Mapping[str, Any]


def bar(share: float | None) -> Markup:
    """The style of a cell whose bar is filled to `share`."""
    filled = 100 * max(0.0, min(1.0, share or 0.0))
    return _style([(ACCENT, filled), (TRACK, 100 - filled)])


def stacked(segments: Sequence[tuple[str, float]]) -> Markup:
    """The style of a bar cut into segments: colour and share of each, which add up to one."""
    return _style([(colour, 100 * share) for colour, share in segments], gap=True)


def scale_segments(cells: Sequence[Said], points: int) -> list[tuple[str, float]]:
    """The segments of the parts of a scale, coloured by the options that each covers."""
    return [(colour(cell["codes"], points), cell["share"]) for cell in cells if cell["share"]]


def colour(codes: Sequence[str], points: int) -> str:
    """The colour of one option of a scale, or of several neighbours: a middling one, or a pale one with the neutral."""
    steps, middle = STEPS[points], (points + 1) // 2
    first, last = int(codes[0]), int(codes[-1])
    if first == last:
        return steps[first - 1]
    if first < middle < last:
        return steps[middle - 1]
    if middle in (first, last):
        return LOW_AND_NEUTRAL if first < middle else NEUTRAL_AND_HIGH
    return steps[1] if last < middle else steps[-2]


def rating_segments(cells: Sequence[Said]) -> list[tuple[str, float]]:
    """The segments of a 0 to 10 rating's parts: detractors, passives and promoters each in one colour.

    A part that spans two of these is pale.
    """
    return [(_rating_colour([int(code) for code in cell["codes"]]), cell["share"]) for cell in cells if cell["share"]]


def progress_segments(cells: Sequence[Said], total: int) -> list[tuple[str, float]]:
    """The segments of a bar that shows how far `total` actions have come."""
    return [(progress_colour(cell["codes"]), cell["count"] / total) for cell in cells if cell["count"]]


def progress_colour(codes: Sequence[str]) -> str:
    """The colour of one status, or of several that are one part: grey, unless all of them are under way."""
    if len(codes) == 1:
        return PROGRESS[codes[0]]
    return UNDER_WAY if set(codes) == {"well_advanced", "some_progress"} else MIXED


def curve(completion: Said) -> str:
    """The curve of completion as the address of an image within the page."""
    points = [
        Point(one["days"], one["at_risk"], one["done"], one["dropped"], 1 - one["done"] - one["dropped"], one["low"],
              one["high"])
        for one in completion["steps"] or completion["points"]
    ]  # fmt: skip
    last = points[-1]
    words = Words(
        done=f"Done {100 * last.done:.0f}%",
        dropped=f"Dropped {100 * last.dropped:.0f}%",
        months="Months since the action was written down",
        told="",
    )
    picture = drawing.curve(points, completion["last_day"], words)
    return f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"


def curve_in_words(completion: Said) -> str:
    """What the picture of the curve shows, for those who do not see it."""
    last = (completion["steps"] or completion["points"])[-1]
    months = completion["last_day"] / DAYS_A_MONTH
    return (
        f"A curve of the share of actions done over time. It rises to {100 * last['done']:.0f}% after {months:.0f} "
        f"months; by then {100 * last['dropped']:.0f}% are no longer planned."
    )


def _rating_colour(codes: Sequence[int]) -> str:
    kinds = {0 if code <= 6 else 1 if code <= 8 else 2 for code in codes}
    return NPS[kinds.pop()] if len(kinds) == 1 else LOW_AND_NEUTRAL if 0 in kinds else NEUTRAL_AND_HIGH


def _style(segments: Sequence[tuple[str, float]], gap: bool = False) -> Markup:
    stops, at = [], 0.0
    for number, (tone, width) in enumerate(segments):
        end = min(100.0, at + width)
        last = number == len(segments) - 1
        # A white hairline parts the segments where colours do not.
        edge = end - 0.4 if gap and not last and width > 1 else end
        stops += [f"{tone} {at:.2f}%", f"{tone} {edge:.2f}%"]
        if edge < end:
            stops += [f"#fff {edge:.2f}%", f"#fff {end:.2f}%"]
        at = end
    return Markup("background-image: linear-gradient(to right, {})").format(Markup(", ".join(stops)))  # noqa: S704
