"""What partners and the public may see of each type of question, beside each other. Pure."""

from mande.reports import disclosure
from mande.reports.answers import lists
from mande.reports.answers.entries import Table
from mande.reports.disclosure import MOST_ORDERED
from mande.reports.disclosure import Counts
from mande.reports.disclosure import Part
from mande.reports.disclosure import Shown
from mande.surveys.questionnaires.definition import QuestionType

UNORDERED = (QuestionType.SINGLE, QuestionType.YES_NO)
UNLISTED = (QuestionType.DATE, QuestionType.COUNTRY)
LEAST_ORDERED = 4


def single(kind: QuestionType, table: Table, k: int) -> Shown:
    """Where each person gave one answer: the counts as they may be shown."""
    if kind in UNLISTED:
        return lists.named(table.counts, k)
    if kind is QuestionType.NUMBER:
        return _numbers(table.counts)
    return lists.single(table.counts) if kind in UNORDERED else disclosure.ordered(table.counts)


def tells_blanks_apart(table: Table) -> bool:
    """Whether one may say how many left a question blank, and how many found it not applicable."""
    # Beside n, the two always add up to a known number: with 3 blanks the split itself would be one or two.
    split = table.missing, table.not_applicable
    return all(map(disclosure.is_safe_count, split)) and sum(split) != disclosure.RARE


def _numbers(counts: Counts) -> Shown:
    """Bands are in order like the points of a scale. Many of them are taken together first, whatever their counts."""
    if len(counts) < LEAST_ORDERED:
        return lists.single(counts)
    blocks = _blocks(len(counts))
    shown = disclosure.ordered(tuple(sum(counts[i] for i in block) for block in blocks))

    def spread(part: Part) -> Part:
        return tuple(i for block in part for i in blocks[block])

    return Shown(shown.n, tuple(map(spread, shown.parts)), shown.sums, spread(shown.nearly_all))


def _blocks(bands: int) -> list[Part]:
    """Neighbouring bands in at most as many blocks as a scale may have points."""
    many = min(bands, MOST_ORDERED)
    edges = [bands * block // many for block in range(many + 1)]
    return [tuple(range(edges[block], edges[block + 1])) for block in range(many)]
