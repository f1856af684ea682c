"""What of a document becomes the parts of a bar. Pure but for the words."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from mande.reports.charts import colours
from mande.reports.charts import words
from mande.reports.charts.strips import Segment
from mande.reports.looks.palette import Palette
from mande.reports.printing import labels

Said = Mapping[str, Any]

SCALES = ("scale", "matrix")
IN_PARTS = (*SCALES, "rating")
"""Types whose answers are one bar; those of the others are a list of bars."""


def segments(palette: Palette, kind: str, points: int, said: Said) -> list[Segment]:
    """The parts of the bar of a question, or of one of its groups, in their order. Empty where nothing is shown."""
    if kind in SCALES:
        if said["cells"]:
            return [
                Segment(colours.of_scale(palette, one["codes"], points), one["share"], one["label"])
                for one in said["cells"]
            ]
        if said["nearly_all"]:
            one = said["nearly_all"]
            return [Segment(colours.of_scale(palette, one["codes"], points), 1, one["label"], words.nearly_all())]
    if kind == "rating":
        return [Segment(colours.of_rating(palette, one["codes"]), one["share"], one["label"]) for one in said["cells"]]
    return []


def progress(palette: Palette, cells: Sequence[Said], total: int) -> list[Segment]:
    """The parts of a bar that shows how far `total` actions have come."""
    return [
        Segment(colours.of_progress(palette, one["codes"]), one["count"] / total, labels.status_of(one["codes"]))
        for one in cells
    ]


def options(question: Said) -> list[tuple[str, float | None, str]]:
    """What each option of a list is called, its share, and what is said where that is not shown.

    Rankings have the most chosen first.
    """
    few = question["ranking"]["few_below"] if question["ranking"] else None
    cells = list(question["cells"])
    if question["type"] == "ranking":
        cells.sort(key=lambda one: -1 if one["share"] is None else one["share"], reverse=True)
    return [
        (one["label"], one["share"], words.hidden(one, few) if one.get("hidden") else "") for one in cells
    ]  # fmt: skip
