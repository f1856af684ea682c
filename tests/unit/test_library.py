"""The library of questions, and how questionnaires use it."""

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.surveys.questionnaires import bank as banks
from mande.surveys.questionnaires import checking
from mande.surveys.questionnaires import library
from mande.surveys.questionnaires.bank import Entry
from mande.surveys.questionnaires.definition import DefinitionError
from mande.surveys.questionnaires.definition import load
from mande.surveys.questionnaires.definition import parse

LANGUAGES = ["en", "fr", "es", "ar"]
BANK = library.bank()
CODES = sorted(BANK.entries)
ONE_PLACE = {"en": "One", "fr": "Un", "es": "Uno", "ar": "واحد"}
CRITERIA = {"relevance", "coherence", "effectiveness", "efficiency", "impact", "sustainability"}
LEVELS = {"reaction", "learning", "behaviour", "results"}
SAME_IN_TWO = {"No"}
LONGEST = {"text": 150, "hint": 170, "label": 60, "unit": 12}
LONGEST_ROW = 72
LONGEST_WORD = 20


def questionnaire(*questions: Any, languages: Any = LANGUAGES, **more: Any) -> dict[str, Any]:
    """Raw data of a questionnaire of one section."""
    title = {language: ONE_PLACE[language] for language in languages}
    sections = [{"code": "one", "title": title, "questions": list(questions)}]
    about = {"code": "some", "version": 1, "role": "participant", "strata": [], "minutes": 5}
    return about | {"languages": list(languages), "title": title, "sections": sections} | more


def asked(data: Any) -> list[dict[str, Any]]:
    return [question for section in data["sections"] for question in section["questions"]]


def refused(data: Any) -> list[str]:
    with pytest.raises(DefinitionError) as raised:
        library.expand(data, BANK)
    return [str(problem) for problem in raised.value.problems]


