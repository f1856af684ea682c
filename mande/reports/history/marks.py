"""Marks of planned actions: which figures an edition gave of which reports, without telling which they were. Pure.

A mark is a digest of an action's random id, and of what had been reported of it, salted for each event. Whoever holds
the action can tell that it was counted; of one that is gone nobody can tell anything. No owner is in it, in any form.
"""

import json
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from mande.followup.figures.courses import Course

Said = dict[str, Any]
Sum = frozenset[str]
LENGTH = 20


@dataclass(frozen=True)
class Marks:
    """What some figures were counted from: each sum is of cells, a cell being an action and what was reported of it."""

    sums: tuple[Sum, ...] = ()

    def __add__(self, other: "Marks") -> "Marks":
        return Marks((*self.sums, *(one for one in other.sums if one not in self.sums)))

    @property
    def actions(self) -> frozenset[str]:
        return frozenset(action_of(cell) for one in self.sums for cell in one)

    def as_json(self) -> Said:
        cells = sorted(Sum().union(*self.sums))
        place = {cell: number for number, cell in enumerate(cells)}
        return {"cells": cells, "sums": [sorted(place[cell] for cell in one) for one in self.sums]}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Marks":
        return cls(tuple(frozenset(said["cells"][number] for number in one) for one in said["sums"]))


def action_of(cell: str) -> str:
    """The mark of the action that a cell is of."""
    return cell[:LENGTH]


def mark(salt: str, action: UUID) -> str:
    return sha256(f"{salt} {action}".encode()).hexdigest()[:LENGTH]


def cell(salt: str, course: Course, until: date = date.max) -> str:
    """An action and all that had been reported and found of it by the end of a day."""
    told = [[day.isoformat(), status] for day, status in course.news if day <= until]
    found = [[day.isoformat(), level] for day, level in course.findings if day <= until]
    beside = course.status if not course.news and until == date.max else None
    reported = json.dumps([str(course.id), told, found, beside])
    return mark(salt, course.id) + sha256(f"{salt} {reported}".encode()).hexdigest()[:LENGTH]


def sums(salt: str, groups: Sequence[Collection[Course]]) -> list[Sum]:
    """What is counted together, as sums over the cells as they are now."""
    return [frozenset(cell(salt, course) for course in group) for group in groups]
