"""`mande responses import`, from the command to the tables, with real answers of The Carpentries (tests/data)."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from click.testing import Result as Ran
from flask import Flask
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from mande import db
from mande.cli import mande
from mande.staff.models import AuditEntry
from mande.surveys.importing import commands as import_command
from mande.surveys.models import Answer
from mande.surveys.models import Comment
from mande.surveys.models import Invitation
from mande.surveys.models import Questionnaire
from mande.surveys.models import Result
from mande.surveys.models import ResultCount
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from tests.builders import make_event

DATA = Path(__file__).resolve().parents[1] / "data" / "carpentries"
LONGTERM = ("carpentries-longterm-2019", DATA / "20200326-longterm-other_questions-no-open.csv")
CARPENTRYCON = ("carpentrycon-home-2020", DATA / "2020_carpentryconhome_raw.csv")

Run = Callable[..., Ran]


@pytest.fixture
def run(app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Imports a file into the event TRAINING, as the command does, with this test's database."""
    with db.transaction() as session:
        make_event(session, code="TRAINING")
    for name, value in {
        "MANDE_ENVIRONMENT": "development",
        "MANDE_SECRET_KEY": "t" * 64,
        "MANDE_LINK_KEYS": (b"l" * 32).hex(),
        "MANDE_OPERATOR_KEYS": (b"o" * 32).hex(),
        "MANDE_DATABASE_URL": database_url,
    }.items():
        monkeypatch.setenv(name, value)

    def import_(questionnaire: str, file: Path, *options: str, event: str = "TRAINING") -> Ran:
        arguments = ["responses", "import", event, "--questionnaire", questionnaire, "--file", str(file), *options]
        return CliRunner().invoke(mande, arguments, catch_exceptions=False)

    return import_


@pytest.fixture
def a_file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "answers.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def results() -> dict[str, Result]:
    with db.reading() as session:
        found = session.scalars(select(Result).options(selectinload(Result.counts)).where(Result.stratum == ""))
        return {result.question: result for result in found}


def counts(result: Result) -> dict[str, int]:
    return {row.option: row.count for row in result.counts}


def rows_of(model: Any) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def nothing_is_stored() -> bool:
    return all(rows_of(model) == 0 for model in (Questionnaire, Survey, Result, ResultCount, Answer, Comment))


def test_the_published_counts_of_the_seven_items_come_out_to_the_last_one(run: Run) -> None:
    ran = run(*LONGTERM, "--missing", "NA")
    assert ran.exit_code == 0, ran.output

    with (DATA / "published_2019.csv").open(newline="") as lines:
        published = list(csv.DictReader(lines))
    found = results()
    assert len(published) == 7
    for row in published:
        result = found[row["item"]]
        assert result.n == int(row["n"])
        assert counts(result) == {str(number): int(row[f"count_{number}"]) for number in range(1, 6)}


def test_the_published_net_promoter_score_comes_out(run: Run) -> None:
    run(*LONGTERM, "--missing", "NA")

    with (DATA / "published_nps_2019.csv").open(newline="") as lines:
        (published,) = csv.DictReader(lines)
    result = results()["recommendation_score"]
    chosen = counts(result)
    promoters, detractors = chosen["9"] + chosen["10"], sum(chosen[str(number)] for number in range(7))
    assert (result.n, promoters, detractors) == tuple(int(published[key]) for key in ("n", "promoters", "detractors"))
    assert round(100 * (promoters - detractors) / result.n) == int(published["published_nps"])


def test_what_is_stored_is_a_closed_imported_survey_and_the_columns_without_one_are_named(run: Run) -> None:
    ran = run(*LONGTERM, "--missing", "NA", "--invited", "2000")

    with db.reading() as session:
        survey = session.scalars(select(Survey).options(selectinload(Survey.questionnaire))).one()
        assert (survey.state, survey.imported, survey.invited, survey.answered, survey.k) == (
            SurveyState.CLOSED,
            True,
            2000,
            176,
            5,
        )
        assert (survey.strata, survey.public_key, survey.opens_at) == ([], None, None)
        assert (survey.questionnaire.code, survey.questionnaire.version) == ("carpentries-longterm-2019", 1)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "responses imported")).one()
        assert (entry.subject, entry.detail["responses"]) == ("TRAINING", 176)
    assert rows_of(Invitation) == 0
    assert "Without a column, so missing in every response: domain, occupation." in ran.output
    assert "Imported 176 responses of 2000 invited (8.8%) to carpentries-longterm-2019" in ran.output


def test_missing_and_not_applicable_and_answers_add_up_to_the_rows_for_each_item(run: Run) -> None:
    ran = run(*CARPENTRYCON, "--not-applicable", "6", "--missing", "presenters_clear=0")
    assert ran.exit_code == 0, ran.output

    found = results()
    with CARPENTRYCON[1].open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert set(found) == set(rows[0])
    for code, result in found.items():
        assert result.n + result.missing + result.not_applicable == len(rows) == 124
        assert sum(counts(result).values()) == result.n
        written = [row[code] for row in rows]
        stray = code == "presenters_clear"
        assert result.missing == written.count("") + stray
        assert result.not_applicable == (0 if code == "nps" else written.count("6"))
    assert counts(found["nps"])["6"] == 2
    assert counts(found["nps"])["0"] == 1
    assert found["presenters_clear"].n == 123


