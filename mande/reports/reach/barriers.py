"""What stood in the way of taking part, as the questions of a report tell it. Pure."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

BARRIERS = (
    "inclusion_access.connection",
    "inclusion_access.time_zone",
    "inclusion_access.language",
    "inclusion_access.safe_to_speak",
    "platform_ease",
    "inclusion_in_person.journey",
    "inclusion_in_person.building",
    "inclusion_in_person.language",
    "inclusion_in_person.safe_to_speak",
)
"""Scales of the library whose unfavourable answers name a barrier."""

Said = Mapping[str, Any]


def barriers(questions: Sequence[Said]) -> list[dict[str, Any]]:
    """The part "barriers" of a document's reach, from its own questions: so it tells nothing that they do not tell."""
    found = []
    for question in questions:
        if question["code"].partition("@")[0] in BARRIERS and question["n"] is not None:
            span = unfavourable(question)
            if span != (0.0, 1.0):
                said = {"code": question["code"], "text": question["text"], "n": question["n"]}
                found.append(said | {"unfavourable": [round(bound, 4) for bound in span]})
    return found


def could_follow(questions: Sequence[Said], code: str) -> tuple[tuple[float, float], int] | None:
    """The least and the greatest share of those who agreed to a question, and how many answered it."""
    question = next((one for one in questions if one["code"].partition("@")[0] == code and one["n"]), None)
    if question is None or not question["favourable_range"] or question["favourable_range"] == [0, 1]:
        return None
    low, high = question["favourable_range"]
    return (low, high), question["n"]


def unfavourable(question: Said) -> tuple[float, float]:
    """The least and the greatest share of the two worst answers that what is shown of a scale allows."""
    if question["unfavourable"] is not None:
        return question["unfavourable"], question["unfavourable"]
    worst = {option["code"] for option in question["options"][:2]}
    if question["nearly_all"]:
        # One or two people may have answered otherwise: the favourable share says how much room that leaves.
        favourable = question["favourable_range"]
        return (0.0, 1 - favourable[0]) if not worst & set(question["nearly_all"]["codes"]) else (0.0, 1.0)
    if not question["cells"]:
        return 0.0, 1.0
    sure = sum(cell["share"] for cell in question["cells"] if set(cell["codes"]) <= worst)
    possible = sum(cell["share"] for cell in question["cells"] if set(cell["codes"]) & worst)
    return sure, min(1.0, possible)
