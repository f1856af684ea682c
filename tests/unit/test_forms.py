"""What is accepted of what people choose and type, what is said where it is not, and what stays on the page."""

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from mande.surveys.answering import forms
from mande.surveys.answering import receiving
from mande.surveys.answering.paging import pages
from mande.surveys.answering.receiving import Received
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import parse
from tests import drawing

OPTIONS = [{"code": code, "label": f"Option {code}"} for code in ("a", "b", "c", "d")]
NONE = {"code": "none", "label": "None of these", "exclusive": True}
RANKED = {"code": "q", "type": "ranking", "options": OPTIONS}
DATE = {"code": "q", "type": "date"}
NUMBER = {"code": "q", "type": "number", "min": 0, "max": 2000, "unit": "hours"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with drawing.speaking("en"):
        yield


def questionnaire(*questions: dict[str, Any], language: str = "en") -> Definition:
    """One section that asks these questions, all of them core."""
    section = {"code": "only", "title": "Only", "questions": [{"text": "Which?", **one} for one in questions]}
    for question in section["questions"]:
        question |= {} if question["type"] == "info" else {"core": True}  # type: ignore[operator]
    return parse(
        {
            "code": "small", "version": 1, "role": "partner", "title": "Small", "minutes": 1,
            "languages": [language], "strata": [], "sections": [section],
        }
    )  # fmt: skip


def send(definition: Definition, *fields: tuple[str, str], saved: dict[str, Any] | None = None) -> Received:
    """What comes of sending the only page with these fields, by code."""
    posted = MultiDict([(f"q-{name}", value) for name, value in fields])
    language = definition.languages[0]
    received = receiving.read(definition, "full", 1, language, posted, saved or {}, Facts())
    assert received is not None
    return received


def message(received: Received) -> str:
    """The only thing that is wrong."""
    ((said,),) = [field.errors for field in received.form if field.errors]
    return str(said)


def page(received: Received) -> str:
    return drawing.draw(received.sheet, received.form)


def drawn(definition: Definition, answers: dict[str, Any]) -> str:
    (sheet,) = forms.sheets(definition, pages(definition, "full", answers), "full", definition.languages[0])
    return drawing.draw(sheet, sheet.form(answers))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("137", "137"), ("1,200", "1200"), ("1 200", "1200"), ("١٬٢٠٠", "1200"), ("٠", "0"), (" 7 ", "7"), ("007", "7")],
)
def test_a_number_is_kept_in_plain_digits_however_it_was_written(typed: str, kept: str) -> None:
    assert send(questionnaire(NUMBER), ("q", typed)).answers == {"q": kept}


@pytest.mark.parametrize("typed", ["abc", "2001", "-1", "1.5", "1,2", "½", "12 or 13", "9" * 300])
def test_what_is_no_number_within_bounds_stays_as_it_was_typed_beside_the_bounds(typed: str) -> None:
    received = send(questionnaire(NUMBER), ("q", typed), saved={"q": "5"})

    assert message(received) == "Please write a whole number from 0 to 2,000, in digits."
    assert f'value="{typed}"' in page(received)
    assert (received.answers, received.spoken) == ({}, set())


def test_the_bounds_and_the_unit_of_a_number_are_said_beforehand() -> None:
    source = drawn(questionnaire(NUMBER), {"q": "1200"})

    assert "A whole number from 0 to 2,000." in source
    assert '<span class="vh"> (hours)</span></label>' in source
    assert 'inputmode="numeric" aria-describedby="q-q-hint"' in source
    assert 'value="1200"' in source


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("22", "11", "2026"), ("٢٢", "١١", "٢٠٢٦"), ("22", "November", "2026"), ("22", "nov.", "2026")],
)
def test_a_date_is_kept_in_its_normal_form_however_it_was_written(day: str, month: str, year: str) -> None:
    received = send(questionnaire(DATE), ("q.day", day), ("q.month", month), ("q.year", year))

    assert received.answers == {"q": "2026-11-22"}


def test_a_month_may_be_named_in_the_language_of_the_page() -> None:
    french, arabic = questionnaire(DATE, language="fr"), questionnaire(DATE, language="ar")

    assert send(french, ("q.day", "1"), ("q.month", "Août"), ("q.year", "2026")).answers == {"q": "2026-08-01"}
    assert send(arabic, ("q.day", "1"), ("q.month", "أغسطس"), ("q.year", "2026")).answers == {"q": "2026-08-01"}


