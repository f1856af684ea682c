"""A picture (SVG), and the canvas on which it is drawn from left to right, or mirrored from right to left. Pure.

It needs no style sheet and names nothing by an id: it can stand in a page as it is, be the source of an image, or be
saved. The only font that it names is the document's, with any other without serifs behind it.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

Place = tuple[float, float]

_ENDS = {"start": "end", "middle": "middle", "end": "start"}


@dataclass(frozen=True)
class Picture:
    """A drawing of `width` by `height` pixels. `alt` says what it shows, in the document's language."""

    svg: str
    width: float
    height: float
    alt: str

    @property
    def address(self) -> str:
        """The picture as the address of an image."""
        return f"data:image/svg+xml;base64,{b64encode(self.svg.encode()).decode()}"

    @property
    def inline(self) -> Markup:
        """The picture as a part of a page."""
        return Markup(self.svg)  # noqa: S704 (the canvas escapes what it is given)


class Canvas:
    """Takes what is drawn, in pixels from where reading starts (left, or right) and from the top.

    A stretching picture fills whatever room it is given: for bars without letters.
    """

    def __init__(
        self, width: float, height: float, *, rtl: bool = False, font: str = "Noto Sans", stretching: bool = False
    ) -> None:
        self.width, self.height = width, height
        self._rtl = rtl
        self._stretching = stretching
        self._font = font
        self._parts: list[Markup] = []

    def box(
        self, place: Place, size: Place, fill: str, *, edge: str | None = None, round_by: float = 0
    ) -> None:  # fmt: skip
        """A rectangle, with a hairline of colour `edge` around it."""
        (x, y), (across, down) = place, size
        left = self.width - x - across if self._rtl else x
        line = Markup(' stroke="{}" stroke-width="1"').format(edge) if edge else ""
        corner = Markup(' rx="{}"').format(number(round_by)) if round_by else ""
        self._add(
            '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}{}/>', left, y, across, down, fill, line, corner
        )

    def text(
        self, place: Place, said: str, fill: str, *, size: float = 12, anchor: str = "start", bold: bool = False
    ) -> None:
        """One line on its base line at `place`."""
        x, y = self._at(place)
        side = _ENDS[anchor] if self._rtl else anchor
        words = f"\N{FIRST STRONG ISOLATE}{said}\N{POP DIRECTIONAL ISOLATE}" if self._rtl else said
        weight = Markup(' font-weight="600"') if bold else ""
        anchored = Markup(' text-anchor="{}"').format(side) if side != "start" else ""
        self._add(
            '<text x="{}" y="{}" font-size="{}" fill="{}"{}{}>{}</text>', x, y, size, fill, anchored, weight, words
        )

    def line(self, places: Sequence[Place], colour: str, *, thick: float = 1, dashes: str = "") -> None:
        dashed = Markup(' stroke-dasharray="{}"').format(dashes) if dashes else ""
        self._add(
            '<polyline points="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round"{}/>',
            self._listed(places), colour, thick, dashed,
        )  # fmt: skip

    def area(self, places: Sequence[Place], fill: str) -> None:
        self._add('<polygon points="{}" fill="{}"/>', self._listed(places), fill)

    def dot(self, place: Place, radius: float, fill: str, *, edge: str = "#ffffff") -> None:
        x, y = self._at(place)
        self._add('<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="1.2"/>', x, y, radius, fill, edge)

    def insert(self, other: "Canvas", place: Place) -> None:
        """Puts what another canvas holds at a place."""
        left = self.width - place[0] - other.width if self._rtl else place[0]
        inner = Markup("").join(other._parts)
        self._add('<g transform="translate({} {})">{}</g>', left, place[1], inner)

    def picture(self, alt: str) -> Picture:
        # The direction is said, because a page's own would turn the sides around which texts are placed.
        head = Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" '
            'aria-label="{2}" direction="ltr" font-family="{3}, Noto Sans, IBM Plex Sans Arabic, sans-serif"{4}>'
        ).format(number(self.width), number(self.height), alt, self._font,
                 Markup(' preserveAspectRatio="none"') if self._stretching else "")  # fmt: skip
        return Picture(str(head + Markup("").join(self._parts) + Markup("</svg>")), self.width, self.height, alt)

    def _at(self, place: Place) -> Place:
        return (self.width - place[0], place[1]) if self._rtl else place

    def _listed(self, places: Sequence[Place]) -> str:
        return " ".join(f"{number(x)},{number(y)}" for x, y in map(self._at, places))

    def _add(self, form: str, *values: object) -> None:
        said = [number(value) if isinstance(value, int | float) else value for value in values]
        self._parts.append(Markup(form).format(*said))  # noqa: S704 (what is put in is escaped)


def number(value: float) -> str:
    """A length in as few digits as it takes."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
