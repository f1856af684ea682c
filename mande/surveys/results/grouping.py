"""Which groups of a survey may be shown for one item, so that no group of fewer than k can be read or worked out.

Three steps, for each item on its own, because who left it blank differs:

1. Within a stratum the smallest groups are merged until every group holds k valid answers. A stratum that is left
   with one group says nothing that the whole survey does not say, and is left out. (The published groups of one stratum
   are a partition, so the total minus some of them is again a union of published groups: at least k.)
2. Across strata, groups overlap, and an attacker subtracts one table from another. Let the *cells* be the classes of
   people whom no published group separates, and let each published group (and the whole survey) be a 0/1 row over the
   cells. All that linear algebra can get out of the tables is the row space of this matrix. A breakdown is accepted
   only if **no** vector of that space, whatever its coefficients, rests on cells that hold fewer than k valid answers.
   That is stronger than to forbid that a small group's own table can be solved: it also forbids the difference of two
   small groups, from which their answers can often be guessed.
3. If a breakdown is not acceptable beside those accepted before it, coarser merges of it are tried, down to two groups;
   after that it is left out. Strata come in the order in which the questionnaire declares them.

People without a valid answer belong to cells too (their `missing` and `not applicable` are published as well), with no
weight: a combination about them alone is refused like one about too few.

The search is exact, in integers. If it grows beyond `PATIENCE` steps, the breakdown counts as not acceptable.

What remains, and why. (a) Counts are whole and not negative: a group of k or more that is unanimous, or in which
nobody chose an option, tells something of each member; reports blur unanimous groups, and k is the floor under which we
do not go. (b) Whoever knows the answers of all but one in a group learns the last one's. (c) Two items are never
tabulated against each other, so a combination always concerns one item; that the groups of two items differ tells only
that fewer than k of some group answered one of them. (d) Integer programming over overlapping tables can bound the
counts of a small cell, and fix some where a table holds zeros, as it can with any tables of more than one dimension.
"""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from math import gcd
from typing import Protocol

Values = tuple[str, ...]
"""A combination of strata: the value of each, in the order in which they are declared."""

Group = tuple[str, ...]
"""The names of the groups that were merged, in alphabetical order."""

Accepted = Mapping[int, list[Group]]
"""The groups of the strata at some positions, as they are to be shown."""

Cell = tuple[int, ...]
"""People whom no published group separates: the number of their group in each accepted stratum."""

PATIENCE = 4000


def breakdowns(
    weights: Mapping[Values, int], declared: Sequence[str], k: int, more: "Rule | None" = None
) -> dict[str, list[Group]]:
    """The groups of each stratum that may be shown; a stratum that may not be shown is absent.

    `weights` holds, for each combination of strata that occurs (in the order of `declared`), how many of those people
    gave a valid answer, which may be none. `more` is what groups have to meet beside that.
    """
    accepted: dict[int, list[Group]] = {}
    for position in range(len(declared)):
        for groups in _merges(_totals(weights, position), k, more, position):
            tried = accepted | {position: groups}
            few = rests_on_few(_weigh(weights, tried), tried, k)
            if not few and (more is None or more.allows(tried)):
                accepted = tried
                break
    return {declared[position]: groups for position, groups in accepted.items()}


class Rule(Protocol):
    """What groups have to meet beside their size."""

    def fits(self, position: int, group: Group) -> bool:
        """Whether this group of the stratum at this position may be shown by itself; else it is merged with others."""

    def allows(self, accepted: Accepted) -> bool:
        """Whether all these groups may be shown beside each other."""


def in_cells(values: Iterable[Values], accepted: Accepted) -> dict[Values, Cell]:
    """To which cell, the people whom no published group separates, each combination of strata belongs."""
    place = {
        (position, name): number
        for position, groups in accepted.items()
        for number, group in enumerate(groups)
        for name in group
    }
    return {one: tuple(place[position, one[position]] for position in accepted) for one in values}


def rests_on_few(cells: Mapping[Cell, int], accepted: Accepted, k: int) -> bool:
    """Whether some combination of the published tables rests on cells that together weigh less than k."""
    sizes = [len(groups) for groups in accepted.values()]
    heaviest_first = sorted(cells, key=lambda cell: (-cells[cell], cell))
    columns = [_column(cell, sizes) for cell in heaviest_first]
    return Search(columns, [cells[cell] for cell in heaviest_first], k).finds()