@pytest.mark.parametrize(
    ("typed", "said", "wrong"),
    [
        (("31", "2", "2021"), "This is not a date of the calendar. Please check day, month and year.", ["day"]),
        (("1", "13", "2021"), "This is not a date of the calendar. Please check day, month and year.", ["month"]),
        (("x", "Maybe", "2021"), "This is not a date of the calendar. Please check day, month and year.",
         ["day", "month"]),
        (("1", "2", "21"), "Please write the year with four digits.", ["year"]),
        (("1", "2", ""), "Please complete the date: day, month and year.", ["year"]),
        (("1", "7", "2021"), "Please give a date from 1 June 2021 to 30 June 2021.", ["day", "month", "year"]),
    ],
)  # fmt: skip
def test_what_is_no_date_stays_as_it_was_typed_and_the_parts_at_fault_are_marked(
    typed: tuple[str, str, str], said: str, wrong: list[str]
) -> None:
    bounded = questionnaire({**DATE, "min": "2021-06-01", "max": "2021-06-30"})
    received = send(bounded, *zip(("q.day", "q.month", "q.year"), typed, strict=True), saved={"q": "2021-06-02"})
    inputs = {one.get("name"): one for one in drawing.read(page(received)).iter("input")}

    assert message(received) == said
    assert tuple(inputs[f"q-q.{part}"].get("value") for part in ("day", "month", "year")) == typed
    marked = [part for part in ("day", "month", "year") if inputs[f"q-q.{part}"].get("aria-invalid")]
    assert marked == wrong
    assert (received.answers, received.spoken) == ({}, set())
    assert received.form["q"].place == f"q-q.{wrong[0]}"


def test_a_date_that_was_saved_stands_in_its_parts_and_goes_when_all_are_emptied() -> None:
    fields = drawing.sent(drawing.read(drawn(questionnaire(DATE), {"q": "2026-11-02"})))

    assert dict(fields) == {"q-q.day": "2", "q-q.month": "11", "q-q.year": "2026"}
    emptied = send(questionnaire(DATE), ("q.day", ""), ("q.month", " "), ("q.year", ""))
    assert (emptied.answers, emptied.spoken) == ({}, {"q"})


def test_some_options_may_be_ranked_and_each_is_kept_under_its_own_code() -> None:
    received = send(questionnaire(RANKED), ("q.a", "2"), ("q.c", "1"), ("q.b", ""), ("q.d", ""))

    assert received.answers == {"q.a": "2", "q.c": "1"}
    assert received.spoken == {"q.a", "q.b", "q.c", "q.d"}


@pytest.mark.parametrize(
    ("ranks", "changes", "said", "wrong"),
    [
        ({"a": "1", "c": "1"}, {}, "Rank 1 is given to more than one: “Option a” and “Option c”. Please give each rank "
         "once.", ["a", "c"]),
        ({"a": "1", "b": "3"}, {}, "Nothing has rank 2, though something comes after it. Please leave out no rank.",
         ["b"]),
        ({"b": "3"}, {"max": 2}, "Please choose one of the answers shown.", ["b"]),
        ({"a": "1"}, {"max": 2, "required": True}, "Please give every rank from 1 to 2. Rank 2 is missing.",
         ["b", "c", "d"]),
        ({}, {"required": True}, "Please answer “Which?”.", []),
    ],
)  # fmt: skip
def test_a_ranking_that_cannot_be_is_explained_and_nothing_of_it_is_lost(
    ranks: dict[str, str], changes: dict[str, Any], said: str, wrong: list[str]
) -> None:
    saved = {"q.a": "1", "q.d": "2"}
    received = send(
        questionnaire({**RANKED, **changes}), *((f"q.{one}", its) for one, its in ranks.items()), saved=saved
    )
    lists = {str(one.get("name")).removeprefix("q-q."): one for one in drawing.read(page(received)).iter("select")}
    chosen = {
        name: line.get("value")
        for name, one in lists.items()
        for line in one.iter("option")
        if "selected" in line.attrib
    }

    assert message(received) == said
    assert [name for name, one in lists.items() if one.get("aria-invalid")] == wrong
    assert chosen == {name: rank for name, rank in ranks.items() if rank in ("1", "2") or not changes}
    assert (received.answers, received.spoken) == ({}, set())


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"min": 2, "max": 3}, "Choose 2 to 3."),
        ({"min": 2, "max": 2}, "Choose 2."),
        ({"min": 2}, "Choose at least 2."),
        ({"max": 3}, "Choose at most 3."),
        ({"max": 1}, "Choose one."),
        ({}, "Choose all that apply."),
    ],
)
def test_how_many_may_be_ticked_is_said_beforehand(changes: dict[str, Any], hint: str) -> None:
    assert f'id="q-q-hint">{hint}<' in drawn(
        questionnaire({"code": "q", "type": "multiple", "options": OPTIONS, **changes}), {}
    )


