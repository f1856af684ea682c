"""The attacker reads what a report says of planned actions, knows who owns what is shown by name, and solves for more.

Small worlds are made at random. What is looked for: a figure, or a combination of figures, that is about fewer than k
of the owners whom its readers are not told.
"""

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.followup.figures.courses import Course
from mande.followup.figures.courses import owners_of
from mande.followup.figures.standing import STANDINGS
from mande.followup.figures.standing import status_at
from mande.followup.kinds import Contribution
from mande.followup.kinds import Status
from mande.reports import wording
from mande.reports.actions.figures import Readers
from mande.reports.actions.figures import figures

K = 3
THEMES = ("1", "2", "3", "unknown")
ENDED = date(2021, 6, 9)
NAMES = {"theme": {}, "role": {}, "sector": {}}
Said = dict[str, Any]

made_actions = st.tuples(
    st.sampled_from(THEMES),
    st.lists(st.integers(1, 9), min_size=1, max_size=2),
    st.booleans(),
    st.sampled_from(STANDINGS),
    st.integers(0, 200),
)
worlds = st.lists(made_actions, min_size=3, max_size=16)


def _courses(told: Sequence[Any]) -> tuple[list[Course], set[UUID]]:
    """The actions that partners may see, and those of them whose owners are not named."""
    known = [
        Course(
            id=UUID(int=100 + number),
            event="WP1873v",
            owners=frozenset(UUID(int=owner) for owner in owners),
            ended_on=ENDED,
            written_on=ENDED + timedelta(days=late),
            today=ENDED + timedelta(days=400),
            status=status,
            news=((ENDED + timedelta(days=late + 20), status),) if status else (),
            contribution=list(Contribution)[late % 5] if late % 3 else None,
            groups=(("theme", None if theme == "unknown" else theme),),
        )
        for number, (theme, owners, _named, status, late) in enumerate(told)
    ]
    nameless = {one.id for one, (_theme, _owners, named, *_rest) in zip(known, told, strict=True) if not named}
    hidden = [one for one in known if one.id in nameless]
    # As `progress.visible` has it: those without a name are shown among k owners of such, or not at all.
    if owners_of(hidden) >= K:
        return known, nameless
    return [one for one in known if one.id not in nameless], set()


def _theme(course: Course) -> str:
    return dict(course.groups)["theme"] or "unknown"


def _status(code: str) -> Status | None:
    return None if code == wording.UNKNOWN else Status(code)


def _cells(courses: Iterable[Course]) -> list[tuple[str, Status | None]]:
    """What an attacker does not know: how many actions of each theme stand how, or whether any do."""
    return [(theme, status) for theme in sorted({_theme(one) for one in courses}) for status in STANDINGS]


def _is_solved(rows: Sequence[Sequence[int]], wanted: Sequence[int]) -> bool:
    """Whether a combination of what is published gives exactly what is wanted."""
    matrix = np.array(rows)
    return bool(np.linalg.matrix_rank(np.vstack([matrix, wanted])) == np.linalg.matrix_rank(matrix))


def _some(values: Iterable[Any]) -> list[tuple[Any, ...]]:
    known = list(values)
    return [chosen for size in range(1, len(known) + 1) for chosen in combinations(known, size)]


def _published(said: Said, cells: Sequence[tuple[str, Status | None]]) -> list[list[int]]:
    """Every count of the document on how actions stand now, as a row over the cells of theme and status."""
    rows = [[1] * len(cells)]
    rows += [[int(status in map(_status, cell["codes"])) for _theme, status in cells] for cell in said["statuses"]]
    for breakdown in said["breakdowns"]:
        for group in breakdown["groups"]:
            rows.append([int(theme in group["members"]) for theme, _status_ in cells])
            rows += [
                [int(theme in group["members"] and status in map(_status, cell["codes"])) for theme, status in cells]
                for cell in group["statuses"]
            ]
    return rows


