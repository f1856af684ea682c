from pathlib import Path

from mande.surveys import paging
from mande.surveys.definition import load

DEFINITION = load(Path(__file__).resolve().parents[1] / "samples" / "every_type.yaml")
FULL = paging.sections(DEFINITION, "full")
SHORT = paging.sections(DEFINITION, "short")


def test_the_short_route_holds_the_core_questions_and_no_empty_page() -> None:
    assert [[question.code for question in section.questions] for section in SHORT] == [["useful"]]
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
