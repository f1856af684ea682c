"""All charts of a report, drawn in its colours, its language and its direction.

The same pictures stand in the PDF and on the web page, and can be saved for slides. Each is drawn at a width in pixels
and keeps its letters' size: ask for the width at which it will be seen. Words are those of the current locale.
"""

import math
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from mande.reports.charts import cells as parts
from mande.reports.charts import colours
from mande.reports.charts import columns
from mande.reports.charts import curves
from mande.reports.charts import numbers
from mande.reports.charts import rows
from mande.reports.charts import spans
from mande.reports.charts import strips
from mande.reports.charts import words
from mande.reports.charts.curves import Moment
from mande.reports.charts.picture import Canvas
from mande.reports.charts.picture import Picture
from mande.reports.charts.picture import Place
from mande.reports.charts.rows import Row
from mande.reports.charts.strips import Segment
from mande.reports.looks.palette import Palette

Said = Mapping[str, Any]

WIDE = 620.0
"""The width of text on A4, in pixels."""
THICK, THIN = 24.0, 12.0


@dataclass(frozen=True)
class Drawing:
    """`direction` is "ltr" or "rtl", which mirrors every picture; `font` a family that the document has.

    No picture is wider than `most`: on a narrow screen letters are to keep their size.
    """

    palette: Palette
    direction: str = "ltr"
    language: str = "en"
    font: str = "Noto Sans"
    most: float = math.inf

    def strip(self, question: Said, width: float = WIDE, thin: bool = False) -> Picture | None:
        """The bar of a scale, a row of a matrix or a rating; None where its answers are no bar, or not shown."""
        if question["type"] not in parts.IN_PARTS:
            return None
        found = parts.segments(self.palette, question["type"], len(question["options"]), question)
        return self.stacked(found, width, thin) if found else None

    def stacked(self, segments: Sequence[Segment], width: float = WIDE, thin: bool = False) -> Picture:
        """A bar cut into segments, with their shares in it unless it is thin."""
        canvas = self.canvas(width, THIN if thin else THICK, stretching=thin)
        self._cut(canvas, (0, 0), (canvas.width, canvas.height), segments)
        return canvas.picture(words.parts(segments, self.language))

    def bar(self, share: float | None, width: float = 300, alt: str = "") -> Picture:
        """A thin bar filled to `share`."""
        canvas = self.canvas(width, THIN, stretching=True)
        strips.filled(canvas, self.palette, (0, 0), (canvas.width, THIN), share or 0)
        return canvas.picture(alt or numbers.percent(share or 0, self.language))

    def progress(self, cells: Sequence[Said], total: int, width: float = WIDE, thin: bool = False) -> Picture:
        """How far `total` actions have come."""
        return self.stacked(parts.progress(self.palette, cells, total), width, thin)

    def rating(self, question: Said, width: float = WIDE, height: float = 120) -> Picture | None:
        """Points from 0 to 10 as columns; None where they are not shown."""
        if not question["cells"]:
            return None
        canvas = self.canvas(width, height)
        columns.draw(canvas, self.palette, 0, question["cells"], self.language)
        found = parts.segments(self.palette, question["type"], len(question["options"]), question)
        return canvas.picture(words.parts(found, self.language))

    def listing(self, question: Said, width: float = WIDE) -> Picture | None:
        """The options of a list, each with a bar; None where nothing is shown."""
        return self.rowed([self.option_row(*one) for one in parts.options(question)], width)

    def matrix(self, questions: Sequence[Said], width: float = WIDE) -> Picture | None:
        """Bars of several questions below each other, with the favourable share of each."""
        return self.rowed([self.strip_row(one, one["text"], one) for one in questions], width)

    def groups(self, question: Said, breakdown: Said, width: float = WIDE) -> Picture | None:
        """How the groups of a breakdown answered, each in a bar; None where that is no matter of bars."""
        if breakdown["form"] != "counts" or question["type"] not in parts.IN_PARTS:
            return None
        return self.rowed([self.strip_row(question, one["label"], one) for one in breakdown["groups"]], width)

    def shares(self, named: Sequence[tuple[str, float | None]], width: float = WIDE) -> Picture | None:
        """Bars of shares, each with its name; where a share is not known there is a dash."""
        return self.rowed([self.option_row(name, share, "–") for name, share in named], width)

    def curve(self, completion: Said, width: float = WIDE, height: float = 280) -> Picture:
        """How long actions take: the share done, and the share no longer planned, over months."""
        return curves.completion(self.canvas(width, height), self.palette, completion, self.language)

    def trend(
        self,
        moments: Sequence[Moment],
        span: tuple[float, float] = (0, 1),
        *,
        name: str = "",
        target: float | None = None,
        told: Callable[[float], str] | None = None,
        width: float = 190,
        height: float = 76,
    ) -> Picture:
        """A small multiple; `span` is the scale of all of its kind, `told` writes a value (else percentages)."""
        write = told or partial(numbers.percent, language=self.language)
        return curves.trend(
            self.canvas(width, height), self.palette, moments, span, write, name=name, target=target
        )  # fmt: skip

    def span(
        self,
        value: float,
        interval: tuple[float, float] | None,
        scale: tuple[float, float],
        *,
        mark: float | None = None,
        told: Callable[[float], str] | None = None,
        width: float = 200,
    ) -> Picture:
        """A value with its 95% interval within `scale`; `mark` draws a line across, for zero or a target."""
        write = told or partial(numbers.percent, language=self.language)
        canvas = self.canvas(width, 18)
        spans.draw(canvas, self.palette, value, interval, scale, mark)
        alt = words.between(write(value), write(interval[0]), write(interval[1])) if interval else write(value)
        return canvas.picture(alt)

    def key(self, colour: str) -> Picture:
        """A small square of a colour, for a legend or before a label."""
        canvas = self.canvas(12, 12)
        self._cut(canvas, (0, 0), (12, 12), [Segment(colour, 1)])
        return canvas.picture("")

    def colour(self, question: Said, codes: Sequence[str]) -> str:
        """The colour of one part of a question's bar."""
        if question["type"] == "rating":
            return colours.of_rating(self.palette, codes)
        return colours.of_scale(self.palette, codes, len(question["options"]))

    def progress_colour(self, codes: Sequence[str]) -> str:
        return colours.of_progress(self.palette, codes)

    def canvas(self, width: float, height: float, *, stretching: bool = False) -> Canvas:
        rtl = self.direction == "rtl"
        return Canvas(min(width, self.most), height, rtl=rtl, font=self.font, stretching=stretching)

    def rowed(self, found: Sequence[Row], width: float, size: float = 12, thick: float = 16) -> Picture | None:
        """Rows as a picture; None where there are none."""
        if not found:
            return None
        canvas = self.canvas(width, rows.height(found, min(width, self.most), size, thick))
        rows.draw(canvas, self.palette, 0, found, size=size, thick=thick)
        return canvas.picture(words.rows([(one.name, one.said) for one in found]))

    def strip_row(self, question: Said, name: str, said: Said) -> Row:
        """A row with the bar of a question, or of a group that answered it."""
        found = parts.segments(self.palette, question["type"], len(question["options"]), said)
        if not found:
            return Row(name, "–")
        if question["type"] == "rating":
            told = numbers.signed(said["nps"]["score"], self.language) if said["nps"] else ""
        else:
            told = words.favourable(said, self.language)
        return self.segments_row(name, found, told)

    def segments_row(self, name: str, segments: Sequence[Segment], told: str = "") -> Row:
        """A row with a bar that is cut into segments."""
        return Row(name, told, lambda canvas, place, size: self._cut(canvas, place, size, segments))

    def option_row(self, name: str, share: float | None, hidden: str) -> Row:
        """A row with a bar that is filled to a share; what is said in its place where that is not shown."""
        if share is None:
            return Row(name, hidden)
        return Row(
            name,
            numbers.percent(share, self.language),
            lambda canvas, place, size: strips.filled(canvas, self.palette, place, size, share),
        )

    def _cut(self, canvas: Canvas, place: Place, size: Place, segments: Sequence[Segment]) -> None:
        strips.cut(canvas, self.palette, place, size, segments, self.language)