@pytest.mark.parametrize(
    ("ticked", "said"),
    [
        ("abcd", "You have chosen 4, which is 1 too many. Please choose at most 3."),
        ("a", "You have chosen 1. Please choose 1 more: at least 2."),
    ],
)
def test_too_many_or_too_few_ticks_stay_and_are_counted(ticked: str, said: str) -> None:
    several = questionnaire({"code": "q", "type": "multiple", "options": [*OPTIONS, NONE], "min": 2, "max": 3})
    received = send(several, *(("q", code) for code in ticked), saved={"q": ["a", "b"]})

    assert message(received) == said
    assert page(received).count(" checked>") == len(ticked)
    assert (received.answers, received.spoken) == ({}, set())


def test_the_text_beside_other_is_not_saved_without_the_choice_that_it_belongs_to() -> None:
    several = questionnaire({"code": "q", "type": "multiple", "options": OPTIONS, "other": True, "min": 2})
    received = send(several, ("q.other", "Mine"), saved={"q": ["a", "b"]})

    assert message(received) == "You have chosen 1. Please choose 1 more: at least 2."
    assert 'value="Mine"' in page(received)
    assert (received.answers, received.spoken) == ({}, set())


@pytest.mark.parametrize("kept", [["none"], ["b", "c"], []])
def test_none_of_these_needs_no_second_tick(kept: list[str]) -> None:
    several = questionnaire({"code": "q", "type": "multiple", "options": [*OPTIONS, NONE], "min": 2, "max": 3})
    received = send(several, *(("q", code) for code in kept))

    assert not received.wrong
    assert received.answers == ({"q": kept} if kept else {})


def test_a_long_list_folds_up_and_begins_with_no_choice() -> None:
    listed = questionnaire(
        {"code": "q", "type": "single", "display": "list", "options": OPTIONS, "other": True, "not_applicable": True}
    )
    lines = [line for one in drawing.read(drawn(listed, {"q": "c"})).iter("select") for line in one.iter("option")]

    assert [line.get("value") for line in lines] == ["", "a", "b", "c", "d", "other", "na"]
    assert [line.get("value") for line in lines if "selected" in line.attrib] == ["c"]
    assert send(listed, ("q", ""), ("q.other", "")).answers == {}
    assert send(listed, ("q", ""), ("q.other", "Mine")).answers == {"q": "other", "q.other": "Mine"}
    assert message(send(listed, ("q", "z"))) == "Please choose one of the answers shown."


@pytest.mark.parametrize(
    ("language", "first", "name"), [("en", "Afghanistan", "Norway"), ("es", "Afganistán", "Noruega")]
)
def test_countries_stand_in_the_order_of_the_alphabet_of_the_page(language: str, first: str, name: str) -> None:
    source = drawn(questionnaire({"code": "q", "type": "country"}, language=language), {"q": "NO"})
    lines = [line for one in drawing.read(source).iter("select") for line in one.iter("option")]

    assert len(lines) > 240
    assert lines[1].text == first
    assert [line.text for line in lines if "selected" in line.attrib] == [name]


def test_yes_and_no_need_no_labels_in_the_languages_that_mande_speaks() -> None:
    source = drawn(questionnaire({"code": "q", "type": "yes_no"}, language="ar"), {"q": "no"})

    assert "نعم" in source
    assert 'value="no" checked' in source


def test_a_comment_folds_up_until_there_is_one() -> None:
    options = [{"code": number, "label": f"No. {number}"} for number in range(1, 8)]
    asked = questionnaire({"code": "q", "type": "scale", "options": options, "comment": True})

    assert '<details class="remark">' in drawn(asked, {})
    assert '<details class="remark" open>' in drawn(asked, {"q.comment": "Yes,\nbut"})
    assert 'class="scale seven"' in drawn(asked, {})
    assert send(asked, ("q", "7"), ("q.comment", " Yes,\r\nbut ")).answers == {"q": "7", "q.comment": "Yes,\nbut"}
    too_long = send(asked, ("q", "7"), ("q.comment", "x" * 1001))
    assert message(too_long) == "This answer is 1 character too long. Please shorten it to 1000."
    assert too_long.answers == {"q": "7"}
    assert "x" * 1001 in page(too_long)
    assert '<details class="remark" open>' in page(too_long)


def test_information_is_read_and_not_answered() -> None:
    told = questionnaire({"code": "told", "type": "info", "text": "Two\nlines & more"}, {"code": "q", "type": "yes_no"})

    assert '<p class="info">Two\nlines &amp; more</p>' in drawn(told, {})
    assert [field.short_name for field in send(told).form] == ["q"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Which?", "Which? Too long."),
        ("Your view", "Your view: Too long."),
        (
            "A long question, " * 6,
            "A long question, A long question, A long question, A long question, A long ques… Too long.",
        ),
    ],
)
def test_a_message_in_the_list_of_all_names_its_question(text: str, line: str) -> None:
    field = send(questionnaire({"code": "q", "type": "short_text", "text": text})).form["q"]

    assert field.about("Too long.") == line
    assert field.about(f"Please answer “{text.strip()}”.") == f"Please answer “{text.strip()}”."
