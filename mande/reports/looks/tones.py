"""Colours worked out by hue, chroma and lightness, so that contrast can be promised for any hue. Pure.

Hue and chroma are those of Oklab (Björn Ottosson, "A perceptual color space for image processing", 2020); lightness is
CIE L* (0 to 100), which depends on luminance alone: what differs in L* differs in greyscale. Luminance and contrast are
those of WCAG 2.2, "relative luminance" and "contrast ratio".
"""

import math
import re
from collections.abc import Sequence
from functools import cache

WHITE = "#ffffff"

_HEX = re.compile(r"#[0-9a-f]{6}")
_ROUND = 1e-4

Triple = tuple[float, float, float]


def known(text: str) -> str:
    """A colour as #rrggbb in small letters. Raises ValueError unless the text is one, with or without the #."""
    colour = "#" + text.strip().lower().removeprefix("#")
    if len(colour) == 4:
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    if not _HEX.fullmatch(colour):
        raise ValueError(f"{text} is not a colour like #0f5c6e")
    return colour


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lightness(colour: str) -> float:
    """CIE L*, 0 to 100."""
    share = luminance(colour)
    return 116 * share ** (1 / 3) - 16 if share > (6 / 29) ** 3 else share * (29 / 3) ** 3


def hue_and_chroma(colour: str) -> tuple[float, float]:
    """Hue in degrees and chroma (0 to about 0.32) of a colour. A grey's hue means nothing."""
    _light, a, b = oklab(linear(colour))
    return math.degrees(math.atan2(b, a)) % 360, math.hypot(a, b)


@cache
def tone(hue: float, chroma: float, light: float) -> str:
    """The colour of this hue and CIE L*, with as much of the chroma as a screen can show."""
    wanted = ((light + 16) / 116) ** 3 if light > 8 else light / (29 / 3) ** 3
    while True:
        rgb = _of_luminance(hue, chroma, wanted)
        if chroma < _ROUND or all(-_ROUND <= part <= 1 + _ROUND for part in rgb):
            return _hex(rgb)
        chroma *= 0.95


def linear(colour: str) -> Triple:
    """Red, green and blue as shares of light."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _expand(red), _expand(green), _expand(blue)


def oklab(rgb: Triple) -> Triple:
    """Oklab of linear red, green and blue."""
    red, green, blue = rgb
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _of_luminance(hue: float, chroma: float, wanted: float) -> Triple:
    """Linear red, green and blue of this hue, chroma and luminance, perhaps beyond what a screen can show."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        red, green, blue = _linear_of(middle, a, b)
        if 0.2126 * red + 0.7152 * green + 0.0722 * blue < wanted:
            low = middle
        else:
            high = middle
    return _linear_of(high, a, b)


def _linear_of(light: float, a: float, b: float) -> Triple:
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _hex(rgb: Sequence[float]) -> str:
    return "#" + "".join(f"{round(255 * _compress(min(1.0, max(0.0, part)))):02x}" for part in rgb)


def _expand(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _compress(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
