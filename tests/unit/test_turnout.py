"""Who took part, by group: an attacker who knows who was asked solves for who answered."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from scipy.optimize import Bounds
from scipy.optimize import LinearConstraint
from scipy.optimize import milp

from mande.events.kinds import Role
from mande.reports.turnout import reading
from mande.reports.turnout import saying
from mande.reports.turnout import sentences
from mande.reports.turnout.reading import Part
from mande.surveys.results import turnout
from mande.surveys.results.turnout import Numbers
from mande.surveys.results.turnout import Row

DECLARED = ["sector", "meeting"]
people = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.sampled_from([0, 1, 2, 2, 2])),
    min_size=5,
    max_size=24,
)


def counted(crowd: Sequence[tuple[str, str, int]]) -> dict[tuple[str, ...], Numbers]:
    """The numbers of people of whom some (1) began, and some (2) answered."""
    found: dict[tuple[str, ...], Numbers] = {}
    for sector, meeting, how_far in crowd:
        one = Numbers(1, 1, int(how_far > 0), int(how_far == 2))
        found[sector, meeting] = found.get((sector, meeting), Numbers()) + one
    return found


def spans(rows: list[list[int]], sums: list[int], asked: list[int], wanted: list[int]) -> tuple[int, int]:
    """The least and the greatest sum over the cells `wanted` that whole numbers with these sums allow."""
    mask = np.zeros(len(asked))
    mask[wanted] = 1
    found = [
        milp(
            sign * mask,
            constraints=LinearConstraint(np.array(rows), sums, sums),
            integrality=np.ones(len(asked)),
            bounds=Bounds(0, asked),
        ).fun
        for sign in (1, -1)
    ]
    return round(found[0]), round(-found[1])


@settings(max_examples=40, deadline=None)
@given(people, st.integers(3, 5))
def test_an_integer_solver_that_knows_who_was_asked_finds_nobody(crowd: list[tuple[str, str, int]], k: int) -> None:
    numbers = counted(crowd)
    rows = turnout.rows(numbers, DECLARED, k)
    cells = sorted(numbers)
    published = [
        [int(not row.stratum or cell[DECLARED.index(row.stratum)] in row.members) for cell in cells] for row in rows
    ]
    if len(rows) == 1:
        return
    asked = [numbers[cell].asked for cell in cells]
    alike = {tuple(row[i] for row in published): i for i in range(len(cells))}
    for key in alike:
        wanted = [i for i in range(len(cells)) if tuple(row[i] for row in published) == key]
        people = sum(asked[i] for i in wanted)
        for sums in ([row.numbers.answered for row in rows], [row.numbers.started for row in rows]):
            low, high = spans(published, sums, asked, wanted)
            assert low < high or (people >= k and 0 < low < people)


@settings(max_examples=60, deadline=None)
@given(people, st.integers(3, 5))
def test_groups_are_a_partition_of_those_asked_and_none_tells_of_each(
    crowd: list[tuple[str, str, int]], k: int
) -> None:
    whole, *groups = turnout.rows(counted(crowd), DECLARED, k)

    for stratum in {row.stratum for row in groups}:
        its = [row.numbers for row in groups if row.stratum == stratum]
        assert sum(its, Numbers()) == whole.numbers
        assert all(one.asked >= k and 0 < one.answered < one.asked and one.started < one.asked for one in its)
    assert whole.numbers.answered >= k or not groups


def test_a_group_of_which_everybody_answered_is_merged_with_another() -> None:
    numbers = {("a",): Numbers(9, 9, 6, 5), ("b",): Numbers(6, 6, 6, 6), ("c",): Numbers(12, 12, 8, 8)}

    assert turnout.rows(numbers, ["sector"], 5) == [
        Row(Numbers(27, 27, 20, 19)),
        Row(Numbers(15, 15, 12, 11), "sector", ("a", "b")),
        Row(Numbers(12, 12, 8, 8), "sector", ("c",)),
    ]


def test_two_strata_are_not_both_shown_where_their_sums_leave_nothing_open() -> None:
    # 10 of the 11 of a answered, and 1 of the 11 at y: so 9 of a at x did, all who were asked, and nobody of b at y.
    numbers = {
        ("a", "x"): Numbers(9, 9, 9, 9),
        ("a", "y"): Numbers(2, 2, 1, 1),
        ("b", "x"): Numbers(6, 6, 4, 4),
        ("b", "y"): Numbers(9, 9, 0, 0),
    }

    assert {row.stratum for row in turnout.rows(numbers, DECLARED, 5)} == {"", "sector"}


def test_where_more_began_than_were_asked_groups_are_merged_until_they_agree() -> None:
    # One person was a when they began and is b in today's list.
    numbers = {("a",): Numbers(5, 5, 6, 5), ("b",): Numbers(8, 8, 4, 4), ("c",): Numbers(9, 9, 6, 6)}

    assert [row.members for row in turnout.rows(numbers, ["sector"], 5)] == [(), ("a", "b"), ("c",)]


def test_fewer_than_k_answers_leave_the_whole_alone() -> None:
    numbers = {("a",): Numbers(9, 9, 4, 2), ("b",): Numbers(9, 9, 3, 2)}

    assert turnout.rows(numbers, ["sector"], 5) == [Row(Numbers(18, 18, 7, 4))]
    assert turnout.rows({}, ["sector"], 5) == [Row(Numbers())]


PARTS = [
    Part("", (), 30, 28, 22, 20),
    Part("meeting", ("all",), 14, 14, 12, 11),
    Part("meeting", ("part-one",), 9, 8, 6, 5),
    Part("meeting", ("part-two",), 7, 6, 4, 4),
    Part("sector", ("academia", "media"), 12, 10, 6, 5),
    Part("sector", ("state",), 18, 18, 16, 15),
]


def test_how_many_were_asked_is_known_of_the_same_groups_alone() -> None:
    assert reading.asked_in(PARTS, "sector", ["media", "academia"]) == 12
    assert reading.asked_in(PARTS, "sector", ["media", "academia", "state"]) == 30
    assert reading.asked_in(PARTS, "sector", ["media"]) is None
    assert reading.asked_in(PARTS, "gender", ["woman"]) is None
    assert reading.asked_at(PARTS, "part-one") == 23
    assert reading.asked_at([*PARTS, Part("meeting", ("several",), 5, 5, 3, 3)], "part-one") is None
    assert reading.asked_at([Part("meeting", ("all", "part-two"), 9, 9, 5, 5)], "part-one") is None
    assert reading.asked_at(PARTS[:1], "part-one") is None


RESPONSE = {"invited": 30, "answered": 20, "rate": 0.6667}
QUESTION = {"code": "useful", "text": "How useful?", "core": True, "n": 20, "favourable_range": [0.8, 0.8]}


def said(internal: bool, parts: Sequence[Part] = PARTS, **changes: Any) -> dict[str, Any] | None:
    survey = SimpleNamespace(id=uuid4(), role=Role.PARTICIPANT, strata=["role", "meeting", "sector"], imported=False)
    survey = SimpleNamespace(**{**vars(survey), **changes})
    known = {survey.id: parts} if parts else {}
    response = RESPONSE | {"by_role": {"participant": RESPONSE}}
    names = {"meeting": {"part-one": "Part One", "part-two": "Part Two"}, "sector": {}}
    surveys: Any = [survey]
    return saying.turnout(surveys, known, response, [QUESTION], [30], internal, names)


def test_the_team_sees_every_group_in_order() -> None:
    found = said(internal=True)

    assert found is not None
    assert [found[name] for name in ("asked", "reached", "started", "answered")] == [30, 28, 22, 20]
    assert [one["stratum"] for one in found["by"]] == ["role", "meeting", "sector"]
    meetings = found["by"][1]["groups"]
    assert [(one["label"], one["asked"], one["rate"]) for one in meetings] == [
        ("Part One", 9, 0.5556), ("Part Two", 7, 0.5714), ("All meetings", 14, 0.7857),
    ]  # fmt: skip


def test_partners_see_nothing_but_the_response_rates() -> None:
    found = said(internal=False)

    assert found is not None
    assert (found["asked"], found["reached"], found["started"], found["answered"]) == (30, None, None, 20)
    assert [one["stratum"] for one in found["by"]] == ["role"]
    assert "28" not in repr(found)
    assert "22" not in repr(found)


def test_what_was_not_counted_at_closing_is_not_told() -> None:
    assert said(internal=True, parts=()) is None
    assert said(internal=True, imported=True) is None


def test_the_sentences_say_who_is_missing_and_what_they_could_change() -> None:
    found = said(internal=True)

    assert found is not None
    assert found["sentences"] == [
        "Of 30 people who were asked, 28 could be reached, 22 began and 20 answered.",
        "“Academia or media”: 40% of those who were asked, but 25% of those who answered.",
        "“The state”: 60% of those who were asked, but 75% of those who answered.",
        "“How useful?”: 80% of those who answered were favourable. 10 people who were asked did not say: had all of "
        "them been unfavourable, it would be 53% of all; had all been favourable, 87%.",
    ]


@settings(max_examples=50)
@given(st.integers(1, 60), st.integers(0, 60), st.data())
def test_whatever_those_say_who_did_not_the_share_of_all_lies_within_the_bounds(
    n: int, silent: int, data: st.DataObject
) -> None:
    part, others = data.draw(st.integers(0, n)), data.draw(st.integers(0, silent))

    low, high = sentences.bounds(part / n, part / n, n, n + silent)
    assert low - 1e-9 <= (part + others) / (n + silent) <= high + 1e-9
    assert sentences.bounds(part / n, part / n, n, n + silent)[0] == pytest.approx(part / (n + silent))
