"""Planned actions made at random, what the public is told of them over time, and what follows from all of it together.

The attacker knows who owns which action, under which theme it stands and who has reported when: so they know which
unknowns are the same in two figures. They do not know what anybody reported.
"""

import json
import random
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import date
from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import numpy as np

from mande.followup.figures.courses import Course
from mande.followup.figures.courses import owners_of
from mande.followup.figures.standing import standings
from mande.followup.figures.standing import until
from mande.followup.kinds import Status
from mande.reports.actions.figures import Readers
from mande.reports.actions.figures import figures
from mande.reports.history import acting
from mande.reports.history.basis import basis_of
from mande.reports.history.marks import mark
from mande.reports.history.past import Past
from mande.reports.history.past import Published

Said = dict[str, Any]
Cell = tuple[UUID, int]
ENDED = date(2021, 6, 9)
NAMES: dict[str, dict[str, str]] = {"theme": {}, "role": {}, "sector": {}}
EMPTY: Said = {"completion": None, "examples": [], "team": [], "outcomes": [], "overdue": None, "as_of": None}


@dataclass
class Followed:
    """The actions of an event, and what the public was told of them, each time with the actions as they were then."""

    k: int
    courses: list[Course] = field(default_factory=list)
    told: list[tuple[Said, list[Course]]] = field(default_factory=list)
    erased: set[UUID] = field(default_factory=set)
    past: Past = field(default_factory=lambda: Past(salt="salt"))

    @property
    def owners(self) -> dict[str, frozenset[UUID]]:
        """Of each action that was ever counted, or may be now. What is erased altogether is in none."""
        known = [*self.courses, *(one for _said, courses in self.told for one in courses if one.id not in self.erased)]
        return {mark("salt", one.id): one.owners for one in known}

    def publish(self, day: date, remembering: bool = True) -> Said:
        """What an edition of this day tells."""
        courses = [replace(one, today=day) for one in self.courses]
        seen = courses if owners_of(courses) >= self.k else []
        said = EMPTY | {"withheld": False, "counted": bool(seen), "total": len(seen), "owners": owners_of(seen)}
        said |= figures(seen, NAMES, Readers("public", self.k, {one.id for one in seen}))
        if remembering:
            said, _held = acting.settled(said, seen, replace(self.past, owners=self.owners).actions, self.k)
        document = {"level": "public", "actions": said, "method": {"k": self.k}, "questions": [], "followup": None}
        kept = basis_of(document, {"event": []}, acting.of_document(said, seen, "salt"), "salt")
        made = Published("public", "public", "en", len(self.told) + 1, day.isoformat(), "",
                         json.loads(json.dumps(kept)), json.loads(json.dumps(said)))  # fmt: skip
        self.past = Past((*self.past.editions, made), "salt")
        self.told.append((said, seen))
        return said

    def found(self) -> set[frozenset[UUID]]:
        """Groups of fewer owners than were promised from the first, on which some combination of all figures rests."""
        promised = self.past.editions[0].basis["k"] if self.past.editions else self.k
        rows = [row for said, courses in self.told for row in _sums(said, courses)]
        cells = sorted(set().union(*rows)) if rows else []
        owners = {one.id: one.owners for _said, courses in self.told for one in courses}
        matrix = np.array([[float(cell in row) for cell in cells] for row in rows])
        people = sorted(frozenset[UUID]().union(*owners.values()))
        everything = _rank(matrix)
        found = set()
        for few in map(frozenset, combinations(people, min(promised, len(people)) - 1) if rows else ()):
            others = [place for place, (action, _news) in enumerate(cells) if not owners[action] <= few]
            if _rank(matrix[:, others]) < everything:
                found.add(few)
        return found


def _rank(matrix: Any) -> int:
    return int(np.linalg.matrix_rank(matrix)) if matrix.size else 0


def _sums(said: Said, courses: Sequence[Course]) -> Iterator[frozenset[Cell]]:
    """What each figure of a document is about, as its readers understand it."""
    if not said["counted"] or said["as_of"]:
        return
    now = date.max
    yield _cells(courses, now)
    for row in said["standing"]:
        (month,) = [one for one in standings(courses) if one.months == row["months"]]
        assert row["total"] == month.total
        yield frozenset(_cell(one, until(one, row["months"])) for one in month.courses)
    for breakdown in said["breakdowns"]:
        for group in breakdown["groups"]:
            its = [one for one in courses if (dict(one.groups)["theme"] or "unknown") in group["members"]]
            assert len(its) == group["total"]
            yield _cells(its, now)


def _cells(courses: Collection[Course], day: date) -> frozenset[Cell]:
    return frozenset(_cell(one, day) for one in courses)


def _cell(course: Course, day: date) -> Cell:
    return course.id, sum(told <= day for told, _status in course.news)


def followed(seed: int, remembering: bool = True) -> Followed:
    """An event of some months: actions are written down, reported on, taken back, and published three to five times."""
    chance = random.Random(seed)
    world = Followed(chance.choice((3, 4)))
    day = ENDED
    _write_down(world, chance, day, chance.randint(3, 9))
    for _ in range(chance.randint(3, 5)):
        day += timedelta(days=chance.randint(10, 90))
        for number, course in enumerate(list(world.courses)):
            if chance.random() < chance.choice((0.1, 0.5, 0.9)):
                status = chance.choice(list(Status))
                news = (*course.news, (day - timedelta(days=chance.randint(0, 9)), status))
                world.courses[number] = replace(course, news=tuple(sorted(news)), status=news[-1][1])
        _write_down(world, chance, day, chance.choice((0, 0, 1, 3)))
        if chance.random() < 0.3 and world.courses:
            gone = world.courses.pop(chance.randrange(len(world.courses)))
            if chance.random() < 0.5:
                world.erased.add(gone.id)
        if chance.random() < 0.3 and world.courses:
            place = chance.randrange(len(world.courses))
            world.courses[place] = replace(world.courses[place], groups=(("theme", chance.choice("123")),))
        world.publish(day, remembering)
        world.k = min(10, world.k + (chance.random() < 0.1))
    return world


def _write_down(world: Followed, chance: random.Random, day: date, how_many: int) -> None:
    for _ in range(how_many):
        owners = frozenset(UUID(int=chance.randint(1, 11)) for _ in range(chance.choice((1, 1, 1, 2))))
        theme = chance.choice(("1", "2", "3", None))
        known = UUID(int=chance.getrandbits(120))
        world.courses.append(Course(known, "WP1873v", owners, ENDED, day, day, groups=(("theme", theme),)))
