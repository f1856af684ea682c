"""What an earlier edition told of a question, of actions or of attendees decides what a later one may tell."""

import json
from dataclasses import replace
from datetime import date
from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.events.kinds import Role
from mande.followup.figures.courses import Course
from mande.followup.kinds import Status
from mande.reports.answers import distribution
from mande.reports.answers.conditional import Publishable
from mande.reports.answers.entries import Asked
from mande.reports.answers.entries import Entry
from mande.reports.answers.entries import Table
from mande.reports.answers.questions import question
from mande.reports.history import attending
from mande.reports.history import essence
from mande.reports.history import forms
from mande.reports.history import marks
from mande.reports.history.marks import Marks
from mande.reports.history.past import Past
from mande.reports.history.past import Published
from mande.reports.history.resting import rests_on_few
from mande.reports.reach.tables import Came
from mande.reports.reach.tables import Table as Groups
from mande.surveys.questionnaires import definition as definitions
from mande.surveys.questionnaires.audience import partly_asked
from mande.surveys.questionnaires.definition import Definition
from tests.attacking.worlds import another_program

NAMES: dict[str, dict[str, str]] = {"meeting": {}, "sector": {}}
SCALE = {"type": "scale", "options": [{"code": str(i), "label": f"Step {i}"} for i in range(1, 6)]}
SINGLE = {"type": "single", "options": [{"code": code, "label": code.upper()} for code in "abcd"]}
MULTIPLE = {**SINGLE, "type": "multiple"}
RANKED = {"type": "ranking", "options": [{"code": code, "label": code.upper()} for code in "abc"]}
PLACED = {"type": "ranking", "options": [{"code": code, "label": code.upper()} for code in "abcdef"]}
SURVEY = UUID(int=1)


def asked(*chosen: dict[str, Any]) -> Definition:
    questions = [{"code": f"q{i}", "text": "Question?", "core": True, **one} for i, one in enumerate(chosen, 1)]
    return definitions.parse(
        {
            "code": "told", "version": 1, "role": "participant", "languages": ["en"], "minutes": 1, "title": "Q",
            "strata": [], "sections": [{"code": "all", "title": "All", "questions": questions}],
        }
    )  # fmt: skip


def entry(chosen: dict[str, Any], counts: tuple[int, ...], n: int = 0, options: tuple[str, ...] = ()) -> Entry:
    definition = asked(chosen)
    one = definition.question("q1")
    item = next(iter(one.items()))
    if chosen["type"] == "ranking":
        item = type(item)(one.code, one, None)
    table = Table(n or sum(counts), 0, 0, counts)
    known = [Asked(SURVEY, Role.PARTICIPANT, 99, (), table)]
    return Entry(item, definition.sections[0], "en", options or one.codes, [Role.PARTICIPANT], known, {SURVEY: None})


def said(one: Entry, k: int = 3) -> dict[str, Any]:
    return question(one, False, k, "en", NAMES)


def kept(told: dict[str, Any]) -> dict[str, Any]:
    """As an edition keeps it."""
    found = json.loads(json.dumps(essence.essence(told)))
    assert found
    return found


@pytest.mark.parametrize(
    ("chosen", "counts", "n", "options"),
    [
        (SCALE, (1, 4, 4, 9, 8), 0, ()),
        (SCALE, (0, 0, 1, 0, 12), 0, ()),
        (SINGLE, (3, 4, 9, 9), 0, ()),
        (MULTIPLE, (2, 7, 9, 18), 20, ()),
        (RANKED, (4, 3, 12), 20, ()),
        (PLACED, (9, 3, 4, 9, 15, 20), 20, ()),
        ({"type": "country"}, (12, 4, 1, 4), 0, ("NO", "CH", "KE", "GB")),
        ({"type": "country"}, (22, 1), 0, ("NO", "CH")),
    ],
)
def test_whatever_a_program_would_show_now_an_earlier_form_is_repeated_figure_by_figure(
    chosen: dict[str, Any], counts: tuple[int, ...], n: int, options: tuple[str, ...]
) -> None:
    one = entry(chosen, counts, n, options)
    before = said(one)
    now = before | {"cells": [{"key": "x", "codes": ["x"], "label": "x", "count": n, "share": 1}], "nearly_all": None}

    again, held = forms.settled(one, now, kept(before), distribution.labels(one, "en"))

    assert held == [forms.REPEATED]
    assert again == before


