"""All colours of a report, worked out from the convenor's one. Pure.

Every colour has its own lightness, whatever the accent: steps of a scale tell apart in greyscale and for colour-blind
readers, and the contrast of text is at least 4.5 (WCAG 2.2, AA).
"""

from dataclasses import dataclass
from functools import cache

from mande.reports.looks import tones

DEFAULT = "#0f5c6e"

LIGHTEST_ACCENT = 46.5
"""In L*: as light as text may be to keep a contrast of 4.5 on white and on `wash`."""

_ORANGE, _SLATE = 55.0, 255.0
_WARM_HUES = (5.0, 115.0)
_GREY = 0.02
_SCALE5 = (47.0, 73.0, 88.0, 62.0, 36.0)
_SCALE7 = (47.0, 67.0, 84.0, 92.0, 76.0, 57.0, 36.0)


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb.

    accent: the convenor's colour, darkened where text in it could not be read; for headings, text on it is white
    deep: darker, for text on `pale`
    pale, wash: backgrounds in its hue, `wash` the paler
    ink, quiet: text, and text of less weight; both on any of the backgrounds
    line, track: hairlines, and the empty part of a bar
    warm, warm_pale: the unfavourable; a cool colour where the accent itself is warm
    scale5, scale7: points of a scale from the most unfavourable to the most favourable
    """

    accent: str
    deep: str
    pale: str
    wash: str
    ink: str
    quiet: str
    line: str
    track: str
    warm: str
    warm_pale: str
    scale5: tuple[str, ...]
    scale7: tuple[str, ...]


@cache
def of(accent: str) -> Palette:
    """The palette of a colour like #0f5c6e. Raises ValueError if it is none."""
    colour = tones.known(accent)
    hue, chroma = tones.hue_and_chroma(colour)
    light = tones.lightness(colour)
    usable = colour if light <= LIGHTEST_ACCENT else tones.tone(hue, chroma, LIGHTEST_ACCENT)
    contrary, strength = _contrary(hue, chroma)

    def tinted(share: float, light: float) -> str:
        return tones.tone(hue, min(chroma, share), light)

    def scale(steps: tuple[float, ...]) -> tuple[str, ...]:
        middle = len(steps) // 2
        low = [tones.tone(contrary, strength * _fading(step, _SCALE5[0]), step) for step in steps[:middle]]
        high = [tones.tone(hue, chroma * _fading(step, _SCALE5[-1]), step) for step in steps[middle + 1 : -1]]
        best = colour if light <= _SCALE5[-1] else tones.tone(hue, chroma, _SCALE5[-1])
        return (*low, tinted(0.006, steps[middle]), *high, best)

    return Palette(
        accent=usable,
        deep=tinted(0.09, min(light, 26.0)),
        pale=tinted(0.016, 93.5),
        wash=tinted(0.008, 96.0),
        ink=tinted(0.02, 14.5),
        quiet=tinted(0.02, 41.0),
        line=tinted(0.01, 89.5),
        track=tinted(0.006, 95.0),
        warm=tones.tone(contrary, strength, _SCALE5[0]),
        warm_pale=tones.tone(contrary, 0.02, 93.5),
        scale5=scale(_SCALE5),
        scale7=scale(_SCALE7),
    )


def is_usable(accent: str) -> bool:
    """Whether text can be set in this colour as it is. Otherwise reports use `of(accent).accent`, which is darker."""
    return tones.lightness(tones.known(accent)) <= LIGHTEST_ACCENT


def _fading(light: float, full: float) -> float:
    """The share of its chroma that a colour keeps at this lightness, if it has all of it at `full`."""
    return (100 - light) / (100 - full)


def _contrary(hue: float, chroma: float) -> tuple[float, float]:
    """Hue and chroma of the unfavourable: orange, unless the accent is something like it."""
    low, high = _WARM_HUES
    return (_SLATE, 0.07) if chroma > _GREY and low <= hue <= high else (_ORANGE, 0.115)
