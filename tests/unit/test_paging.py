from dataclasses import replace
from pathlib import Path

from mande.surveys.answering import paging
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.questionnaires.definition import load

DEFINITION = load(Path(__file__).resolve().parents[1] / "samples" / "every_type.yaml")
FULL = paging.pages(DEFINITION, "full", {})
SHORT = paging.pages(DEFINITION, "short", {})
EVERY_WAY = load(Path(__file__).resolve().parents[1] / "samples" / "every_way.yaml")
BOTH = (Meeting("part-one", "Part One"), Meeting("part-two", "Part Two"))
ONLINE = Facts(meetings=("part-one", "part-two"), mode="online")


def test_the_short_route_holds_the_core_questions_and_no_empty_page() -> None:
    assert [[question.code for question in page.section.questions] for page in SHORT] == [["useful"]]
    assert len(FULL) == 2
    assert paging.has_short_route(DEFINITION)


def test_a_questionnaire_of_core_questions_only_has_no_shorter_route() -> None:
    assert not paging.has_short_route(DEFINITION.abridged())


def test_a_matrix_is_answered_once_every_row_is() -> None:
    matrix = DEFINITION.question("access")

    assert paging.codes(matrix) == ("access.time", "access.line")
    assert not paging.is_answered(matrix, {"access.time": "3"})
    assert paging.is_answered(matrix, {"access.time": "3", "access.line": "na"})


def test_an_empty_list_or_text_is_no_answer() -> None:
    assert paging.progress(FULL, {"used_for": [], "errors": ""}) == (0, 7)
    assert paging.progress(FULL, {"used_for": ["brief"], "errors": "x"}) == (2, 7)


def test_one_goes_on_at_the_first_page_with_a_question_left() -> None:
    first = {"useful": "1", "access.time": "1", "access.line": "1", "again": "yes"}
    second = {"used_for": ["teach"], "recommend": "0", "in_a_word": "x", "errors": "y"}

    assert paging.first_unfinished(FULL, {}) == 1
    assert paging.first_unfinished(FULL, second) == 1
    assert paging.first_unfinished(FULL, first) == 2
    assert paging.first_unfinished(FULL, first | second) is None
    assert paging.progress(FULL, first | second).complete


def test_what_must_be_answered_and_is_not_is_named_with_its_page() -> None:
    assert [(page, question.code) for page, question in paging.required_left(FULL, {})] == [(1, "again")]
    assert list(paging.required_left(FULL, {"again": "no"})) == []
    assert list(paging.required_left(SHORT, {})) == []


def codes_of(pages: tuple[paging.Page, ...]) -> dict[int, list[str]]:
    return {page.number: [question.code for question in page.section.questions] for page in pages}


def test_a_page_keeps_its_number_whatever_else_is_asked() -> None:
    mine = for_person(EVERY_WAY, BOTH)
    unsaid = paging.pages(mine, "full", {}, ONLINE)
    not_again = paging.pages(mine, "full", {"again": "no"}, ONLINE)

    assert [(page.number, page.position) for page in unsaid] == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
    assert [page.number for page in not_again] == [1, 2, 3, 4]
    assert [page.number for page in paging.pages(mine, "full", {}, Facts(mode="in_person"))] == [1, 2, 3, 4]
    assert codes_of(not_again)[1][4] == "why_not"
    assert "why_not" not in codes_of(unsaid)[1]


def test_a_section_is_asked_for_each_meeting_that_somebody_attended() -> None:
    once = paging.pages(for_person(EVERY_WAY, BOTH[1:]), "full", {"useful@part-two": "2"})
    never = paging.pages(for_person(EVERY_WAY, ()), "full", {})

    assert codes_of(once)[3] == ["useful@part-two", "missing@part-two"]
    assert [page.number for page in never] == [1, 2]


def test_an_answer_to_what_is_not_asked_decides_nothing_and_is_not_kept() -> None:
    mine = for_person(EVERY_WAY, BOTH)
    answers = {"again": "no", "why_not": "Far", "when_again": "spring", "useful@part-one": "9", "missing@part-one": "x"}

    kept = paging.kept(mine, {**answers, "sound": "yes"}, ONLINE)
    assert kept == {"again": "no", "why_not": "Far", "useful@part-one": "9"}
    assert paging.unasked(mine, kept, ONLINE) == ["when_again", "missing@part-one", "missing@part-two", "sound"]


def test_information_is_no_question_and_holds_nobody_up() -> None:
    assert paging.codes(EVERY_WAY.question("before")) == ()
    assert not paging.is_question(EVERY_WAY.question("before"))


def test_a_ranking_is_answered_by_one_rank_unless_all_are_required() -> None:
    ranking = EVERY_WAY.question("ranks")

    assert not paging.is_answered(ranking, {})
    assert paging.is_answered(ranking, {"ranks.people": "1"})
    assert not paging.is_answered(replace(ranking, required=True), {"ranks.people": "1", "ranks.food": "2"})


def test_the_pages_before_and_after_are_those_that_are_asked() -> None:
    shown = paging.pages(for_person(EVERY_WAY, ()), "full", {"again": "yes"}, ONLINE)

    assert [page.number for page in shown] == [1, 2, 3]
    assert (paging.before(shown, 3), paging.after(shown, 3)) == (2, None)
    assert (paging.before(shown, 1), paging.after(shown, 1)) == (None, 2)
