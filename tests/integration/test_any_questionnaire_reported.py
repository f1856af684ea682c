"""Whatever questionnaire the checker accepts, and whatever people answer: it can be counted and reported."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande import create_app
from mande import db
from mande.config import ROOT
from mande.events.models import Meeting
from mande.reports import operations
from mande.reports.document import build
from mande.reports.kinds import EditionKind
from mande.surveys.answering import paging
from mande.surveys.questionnaires import definition as definitions
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import QuestionType
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.results import counting
from tests import builders
from tests import questionnaires
from tests import report_samples
from tests.conftest import make_settings

SCHEMA = jsonschema.validators.validator_for({})(json.loads((ROOT / "docs" / "report.schema.json").read_text()))
K = 5


@pytest.fixture(scope="module")
def one_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Nothing in it is ever kept, so that all examples may share it."""
    database = tmp_path_factory.mktemp("any") / "mande.db"
    database.write_bytes(sqlite_template.read_bytes())
    app = create_app(make_settings(f"sqlite:///{database}"))
    with app.app_context():
        yield app
        db.database().engine.dispose()


@st.composite
def surveys(draw: st.DrawFn) -> tuple[Definition, list[Answers], list[list[str]], list[dict[str, str]]]:
    """A questionnaire, 5 to 14 responses of people who took part in all sorts of ways, what each was not asked, strata.

    Several people may give the same answers, so that groups are not always spread thinly.
    """
    definition = definitions.parse(draw(questionnaires.definitions()))
    different: list[tuple[Answers, list[str]]] = []
    for _ in range(draw(st.integers(1, 4))):
        facts = draw(questionnaires.facts())
        mine = for_person(definition, questionnaires.attended(facts))
        answers = draw(questionnaires.answers_to(mine, facts))
        elsewhere = [f"@{one.code}" for one in questionnaires.MEETINGS if one.code not in facts.meetings]
        different.append((answers, [*paging.unasked(mine, answers, facts), *elsewhere]))
    people = draw(st.lists(st.sampled_from(different), min_size=K, max_size=14))
    strata = [{name: draw(st.sampled_from(["x", "y"])) for name in definition.strata} for _ in people]
    return definition, [answers for answers, _ in people], [unasked for _, unasked in people], strata


@given(survey=surveys())
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate],
          suppress_health_check=list(HealthCheck))  # fmt: skip
def test_any_questionnaire_is_counted_and_every_table_adds_up(
    survey: tuple[Definition, list[Answers], list[list[str]], list[dict[str, str]]],
) -> None:
    definition, responses, unasked, strata = survey
    whole = for_person(definition, questionnaires.MEETINGS)

    counted = counting.count(whole, responses, strata, definition.strata, K, unasked)

    for table in (table for table in counted.tables if not table.stratum):
        question = whole.item(table.question).question
        meeting = f"@{question.code.partition('@')[2]}"
        asked = sum(not {question.code, meeting} & set(skipped) for skipped in unasked)
        assert table.n + table.missing + table.not_applicable == asked
        assert table.n == len(counted.answers[table.question])
        if question.type is not QuestionType.MULTIPLE:
            assert sum(table.counts.values()) == table.n
        for value in counted.answers[table.question]:
            assert set(value.split()) <= table.counts.keys()


@given(survey=surveys())
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate],
          suppress_health_check=list(HealthCheck))  # fmt: skip
def test_any_questionnaire_is_reported_and_shows_partners_no_answer_of_one_or_two(
    one_app: Flask,
    survey: tuple[Definition, list[Answers], list[list[str]], list[dict[str, str]]],
) -> None:
    definition, responses, unasked, strata = survey
    with db.transaction() as session:
        event = builders.make_event(session)
        one = event.meetings[0]
        same = {"format": one.format, "starts_at": one.starts_at, "ends_at": one.ends_at}
        event.meetings.append(Meeting(position=3, code="3", title="3", **same))
        one.title = questionnaires.MEETINGS[0].title
        session.flush()
        report_samples.closed_survey(
            session, event, definition, responses, strata, 20, unasked, wave=definition.wave, k=K
        )
        report_samples.release_all(session)
        internal, partner = (build(session, event, kind) for kind in (EditionKind.INTERNAL, EditionKind.PARTNER))
        session.rollback()

    for document in (internal, partner):
        SCHEMA.validate(document)
        assert "</html>" in operations.as_html(document)
    assert {question["code"] for question in asked(partner)} <= {question["code"] for question in asked(internal)}
    for question in asked(partner):
        for shown in (question, *(group for one in question["breakdowns"] for group in one["groups"])):
            assert not {1, 2} & set(shown.get("counts", {}).values()), question["code"]
        assert question["ranking"] is None or not question["ranking"]["options"]


def asked(document: dict[str, Any]) -> list[dict[str, Any]]:
    later = document["followup"]
    return [*document["questions"], *(later["questions"] if later else [])]
