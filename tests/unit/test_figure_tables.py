"""All figures of a document as tables: nothing is lost, nothing is added, and programs read them."""

import csv
import io
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from mande import workbooks
from mande.reports.exporting import spss
from mande.reports.exporting import tables
from mande.reports.exporting import tidy

Row = dict[str, str]
NO_FIGURES = dict.fromkeys(("mean", "mean_range", "mean_interval", "sd", "band", "favourable", "favourable_range",
                            "unfavourable", "nps", "yes", "nearly_all", "ranking"))  # fmt: skip


def question(code: str, **more: Any) -> dict[str, Any]:
    asked = {
        "code": code, "type": "scale", "text": f"What of {code}?", "question": "", "section": "All", "meeting": None,
        "asked_of": ["participant", "speaker"], "n": 12, "missing": 3, "not_applicable": 0, "margin_of_error": 0.1,
        "indicative": False, "withheld": False, "cells": [], "breakdowns": [], "criterion": None, "level": None,
    }  # fmt: skip
    return NO_FIGURES | asked | more


def cell(key: str, count: int | None, share: float | None, hidden: str | None = None) -> dict[str, Any]:
    return {"key": key, "codes": key.split("-"), "label": f"Option {key}", "count": count, "share": share,
            "hidden": hidden}  # fmt: skip


@pytest.fixture
def document() -> dict[str, Any]:
    rate = {"invited": 20, "answered": 12, "rate": 0.6, "margin_of_error": 0.18, "indicative": True, "counted": True}
    groups = [
        {"members": ["participant"], "label": "=Participants", "n": 6, "level": "most", "level_label": "Two thirds"},
        {"members": ["speaker"], "label": "Speakers", "n": 6, "level": "few", "level_label": "Less"},
    ]
    asked = [
        question("useful", cells=[cell("1-3", 4, 0.3333), cell("5", 8, 0.6667)], mean=None, mean_range=[3.6667, 4.3333],
                 favourable=0.6667, favourable_range=[0.6667, 0.6667], breakdowns=[
                     {"by": "role", "within": None, "form": "levels", "groups": groups}]),
        question("recommend", type="rating", nps={"score": -25.0, "promoters": 3, "passives": 3, "detractors": 6,
                                                  "interval": [-60.5, 10.5]}),
        question("use", type="multiple", cells=[cell("a", None, None, "few"), cell("b", 9, 0.75)]),
        question("rare", n=None, missing=None, not_applicable=None, margin_of_error=None, indicative=True),
        question("told", n=None, missing=None, not_applicable=None, margin_of_error=None, withheld=True),
        question("nearly", nearly_all={"key": "4-5", "codes": ["4", "5"], "label": "Good"}),
    ]  # fmt: skip
    return {
        "event": {"code": "WP1", "title": "A meeting", "convenor": "House", "attendees": {
            "total": 20, "countries": 7, "by_role": {"participant": 20}, "by_meeting": {}, "countries_named": []}},
        "edition": "partner", "level": "partner", "language": "en", "generated_on": "2021-12-01", "followup": None,
        "response": rate | {"by_role": {"participant": rate}}, "questions": asked,
        "comments": [{"question": "use.other", "text": "Other", "answered": 9, "released": ["=cmd()", "Good"]}],
        "turnout": {"asked": 20, "reached": None, "started": None, "answered": 12, "by": [
            {"stratum": "sector", "within": "participant", "label": "sector", "groups": [
                {"members": ["academia", "media"], "label": "Academia or media", "asked": 9, "reached": 8, "started": 7,
                 "answered": 6, "rate": 0.6667}]}], "sentences": []},
        "meetings_compared": [{"code": "talks", "type": "yes_no", "text": "Of use?", "question": "", "by": "question",
            "meetings": [NO_FIGURES | {"code": one, "title": one, "n": 10, "indicative": True, "cells": [], "yes": yes}
                         for one, yes in (("one", 0.5), ("two", 0.7))],
            "difference": {"of": "yes", "value": 0.2, "interval": [-0.2, 0.6]}}],
        "comparison": [{"code": "useful", "type": "scale", "text": "What of useful?", "question": "",
            "event": {"n": 12, "mean": 4.0, "mean_range": [4.0, 4.0], "favourable": None,
                      "favourable_range": [0.5, 0.7], "nps": None, "band": "good"},
            "portfolio": None, "difference": None, "scale": [1, 5],
            "target": {"measure": "mean", "value": 4.2, "programme": "", "met": False}}],
        "reach": {"attendees": 20, "by": [{"by": "gender", "of": "speakers", "label": "Gender", "total": 8, "groups": [
            {"members": ["woman"], "label": "Women", "count": 5, "share": 0.625}]}],
            "sought": [{"label": "Youth", "sought": 4, "came": 3}], "elsewhere": None, "barriers": [], "pillars": [
                {"code": "women", "title": "Women", "text": "", "figures": [{"code": "women", "label": "Women",
                 "kind": "share", "low": 0.4, "high": 0.5, "of": 20, "target": None}]}]},
        "actions": None, "method": {"disclosure": ["A rule."], "formulas": [{"name": "Mean", "text": "Sum by n"}]},
    }  # fmt: skip


def read(document: dict[str, Any]) -> list[Row]:
    return list(csv.DictReader(io.StringIO(tables.csv_of(document))))


def of(rows: list[Row], code: str, figure: str) -> Row:
    (found,) = [row for row in rows if row["code"] == code and row["figure"] == figure and not row["option"]
                and row["subject"] == "question"]  # fmt: skip
    return found


