"""XLSForms of other people as questionnaires, and the list of what was not carried over."""

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mande.surveys.authoring.xlsform.reading import FormError
from mande.surveys.authoring.xlsform.reading import read as read_tables
from mande.surveys.questionnaires import definition
from tests import forms

CHOICES = """
list_name | name | label
yn | 1 | Yes
yn | 0 | No
agree | 5 | Strongly agree
agree | 4 | Agree
agree | 3 | Neither
agree | 2 | Disagree
agree | 1 | Strongly disagree
agree | 99 | N/A
sector | Gov | Government
sector | NGO | Civil society
sector | 96 | Other (please specify)
use | brief | To brief others
use | none | For nothing
"""

SURVEY = """
type | name | label | hint | required | relevant | constraint | appearance | calculation
start | start | | | | | | |
note | welcome | Thank you for **coming**. | | | | | |
begin group | About You | About you | | | | | field-list |
select_one yn | First | Was it your first time? | | yes | | | |
select one from sector | sector | Your sector? | Your main one | true() | | | minimal |
text | sector_other | Which one? | | | ${sector} = '96' | | |
integer | age | How old are you? | | | ${First} = '1' and ${age_group} = 'x' | . >= 18 and . < 100 | |
end group | | | | | | | |
begin_repeat | visit | Visits | | | ${First} = '0' | | |
calculate | n | | | | | | | position(..)
begin_group | inner | Inner | | | ${sector} = 'NGO' | | |
select_multiple use | use | What for, ${n}? | | | | not(selected(., 'none') and count-selected(.) > 1) | |
geopoint | where | Where? | | | | | |
end_group | | | | | | | |
decimal | cost | What did it cost? | | ${First} = '1' | | | |
end_repeat | | | | | | | |
begin_group | table | How far do you agree? | | | | | table-list |
select_one agree | table_time | The hours suited me | | | | | |
select_one agree | table_line | My connection held | | | | | |
end_group | | | | | | | |
rank use | order | In which order? | | | | | |
range | nps | How likely? | | | | | |
"""


def test_a_form_of_the_field_becomes_a_sensible_questionnaire() -> None:
    imported = forms.read(SURVEY, CHOICES, "form_title | form_id\nSite visit | Site Visit 2")
    found = forms.questions(imported)

    assert imported.problems == ()
    assert definition.parse(imported.data).code == "site_visit_2"
    assert imported.data["intro"] == {"en": "Thank you for coming."}
    assert [(section["code"], section["title"]["en"]) for section in imported.data["sections"]] == [
        ("about_you", "About you"),
        ("inner", "Inner"),
        ("visit", "Visits"),
        ("questions", "Site visit"),
    ]
    assert found["first"]["type"] == "yes_no"
    assert found["first"]["required"] is True
    assert found["sector"] == {
        "code": "sector",
        "type": "single",
        "text": {"en": "Your sector?"},
        "hint": {"en": "Your main one"},
        "required": True,
        "core": True,
        "display": "list",
        "other": True,
        "options": [
            {"code": "gov", "label": {"en": "Government"}},
            {"code": "ngo", "label": {"en": "Civil society"}},
        ],
    }
    assert (found["age"]["min"], found["age"]["max"]) == (18, 99)
    assert found["age"]["ask_if"] == {"question": "first", "is": "yes"}
    assert found["use"]["options"][1]["exclusive"] is True
    assert found["table"]["type"] == "matrix"
    assert [row["code"] for row in found["table"]["rows"]] == ["time", "line"]
    assert found["order"]["type"] == "ranking"
    assert (found["nps"]["type"], found["nps"]["min"], found["nps"]["max"]) == ("number", 1, 10)


