"""Neighbouring answers put together until few people are in none of them. Pure."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations
from typing import TypeVar
from uuid import UUID

from mande.followup.figures.courses import Course
from mande.followup.kinds import Status

Kind = TypeVar("Kind")
RARE = 3
"""An answer that one or two people gave is not shown to the public."""


def crowds(courses: Iterable[Course], kind_of: Callable[[Course], Kind]) -> dict[Kind, frozenset[UUID]]:
    """Who owns the actions of each kind."""
    found: dict[Kind, frozenset[UUID]] = {}
    for course in courses:
        kind = kind_of(course)
        found[kind] = found.get(kind, frozenset()) | course.owners
    return found


def safe_parts(
    present: Sequence[tuple[Kind, ...]],
    groups: Sequence[Mapping[Kind, AbstractSet[UUID]]],
    allowed: Callable[[tuple[Kind, ...]], bool] = lambda _part: True,
) -> list[tuple[Kind, ...]]:
    """The most parts of neighbouring kinds such that in each group three owners, or none, are in each part.

    `present` are the kinds in order, one or more to a part already; `groups` say who is of which kind. Every group gets
    the same parts: with other ones, the whole less the other groups would tell what was merged. Empty where all kinds
    would be one part, which tells nothing.
    """
    for cuts in range(len(present) - 1, 0, -1):
        for chosen in combinations(range(1, len(present)), cuts):
            edges = (0, *chosen, len(present))
            parts = [sum(present[edges[i] : edges[i + 1]], ()) for i in range(cuts + 1)]
            if all(allowed(part) and _is_safe(part, groups) for part in parts):
                return parts
    return []


def each(kinds: Iterable[Kind]) -> list[tuple[Kind, ...]]:
    """Every kind as a part of its own."""
    return [(kind,) for kind in kinds]


def keeps_unknown_apart(part: tuple[Status | None, ...]) -> bool:
    """Whether a part does not put what nobody heard of together with what was dropped, and nothing else."""
    return part != (Status.NO_LONGER_PLANNED, None)


def tells_statuses_apart(part: tuple[Status | None, ...]) -> bool:
    """Whether a part also leaves something to tell: not all statuses are one."""
    return keeps_unknown_apart(part) and not set(Status) <= set(part)


def _is_safe(part: tuple[Kind, ...], groups: Sequence[Mapping[Kind, AbstractSet[UUID]]]) -> bool:
    for group in groups:
        people = frozenset[UUID]().union(*(group.get(kind, frozenset()) for kind in part))
        if 0 < len(people) < RARE:
            return False
    return True