def said(value: Any, name: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of a question, and what it is: text, hint, label, unit."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in banks.TEXTS:
                yield name if key == "label" and name == "row" else key, part
            else:
                yield from said(part, "row" if key == "rows" else "")
    elif isinstance(value, list):
        for part in value:
            yield from said(part, name)


TEXTS = [
    (entry.code, kind, text)
    for entry in BANK.entries.values()
    for kind, text in said(BANK.question(entry.code, LANGUAGES))
]


def test_the_library_covers_each_theme_in_an_order_that_an_editor_can_show() -> None:
    assert list(BANK.themes) == [
        "relevance", "dialogue", "facilitation", "inclusion", "online", "in_person", "safety", "networking", "learning",
        "use", "partners", "speakers", "overall", "open", "followup",
    ]  # fmt: skip
    assert all(set(title) == set(LANGUAGES) for title in BANK.themes.values())
    assert {entry.theme for entry in BANK.entries.values()} == set(BANK.themes)


@pytest.mark.parametrize("languages", [LANGUAGES, ["ar"]], ids="-".join)
def test_every_question_can_be_asked_in_all_languages_or_in_one(languages: list[str]) -> None:
    data = questionnaire(*(BANK.question(code, languages) for code in BANK.entries), languages=languages)
    data["sections"][0]["repeat"] = "meeting"  # where {meeting} can be said

    assert checking.problems(data) == []
    assert all(set(question.text) == set(languages) for question in parse(data).questions())


def test_every_question_says_why_it_is_asked_and_what_an_evaluator_files_it_under() -> None:
    for entry in BANK.entries.values():
        assert len(entry.why.split()) >= 7, entry.code
        assert entry.data["criterion"] in CRITERIA, entry.code
        assert entry.data.get("level", "reaction") in LEVELS, entry.code
        assert set(entry.roles) <= set(banks.ROLES), entry.code
        assert set(entry.formats) <= set(banks.FORMATS), entry.code
        assert set(entry.waves) <= {"event", "followup"}, entry.code


def test_whys_differ_from_one_another() -> None:
    assert len({entry.why for entry in BANK.entries.values()}) == len(BANK.entries)


def test_every_text_is_there_in_four_languages_and_is_a_translation() -> None:
    assert len(TEXTS) > 500
    for code, _, text in TEXTS:
        assert set(text) == set(LANGUAGES), (code, text)
        for language in LANGUAGES[1:]:
            assert text[language] != text["en"] or text["en"] in SAME_IN_TWO or text["en"][0].isdigit(), (code, text)


def test_texts_are_in_the_script_and_with_the_marks_of_their_language() -> None:
    for code, _, text in TEXTS:
        arabic = re.sub(r"\{\w+\}", "", text["ar"])
        assert not re.search("[A-Za-z?,;]", arabic), (code, arabic)
        assert re.search("[\u0600-\u06ff]", arabic) or arabic.strip().isdigit(), (code, arabic)
        assert not re.search(r"['’]\s|\S[?!;:](\s|$)| '|\w'\w", text["fr"].replace("\u00a0", " ")), (code, text["fr"])
        assert text["es"].count("?") == text["es"].count("¿"), (code, text["es"])


def test_people_are_addressed_formally_throughout() -> None:
    familiar = re.compile(r"\b(tu|te|toi|ton|tes|ti|tus|tú|has|puedes)\b", re.IGNORECASE)
    for code, _, text in TEXTS:
        for language in ("fr", "es"):
            assert not familiar.search(text[language]), (code, text[language])


def test_texts_are_short_enough_for_a_narrow_screen() -> None:
    for code, kind, text in TEXTS:
        longest = LONGEST_ROW if kind == "row" else LONGEST[kind]
        for language in LANGUAGES:
            assert len(text[language]) <= longest, (code, language, len(text[language]), text[language])
            assert all(len(word) <= LONGEST_WORD for word in text[language].split()), (code, text[language])


def test_nothing_repeats_what_the_page_says_by_itself() -> None:
    instruction = re.compile(r"\b(tick|choose|select|up to (two|three)|in order(?=\.))\b", re.IGNORECASE)
    for code, _, text in TEXTS:
        assert not instruction.search(text["en"]), (code, text["en"])


def test_a_text_in_which_people_may_name_somebody_warns_them() -> None:
    for entry in BANK.entries.values():
        if entry.data["type"] == "long_text":
            assert "who you or others are" in entry.data["hint"]["en"], entry.code
        assert not entry.data.get("internal") or "partner" in entry.roles or len(entry.roles) == 3, entry.code


def test_who_reads_an_answer_is_told_truly() -> None:
    for entry in BANK.entries.values():
        if "Only the programme team" in entry.data.get("hint", {}).get("en", ""):
            assert entry.data["internal"], entry.code


def test_nothing_has_to_be_answered_and_what_does_not_concern_everybody_need_not_be() -> None:
    for entry in BANK.entries.values():
        assert not entry.data.get("required"), entry.code
        if entry.data["type"] in ("scale", "matrix"):
            assert entry.data["not_applicable"], entry.code


def test_what_might_hurt_can_be_declined() -> None:
    for code in ("security_concerns", "conduct", "difficulty_since"):
        assert "rather_not_say" in [option["code"] for option in BANK.entries[code].data["options"]], code


def test_every_scale_is_used_and_intention_and_deed_share_their_options() -> None:
    named = [entry.data.get("options") for entry in BANK.entries.values()]

    assert {name for name in named if isinstance(name, str)} == set(BANK.scales)
    for before, after in (
        ("intended_use", "actual_use"), ("new_contacts", "contacts_kept"), ("outputs_use", "outputs_used"),
        ("usefulness", "usefulness_hindsight"), ("objectives_met", "objectives_since"), ("aims", "aims_served"),
    ):  # fmt: skip
        assert BANK.entries[before].data["options"] == BANK.entries[after].data["options"]
        assert BANK.entries[after].waves == ("followup",)


def test_each_language_that_nobody_has_reviewed_is_marked_in_every_file() -> None:
    assert set(BANK.machine_made) == {*BANK.themes, "scales"}
    assert set().union(*BANK.machine_made.values()) <= set(LANGUAGES[1:])


def test_no_file_of_the_library_tells_where_it_was_written() -> None:
    for path in library.FOLDER.glob("*.yaml"):
        assert not re.search(r"/(tmp|work|home|root|usr)/", path.read_text(encoding="utf-8")), path.name


def test_a_question_is_put_in_with_its_scale_in_the_languages_of_the_questionnaire() -> None:
    found = library.expand(questionnaire({"use": "usefulness"}, languages=["en", "ar"]), BANK)

    (question,) = asked(found)
    assert question["code"] == "usefulness"
    assert question["type"] == "scale"
    assert question["core"] is True
    assert question["text"] == {"en": "How useful was the event for your work?", "ar": "ما مدى فائدة اللقاء لعملكم؟"}
    assert found["scales"]["usefulness"][4]["label"] == {"en": "Extremely useful", "ar": "مفيد للغاية"}
    assert list(found["scales"]) == ["usefulness"]
    assert parse(found).question("usefulness").options[4].label == {"en": "Extremely useful", "ar": "مفيد للغاية"}


def test_what_only_the_library_knows_of_a_question_stays_there() -> None:
    for code in CODES:
        (question,) = asked(library.expand(questionnaire({"use": code}), BANK))
        assert not set(question) & set(banks.ABOUT)


def test_a_questionnaire_may_say_some_things_otherwise_and_take_others_away() -> None:
    used = {"use": "improve", "why": "For the board.", "core": True, "hint": None, "max_length": 300}

    (question,) = asked(library.expand(questionnaire(used), BANK))

    assert question["why"] == "For the board."
    assert question["core"] is True
    assert question["max_length"] == 300
    assert "hint" not in question
    assert question["text"] == BANK.entries["improve"].data["text"]


def test_under_another_code_a_question_is_still_compared_as_the_librarys() -> None:
    again = {"use": "usefulness", "code": "usefulness_of_part_one"}

    (question,) = asked(library.expand(questionnaire(again), BANK))

    assert (question["code"], question["comparable"]) == ("usefulness_of_part_one", "usefulness")


@pytest.mark.parametrize("name", ["type", "options", "rows", "bands"])
def test_a_code_never_means_two_sets_of_answers(name: str) -> None:
    changed = {"use": "inclusion_access", name: "agreement"}

    assert refused(questionnaire(changed)) == [
        f"sections[0].questions[0].{name}: changes what can be answered to 'inclusion_access'; give the question a "
        "code of its own"
    ]
    (question,) = asked(library.expand(questionnaire(changed | {"code": "my_own"}), BANK))
    assert question[name] == "agreement"
    assert "comparable" not in question


def test_every_unknown_code_is_named_with_what_may_have_been_meant() -> None:
    data = questionnaire({"use": "usefullness"}, {"use": "recommend"}, {"use": "xyzzy"}, {"use": ["improve"]})

    assert refused(data) == [
        "sections[0].questions[0].use: there is no question 'usefullness' in the library; did you mean 'usefulness'?",
        "sections[0].questions[2].use: there is no question 'xyzzy' in the library; its questions are in "
        "questionnaires/library/",
        "sections[0].questions[3].use: there is no question ['improve'] in the library; did you mean 'improve'?",
    ]


def test_a_language_that_the_library_lacks_is_found_missing_by_the_checker() -> None:
    data = questionnaire({"use": "improve", "core": True}) | {"languages": [*LANGUAGES, "pt"]}

    problems = [str(problem) for problem in checking.problems(library.expand(data, BANK))]

    assert "sections[0].questions[0].text: is missing in pt" in problems


def test_a_question_of_ones_own_may_have_a_scale_of_the_library() -> None:
    own = {"code": "food", "type": "scale", "text": dict(ONE_PLACE), "options": "quality", "core": True}

    found = library.expand(questionnaire(own), BANK)

    assert found["scales"] == {"quality": BANK.scale("quality", LANGUAGES)}
    assert parse(found).question("food").options[0].label["en"] == "Very poor"


def test_a_scale_of_ones_own_is_kept_unless_the_library_is_used_under_its_name() -> None:
    mine = {"quality": [{"code": code, "label": {"en": f"My {code}"}} for code in range(1, 6)]}
    own = {"code": "food", "type": "scale", "text": {"en": "Food?"}, "options": "quality"}

    kept = library.expand(questionnaire(own, {"use": "usefulness"}, languages=["en"], scales=mine), BANK)

    assert kept["scales"]["quality"] == mine["quality"]
    assert set(kept["scales"]) == {"quality", "usefulness"}
    assert refused(questionnaire(own, {"use": "facilitation"}, languages=["en"], scales=mine)) == [
        "scales.quality: is called as a scale of the library that is used here; rename it"
    ]


def test_what_is_taken_over_unreviewed_is_marked_so() -> None:
    def marked(*languages: str, **more: Any) -> Any:
        return library.expand(questionnaire({"use": "improve"}, languages=languages, **more), BANK).get("machine_made")

    assert marked("en") is None
    assert marked("en", "ar") == ["ar"]
    assert marked("en", "es", "fr", machine_made=["fr"]) == ["fr", "es"]


def test_a_questionnaire_without_the_library_stays_as_it_is() -> None:
    data = questionnaire({"code": "why", "type": "long_text", "text": dict(ONE_PLACE)})

    assert library.expand(data, BANK) == data


@pytest.mark.parametrize(
    "data",
    [None, [], "text", {}, {"sections": {}}, {"sections": [None, {"questions": None}, {"questions": ["use"]}]}],
)
def test_what_is_no_questionnaire_is_left_to_the_checker(data: Any) -> None:
    assert library.expand(data, BANK) == data


@given(st.lists(st.sampled_from(CODES), unique=True, max_size=8), st.lists(st.sampled_from(LANGUAGES), unique=True))
@settings(max_examples=50)
def test_putting_questions_in_changes_nothing_that_was_given_and_is_done_once(
    codes: list[str], languages: list[str]
) -> None:
    data = questionnaire(*({"use": code} for code in codes), languages=languages)
    before = deepcopy(data)

    once = library.expand(data, BANK)

    assert data == before
    assert library.expand(once, BANK) == once
    assert [question["code"] for question in asked(once)] == codes


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["usefulness", "quality", "en", "xyz"]),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(st.sampled_from(["use", "code", "options", "questions", "text"]), part, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {"sections": st.lists(st.fixed_dictionaries({"questions": st.lists(ANYTHING, max_size=3)}) | ANYTHING)},
        optional={"languages": ANYTHING, "scales": ANYTHING, "machine_made": ANYTHING},
    )
)
@settings(max_examples=40)
def test_whatever_a_file_holds_is_left_to_the_checker_or_refused_with_its_place(data: dict[str, Any]) -> None:
    try:
        left = library.expand(data, BANK)
    except DefinitionError as error:
        left = {"problems": error.problems}

    assert left.get("problems") or len(left["sections"]) == len(data["sections"])


