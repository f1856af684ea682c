"""Charts: what they show, what they must not, and that they are the same from either side."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mande.reports.charts import Drawing
from mande.reports.charts import Moment
from mande.reports.charts import Picture
from mande.reports.charts import Segment
from mande.reports.charts import measuring
from mande.reports.looks import palette
from mande.reports.looks import tones

PALETTE = palette.of(palette.DEFAULT)
DRAW, MIRRORED = Drawing(PALETTE), Drawing(PALETTE, "rtl", "ar")
SVG = "{http://www.w3.org/2000/svg}"
FIGURES = {"nps": None, "favourable": None, "favourable_range": None, "nearly_all": None, "ranking": None}


def scale(*counts: int, **more: object) -> dict[str, object]:
    """A question on a scale of five, of which each option has so many answers."""
    n = sum(counts)
    cells = [
        {"key": str(i), "codes": [str(i)], "label": f"Option {i}", "count": count, "share": count / n}
        for i, count in enumerate(counts, 1)
    ]
    options = [{"code": str(i), "label": f"Option {i}"} for i in range(1, 6)]
    return FIGURES | {"type": "scale", "text": "How was it?", "n": n, "cells": cells, "options": options} | more


def root(picture: Picture | None) -> ElementTree.Element:
    assert picture is not None
    return ElementTree.fromstring(picture.svg)


def boxes(picture: Picture | None) -> list[tuple[str, float, float]]:
    """Fill, left edge and width of each rectangle, in the order in which they are drawn."""
    found = root(picture).iter(f"{SVG}rect")
    return [(one.attrib["fill"], float(one.attrib["x"]), float(one.attrib["width"])) for one in found]


def texts(picture: Picture | None) -> list[str]:
    return [re.sub("[⁦-⁩]", "", one.text or "") for one in root(picture).iter(f"{SVG}text")]


def test_a_strip_shows_each_option_as_wide_as_its_share_and_says_so_in_it_and_in_words() -> None:
    strip = DRAW.strip(scale(0, 2, 0, 5, 3), 1000)

    assert [(fill, round(left), round(width)) for fill, left, width in boxes(strip)] == [
        (PALETTE.scale5[1], 0, 198), (PALETTE.scale5[3], 200, 498), (PALETTE.scale5[4], 700, 300),
    ]  # fmt: skip
    assert texts(strip) == ["20%", "50%", "30%"]
    assert strip is not None
    assert strip.alt == "Option 2 20%; Option 4 50%; Option 5 30%"


def test_of_nearly_all_no_picture_says_that_it_is_all() -> None:
    nearly = scale(1) | {"cells": [], "nearly_all": {"codes": ["4", "5"], "label": "Good to Very good"}}

    for picture in (DRAW.strip(nearly), DRAW.strip(nearly, thin=True), DRAW.matrix([nearly])):
        assert picture is not None
        assert "100" not in "".join(texts(picture)) + picture.alt
    assert texts(DRAW.strip(nearly)) == ["nearly all"]


def test_what_is_not_shown_is_no_picture() -> None:
    hidden = scale(1) | {"cells": []}

    assert DRAW.strip(hidden) is None
    assert DRAW.rating(hidden) is None
    assert DRAW.listing(hidden | {"type": "single"}) is None
    assert DRAW.groups(scale(1), {"form": "levels", "groups": []}) is None


def test_options_that_few_chose_have_words_in_place_of_a_bar() -> None:
    cells = [
        {"label": "A", "share": 0.5, "count": 9, "hidden": None},
        {"label": "B", "share": None, "count": None, "hidden": "few"},
        {"label": "C", "share": None, "count": None, "hidden": "nearly all"},
    ]
    picture = DRAW.listing(FIGURES | {"type": "multiple", "cells": cells})

    assert texts(picture) == ["A", "50%", "B", "fewer than 3", "C", "nearly all"]
    assert len(boxes(picture)) == 2


def test_from_right_to_left_every_picture_is_mirrored_and_its_words_are_not() -> None:
    left, right = boxes(DRAW.strip(scale(1, 2, 3, 4, 5), 500)), boxes(MIRRORED.strip(scale(1, 2, 3, 4, 5), 500))

    assert [(fill, pytest.approx(500 - x - width, abs=0.02), width) for fill, x, width in left] == right
    assert texts(MIRRORED.shares([("Women", 0.4)])) == ["Women", "40%"]
    assert root(MIRRORED.bar(0.4)).attrib["direction"] == "ltr"


def test_words_that_somebody_typed_cannot_become_markup() -> None:
    picture = DRAW.stacked([Segment("#000000", 1, '<script>&"')])

    assert root(picture).attrib["aria-label"] == '<script>&" 100%'
    assert "<script" not in str(picture.inline)


def test_nothing_is_drawn_wider_than_the_screen_allows() -> None:
    narrow = Drawing(PALETTE, most=300)
    pictures = (narrow.strip(scale(1, 1, 1, 1, 1)), narrow.bar(0.5, 900), narrow.matrix([scale(1, 1)]))

    for picture in pictures:
        assert picture is not None
        assert picture.width == 300
        assert all(x >= 0 and x + width <= 300.01 for _fill, x, width in boxes(picture))


@pytest.mark.parametrize("accent", ["#0f5c6e", "#c8102e", "#ffcc00", "#222222"])
def test_parts_that_stand_beside_each_other_tell_apart_in_grey_and_their_figures_can_be_read(accent: str) -> None:
    draw = Drawing(palette.of(accent))
    statuses = [
        {"codes": [code], "count": 2, "label": code}
        for code in ("done", "well_advanced", "some_progress", "not_started", "no_longer_planned", "unknown")
    ]
    for picture in (draw.strip(scale(2, 2, 2, 2, 2)), draw.progress(statuses, 12)):
        fills = [fill for fill, _x, _width in boxes(picture)]
        steps = [tones.lightness(fill) for fill in fills]
        assert all(abs(one - other) >= 8 for one, other in pairwise(steps))
        written = [one.attrib["fill"] for one in root(picture).iter(f"{SVG}text")]
        assert len(written) == len(fills)
        assert all(tones.contrast(ink, fill) >= 4.5 for ink, fill in zip(written, fills, strict=True))


def test_a_rating_has_columns_whose_area_is_the_share_also_where_points_are_merged() -> None:
    cells = [
        {"codes": [str(i) for i in range(7)], "label": "0 to 6", "share": 0.35},
        {"codes": ["7", "8"], "label": "7 to 8", "share": 0.3},
        {"codes": ["9"], "label": "9", "share": 0.35},
    ]
    picture = DRAW.rating(scale(1, type="rating", cells=cells), 1100)

    areas = [
        float(one.attrib["height"]) * (float(one.attrib["width"]) + 1.5) for one in root(picture).iter(f"{SVG}rect")
    ]
    assert areas[0] / areas[1] == pytest.approx(0.35 / 0.3, rel=0.01)
    assert areas[0] == pytest.approx(areas[2], rel=0.01)
    assert texts(picture) == ["35%", "0–6", "30%", "7–8", "35%", "9"]


def test_the_curve_rises_in_steps_and_names_its_ends() -> None:
    steps = [
        {"days": 30, "at_risk": 8, "done": 0.25, "low": 0.1, "high": 0.5, "dropped": 0.0},
        {"days": 90, "at_risk": 4, "done": 0.5, "low": None, "high": None, "dropped": 0.125},
    ]
    for draw, place in ((DRAW, max), (MIRRORED, min)):
        picture = draw.curve({"steps": steps, "points": [], "last_day": 120})
        dropped, done = [one for one in root(picture).iter(f"{SVG}polyline") if float(one.attrib["stroke-width"]) > 1]
        corners = [tuple(map(float, corner.split(","))) for corner in done.attrib["points"].split()]
        assert len(corners) == 6
        assert min(y for _x, y in corners) == corners[-1][1]
        assert place(x for x, _y in corners) == corners[-1][0]
        assert dropped.attrib["stroke-dasharray"]
        assert "50%" in picture.alt


def test_a_trend_breaks_where_nothing_is_known() -> None:
    moments = [Moment("2021", 0.4, 0.3, 0.5), Moment("2022", 0.5, 0.4, 0.6), Moment("2023", None), Moment("2024", 0.7)]
    picture = DRAW.trend(moments, name="Response", target=0.6)

    lines = [one for one in root(picture).iter(f"{SVG}polyline") if one.attrib["stroke-width"] == "2"]
    assert [one.attrib["points"].count(",") for one in lines] == [2]
    assert len(list(root(picture).iter(f"{SVG}circle"))) == 3
    assert picture.alt == "Response. From 40% (2021) to 70% (2024)."
    assert DRAW.trend([Moment("2021", None)], name="Nothing").alt == "Nothing"
    assert DRAW.trend([Moment("2021", 0.4)]).alt == "40% (2021)"


@given(text=st.text(max_size=80), room=st.floats(30, 300), most=st.integers(1, 4))
def test_words_are_broken_into_lines_that_fit_and_none_is_lost_but_at_an_ellipsis(
    text: str, room: float, most: int
) -> None:
    lines = measuring.wrapped(text, 12, room, most)

    assert 1 <= len(lines) <= most
    assert all(measuring.width(line, 12) <= room or len(line) == 1 for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join("".join(lines).split()) == "".join(text.split())
