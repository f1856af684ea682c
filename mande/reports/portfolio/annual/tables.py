"""A year's report as a workbook: the same figures as the PDF, and no others."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from mande.workbooks import Cell

Row = tuple[Cell, ...]
Said = Mapping[str, Any]

_QUESTION = ("code", "wave", "type", "section", "question", "criterion", "level", "events", "answers", "mean",
             "mean, least", "mean, greatest", "favourable, least", "favourable, greatest", "NPS, least",
             "NPS, greatest", "band", "mean of the year before, least", "mean of the year before, greatest",
             "target for", "target", "reached")  # fmt: skip


def sheets(document: Said) -> dict[str, Sequence[Row]]:
    """The sheets, each with its header first. Shares lie between 0 and 1; an empty cell is a figure not known."""
    made: dict[str, Sequence[Row]] = {
        "Report": [("what", "value"), *_report(document)],
        "Measures": [
            ("measure", "least", "greatest", "of", "year before, least", "year before, greatest", "target", "reached"),
            *(_measure(one) for one in document["measures"]),
        ],
        "Questions": [_QUESTION, *(_question(one) for one in document["questions"])],
        "Trends": [("figure", "year", "least", "greatest"), *_trends(document)],
        "Programmes": [
            ("programme", "events", "responses", "response", "actions", "done"),
            *(_cells(one, "name", "events", "responses", "response", "actions", "done") for one in
              document["programmes"]),
        ],
        "Events": [
            ("code", "title", "programme", "began on"),
            *(_cells(one, "code", "title", "programme", "began_on") for one in document["events"]),
        ],
    }  # fmt: skip
    if document["months"]:
        rows = [_cells(one, "month", "written", "done", "outcomes") for one in document["months"]]
        made["Months"] = [("month", "actions written down", "actions done", "outcomes"), *rows]
    if document["outcomes"]:
        names = ("event", "what_changed", "who_changed", "contribution_label")
        rows = [(*_cells(one, *names), _said(one["confirmed"])) for one in document["outcomes"]]
        made["Outcomes"] = [("event", "what changed", "who changed", "contribution", "confirmed"), *rows]
    return made


def _report(document: Said) -> list[Row]:
    held = [(name, _cell(document[name])) for name in ("year", "level", "convenor", "programme", "generated_on")]
    return [*held, *((name, _cell(value)) for name, value in document["totals"].items())]


def _measure(one: Said) -> Row:
    return (one["label"], *_span(one["share"]), _cell(one["of"]), *_span(one["before"]), _cell(one["target"]),
            _said(one["met"]))  # fmt: skip


def _question(one: Said) -> Row:
    before, target = one["before"], one["target"]
    return (
        *_cells(one, "code", "wave", "type", "section"),
        f"{one['question']} {one['text']}".strip(),
        *_cells(one, "criterion", "level", "n_events", "n", "mean"),
        *_span(one["mean_range"]),
        *_span(one["favourable_range"]),
        *_span(one["nps_range"]),
        _cell(one["band"]),
        *_span(before["mean_range"] if before else None),
        *(_cells(target, "measure", "value") if target else ("", "")),
        _said(target["met"]) if target else "",
    )


def _trends(document: Said) -> list[Row]:
    shares = [(one["label"], at["label"], *_span(at["share"])) for one in document["measures"] for at in one["trend"]]
    means = [
        (one["code"], at["label"], *_span(at["mean_range"])) for one in document["questions"] for at in one["trend"]
    ]
    return [*shares, *means]


def _cells(one: Said, *names: str) -> Row:
    return tuple(_cell(one[name]) for name in names)


def _cell(value: Any) -> Cell:
    return "" if value is None else value


def _span(span: Sequence[float] | None) -> Row:
    return ("", "") if span is None else (span[0], span[1])


def _said(yes: bool | None) -> str:
    return "" if yes is None else "yes" if yes else "no"
