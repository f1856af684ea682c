import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys.authoring import mending
from mande.surveys.authoring import texts
from mande.surveys.authoring import translating
from mande.surveys.authoring import translation_sheets as sheets
from mande.surveys.authoring.editor import shape
from mande.surveys.authoring.translating import Plan
from mande.surveys.authoring.translating import State
from mande.surveys.authoring.translating import Wish
from mande.surveys.authoring.translation_sheets import TranslationFileError
from mande.surveys.questionnaires.definition import parse
from tests.questionnaires import definitions

AGREE = [
    {"code": str(number), "label": {"en": f"Step {number}", "fr": f"Pas {number}"} if number < 5 else {"en": "Most"}}
    for number in range(1, 6)
]


@pytest.fixture
def draft() -> dict[str, Any]:
    """A draft in English, half of it in French, nothing in Arabic; two questions share their answers."""
    return {
        "code": "any",
        "role": "participant",
        "languages": ["en", "fr", "ar"],
        "machine_made": ["fr", "ar"],
        "minutes": 2,
        "strata": [],
        "title": {"en": "Your view of {event}", "fr": "Votre avis sur {event}"},
        "intro": {"en": "One.\n\nTwo."},
        "sections": [
            {
                "code": "one",
                "title": {"en": "The talks"},
                "questions": [
                    {"code": "useful", "type": "scale", "text": {"en": "Useful?"}, "options": AGREE, "core": True},
                    {"code": "clear", "type": "scale", "text": {"en": "Clear?"}, "options": AGREE},
                    {"code": "days", "type": "number", "text": {"en": "Days?"}, "unit": {"en": "days"},
                     "min": 1, "max": 9},
                ],
            }
        ],
    }  # fmt: skip


def only(plan: Plan) -> translating.Change:
    [change] = plan.changes
    return change


def test_every_text_is_one_line_and_answers_that_are_the_same_are_translated_once(draft: dict[str, Any]) -> None:
    lines = translating.lines(draft)

    assert [(line.key, line.where) for line in lines][:5] == [
        ("title", "title of the questionnaire"),
        ("intro", "introduction of the questionnaire"),
        ("section.one.title", "title of the section"),
        ("question.useful.text", "The talks: question useful (scale)"),
        ("question.useful.option.1",
         "The talks: answer 1 of the question useful (scale), and of 1 other question with the same answers"),
    ]  # fmt: skip
    assert [line.key for line in lines][9:] == ["question.clear.text", "question.days.text", "question.days.unit"]
    assert [line.placeholders for line in lines if line.placeholders] == [["{event}"]]
    assert translating.progress(draft, "fr") == (5, 12)
    assert translating.progress(draft, "ar") == (0, 12)


def test_a_translation_reaches_all_places_of_its_line_and_nothing_else(draft: dict[str, Any]) -> None:
    plan = translating.plan(
        draft, [Wish("question.clear.option.5", "fr", "Le plus"), Wish("title", "ar", "{event} رأيكم")]
    )

    made = translating.carried_out(draft, plan)

    assert [question["options"][4]["label"] for question in made["sections"][0]["questions"][:2]] == [
        {"en": "Most", "fr": "Le plus"},
        {"en": "Most", "fr": "Le plus"},
    ]
    assert made["title"] == {**draft["title"], "ar": "{event} رأيكم"}
    assert plan.counts[State.NEW] == 2
    assert draft["title"] == {"en": "Your view of {event}", "fr": "Votre avis sur {event}"}
    assert translating.plan(made, [change.wish for change in plan.changes]).effective == []


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (Wish("title", "fr", "Votre avis"), "lacks {event}"),
        (Wish("title", "fr", "Votre {event} de {dates}"), "has {dates}, which the text to translate has not"),
        (Wish("title", "fr", "Votre {event"), "has a lone brace"),
        (Wish("title", "es", "Su {event}"), "es is not among the questionnaire's languages: en, fr, ar"),
        (Wish("question.gone.text", "fr", "Parti ?"), "the questionnaire has no such text any more"),
        (Wish("question.days.text", "fr", "Jours ?", "Weeks?"), "has changed meanwhile: it reads “Days?” now"),
    ],
)
def test_a_translation_that_would_spoil_something_is_refused(draft: dict[str, Any], wish: Wish, reason: str) -> None:
    plan = translating.plan(draft, [wish])

    assert only(plan).state is State.REFUSED
    assert reason in only(plan).reason
    with pytest.raises(ValueError, match="refused"):
        translating.carried_out(draft, plan)


