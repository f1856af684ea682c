from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mande.surveys.questionnaires import condition_wording
from mande.surveys.questionnaires import conditions
from mande.surveys.questionnaires.definition import load
from mande.surveys.questionnaires.definition import parse
from tests import drawing

OPTIONS = [{"code": "a", "label": "Apples"}, {"code": "b", "label": "Pears"}, {"code": "c", "label": "Plums"}]
SCALE = [{"code": number, "label": label} for number, label in enumerate(("Bad", "Poor", "Fair", "Good", "Best"), 1)]
DEFINITION = parse(
    {
        "code": "small", "version": 1, "role": "partner", "title": "Small", "minutes": 1, "languages": ["en"],
        "strata": [], "sections": [{"code": "only", "title": "Only", "questions": [
            {"code": "one", "type": "single", "text": "One?", "options": OPTIONS, "other": True, "core": True},
            {"code": "some", "type": "multiple", "text": "Some?", "options": OPTIONS},
            {"code": "scale", "type": "scale", "text": "How?", "options": SCALE, "not_applicable": True},
            {"code": "rows", "type": "matrix", "text": "How far?", "options": SCALE,
             "rows": [{"code": "first", "label": "The first"}]},
            {"code": "rank", "type": "ranking", "text": "What first?", "options": OPTIONS},
            {"code": "hours", "type": "number", "text": "How long?", "min": 0, "max": 9},
            {"code": "home", "type": "country", "text": "Where?"},
            {"code": "told", "type": "long_text", "text": "Tell us"},
        ]}],
    }
)  # fmt: skip
EVERY_WAY = load(Path(__file__).parents[1] / "samples" / "every_way.yaml")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with drawing.speaking("en"):
        yield


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"question": "one", "is": "a"}, "you answered “Apples” to “One?”"),
        ({"question": "one", "in": ["a", "b", "other"]}, "you answered “Apples”, “Pears”, or “Other” to “One?”"),
        ({"not": {"question": "one", "is": "a"}}, "you did not answer “Apples” to “One?”"),
        ({"question": "some", "is": "a"}, "you chose “Apples” among the answers to “Some?”"),
        ({"not": {"question": "some", "is": "a"}}, "you did not choose “Apples” among the answers to “Some?”"),
        ({"question": "scale", "at_least": 4}, "you answered “Good” or “Best” to “How?”"),
        ({"question": "scale", "at_most": 1}, "you answered “Bad” to “How?”"),
        ({"question": "scale", "is": "na"}, "you answered “Not applicable” to “How?”"),
        ({"question": "rows.first", "at_most": 2}, "you answered “Bad” or “Poor” to “The first”"),
        ({"question": "rank.b", "is": "1"}, "you gave “Pears” rank 1"),
        ({"question": "rank.b", "at_most": 2}, "you gave “Pears” rank 2 or an earlier one"),
        ({"question": "rank.b", "at_least": 2}, "you gave “Pears” rank 2 or a later one"),
        ({"question": "rank.b", "answered": True}, "you ranked “Pears”"),
        ({"question": "rank.b", "answered": False}, "you did not rank “Pears”"),
        ({"question": "hours", "at_least": 5}, "your answer to “How long?” is 5 or more"),
        ({"not": {"question": "hours", "at_most": 5}}, "it is not so that your answer to “How long?” is 5 or less"),
        ({"question": "home", "in": ["NO", "CH"]}, "you answered “Norway” or “Switzerland” to “Where?”"),
        ({"question": "told", "answered": True}, "you answered “Tell us”"),
        ({"not": {"question": "told", "answered": True}}, "you did not answer “Tell us”"),
        ({"role": ["speaker", "partner"]}, "you took part as a speaker or for a partner"),
        ({"not": {"mode": ["online"]}}, "you did not take part online"),
        ({"meeting": ["part_one"]}, "you attended “part_one”"),
        ({"all": [{"mode": ["online"]}, {"question": "told", "answered": False}]},
         "you took part online and you did not answer “Tell us”"),
        ({"all": [{"mode": ["online"]}, {"any": [{"role": ["speaker"]}, {"question": "told", "answered": True}]}]},
         "you took part online and (you took part as a speaker or you answered “Tell us”)"),
        ({"not": {"any": [{"mode": ["online"]}, {"question": "told", "answered": True}]}},
         "you did not take part online and you did not answer “Tell us”"),
        ({"not": {"all": [{"mode": ["online"]}, {"not": {"question": "told", "answered": True}}]}},
         "you did not take part online or you answered “Tell us”"),
        ({"all": [{"mode": ["online"]}]}, "you took part online"),
    ],
)  # fmt: skip
def test_a_condition_reads_as_a_sentence(condition: dict[str, Any], said: str) -> None:
    assert condition_wording.say(conditions.parse(condition), DEFINITION, "en") == f"Only if {said}."


def test_questions_and_answers_are_quoted_in_the_language_of_the_questionnaire() -> None:
    condition = EVERY_WAY.question("why_not").ask_if
    assert condition is not None

    assert "هل ستحضر مرة أخرى؟" in condition_wording.say(condition, EVERY_WAY, "ar")
