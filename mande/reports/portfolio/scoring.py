"""What one question came to, in sums that can be added up over events. Pure."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from mande.reports.answers import published
from mande.reports.answers.distribution import SCALES
from mande.reports.answers.distribution import top_two
from mande.reports.answers.entries import Table
from mande.surveys.questionnaires.questions import Item
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.standard import YES

SCORED = (*SCALES, QuestionType.RATING, QuestionType.YES_NO)
PROMOTERS, DETRACTORS = (9, 10), tuple(range(7))


@dataclass(frozen=True)
class Values:
    """What the options of a question count, in their order, and the places of the favourable and unfavourable ones."""

    values: tuple[int, ...]
    top: tuple[int, ...]
    bottom: tuple[int, ...]

    @property
    def scale(self) -> tuple[int, int]:
        """The least and the greatest value."""
        return min(self.values), max(self.values)


@dataclass(frozen=True)
class Exact:
    """Sums over all answers: their values, the squares of these, and how many were favourable and unfavourable."""

    n: int
    total: int
    squares: int
    favourable: int
    unfavourable: int


@dataclass(frozen=True)
class Seen:
    """The least and the greatest that these sums can be, as far as the public edition tells."""

    n: int
    total: tuple[int, int]
    favourable: tuple[int, int]
    unfavourable: tuple[int, int]


def is_scored(question: Question) -> bool:
    """Whether a question has values: points of a scale or rating, or yes and no and nothing else."""
    return question.type in SCORED and not question.other


def values(kind: QuestionType, codes: Sequence[str]) -> Values:
    """What options with these codes count. Of yes and no a yes counts one."""
    if kind is QuestionType.YES_NO:
        ones = tuple(int(code == YES) for code in codes)
        return Values(ones, (ones.index(1),), (ones.index(0),))
    if kind is QuestionType.RATING:
        return Values(tuple(range(len(codes))), PROMOTERS, DETRACTORS)
    return Values(tuple(range(1, len(codes) + 1)), top_two(len(codes)), (0, 1))


def code(item: Item) -> str:
    """The code under which a question, or the row of a matrix, is compared; that for which a target is set."""
    question = item.question
    return f"{question.compared_as}.{item.row.code}" if item.row else question.compared_as


def comparable(item: Item, wave: str) -> str:
    """64 digits that are the same for what may be added up: same code, type, options and wave, whatever the wording."""
    told = json.dumps([code(item), item.question.type.value, item.question.codes, wave])
    return hashlib.sha256(told.encode()).hexdigest()


def exact(question: Question, table: Table) -> Exact:
    """The sums of a table that is not empty."""
    known = values(question.type, question.codes)
    pairs = list(zip(known.values, table.counts, strict=True))
    return Exact(
        n=table.n,
        total=sum(value * count for value, count in pairs),
        squares=sum(value * value * count for value, count in pairs),
        favourable=sum(table.counts[place] for place in known.top),
        unfavourable=sum(table.counts[place] for place in known.bottom),
    )


def seen(question: Question, table: Table, k: int) -> Seen:
    """The sums as the public edition allows them for this table. It is worked out from what is shown alone."""
    known = values(question.type, question.codes)
    shown = published.single(question.type, table, k)
    low, high = shown.mean_span(known.values)
    # Values are whole numbers, and so are their sums; the mean of them need not be.
    return Seen(
        n=shown.n,
        total=(round(low * shown.n), round(high * shown.n)),
        favourable=shown.span(known.top),
        unfavourable=shown.span(known.bottom),
    )
