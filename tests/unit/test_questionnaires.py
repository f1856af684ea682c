"""The questionnaires that are shipped."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from mande.config import ROOT
from mande.surveys import catalogue
from mande.surveys.answering import paging
from mande.surveys.authoring import advice
from mande.surveys.catalogue import Version
from mande.surveys.questionnaires import library
from mande.surveys.questionnaires import yamlfile
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import FOLDER
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Question
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.definition import load

ROLES = {"participant": "participants", "speaker": "speakers", "partner": "partners"}
FORMATS = {"virtual": "", "in_person": "-in-person", "hybrid": "-hybrid"}
OURS = [name + ending for name in ROLES.values() for ending in (*FORMATS.values(), "-followup")]
OF_OTHERS = ["carpentries-longterm-2019", "carpentrycon-home-2020"]
LANGUAGES = ("en", "fr", "es", "ar")
EVERY_ROLE = {
    "usefulness": QuestionType.SCALE,
    "voice_heard": QuestionType.SCALE,
    "facilitation": QuestionType.SCALE,
    "right_people": QuestionType.SCALE,
    "security_concerns": QuestionType.SINGLE,
    "new_contacts": QuestionType.SINGLE,
    "recommend": QuestionType.RATING,
    "improve": QuestionType.LONG_TEXT,
}
SAME_IN_TWO = {"No"}


@cache
def shipped(code: str) -> Definition:
    return load(FOLDER / f"{code}.yaml")


def texts(value: Any) -> list[Mapping[str, str]]:
    """Every text in a definition, in whatever part."""
    if isinstance(value, Mapping):
        return [value]
    if isinstance(value, tuple | list):
        return [text for part in value for text in texts(part)]
    fields = getattr(value, "__dataclass_fields__", ())
    return [text for name in fields for text in texts(getattr(value, name))]


def asked(definition: Definition, mode: str, answers: dict[str, Any]) -> list[str]:
    facts = Facts((definition.role,), (), mode)
    sections = paging.asked(definition, answers, facts)
    return [question.code for section in sections for question in section.questions]


MUCH = {"access_needs": "yes", "joint_work": "yes", "changes": ["policy"]}
LITTLE = {"access_needs": "no", "joint_work": "no", "changes": ["none"]}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_can_be_used_and_is_named_after_its_code(path: Any) -> None:
    assert load(path).code == path.stem


def test_there_is_one_for_each_role_and_format_and_a_followup_for_each_role() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {*OURS, *OF_OTHERS}
    for role, name in ROLES.items():
        for form, ending in FORMATS.items():
            found = shipped(name + ending)
            assert (found.role, found.wave, found.formats) == (role, "event", (form,))
        later = shipped(f"{name}-followup")
        assert (later.role, later.wave, later.formats) == (role, "followup", ())


@pytest.mark.parametrize("code", OURS)
def test_nobody_is_asked_more_than_16_questions_and_few_on_the_two_minute_route(code: str) -> None:
    found = shipped(code)
    fewest = 10 if found.wave == "followup" else 14

    for mode in ("online", "in_person"):
        assert len(asked(found, mode, MUCH)) <= 16
        assert len(asked(found, mode, LITTLE)) >= fewest
    assert len(found.sections) in (3, 4)
    core = [question.code for question in found.questions() if question.core]
    assert core == (["usefulness_hindsight", "changes"] if found.wave == "followup" else ["usefulness"])


@pytest.mark.parametrize("name", ROLES.values())
def test_at_a_hybrid_meeting_each_is_asked_about_their_own_way_of_taking_part(name: str) -> None:
    found = shipped(f"{name}-hybrid")
    online, there = (asked(found, mode, {}) for mode in ("online", "in_person"))

    assert "inclusion_access" in online
    assert "inclusion_access" not in there
    assert "inclusion_in_person" in there
    assert "inclusion_in_person" not in online
    assert "equal_terms" in {*online} & {*there}
    assert len(online) == len(there)
    assert "mode" in found.strata


@pytest.mark.parametrize(
    ("formats", "proposed"),
    [
        ({"virtual"}, "participants"),
        ({"in_person"}, "participants-in-person"),
        ({"hybrid"}, "participants-hybrid"),
        ({"in_person", "virtual"}, "participants-hybrid"),
        ({"virtual", "hybrid"}, "participants-hybrid"),
        (set(), "participants"),
    ],
)
def test_what_is_proposed_suits_the_formats_of_the_meetings_together(formats: set[str], proposed: str) -> None:
    known = {code: Version(shipped(code)) for code in OURS}

    assert catalogue.choice(known, "participant", "event", formats, "participants").usual == proposed


@pytest.mark.parametrize("name", ROLES.values())
def test_after_six_months_whoever_saw_nothing_change_is_not_asked_about_changes(name: str) -> None:
    found = shipped(f"{name}-followup")
    about = {"change_stage", "contribution", "most_significant"}

    assert about <= {*asked(found, "online", MUCH)}
    assert not about & {*asked(found, "online", LITTLE)}
    assert not about & {*asked(found, "online", {})}
    assert "barriers" in asked(found, "online", LITTLE)


@pytest.mark.parametrize("code", OURS)
def test_each_question_suits_the_role_the_wave_and_the_format_and_comes_from_the_library(code: str) -> None:
    entries = library.bank().entries
    found = shipped(code)
    for question in found.questions():
        entry = entries[question.code]
        assert found.role in entry.roles, question.code
        assert found.wave in entry.waves, question.code
        assert set(found.formats) <= set(entry.formats), question.code
        assert question.why, question.code
        assert question.criterion, question.code
        assert question.level or question.type.is_text, question.code


@pytest.mark.parametrize(("code", "kind"), EVERY_ROLE.items())
def test_what_is_asked_of_every_role_is_asked_alike(code: str, kind: QuestionType) -> None:
    of_all = [shipped(name + ending).question(code) for name in ROLES.values() for ending in FORMATS.values()]

    assert {question.type for question in of_all} == {kind}
    assert {as_answered(question) for question in of_all} == {as_answered(of_all[0])}


def test_a_code_never_means_two_things() -> None:
    for one, two in combinations(map(shipped, OURS), 2):
        for code in {q.code for q in one.questions()} & {q.code for q in two.questions()}:
            assert as_answered(one.question(code)) == as_answered(two.question(code)), (one.code, two.code, code)


def as_answered(question: Question) -> str:
    """All that somebody who answers sees of a question, and how it is counted."""
    return repr(replace(question, why="", ask_if=None, core=False))


def test_what_was_asked_in_the_first_three_is_still_asked_under_the_same_codes() -> None:
    codes = {name: [question.code for question in shipped(name).questions()] for name in ROLES.values()}

    assert codes["participants"] == [
        "usefulness", "right_people", "voice_heard", "facilitation", "perspectives", "inclusion_access",
        "security_concerns", "security_detail", "new_contacts", "intended_use", "work_change", "what_will_change",
        "recommend", "most_valuable", "improve",
    ]  # fmt: skip
    assert codes["speakers"] == [
        "usefulness", "right_people", "voice_heard", "facilitation", "briefing", "briefing_gap", "technical_support",
        "speaking_time", "inclusion_access", "security_concerns", "security_detail", "new_contacts", "intended_use",
        "work_change", "recommend", "improve",
    ]  # fmt: skip
    assert codes["partners"] == [
        "usefulness", "objectives_met", "objectives_detail", "value", "right_people", "voice_heard", "facilitation",
        "inclusion_access", "security_concerns", "outputs_use", "outputs_fit", "new_contacts", "convene_again",
        "convene_subject", "recommend", "improve",
    ]  # fmt: skip


@pytest.mark.parametrize("code", OURS)
def test_every_text_is_there_in_english_french_spanish_and_arabic(code: str) -> None:
    found = shipped(code)
    said = [text for text in texts(found) if text]

    assert found.languages == LANGUAGES
    assert len(said) > 60
    for text in said:
        assert set(text) == set(LANGUAGES), text
        for language in LANGUAGES[1:]:
            assert text[language] != text["en"] or text["en"] in SAME_IN_TWO or text["en"][0].isdigit(), text


@pytest.mark.parametrize("code", OURS)
def test_titles_fit_a_narrow_screen_and_introductions_stay_short(code: str) -> None:
    found = shipped(code)
    for language in LANGUAGES:
        assert len(found.title[language]) <= 70
        assert len(found.intro[language]) <= 300
        assert all(len(section.title[language]) <= 40 for section in found.sections)


@pytest.mark.parametrize("code", OURS)
def test_translations_that_nobody_has_reviewed_are_marked(code: str) -> None:
    unreviewed = set(yamlfile.read(FOLDER / f"{code}.yaml").data.get("machine_made", ()))

    for question in shipped(code).questions():
        unreviewed |= set(library.bank().machine_made[library.bank().entries[question.code].theme])
    assert set(shipped(code).machine_made) >= unreviewed


@pytest.mark.parametrize("code", OURS)
def test_nothing_in_ours_is_something_to_warn_an_author_of(code: str) -> None:
    found = advice.advise(shipped(code).to_dict())

    assert [one for one in found if one.severity is advice.Severity.WARNING] == []


@pytest.mark.parametrize("code", OURS)
def test_free_text_that_may_give_somebody_away_warns_or_stays_inside_the_team(code: str) -> None:
    for question in shipped(code).questions():
        if question.type is QuestionType.LONG_TEXT:
            assert question.internal or "who you or others are" in question.hint["en"], question.code


@pytest.mark.parametrize("code", OF_OTHERS)
def test_questionnaires_of_others_name_whose_they_are(code: str) -> None:
    found: Definition = shipped(code)

    assert found.source == "The Carpentries, CC BY 4.0, carpentries/assessment"


def test_no_file_tells_where_it_was_written() -> None:
    for path in FOLDER.rglob("*.yaml"):
        assert not re.search(r"/(tmp|work|home|root|usr)/", path.read_text(encoding="utf-8")), path.name


def test_the_examples_in_the_documentation_can_be_used(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "questionnaires.md").read_text(encoding="utf-8")
    codes = []
    for number, example in enumerate(re.findall(r"```yaml\n(code:.*?)```", page, re.DOTALL)):
        path = tmp_path / f"example-{number}.yaml"
        path.write_text(example, encoding="utf-8")
        codes.append([question.code for question in load(path).questions()])

    assert ["objectives_met", "outputs_use"] in codes
    assert ["usefulness", "access_needs", "access_needs_met", "coffee", "improve"] in codes
