"""What each type of question can say, and how a new one begins. Pure."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from mande.surveys.authoring.editor.editing import Part
from mande.surveys.questionnaires.questions import QuestionType

ANSWERED = frozenset({"required", "core", "internal", "criterion", "level", "comparable"})
COMMENT = frozenset({"comment"})
STEPS = frozenset({"steps", "not_applicable"})
"""The labels of a scale's steps, whose codes are their numbers."""

FIELDS: Mapping[QuestionType, frozenset[str]] = {
    QuestionType.SCALE: ANSWERED | COMMENT | STEPS,
    QuestionType.MATRIX: ANSWERED | COMMENT | STEPS | {"rows"},
    QuestionType.RATING: ANSWERED | COMMENT | {"ends", "not_applicable"},
    QuestionType.YES_NO: ANSWERED | COMMENT | {"yes_no", "not_applicable"},
    QuestionType.SINGLE: ANSWERED | COMMENT | {"options", "display", "other", "not_applicable"},
    QuestionType.MULTIPLE: ANSWERED | COMMENT | {"options", "exclusive", "other", "ticks"},
    QuestionType.RANKING: ANSWERED | COMMENT | {"options", "ranked"},
    QuestionType.NUMBER: ANSWERED | COMMENT | {"range"},
    QuestionType.DATE: ANSWERED | COMMENT | {"period"},
    QuestionType.COUNTRY: ANSWERED | COMMENT,
    QuestionType.SHORT_TEXT: ANSWERED | {"length"},
    QuestionType.LONG_TEXT: ANSWERED | {"length"},
    QuestionType.INFO: frozenset(),
}
"""The fields of a question's page beside its code, text, hint and condition, by type."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "steps": ("options",),
    "ends": ("options",),
    "yes_no": ("options",),
    "options": ("options",),
    "ticks": ("min", "max"),
    "ranked": ("max",),
    "range": ("min", "max", "unit", "bands"),
    "period": ("min", "max"),
    "length": ("max_length",),
}
"""What a field is kept under, where it is not its own name."""

FLAGS = ("required", "core", "internal", "not_applicable", "other", "comment")
CRITERIA = ("relevance", "coherence", "effectiveness", "efficiency", "impact", "sustainability")
LEVELS = ("reaction", "learning", "behaviour", "results")
OF_ALL = ("code", "type", "text", "hint", "ask_if", "why")


def fields(kind: str) -> frozenset[str]:
    """The fields that a question of this type has."""
    return FIELDS[QuestionType(kind)]


def fitting(question: Mapping[str, Any]) -> Part:
    """The question without what its type has no use for, as after its type was changed."""
    kind = question["type"]
    useful = {key for name in fields(kind) for key in KEYS.get(name, (name,))} | set(OF_ALL)
    if question.get("other") and "other" in useful:
        useful.add("max_length")
    kept = {name: value for name, value in question.items() if name in useful}
    if "options" in kept and not _suits(kind, [option["code"] for option in kept["options"]]):
        del kept["options"]
    if "options" in kept and kind != QuestionType.MULTIPLE:
        kept["options"] = [{k: v for k, v in option.items() if k != "exclusive"} for option in kept["options"]]
    for name in ("min", "max"):
        if name in kept and isinstance(kept[name], str) is not (kind == QuestionType.DATE):
            del kept[name]
    return kept


def new(kind: str, code: str, text: Mapping[str, str]) -> Part:
    """A question of this type as it begins: with places for what it needs."""
    begun: Part = {"code": code, "type": kind, "text": dict(text)}
    named = fields(kind)
    if "steps" in named:
        begun["options"] = [{"code": str(step), "label": {}} for step in range(1, 6)]
    if "ends" in named:
        begun["options"] = [{"code": end, "label": {}} for end in ("0", "10")]
    if "options" in named:
        begun["options"] = [{"code": f"option_{number}", "label": {}} for number in (1, 2)]
    if "rows" in named:
        begun["rows"] = [{"code": f"row_{number}", "label": {}} for number in (1, 2)]
    if "range" in named:
        begun |= {"min": 0, "max": 100}
    return begun


def given(kind: str, present: Sequence[str]) -> list[str]:
    """The codes of the options of a question whose type says which there are; none where authors make them.

    `present` are those that the question has: seven make a scale of seven steps, and more than the ends of a rating
    may have labels.
    """
    named = fields(kind)
    if "steps" in named:
        return [str(step) for step in range(1, 8 if len(present) == 7 else 6)]
    if "ends" in named:
        between = [str(number) for number in range(1, 10)]
        return ["0", *(code for code in between if code in present), "10"]
    return ["yes", "no"] if "yes_no" in named else []


def _suits(kind: str, codes: Sequence[str]) -> bool:
    """Whether options of these codes can be those of a question of this type."""
    numbers = [str(number) for number in range(1, 8)]
    named = fields(kind)
    if "steps" in named:
        return list(codes) in (numbers[:5], numbers)
    if "ends" in named:
        return set(codes) <= {str(number) for number in range(11)}
    if kind == QuestionType.YES_NO:
        return list(codes) == ["yes", "no"]
    return True
