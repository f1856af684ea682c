"""Counting the responses of one survey: the tables that are kept, and what is kept of single answers.

A number is counted by its band and a date by its quarter, and nothing more exact is kept. An option of a ranking is
counted by the rank that it was given, or as not ranked by somebody who ranked others.
"""

from collections import Counter
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires import audience
from mande.surveys.questionnaires import coding
from mande.surveys.questionnaires.answers import NOT_APPLICABLE
from mande.surveys.questionnaires.answers import OTHER
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Item
from mande.surveys.questionnaires.definition import Question
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.questions import UNRANKED
from mande.surveys.results import grouping
from mande.surveys.strata import UNKNOWN

# As wide as the column that takes the names of merged groups.
MEMBERS_LENGTH = 400


class CountingError(Exception):
    """A response holds what its questionnaire does not know. The text names the item and nothing of the answer."""


@dataclass(frozen=True)
class Table:
    """How one group answered one item. Without stratum and members it is the whole survey.

    `n` is how many gave a valid answer; n + missing + not_applicable is everybody in the group who submitted and was
    asked. `counts` has every option, also those that nobody chose (of dates and countries only those that occur); in a
    multiple choice they add up to n or more.
    """

    question: str
    n: int
    missing: int
    not_applicable: int
    counts: Mapping[str, int]
    stratum: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counted:
    """What is left of a survey's responses. The answers to an item, and the comments, are sorted by what they say."""

    responses: int
    tables: Sequence[Table] = ()
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    comments: Mapping[str, Sequence[str]] = field(default_factory=dict)


def count(
    definition: Definition,
    responses: Sequence[Answers],
    strata: Sequence[Mapping[str, str]],
    declared: Sequence[str],
    k: int,
    unasked: Sequence[Collection[str]] = (),
) -> Counted:
    """Counts submitted responses. `definition` has repeated sections once for each meeting (`for_person`).

    `strata`, and `unasked` unless everybody was asked everything, go with `responses`, one by one; `unasked` holds the
    codes of the questions that this person was not asked, and "@meeting" for the meetings that they did not attend.
    `declared` are the breakdowns: a question that is not asked of everybody has none, for its groups are parts of the
    groups of others.

    Fewer than k responses leave nothing but their number. An item with fewer than k valid answers leaves no table and
    no answer; a breakdown only what `grouping` lets pass. Raises CountingError.
    """
    _refuse_unknown(definition, responses)
    if len(responses) < k:
        return Counted(len(responses))
    passed_over = [frozenset(codes) for codes in unasked] or [frozenset[str]()] * len(responses)
    classes = [tuple(one.get(name, UNKNOWN) for name in declared) for one in strata]
    grouped = _Grouping(declared, k)
    partly = audience.partly_asked(definition)
    tables: list[Table] = []
    answers: dict[str, list[str]] = {}
    for question in definition.questions():
        for item in question.items():
            coded = _Coded(item)
            names = {question.code, f"@{audience.meeting(question.code)}"}
            chosen = [
                coded.of(response) if names.isdisjoint(skipped) or coded.is_answered(response) else None
                for response, skipped in zip(responses, passed_over, strict=True)
            ]
            by_class = _by_class(chosen, classes)
            options = coded.options(by_class)
            whole = _table(item, options, by_class.values())
            if whole.n >= k:
                groups = [] if question.code in partly else _breakdowns(item, options, by_class, grouped)
                tables += [whole, *groups]
                answers[item.code] = _sorted(chosen)
    comments = {
        code: sorted(str(response[code]) for response in responses if response.get(code))
        for code in answering.text_codes(definition)
    }
    return Counted(len(responses), tables, answers, {code: texts for code, texts in comments.items() if texts})


def _refuse_unknown(definition: Definition, responses: Sequence[Answers]) -> None:
    known = set(answering.codes(definition))
    for response in responses:
        if strange := response.keys() - known:
            raise CountingError(f"The questionnaire {definition.code} has nothing with the code {min(strange)}.")