def test_nothing_is_silently_lost() -> None:
    listed = forms.said(forms.read(SURVEY, CHOICES, "form_title | form_id | public_key\nVisit | visit | abc"))

    for words in (
        "survey, row 2, type: 'start' records the device",
        "survey, row 3, label: is formatted",
        "survey, row 5, name: 'First' cannot be a code",
        "survey, row 7, label: it asks what “other” is; it became the line beside “other”",
        "survey, row 8, relevant: ${age_group} is no question that was carried over",
        "survey, row 10, type: this is repeated; it is asked once.",
        "survey, row 11, type: 'calculate' is worked out",
        "survey, row 13, label: quotes an earlier answer",
        "survey, row 14, type: 'geopoint' asks for a file",
        "survey, row 16, type: numbers may have decimals",
        "survey, row 16, required: an answer is required only if ${First} = '1'",
        "survey, row 16, constraint: the least or the most is not said",
        "choices, row 2, name: '1' is another code here; it is 'yes'",
        "settings, row 2, public_key: Mande has no such setting",
        "settings, default_language: the form names no language",
    ):
        assert any(words in line for line in listed), words


def test_a_scale_from_best_to_worst_is_turned_round_and_its_not_applicable_known() -> None:
    imported = forms.read("type | name | label | appearance\nselect_one agree | q | Agree? | likert", CHOICES)
    question = forms.questions(imported)["q"]

    assert question["type"] == "scale"
    assert [option["code"] for option in question["options"]] == ["1", "2", "3", "4", "5"]
    assert question["options"][0]["label"] == {"en": "Strongly disagree"}
    assert question["not_applicable"] is True
    assert any("begins with the highest number" in line for line in forms.said(imported))


def test_a_table_in_the_older_way_of_writing_is_one_question() -> None:
    imported = forms.read(
        "type | name | label | appearance\n"
        "begin_group | t | How far do you agree? | field-list\n"
        "select_one agree | t_label | Do you agree? | label\n"
        "select_one agree | t_A | Hours | list-nolabel\n"
        "select_one agree | t_b | Line | list-nolabel\n"
        "end_group",
        CHOICES,
    )
    question = forms.questions(imported)["t"]

    assert (question["type"], question["text"]) == ("matrix", {"en": "How far do you agree?"})
    assert [row["code"] for row in question["rows"]] == ["a", "b"]
    listed = forms.said(imported)
    assert any("survey, row 3, label: the table has two headings" in line for line in listed)
    assert any("survey, row 4, name: 'A' cannot be a code" in line for line in listed)


def test_each_language_is_known_by_its_code_or_its_name() -> None:
    imported = forms.read(
        "type | name | label::English (en) | label::Français | label::العربية | label::Klingonish\n"
        "text | a | One | Un | واحد | wa'",
        settings="form_title | default_language\nA | Français",
    )

    assert imported.data["languages"] == ["fr", "en", "ar", "qaa"]
    assert forms.questions(imported)["a"]["text"] == {"fr": "Un", "en": "One", "ar": "واحد", "qaa": "wa'"}
    assert any("the language is unknown; it is called qaa" in line for line in forms.said(imported))


def test_a_language_in_which_something_is_lacking_is_left_to_the_check() -> None:
    imported = forms.read(
        "type | name | label::English (en) | label::French (fr)\ntext | a | One |\ntext | b | Two | Deux"
    )

    assert list(map(str, imported.problems)) == ["sections[0].questions[0].text: is missing in fr"]


@pytest.mark.parametrize(
    ("row", "kind", "told"),
    [
        ("dateTime | q | Q", "date", "the date alone is asked"),
        ("time | q | Q", "short_text", "a line to write on"),
        ("acknowledge | q | Q", "info", "a block of information"),
        ("select_one_from_file x.csv | q | Q", "short_text", "in another file"),
        ("select_one nothing | q | Q", "short_text", "no choices on a list"),
        ("select_one sector or_other | q | Q", "single", ""),
        ("text | q | Q", "short_text", ""),
        ("percentage | q | Q", "number", "whole numbers alone"),
        ("note | q | Q", "info", ""),
    ],
)
def test_types_that_mande_lacks_become_the_next_best(row: str, kind: str, told: str) -> None:
    imported = forms.read(f"type | name | label\ntext | before | B\n{row}", CHOICES)

    assert forms.questions(imported)["q"]["type"] == kind
    assert not told or any(told in line for line in forms.said(imported))


def test_questions_outside_any_group_make_pages_of_ten() -> None:
    rows = "\n".join(f"text | q{number} | Question {number}" for number in range(23))
    imported = forms.read(f"type | name | label\n{rows}")

    assert [len(section["questions"]) for section in imported.data["sections"]] == [10, 10, 3]


