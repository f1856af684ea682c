"""When a question is asked: conditions on earlier answers, and on how the person took part. Pure."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Literal

FACTS = ("role", "meeting", "mode")


@dataclass(frozen=True)
class Facts:
    """How a person took part: the roles they held, the codes of the meetings they attended, in person or online."""

    roles: tuple[str, ...] = ()
    meetings: tuple[str, ...] = ()
    mode: str | None = None

    def of(self, name: str) -> tuple[str, ...]:
        if name == "mode":
            return (self.mode,) if self.mode else ()
        return self.roles if name == "role" else self.meetings


@dataclass(frozen=True)
class All:
    of: tuple["Condition", ...]


@dataclass(frozen=True)
class Either:
    """At least one of several."""

    of: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    of: "Condition"


@dataclass(frozen=True)
class Chosen:
    """The answer is one of `codes`; of a multiple choice, at least one of them is ticked."""

    question: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """Whether there is any answer, or, if not `given`, that there is none."""

    question: str
    given: bool = True


@dataclass(frozen=True)
class Compared:
    """A number, or the number that an option's code is, lies at `limit` or on one side of it."""

    question: str
    limit: int
    side: Literal["at_least", "at_most"]


@dataclass(frozen=True)
class TookPart:
    """A role that the person held, a meeting that they attended, or the mode in which they did, is among `values`."""

    fact: str
    values: tuple[str, ...]


Condition = All | Either | Not | Chosen | Answered | Compared | TookPart


def parse(data: Mapping[str, Any]) -> Condition:
    """The condition that `data` describes; it has passed the schema."""
    match data:
        case {"all": parts}:
            return All(tuple(map(parse, parts)))
        case {"any": parts}:
            return Either(tuple(map(parse, parts)))
        case {"not": part}:
            return Not(parse(part))
        case {"question": question, "is": code}:
            return Chosen(question, (str(code),))
        case {"question": question, "in": codes}:
            return Chosen(question, tuple(map(str, codes)))
        case {"question": question, "answered": given}:
            return Answered(question, given)
        case {"question": question, "at_least": limit}:
            return Compared(question, limit, "at_least")
        case {"question": question, "at_most": limit}:
            return Compared(question, limit, "at_most")
        case _:
            (fact,) = data
            return TookPart(fact, tuple(data[fact]))


def to_dict(condition: Condition) -> dict[str, Any]:
    """What `parse` makes the same condition of."""
    match condition:
        case All(parts):
            return {"all": [to_dict(part) for part in parts]}
        case Either(parts):
            return {"any": [to_dict(part) for part in parts]}
        case Not(part):
            return {"not": to_dict(part)}
        case Chosen(question, (code,)):
            return {"question": question, "is": code}
        case Chosen(question, codes):
            return {"question": question, "in": list(codes)}
        case Answered(question, given):
            return {"question": question, "answered": given}
        case Compared(question, limit, side):
            return {"question": question, side: limit}
        case TookPart(fact, values):
            return {fact: list(values)}


def holds(condition: Condition, answers: Mapping[str, Any], facts: Facts) -> bool:
    """Whether a question with this condition is asked. What was not answered is equal to nothing."""
    match condition:
        case All(parts):
            return all(holds(part, answers, facts) for part in parts)
        case Either(parts):
            return any(holds(part, answers, facts) for part in parts)
        case Not(part):
            return not holds(part, answers, facts)
        case Chosen(question, codes):
            return not set(codes).isdisjoint(_given(answers, question))
        case Answered(question, given):
            return bool(_given(answers, question)) is given
        case Compared(question, limit, side):
            numbers = [int(value) for value in _given(answers, question) if _is_number(value)]
            return any(number >= limit if side == "at_least" else number <= limit for number in numbers)
        case TookPart(fact, values):
            return not set(values).isdisjoint(facts.of(fact))


def references(condition: Condition | None) -> frozenset[str]:
    """The questions, rows and ranked options whose answers decide."""
    match condition:
        case All(parts) | Either(parts):
            return frozenset().union(*map(references, parts))
        case Not(part):
            return references(part)
        case Chosen(question) | Answered(question) | Compared(question):
            return frozenset((question,))
        case _:
            return frozenset()


def facts_used(condition: Condition | None) -> frozenset[str]:
    """Which of role, meeting and mode decide."""
    match condition:
        case All(parts) | Either(parts):
            return frozenset().union(*map(facts_used, parts))
        case Not(part):
            return facts_used(part)
        case TookPart(fact):
            return frozenset((fact,))
        case _:
            return frozenset()


def renamed(condition: Condition, names: Mapping[str, str]) -> Condition:
    """The same condition about questions that are called otherwise: `names` leads from old codes to new ones."""
    match condition:
        case All(parts):
            return All(tuple(renamed(part, names) for part in parts))
        case Either(parts):
            return Either(tuple(renamed(part, names) for part in parts))
        case Not(part):
            return Not(renamed(part, names))
        case Chosen(question) | Answered(question) | Compared(question):
            return replace(condition, question=names.get(question, question))
        case _:
            return condition


def both(*conditions: Condition | None) -> Condition | None:
    """All those that are given, as one; None where none is."""
    given = [condition for condition in conditions if condition is not None]
    return All(tuple(given)) if len(given) > 1 else next(iter(given), None)


def _given(answers: Mapping[str, Any], question: str) -> Sequence[str]:
    value = answers.get(question) or ()
    return (value,) if isinstance(value, str) else value


def _is_number(value: str) -> bool:
    return value.removeprefix("-").isascii() and value.removeprefix("-").isdigit()
