"""What stands in the place of {event}, {name} and their like."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mande.surveys.questionnaires import placeholders
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.questionnaires.definition import parse
from mande.surveys.questionnaires.definition import spoken
from tests.unit.test_checking import SINGLE
from tests.unit.test_checking import WORDS
from tests.unit.test_checking import asking


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("What did {event} change?", "What did Talks change?"),
        ("{{event}} in braces", "{event} in braces"),
        ("{ event }", "Talks"),
        ("Dear {name}", f"Dear {placeholders.NAME_MARK}"),
    ],
)
def test_a_text_is_read_with_its_places_filled(text: str, read: str) -> None:
    assert placeholders.finish(text, {"event": "Talks"}) == read


@given(st.text())
def test_what_is_put_into_a_place_is_read_as_it_is_whatever_braces_it_has(value: str) -> None:
    filled = placeholders.fill("A {meeting} B", {"meeting": placeholders.escape(value)})

    assert placeholders.finish(filled, {"event": "never"}) == f"A {value} B"


def test_days_and_names_are_said_as_the_language_says_them() -> None:
    first, last = date(2021, 6, 7), date(2021, 6, 9)

    assert placeholders.dates(first, last, "en") == "7 June 2021 – 9 June 2021"
    assert placeholders.dates(first, first, "fr") == "7 juin 2021"
    assert placeholders.listed(["A", "B", "C"], "es") == "A, B y C"
    assert placeholders.listed([], "en") == ""


def test_a_repeated_section_is_there_once_for_each_meeting_and_its_conditions_stay_within_it() -> None:
    condition = {"all": [{"question": "useful", "at_least": 4}, {"question": "one", "is": "a"}]}
    definition = parse(asking(SINGLE, {**WORDS, "text": "Why {meeting}?", "ask_if": condition}, repeat="meeting"))
    parts = [Meeting("one", "Part One"), Meeting("two", "Part {Two}")]

    mine = spoken(for_person(definition, parts), {"en": {"event": "Talks"}})

    assert [section.code for section in mine.sections] == ["first@one", "first@two"]
    assert [question.code for question in mine.sections[1].questions] == ["useful@two", "one@two", "words@two"]
    last = mine.question("words@two")
    assert last.text == {"en": "Why Part {Two}?"}
    assert last.ask_if is not None
    assert "useful@two" in str(last.ask_if)
    assert for_person(definition, []).sections == ()
    assert mine.digest != definition.digest