@pytest.mark.parametrize("edition", ["partner", "public"])
@settings(max_examples=40)
@given(told=worlds)
def test_no_themes_of_fewer_than_k_nameless_owners_can_be_solved_for(told: Sequence[Any], edition: str) -> None:
    known, nameless = _courses(told)
    assume(known)
    assume(edition == "partner" or owners_of(known) >= K)
    said = figures(known, NAMES, Readers(edition, K, nameless))
    # What is shown by name is known to the attacker, who takes it away: only the others are left to solve for.
    hidden = [one for one in known if one.id in nameless] or (known if edition == "public" else [])
    assume(hidden)
    cells = _cells(hidden)
    rows = _published(said, cells)

    for themes in _some({theme for theme, _status_ in cells}):
        few = owners_of(one for one in hidden if _theme(one) in themes) < K
        for status in (set(STANDINGS), *({status} for status in STANDINGS)) if few else ():
            wanted = [int(theme in themes and stands in status) for theme, stands in cells]
            assert not _is_solved(rows, wanted)


@settings(max_examples=60)
@given(worlds)
def test_the_public_can_solve_for_no_status_that_one_or_two_owners_gave(told: Sequence[Any]) -> None:
    known, nameless = _courses(told)
    assume(owners_of(known) >= K)
    said = figures(known, NAMES, Readers("public", K, nameless))
    cells = _cells(known)
    rows = _published(said, cells)

    for themes in _some({theme for theme, _status_ in cells}):
        for status in STANDINGS:
            people = owners_of(one for one in known if _theme(one) in themes and one.status is status)
            wanted = [int(theme in themes and stands is status) for theme, stands in cells]
            if people in (1, 2):
                assert not _is_solved(rows, wanted)


@pytest.mark.parametrize("edition", ["partner", "public"])
@settings(max_examples=40)
@given(told=worlds)
def test_no_month_and_no_point_of_the_curve_is_about_fewer_than_k_nameless_owners(
    told: Sequence[Any], edition: str
) -> None:
    known, nameless = _courses(told)
    assume(known)
    assume(edition == "partner" or owners_of(known) >= K)
    said = figures(known, NAMES, Readers(edition, K, nameless))

    for row in said["standing"]:
        counted = [one for one in known if one.written_on <= _day(row["months"])]
        assert owners_of(one for one in counted if one.id in nameless) not in range(1, K)
        assert sum(cell["count"] for cell in row["said"]) in (0, row["total"])
        if edition == "public":
            assert owners_of(counted) >= K
            for cell in row["said"]:
                gave = {_status(code) for code in cell["codes"]}
                assert owners_of(one for one in counted if status_at(one, row["months"]) in gave) not in (1, 2)
    if edition == "public":
        assert said["completion"] is None
    else:
        assert said["completion"]["steps"] == []
        assert said["completion"]["median_days"] is None
        assert all(point["at_risk"] >= 1 for point in said["completion"]["points"])


def _day(months: int) -> date:
    year, month = divmod(ENDED.month - 1 + months, 12)
    return date(ENDED.year + year, month + 1, ENDED.day)


@pytest.mark.parametrize("edition", ["internal", "partner", "public"])
@settings(max_examples=30)
@given(told=worlds)
def test_every_action_that_an_edition_speaks_of_is_counted_once_everywhere(told: Sequence[Any], edition: str) -> None:
    known, nameless = _courses(told)
    assume(known)
    said = figures(known, NAMES, Readers(edition, K, nameless))
    exact = edition != "public"

    assert sum(cell["count"] for cell in said["statuses"]) in ((len(known),) if exact else (0, len(known)))
    for breakdown in said["breakdowns"]:
        assert sum(group["total"] for group in breakdown["groups"]) == len(known)
        assert all(group["owners"] >= K for group in breakdown["groups"])
    if exact:
        unheard = next(cell["count"] for cell in said["statuses"] if cell["codes"] == [wording.UNKNOWN])
        assert unheard == sum(one.status is None for one in known)


def test_a_world_of_middling_size_tells_something() -> None:
    # A rule that hides everything would be safe as well.
    told = [
        (THEMES[number % 2], [number], number % 4 == 0, list(Status)[number // 3 % 4], number)
        for number in range(1, 17)
    ]
    known, nameless = _courses(told)
    partner, public = (figures(known, NAMES, Readers(edition, K, nameless)) for edition in ("partner", "public"))

    assert (
        [row["months"] for row in partner["standing"]] == [row["months"] for row in public["standing"]] == [1, 3, 6, 12]
    )
    assert len(partner["breakdowns"][0]["groups"]) == len(public["breakdowns"][0]["groups"]) == 2
    assert len(public["statuses"]) > 2
    assert partner["completion"]["points"]
