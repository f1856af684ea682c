"""All colours of a report come from one, and can be read and told apart whatever it is."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.pdf import fonts
from mande.reports import looks
from mande.reports.kinds import Paper
from mande.reports.looks import css
from mande.reports.looks import palette
from mande.reports.looks import tones

ANY = st.integers(0, 0xFFFFFF).map("#{:06x}".format)

BLIND = {
    "red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What somebody without one kind of cones sees, in linear red, green and blue: Machado, Oliveira and Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.
"""
JUST_SEEN = 0.02
"""Of Oklab: about the least difference that is seen between two colours beside each other."""


def seen(colour: str, blind: str) -> tuple[float, float, float]:
    light = tones.linear(colour)
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in BLIND[blind])
    return tones.oklab((red, green, blue))


@given(ANY)
@settings(max_examples=150, deadline=None)
def test_all_text_has_enough_contrast_on_every_background_of_a_report(accent: str) -> None:
    found = palette.of(accent)

    for text in (found.ink, found.quiet, found.deep):
        for background in (tones.WHITE, found.wash, found.pale, found.track, found.warm_pale):
            assert tones.contrast(text, background) >= 4.5
    for background in (tones.WHITE, found.wash):
        assert tones.contrast(found.accent, background) >= 4.5
    assert tones.contrast(found.warm, tones.WHITE) >= 4.5


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_points_of_a_scale_tell_apart_in_greyscale_and_without_one_kind_of_cones(accent: str) -> None:
    found = palette.of(accent)

    for scale in (found.scale5, found.scale7):
        greys = sorted(map(tones.lightness, scale))
        assert min(b - a for a, b in pairwise(greys)) > 6
        for blind in BLIND:
            colours = [seen(colour, blind) for colour in scale]
            apart = [math.dist(one, other) for place, one in enumerate(colours) for other in colours[:place]]
            assert min(apart) > JUST_SEEN


@given(ANY)
@settings(max_examples=50, deadline=None)
def test_a_colour_is_kept_where_it_can_be_read_and_darkened_in_its_hue_where_not(accent: str) -> None:
    used = palette.of(accent).accent
    hue, chroma = tones.hue_and_chroma(accent)

    assert (used == accent) == palette.is_usable(accent)
    if used != accent:
        assert tones.lightness(used) < tones.lightness(accent)
        if chroma > 0.05:
            turned = abs(tones.hue_and_chroma(used)[0] - hue)
            assert min(turned, 360 - turned) < 6


def test_the_unfavourable_end_is_orange_unless_the_accent_is_something_like_it() -> None:
    assert palette.of("#0f5c6e").warm == palette.of("#003399").warm == "#a55e26"
    assert palette.of("#c8102e").warm == palette.of("#ffcc00").warm == "#537198"


def test_contrast_and_lightness_are_those_of_the_standards() -> None:
    assert tones.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert tones.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert tones.lightness("#777777") == pytest.approx(50.03, abs=0.01)
    assert tones.lightness("#000000") == 0


@pytest.mark.parametrize(("typed", "known"), [("#0F5C6E", "#0f5c6e"), (" 0f5c6e ", "#0f5c6e"), ("#fa0", "#ffaa00")])
def test_a_colour_is_understood_however_it_is_typed(typed: str, known: str) -> None:
    assert tones.known(typed) == known


@pytest.mark.parametrize("typed", ["", "teal", "#12345", "#12345g", "#fff; } body { display: none"])
def test_what_is_no_colour_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        palette.of(typed)


def test_a_look_is_variables_and_the_faces_that_it_needs_beside_the_usual_ones() -> None:
    usual = looks.said(None, "Wilton Park", Paper.A4, fonts.LATIN)
    own = usual | {"font": "Garamond Own", "font_file": "kept:" + 64 * "a"}

    assert css.variables(usual).startswith(":root { --font: ")
    assert "--accent: #0f5c6e" in css.variables(usual)
    assert "--scale7-7: #0f5c6e" in css.variables(usual)
    assert f'"Garamond Own"; src: url("kept:{64 * "a"}")' in css.variables(own)
    assert '--font: "Garamond Own", "Noto Sans", ' in css.variables(own)
    assert "NotoSerif" in css.variables(usual | {"font": fonts.SERIF})
