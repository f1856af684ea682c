"""What the checker says of bounds, conditions, repeated sections and placeholders that cannot be."""

from typing import Any

import pytest

from mande.surveys.questionnaires.definition import DefinitionError
from mande.surveys.questionnaires.definition import parse

OPTIONS = [{"code": code, "label": code.upper()} for code in ("a", "b", "c")]
SCALE = [{"code": number, "label": f"Step {number}"} for number in range(1, 6)]
USEFUL = {"code": "useful", "type": "scale", "text": "Useful?", "options": SCALE, "core": True}
SINGLE = {"code": "one", "type": "single", "text": "Which?", "options": OPTIONS}
MATRIX = {**USEFUL, "code": "access", "type": "matrix", "core": False, "rows": [{"code": "sound", "label": "Sound"}]}
NOTE = {"code": "note", "type": "info", "text": "Read this."}
WORDS = {"code": "words", "type": "short_text", "text": "In a word?"}
PEOPLE = {"code": "people", "type": "number", "text": "How many?", "min": 0, "max": 100}


def asking(*questions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A questionnaire whose only section asks these after `useful`; `changes` are the section's."""
    return {
        "code": "checked",
        "version": 1,
        "role": "participant",
        "languages": ["en"],
        "strata": [],
        "minutes": 2,
        "title": "Checked",
        "sections": [{"code": "first", "title": "First", "questions": [USEFUL, *questions], **changes}],
    }


def after(*questions: dict[str, Any], **condition: Any) -> dict[str, Any]:
    """A questionnaire whose last question is asked on a condition, after `questions`."""
    return asking(*questions, {**WORDS, "ask_if": condition})


WRONG = [
    (asking({name: value for name, value in PEOPLE.items() if name != "min"}), "a question of type number needs min"),
    (asking({**PEOPLE, "max": "2026-01-01"}), "min and max of a question of type number are whole numbers"),
    (asking({**PEOPLE, "max": 0}), "is not above min"),
    (asking({**PEOPLE, "bands": [1, 5]}), "the first band begins at min, which is 0"),
    (asking({**PEOPLE, "bands": [0, 9, 5]}), "in rising order"),
    (asking({**PEOPLE, "bands": [0, 101]}), "none above max"),
    (asking({**WORDS, "type": "date", "min": "2026-02-30"}), "'2026-02-30' is no date"),
    (asking({**WORDS, "type": "date", "min": "2026-02-03", "max": "2026-02-02"}), "lies before min"),
    (asking({**SINGLE, "type": "multiple", "max": 4}), "lies between 1 and 3"),
    (asking({**SINGLE, "type": "multiple", "min": 3, "max": 2}), "is above max"),
    (asking({**SINGLE, "type": "ranking", "max": 4}), "at least one option is ranked"),
    (asking({**SINGLE, "type": "ranking", "options": None}), "None should be"),
    (asking({"code": "rank", "type": "ranking", "text": "Rank"}, repeat="meeting"), "a question of type ranking needs"),
    (asking({**SINGLE, "display": "list", "type": "multiple"}), "a question of type multiple has no display"),
    (asking({**NOTE, "required": True}), "a question of type info has no required"),
    (asking({**WORDS, "comment": True}), "a question of type short_text has no comment"),
    (asking({**WORDS, "type": "yes_no", "options": OPTIONS}), "has the codes yes and no"),
    (after(question="usefull", answered=True), "there is no question 'usefull'; is it 'useful'?"),
    (after(question="words", answered=True), "a condition can only look back"),
    (after(SINGLE, question="one", **{"is": "d"}), "'one' has no option d"),
    (after(SINGLE, question="one", at_least=3), "an answer to 'one' is no number to compare"),
    (after(PEOPLE, question="people", **{"is": 3}), "'people' has no options; use at_least and at_most"),
    (after(MATRIX, question="access", at_most=2), "name a row of 'access': access.sound"),
    (after(MATRIX, question="access.light", at_most=2), "name a row of 'access': access.sound"),
    (after(SINGLE, question="one.a", **{"is": "a"}), "'one' has no rows"),
    (after(NOTE, question="note", answered=True), "'note' is information, which has no answer"),
    (after(question="useful", **{"is": 1, "in": [2]}), "is not a condition"),
    (after(role=["guest"]), "is not a condition"),
    (asking({**WORDS, "text": "In {event} or {evnt}?"}), "has an unknown placeholder {evnt}; there is {convenor}"),
    (asking({**WORDS, "text": "In {meeting}?"}), "cannot say {meeting} here: only a repeated section"),
    (asking({**WORDS, "text": "Dear {name}?"}), "cannot say {name} here: a name belongs in an introduction"),
    (asking({**WORDS, "hint": "50 % { of it"}), "has a lone brace; write {{ or }}"),
    (asking({**SINGLE, "code": "w" * 38, "comment": True}, repeat="meeting"), "is too long in a repeated section"),
    ({**asking(), "machine_made": ["fr"]}, "names fr, which is not among the languages"),
]  # fmt: skip

RIGHT = [
    asking({**PEOPLE, "bands": [0, 1, 5, 100], "unit": "people"}),
    asking({**WORDS, "type": "date", "min": "2026-02-28", "max": "2026-02-28"}),
    asking({**SINGLE, "type": "multiple", "min": 1, "max": 3}),
    asking({**SINGLE, "type": "ranking", "max": 3}),
    asking({**USEFUL, "code": "seven", "options": [*SCALE, {"code": 6, "label": "6"}, {"code": 7, "label": "7"}]}),
    asking({**WORDS, "text": "In {meeting} of {event}, {{so to say}}?"}, repeat="meeting", intro="Dear {name}"),
    after({**SINGLE, "other": True}, question="one", **{"in": ["a", "other"]}),
    after({**WORDS, "code": "where", "type": "country"}, question="where", **{"is": "CH"}),
    after(any=[{"question": "useful", "at_most": 2}, {"not": {"all": [{"role": ["speaker"]}, {"mode": ["online"]}]}}]),
]


@pytest.mark.parametrize(("data", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_cannot_be_is_said_with_what_to_do(data: dict[str, Any], said: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(data)

    assert any(said in str(problem) for problem in caught.value.problems), caught.value.problems


@pytest.mark.parametrize("data", RIGHT)
def test_what_can_be_is_accepted_and_survives_being_stored(data: dict[str, Any]) -> None:
    found = parse(data)

    assert parse(found.to_dict()) == found


def test_only_its_own_section_looks_back_at_what_is_asked_for_each_meeting() -> None:
    data = asking(SINGLE, repeat="meeting")
    later = {**WORDS, "ask_if": {"question": "one", "is": "a"}}
    data["sections"].append({"code": "second", "title": "Second", "questions": [later]})

    with pytest.raises(DefinitionError, match="'one' is asked for each meeting"):
        parse(data)

    data["sections"][0]["questions"].append(data["sections"].pop()["questions"][0])
    assert parse(data).is_repeated
