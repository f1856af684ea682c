"""Every type of question in the report, conditions, what is asked for each meeting, and what is asked months later."""

import json
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import create_app
from mande import db
from mande.config import ROOT
from mande.events.kinds import Role
from mande.events.models import Event
from mande.reports import comments
from mande.reports import operations
from mande.reports.kinds import EditionKind
from mande.staff.models import StaffRole
from mande.surveys.models import Answer
from mande.surveys.models import Result
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave
from mande.surveys.questionnaires import definition as definitions
from tests import builders
from tests import report_samples
from tests.conftest import make_settings

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())
SAMPLES = Path(__file__).parents[1] / "samples"
TYPES = definitions.load(SAMPLES / "reported_types.yaml")
LATER = definitions.load(SAMPLES / "reported_later.yaml")
OPENED_LATER = datetime(2021, 12, 10, tzinfo=UTC)


Documents = dict[str, dict[str, Any]]


def lived_through() -> Event:
    """34 of 40 have answered every type of question, and 22 of them again half a year later."""
    with db.transaction() as session:
        made = builders.make_event(session)
        responses, unasked = report_samples.attended(made, TYPES, 34, seed=5)
        strata = [{"meeting": "all"}] * len(responses)
        report_samples.closed_survey(session, made, TYPES, responses, strata, 40, unasked)
        responses, unasked = report_samples.attended(made, LATER, 22, seed=6)
        report_samples.closed_survey(session, made, LATER, responses, [], 40, unasked, opens_at=OPENED_LATER)
        report_samples.release_all(session)
        return made


@pytest.fixture
def event(app: Flask) -> Event:
    return lived_through()