def test_a_stray_value_is_refused_with_its_place_and_nothing_is_imported(run: Run) -> None:
    ran = run(*CARPENTRYCON, "--not-applicable", "6")

    assert ran.exit_code == 1
    assert (
        "Row 45, column presenters_clear: “0”. Allowed: 1 = 1 (lowest), 2, 3, 4, 5 = 5 (highest); "
        "empty where missing; 6 where not applicable." in ran.stderr
    )
    assert "1 value in 2020_carpentryconhome_raw.csv cannot be placed. Nothing was imported." in ran.stderr
    assert nothing_is_stored()


def test_all_refusals_are_listed_however_many_with_advice_on_what_looks_like_a_mark(run: Run) -> None:
    ran = run(*LONGTERM)

    with LONGTERM[1].open(encoding="utf-8", newline="") as lines:
        missing = sum(
            value == "NA"
            for row in csv.DictReader(lines)
            for column, value in row.items()
            if column not in TAKES_ANY_TEXT
        )
    assert ran.exit_code == 1
    assert ran.stderr.count(": “NA”. Allowed: ") == missing > 500
    assert f"{missing} values in" in ran.stderr
    assert "If “NA” stands for a missing answer, add --missing “NA”." in ran.stderr
    assert nothing_is_stored()


TAKES_ANY_TEXT = {
    "workshop_attended_location",
    "workshop_country",
    "workshop_attended_content",
    "behavior_adopted",
    "how_tools_help",
    "community_involvement",
    "other_activities",
}


def test_answers_to_a_questionnaire_cannot_be_imported_twice_into_an_event(run: Run) -> None:
    run(*LONGTERM, "--missing", "NA")
    before = rows_of(Answer)

    ran = run(*LONGTERM, "--missing", "NA")

    assert ran.exit_code == 1
    assert "have been imported into TRAINING before (176 of them)" in ran.stderr
    assert (rows_of(Survey), rows_of(Answer)) == (1, before)


def test_two_events_can_hold_answers_to_the_same_questionnaire(run: Run) -> None:
    with db.transaction() as session:
        make_event(session, code="OTHER")

    assert run(*LONGTERM, "--missing", "NA").exit_code == 0
    assert run(*LONGTERM, "--missing", "NA", event="other").exit_code == 0
    assert (rows_of(Survey), rows_of(Questionnaire)) == (2, 1)


def test_fewer_invited_than_rows_is_refused(run: Run) -> None:
    ran = run(*LONGTERM, "--missing", "NA", "--invited", "175")

    assert ran.exit_code == 1
    assert "holds 176 responses, so no fewer people can have been invited; you said 175" in ran.stderr
    assert nothing_is_stored()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such", LONGTERM[1]), "There is no questionnaire 'no-such'"),
        ((LONGTERM[0], CARPENTRYCON[1]), "The columns of 2020_carpentryconhome_raw.csv do not fit:\n  - Column A"),
        ((*LONGTERM, "--ignore", "gone"), "--ignore “gone”: the file has no such column."),
    ],
)
def test_what_does_not_fit_is_refused_in_words(run: Run, arguments: tuple[Any, ...], said: str) -> None:
    ran = run(*arguments)

    assert ran.exit_code == 1
    assert said in ran.stderr
    assert nothing_is_stored()


def test_an_event_that_does_not_exist_is_refused_with_those_that_do(run: Run) -> None:
    ran = run(*LONGTERM, event="NOWHERE")

    assert ran.exit_code == 1
    assert "TRAINING" in ran.stderr


def test_texts_are_stored_as_comments_and_under_k_answers_nothing_but_their_number(
    run: Run, a_file: Callable[[str], Path]
) -> None:
    file = a_file("usefulness;improve;intended_use\n5;Shorter;brief\n4;;\n3;Longer;A film\n")

    ran = run("participants", file)

    assert ran.exit_code == 0, ran.output
    assert "Fewer than 5 responses: only their number is kept." in ran.output
    with db.reading() as session:
        assert session.scalars(select(Survey)).one().answered == 3
    assert (rows_of(Result), rows_of(Answer), rows_of(Comment)) == (0, 0, 0)


def test_paper_forms_in_french_are_read_with_notes_on_what_may_not_be_as_meant(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "papier.csv"
    lines = ["Utile ?;recommend;intended_use;improve;Nom", *["Très utile;10;Un film;Durée;X"] * 4, ";;;;", "SR;SR;;;Y"]
    file.write_bytes("\r\n".join(lines).encode("cp1252"))

    options = ["--column", "Utile ?=usefulness", "--ignore", "Nom", "--missing", "SR", "--missing", "NSP"]
    ran = run("participants", file, *options)

    assert ran.exit_code == 0, ran.output
    assert "Read 5 rows of 5 columns (Windows-1252, split by semicolon)." in ran.output
    assert "check that accented letters are right" in ran.output
    assert "Left out: 1 blank row." in ran.output
    assert "intended_use: “other” in 4 responses" in ran.output
    assert "The mark “NSP” occurs nowhere." in ran.output
    with db.reading() as session:
        texts = session.execute(select(Comment.question, func.count()).group_by(Comment.question)).all()
        assert dict(texts) == {"improve": 4, "intended_use.other": 4}  # type: ignore[arg-type]


def test_a_progress_bar_appears_once_a_second_has_gone_by(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Reading" not in run(*LONGTERM, "--missing", "NA").stderr

    monkeypatch.setattr(import_command, "PATIENCE", 0.0)
    ran = run(*CARPENTRYCON, "--not-applicable", "6", "--missing", "0")

    assert "Reading" in ran.stderr
    assert ran.exit_code == 0
    assert results()["nps"].n == 124
    assert "nps: “0” is an option here and was counted as one, not as a mark, in 1 response." in ran.stdout
