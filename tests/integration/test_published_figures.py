"""Answers gathered elsewhere come in by command and come out of the report as their publisher printed them."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mande.cli import mande
from tests.conftest import DATA


@pytest.fixture
def command(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs `mande` with the settings of a development machine, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "MANDE_ENVIRONMENT": "development",
        "MANDE_SECRET_KEY": "t" * 64,
        "MANDE_LINK_KEYS": "a" * 64,
        "MANDE_OPERATOR_KEYS": "b" * 64,
        "MANDE_DATABASE_URL": database_url,
    }.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(mande, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return run


@pytest.fixture
def questions(command, tmp_path: Path) -> dict[str, dict[str, Any]]:
    """The questions of the internal edition's JSON, by code."""
    answers = DATA / "carpentries" / "20200326-longterm-other_questions-no-open.csv"
    command("events", "add", "LONGTERM", "--title", "Long-term survey")
    command("responses", "import", "LONGTERM", "--questionnaire", "carpentries-longterm-2019",
            "--file", str(answers), "--missing", "NA", "--invited", "600")  # fmt: skip
    command("report", "LONGTERM", "--edition", "internal", "--json", str(tmp_path / "report.json"))
    document = json.loads((tmp_path / "report.json").read_text())
    return {question["code"]: question for question in document["questions"]}


def test_seven_items_and_the_net_promoter_score_come_out_as_published(questions: dict[str, dict[str, Any]]) -> None:
    with (DATA / "carpentries" / "published_2019.csv").open() as file:
        published = list(csv.DictReader(file))
    with (DATA / "carpentries" / "published_nps_2019.csv").open() as file:
        promoters = next(csv.DictReader(file))

    assert len(published) == 7
    for row in published:
        found = questions[row["item"]]
        assert found["n"] == int(row["n"])
        assert found["counts"] == {str(code): int(row[f"count_{code}"]) for code in range(1, 6)}
    score = questions["recommendation_score"]
    assert score["n"] == int(promoters["n"])
    assert score["nps"]["promoters"] == int(promoters["promoters"])
    assert score["nps"]["detractors"] == int(promoters["detractors"])
    assert round(score["nps"]["score"]) == int(promoters["published_nps"])