def test_a_program_that_merges_otherwise_changes_nothing_of_what_was_published() -> None:
    one = entry(SINGLE, (3, 4, 9, 9))
    with another_program():
        before = said(one)
    assert before["counts"] != said(one)["counts"]

    again, _held = forms.settled(one, said(one), kept(before), distribution.labels(one, "en"))

    assert again["counts"] == before["counts"]


def test_with_a_greater_k_countries_that_were_shown_may_join_the_others_and_no_other_may_leave_them() -> None:
    one = entry({"type": "country"}, (12, 4, 1, 4), 0, ("NO", "CH", "KE", "GB"))
    labels = distribution.labels(one, "en")
    before, now = said(one, 4), said(one, 8)
    assert (list(before["counts"]), list(now["counts"])) == (["NO", "CH", "other"], ["NO", "other"])

    assert forms.settled(one, now, kept(before), labels) == (now, [])
    back, held = forms.settled(one, before, kept(now), labels)
    assert (back["counts"], [option["code"] for option in back["options"]]) == ({"NO": 12, "other": 9}, ["NO"])
    assert held == [forms.REPEATED]


def test_groups_stay_those_that_were_told_and_no_others_are_added() -> None:
    one = entry(SCALE, (3, 4, 4, 9, 8))
    group = {"members": ["a"], "label": "A", "n": 14, "level": "most", "level_label": ""}
    other = {"members": ["b"], "label": "B", "n": 14, "level": "few", "level_label": ""}
    by_sector = {"by": "sector", "within": "participant", "form": "levels", "groups": [group, other]}
    by_meeting = by_sector | {"by": "meeting"}
    changed = by_sector | {"groups": [group | {"level": "divided"}, other]}
    by_role = by_sector | {"by": "role", "within": None}
    whole = said(one)
    labels = distribution.labels(one, "en")

    def shown(now: list[dict[str, Any]], told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found, _held = forms.settled(one, whole | {"breakdowns": now}, kept(whole | {"breakdowns": told}), labels)
        return list(found["breakdowns"])

    assert shown([by_sector], [by_sector]) == [by_sector]
    assert shown([by_sector], []) == [by_sector]
    assert shown([by_meeting], [by_sector]) == []
    assert shown([changed], [by_sector]) == []
    assert shown([by_role, by_sector], [by_sector]) == [by_role, by_sector]


def test_a_question_that_hangs_on_another_is_shown_as_far_as_the_form_that_was_told_settles_it() -> None:
    later = {"type": "yes_no", "ask_if": {"question": "q1", "is": "a"}}
    definition = asked(SINGLE, later)
    first = entry(SINGLE, (5, 5, 9, 9))
    first.audiences = {SURVEY: None}
    second = Entry(
        next(iter(definition.question("q2").items())), definition.sections[0], "en", ("yes", "no"), [Role.PARTICIPANT],
        [Asked(SURVEY, Role.PARTICIPANT, None, (), Table(5, 0, 0, (5, 0)))],
    )  # fmt: skip
    second.audiences = {SURVEY: partly_asked(definition)["q2"]}
    now = kept(said(first))
    coarser = now | {"cells": [[["c"], 9, None], [["d"], 9, None], [["a", "b"], 10, None]]}

    assert Publishable([first, second], 3, lambda one: now if one is first else None).allows_entry(second)
    assert not Publishable([first, second], 3, lambda one: coarser if one is first else None).allows_entry(second)


cells = st.sampled_from([f"{person}{version}" for person in "abcdef" for version in "12"])


@settings(max_examples=70)
@given(st.lists(st.frozensets(cells, min_size=1), max_size=3), st.lists(st.frozensets(cells, min_size=1), min_size=1,
       max_size=2), st.integers(2, 4), st.booleans())  # fmt: skip
def test_the_search_finds_exactly_what_trying_all_people_finds(
    known: list[frozenset[str]], new: list[frozenset[str]], k: int, together: bool
) -> None:
    people = {one: UUID(int=ord(one)) for one in "abcdef"}
    whose = {cell: frozenset([people[cell[0]]]) for cell in frozenset[str]().union(*known, *new)}
    if together and "a1" in whose:
        whose["a1"] |= {people["b"]}

    def adds(few: frozenset[UUID]) -> bool:
        return _about(known + new, whose, few) > _about(known, whose, few)

    expected = any(adds(frozenset(few)) for few in combinations(people.values(), k - 1))
    assert rests_on_few(known, new, whose, k) is expected


def _about(sums: list[frozenset[str]], whose: dict[str, frozenset[UUID]], few: frozenset[UUID]) -> int:
    """How much can be worked out about these people alone: the dimension of all combinations that rest on them."""
    names = sorted(frozenset[str]().union(*sums))
    matrix = np.array([[float(name in one) for name in names] for one in sums]).reshape(len(sums), len(names))
    others = matrix[:, [i for i, name in enumerate(names) if not whose[name] <= few]]
    return _rank(matrix) - _rank(others)


def _rank(matrix: Any) -> int:
    return int(np.linalg.matrix_rank(matrix)) if matrix.size else 0


def test_a_mark_tells_an_action_from_others_and_what_was_reported_and_changes_with_nothing_else() -> None:
    day = date(2021, 6, 9)
    one = Course(UUID(int=7), "WP1873v", frozenset([UUID(int=1)]), day, day, day, news=((day, Status.DONE),))
    other = replace(one, owners=frozenset([UUID(int=2)]), today=day + timedelta(9), groups=(("theme", "1"),))
    before = marks.cell("salt", one, day - timedelta(1))

    assert marks.cell("salt", one) == marks.cell("salt", other) == marks.cell("salt", one, day)
    assert before != marks.cell("salt", one)
    assert marks.action_of(before) == marks.mark("salt", one.id) != marks.mark("pepper", one.id)
    told = Marks((frozenset([before, marks.cell("salt", one)]), frozenset([before])))
    assert Marks.from_json(json.loads(json.dumps(told.as_json()))) == told


def test_groups_of_attendees_are_repeated_unless_each_has_changed_by_k_or_not_at_all() -> None:
    def there(women: int, men: int, norwegians: int, *, came: int = 6) -> dict[str, Any]:
        table = Groups("gender", "attendees", ((("woman",), women), (("man",), men)))
        return attending.attended([table], [Came(("press",), 9, came)], [{"country": "NO", "attendees": norwegians}])

    first, nothing = there(9, 9, 6), attending.attended([], [], [])
    assert attending.settled(first, [], 5) is None
    assert attending.settled(there(14, 9, 6), [first], 5) is None
    assert attending.settled(there(10, 9, 6), [first], 5) == first
    assert attending.settled(there(9, 9, 7), [first], 5) == first
    assert attending.settled(there(9, 9, 6, came=7), [first], 5) == first
    assert attending.settled(there(15, 9, 6), [first, there(14, 9, 6)], 5) == there(14, 9, 6)
    assert attending.settled(there(15, 9, 6), [nothing], 5) is None
    merged = attending.attended([Groups("gender", "attendees", ((("man", "woman"), 18),))], [], [])
    assert attending.settled(merged, [first], 5) == first
    assert attending.attended(attending.as_tables(first), attending.as_came(first), []) == first | {"countries": {}}


def test_k_never_falls_and_questionnaires_published_together_stay_together() -> None:
    def edition(k: int, *surveys: int) -> Published:
        basis = {"k": k, "surveys": {"event": [str(UUID(int=one)) for one in surveys]}, "questions": []}
        return Published("partner", "partner", "en", 1, "2021-06-09", "", basis)

    past = Past((edition(7, 1), edition(5, 1, 2)))

    assert past.k == 7
    assert [past.lot("event", UUID(int=one)) for one in (1, 2, 3)] == [0, 1, 2]
    assert past.lot("followup", UUID(int=3)) == 0