@pytest.fixture(scope="module")
def documents(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Documents:
    """The report by edition, made once, and with each, as "page", what the PDF is made of."""
    database = tmp_path_factory.mktemp("types") / "mande.db"
    database.write_bytes(sqlite_template.read_bytes())
    with create_app(make_settings(f"sqlite:///{database}")).app_context():
        lived_through()
        made: Documents = {edition: document(edition) for edition in EditionKind}
        for found in list(made.values()):
            found["page"] = operations.as_html(found)
        db.database().engine.dispose()
    return made


def document(edition: str) -> dict[str, Any]:
    with db.reading() as session:
        return operations.document_of(session, "WP1873v", EditionKind(edition))


def found(where: dict[str, Any], code: str) -> dict[str, Any]:
    [question] = [question for question in where["questions"] if question["code"] == code]
    return question


def test_every_type_is_in_both_views_of_every_edition(documents: Documents) -> None:
    internal = documents["internal"]
    for edition in EditionKind:
        made = documents[edition].copy()
        page = made.pop("page")
        jsonschema.validate(made, SCHEMA)
        if edition is EditionKind.SUMMARY:
            continue  # One page: it has room for a few of them only.
        assert [one["code"] for one in made["questions"]] == [one["code"] for one in internal["questions"]]
        for words in ("Which themes should come next?", "Ranked among the first three", "10–19 colleagues", "Q2 2026",
                      "Norway", "Part One: the art of diplomacy", "Six months later"):  # fmt: skip
            assert words in page, (edition, words)
        assert "{event}" not in page


def test_a_seven_point_scale_has_its_own_ends(documents: Documents) -> None:
    question = found(documents["internal"], "met")
    counts = [question["counts"][str(point)] for point in range(1, 8)]

    assert question["text"] == f"How far did {documents['internal']['event']['title']} meet your expectations?"
    assert question["favourable"] == round(sum(counts[5:]) / question["n"], 4)
    assert question["unfavourable"] == round(sum(counts[:2]) / question["n"], 4)
    assert question["mean"] == round(sum(i * c for i, c in enumerate(counts, 1)) / question["n"], 4)
    assert question["mean_range"] == [question["mean"]] * 2
    assert question["mean_interval"][1] > 5
    assert question["band"] is None


def test_of_yes_and_no_the_share_of_yes_is_given(documents: Documents) -> None:
    question = found(documents["partner"], "used")

    assert question["yes"] == question["cells"][0]["share"] == round(question["counts"]["yes"] / question["n"], 4)


def test_a_ranking_is_one_table_with_ranks_for_the_team_alone(documents: Documents) -> None:
    internal, partner = (found(documents[edition], "priorities") for edition in ("internal", "partner"))
    options = internal["ranking"]["options"]

    assert [option["code"] for option in options] == [option["code"] for option in internal["options"]]
    for option in options:
        assert sum(option["ranks"].values()) == internal["n"]
        given = {int(rank): count for rank, count in option["ranks"].items() if rank != "unranked"}
        assert internal["counts"][option["code"]] == sum(given.values())
        assert option["mean_rank"] == round(sum(r * c for r, c in given.items()) / sum(given.values()), 4)
    assert partner["ranking"]["options"] == []
    assert {cell["hidden"] for cell in partner["cells"]} == {None, "few"}
    assert all(internal["counts"][code] == count for code, count in partner["counts"].items())


def test_of_few_options_the_first_place_is_counted(documents: Documents) -> None:
    internal, partner = (found(documents[edition], "best") for edition in ("internal", "partner"))

    assert internal["ranking"]["among"] == 1
    assert sum(internal["counts"].values()) == internal["n"] == sum(partner["counts"].values())
    assert not {1, 2} & set(partner["counts"].values())


def test_countries_of_few_are_not_named_outside_the_team_and_not_even_listed(documents: Documents) -> None:
    internal, partner = (found(documents[edition], "posted") for edition in ("internal", "partner"))
    named = {code for code, count in internal["counts"].items() if count >= 5}

    assert {option["code"] for option in partner["options"]} < set(internal["counts"])
    assert set(partner["counts"]) - {"other"} <= named
    assert partner["counts"]["other"] >= 5
    assert partner["cells"][-1]["codes"] == []
    assert "Jordan" not in json.dumps(partner)


def test_neither_the_database_nor_any_edition_keeps_an_exact_number_or_date(event: Event) -> None:
    with db.reading() as session:
        kept = session.execute(select(Answer.question, Answer.value)).all()
    values = {code: {row.value for row in kept if row.question == code} for code in ("colleagues", "next_visit")}

    assert values["colleagues"] <= {"0", "1-4", "5-9", "10-19", "20-60"}
    assert all(value[4:6] == "-Q" for value in values["next_visit"])


def test_neighbouring_bands_are_merged_under_a_name_of_their_own(documents: Documents) -> None:
    labels = [cell["label"] for cell in found(documents["partner"], "colleagues")["cells"]]

    assert labels == ["0–4 colleagues", "5–9 colleagues", "10–19 colleagues", "20–60 colleagues"]


def test_a_conditional_question_counts_those_who_were_asked_and_has_no_margin(documents: Documents) -> None:
    internal, partner = documents["internal"], documents["partner"]
    question, deciding = found(internal, "used_how"), found(internal, "used")

    assert question["n"] + question["missing"] + question["not_applicable"] == deciding["counts"]["yes"]
    assert (question["partly_asked"], question["margin_of_error"]) == ("answers", None)
    assert found(partner, "used_how")["n"] == question["n"]
    assert found(partner, "used_how")["missing"] is None
    assert question["breakdowns"] == []


def test_what_several_answers_decided_together_is_left_to_the_team_and_the_report_says_so(documents: Documents) -> None:
    question = found(documents["partner"], "both")

    assert (question["n"], question["withheld"], question["counts"]) == (None, True, {})
    assert found(documents["internal"], "both")["n"] > 0
    told = documents["partner"]["page"].partition("the figures are left to the team:")[2]
    assert "Would you tell others of it?" in told.partition("</ul>")[0]


def test_a_repeated_question_is_told_apart_by_meeting(documents: Documents) -> None:
    partner = documents["partner"]
    first, second = (found(partner, f"useful@{meeting}") for meeting in ("part-one", "part-two"))

    assert (first["meeting"], second["meeting"]) == ("part-one", "part-two")
    assert first["text"] == "How useful was Part One: the art of diplomacy?"
    assert first["section"] == "One meeting: Part One: the art of diplomacy"
    assert first["partly_asked"] == "attendance"
    assert first["missing"] is None


def test_months_later_stands_for_itself(documents: Documents) -> None:
    partner = documents["partner"]
    later = partner["followup"]

    assert later["title"] == "Six months later"
    assert (later["response"]["answered"], partner["response"]["answered"]) == (22, 34)
    assert found(later, "used")["n"] <= 22 < found(partner, "used")["n"]
    assert {remarks["question"] for remarks in later["comments"]} == {"used.comment", "changed"}
    assert [asked["wave"] for asked in partner["method"]["questionnaires"]] == ["event", "followup"]


def test_an_open_follow_up_is_left_out_and_holds_up_no_edition(event: Event) -> None:
    with db.transaction() as session:
        later = session.scalars(select(Survey).where(Survey.wave == Wave.FOLLOWUP)).one()
        speakers = definitions.parse({**LATER.to_dict(), "code": "speakers-later", "role": "speaker"})
        report_samples.closed_survey(
            session, later.event, speakers, [], state=SurveyState.OPEN, public_key=b"p" * 32, answered=None,
            role=Role.SPEAKER,
        )  # fmt: skip

    assert document("partner")["followup"] is None
    assert document("internal")["followup"]["response"]["answered"] == 22


def test_comments_of_the_two_waves_are_reviewed_apart(event: Event, client: FlaskClient) -> None:
    with db.reading() as session:
        asked = {one.key: one for one in comments.questions(session, session.merge(event))}
        reviewed = comments.to_review(session, session.merge(event), "followup:used.comment")
    with db.transaction() as session:
        member = builders.make_staff(session, role=StaffRole.MANAGER)
    builders.sign_in(client, member)
    page = client.get("/staff/events/WP1873v/comments?question=followup:used.comment").text

    assert asked["used.comment"].total != asked["followup:used.comment"].total == len(reviewed)
    assert page.count("<article") == len(reviewed)
    assert "Six months later: Have you used anything that you learnt? (comment)" in page


def test_no_figure_of_a_group_of_fewer_than_k_is_stored(event: Event) -> None:
    with db.reading() as session:
        assert min(session.scalars(select(Result.n))) >= 5


def test_answers_on_sheets_without_a_name_are_counted_and_leave_no_false_rate(event: Event) -> None:
    with db.transaction() as session:
        survey = session.scalars(select(Survey).where(Survey.wave == Wave.EVENT)).one()
        survey.sheets = 8
    response = document("internal")["response"]

    assert (response["answered"], response["invited"], response["rate"]) == (42, 40, None)
    assert response["margin_of_error"] is None