class _Coded:
    """The codes under which the answers to one item are counted."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.question = item.question
        self.allowed = answering.choices(item.question)
        self.known = frozenset(self.allowed)
        self.other_ranks = _other_ranks(item)
        self.decided: dict[str | tuple[str, ...], _Codes] = {}

    def is_answered(self, response: Answers) -> bool:
        return bool(response.get(self.item.code)) or any(code in response for code in self.other_ranks)

    def of(self, response: Answers) -> "_Codes":
        """The codes that were chosen, in the order of the options; none if the item was left blank.

        Not applicable goes with no other code.
        """
        value = response.get(self.item.code)
        if not value:
            return (UNRANKED,) if any(code in response for code in self.other_ranks) else ()
        key = value if isinstance(value, str) else tuple(value)
        if key not in self.decided:
            self.decided[key] = (self._single(key),) if isinstance(key, str) else self._several(key)
        return self.decided[key]

    def options(self, by_class: "_Classes") -> tuple[str, ...]:
        """What the table lists."""
        extra = (OTHER,) * self.question.other
        if not self.question.type.is_open:
            return self.item.codes + extra
        return coding.codes(self.item, {code for tally in by_class.values() for code in tally.counts}) + extra

    def _several(self, chosen: tuple[str, ...]) -> "_Codes":
        if not self.known.issuperset(chosen):
            raise self._strange()
        codes = tuple(code for code in self.allowed if code in chosen)
        return tuple(code for code in codes if code != NOT_APPLICABLE) or codes

    def _single(self, value: str) -> str:
        if value in self.known:
            return value
        if self.question.type is QuestionType.NUMBER and answering.number(self.question, value) == value:
            return coding.code_of(self.question, value)
        if self.question.type is QuestionType.DATE and answering.day(self.question, value) == value:
            return coding.code_of(self.question, value)
        raise self._strange()

    def _strange(self) -> CountingError:
        return CountingError(f"A response holds an answer to {self.item.code} that is not among its options.")


def _other_ranks(item: Item) -> tuple[str, ...]:
    """Where an item is one option of a ranking, the codes of the others."""
    question: Question = item.question
    if question.type is not QuestionType.RANKING:
        return ()
    return tuple(other.code for other in question.items() if other.code != item.code)


@dataclass
class _Tally:
    """Running totals of people with the same strata."""

    n: int = 0
    missing: int = 0
    not_applicable: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, codes: "_Codes | None", people: int) -> None:
        """Counts so many people who chose these codes; who were not asked, where `codes` is None."""
        if codes is None:
            return
        if not codes:
            self.missing += people
        elif codes == (NOT_APPLICABLE,):
            self.not_applicable += people
        else:
            self.n += people
            self.counts.update(dict.fromkeys(codes, people))


_Codes = tuple[str, ...]
_Classes = dict[tuple[str, ...], _Tally]


def _by_class(chosen: Sequence[_Codes | None], classes: Sequence[tuple[str, ...]]) -> _Classes:
    tallies: _Classes = {}
    for (values, codes), people in Counter(zip(classes, chosen, strict=True)).items():
        tallies.setdefault(values, _Tally()).add(codes, people)
    return tallies


def _sorted(chosen: Sequence[_Codes | None]) -> list[str]:
    """Every valid answer, as its codes, in the order of what they say."""
    times = Counter(" ".join(codes) for codes in chosen if codes and codes != (NOT_APPLICABLE,))
    return [said for said in sorted(times) for _ in range(times[said])]


class _Grouping:
    """The groups that may be shown. Most items are left blank by the same people: each case is worked out once."""

    def __init__(self, declared: Sequence[str], k: int) -> None:
        self.declared = declared
        self.k = k
        self.known: dict[frozenset[tuple[tuple[str, ...], int]], dict[str, list[grouping.Group]]] = {}

    def of(self, by_class: _Classes) -> dict[str, list[grouping.Group]]:
        weights = {values: tally.n for values, tally in by_class.items()}
        case = frozenset(weights.items())
        if case not in self.known:
            self.known[case] = grouping.breakdowns(weights, self.declared, self.k)
        return self.known[case]


def _breakdowns(item: Item, options: tuple[str, ...], by_class: _Classes, grouped: _Grouping) -> list[Table]:
    tables = []
    for stratum, groups in grouped.of(by_class).items():
        place = grouped.declared.index(stratum)
        if max(len(" ".join(group)) for group in groups) > MEMBERS_LENGTH:
            continue
        for group in groups:
            tallies = [tally for values, tally in by_class.items() if values[place] in group]
            tables.append(_table(item, options, tallies, stratum, group))
    return tables


def _table(
    item: Item,
    options: tuple[str, ...],
    tallies: Iterable[_Tally],
    stratum: str = "",
    members: tuple[str, ...] = (),
) -> Table:
    tallies = list(tallies)
    return Table(
        question=item.code,
        n=sum(tally.n for tally in tallies),
        missing=sum(tally.missing for tally in tallies),
        not_applicable=sum(tally.not_applicable for tally in tallies),
        counts={option: sum(tally.counts[option] for tally in tallies) for option in options},
        stratum=stratum,
        members=members,
    )
