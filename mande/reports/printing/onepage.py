"""Whether what was written fits on the one page of a summary, in which size, and what fits beside it. Pure.

Widths are in millimetres and sizes in points. Lines are estimated from how wide letters are, rather too long than too
short, so that what is said to fit does.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from itertools import accumulate

from mande.reports.charts import measuring

SIZES = (9.5, 9.0, 8.5, 8.0, 7.6)
"""In which texts may be set, the best first."""

LEAST_QUESTIONS = 3
USUAL_QUESTIONS = ("How likely is it that something in your work will change because of the event?",) * LEAST_QUESTIONS
"""For whom no figures are known yet: questions as they usually are."""

_POINT = 25.4 / 72
_LEADING = 1.5
_WIDE, _NARROW = 98.0, 62.0
"""The columns: the first holds summary and findings, the second recommendations and questions."""
_HEIGHTS = {"a4": 163.0, "letter": 146.0}
"""How much room the columns have below the title and the tiles, above the foot."""
_HEAD, _PARAGRAPH, _ITEM = 10.0, 2.2, 1.0
_MOST_ROWS = 8
# Of the questions at a glance: the head of their table, the width and the size of their words, and what is around them.
_TABLE_HEAD, _BESIDE_BAR, _ABOVE_BAR = 18.0, 6.6, 42.0
_ALONE_HEAD, _ALONE_ROW, _ALONE_WIDE = 26.0, 2.4, 62.0
_QUESTION, _TIGHT = 8.0, 1.36
_BLOCK = re.compile(r"<(p|li|h\d|th|td)[^>]*>(.*?)(?=<(?:p|li|h\d|th|td|/ul|/ol)\b|\Z)", re.S)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Fit:
    """Texts in `size`, with so many questions beside them. `over` is the share of the room that is missing, if any."""

    size: float
    rows: int
    over: float = 0.0


def fit(
    texts: Sequence[str], beside: Sequence[str], questions: Sequence[str], paper: str, least: int = LEAST_QUESTIONS
) -> Fit:
    """How `texts` (HTML) fit into the wide column, and those `beside` with some of the questions into the narrow one.

    No size is chosen at which fewer than `least` questions would be left.
    """
    room = _HEIGHTS[paper]
    rows = [_BESIDE_BAR + _of_question(question, _ABOVE_BAR) for question in questions[:_MOST_ROWS]]
    wanted = min(least, len(rows))
    for size in SIZES:
        many = _fitting(rows, room - _height(beside, _NARROW, size) - _TABLE_HEAD)
        if _height(texts, _WIDE, size) <= room and many >= wanted:
            return Fit(size, many)
    size = SIZES[-1]
    table = _TABLE_HEAD + sum(rows[:wanted]) if wanted else 0.0
    need = max(_height(texts, _WIDE, size), _height(beside, _NARROW, size) + table)
    return Fit(size, wanted, need / room - 1)


def fit_alone(questions: Sequence[str], paper: str) -> Fit:
    """How many questions fit where nothing was written."""
    rows = [_ALONE_ROW + _of_question(question, _ALONE_WIDE) for question in questions]
    return Fit(SIZES[0], _fitting(rows, _HEIGHTS[paper] - _ALONE_HEAD))


def _fitting(heights: Sequence[float], room: float) -> int:
    """How many of the first rows fit."""
    return sum(height <= room for height in accumulate(heights))


def _of_question(text: str, across: float) -> float:
    return _lines(text, across, _QUESTION) * _QUESTION * _POINT * _TIGHT


def _height(texts: Sequence[str], across: float, size: float) -> float:
    return sum(_HEAD + _of_blocks(text, across, size) for text in texts)


def _of_blocks(html: str, across: float, size: float) -> float:
    line = size * _POINT * _LEADING
    return sum(line * _lines(text, across, size) + after for text, after in map(_block, _BLOCK.finditer(html)))


def _block(found: re.Match[str]) -> tuple[str, float]:
    return " ".join(unescape(_TAG.sub("", found[2])).split()), _ITEM if found[1] == "li" else _PARAGRAPH


def _lines(text: str, across: float, size: float) -> int:
    # Lines are broken between words: some of each stays empty.
    return max(1, math.ceil(1.04 * measuring.width(text, size * _POINT) / (across - 4)))
