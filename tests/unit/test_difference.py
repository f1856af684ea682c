from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys.answering import paging
from mande.surveys.authoring import difference
from mande.surveys.authoring import rewording
from mande.surveys.authoring.changes import Effect
from mande.surveys.authoring.difference import Difference
from mande.surveys.authoring.difference import Entry
from mande.surveys.authoring.difference import Kind
from mande.surveys.questionnaires import yamlfile
from mande.surveys.questionnaires.definition import parse
from tests.questionnaires import definitions

SAMPLE = yamlfile.read(Path(__file__).parent.parent / "samples" / "every_type.yaml").data


@pytest.fixture
def new() -> dict[str, Any]:
    """The sample, to be changed."""
    return deepcopy(SAMPLE)


def question(data: dict[str, Any], code: str) -> dict[str, Any]:
    return next(one for section in data["sections"] for one in section["questions"] if one["code"] == code)


def the_entry(found: Difference, code: str) -> Entry:
    [entry] = [entry for entry in found.entries if entry.code == code]
    return entry


def changed(found: Difference, code: str) -> list[str]:
    return [str(change) for change in the_entry(found, code).changes]


def test_a_version_does_not_differ_from_itself_however_it_is_written() -> None:
    written_out = parse(SAMPLE).to_dict()

    assert difference.between(SAMPLE, written_out).entries == ()
    assert list(difference.between(written_out, SAMPLE).lines()) == [
        "Nothing differs.",
        f"Results stay comparable: {len(list(parse(SAMPLE).questions()))} questions stay the same.",
    ]


def test_a_condition_that_is_written_otherwise_is_no_other_condition(new: dict[str, Any]) -> None:
    old = deepcopy(new)
    question(old, "errors")["ask_if"] = {"question": "useful", "is": 1}
    question(new, "errors")["ask_if"] = {"question": "useful", "in": ["1"]}
    assert difference.between(old, new).entries == ()

    question(new, "errors")["ask_if"] = {"question": "useful", "in": ["1", "2"]}
    assert changed(difference.between(old, new), "errors") == [
        "asked: if useful is one of 1, 2; before: if useful is 1"
    ]


def test_questions_added_removed_and_moved_are_told_and_those_that_stay_are_not(new: dict[str, Any]) -> None:
    first, second = new["sections"][0]["questions"], new["sections"][1]["questions"]
    gone = first.pop(0)
    moved = first.pop(0)
    second.insert(0, moved)
    second.append({"code": "news", "type": "long_text", "text": {"en": "News?", "fr": "Du nouveau ?"}})

    found = difference.between(SAMPLE, new)

    assert {(entry.kind, entry.code) for entry in found.entries} == {
        (Kind.REMOVED, gone["code"]),
        (Kind.CHANGED, moved["code"]),
        (Kind.ADDED, "news"),
    }
    assert the_entry(found, moved["code"]).moved == "from “Choosing” to “Telling <script>alert(1)</script>”"
    assert gone["code"] not in found.effects


def test_of_questions_that_change_places_the_fewest_are_called_moved(new: dict[str, Any]) -> None:
    questions = new["sections"][1]["questions"]
    questions.append(questions.pop(0))

    found = difference.between(SAMPLE, new)

    assert [(entry.code, entry.moved) for entry in found.entries] == [
        (questions[-1]["code"], f"now after “{questions[-2]['code']}”")
    ]


def test_sections_that_change_places_do_not_move_their_questions(new: dict[str, Any]) -> None:
    new["sections"].reverse()

    [entry] = difference.between(SAMPLE, new).entries

    assert (entry.subject, entry.code, entry.moved) == ("section", "telling", "now the first")


def test_a_rewording_is_shown_word_by_word_and_has_to_be_judged(new: dict[str, Any]) -> None:
    question(new, "useful")["text"]["en"] = "The whole meeting was useful."

    found = difference.between(SAMPLE, new)

    assert changed(found, "useful") == ["text (en): The{+ whole+} meeting was useful."]
    assert found.with_effect(Effect.JUDGE) == ["useful"]
    assert "judge whether the same is still asked: useful." in found.verdict


@pytest.mark.parametrize("text", ["the meeting was useful", "The meeting  was useful!", "THE MEETING WAS USEFUL."])
def test_capitals_spaces_and_punctuation_leave_results_comparable(new: dict[str, Any], text: str) -> None:
    question(new, "useful")["text"]["en"] = text

    found = difference.between(SAMPLE, new)

    assert changed(found, "useful")
    assert found.with_effect(Effect.NONE) == list(found.effects)


def test_a_new_translation_leaves_results_comparable_and_names_its_language(new: dict[str, Any]) -> None:
    new["languages"].append("es")
    question(new, "useful")["text"]["es"] = "La reunión fue útil."

    found = difference.between(SAMPLE, new)

    assert changed(found, "useful") == ["text (es): {+La reunión fue útil.+}"]
    assert changed(found, "every-type") == ["languages: added es"]
    assert found.verdict.startswith("Results stay comparable")


