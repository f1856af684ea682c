"""Under which codes numbers, dates and countries are counted, and what these are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mande.surveys.questionnaires import coding
from mande.surveys.questionnaires.building import Builder
from mande.surveys.questionnaires.questions import Question

BUILD = Builder(("en", "fr"), {})


def number(least: int, most: int, bands: tuple[int, ...] = (), unit: str = "") -> Question:
    data = {"code": "n", "type": "number", "text": "How many?", "min": least, "max": most, "bands": list(bands)}
    return BUILD.question(data | ({"unit": unit} if unit else {}))


DAY = BUILD.question({"code": "d", "type": "date", "text": "When?"})
PLACE = BUILD.question({"code": "p", "type": "country", "text": "Where?"})


@given(st.integers(-1000, 1000), st.integers(1, 5000), st.data())
def test_every_number_that_can_be_answered_falls_into_exactly_one_band(
    least: int, width: int, draw: st.DataObject
) -> None:
    question = number(least, least + width)
    (item,) = question.items()
    value = draw.draw(st.integers(least, least + width))

    code = coding.code_of(question, str(value))

    assert code in coding.codes(item, ())
    assert len(set(coding.codes(item, ()))) == len(coding.codes(item, ()))
    ends = [int(end) for end in coding.label(question, code, "en").split("–")]
    assert ends[0] <= value <= ends[-1]


def test_bands_are_those_of_the_author_or_each_number_or_five_of_about_the_same_width() -> None:
    def codes(question: Question) -> tuple[str, ...]:
        (item,) = question.items()
        return coding.codes(item, ())

    assert codes(number(0, 100, (0, 1, 10))) == ("0", "1-9", "10-100")
    assert codes(number(1, 4)) == ("1", "2", "3", "4")
    assert codes(number(0, 99)) == ("0-19", "20-39", "40-59", "60-79", "80-99")


@pytest.mark.parametrize(
    ("question", "value", "code", "label"),
    [
        (number(0, 90, (0, 1, 10), unit="days"), "7", "1-9", "1–9 days"),
        (number(0, 90, (0, 1, 10), unit="days"), "0", "0", "0 days"),
        (DAY, "2026-11-22", "2026-Q4", "Q4 2026"),
        (DAY, "2026-03-31", "2026-Q1", "Q1 2026"),
        (PLACE, "NO", "NO", "Norway"),
    ],
)
def test_an_answer_is_counted_under_a_code_that_has_a_name(
    question: Question, value: str, code: str, label: str
) -> None:
    assert coding.code_of(question, value) == code
    assert coding.label(question, code, "en") == label


def test_of_dates_and_countries_only_what_occurs_is_listed_in_order() -> None:
    (day,), (place,) = DAY.items(), PLACE.items()

    assert coding.codes(day, {"2027-Q1", "2026-Q4"}) == ("2026-Q4", "2027-Q1")
    assert coding.codes(place, {"NO", "CH"}) == ("CH", "NO")
    assert coding.label(PLACE, "NO", "fr") == "Norvège"
