import copy
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.events.models import Role
from mande.surveys.questionnaires import checking
from mande.surveys.questionnaires import definition
from mande.surveys.questionnaires.definition import DefinitionError
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.definition import parse
from mande.surveys.questionnaires.definition import say
from tests.questionnaires import definitions

AGREEMENT = [{"code": number, "label": {"en": f"Level {number}", "fr": f"Niveau {number}"}} for number in range(1, 6)]


def both(text: str) -> dict[str, str]:
    return {"en": text, "fr": f"{text} (fr)"}


def a_questionnaire(*questions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A questionnaire in two languages: a core scale, and the questions given."""
    useful = {"code": "useful", "type": "scale", "text": both("Useful?"), "options": "agreement", "core": True}
    return {
        "code": "sample",
        "version": 1,
        "role": "participant",
        "title": both("Sample"),
        "minutes": 3,
        "languages": ["en", "fr"],
        "strata": ["role", "meeting"],
        "scales": {"agreement": copy.deepcopy(AGREEMENT)},
        "sections": [{"code": "first", "title": both("First"), "questions": [useful, *questions]}],
    } | changes


def problems_of(data: Any) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        parse(data)
    return [str(problem) for problem in caught.value.problems]


MATRIX = {
    "code": "access",
    "type": "matrix",
    "text": both("Access"),
    "options": "agreement",
    "not_applicable": True,
    "rows": [{"code": "hours", "label": both("Hours")}, {"code": "sound", "label": both("Sound")}],
}
SEVERAL = {
    "code": "uses",
    "type": "multiple",
    "text": both("Uses"),
    "options": [{"code": "brief", "label": both("Brief")}, {"code": "none", "label": both("None"), "exclusive": True}],
    "other": True,
}
RATING = {
    "code": "recommend",
    "type": "rating",
    "text": both("Recommend?"),
    "options": [{"code": 0, "label": both("Never")}, {"code": 10, "label": both("Surely")}],
}
COMMENT = {"code": "improve", "type": "long_text", "text": both("Improve?")}


def test_a_questionnaire_becomes_questions_items_and_options_in_their_order() -> None:
    found = parse(a_questionnaire(MATRIX, SEVERAL, RATING, COMMENT))

    assert [question.code for question in found.questions()] == ["useful", "access", "uses", "recommend", "improve"]
    assert [item.code for item in found.items()] == ["useful", "access.hours", "access.sound", "uses", "recommend"]
    assert found.question("useful").codes == ("1", "2", "3", "4", "5")
    assert found.question("recommend").codes == tuple(str(number) for number in range(11))
    assert found.item("access.sound").row is not None
    assert found.item("access.sound").say("fr") == "Sound (fr)"


def test_the_middle_of_a_rating_is_called_by_its_number_and_the_ends_by_their_labels() -> None:
    options = parse(a_questionnaire(RATING)).question("recommend").options

    assert [option.say("en") for option in options][:2] == ["Never", "1"]
    assert options[10].say("fr") == "Surely (fr)"


def test_a_text_falls_back_to_the_first_language() -> None:
    assert say({"en": "Yes", "fr": "Oui"}, "fr") == "Oui"
    assert say({"en": "Yes", "fr": "Oui"}, "ar") == "Yes"
    assert say({}, "en") == ""


def test_the_first_language_is_the_one_that_is_declared_first_however_texts_are_written() -> None:
    found = parse(a_questionnaire(languages=["fr", "en"]))

    assert say(found.title, "ar") == "Sample (fr)"


def test_texts_may_be_plain_where_there_is_one_language() -> None:
    question = {"code": "q", "type": "short_text", "text": " Plain? ", "core": True}
    sections = [{"code": "one", "title": "One", "questions": [question]}]

    found = parse(a_questionnaire(languages=["en"], title="Plain", scales={}, sections=sections))

    assert (found.title, found.question("q").text) == ({"en": "Plain"}, {"en": "Plain?"})


def test_the_short_route_keeps_core_questions_and_the_sections_that_hold_them() -> None:
    data = a_questionnaire(MATRIX)
    data["sections"].append({"code": "second", "title": both("Second"), "questions": [COMMENT]})

    short = parse(data).abridged()

    assert [section.code for section in short.sections] == ["first"]
    assert [question.code for question in short.questions()] == ["useful"]


def test_what_is_stored_reads_back_as_the_same_definition() -> None:
    found = parse(a_questionnaire(MATRIX, SEVERAL, RATING, COMMENT, source="Somebody, CC BY 4.0", intro=both("Hello")))

    again = parse(json.loads(json.dumps(found.to_dict())))

    assert again == found
    assert again.digest == found.digest


def test_the_digest_changes_with_any_word_and_not_with_the_order_of_languages_in_a_text() -> None:
    data = a_questionnaire(SEVERAL)
    turned = a_questionnaire(SEVERAL, title=dict(reversed(both("Sample").items())))
    other = a_questionnaire(SEVERAL, title={"en": "Sample", "fr": "Autre"})

    assert parse(data).digest == parse(turned).digest != parse(other).digest


def test_length_limits_come_with_the_type_and_may_be_set() -> None:
    short = {"code": "word", "type": "short_text", "text": both("A word"), "max_length": 40}
    found = parse(a_questionnaire(COMMENT, short, SEVERAL))

    assert [found.question(code).max_length for code in ("improve", "word", "uses", "useful")] == [4000, 40, 200, 0]


def test_roles_are_those_that_people_can_have() -> None:
    schema = json.loads(Path(checking.__file__).with_name("questionnaire.schema.json").read_text())

    assert schema["properties"]["role"]["enum"] == [role.value for role in Role]
    assert schema["$defs"]["question"]["properties"]["type"]["enum"] == [kind.value for kind in QuestionType]


WRONG: list[tuple[dict[str, Any], str]] = [
    (a_questionnaire(SEVERAL, SEVERAL), "sections[0].questions[1].code: the question code 'uses' is used 2 times"),
    (a_questionnaire(strata=["role", "shoe_size"]), "strata[1]: 'shoe_size' is unknown; it is one of role, meeting"),
    (a_questionnaire({**COMMENT, "type": "essay"}), "sections[0].questions[1].type: 'essay' is unknown"),
    (
        a_questionnaire({**COMMENT, "code": "what next"}),
        "sections[0].questions[1].code: 'what next' is not a code: lower-case letters",
    ),
    (a_questionnaire({**COMMENT, "code": "what.next"}), "sections[0].questions[1].code: 'what.next' is not a code"),
    (a_questionnaire({**COMMENT, "code": "other"}), "sections[0].questions[1].code: 'other' is reserved"),
    (a_questionnaire({**COMMENT, "colour": "red"}), "sections[0].questions[1]: has unknown keys: colour"),
    (a_questionnaire({**COMMENT, "text": {"en": "Improve?"}}), "sections[0].questions[1].text: is missing in fr"),
    (a_questionnaire({**COMMENT, "text": {"en": "Improve?", "fr": " "}}), "text: is missing in fr"),
    (a_questionnaire({**COMMENT, "text": "Improve?"}), "text: give a text for each language: en, fr"),
    (a_questionnaire(title=both("A") | {"de": "B"}), "title: is in de, which the questionnaire's languages do not"),
    (
        a_questionnaire({**COMMENT, "rows": MATRIX["rows"]}),
        "questions[1].rows: a question of type long_text has no rows",
    ),
    (a_questionnaire({**COMMENT, "other": True}), "questions[1].other: a question of type long_text has no other"),
    (a_questionnaire({**SEVERAL, "not_applicable": True}), "a question of type multiple has no not_applicable"),
    (a_questionnaire({**RATING, "max_length": 3}), "a question of type rating has no max_length"),
    (
        a_questionnaire({k: v for k, v in MATRIX.items() if k != "rows"}),
        "questions[1]: a question of type matrix needs",
    ),
    (
        a_questionnaire({k: v for k, v in SEVERAL.items() if k != "options"}),
        "a question of type multiple needs options",
    ),
    (a_questionnaire({**MATRIX, "rows": MATRIX["rows"] * 2}), "rows[0].code: the row code 'hours' is used 2 times"),
    (a_questionnaire({**MATRIX, "options": "liking"}), "options: there is no scale 'liking'; there is: agreement"),
    (
        a_questionnaire({**MATRIX, "options": AGREEMENT[:4]}),
        "a matrix has the codes 1 to 5 or 1 to 7, the worst first, not 1, 2, 3",
    ),
    (
        a_questionnaire({**MATRIX, "options": AGREEMENT[::-1]}),
        "a matrix has the codes 1 to 5 or 1 to 7, the worst first, not 5, 4",
    ),
    (a_questionnaire({**RATING, "options": RATING["options"][:1]}), "a rating has the codes 0 to 10"),
    (
        a_questionnaire({**RATING, "options": [*RATING["options"], {"code": 11, "label": both("x")}]}),
        "a rating has the",
    ),
    (a_questionnaire({**SEVERAL, "type": "single"}), "only a multiple choice has exclusive options"),
    (a_questionnaire({**SEVERAL, "options": SEVERAL["options"][:1], "other": False}), "needs a second option"),
    (
        a_questionnaire({**SEVERAL, "options": [*SEVERAL["options"], {"code": "na", "label": both("No")}]}),
        "options[2].code: 'na' is reserved",
    ),
    (
        a_questionnaire({**SEVERAL, "options": [*SEVERAL["options"], {"code": "info", "label": both(" BRIEF ")}]}),
        "options[2]: 'brief' is also what option 0 is called",
    ),
    (
        a_questionnaire({**SEVERAL, "options": [*SEVERAL["options"], {"code": "rest", "label": both("Other")}]}),
        "an option is called other, which other: true brings already",
    ),
    (a_questionnaire(scales={"agreement": AGREEMENT, "spare": AGREEMENT}), "scales.spare: no question uses this scale"),
    (a_questionnaire(languages=["english"]), "languages[0]: 'english' is not a language, such as en, fr or pt-BR"),
    (a_questionnaire({**COMMENT, "code": "x" * 39}), "is longer than 38 characters"),
    (a_questionnaire(languages=[]), "languages: is empty"),
    (a_questionnaire(version="1"), "version: '1' should be integer"),
    ({"code": "x"}, "lacks version, role, title, minutes, languages, strata, sections"),
]


@pytest.mark.parametrize(("data", "said"), WRONG, ids=[said[:60] for _, said in WRONG])
def test_what_is_wrong_is_said_with_its_place(data: dict[str, Any], said: str) -> None:
    assert any(said in problem for problem in problems_of(data)), problems_of(data)


def test_a_questionnaire_without_a_core_question_is_refused_because_its_short_route_would_be_empty() -> None:
    data = a_questionnaire()
    del data["sections"][0]["questions"][0]["core"]

    assert problems_of(data) == ["sections: no question is marked core, so that the two-minute route would be empty"]


def test_every_problem_is_said_at_once_in_the_order_of_the_file() -> None:
    said = problems_of(a_questionnaire({**COMMENT, "text": {"en": "x"}}, {**SEVERAL, "rows": MATRIX["rows"]}, MATRIX))

    assert [problem.split(":")[0] for problem in said] == [
        "sections[0].questions[1].text",
        "sections[0].questions[2].rows",
    ]


@pytest.mark.parametrize("data", [None, [], "text", 3, {"code": object()}])
def test_what_is_no_questionnaire_at_all_is_refused_kindly(data: Any) -> None:
    with pytest.raises(DefinitionError):
        parse(data)


HEAD = "code: mine\nversion: 1\nrole: participant\nlanguages: [en]\nstrata: []\nminutes: 2\ntitle: Mine\n"


def test_a_problem_in_a_file_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        HEAD + "sections:\n"
        "  - code: one\n"
        "    title: One\n"
        "    questions:\n"
        "      - code: a\n"
        "        type: scael\n"
        "        text: A?\n"
    )

    with pytest.raises(DefinitionError, match=r"mine\.yaml cannot be used:\n  - line 13: sections\[0\].*'scael'"):
        definition.load(path)


def test_words_of_yaml_that_look_like_something_else_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(
        HEAD + "intro: 2021-06-07\n"
        "sections:\n"
        "  - code: on\n"
        "    title: Off\n"
        "    questions:\n"
        "      - code: y\n"
        "        type: single\n"
        "        core: true\n"
        "        text: Well?\n"
        "        options:\n"
        "          - {code: yes, label: Yes}\n"
        "          - {code: no, label: No}\n"
    )

    found = definition.load(path)

    assert (found.intro, found.sections[0].code) == ({"en": "2021-06-07"}, "on")
    assert [(option.code, say(option.label, "en")) for option in found.question("y").options] == [
        ("yes", "Yes"),
        ("no", "No"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code: a\ncode: b\n", "line 1: code: is written twice, again at line 2"),
        ("code: [a\n", "is not YAML at line 2"),
        ("code: !!python/object:os.system x\n", "is not YAML at line 1"),
        ("", "None should be object"),
        ("title: &a [*a]\n", "refers to itself"),
        ("? [a, b]\n: c\n", "is not YAML at line 1"),
    ],
)
def test_a_file_that_is_no_proper_yaml_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text)

    with pytest.raises(DefinitionError) as caught:
        definition.load(path)

    assert said in str(caught.value)


def test_a_file_that_is_missing_or_no_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("title: café".encode("latin-1"))

    with pytest.raises(DefinitionError, match=r"latin\.yaml cannot be read"):
        definition.load(tmp_path / "latin.yaml")
    with pytest.raises(DefinitionError, match="No such file"):
        definition.find(tmp_path / "nowhere.yaml")


def test_a_code_means_its_newest_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definition, "FOLDER", tmp_path)
    for version in (2, 10, 9):
        data = a_questionnaire(version=version)
        (tmp_path / f"sample-{version}.yaml").write_text(json.dumps(data))

    assert definition.find("sample").version == 10
    assert definition.find(str(tmp_path / "sample-2.yaml")).version == 2
    with pytest.raises(DefinitionError, match=r"no questionnaire 'sampel'.* There is: sample\."):
        definition.find("sampel")


def test_a_questionnaire_with_the_same_code_that_is_broken_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(definition, "FOLDER", tmp_path)
    (tmp_path / "good.yaml").write_text(json.dumps(a_questionnaire(version=1)))
    (tmp_path / "newer.yaml").write_text(json.dumps(a_questionnaire(version=2, minutes=0)))

    with pytest.raises(DefinitionError, match=r"newer\.yaml"):
        definition.find("sample")


@given(definitions())
@settings(max_examples=60, deadline=None)
def test_whatever_can_be_read_survives_being_stored(data: dict[str, Any]) -> None:
    found = parse(data)

    assert parse(json.loads(json.dumps(found.to_dict()))) == found
    assert len({item.code for item in found.items()}) == len(list(found.items()))
    assert all(question.core for question in found.abridged().questions())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 99) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(definitions(), st.data())
@settings(max_examples=80, deadline=None)
def test_damage_anywhere_gives_a_definition_or_a_list_of_problems_and_never_another_error(
    data: dict[str, Any], draws: st.DataObject
) -> None:
    data = copy.deepcopy(data)
    spots: list[tuple[Any, Any]] = []

    def collect(value: Any) -> None:
        for key in value if isinstance(value, dict) else range(len(value)):
            spots.append((value, key))
            if isinstance(value[key], dict | list):
                collect(value[key])

    collect(data)
    holder, key = draws.draw(st.sampled_from(spots))
    holder[key] = draws.draw(json_values)

    found = None
    with suppress(DefinitionError):
        found = parse(data)
    problems = checking.problems(data)

    assert bool(problems) == (found is None)
    assert all(str(problem) for problem in problems)
    if found:
        assert parse(found.to_dict()) == found