def test_what_is_never_asked_or_switched_off_is_left_out_and_said() -> None:
    imported = forms.read(
        "type | name | label | relevant | disabled\n"
        "text | a | A | |\ntext | b | B | false() |\ntext | c | C | | yes\n | | A remark | |\nend_group | | | |"
    )

    assert list(forms.questions(imported)) == ["a"]
    listed = forms.said(imported)
    for words in ("never asked", "switched off", "the row has no type", "nothing that began ends here"):
        assert any(words in line for line in listed)


def test_braces_of_other_people_are_no_placeholders() -> None:
    imported = forms.read("type | name | label\ntext | a | The {event} in <b>bold</b>, for ${x}")

    assert forms.questions(imported)["a"]["text"] == {"en": "The {{event}} in bold, for …"}
    assert imported.problems == ()


TYPES = (
    *("select_one l", "select_multiple l", "select_one m or_other", "rank l", "rank", "select_one", "select_one ${a}"),
    *("text", "note", "integer", "decimal", "range", "date", "time", "acknowledge", "calculate", "osm x", "uri:", "?"),
    *("begin_group", "begin group", "end_group", "begin_repeat", "end repeat", "begin loop over l", "", "audit"),
)
CELLS = (
    *(
        "",
        "a",
        "b",
        "A b",
        "1",
        "other",
        "na",
        "yes",
        "no",
        "N/A",
        "${a}",
        "${a} = 'b'",
        "selected(${b}, '1')",
        "false()",
    ),
    *("table-list", "label", "list-nolabel", "likert minimal", "start=a end=10", "start=0 end=10 step=1", "start=NaN"),
    *(". > 1 and . < 1e9", "count-selected(.) <= -5", "string-length(.) < 1", "meeting", "{event}", "[1", '{"any": 3}'),
    *("intro", "other", "comment", "matrix", "country", "\u2060${", "x" * 200, "ä ﬁ ١", "**b** <i>", "participant"),
)
HEADERS = (
    *(
        "label",
        "label::English (en)",
        "label::fr",
        "label::?",
        "hint",
        "required",
        "relevant",
        "constraint",
        "appearance",
    ),
    *(
        "parameters",
        "mande::part",
        "mande::code",
        "mande::type",
        "mande::ask_if",
        "mande::max",
        "mande::bands",
        "x",
        "",
    ),
)


def _tables(data: st.DataObject) -> dict[str, list[list[str]]]:
    cell = st.sampled_from(CELLS)
    headers = data.draw(st.lists(st.sampled_from(HEADERS), max_size=6))
    row = st.tuples(st.sampled_from(TYPES), cell, *[cell for _header in headers])
    settings = ["form_title", "form_id", "version", "default_language", "mande::role", "mande::minutes"]
    return {
        "survey": [["type", "name", *headers], *map(list, data.draw(st.lists(row, min_size=1, max_size=12)))],
        "choices": [
            ["list_name", "name", "label", "mande_aliases"],
            *map(list, data.draw(st.lists(st.tuples(st.sampled_from("lm"), cell, cell, cell), max_size=8))),
        ],
        "settings": [settings, [data.draw(cell) for _name in settings]],
    }


@hypothesis.settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_form_however_odd_breaks_the_import(data: st.DataObject) -> None:
    try:
        imported = read_tables(_tables(data), "form")
    except FormError:
        return
    assert all(str(one) for one in imported.differences)
    if not imported.problems:
        definition.parse(imported.data)


@pytest.mark.parametrize("tables", [{}, {"survey": []}, {"survey": [["type", "name"]]}, {"survey": [["a"], ["b"]]}])
def test_what_is_no_form_is_refused(tables: dict[str, list[list[str]]]) -> None:
    with pytest.raises(FormError, match="XLSForm"):
        read_tables(tables, "form")


def test_a_form_with_nothing_to_ask_is_left_with_what_is_to_do() -> None:
    imported = forms.read("type | name | calculation\ncalculate | x | 1 + 1")

    assert list(map(str, imported.problems)) == ["sections: is empty"]