def test_two_different_translations_of_one_text_are_refused_and_the_same_twice_is_not(draft: dict[str, Any]) -> None:
    first, other = Wish("question.days.unit", "fr", "jours"), Wish("question.days.unit", "fr", "journées")

    assert translating.plan(draft, [first, first]).refused == []
    assert [change.reason for change in translating.plan(draft, [first, other]).refused] == [
        "this text comes twice, in different words"
    ]


def test_an_empty_text_takes_a_translation_out_only_where_that_is_meant(draft: dict[str, Any]) -> None:
    wishes = [Wish("title", "fr", " ")]

    assert translating.plan(draft, wishes).changes == ()
    plan = translating.plan(draft, wishes, emptying=True)
    assert only(plan).state is State.REMOVED
    assert translating.carried_out(draft, plan)["title"] == {"en": "Your view of {event}"}


def test_paragraphs_stay_where_there_were_some_and_unbreakable_spaces_always(draft: dict[str, Any]) -> None:
    plan = translating.plan(
        draft,
        [Wish("intro", "fr", "Un.\r\n\r\nDeux."), Wish("question.useful.text", "fr", " Est-ce\r\nutile\xa0?\u202e ")],
    )

    assert [change.new for change in plan.changes] == ["Un.\n\nDeux.", "Est-ce utile\xa0?"]


def test_a_reviewed_language_comes_off_the_list(draft: dict[str, Any]) -> None:
    once = translating.reviewed(draft, "fr")

    assert once["machine_made"] == ["ar"]
    assert "machine_made" not in translating.reviewed(once, "ar")
    assert draft["machine_made"] == ["fr", "ar"]


def exports(rows: list[list[str]], targets: list[str]) -> list[bytes]:
    return [sheets.as_csv(rows), sheets.as_workbook(rows, rows[0][2].split()[0], targets)]


@settings(max_examples=15, deadline=None)
@given(definitions(), st.booleans())
def test_what_goes_out_and_comes_back_changes_nothing(data: dict[str, Any], written_out: bool) -> None:
    data = shape.normal(data) if written_out else data
    first, *targets = texts.languages(data)
    rows = sheets.table(data, first, targets)
    for content in exports(rows, targets) if targets else []:
        sent = sheets.read(content, data)

        plan = translating.plan(data, sent.wishes)

        assert sent.languages == tuple(targets)
        assert {change.state for change in plan.changes} == {State.UNCHANGED}
        assert len(plan.changes) == len(targets) * len(translating.lines(data))


def test_a_translated_spreadsheet_is_taken_in_once_and_a_second_time_changes_nothing(draft: dict[str, Any]) -> None:
    rows = sheets.table(draft, "en", ["fr", "ar"], missing=True)
    keep = {"title": "{event}"}
    filled = [
        rows[0],
        *([*row[:3], row[3] or f"fr {row[0]}", f"ع {keep.get(row[0], '')}"] for row in reversed(rows[1:])),
    ]
    for content in exports(filled, ["fr", "ar"]):
        plan = translating.plan(draft, sheets.read(content, draft).wishes)
        made = translating.carried_out(draft, plan)

        assert plan.refused == []
        assert translating.progress(made, "fr") == translating.progress(made, "ar") == (12, 12)
        again = translating.plan(made, sheets.read(content, made).wishes)
        assert {change.state for change in again.changes} == {State.UNCHANGED}


