from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.definition import load
from mande.surveys.results import counting
from mande.surveys.results.counting import Counted
from mande.surveys.results.counting import CountingError
from mande.surveys.results.counting import Table

EVERY_TYPE = load(Path(__file__).parents[1] / "samples" / "every_type.yaml")
SECTORS = ["state", "media", "academia"]


def _count(responses: Sequence[Answers], strata: Sequence[Mapping[str, str]] | None = None, k: int = 3) -> Counted:
    declared = ["sector", "meeting"] if strata else []
    return counting.count(EVERY_TYPE, responses, strata or [{}] * len(responses), declared, k)


def _whole(counted: Counted, question: str) -> Table:
    [table] = [table for table in counted.tables if table.question == question and not table.stratum]
    return table


@st.composite
def some_responses(draw: st.DrawFn) -> list[Answers]:
    one: dict[str, Any] = {}
    for item in EVERY_TYPE.items():
        choice = st.sampled_from(answering.choices(item.question))
        several = item.question.type is QuestionType.MULTIPLE
        one[item.code] = st.lists(choice, min_size=1, unique=True) if several else choice
    for code in answering.text_codes(EVERY_TYPE):
        one[code] = st.sampled_from(["Yes.", "No.", "A word"])
    return draw(st.lists(st.fixed_dictionaries({}, optional=one), max_size=12))


strata_values = st.fixed_dictionaries({"sector": st.sampled_from(SECTORS), "meeting": st.sampled_from("xy")})


@given(responses=some_responses(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_every_table_accounts_for_everybody_in_its_group(responses: list[Answers], data: st.DataObject) -> None:
    strata = data.draw(st.lists(strata_values, min_size=len(responses), max_size=len(responses)))

    counted = counting.count(EVERY_TYPE, responses, strata, ["sector", "meeting"], 3)

    assert counted.responses == len(responses)
    for table in counted.tables:
        inside = [not table.stratum or one[table.stratum] in table.members for one in strata]
        assert table.n >= 3
        assert table.n + table.missing + table.not_applicable == sum(inside)
        assert all(0 <= count <= table.n for count in table.counts.values())
        if EVERY_TYPE.item(table.question).question.type is not QuestionType.MULTIPLE:
            assert sum(table.counts.values()) == table.n


@given(responses=some_responses(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_responses_leaves_no_trace(responses: list[Answers], data: st.DataObject) -> None:
    assert _count(data.draw(st.permutations(responses))) == _count(responses)


@given(responses=some_responses())
@settings(max_examples=60, deadline=None)
def test_the_answers_that_are_kept_add_up_to_the_tables(responses: list[Answers]) -> None:
    counted = _count(responses)

    assert set(counted.answers) == {table.question for table in counted.tables}
    for table in counted.tables:
        kept = [code for value in counted.answers[table.question] for code in value.split(" ")]
        assert len(counted.answers[table.question]) == table.n
        assert {option: kept.count(option) for option in table.counts} == table.counts


def test_blank_and_not_applicable_are_no_answers() -> None:
    counted = _count([{"useful": "5"}, {"useful": "5"}, {"useful": "1"}, {"useful": "na"}, {}])

    assert _whole(counted, "useful") == Table("useful", 3, 1, 1, {"1": 1, "2": 0, "3": 0, "4": 0, "5": 2})
    assert counted.answers["useful"] == ["1", "5", "5"]


def test_each_row_of_a_matrix_is_counted_on_its_own() -> None:
    counted = _count([{"access.time": "4", "access.line": "na"}, {"access.time": "4"}, {"access.time": "2"}])

    assert _whole(counted, "access.time").counts["4"] == 2
    assert [table.question for table in counted.tables] == ["access.time"]


def test_a_multiple_choice_counts_people_and_choices_apart() -> None:
    counted = _count(
        [{"used_for": ["teach", "brief"]}, {"used_for": ["brief", "other"]}, {"used_for": ["nothing"]}, {}]
    )

    table = _whole(counted, "used_for")
    assert (table.n, table.missing) == (3, 1)
    assert table.counts == {"brief": 2, "teach": 1, "nothing": 1, "other": 1}
    assert counted.answers["used_for"] == ["brief other", "brief teach", "nothing"]


def test_texts_are_kept_apart_and_in_alphabetical_order() -> None:
    counted = _count([
        {"errors": "Zoom froze.", "again": "other", "again.other": "Perhaps"},
        {"errors": "All was well.", "in_a_word": "Useful", "again": "yes"},
        {"again": "no"},
    ])  # fmt: skip

    assert counted.comments == {
        "again.other": ["Perhaps"], "in_a_word": ["Useful"], "errors": ["All was well.", "Zoom froze."],
    }  # fmt: skip
    assert _whole(counted, "again").counts == {"yes": 1, "no": 1, "another_day": 0, "other": 1}


def test_fewer_than_k_responses_leave_only_their_number() -> None:
    assert _count([{"useful": "5", "errors": "Much."}] * 2) == Counted(2)


def test_an_item_with_fewer_than_k_valid_answers_leaves_nothing() -> None:
    counted = _count([{"useful": "5", "recommend": "9"}, {"useful": "5", "recommend": "9"}, {"useful": "na"}, {}])

    assert counted.tables == []
    assert counted.answers == {}


def test_a_breakdown_counts_each_merged_group() -> None:
    strata = [{"sector": sector} for sector in ("state", "state", "state", "media", "media", "academia", "academia")]
    responses: list[Answers] = [{"useful": value} for value in "5543211"]

    counted = counting.count(EVERY_TYPE, responses, strata, ["sector"], 3)

    by_members = {table.members: table for table in counted.tables if table.stratum == "sector"}
    assert by_members[("state",)].counts == {"1": 0, "2": 0, "3": 0, "4": 1, "5": 2}
    assert by_members[("academia", "media")].counts == {"1": 2, "2": 1, "3": 1, "4": 0, "5": 0}


def test_groups_follow_who_left_the_question_blank() -> None:
    strata = [{"sector": sector} for sector in ("state", "state", "state", "media", "media", "media")]
    responses: list[Answers] = [{"useful": "5", "recommend": "9"}] * 5 + [{"useful": "5"}]

    counted = counting.count(EVERY_TYPE, responses, strata, ["sector"], 3)

    assert [(table.question, table.members) for table in counted.tables if table.stratum] == [
        ("useful", ("media",)),
        ("useful", ("state",)),
    ]


def test_a_breakdown_whose_names_are_too_long_to_keep_is_left_out() -> None:
    def breakdowns(length: int) -> list[Table]:
        strata = [{"sector": f"{number:02}" + "x" * length} for number in range(12)]
        counted = counting.count(EVERY_TYPE, [{"useful": "5"}] * 12, strata, ["sector"], 5)
        return [table for table in counted.tables if table.stratum]

    assert len(breakdowns(40)) == 2
    assert breakdowns(80) == []


@pytest.mark.parametrize("answers", [{"useful": "6"}, {"nonsense": "6"}, {"used_for": ["brief", "6"]}])
def test_what_the_questionnaire_does_not_know_is_not_counted_away(answers: Answers) -> None:
    with pytest.raises(CountingError) as refused:
        _count([answers] * 3)

    assert "6" not in str(refused.value)
