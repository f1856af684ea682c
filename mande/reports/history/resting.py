"""Whether something new that can be worked out from sums rests on too few people. Pure.

Sums are published of *cells*, each of which is somebody's, or of several people together. All that linear algebra can
get out of them is the row space of the 0/1 matrix of sums over cells. The question is whether new sums add a vector to
that space, whatever its coefficients, that is not nought and rests on cells of fewer than k people. As in
`surveys.results.grouping`; but several cells may be of one person: what they reported first, and what they reported
later.
"""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from uuid import UUID

from mande.surveys.results.grouping import Span

Column = tuple[int, ...]
"""The sums in which a cell stands. An attacker cannot tell two cells with the same column from each other."""

People = frozenset[UUID]

PATIENCE = 4000


def rests_on_few(
    known: Sequence[Collection[str]], new: Sequence[Collection[str]], whose: Mapping[str, People], k: int
) -> bool:
    """Whether a combination that the new sums make possible rests on fewer than `k` people, or the search for one was
    given up. `whose` are the cells; what is nobody's counts as known to everybody.
    """
    sums = [*known, *new]
    columns: dict[Column, People] = {}
    for cell in frozenset[str]().union(*sums):
        column = tuple(int(cell in one) for one in sums)
        columns[column] = columns.get(column, People()) | whose[cell]
    return _Search(columns, len(known), k).finds()


class _Search:
    """Looks for people, fewer than k, without whose columns the rank of all sums drops by more than that of the known
    ones: that much more can be worked out about them.

    Each further drop needs a column of every basis of what is left. So take a basis: one of its columns must go, with
    all whose it is. Try each, keeping the ones before it.
    """

    def __init__(self, columns: Mapping[Column, People], known: int, k: int) -> None:
        self.people = columns
        self.columns = sorted(columns, key=lambda column: (-len(columns[column]), column))
        self.known = known
        self.k = k
        self.steps = 0
        self.rank = self._rank(None, None)
        self.known_rank = self._rank(None, known)

    def finds(self) -> bool:
        return self._within([], People())

    def _within(self, kept: Sequence[Column], taken: People) -> bool:
        self.steps += 1
        basis = self._basis(kept, taken)
        if self.steps > PATIENCE or self.rank - len(basis) > self.known_rank - self._rank(taken, self.known):
            return True
        kept = list(kept)
        for column in basis:
            if column in kept:
                continue
            more = taken | self.people[column]
            is_new = len(more) < self.k and not any(self.people[one] <= more for one in kept)
            if is_new and self._within(kept, more):
                return True
            kept.append(column)
        return False

    def _basis(self, kept: Sequence[Column], taken: People) -> list[Column]:
        """A basis of the columns of all but those `taken`: the ones kept first, then those of the most people."""
        span = Span()
        return [column for column in (*kept, *self.columns) if not self.people[column] <= taken and span.widens(column)]

    def _rank(self, taken: People | None, sums: int | None) -> int:
        """The rank of the first so many sums over all columns but those `taken`."""
        span = Span()
        left = (column[:sums] for column in self.columns if taken is None or not self.people[column] <= taken)
        return sum(span.widens(column) for column in left if column)
