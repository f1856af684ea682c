"""Counting the responses of one survey: the tables that are kept, and what is kept of single answers."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from mande.surveys import answers as answering
from mande.surveys import grouping
from mande.surveys.answers import NOT_APPLICABLE
from mande.surveys.answers import OTHER
from mande.surveys.answers import Answers
from mande.surveys.definition import Definition
from mande.surveys.definition import Item
from mande.surveys.strata import UNKNOWN

# As wide as the column that takes the names of merged groups.
MEMBERS_LENGTH = 400


class CountingError(Exception):
    """A response holds what its questionnaire does not know. The text names the item and nothing of the answer."""


@dataclass(frozen=True)
class Table:
    """How one group answered one item. Without stratum and members it is the whole survey.

    `n` is how many gave a valid answer; n + missing + not_applicable is everybody in the group who submitted.
    `counts` has every option, also those that nobody chose; in a multiple choice they add up to n or more.
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
) -> Counted:
    """Counts submitted responses. `strata` goes with `responses`, one by one; `declared` are the breakdowns.

    Fewer than k responses leave nothing but their number. An item with fewer than k valid answers leaves no table and
    no answer; a breakdown only what `grouping` lets pass. Raises CountingError.
    """
    _refuse_unknown(definition, responses)
    if len(responses) < k:
        return Counted(len(responses))
    classes = [tuple(one.get(name, UNKNOWN) for name in declared) for one in strata]
    grouped = _Grouping(declared, k)
    tables: list[Table] = []
    answers: dict[str, list[str]] = {}
    for item in definition.items():
        chosen = [_chosen(item, response) for response in responses]
        by_class = _by_class(chosen, classes)
        whole = _table(item, by_class.values())
        if whole.n >= k:
            tables += [whole, *_breakdowns(item, by_class, grouped)]
            answers[item.code] = sorted(" ".join(codes) for codes in chosen if codes and codes != [NOT_APPLICABLE])
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


@dataclass
class _Tally:
    """Running totals of people with the same strata."""

    n: int = 0
    missing: int = 0
    not_applicable: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, codes: list[str]) -> None:
        if not codes:
            self.missing += 1
        elif codes == [NOT_APPLICABLE]:
            self.not_applicable += 1
        else:
            self.n += 1
            self.counts.update(codes)


_Classes = dict[tuple[str, ...], _Tally]


def _chosen(item: Item, response: Answers) -> list[str]:
    """The codes that were chosen, in the order of the options; none if the item was left blank.

    Not applicable goes with no other code.
    """
    value = response.get(item.code, [])
    codes = {value} if isinstance(value, str) else set(value)
    allowed = answering.choices(item.question)
    if not codes.issubset(allowed):
        raise CountingError(f"A response holds an answer to {item.code} that is not among its options.")
    if len(codes) > 1:
        codes.discard(NOT_APPLICABLE)
    return [code for code in allowed if code in codes]


def _by_class(chosen: Sequence[list[str]], classes: Sequence[tuple[str, ...]]) -> _Classes:
    tallies: _Classes = {}
    for codes, values in zip(chosen, classes, strict=True):
        tallies.setdefault(values, _Tally()).add(codes)
    return tallies


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


def _breakdowns(item: Item, by_class: _Classes, grouped: _Grouping) -> list[Table]:
    tables = []
    for stratum, groups in grouped.of(by_class).items():
        place = grouped.declared.index(stratum)
        if max(len(" ".join(group)) for group in groups) > MEMBERS_LENGTH:
            continue
        for group in groups:
            tallies = [tally for values, tally in by_class.items() if values[place] in group]
            tables.append(_table(item, tallies, stratum, group))
    return tables


def _table(item: Item, tallies: Iterable[_Tally], stratum: str = "", members: tuple[str, ...] = ()) -> Table:
    tallies = list(tallies)
    options = (*item.question.codes, OTHER) if item.question.other else item.question.codes
    return Table(
        question=item.code,
        n=sum(tally.n for tally in tallies),
        missing=sum(tally.missing for tally in tallies),
        not_applicable=sum(tally.not_applicable for tally in tallies),
        counts={option: sum(tally.counts[option] for tally in tallies) for option in options},
        stratum=stratum,
        members=members,
    )