@pytest.mark.parametrize(
    ("code", "change", "told"),
    [
        ("again", lambda q: q["options"].pop(), "option another_day: removed: “Another day”"),
        (
            "again",
            lambda q: q["options"].append({"code": "later", "label": {"en": "Later", "fr": "Plus tard"}}),
            "option later: added: “Later”",
        ),
        ("useful", lambda q: q.update(comparable="usefulness"), "compared as: usefulness; before: useful"),
        ("in_a_word", lambda q: q.update(type="number", min=0, max=9), "type: number; before: short_text"),
    ],
)
def test_what_is_counted_otherwise_breaks_the_comparison(
    new: dict[str, Any], code: str, change: Any, told: str
) -> None:
    change(question(new, code))

    found = difference.between(SAMPLE, new)

    assert told in changed(found, code)
    assert found.with_effect(Effect.BREAKS) == [code]
    assert f"Not comparable with earlier results: {code}." in found.verdict


def test_other_bounds_of_a_number_break_the_comparison_only_where_its_bands_change() -> None:
    number = {"code": "days", "type": "number", "min": 0, "max": 100, "text": "Days?", "core": True}
    old = {**SAMPLE, "languages": ["en"], "sections": [{"code": "one", "title": "One", "questions": [number]}]}

    def with_number(**values: Any) -> dict[str, Any]:
        return {**old, "sections": [{"code": "one", "title": "One", "questions": [{**number, **values}]}]}

    assert difference.between(old, with_number(max=200)).effects == {"days": Effect.BREAKS}
    banded = with_number(bands=[0, 10])
    assert difference.between(banded, with_number(bands=[0, 10], max=200)).effects == {"days": Effect.JUDGE}


def test_rows_come_and_go_without_touching_the_other_rows(new: dict[str, Any]) -> None:
    question(new, "access")["rows"][0] = {"code": "room", "label": {"en": "The room.", "fr": "La salle."}}

    found = difference.between(SAMPLE, new)

    assert changed(found, "access") == ["row time: removed: “The hours suited me.”", "row room: added: “The room.”"]
    assert found.effects["access"] is Effect.NONE


def test_a_condition_is_told_in_words_and_one_of_a_section_counts_for_its_questions(new: dict[str, Any]) -> None:
    new["sections"][1]["ask_if"] = {
        "any": [
            {"all": [{"question": "useful", "in": ["1", "2"]}, {"not": {"role": ["speaker"]}}]},
            {"question": "again", "answered": False},
        ]
    }

    found = difference.between(SAMPLE, new)

    assert changed(found, "telling") == [
        "asked: if (useful is one of 1, 2 and not (the role is speaker)) or again is not answered; before: always"
    ]
    assert found.with_effect(Effect.JUDGE) == [one["code"] for one in new["sections"][1]["questions"]]


def test_marks_and_settings_are_told(new: dict[str, Any]) -> None:
    question(new, "useful").update(core=False, required=True, criterion="impact")
    new.update(minutes=9, strata=["role"], wave="followup")

    found = difference.between(SAMPLE, new)

    assert changed(found, "useful") == [
        "has to be answered: now yes",
        "core: on the two-minute route: no longer",
        "criterion: impact; before: none",
    ]
    assert changed(found, "every-type") == [
        "wave: followup; before: event",
        "minutes: 9; before: 4",
        "broken down by: removed meeting, sector",
    ]


def test_a_draft_full_of_mistakes_can_be_compared(new: dict[str, Any]) -> None:
    question(new, "useful").update(options="nowhere", max="many")
    question(new, "again")["options"][0] = {"code": "yes"}
    del question(new, "errors")["text"]
    new["sections"].append({"code": "more"})
    new["scales"] = 7

    assert {entry.code for entry in difference.between(SAMPLE, new).entries} >= {"useful", "again", "errors", "more"}


@settings(max_examples=15, deadline=None)
@given(definitions(), definitions())
def test_any_two_can_be_compared_and_each_with_itself_is_the_same(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert difference.between(new, parse(new).to_dict()).entries == ()
    found = difference.between(old, new)
    before, after = ({q.code: paging.is_question(q) for q in parse(data).questions()} for data in (old, new))
    assert set(found.effects) == {code for code in before.keys() & after.keys() if before[code] or after[code]}
    assert list(found.lines())


@given(st.lists(st.sampled_from(["how ", "useful, ", "was", " it", "?", "\n", "ما", "é "])).map("".join),
       st.lists(st.sampled_from(["how ", "useful, ", "was", " the", "!", "\n", "مدى", "é "])).map("".join))  # fmt: skip
def test_the_pieces_of_a_rewording_make_up_both_texts(old: str, new: str) -> None:
    pieces = rewording.pieces(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "old") == new


@given(st.permutations("abcdefg"), st.permutations("abcdefgh"))
def test_those_that_did_not_move_keep_their_order(old: list[str], new: list[str]) -> None:
    stayed = [code for code in new if code in old and code not in difference.moved(old, new)]

    assert stayed == [code for code in old if code in stayed]
