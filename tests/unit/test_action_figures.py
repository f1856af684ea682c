"""How actions stood at the months, which groups of them may be shown, and the picture: what needs no database."""

from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from itertools import pairwise
from uuid import UUID
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.followup.figures import drawing
from mande.followup.figures import groups
from mande.followup.figures import parts
from mande.followup.figures import standing
from mande.followup.figures.completion import completion
from mande.followup.figures.courses import Course
from mande.followup.figures.courses import owners_of
from mande.followup.figures.drawing import Words
from mande.followup.kinds import Status
from mande.followup.kinds import Verified

ENDED = date(2021, 6, 9)
TODAY = date(2022, 8, 1)


def course(number: int = 1, *news: tuple[date, Status], owners: Sequence[int] = (), **changes: object) -> Course:
    values: dict[str, object] = {
        "ended_on": ENDED,
        "written_on": date(2021, 6, 10),
        "today": TODAY,
        "status": news[-1][1] if news else None,
        "news": news,
    }
    people = frozenset(UUID(int=owner) for owner in owners or [number])
    return Course(UUID(int=1000 + number), "WP1873v", people, **{**values, **changes})  # type: ignore[arg-type]


def test_what_is_not_heard_by_a_month_is_unknown_in_it_and_later_news_does_not_change_that() -> None:
    one = course(1, (date(2021, 9, 20), Status.SOME_PROGRESS), (date(2022, 6, 12), Status.DONE))
    found = {row.months: row.said for row in standing.standings([one])}

    assert [next(status for status, number in said.items() if number) for said in found.values()] == [
        None,
        Status.SOME_PROGRESS,
        Status.SOME_PROGRESS,
        Status.DONE,
    ]
    assert all(sum(said.values()) == 1 for said in found.values())


@pytest.mark.parametrize(("day", "counts"), [(date(2021, 8, 6), True), (date(2021, 8, 7), False)])
def test_answers_count_for_a_month_until_four_weeks_after_its_day(day: date, counts: bool) -> None:
    (row, *_later) = standing.standings([course(1, (day, Status.DONE))])

    assert row.months == 1
    assert (row.said[Status.DONE], row.unknown) == ((1, 0) if counts else (0, 1))


def test_a_month_that_has_not_come_is_not_shown_and_one_whose_answers_may_still_come_says_so() -> None:
    five_months_on = course(1, (date(2021, 7, 12), Status.DONE), today=date(2021, 11, 9))
    rows = standing.standings([five_months_on])
    fresh = standing.standings([course(1, today=date(2021, 9, 20))])

    assert [row.months for row in rows] == [1, 3]
    assert [row.coming_in for row in fresh] == [False, True]
    assert standing.standings([course(1, today=date(2021, 7, 8))]) == []


def test_an_action_written_down_later_than_a_month_is_not_counted_in_it() -> None:
    rows = standing.standings(
        [course(1), course(2, written_on=date(2021, 9, 9)), course(3, written_on=date(2021, 9, 10))]
    )

    assert {row.months: row.total for row in rows} == {1: 1, 3: 2, 6: 3, 12: 3}


def test_verified_stands_beside_what_is_said_and_is_of_the_same_moment() -> None:
    found = ((date(2021, 9, 30), Verified.LIMITED), (date(2022, 7, 20), Verified.COMPLETE))
    rows = {
        row.months: row for row in standing.standings([course(1, (date(2021, 7, 10), Status.DONE), findings=found)])
    }

    assert rows[1].verified[None] == 1
    assert rows[3].verified[Verified.LIMITED] == rows[12].verified[Verified.LIMITED] == 1
    assert rows[12].said[Status.DONE] == 1


def test_news_is_new_since_the_month_before_or_final() -> None:
    silent = course(1, (date(2021, 7, 12), Status.SOME_PROGRESS))
    done = course(2, (date(2021, 7, 12), Status.DONE))
    rows = {row.months: row.renewed for row in standing.standings([silent, done, course(3)])}

    assert rows == {1: 2, 3: 1, 6: 1, 12: 1}


days = st.integers(0, 420).map(lambda number: ENDED + timedelta(days=number))
stories = st.lists(st.tuples(days, st.sampled_from(list(Status))), max_size=5).map(
    lambda told: tuple(sorted(told, key=lambda one: one[0]))
)