def test_nobody_can_change_the_library_through_what_it_gave() -> None:
    library.bank().question("recommend", LANGUAGES)["options"][0]["label"]["en"] = "Changed"
    asked(library.expand(questionnaire({"use": "recommend"}), library.bank()))[0]["text"]["en"] = "Changed"

    fresh = library.bank().question("recommend", LANGUAGES)

    assert "Changed" not in (fresh["text"]["en"], fresh["options"][0]["label"]["en"])


def test_a_file_is_read_with_the_questions_that_it_uses_and_problems_have_their_line(tmp_path: Path) -> None:
    text = (
        "code: short\nversion: 1\nrole: partner\nlanguages: [en, es]\nstrata: []\nminutes: 2\n"
        "title: {en: Short, es: Breve}\nsections:\n  - code: one\n    title: {en: One, es: Uno}\n    questions:\n"
        "      - use: usefulness\n      - use: objectives_met\n"
    )
    path = tmp_path / "short.yaml"
    path.write_text(text, encoding="utf-8")

    assert [question.code for question in load(path).questions()] == ["usefulness", "objectives_met"]

    path.write_text(text.replace("objectives_met", "objective_met"), encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"line 13: .*did you mean 'objectives_met'"):
        load(path)


def found(*words: str, **narrow: Any) -> list[str]:
    return [entry.code for entry in BANK.search(" ".join(words), **narrow)]


