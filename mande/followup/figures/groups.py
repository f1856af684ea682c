"""Actions by theme, role and sector, so that no figure is about fewer than k owners. Pure.

Owners are counted, not actions: five actions of one person are one person's. Small groups are merged with others until
each holds k owners, and a breakdown that is left with one group is left out. Two breakdowns of the same actions
overlap: what could be worked out of both together must be about k owners too, else the later one is made coarser, or
left out. `surveys.results.grouping` does both; it adds people up, so each owner is put where one of their actions is,
and nowhere else. Then whatever it holds to be k people is k at least.
"""

from collections import Counter
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from mande.followup.figures.courses import Course
from mande.followup.figures.courses import owners_of
from mande.followup.figures.standing import now
from mande.followup.kinds import Status
from mande.surveys.results import grouping

NOT_KNOWN = "unknown"
Cell = tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """The actions of one or several merged members of a breakdown, such as two themes."""

    members: tuple[str, ...]
    courses: tuple[Course, ...]

    @property
    def owners(self) -> int:
        return owners_of(self.courses)

    @property
    def now(self) -> dict[Status | None, int]:
        """How many stand so now, as their owners say; None: nothing was heard of them."""
        return now(self.courses)


def breakdowns(
    courses: Sequence[Course], by: Sequence[str], k: int, protected: Collection[UUID] | None = None
) -> dict[str, list[Group]]:
    """The groups of each of `by` that may be shown, those with the most actions first; what may not be is absent.

    `protected` are the actions whose owners count: all, unless readers know the owners of some by name anyway. Who
    knows these can take them away from every figure, and what is left must be of k owners.
    """
    cells: dict[Cell, list[Course]] = {}
    for course in courses:
        found = dict(course.groups)
        cells.setdefault(tuple(found.get(one) or NOT_KNOWN for one in by), []).append(course)
    held = _people(cells, lambda course: protected is None or course.id in protected)
    return {
        name: _groups(cells, by.index(name), merged) for name, merged in grouping.breakdowns(held, list(by), k).items()
    }


def _people(cells: dict[Cell, list[Course]], counts: Callable[[Course], bool]) -> dict[Cell, int]:
    """How many people are put into each cell: each into one of those in which they own an action.

    Those who have a choice come last, and go where the fewest are: of the first breakdown's members, then the next's.
    """
    places: dict[UUID, set[Cell]] = {}
    for cell, courses in cells.items():
        for course in courses:
            if counts(course):
                for owner in course.owners:
                    places.setdefault(owner, set()).add(cell)
    held, totals = dict.fromkeys(cells, 0), Counter[tuple[int, str]]()
    for owner in sorted(places, key=lambda one: (len(places[one]), one)):
        chosen = min(places[owner], key=lambda cell: ([totals[member] for member in enumerate(cell)], cell))
        held[chosen] += 1
        totals.update(enumerate(chosen))
    return held


def _groups(cells: dict[Cell, list[Course]], position: int, merged: Sequence[grouping.Group]) -> list[Group]:
    groups = [
        Group(members, tuple(course for cell, held in cells.items() if cell[position] in members for course in held))
        for members in merged
    ]
    return sorted(groups, key=lambda group: (-len(group.courses), group.members))
