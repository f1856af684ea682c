"""What we write as an XLSForm, we read back the same, and pyxform makes a form of it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from pyxform.xls2xform import convert

from mande import workbooks
from mande.surveys.authoring.xlsform import Tables
from mande.surveys.authoring.xlsform import reading
from mande.surveys.authoring.xlsform import writing
from mande.surveys.questionnaires import definition as definitions
from tests import questionnaires

SAMPLES = Path(__file__).parent.parent / "samples"


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(questionnaires.definitions())
def test_an_exported_questionnaire_is_read_back_the_same(data: dict[str, Any]) -> None:
    exported = definitions.parse(data)
    tables, _differences = writing.write(exported)
    imported = reading.read(tables, "form")

    assert list(map(str, imported.problems)) == []
    assert definitions.parse(imported.data).to_dict() == exported.to_dict()
    assert list(map(str, imported.differences)) == []


@pytest.mark.parametrize("name", ["every_type", "every_way", "right_to_left"])
def test_pyxform_makes_a_form_of_it_without_a_word(name: str) -> None:
    tables, _differences = writing.write(definitions.load(SAMPLES / f"{name}.yaml"))
    made = convert(workbooks.write(tables), file_type=".xlsx", validate=False)

    assert made.warnings == []
    assert "<h:html" in made.xform
    assert "mande::" not in made.xform


def test_a_workbook_holds_every_cell_as_it_was() -> None:
    tables, _differences = writing.write(definitions.load(SAMPLES / "every_way.yaml"))
    hostile = [["a", "=1+1", "+2", "@x", "_x0041_", "two\nlines", "{=1}", "http://x.example/", "0012", "ي\u200f🏳️‍🌈"]]

    assert _trimmed(workbooks.read(workbooks.write(tables | {"more": hostile}))) == _trimmed(tables | {"more": hostile})


def test_what_was_changed_by_hand_counts_more_than_our_own_columns() -> None:
    tables, _differences = writing.write(definitions.load(SAMPLES / "every_way.yaml"))
    header = tables["survey"][0]
    for row in tables["survey"][1:]:
        if row[header.index("mande::ask_if")]:
            row[header.index("relevant")] = "${again} = 'yes'"
        if row[header.index("name")] == "again":
            row[header.index("type")] = "text"
    imported = reading.read(tables, "form")

    conditions = [section["ask_if"] for section in imported.data["sections"] if "ask_if" in section]
    assert conditions == []  # a text is not compared with anything
    assert {"mande::ask_if", "relevant"} <= {one.column for one in imported.differences}
    assert any(
        q["type"] == "short_text" for s in imported.data["sections"] for q in s["questions"] if q["code"] == "again"
    )


def test_the_export_says_what_others_will_not_do() -> None:
    _tables, differences = writing.write(definitions.load(SAMPLES / "every_way.yaml"))
    listed = "\n".join(map(str, differences))

    assert "the two-minute route; other programs pass over the column" in listed
    assert "other programs ask whoever it could concern" in listed


def _trimmed(tables: Tables) -> Tables:
    """Without empty cells at the end of a row."""
    return {
        name: [row[: max((place + 1 for place, cell in enumerate(row) if cell), default=0)] for row in rows]
        for name, rows in tables.items()
    }
