"""How each type of question is counted, and who is counted where not everybody was asked."""

from pathlib import Path

import pytest

from mande.surveys.importing import operations as importing
from mande.surveys.questionnaires import answers as answering
from mande.surveys.questionnaires import definition as definitions
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.audience import Answered
from mande.surveys.questionnaires.audience import Attendance
from mande.surveys.questionnaires.audience import Together
from mande.surveys.questionnaires.audience import partly_asked
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.results import counting
from mande.surveys.results.counting import Counted
from mande.surveys.results.counting import CountingError
from mande.surveys.results.counting import Table

MEETINGS = (Meeting("part-one", "Part One"), Meeting("part-two", "Part Two"))
TYPES = for_person(definitions.load(Path(__file__).parents[1] / "samples" / "reported_types.yaml"), MEETINGS)


def count(responses: list[Answers], unasked: list[list[str]] | None = None, k: int = 3) -> Counted:
    return counting.count(TYPES, responses, [{}] * len(responses), [], k, unasked or ())


def table(counted: Counted, code: str) -> Table:
    [found] = [table for table in counted.tables if table.question == code]
    return found


def test_a_number_is_counted_by_its_band_and_not_kept() -> None:
    counted = count([{"colleagues": number} for number in ("0", "3", "4", "60")])

    assert table(counted, "colleagues").counts == {"0": 1, "1-4": 2, "5-9": 0, "10-19": 0, "20-60": 1}
    assert counted.answers["colleagues"] == ["0", "1-4", "1-4", "20-60"]


def test_a_date_is_counted_by_its_quarter_and_not_kept() -> None:
    counted = count([{"next_visit": day} for day in ("2026-12-31", "2026-10-01", "2027-01-01")])

    assert table(counted, "next_visit").counts == {"2026-Q4": 2, "2027-Q1": 1}
    assert counted.answers["next_visit"] == ["2026-Q4", "2026-Q4", "2027-Q1"]


def test_only_countries_that_occur_are_listed() -> None:
    counted = count([{"posted": country} for country in ("NO", "CH", "NO")])

    assert table(counted, "posted").counts == {"CH": 1, "NO": 2}


def test_an_option_of_a_ranking_is_counted_by_its_rank_or_as_not_ranked() -> None:
    everybody: list[Answers] = [
        {"priorities.trust": "1", "priorities.skills": "2", "priorities.access": "3"},
        {"priorities.skills": "1"},
        {"priorities.trust": "3", "priorities.skills": "1", "priorities.protocol": "2"},
        {},
    ]
    counted = count(everybody)

    trust = table(counted, "priorities.trust")
    assert (trust.n, trust.missing) == (3, 1)
    assert trust.counts == {"1": 1, "2": 0, "3": 1, "unranked": 1}
    assert table(counted, "priorities.language").counts == {"1": 0, "2": 0, "3": 0, "unranked": 3}
    assert counted.answers["priorities.trust"] == ["1", "3", "unranked"]


def test_a_comment_beside_a_question_is_kept_like_any_other_text() -> None:
    counted = count([{"met": "7", "met.comment": "Because of the people."}, {"met": "6"}, {"met": "1"}])

    assert counted.comments == {"met.comment": ["Because of the people."]}
    assert table(counted, "met").counts["7"] == 1


def test_who_was_not_asked_is_neither_missing_nor_counted() -> None:
    responses: list[Answers] = [
        *({"used": "yes", "used_how": value} for value in "454"), {"used": "yes"}, {"used": "no"}, {"used": "no"},
    ]  # fmt: skip
    unasked = [["hindered"]] * 4 + [["used_how"]] * 2

    found = table(count(responses, unasked), "used_how")

    assert (found.n, found.missing, found.not_applicable) == (3, 1, 0)


def test_of_a_meeting_only_those_are_counted_who_attended() -> None:
    responses: list[Answers] = [{"useful@part-one": "4"}] * 3 + [{"useful@part-two": "4"}] * 2 + [{}]
    unasked = [["@part-two"]] * 3 + [["@part-one"]] * 2 + [[]]

    found = table(count(responses, unasked), "useful@part-one")

    assert (found.n, found.missing) == (3, 1)


def test_an_answer_counts_whatever_is_said_of_who_was_asked() -> None:
    found = table(count([{"used_how": "4"}] * 3, [["used_how"]] * 3), "used_how")

    assert (found.n, found.missing) == (3, 0)


def test_a_question_that_not_everybody_was_asked_has_no_breakdown() -> None:
    strata = [{"sector": "state"}] * 4 + [{"sector": "media"}] * 4
    responses: list[Answers] = [{"used": "yes", "used_how": "4", "useful@part-one": "3"}] * 8

    counted = counting.count(TYPES, responses, strata, ["sector"], 3)

    assert {table.question for table in counted.tables if table.stratum} == {"used"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"colleagues": "61"},
        {"colleagues": "007"},
        {"next_visit": "2026-02-30"},
        {"posted": "XX"},
        {"priorities.trust": "4"},
        {"used": "perhaps"},
    ],
)
def test_what_no_check_would_have_let_pass_stops_the_counting(wrong: Answers) -> None:
    with pytest.raises(CountingError, match=next(iter(wrong))):
        count([wrong] * 3)


def test_who_is_asked_is_decided_by_attendance_by_one_answer_or_by_several_things() -> None:
    found = partly_asked(TYPES)

    assert found.keys() == {"used_how", "hindered", "both"} | {
        f"{code}@{meeting.code}" for code in ("useful", "spoke") for meeting in MEETINGS
    }
    assert isinstance(found["used_how"], Answered)
    assert found["used_how"].item == "used"
    assert found["both"] == Together()
    assert found["useful@part-one"] == Attendance()


def test_a_table_of_answers_tells_by_them_who_was_asked_what() -> None:
    found = importing.not_asked(
        TYPES,
        [
            {"used": "yes", "met": "7", "useful@part-one": "3"},
            {"used": "no", "used_how": "3", "met": "7"},
            {"used": "yes", "met": "2"},
        ],
    )

    assert found == [
        ["hindered", "spoke@part-one", "useful@part-two", "spoke@part-two"],
        ["both", "useful@part-one", "spoke@part-one", "useful@part-two", "spoke@part-two"],
        ["hindered", "both", "useful@part-one", "spoke@part-one", "useful@part-two", "spoke@part-two"],
    ]


def test_the_sample_keeps_every_code_that_an_answer_may_have() -> None:
    assert {"met.comment", "useful@part-two", "best.plenary", "quality.chairs"} <= set(answering.codes(TYPES))