def test_each_line_is_one_figure_with_what_it_is_about(document: dict[str, Any]) -> None:
    rows = read(document)

    assert all((row["event"], row["level"], row["wave"]) == ("WP1", "partner", "event") for row in rows)
    options = [(row["option"], row["count"], row["share"]) for row in rows if row["code"] == "useful" and row["option"]]
    assert options == [("1-3", "4", "0.3333"), ("5", "8", "0.6667")]
    assert of(rows, "useful", "missing")["count"] == "3"
    mean = of(rows, "useful", "mean")
    assert (mean["value"], mean["low"], mean["high"], mean["span"]) == ("", "3.6667", "4.3333", "possible range")
    score = of(rows, "recommend", "net promoter score")
    assert (score["value"], score["low"], score["high"], score["span"]) == ("-25.0", "-60.5", "10.5", "95% interval")


def test_what_the_document_does_not_tell_is_told_in_no_line(document: dict[str, Any]) -> None:
    rows = read(document)

    few = next(row for row in rows if row["option"] == "a")
    assert (few["count"], few["share"], few["note"]) == ("", "", "few")
    nearly = next(row for row in rows if row["code"] == "nearly" and row["option"])
    assert (nearly["count"], nearly["share"], nearly["note"]) == ("", "", "nearly all")
    assert [(row["figure"], row["note"], row["n"]) for row in rows if row["code"] in ("rare", "told")] == [
        ("not shown", "too few answers", ""),
        ("not shown", "asked only after certain answers", ""),
    ]
    levels = [(row["group"], row["n"], row["share"], row["note"]) for row in rows if row["subject"] == "breakdown"]
    assert levels == [("participant", "6", "", "Two thirds"), ("speaker", "6", "", "Less")]


def test_every_part_of_the_document_has_its_lines(document: dict[str, Any]) -> None:
    def told(subject: str) -> list[tuple[str, ...]]:
        keys = ("group", "figure", "n", "count", "share", "value", "low", "high", "note")
        return [tuple(row[key] for key in keys) for row in read(document) if row["subject"] == subject]

    assert told("turnout") == [
        ("", "asked", "20", "20", "", "", "", "", ""), ("", "answered", "20", "12", "", "", "", "", ""),
        ("academia+media", "asked", "9", "9", "", "", "", "", ""),
        ("academia+media", "reached", "9", "8", "", "", "", "", ""),
        ("academia+media", "started", "9", "7", "", "", "", "", ""),
        ("academia+media", "answered", "9", "6", "", "", "", "", ""),
    ]  # fmt: skip
    assert told("meetings compared")[1::2] == [
        ("one", "yes", "10", "", "0.5", "", "", "", ""), ("two", "yes", "10", "", "0.7", "", "", "", "")
    ]  # fmt: skip
    assert told("meetings compared")[-1] == ("last - first", "difference of yes", "", "", "", "0.2", "-0.2", "0.6", "")
    assert told("comparison") == [
        ("event", "mean", "12", "", "", "4.0", "", "", "good"),
        ("event", "favourable", "12", "", "", "", "0.5", "0.7", ""),
        ("target", "mean", "", "", "", "4.2", "", "", "not reached"),
    ]
    assert told("reach") == [
        ("woman", "speakers", "8", "5", "0.625", "", "", "", ""),
        ("", "sought", "", "4", "", "", "", "", ""), ("", "came", "", "3", "", "", "", "", ""),
        ("women", "share", "", "", "", "", "0.4", "0.5", ""),
    ]  # fmt: skip


def test_no_cell_can_run_as_a_formula_and_negative_numbers_stay_numbers(document: dict[str, Any]) -> None:
    rows = read(document)

    assert (
        next(row for row in rows if row["group"] == "participant" and row["subject"] == "breakdown")["group_label"]
        == "'=Participants"
    )
    assert float(of(rows, "recommend", "net promoter score")["value"]) == -25


def test_the_workbook_holds_the_same_figures_and_the_comments(document: dict[str, Any]) -> None:
    sheets = workbooks.read(tables.xlsx_of(document), as_named=True)

    assert list(sheets) == ["About", "Questions", "Figures", "Comments"]
    assert sheets["Figures"][0] == list(tidy.HEADER)
    assert len(sheets["Figures"]) == len(tidy.lines(document)) + 1
    assert [row[3] for row in sheets["Comments"][1:]] == ["=cmd()", "Good"]
    assert [row[1] for row in sheets["Questions"][1:]] == ["useful", "recommend", "use", "rare", "told", "nearly"]
    assert tables.xlsx_of(document) == tables.xlsx_of(document)


def test_statistics_programs_read_every_figure_from_the_data_file(document: dict[str, Any], tmp_path: Path) -> None:
    document["questions"][0]["text"] = "Ça va, réellement ? " * 20 + "Oui."
    document["event"]["code"] = "E-مرحبا"
    path = tmp_path / "figures.sav"
    path.write_bytes(spss.sav_of(document))

    data, about = pyreadstat.read_sav(path, output_format="dict")

    lines = tidy.lines(document)
    assert tuple(about.column_names) == tidy.HEADER
    assert (about.number_rows, about.file_encoding) == (len(lines), "UTF-8")
    assert about.column_names_to_labels["share"] == "Share, 0 to 1"
    for name in tidy.HEADER:
        for got, line in zip(data[name], lines, strict=True):
            said = getattr(line, name)
            assert got == said if said not in (None, "") else not got or got != got


def test_without_the_extra_it_is_said_how_to_get_it(document: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spss, "find_spec", lambda _name: None)

    assert not spss.is_installed()
    with pytest.raises(spss.NotInstalledError, match="mande\\[spss\\]"):
        spss.sav_of(document)
