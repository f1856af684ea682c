"""Whether what a question says fits its type. Pure."""

from collections.abc import Iterator
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from mande.surveys.questionnaires.problems import Path
from mande.surveys.questionnaires.problems import Problem

TEXTS = ("short_text", "long_text")
WITH_OPTIONS = ("scale", "matrix", "single", "multiple", "rating", "ranking", "yes_no")


def problems(question: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """What a question says that its type has no use for, what its type needs, and bounds that cannot be."""
    kind = question["type"]
    uses = _uses(question)
    for name, useful in uses.items():
        if question.get(name) not in (None, False, [], {}) and not useful:
            yield Problem((*path, name), f"a question of type {kind} has no {name}")
    needed = {
        "options": kind in WITH_OPTIONS and kind != "yes_no",
        "rows": kind == "matrix",
        "min": kind == "number",
        "max": kind == "number",
    }
    for name, needs in needed.items():
        if needs and question.get(name) in (None, [], {}):
            yield Problem(path, f"a question of type {kind} needs {name}")
    if not any(uses[name] and not isinstance(question.get(name, 0), int) and kind != "date" for name in ("min", "max")):
        yield from _bounds(question, path)
    else:
        yield Problem(path, f"min and max of a question of type {kind} are whole numbers")


def _uses(question: Mapping[str, Any]) -> dict[str, bool]:
    kind = question["type"]
    answered = kind != "info"
    return {
        "options": kind in WITH_OPTIONS,
        "rows": kind == "matrix",
        "not_applicable": kind in ("scale", "matrix", "single", "rating", "yes_no"),
        "other": kind in ("single", "multiple"),
        "comment": answered and kind not in TEXTS,
        "max_length": kind in TEXTS or bool(question.get("other")),
        "min": kind in ("number", "date", "multiple"),
        "max": kind in ("number", "date", "multiple", "ranking"),
        "unit": kind == "number",
        "bands": kind == "number",
        "display": kind == "single",
        **dict.fromkeys(("required", "core", "internal", "criterion", "level", "comparable"), answered),
    }


def _bounds(question: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    least, most = question.get("min"), question.get("max")
    match question["type"]:
        case "date":
            yield from _dates(least, most, path)
        case "number" if least is not None and most is not None:
            yield from _numbers(least, most, question.get("bands", []), path)
        case "multiple":
            yield from _ticks(question, path)
        case "ranking" if most is not None and isinstance(question.get("options"), list):
            if not 1 <= most <= len(question["options"]):
                yield Problem((*path, "max"), "at least one option is ranked, and at most as many as there are")


def _dates(least: Any, most: Any, path: Path) -> Iterator[Problem]:
    found: list[date] = []
    for name, text in (("min", least), ("max", most)):
        if text is None:
            continue
        try:
            found.append(date.fromisoformat(str(text)))
        except ValueError:
            yield Problem((*path, name), f"{text!r} is no date; write it as 2026-11-22")
    if len(found) > 1 and found[0] > found[1]:
        yield Problem((*path, "max"), "lies before min")


def _numbers(least: int, most: int, bands: list[int], path: Path) -> Iterator[Problem]:
    if most <= least:
        yield Problem((*path, "max"), "is not above min")
    if not bands:
        return
    if bands[0] != least:
        yield Problem((*path, "bands"), f"the first band begins at min, which is {least}")
    if any(later <= earlier for earlier, later in pairwise(bands)) or bands[-1] > most:
        yield Problem((*path, "bands"), "bands are given by their least number, in rising order, none above max")


def _ticks(question: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    options = question.get("options", [])
    if isinstance(options, str):
        return
    there = sum(not option.get("exclusive") for option in options) + bool(question.get("other"))
    least, most = question.get("min", 0), question.get("max", there)
    if not 0 <= least <= most:
        yield Problem((*path, "min"), "is above max, or below nought")
    elif not 1 <= most <= there:
        yield Problem((*path, "max"), f"lies between 1 and {there}, which is how many can be ticked together")
