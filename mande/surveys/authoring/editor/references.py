"""Conditions as data: who refers to what, and how references follow what is called otherwise. Pure.

A reference is the code of a question, or of its row or ranked option: "question.row".
"""

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

Condition = dict[str, Any]


@dataclass(frozen=True)
class Renaming:
    """What a question, its rows and its options are called from now on, by what they were called."""

    question: str
    to: str
    rows: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    def reference(self, code: str) -> str:
        question, dot, row = code.partition(".")
        return f"{self.to}{dot}{self.rows.get(row, row)}" if question == self.question else code

    def concerns(self, code: str) -> bool:
        return code.partition(".")[0] == self.question

    @property
    def is_needed(self) -> bool:
        changed = [old != new for names in (self.rows, self.options) for old, new in names.items()]
        return self.question != self.to or any(changed)


def followed(condition: Condition, renaming: Renaming) -> Condition:
    """The same condition after the renaming."""
    if "question" not in condition:
        return {name: _followed_part(part, renaming) for name, part in condition.items()}
    if not renaming.concerns(condition["question"]):
        return condition
    changed = {**condition, "question": renaming.reference(condition["question"])}
    if "is" in changed:
        changed["is"] = renaming.options.get(str(changed["is"]), changed["is"])
    if "in" in changed:
        changed["in"] = [renaming.options.get(str(code), code) for code in changed["in"]]
    return changed


def _followed_part(part: Any, renaming: Renaming) -> Any:
    if isinstance(part, dict):
        return followed(part, renaming)
    return [_followed_part(one, renaming) for one in part] if isinstance(part, list) else part


def questions_in(condition: Any) -> Iterator[str]:
    """The codes of the questions that a condition, or a part of one, refers to, without rows."""
    if isinstance(condition, list):
        for part in condition:
            yield from questions_in(part)
    elif isinstance(condition, dict):
        if isinstance(asked := condition.get("question"), str):
            yield asked.partition(".")[0]
        for name in ("all", "any", "not"):
            yield from questions_in(condition.get(name))
