"""What the editor does to a draft, whatever the draft."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys.authoring.editor import editing
from mande.surveys.authoring.editor import kinds
from mande.surveys.authoring.editor import naming
from mande.surveys.authoring.editor import question_form
from mande.surveys.authoring.editor import references
from mande.surveys.authoring.editor import shape
from mande.surveys.authoring.editor import yamltext
from mande.surveys.authoring.editor.editing import Data
from mande.surveys.authoring.editor.references import Renaming
from mande.surveys.questionnaires.building import Builder
from mande.surveys.questionnaires.definition import parse
from mande.surveys.questionnaires.questions import QuestionType
from tests import questionnaires

few = settings(max_examples=15, deadline=None)


def drafts() -> st.SearchStrategy[Data]:
    """Any questionnaire, as a draft."""
    return questionnaires.definitions().map(shape.normal)


def codes(data: Data) -> list[str]:
    return [question["code"] for question in editing.questions(data)]


def a_question(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "type": "yes_no", "text": {"en": f"{code}?"}, **more}


def parse_one(question: dict[str, Any]) -> Any:
    """A question as it is asked: a rating's labels are in the order of its numbers, whatever the file's order."""
    languages = tuple({language: 0 for text in texts_of(question) for language in text})
    return Builder(languages, {}).question(question)


def texts_of(question: dict[str, Any]) -> list[dict[str, str]]:
    parts = [*question.get("options", []), *question.get("rows", [])]
    return [question["text"], *(part["label"] for part in parts)]


def a_draft(*sections: list[dict[str, Any]]) -> Data:
    """Sections s1, s2 and so on, with these questions."""
    return {
        "code": "draft",
        "languages": ["en", "fr"],
        "strata": [],
        "sections": [
            {"code": f"s{number}", "title": {"en": f"Section {number}"}, "questions": asked}
            for number, asked in enumerate(sections, 1)
        ],
    }


@given(drafts())
@few
def test_a_draft_says_what_the_questionnaire_said_and_comes_back_out_of_yaml_the_same(data: Data) -> None:
    assert shape.normal(data) == data
    assert parse(data).to_dict() == parse(shape.normal(parse(data).to_dict())).to_dict()
    assert yamltext.read(yamltext.dump(data), "draft") == data


@given(drafts(), st.data())
@few
def test_no_operation_spoils_the_form_loses_a_question_or_touches_its_own_draft(
    data: Data, choose: st.DataObject
) -> None:
    before = copy.deepcopy(data)
    asked = choose.draw(st.sampled_from(codes(data)))
    section = choose.draw(st.sampled_from([one["code"] for one in editing.sections(data)]))
    kept: list[Callable[[], Data]] = [
        lambda: editing.move_question(data, asked, down=True),
        lambda: editing.move_question(data, asked, down=False),
        lambda: editing.put_question(data, asked, section, choose.draw(st.none() | st.integers(0, 4))),
        lambda: editing.move_section(data, section, choose.draw(st.integers(-3, 3))),
        lambda: editing.add_section(data, "A new one")[0],
    ]
    for operation in kept:
        changed = operation()
        assert sorted(codes(changed)) == sorted(codes(data))
        assert shape.problems(changed) == []
    copied, twin = editing.copy_question(data, asked)
    assert sorted(codes(copied)) == sorted([*codes(data), twin])
    assert editing.question(copied, twin) == {**editing.question(data, asked), "code": twin}
    removed = editing.remove_question(data, asked)
    assert sorted([*codes(removed), asked]) == sorted(codes(data))
    assert shape.problems(copied) + shape.problems(removed) == []
    assert data == before


@given(drafts(), st.data())
@few
def test_moving_there_and_back_leaves_everything_where_it_was(data: Data, choose: st.DataObject) -> None:
    asked = choose.draw(st.sampled_from(codes(data)))
    down = choose.draw(st.booleans())
    section = choose.draw(st.sampled_from([one["code"] for one in editing.sections(data)]))

    moved = editing.move_question(data, asked, down=down)
    if moved != data:
        assert editing.move_question(moved, asked, down=not down) == data
    moved = editing.move_section(data, section, 1 if down else -1)
    if moved != data:
        assert editing.move_section(moved, section, -1 if down else 1) == data


@given(drafts(), st.data())
@few
def test_conditions_follow_a_question_that_is_called_otherwise(data: Data, choose: st.DataObject) -> None:
    asked = choose.draw(st.sampled_from(codes(data)))
    waiting = editing.dependants(data, asked)
    renaming = Renaming(asked, "quite_another")

    changed = editing.change_question(data, renaming, editing.question(data, asked))

    # Still a questionnaire without a mistake: every reference leads to something.
    assert parse(changed | {"version": 1})
    assert editing.dependants(changed, asked) == []
    there = [code if code != asked else "quite_another" for code in waiting]
    assert editing.dependants(changed, "quite_another") == there
    back = editing.change_question(changed, Renaming("quite_another", asked), editing.question(data, asked))
    assert back == data


@given(drafts(), st.data())
@few
def test_a_copied_section_stands_beside_its_original_and_looks_back_at_its_own_questions(
    data: Data, choose: st.DataObject
) -> None:
    section = choose.draw(st.sampled_from([one["code"] for one in editing.sections(data)]))

    changed, twin = editing.copy_section(data, section)

    assert shape.problems(changed) == []
    assert len(set(codes(changed))) == len(codes(changed))
    own = [question["code"] for question in editing.section(data, section)["questions"]]
    for part in editing.section(changed, twin)["questions"]:
        assert not set(own) & set(references.questions_in(part.get("ask_if")))
    assert editing.remove_section(changed, twin) == data


@given(drafts())
@few
def test_a_page_that_is_saved_as_it_is_changes_nothing(data: Data) -> None:
    for question in editing.questions(data):
        form = question_form.shown(question, data["languages"][0])
        kept, renaming = question_form.taken(form, question, data["languages"][0])
        assert parse_one(kept) == parse_one(question)
        assert not renaming.is_needed


def test_a_question_goes_over_into_the_next_section() -> None:
    data = a_draft([a_question("a"), a_question("b")], [a_question("c")])

    assert codes(moved := editing.move_question(data, "b", down=True)) == ["a", "b", "c"]
    assert editing.section_of(moved, "b")["code"] == "s2"
    assert editing.move_question(data, "c", down=True) == data
    assert codes(editing.put_question(data, "a", "s2")) == ["b", "c", "a"]
    assert codes(editing.put_question(data, "c", "s1", 1)) == ["a", "c", "b"]


def test_rows_and_options_take_the_conditions_that_name_them_along() -> None:
    condition = {"any": [{"question": "a.first", "at_least": 2}, {"not": {"question": "b", "in": ["x", "y"]}}]}
    data = a_draft([a_question("a"), a_question("b"), a_question("c", ask_if=condition)])

    data = editing.change_question(data, Renaming("a", "aa", rows={"first": "one"}), editing.question(data, "a"))
    data = editing.change_question(data, Renaming("b", "b", options={"x": "y", "y": "x"}), editing.question(data, "b"))

    assert editing.question(data, "c")["ask_if"] == {
        "any": [{"question": "aa.one", "at_least": 2}, {"not": {"question": "b", "in": ["y", "x"]}}]
    }


def test_a_code_that_another_part_has_is_refused() -> None:
    data = a_draft([a_question("a"), a_question("b")], [])

    with pytest.raises(ValueError, match="question 'b' already"):
        editing.change_question(data, Renaming("a", "b"), editing.question(data, "a"))
    with pytest.raises(ValueError, match="section 's2' already"):
        editing.change_section(data, "s1", {"code": "s2"})


def test_what_is_not_there_cannot_be_changed() -> None:
    data = a_draft([a_question("a")])

    for operation in (editing.question, editing.section, editing.remove_question, editing.copy_section):
        with pytest.raises(KeyError):
            operation(data, "nothing")


def test_a_language_that_is_taken_away_takes_its_texts_but_no_text_is_lost_altogether() -> None:
    data = a_draft([{"code": "a", "type": "info", "text": {"en": "Hello", "fr": "Bonjour"}, "hint": {"en": "Only so"}}])

    without = editing.change_settings(data, {"languages": ["fr"]})

    question = editing.question(without, "a")
    assert question["text"] == {"fr": "Bonjour"}
    assert question["hint"] == {"fr": "Only so"}
    assert editing.section(without, "s1")["title"] == {"fr": "Section 1"}


@pytest.mark.parametrize("kind", list(QuestionType))
def test_every_type_begins_as_something_that_needs_no_more_than_words(kind: QuestionType) -> None:
    question = kinds.new(kind, "one", {"en": "One?"})
    for part in (*question.get("options", []), *question.get("rows", [])):
        part["label"] = {"en": f"Label {part['code']}"}
    core = a_question("core", core=True)
    whole = a_draft([core, question]) | {"languages": ["en"], "title": {"en": "T"}, "role": "speaker", "minutes": 1}

    assert parse(shape.normal(whole) | {"version": 1})


@pytest.mark.parametrize("kind", list(QuestionType))
def test_another_type_leaves_nothing_that_does_not_fit(kind: QuestionType) -> None:
    flags = dict.fromkeys(kinds.FLAGS, True) | {"criterion": "impact", "level": "results", "comparable": "x"}
    question = {**kinds.new(kind, "one", {"en": "One?"}), **flags, "display": "list", "max_length": 9}
    for other in QuestionType:
        changed = kinds.fitting({**question, "type": other})

        allowed = {key for name in kinds.fields(other) for key in kinds.KEYS.get(name, (name,))} | set(kinds.OF_ALL)
        assert set(changed) <= allowed | ({"max_length"} if "other" in allowed else set())
        assert kinds.fitting(changed) == changed


@given(st.text(), st.sets(st.sampled_from(["a", "a_2", "trust", "question", "na"])))
def test_a_fresh_code_is_a_code_and_nobody_has_it(wanted: str, taken: set[str]) -> None:
    code = naming.fresh(wanted, taken)

    assert naming.CODE.fullmatch(code)
    assert code not in taken | naming.RESERVED
    choice = naming.fresh_choice(wanted, taken)
    assert naming.CHOICE.fullmatch(choice)
    assert choice not in taken | naming.RESERVED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("How useful was the event for your work?", "how_useful_was_the_event"),
        ("À quoi servira-t-elle ?", "a_quoi_servira_t_elle"),
        ("ما مدى فائدة اللقاء", ""),
        ("Don’t know", "dont_know"),
    ],
)
def test_a_text_becomes_a_code_that_reminds_of_it(text: str, code: str) -> None:
    assert naming.slug(text) == code


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sections": "none"}, "sections: 'none' should be array"),
        ({"sections": [{"title": "T"}]}, "sections[0]: lacks code"),
        ({"colour": "red"}, "has unknown keys: colour"),
        ({"sections": [{"code": "a", "questions": [{"code": "q"}]}]}, "sections[0].questions[0]: lacks type"),
        (
            {"sections": [{"code": "a", "questions": [a_question("q"), a_question("q")]}]},
            "sections[0].questions[1].code: the question code 'q' is used twice",
        ),
        (
            {"sections": [{"code": "a", "questions": [a_question("q", type="scale", options="nowhere")]}]},
            "there is no scale 'nowhere'; there is: none",
        ),
    ],
)
def test_what_the_editor_could_not_hold_is_refused(changes: dict[str, Any], said: str) -> None:
    [problem] = shape.problems({"code": "draft", **changes})

    assert said in str(problem)


def test_a_draft_may_lack_nearly_everything() -> None:
    section = {"code": "s", "questions": [{"code": "q", "type": "scale"}]}

    assert shape.normal({"code": "draft", "languages": [], "title": "Hello", "sections": [section]}) == {
        "code": "draft", "languages": ["en"], "title": {"en": "Hello"}, "strata": [],
        "sections": [{"code": "s", "questions": [{"type": "scale", "code": "q"}]}],
    }  # fmt: skip
