from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys.answering import paging
from mande.surveys.authoring import advice
from mande.surveys.authoring.advice import Audience
from mande.surveys.authoring.advice import Severity
from mande.surveys.authoring.advice import effort
from mande.surveys.authoring.advice import reach
from mande.surveys.authoring.advice.notes import Topic
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import parse
from tests.questionnaires import answers_to
from tests.questionnaires import definitions

USEFUL = {"code": "useful", "type": "scale", "text": "Was it useful?", "core": True, "not_applicable": True,
          "options": [{"code": number, "label": f"Step {number}"} for number in range(1, 6)]}  # fmt: skip
TICKED = {"code": "ticked", "type": "multiple", "text": "Which?", "max": 2,
          "options": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}, {"code": "c", "label": "C"},
                      {"code": "none", "label": "None of these", "exclusive": True}]}  # fmt: skip
DAYS = {"code": "days", "type": "number", "text": "How many days?", "min": 0, "max": 10}
RANKED = {"code": "ranked", "type": "ranking", "text": "Which first?",
          "options": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]}  # fmt: skip
LAST = {"code": "last", "type": "short_text", "text": "In a word?"}


def whole(*questions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A questionnaire in English with these questions on one page."""
    said = {"code": "any", "version": 1, "role": "participant", "languages": ["en"], "strata": [], "minutes": 9}
    sections = [{"code": "one", "title": "One", "questions": deepcopy(list(questions))}]
    return {**said, "title": "Any", "sections": sections, **changes}


def messages(data: dict[str, Any], topic: Topic, audience: Audience = advice.TYPICAL) -> list[str]:
    return [str(one) for one in advice.advise(data, audience) if one.topic is topic]


IMPOSSIBLE = [
    {"all": [{"question": "useful", "is": 1}, {"question": "useful", "is": 2}]},
    {"all": [{"question": "useful", "at_most": 2}, {"question": "useful", "in": [3, "na"]}]},
    {"all": [{"question": "useful", "at_least": 4}, {"question": "useful", "answered": False}]},
    {"all": [{"question": "ticked", "is": "a"}, {"question": "ticked", "is": "none"}]},
    {"all": [{"question": "ticked", "is": code} for code in "abc"]},
    {"question": "days", "at_least": 11},
    {"all": [{"question": "days", "at_least": 4}, {"question": "days", "at_most": 3}]},
    {"all": [{"question": "ranked.a", "is": 1}, {"question": "ranked.b", "is": 1}]},
    {"role": ["speaker"]},
    {"not": {"role": ["participant"]}},
    {"all": [{"mode": ["online"]}, {"not": {"mode": ["online"]}}]},
]
POSSIBLE = [
    {"all": [{"question": "useful", "at_most": 2}, {"not": {"question": "useful", "is": 1}}]},
    {"all": [{"question": "ticked", "is": "a"}, {"question": "ticked", "is": "b"}]},
    {"all": [{"question": "days", "at_least": 4}, {"question": "days", "at_most": 4}]},
    {"all": [{"question": "ranked.a", "at_most": 2}, {"question": "ranked.b", "at_most": 2}]},
    {"all": [{"meeting": ["one"]}, {"not": {"meeting": ["two"]}}, {"mode": ["online"]}]},
    {"question": "useful", "answered": False},
]


@pytest.mark.parametrize("condition", IMPOSSIBLE, ids=str)
def test_a_question_that_nobody_can_be_asked_is_found(condition: dict[str, Any]) -> None:
    data = whole(USEFUL, TICKED, DAYS, RANKED, {**LAST, "ask_if": condition})

    [said] = messages(data, Topic.REACH)

    assert said.startswith("sections[0].questions[4].ask_if: this question can never be asked")


@pytest.mark.parametrize("condition", POSSIBLE, ids=str)
def test_a_question_that_somebody_may_be_asked_is_left_alone(condition: dict[str, Any]) -> None:
    assert messages(whole(USEFUL, TICKED, DAYS, RANKED, {**LAST, "ask_if": condition}), Topic.REACH) == []


def test_what_looks_back_at_something_never_asked_is_never_asked_either() -> None:
    never = {**TICKED, "ask_if": {"role": ["partner"]}}
    data = whole(USEFUL, never, {**LAST, "ask_if": {"question": "ticked", "answered": True}})

    assert [said.partition(":")[0] for said in messages(data, Topic.REACH)] == [
        "sections[0].questions[1].ask_if",
        "sections[0].questions[2].ask_if",
    ]


def test_a_section_that_nobody_is_asked_is_named_once_and_not_each_of_its_questions() -> None:
    data = whole(USEFUL)
    data["sections"].append({"code": "two", "title": "Two", "ask_if": IMPOSSIBLE[0], "questions": [LAST, DAYS]})

    [said] = messages(data, Topic.REACH)

    assert said.startswith("sections[1].ask_if: this section can never be asked")


def test_a_condition_that_always_holds_is_named() -> None:
    either = {"any": [{"question": "useful", "answered": True}, {"question": "useful", "answered": False}]}

    [said] = messages(whole(USEFUL, {**LAST, "ask_if": either}), Topic.REACH)

    assert "always holds (if useful is answered or useful is not answered)" in said


def test_a_core_question_is_not_asked_where_its_condition_looks_at_what_is_not_core() -> None:
    asked = {**LAST, "core": True, "ask_if": {"question": "days", "at_least": 3}}

    [said] = messages(whole(USEFUL, DAYS, asked), Topic.REACH)

    assert said.startswith("sections[0].questions[2].core: is marked core, but on the two-minute route it is never")
    assert messages(whole(USEFUL, {**DAYS, "core": True}, asked), Topic.REACH) == []


def test_meetings_that_the_event_does_not_have_are_named() -> None:
    audience = Audience(people=25, k=5, meetings=("part-one", "part-two"), event="WP1873v")

    said = messages(whole(USEFUL, {**LAST, "ask_if": {"meeting": ["part-1"]}}), Topic.REACH, audience)

    assert any("names the meeting part-1, which WP1873v does not have" in one for one in said)
    assert any("can never be asked" in one for one in said)


def test_too_many_combinations_are_not_tried_and_nothing_is_said() -> None:
    questions = [{**USEFUL, "code": f"q{number}"} for number in range(12)]
    steps = {"all": [{"any": [{"question": q["code"], "is": n} for n in range(1, 6)]} for q in questions]}

    assert messages(whole(*questions, {**LAST, "ask_if": {"all": [steps, IMPOSSIBLE[8]]}}), Topic.REACH) == []


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_what_is_called_impossible_is_never_asked_and_what_is_called_certain_always(data: st.DataObject) -> None:
    raw = data.draw(definitions())
    definition = parse(raw)
    roles = data.draw(st.lists(st.sampled_from(["speaker", "participant"]), unique=True))
    facts = Facts(
        (definition.role, *roles) if definition.role == "partner" else (definition.role,),
        tuple(data.draw(st.lists(st.sampled_from(["part-one", "part-two", "3"]), unique=True))),
        data.draw(st.sampled_from([None, "online", "in_person"])),
    )
    asked = paging.asked(definition, data.draw(answers_to(definition, facts)), facts)

    for number, section in enumerate(definition.sections):
        here = {question.code for question in asked[number].questions}
        for place, question in enumerate(section.questions):
            found = reach.of_question(definition, number, place)
            assert found.asked is not False or question.code not in here
            if section.ask_if is None and found.skipped is False:
                assert question.code in here


def test_condition_values_tried_are_answers_that_can_be_given() -> None:
    definition = parse(whole(USEFUL, {**LAST, "ask_if": {"question": "useful", "at_least": 3}}))

    assert reach.of_question(definition, 0, 1) == reach.Reach(asked=True, skipped=True)
    assert conditions.references(definition.question("last").ask_if) == {"useful"}


SMALL = Audience(
    people=20,
    k=5,
    groups={
        "sector": {"state": 14, "civil_society": 3, "media": 3},
        "meeting": {"all": 10, "part-one": 9, "part-two": 1},
        "mode": {"online": 20},
    },
    event="WP1873v",
    alone=4,
)


def test_strata_are_judged_by_the_groups_that_can_be_expected_to_answer() -> None:
    said = messages(whole(USEFUL, strata=["role", "sector", "meeting", "mode"]), Topic.ANONYMITY, SMALL)

    assert [one.partition(" ")[0] for one in said] == ["strata[1]:", "strata[2]:", "strata[3]:"]
    assert "only one of them reaches 5: hardly anything could be shown by it" in said[0]
    assert "of which part-two will hardly reach 5 answers" in said[1]
    assert "divides nobody" in said[2]


def test_strata_that_suit_the_audience_are_left_alone() -> None:
    audience = Audience(people=40, k=5, groups={"meeting": {"all": 20, "part-one": 10, "part-two": 10}}, alone=0)

    assert messages(whole(USEFUL, strata=["role", "meeting"]), Topic.ANONYMITY, audience) == []


@pytest.mark.parametrize(("people", "warned"), [(4, True), (6, True), (8, False)])
def test_an_audience_too_small_for_any_result_is_named(people: int, warned: bool) -> None:
    said = messages(whole(USEFUL), Topic.ANONYMITY, Audience(people=people, k=5))

    assert bool(said) is warned


def test_many_strata_together_are_named() -> None:
    four = whole(USEFUL, strata=["meeting", "sector", "gender", "mode"])
    three = whole(USEFUL, strata=["meeting", "sector", "gender"])
    most = Audience(people=20, k=5, alone=15)

    assert any("4 things are stored with each answer" in one for one in messages(four, Topic.ANONYMITY))
    assert any("make 54 combinations" in one for one in messages(three, Topic.ANONYMITY))
    assert any("15 of 20 people differ from all others" in one for one in messages(three, Topic.ANONYMITY, most))


@pytest.mark.parametrize(
    "question",
    [
        {"code": "x", "type": "country", "text": "Where do you live?"},
        {"code": "x", "type": "date", "text": "When?"},
        {"code": "x", "type": "short_text", "text": "What is your job title?"},
        {"code": "x", "type": "short_text", "text": "Quel est le nom de votre ministère ?"},
        {"code": "x", "type": "short_text", "text": "ما اسم المؤسسة التي تعمل فيها؟"},
        {"code": "x", "type": "number", "text": "Your years of service?", "min": 0, "max": 50},
        {"code": "x", "type": "single", "text": "Which organisation are you from?", "other": True,
         "options": [{"code": "un", "label": "UN"}, {"code": "eu", "label": "EU"}]},
        {"code": "x", "type": "long_text", "text": "What should be better?"},
    ],
    ids=lambda question: f"{question['type']}: {question['text']}",
)  # fmt: skip
def test_questions_by_which_people_can_be_recognised_are_named(question: dict[str, Any]) -> None:
    [said] = messages(whole(USEFUL, question), Topic.ANONYMITY)

    assert said.startswith("sections[0].questions[1]: ")


@pytest.mark.parametrize(
    ("language", "text", "part"),
    [
        ("en", "Was the venue and/or the food good?", "and/or"),
        ("fr", "La salle et/ou le repas étaient bons ?", "et/ou"),
        ("es", "¿La sala y/o la comida fueron buenas?", "y/o"),
        ("ar", "هل كانت القاعة و/أو الطعام جيدة؟", "و/أو"),
        ("en", "Don't you think that it went well?", "suggests the answer"),
        ("fr", "Ne pensez-vous pas que c’était utile ?", "suggests the answer"),
        ("en", "How was the excellent event?", "suggests the answer"),
        ("en", "The hours and the language suited me and the room and the food were good.", "two things"),
        ("en", "I did not feel unhelpful.", "denies twice"),
    ],
)
def test_wording_that_cannot_be_answered_is_named_in_its_language(language: str, text: str, part: str) -> None:
    asked = {**USEFUL, "text": {"en": "Was it useful?", language: text}}

    said = messages(whole(asked, languages=list(dict.fromkeys(["en", language]))), Topic.WORDING)

    assert any(part in one and one.startswith("sections[0].questions[0].text: ") for one in said)


def test_length_is_estimated_and_compared_with_what_the_first_page_says() -> None:
    texts = [{"code": f"t{n}", "type": "long_text", "text": "What else?", "hint": "Freely."} for n in range(6)]

    said = messages(whole(USEFUL, *texts, minutes=2), Topic.EFFORT)

    assert said == [
        "minutes: takes about 5 minutes and says 2 minutes. Cut questions, or say how long it really takes",
        "sections: asks for 6 longer texts. After the third most people write nothing, or leave: keep the few that "
        "somebody will read and act on",
    ]
    assert messages(whole(USEFUL, *texts[:2], minutes=2), Topic.EFFORT) == []


def test_a_core_route_longer_than_two_minutes_is_named() -> None:
    core = [{**USEFUL, "code": f"q{number}"} for number in range(20)]

    [said] = messages(whole(*core, minutes=9), Topic.EFFORT)

    assert said.startswith("sections: the questions marked core take about ")


def test_what_not_everybody_is_asked_counts_half_and_what_is_repeated_twice() -> None:
    once = effort.seconds(whole(USEFUL, LAST)) - effort.seconds(whole(USEFUL))
    half = effort.seconds(whole(USEFUL, {**LAST, "ask_if": {"mode": ["online"]}})) - effort.seconds(whole(USEFUL))
    data = whole(USEFUL)
    data["sections"][0]["repeat"] = "meeting"

    assert half == once / 2
    assert effort.seconds(data) == 2 * effort.seconds(whole(USEFUL))


def test_forms_that_are_hard_to_answer_are_named() -> None:
    long = {"code": "long", "type": "single", "text": "Which?",
            "options": [{"code": f"o{number}", "label": f"Number {number}"} for number in range(12)]}  # fmt: skip
    rows = [{"code": f"r{number}", "label": f"Row {number}"} for number in range(9)]
    wide = {**USEFUL, "code": "wide", "type": "matrix", "rows": rows, "not_applicable": False}

    found = advice.advise(whole({**USEFUL, "required": True, "text": "x" * 200}, long, wide))

    assert [(str(one).partition(":")[0], one.topic) for one in found if one.topic is not Topic.ANONYMITY] == [
        ("sections[0].questions[0].required", Topic.WORDING),
        ("sections[0].questions[0].text", Topic.PHONE),
        ("sections[0].questions[1].options", Topic.PHONE),
        ("sections[0].questions[2]", Topic.WORDING),
        ("sections[0].questions[2].rows", Topic.PHONE),
    ]
    assert {one.severity for one in found} == {Severity.HINT}


def test_languages_that_lack_texts_or_a_reader_are_named() -> None:
    data = whole({**USEFUL, "text": {"en": "Useful?", "fr": "Utile ?"}}, languages=["en", "fr"], machine_made=["fr"])

    lacking, unread = messages(data, Topic.LANGUAGES)

    assert lacking.startswith("languages: fr: 7 of 8 texts are lacking")
    assert unread.startswith("machine_made: fr was translated by machine")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"sections": 3},
        {"sections": [{"questions": [{"options": "x"}, 7]}], "strata": 1},
        {"languages": [1], "title": 4, "machine_made": "fr"},
    ],
)
def test_a_draft_that_is_hardly_begun_gets_what_advice_there_is(data: dict[str, Any]) -> None:
    assert all(str(one) for one in advice.advise(data))


@settings(max_examples=25, deadline=None)
@given(definitions())
def test_every_piece_of_advice_on_any_questionnaire_leads_to_something_in_it(data: dict[str, Any]) -> None:
    for one in advice.advise(data):
        assert one.message
        found: Any = data
        for step in one.path:
            found = found[step]
