"""Conditions and limits as the expressions of forms, both ways."""

from typing import Any

import pytest

from mande.surveys.authoring.xlsform import constraints
from mande.surveys.authoring.xlsform import expressions
from mande.surveys.authoring.xlsform import xpath
from mande.surveys.authoring.xlsform.expressions import Field
from mande.surveys.authoring.xlsform.xpath import ExpressionError
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType

FIELDS = {
    "useful": Field("useful", QuestionType.SCALE, {code: code for code in "12345"}),
    "Use": Field("use", QuestionType.MULTIPLE, {"Brief": "brief", "teach": "teach"}),
    "days": Field("days", QuestionType.NUMBER),
    "why": Field("why", QuestionType.LONG_TEXT),
    "order": Field("order", QuestionType.RANKING, {"a": "a", "b": "b"}),
    "access_time": Field("access.time", QuestionType.MATRIX, {code: code for code in "12345"}),
}
NAMES = {
    "useful": ("useful", QuestionType.SCALE),
    "use": ("Use", QuestionType.MULTIPLE),
    "days": ("days", QuestionType.NUMBER),
    "why": ("why", QuestionType.LONG_TEXT),
    "order.a": ("order", QuestionType.RANKING),
    "access.time": ("access_time", QuestionType.MATRIX),
}


def read(text: str) -> tuple[Any, list[str]]:
    lost: list[str] = []
    found = expressions.understood(text, FIELDS, lost)
    return (found if isinstance(found, bool) else conditions.to_dict(found)), lost


@pytest.mark.parametrize(
    ("relevant", "condition"),
    [
        ("${useful} = '5'", {"question": "useful", "is": "5"}),
        ("${ useful }=5", {"question": "useful", "is": "5"}),
        ("'5' = ${useful}", {"question": "useful", "is": "5"}),
        ("${useful} != “5”", {"not": {"question": "useful", "is": "5"}}),
        ("selected(${Use}, 'Brief')", {"question": "use", "is": "brief"}),
        ("not(selected(${Use}, 'Brief'))", {"not": {"question": "use", "is": "brief"}}),
        ("${days} > 4", {"question": "days", "at_least": 5}),
        ("${days} >= 4.5", {"question": "days", "at_least": 5}),
        ("${days} < 4", {"question": "days", "at_most": 3}),
        ("${days} <= 4.5", {"question": "days", "at_most": 4}),
        ("3 < ${days}", {"question": "days", "at_least": 4}),
        ("${days} = -3", {"question": "days", "is": "-3"}),
        ("${why} != ''", {"question": "why", "answered": True}),
        ("${why} = ''", {"question": "why", "answered": False}),
        ("string-length(${why}) > 0", {"question": "why", "answered": True}),
        ("count-selected(${Use}) = 0", {"question": "use", "answered": False}),
        ("count-selected(${Use}) >= 1", {"question": "use", "answered": True}),
        ("${access_time} <= 2", {"question": "access.time", "at_most": 2}),
        ("selected(${order}, 'a')", {"question": "order.a", "answered": True}),
        ("selected-at(${order}, 1) = 'b'", {"question": "order.b", "is": "2"}),
        ("${useful} = 1 or ${useful} = 2 or ${useful} = 2", {"question": "useful", "in": ["1", "2"]}),
        (
            "(${useful} = 1 or ${days} > 3) and ${why} = ''",
            {
                "all": [
                    {"any": [{"question": "useful", "is": "1"}, {"question": "days", "at_least": 4}]},
                    {"question": "why", "answered": False},
                ]
            },
        ),
        ("true()", True),
        ("no", False),
        ("${useful} = 1 and true()", {"question": "useful", "is": "1"}),
        ("${useful} = 1 and false()", False),
    ],
)
def test_what_forms_say_about_earlier_answers_is_understood(relevant: str, condition: Any) -> None:
    assert read(relevant) == (condition, [])


@pytest.mark.parametrize(
    ("relevant", "condition"),
    [
        ("${useful} = 1 and today() > '2026-01-01'", {"question": "useful", "is": "1"}),
        ("${useful} = 1 or pulldata('a', 'b')", True),
        ("not(${useful} = 1 and regex(., 'x'))", True),
        ("not(${useful} = 1 or regex(., 'x'))", {"not": {"question": "useful", "is": "1"}}),
        ("${gone} = 1", True),
        ("${useful} = 9", True),
        ("${why} = 'because'", True),
        ("${useful} = ${days}", True),
        ("${Use} > 3", True),
        ("${order} = 'a'", True),
        ("count-selected(${Use}) > 1", True),
        ("${useful} =", True),
        ("${useful} = 1)", True),
        ("(${useful} = 1", True),
        ("${useful} + 1 = 2", True),
        ("(" * 500 + "1" + ")" * 500, True),
        ("1" * 30_000, True),
    ],
)
def test_what_is_not_understood_is_said_and_makes_nothing_stricter(relevant: str, condition: Any) -> None:
    found, lost = read(relevant)

    assert found == condition
    assert len(lost) == 1


