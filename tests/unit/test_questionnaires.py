"""The questionnaires that are shipped."""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from mande.config import ROOT
from mande.surveys.definition import FOLDER
from mande.surveys.definition import Definition
from mande.surveys.definition import Question
from mande.surveys.definition import QuestionType
from mande.surveys.definition import find
from mande.surveys.definition import load

ROLES = ("participants", "speakers", "partners")
SHARED = {
    "usefulness": QuestionType.SCALE,
    "voice_heard": QuestionType.SCALE,
    "facilitation": QuestionType.SCALE,
    "right_people": QuestionType.SCALE,
    "inclusion_access": QuestionType.MATRIX,
    "security_concerns": QuestionType.SINGLE,
    "new_contacts": QuestionType.SINGLE,
    "recommend": QuestionType.RATING,
    "improve": QuestionType.LONG_TEXT,
}


def texts(value: Any) -> list[Mapping[str, str]]:
    """Every text in a definition, in whatever part."""
    if isinstance(value, Mapping):
        return [value]
    if isinstance(value, tuple | list):
        return [text for part in value for text in texts(part)]
    fields = getattr(value, "__dataclass_fields__", ())
    return [text for name in fields for text in texts(getattr(value, name))]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_can_be_used_and_is_named_after_its_code(path: Any) -> None:
    assert load(path).code == path.stem


@pytest.mark.parametrize("code", ROLES)
def test_each_role_is_asked_12_to_16_questions_on_3_or_4_pages_one_of_them_core(code: str) -> None:
    found = find(code)

    assert 12 <= len(list(found.questions())) <= 16
    assert len(found.sections) in (3, 4)
    assert [question.code for question in found.questions() if question.core] == ["usefulness"]
    assert found.strata == ("role", "meeting", "sector")


@pytest.mark.parametrize("code", ROLES)
def test_each_question_says_why_it_is_asked_and_what_an_evaluator_files_it_under(code: str) -> None:
    for question in find(code).questions():
        assert question.why, question.code
        assert question.criterion, question.code
        assert question.level or question.type.is_text, question.code


def test_the_three_together_use_every_type() -> None:
    assert {question.type for code in ROLES for question in find(code).questions()} == set(QuestionType)


@pytest.mark.parametrize(("code", "kind"), SHARED.items())
def test_what_is_asked_of_every_role_is_asked_alike(code: str, kind: QuestionType) -> None:
    asked = [find(role).question(code) for role in ROLES]

    assert {question.type for question in asked} == {kind}
    assert_comparable(*asked)


def test_a_code_never_means_two_things() -> None:
    for one, two in combinations(ROLES, 2):
        shared = {q.code for q in find(one).questions()} & {q.code for q in find(two).questions()}
        for code in shared - {"outputs_use"}:
            assert_comparable(find(one).question(code), find(two).question(code))


def assert_comparable(*asked: Question) -> None:
    def in_english(question: Question) -> Question:
        def english(parts: Any) -> Any:
            return tuple(replace(part, label={"en": part.label["en"]} if part.label else {}) for part in parts)

        return replace(question, options=english(question.options), rows=english(question.rows))

    keys = [(q.type, in_english(q).options, in_english(q).rows, q.not_applicable, q.other, q.internal) for q in asked]
    assert all(key == keys[0] for key in keys)


def test_participants_are_asked_in_english_and_in_french_throughout() -> None:
    found = find("participants")

    assert found.languages == ("en", "fr")
    for text in texts(found):
        assert set(text) in ({"en", "fr"}, set()), text
    translated = [text for text in texts(found) if text]
    assert len(translated) > 60
    assert [text for text in translated if text["en"] == text["fr"]] == []


@pytest.mark.parametrize("code", ROLES)
def test_english_is_complete_everywhere(code: str) -> None:
    assert all(text.get("en", "").strip() for text in texts(find(code)) if text)


@pytest.mark.parametrize("code", ROLES)
def test_free_text_that_may_give_somebody_away_warns_or_stays_inside_the_team(code: str) -> None:
    for question in find(code).questions():
        if question.type is QuestionType.LONG_TEXT:
            assert question.internal or "who you or others are" in question.hint["en"], question.code


@pytest.mark.parametrize("code", ["carpentries-longterm-2019", "carpentrycon-home-2020"])
def test_questionnaires_of_others_name_whose_they_are(code: str) -> None:
    found: Definition = find(code)

    assert found.source == "The Carpentries, CC BY 4.0, carpentries/assessment"


def test_the_example_in_the_documentation_can_be_used(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "questionnaires.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")

    assert [question.code for question in load(path).questions()] == ["objectives_met", "outputs_use"]