def test_a_search_without_words_lists_everything_in_the_order_of_themes() -> None:
    assert found() == list(BANK.entries)
    assert found()[0] == "usefulness"
    assert BANK.entries[found()[-1]].theme == "followup"


def test_a_search_finds_every_word_and_puts_what_the_question_says_first() -> None:
    assert found("usefulness")[0] == "usefulness"
    assert found("objectives", "met")[0] == "objectives_met"
    assert found("facilitation")[0] == "facilitation"
    assert found("RECOMMEND colleague") == ["recommend"]
    assert "programme_parts" in found("small groups")
    assert found("promoter") == ["recommend"]
    assert found("useful", "xyzzy") == []


def test_a_search_is_in_the_readers_language_whatever_the_accents() -> None:
    assert found("réunion", language="fr") == found("reunion", language="fr") != []
    assert found("moderacion", language="es")[0] == "facilitation"
    assert "usefulness" in found("فائدة", language="ar")
    assert found("facilitation of the discussions", language="ar") == []


def test_a_search_can_be_narrowed_to_a_role_a_theme_a_wave_and_a_format() -> None:
    def entries(**narrow: Any) -> list[Entry]:
        return BANK.search(**narrow)

    assert {entry.theme for entry in entries(theme="safety")} == {"safety"}
    assert "briefing" in found(role="speaker")
    assert "briefing" not in found(role="partner")
    assert "changes" in found(wave="followup")
    assert "changes" not in found(wave="event")
    assert "inclusion_access" in found(form="virtual")
    assert "venue" not in found(form="virtual")
    assert found("useful", role="speaker", theme="relevance", wave="event", form="hybrid")[0] == "usefulness"