@pytest.mark.parametrize(
    ("condition", "relevant"),
    [
        ({"question": "useful", "is": "5"}, "${useful} = '5'"),
        ({"question": "useful", "in": ["4", "5"]}, "(${useful} = '4' or ${useful} = '5')"),
        ({"question": "use", "is": "brief"}, "selected(${Use}, 'brief')"),
        ({"question": "access.time", "at_most": 2}, "${access_time} <= 2"),
        ({"question": "order.a", "is": "1"}, "selected-at(${order}, 0) = 'a'"),
        ({"question": "order.a", "is": "unranked"}, "not(selected(${order}, 'a'))"),
        ({"question": "order.a", "at_most": 2}, "(selected-at(${order}, 0) = 'a' or selected-at(${order}, 1) = 'a')"),
        ({"question": "order.a", "at_least": 2}, "(selected(${order}, 'a') and not(selected-at(${order}, 0) = 'a'))"),
        ({"question": "order.a", "answered": False}, "not(selected(${order}, 'a'))"),
        ({"not": {"question": "why", "answered": True}}, "not(${why} != '')"),
        ({"all": [{"question": "days", "at_least": 3}, {"role": ["speaker"]}]}, "${days} >= 3"),
        ({"any": [{"question": "days", "at_least": 3}, {"mode": ["online"]}]}, ""),
        ({"not": {"meeting": ["one"]}}, ""),
    ],
)
def test_conditions_are_written_so_that_nobody_is_left_out(condition: dict[str, Any], relevant: str) -> None:
    lost: list[str] = []

    assert expressions.said(conditions.parse(condition), NAMES.__getitem__, lost) == relevant
    assert bool(lost) == bool(conditions.facts_used(conditions.parse(condition)))


@pytest.mark.parametrize(
    ("constraint", "kind", "limits"),
    [
        (". >= 1 and . <= 10", QuestionType.NUMBER, (1, 10, None, [])),
        (". > 0 and 120 > .", QuestionType.NUMBER, (1, 119, None, [])),
        (". > 1.5 and . < 3.5", QuestionType.NUMBER, (2, 3, None, [])),
        (". >= date('2026-01-01')", QuestionType.DATE, ("2026-01-01", None, None, [])),
        (". <= '2026-12-31'", QuestionType.DATE, (None, "2026-12-31", None, [])),
        ("string-length(.) <= 50", QuestionType.SHORT_TEXT, (None, None, 50, [])),
        ("string-length(.) < 50", QuestionType.LONG_TEXT, (None, None, 49, [])),
        ("count-selected(.) <= 3", QuestionType.MULTIPLE, (None, 3, None, [])),
        ("not(selected(., 'None') and count-selected(.) > 1)", QuestionType.MULTIPLE, (None, None, None, ["none"])),
        ("not(count-selected(.) >= 2 and selected(., 'None'))", QuestionType.MULTIPLE, (None, None, None, ["none"])),
    ],
)
def test_limits_are_understood(constraint: str, kind: QuestionType, limits: tuple[Any, ...]) -> None:
    found = constraints.read(constraint, kind, {"None": "none"})

    assert (found.min, found.max, found.max_length, found.exclusive) == limits
    assert found.lost == []


@pytest.mark.parametrize(
    "constraint", ["regex(., '[0-9]+')", ". != 3", ". >= ${days}", ". <= today()", ". >", ". = 'x'"]
)
def test_a_constraint_that_is_no_limit_of_ours_is_named(constraint: str) -> None:
    assert constraints.read(constraint, QuestionType.NUMBER, {}).lost == [constraint]


def test_limits_are_written_as_forms_have_them() -> None:
    number = Question("n", QuestionType.NUMBER, {}, min=0, max=30)
    date = Question("d", QuestionType.DATE, {}, max="2026-12-31")

    assert constraints.write(number) == ". >= 0 and . <= 30"
    assert constraints.write(date) == ". <= date('2026-12-31')"
    assert constraints.write(Question("i", QuestionType.INFO, {})) == ""


@pytest.mark.parametrize("text", ["", "and", "not(", "1 2", "${a", "selected(${a} 'x')", "§"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        xpath.read(text)