@settings(max_examples=60)
@given(st.lists(st.tuples(stories, days), min_size=1, max_size=12))
def test_every_action_stands_somewhere_and_done_or_unknown_never_both(
    told: list[tuple[tuple[tuple[date, Status], ...], date]],
) -> None:
    known = [course(number, *news, written_on=written) for number, (news, written) in enumerate(told, 1)]
    rows = standing.standings(known)

    for row in rows:
        assert sum(row.said.values()) == sum(row.verified.values()) == row.total
        assert row.owners == row.total
        assert sum(row.share(status) for status in row.said) == pytest.approx(1)
        assert row.renewed <= row.total - row.unknown
    for before, after in pairwise(rows):
        assert {one.id for one in before.courses} <= {one.id for one in after.courses}


people = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.lists(st.integers(1, 9), min_size=1, max_size=2)),
    min_size=1,
    max_size=16,
)


def world(told: Sequence[tuple[str, str, Sequence[int]]]) -> list[Course]:
    return [
        course(number, owners=owners, groups=(("theme", theme), ("role", role)))
        for number, (theme, role, owners) in enumerate(told)
    ]


@settings(max_examples=80)
@given(people, st.integers(3, 5))
def test_every_group_has_k_owners_and_a_joint_action_is_counted_once(
    told: list[tuple[str, str, list[int]]], k: int
) -> None:
    known = world(told)
    for by, found in groups.breakdowns(known, ("theme", "role"), k).items():
        counted = [one.id for group in found for one in group.courses]
        assert sorted(counted) == sorted(one.id for one in known)
        assert len(found) > 1
        for group in found:
            assert group.owners >= k
            assert sum(group.now.values()) == len(group.courses)
            assert {dict(one.groups)[by] for one in group.courses} <= set(group.members)


def test_actions_of_one_person_do_not_make_a_group() -> None:
    many = [course(number, owners=[1], groups=(("theme", "a"),)) for number in range(9)]
    others = [course(10 + number, groups=(("theme", "b"),)) for number in range(5)]

    assert groups.breakdowns([*many, *others], ("theme",), 5) == {}


def test_those_whose_names_are_known_anyway_do_not_hide_others() -> None:
    known = [course(number, groups=(("theme", "ab"[number < 6]),)) for number in range(12)]
    unnamed = {one.id for one in known[:9]}

    assert len(groups.breakdowns(known, ("theme",), 5)["theme"]) == 2
    assert groups.breakdowns(known, ("theme",), 5, unnamed) == {}


statuses = st.sampled_from(standing.STANDINGS)


@settings(max_examples=60)
@given(st.lists(st.lists(st.tuples(statuses, st.integers(1, 6)), max_size=9), min_size=1, max_size=3))
def test_merged_parts_are_neighbours_that_three_gave_or_nobody_in_every_group(
    told: list[list[tuple[Status | None, int]]],
) -> None:
    known = [[course(i, owners=[owner], status=status) for i, (status, owner) in enumerate(group)] for group in told]
    counted = [parts.crowds(group, lambda one: one.status) for group in known]
    found = parts.safe_parts(parts.each(standing.STANDINGS), counted, parts.keeps_unknown_apart)

    assert [kind for part in found for kind in part] in ([], list(standing.STANDINGS))
    assert (Status.NO_LONGER_PLANNED, None) not in found
    for group in known:
        for part in found:
            assert owners_of(one for one in group if one.status in part) not in (1, 2)


def test_the_picture_is_well_formed_and_names_both_lines_apart() -> None:
    known = [course(i, (date(2021, 7, 10 + i), Status.DONE)) for i in range(4)]
    known += [
        course(9, (date(2021, 8, 1), Status.NO_LONGER_PLANNED)),
        course(10, (date(2021, 12, 1), Status.NOT_STARTED)),
    ]
    found = completion(known)
    words = Words("Done <67%>", "Dropped", "Months", 'A "curve"')
    picture = ElementTree.fromstring(drawing.curve(found.points, found.last_day, words))
    texts = {element.text: float(element.get("y", 0)) for element in picture.iter() if element.tag.endswith("text")}
    places = [line.get("points", "").split() for line in picture.iter() if line.tag.endswith(("polyline", "polygon"))]

    assert picture.get("aria-label") == 'A "curve"'
    assert abs(texts["Done <67%>"] - texts["Dropped"]) >= 15
    assert all(0 <= float(at) <= 640 for line in places for place in line for at in place.split(","))
    assert drawing.horizon(10) == 3
    assert drawing.horizon(200) == 7
    assert drawing.horizon(9999) == 60
