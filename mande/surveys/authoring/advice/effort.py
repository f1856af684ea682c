"""How long a questionnaire takes to answer, estimated from the number and types of its questions. Pure.

The seconds are rules of thumb of survey practice for people at home in the language: about 8 for a tick on a scale,
half as much for each further row of a matrix, a dozen for a choice among many, 45 for a text of a sentence or two (more
people skip it than write more), and reading at four words a second. Who is asked a question under a condition counts
half; what is repeated for each meeting counts for two.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from mande.surveys.authoring import texts

SECONDS: Mapping[str, float] = {
    "scale": 6,
    "matrix": 3,
    "rating": 6,
    "yes_no": 4,
    "single": 6,
    "multiple": 8,
    "ranking": 10,
    "number": 7,
    "date": 8,
    "country": 7,
    "short_text": 15,
    "long_text": 45,
    "info": 0,
}
A_ROW, A_COMMENT = 5.0, 6.0
WORDS_A_SECOND = 4
MEETINGS = 2
UNDER_A_CONDITION = 0.5


def seconds(data: Any, core: bool = False) -> float:
    """How long the questionnaire takes, or the questions marked core alone."""
    return sum(_sections(data, core))


def _sections(data: Any, core: bool) -> Iterator[float]:
    first = texts.languages(data)[0]
    for path, section in texts.sections(data):
        asked = [question for place, question in texts.questions(data) if place[:2] == path]
        spent = sum(_question(data, question, first) for question in asked if question.get("core") or not core)
        if spent:
            spent += _reading(section, ("title", "intro"), first)
        yield spent * (MEETINGS if section.get("repeat") else 1) * (UNDER_A_CONDITION if section.get("ask_if") else 1)


def _question(data: Any, question: Mapping[str, Any], first: str) -> float:
    kind = question.get("type")
    spent = SECONDS.get(str(kind), 0) + _reading(question, ("text", "hint"), first)
    if kind not in ("scale", "matrix", "rating", "yes_no"):  # what the steps of a scale say is known after the first
        spent += sum(_reading(option, ("label",), first) for option in texts.options(data, question))
    rows = texts.rows(question) if kind == "matrix" else []
    spent += sum(A_ROW + _reading(row, ("label",), first) for row in rows)
    if kind == "ranking":
        spent += A_ROW * len(texts.options(data, question))
    if question.get("comment"):
        spent += A_COMMENT
    return spent * (UNDER_A_CONDITION if question.get("ask_if") else 1)


def _reading(holder: Mapping[str, Any], names: tuple[str, ...], first: str) -> float:
    words = sum(len(texts.said(holder.get(name), first).get(first, "").split()) for name in names)
    return words / WORDS_A_SECOND
