"""Which questions nobody can ever be asked, and which conditions change nothing. Pure.

Conditions are tried, not reasoned about: with every kind of answer that could decide them, by the function that decides
them for respondents. Of each answer only those values are tried between which some condition tells a difference.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from itertools import product
from typing import Any

from mande.events.roles import PRECEDENCE
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.conditions import Answered
from mande.surveys.questionnaires.conditions import Chosen
from mande.surveys.questionnaires.conditions import Compared
from mande.surveys.questionnaires.conditions import Condition
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType

PATIENCE = 20_000
"""How many combinations of answers are tried for one question; beyond them nothing is said about it."""

MOST_NAMED = 10
"""How many options of one question, or meetings, may be named by conditions that are tried."""

Atom = Chosen | Answered | Compared


class _TooMuchError(Exception):
    """There are more combinations than can be tried."""


@dataclass(frozen=True)
class Reach:
    """Whether what a condition stands before can be asked, and whether it can be left out. None: too much to try."""

    asked: bool | None
    skipped: bool | None


def of_section(definition: Definition, number: int, held: Sequence[str] = ()) -> Reach:
    """Of the section at `number`, from 0."""
    return _Walk(definition, held).reach(definition.sections[number].ask_if, None)


def of_question(definition: Definition, number: int, place: int, held: Sequence[str] = ()) -> Reach:
    """Of the question at `place` of the section at `number`; `skipped` is about its own condition alone."""
    section = definition.sections[number]
    return _Walk(definition, held).reach(section.questions[place].ask_if, section.ask_if)


class _Walk:
    """A questionnaire with its questions by code. `held` are the codes of the meetings, where they are known."""

    def __init__(self, definition: Definition, held: Sequence[str]) -> None:
        self.definition = definition
        self.held = tuple(held)
        self.questions = {question.code: question for question in definition.questions()}
        self.around = {
            question.code: section.ask_if for section in definition.sections for question in section.questions
        }

    def reach(self, own: Condition | None, around: Condition | None) -> Reach:
        """Tries all that decides `own`, a condition inside what is asked only if `around` holds."""
        try:
            return self.tried(own, around)
        except _TooMuchError:
            return Reach(None, None)

    def tried(self, own: Condition | None, around: Condition | None) -> Reach:
        before = self.deciding([own, around])
        deciding = [own, around, *(one.ask_if for one in before), *(self.around[one.code] for one in before)]
        domains = dict(self.domains(before, deciding))
        people = list(self.people(deciding))
        tries = len(people)
        for values in domains.values():
            tries *= len(values)
        if tries > PATIENCE:
            raise _TooMuchError
        asked = skipped = False
        for facts in people:
            for given in product(*domains.values()):
                answers = dict(zip(domains, given, strict=True))
                if not self.possible(before, answers):
                    continue
                counted = self.counted(before, answers, facts)
                if around is None or conditions.holds(around, counted, facts):
                    holds = own is None or conditions.holds(own, counted, facts)
                    asked, skipped = asked or holds, skipped or not holds
                    if asked and skipped:
                        return Reach(asked, skipped)
        return Reach(asked, skipped)

    def deciding(self, wanted: Sequence[Condition | None]) -> list[Question]:
        """The questions whose answers decide, and those that decide whether they are asked, in order."""
        found: set[str] = set()
        waiting = {code.partition(".")[0] for one in wanted for code in conditions.references(one)}
        while waiting:
            code = waiting.pop()
            if code in self.questions and code not in found:
                found.add(code)
                inner = (self.questions[code].ask_if, self.around[code])
                waiting |= {one.partition(".")[0] for part in inner for one in conditions.references(part)}
        return [question for code, question in self.questions.items() if code in found]

    def domains(
        self, before: Sequence[Question], deciding: Sequence[Condition | None]
    ) -> Iterator[tuple[str, list[Any]]]:
        """For each code that decides, the answers to try: one of each kind that conditions tell apart."""
        atoms = {atom for one in deciding for atom in _atoms(one)}
        for question in before:
            for code in [item.code for item in question.items()] or [question.code]:
                own = [atom for atom in atoms if atom.question == code]
                if own:
                    yield code, _told_apart(question, code, own)

    def people(self, deciding: Sequence[Condition | None]) -> Iterator[Facts]:
        """Everybody who could be asked, as far as conditions tell them apart."""
        used = set().union(*(conditions.facts_used(one) for one in deciding))
        formats = set(self.definition.formats)
        modes = {frozenset({"virtual"}): ["online"], frozenset({"in_person"}): ["in_person"]}
        possible: list[str | None] = [*modes.get(frozenset(formats), ["in_person", "online"]), None]
        named: list[str] = sorted({value for one in deciding for value in meetings(one)})
        there = [code for code in named if code in self.held] if self.held else named
        _refuse_more(there)
        attended = [tuple(some) for size in range(len(there) + 1) for some in combinations(there, size)]
        roles = self.roles() if "role" in used else [(self.definition.role,)]
        modes_tried = possible if "mode" in used else [None]
        yield from (Facts(held, chosen, mode) for held, chosen, mode in product(roles, attended, modes_tried))

    def roles(self) -> list[tuple[str, ...]]:
        """The roles that somebody asked in this one may hold: of several, people are asked in what weighs most."""
        weights = [role.value for role in PRECEDENCE]
        own = self.definition.role
        lesser = weights[weights.index(own) + 1 :]
        return [(own, *some) for size in range(len(lesser) + 1) for some in combinations(lesser, size)]

    def possible(self, before: Sequence[Question], answers: Mapping[str, Any]) -> bool:
        """No two options of a ranking have the same rank."""
        for question in before:
            if question.type is QuestionType.RANKING:
                ranks = [answers[code] for item in question.items() if answers.get(code := item.code)]
                if len(ranks) != len(set(ranks)):
                    return False
        return True

    def counted(self, before: Sequence[Question], answers: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
        """The answers to what is asked, as `paging.asked` counts them."""
        counted: dict[str, Any] = {}
        for question in before:
            around = self.around[question.code]
            if all(one is None or conditions.holds(one, counted, facts) for one in (around, question.ask_if)):
                codes = [item.code for item in question.items()] or [question.code]
                counted |= {code: answers[code] for code in codes if answers.get(code)}
        return counted


def _told_apart(question: Question, code: str, atoms: Sequence[Atom]) -> list[Any]:
    values = _values(question, atoms)
    if question.type is QuestionType.RANKING:
        return values  # which rank it is matters to the other options
    by_effect: dict[tuple[bool, ...], Any] = {}
    for value in values:
        given = {code: value} if value else {}
        by_effect.setdefault(tuple(conditions.holds(atom, given, Facts()) for atom in atoms), value)
    return list(by_effect.values())


def _values(question: Question, atoms: Sequence[Atom]) -> list[Any]:
    """Answers that can be given, and None for none."""
    extra = ["other"] * question.other + ["na"] * question.not_applicable
    match question.type:
        case QuestionType.MULTIPLE:
            return [None, *_ticked(question, atoms)]
        case QuestionType.NUMBER:
            least, most = int(question.min or 0), int(question.max or 0)
            near = {limit + step for limit in _limits(atoms) for step in (-1, 0, 1)} | {least, most}
            return [None, *(str(number) for number in sorted(near) if least <= number <= most)]
        case QuestionType.COUNTRY:
            named = {code for atom in atoms if isinstance(atom, Chosen) for code in atom.codes}
            unnamed = next(code for code in ("CH", "NO", "KE", *_letters()) if code not in named)
            return [None, *sorted(named), unnamed]
        case QuestionType.RANKING:
            return [None, *question.ranks]
        case QuestionType.DATE | QuestionType.SHORT_TEXT | QuestionType.LONG_TEXT:
            return [None, "anything"]
        case _:
            return [None, *question.codes, *extra]


def _ticked(question: Question, atoms: Sequence[Atom]) -> Iterator[list[str]]:
    """Every choice of the options that conditions name, with and without one that none of them names."""
    named = {code for atom in atoms if isinstance(atom, Chosen) for code in atom.codes}
    alone = [option.code for option in question.options if option.exclusive]
    together = [code for code in (*question.codes, *["other"] * question.other) if code not in alone]
    least = question.min if isinstance(question.min, int) else 1
    most = question.max if isinstance(question.max, int) else len(together)
    yield from ([code] for code in alone)
    wanted = [code for code in together if code in named]
    unnamed = [code for code in together if code not in named]
    _refuse_more(wanted)
    for size in range(len(wanted) + 1):
        for chosen in combinations(wanted, size):
            for filled in {0, 1, max(0, least - size)}:
                if max(1, least) <= size + filled <= most and filled <= len(unnamed):
                    yield [*chosen, *unnamed[:filled]]


def _refuse_more(named: Sequence[str]) -> None:
    if len(named) > MOST_NAMED:
        raise _TooMuchError


def _atoms(condition: Condition | None) -> Iterator[Atom]:
    match condition:
        case conditions.All(parts) | conditions.Either(parts):
            for part in parts:
                yield from _atoms(part)
        case conditions.Not(part):
            yield from _atoms(part)
        case Chosen() | Answered() | Compared():
            yield condition


def meetings(condition: Condition | None) -> Iterator[str]:
    """The codes of the meetings that a condition names."""
    match condition:
        case conditions.All(parts) | conditions.Either(parts):
            for part in parts:
                yield from meetings(part)
        case conditions.Not(part):
            yield from meetings(part)
        case conditions.TookPart("meeting", values):
            yield from values


def _limits(atoms: Sequence[Atom]) -> Iterator[int]:
    return (atom.limit for atom in atoms if isinstance(atom, Compared))


def _letters() -> Iterator[str]:
    return ("".join(pair) for pair in product("ABCDEFGHIJKLMNOPQRSTUVWXYZ", repeat=2))
