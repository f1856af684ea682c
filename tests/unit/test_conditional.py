"""Questions that not everybody was asked: the attacker learns from them nothing of the answers that decided."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from mande.events.kinds import Role
from mande.reports.answers import lists
from mande.reports.answers import published
from mande.reports.answers.conditional import Publishable
from mande.reports.answers.entries import Asked
from mande.reports.answers.entries import Entry
from mande.reports.answers.entries import Table
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires import definition as definitions
from mande.surveys.questionnaires.audience import partly_asked
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import QuestionType
from tests.unit.test_disclosure import vectors

K = 5
SURVEY, OTHER_SURVEY = UUID(int=1), UUID(int=2)
OPTIONS = [{"code": code, "label": code} for code in ("a", "b", "c")]
SCALE = [{"code": str(code), "label": f"Step {code}"} for code in range(1, 6)]
DECIDING: dict[str, dict[str, Any]] = {
    "single": {"type": "single", "options": OPTIONS},
    "scale": {"type": "scale", "options": SCALE},
    "number": {"type": "number", "min": 0, "max": 3, "bands": [0, 1, 2]},
}


def questionnaire(deciding: dict[str, Any], *later: dict[str, Any], **section: Any) -> Definition:
    first = {"code": "first", "text": "First?", "core": True, **deciding}
    rest = [{"code": f"later{i}", "text": "Later?", "type": "yes_no", **one} for i, one in enumerate(later)]
    return definitions.parse(
        {
            "code": "conditional", "version": 1, "role": "participant", "languages": ["en"], "minutes": 1,
            "title": "Q", "strata": [],
            "sections": [
                {"code": "one", "title": "One", "questions": [first]},
                {"code": "two", "title": "Two", "questions": rest, **section},
            ],
        }
    )  # fmt: skip


def entry(
    definition: Definition, code: str, counts: tuple[int, ...], missing: int = 0, survey: UUID = SURVEY, **more: Any
) -> Entry:
    question = definition.question(code)
    (item,) = question.items()
    table = Table(sum(counts), missing, more.get("not_applicable", 0), counts)
    asked = [Asked(survey, Role.PARTICIPANT, None, (), table)] if table.n >= K else []
    options = ("0", "1", "2-3") if question.type is QuestionType.NUMBER else item.codes
    audience = partly_asked(definition).get(code)
    return Entry(item, definition.sections[0], "en", options, [Role.PARTICIPANT], asked, {survey: audience})


def allowed(definition: Definition, *entries: Entry) -> bool:
    return Publishable(entries, K).allows_entry(entries[-1])


TRIGGERS = [
    ("single", {"is": "a"}),
    ("single", {"in": ["a", "b"]}),
    ("single", {"answered": True}),
    ("single", {"answered": False}),
    ("scale", {"at_least": 4}),
    ("scale", {"at_most": 2}),
    ("number", {"at_least": 2}),
    ("number", {"at_most": 2}),
]


def worlds(definition: Definition, n: int) -> Iterator[tuple[tuple[int, ...], tuple[Any, ...], tuple[Any, ...]]]:
    """All ways in which so many people can have answered: the counts of the first question, what is shown of it, and
    what is shown of the later one."""
    first, later = definition.question("first"), definition.question("later0")
    condition = later.ask_if
    assert condition
    bands = {"0": "0", "1": "1", "2-3": "2"}
    for counts in vectors(n, 3 if first.type is not QuestionType.SCALE else 5):
        answered, blank = sum(counts), 2 if n % 2 else 0
        one = entry(definition, "first", counts, blank)
        values = [bands[code] for code in one.options] if first.type is QuestionType.NUMBER else list(one.options)
        holds = [conditions.holds(condition, {"first": value}, Facts()) for value in values]
        most = sum(count for count, held in zip(counts, holds, strict=True) if held)
        most += blank * conditions.holds(condition, {}, Facts())
        table = one.whole
        assert table
        shown = (published.single(first.type, table, K), answered, blank if published.tells_blanks_apart(table) else "")
        for asked in range(most + 1):
            two = entry(definition, "later0", (asked, 0), most - asked)
            said = (asked if asked >= K else "too few") if allowed(definition, one, two) else "left out"
            yield counts, shown, (said,)


@pytest.mark.parametrize(("kind", "test"), TRIGGERS, ids=lambda given: str(given))
@pytest.mark.parametrize("n", [8, 11])
def test_the_later_question_tells_nothing_of_the_answers_that_decided_who_was_asked(
    kind: str, test: dict[str, Any], n: int
) -> None:
    definition = questionnaire(DECIDING[kind], {"ask_if": {"question": "first", **test}})
    without: dict[Any, set[tuple[int, ...]]] = {}
    with_later: dict[Any, set[tuple[int, ...]]] = {}
    for counts, shown, later in worlds(definition, n):
        without.setdefault(shown, set()).add(counts)
        with_later.setdefault((shown, later), set()).add(counts)

    assert all(found == without[shown] for (shown, _later), found in with_later.items())


def test_without_the_rule_the_attacker_would_learn_something() -> None:
    definition = questionnaire(DECIDING["single"], {"ask_if": {"question": "first", "is": "b"}})
    alike: dict[Any, set[tuple[int, ...]]] = {}
    for counts, shown, _later in worlds(definition, 11):
        alike.setdefault(shown, set()).add(counts)

    # Were the number of those asked always told, it would tell distributions apart that are shown alike.
    assert any(len({counts[1] for counts in found}) > 1 for found in alike.values())


def test_enough_of_them_are_shown_to_be_of_use() -> None:
    definition = questionnaire(DECIDING["single"], {"ask_if": {"question": "first", "is": "a"}})
    said = {later for _counts, _shown, (later,) in worlds(definition, 11)}

    assert {5, 8, "too few", "left out"} <= said


def test_a_question_after_an_answer_that_was_merged_is_left_to_the_team() -> None:
    definition = questionnaire(
        {"type": "single", "options": [*OPTIONS, {"code": "d", "label": "d"}]},
        {"ask_if": {"question": "first", "in": ["a", "b"]}},
        {"ask_if": {"question": "first", "is": "a"}},
    )
    first = entry(definition, "first", (12, 2, 1, 0))
    assert lists.single((12, 2, 1, 0)).parts == ((0,), (1, 2, 3))

    assert not allowed(definition, first, entry(definition, "later0", (6, 6)))
    assert allowed(definition, first, entry(definition, "later1", (6, 6)))


def test_a_question_after_a_nearly_unanimous_answer_is_left_to_the_team() -> None:
    definition = questionnaire(DECIDING["single"], {"ask_if": {"question": "first", "is": "a"}})

    assert not allowed(definition, entry(definition, "first", (12, 1, 0)), entry(definition, "later0", (6, 6)))


def test_what_several_answers_decide_together_is_left_to_the_team() -> None:
    both = {"all": [{"question": "first", "is": "a"}, {"question": "later0", "is": "yes"}]}
    with_a_role = {"all": [{"question": "first", "is": "a"}, {"meeting": ["part-one"]}]}
    definition = questionnaire(DECIDING["single"], {}, {"ask_if": both}, {"ask_if": with_a_role})
    first, second = entry(definition, "first", (10, 10, 10)), entry(definition, "later0", (10, 20))

    assert not allowed(definition, first, second, entry(definition, "later1", (5, 3)))
    assert not allowed(definition, first, second, entry(definition, "later2", (5, 3)))


def test_a_question_within_a_conditional_section_may_follow_an_answer_given_there() -> None:
    on_yes = {"ask_if": {"question": "later0", "is": "yes"}}
    unless_yes = {"ask_if": {"not": {"question": "later0", "is": "yes"}}}
    definition = questionnaire(DECIDING["single"], {}, on_yes, unless_yes, ask_if={"question": "first", "is": "a"})
    first, second = entry(definition, "first", (12, 9, 10)), entry(definition, "later0", (7, 5))

    assert allowed(definition, first, second, entry(definition, "later1", (3, 4)))
    assert not allowed(definition, first, second, entry(definition, "later2", (3, 4)))
    assert not allowed(definition, entry(definition, "first", (12, 2, 1)), second, entry(definition, "later2", (3, 4)))


def test_a_chain_of_conditions_is_as_strong_as_its_weakest_link() -> None:
    definition = questionnaire(
        DECIDING["single"],
        {"ask_if": {"question": "first", "in": ["a", "b"]}},
        {"ask_if": {"question": "later0", "is": "yes"}},
    )
    second, third = entry(definition, "later0", (7, 5)), entry(definition, "later1", (4, 3))

    assert allowed(definition, entry(definition, "first", (9, 9, 9)), second, third)
    assert not allowed(definition, entry(definition, "first", (12, 2, 1)), second, third)


def test_where_blanks_are_not_told_they_decide_nothing_that_is_shown() -> None:
    deciding = DECIDING["single"] | {"not_applicable": True}
    definition = questionnaire(deciding, {"ask_if": {"question": "first", "answered": True}})
    later = entry(definition, "later0", (8, 9))

    assert allowed(definition, entry(definition, "first", (6, 6, 6), 4, not_applicable=5), later)
    assert not allowed(definition, entry(definition, "first", (6, 6, 6), 4, not_applicable=1), later)


def test_of_a_multiple_choice_one_option_that_is_shown_may_decide() -> None:
    deciding = {"type": "multiple", "options": OPTIONS}
    definition = questionnaire(
        deciding,
        {"ask_if": {"question": "first", "is": "a"}},
        {"ask_if": {"question": "first", "is": "c"}},
        {"ask_if": {"question": "first", "in": ["a", "b"]}},
    )
    question = definition.question("first")
    (item,) = question.items()
    table = Table(20, 0, 0, (9, 12, 2))
    asked = [Asked(SURVEY, Role.PARTICIPANT, None, (), table)]
    first = Entry(item, definition.sections[0], "en", item.codes, [Role.PARTICIPANT], asked, {SURVEY: None})

    found = [allowed(definition, first, entry(definition, f"later{i}", (5, 4))) for i in range(3)]

    assert found == [True, False, False]


@pytest.mark.parametrize(
    "deciding",
    [{"type": "short_text"}, {"type": "ranking", "options": OPTIONS}],
    ids=["a text", "a ranking"],
)
def test_what_settles_no_number_lets_nothing_follow(deciding: dict[str, Any]) -> None:
    about = "first.a" if deciding["type"] == "ranking" else "first"
    definition = questionnaire(deciding, {"ask_if": {"question": about, "answered": True}})

    assert not allowed(definition, entry(definition, "later0", (8, 9)))


def test_a_country_decides_only_where_it_is_named() -> None:
    definition = questionnaire(
        {"type": "country"},
        {"ask_if": {"question": "first", "is": "NO"}},
        {"ask_if": {"question": "first", "is": "CH"}},
        {"ask_if": {"question": "first", "is": "FR"}},
    )
    (item,) = definition.question("first").items()
    table = Table(20, 0, 0, (4, 4, 12))
    asked = [Asked(SURVEY, Role.PARTICIPANT, None, (), table)]
    first = Entry(item, definition.sections[0], "en", ("CH", "KE", "NO"), [Role.PARTICIPANT], asked, {SURVEY: None})

    found = [allowed(definition, first, entry(definition, f"later{i}", (5, 4))) for i in range(3)]

    # France does not occur, and Switzerland is among the others: both are left out alike, so that neither is known.
    assert found == [True, False, False]


def test_what_is_added_up_over_several_surveys_must_be_asked_alike_in_all_of_them() -> None:
    definition = questionnaire(DECIDING["single"], {"ask_if": {"question": "first", "is": "a"}})
    first = entry(definition, "first", (9, 9, 9))
    first.audiences[OTHER_SURVEY] = None
    first.asked.append(Asked(OTHER_SURVEY, Role.SPEAKER, None, (), Table(9, 0, 0, (3, 3, 3))))
    later = entry(definition, "later0", (4, 3))

    assert not allowed(definition, first, later)
    later.audiences[OTHER_SURVEY] = later.audiences[SURVEY]
    assert not allowed(definition, first, later)
    later.asked.append(Asked(OTHER_SURVEY, Role.SPEAKER, None, (), Table(5, 0, 0, (3, 2))))
    assert allowed(definition, first, later)


def test_where_attendance_alone_decides_figures_may_be_shown() -> None:
    definition = questionnaire(DECIDING["single"], {"ask_if": {"meeting": ["part-one"]}})

    assert allowed(definition, entry(definition, "later0", (8, 9)))