def test_a_workbook_holds_no_formula_and_writes_arabic_from_the_right(draft: dict[str, Any]) -> None:
    draft["title"]["en"] = draft["title"]["fr"] = "=cmd|' /C calc'!A0 {event}"
    rows = sheets.table(draft, "en", ["fr", "ar"])
    sheet = openpyxl.load_workbook(io.BytesIO(sheets.as_workbook(rows, "en", ["fr", "ar"]))).active

    assert [cell.value for cell in sheet[1]] == ["place", "context", "en English (source)", "fr Français", "ar العربية"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
    assert (sheet["E2"].alignment.readingOrder, sheet["D2"].alignment.readingOrder) == (2, 0)
    assert (sheet["C2"].protection.locked, sheet["D2"].protection.locked) == (True, False)
    assert b"'=cmd" in sheets.as_csv(rows)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"name,fr\nx,y\n", "has no column “place”"),
        (b"place,context\nx,y\n", "no column with translations"),
        (b"place,fr,fr Fran\nx,y,z\n", "Two columns are headed fr"),
        (b"", "empty"),
        (b"PK\x03\x04 not really", "no workbook"),
    ],
)
def test_a_file_that_is_no_translation_says_what_would_do(draft: dict[str, Any], content: bytes, why: str) -> None:
    with pytest.raises(TranslationFileError, match=why):
        sheets.read(content, draft)


def test_a_file_may_have_columns_of_its_own_and_another_separator(draft: dict[str, Any]) -> None:
    content = "no;place;fr;de\nask Ada;title;Avis sur {event}\n;;\n;question.days.unit;jours;Tage\n".encode("cp1252")

    sent = sheets.read(content, draft)

    assert sent.ignored == ("no", "de")
    assert [(wish.key, wish.text, wish.row) for wish in sent.wishes] == [
        ("title", "Avis sur {event}", 2),
        ("question.days.unit", "jours", 4),
    ]


def test_a_language_that_the_questionnaire_has_not_got_any_more_is_refused_and_not_passed_over(
    draft: dict[str, Any],
) -> None:
    rows = sheets.table({**draft, "languages": ["en", "fr", "es"]}, "en", ["es"])
    rows[1][3] = "Su {event}"

    sent = sheets.read(sheets.as_csv(rows), draft)

    assert [change.reason for change in translating.plan(draft, sent.wishes).refused] == [
        "es is not among the questionnaire's languages: en, fr, ar"
    ]


def test_a_draft_can_be_looked_at_although_much_of_it_is_lacking(draft: dict[str, Any]) -> None:
    questions = draft["sections"][0]["questions"]
    questions[0] = {"code": "useful", "type": "scale"}
    questions[1]["ask_if"] = {"question": "useful", "is": "1"}
    questions.append({"code": "last", "type": "short_text"})
    draft["sections"].append({"code": "two", "questions": []})

    seen = mending.mended(draft)

    assert seen.definition is not None
    # The first lacks options, the second looks back at it.
    assert [question.code for question in seen.definition.questions()] == ["days", "last"]
    assert seen.definition.question("last").text == {"en": "last", "fr": "last", "ar": "last"}
    assert ("sections", 0, "questions", 0) in {problem.path for problem in seen.problems}


def test_what_is_right_is_looked_at_as_it_is() -> None:
    question = {"code": "last", "type": "short_text", "text": "In a word?", "core": True}
    sections = [{"code": "one", "title": "One", "questions": [question]}]
    data = {"code": "any", "version": 3, "role": "speaker", "languages": ["en"], "strata": [], "minutes": 2,
            "title": "Any", "sections": sections}  # fmt: skip

    assert mending.mended(data) == mending.Mended(parse(data))


@pytest.mark.parametrize(
    "data", [{}, {"sections": []}, {"languages": ["en"], "sections": [{"code": "s", "questions": []}]}]
)
def test_of_a_draft_with_no_question_nothing_is_shown(data: dict[str, Any]) -> None:
    seen = mending.mended(data)

    assert seen.definition is None
    assert seen.problems


@settings(max_examples=15, deadline=None)
@given(definitions(), st.data())
def test_whatever_is_lacking_in_a_draft_the_rest_can_be_looked_at(data: dict[str, Any], draw: st.DataObject) -> None:
    draft = shape.normal(data)
    questions = [question for section in draft["sections"] for question in section["questions"]]
    for question in draw.draw(st.lists(st.sampled_from(questions), max_size=3, unique_by=id)):
        for name in draw.draw(st.lists(st.sampled_from(["text", "options", "rows", "min", "core"]), max_size=2)):
            question.pop(name, None)
    sure = {"code": "sure", "type": "short_text"}
    draft["sections"].append({"code": "sure", "questions": [sure]})

    seen = mending.mended({name: value for name, value in draft.items() if name != "version"})

    assert seen.definition is not None
    assert [*seen.definition.questions()][-1].code == "sure"
