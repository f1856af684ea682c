"""Which questions not everybody is asked, and what decides who is. Pure.

A definition here has its repeated sections once for each meeting (`definition.for_person`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.conditions import All
from mande.surveys.questionnaires.conditions import Chosen
from mande.surveys.questionnaires.conditions import Compared
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.conditions import Either
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.conditions import Not
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import Section


@dataclass(frozen=True)
class Attendance:
    """How people took part decides, and no answer does."""


@dataclass(frozen=True)
class Answered:
    """The answers to one item decide: those are asked to whose answer to `item` the `condition` applies."""

    item: str
    condition: Condition


@dataclass(frozen=True)
class Together:
    """Several things decide together."""


Audience = Attendance | Answered | Together


def partly_asked(definition: Definition) -> Mapping[str, Audience]:
    """The codes of the questions that not everybody is asked, each with what decides."""
    found: dict[str, Audience] = {}
    for section in definition.sections:
        within = {item.code for question in section.questions for item in question.items()}
        for question in section.questions:
            if audience := _audience(section, question, within):
                found[question.code] = audience
    return found


def meeting(code: str) -> str:
    """The meeting for which a question of a repeated section is asked, by its code or its section's; "" of others."""
    return code.partition("@")[2].partition(".")[0]


def options_named(condition: Condition) -> frozenset[str]:
    """The options that a condition names, of whatever question."""
    match condition:
        case All(parts) | Either(parts):
            return frozenset().union(*map(options_named, parts))
        case Not(part):
            return options_named(part)
        case Chosen(_question, codes):
            return frozenset(codes)
        case _:
            return frozenset()


def limits_named(condition: Condition) -> frozenset[int]:
    """The numbers that a condition compares answers with."""
    match condition:
        case All(parts) | Either(parts):
            return frozenset().union(*map(limits_named, parts))
        case Not(part):
            return limits_named(part)
        case Compared(_question, limit):
            return frozenset((limit,))
        case _:
            return frozenset()


def _audience(section: Section, question: Question, within: set[str]) -> Audience | None:
    """`within` are the items of the section."""
    repeated = bool(meeting(section.code))
    if not repeated and section.ask_if is None and question.ask_if is None:
        return None
    deciding = conditions.both(section.ask_if, question.ask_if)
    if not conditions.references(deciding):
        return Attendance()
    if question.ask_if is None or not conditions.references(question.ask_if):
        alone = not repeated and question.ask_if is None
        return _by_one_item(section.ask_if) if alone else Together()
    own = _by_one_item(question.ask_if)
    if not repeated and section.ask_if is None:
        return own
    # What the section asks for is settled already where only those can answer the item who saw this very section.
    settled = isinstance(own, Answered) and own.item in within and not conditions.holds(own.condition, {}, Facts())
    return own if settled else Together()


def _by_one_item(condition: Condition | None) -> Audience:
    items = conditions.references(condition)
    if condition is None or len(items) != 1 or conditions.facts_used(condition):
        return Together()
    return Answered(next(iter(items)), condition)