def _totals(weights: Mapping[Values, int], position: int) -> dict[str, int]:
    totals: dict[str, int] = {}
    for values, weight in weights.items():
        totals[values[position]] = totals.get(values[position], 0) + weight
    return totals


def _merges(totals: Mapping[str, int], k: int, more: Rule | None, position: int) -> Iterator[list[Group]]:
    """A merge in which every group holds k and fits, then coarser ones, down to two groups."""

    def size(group: Group) -> int:
        return sum(totals[name] for name in group)

    def fits(group: Group) -> bool:
        return size(group) >= k and (more is None or more.fits(position, group))

    def in_order(groups: list[Group]) -> list[Group]:
        return sorted(groups, key=lambda group: (size(group), group))

    groups = in_order([(name,) for name in totals])
    while len(groups) > 1 and (unfit := next((group for group in groups if not fits(group)), None)):
        # The smallest takes in the next ones until it fits, and only then the others have their turn.
        merged, rest = unfit, [group for group in groups if group != unfit]
        while rest and not fits(merged):
            merged = _merged(merged, rest.pop(0))
        groups = in_order([merged, *rest])
    while len(groups) > 1:
        yield sorted(groups)
        groups = in_order([_merged(groups[0], groups[1]), *groups[2:]])


def _merged(one: Group, other: Group) -> Group:
    return tuple(sorted(one + other))


def _weigh(weights: Mapping[Values, int], accepted: Accepted) -> dict[Cell, int]:
    cells: dict[Cell, int] = {}
    for values, cell in in_cells(weights, accepted).items():
        cells[cell] = cells.get(cell, 0) + weights[values]
    return cells


def _column(cell: Cell, sizes: Sequence[int]) -> list[int]:
    """Which published groups hold the cell: the whole survey, then each stratum's groups but its last one.

    The last group of a stratum is the whole survey minus the others, so it adds nothing to the row space.
    """
    column = [1]
    for number, size in zip(cell, sizes, strict=True):
        column += [int(number == other) for other in range(size - 1)]
    return column


class Search:
    """Looks for a set of columns, together lighter than k, that carries a whole vector of the row space.

    Such a set is one without which the other columns have a lower rank: it meets every basis of the columns. So take a
    basis, heaviest columns first; one of its columns must be in the set: try each, keeping the ones before it out.
    """

    def __init__(self, columns: Sequence[list[int]], weights: Sequence[int], k: int) -> None:
        self.columns = columns
        self.weights = weights
        self.k = k
        self.steps = 0
        self.rank = len(columns)
        self.rank = len(self._basis([], frozenset()))

    def finds(self) -> bool:
        """Whether there is such a set, or the search was given up."""
        return self._within([], frozenset(), 0)

    def _within(self, kept: list[int], taken: frozenset[int], weight: int) -> bool:
        self.steps += 1
        basis = self._basis(kept, taken)
        if len(basis) < self.rank or self.steps > PATIENCE:
            return True
        open_to_choice = basis[len(kept) :]
        heavy = [column for column in open_to_choice if weight + self.weights[column] >= self.k]
        kept = kept + heavy
        for column in open_to_choice:
            if column in heavy:
                continue
            if self._within(kept, taken | {column}, weight + self.weights[column]):
                return True
            kept = [*kept, column]
        return False

    def _basis(self, kept: Sequence[int], taken: frozenset[int]) -> list[int]:
        """The columns in `kept`, which are independent, and those that make them a basis of all but `taken`."""
        span = Span()
        basis = [column for column in kept if span.widens(self.columns[column])]
        for number, column in enumerate(self.columns):
            if len(basis) == self.rank:
                break
            if number not in taken and span.widens(column):
                basis.append(number)
        return basis


class Span:
    """The space that some integer vectors span, by elimination without fractions."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, list[int]]] = []

    def widens(self, vector: Sequence[int]) -> bool:
        """Adds the vector, and tells whether it was independent of those before it."""
        rest = list(vector)
        for pivot, row in self.rows:
            if rest[pivot]:
                ours, theirs = row[pivot], rest[pivot]
                rest = [a * ours - b * theirs for a, b in zip(rest, row, strict=True)]
        divisor = gcd(*rest)
        if divisor == 0:
            return False
        rest = [value // divisor for value in rest]
        self.rows.append((next(place for place, value in enumerate(rest) if value), rest))
        return True