def test_a_question_that_hangs_on_another_names_it() -> None:
    assert BANK.entries["access_needs_met"].needs == ("access_needs",)
    assert BANK.entries["contribution"].needs == ("changes",)
    assert BANK.entries["usefulness"].needs == ()
    for entry in BANK.entries.values():
        assert set(entry.needs) <= set(BANK.entries)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("questions: []\n", "line 1: a file of the library has a title and questions, or scales"),
        ("title: {en: A}\nquestions:\n  - code: a\n    type: scale\n", r"line 3: questions\[0\]: lacks text, why"),
        ("title: {en: A}\nquestions: [a]\n", r"line 2: questions\[0\]: lacks code, type, text, why"),
        (
            "title: {en: A}\nquestions:\n" + 2 * "  - {code: a, type: date, text: {en: A}, why: A}\n",
            r"line 4: questions\[1\].code: the library has two questions 'a'",
        ),
    ],
)
def test_a_broken_file_of_the_library_says_what_is_wrong_and_where(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "some.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(DefinitionError, match=problem):
        banks.read(tmp_path)


def test_a_theme_without_an_order_comes_last(tmp_path: Path) -> None:
    one = "questions: [{{code: {0}, type: date, text: {{en: A}}, why: Because.}}]\ntitle: {{en: {0}}}\n"
    (tmp_path / "a.yaml").write_text(one.format("a"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(one.format("b") + "order: 2\n", encoding="utf-8")

    assert list(banks.read(tmp_path).themes) == ["b", "a"]
