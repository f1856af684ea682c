"""A document's figures as files: comma-separated lines, and a workbook for those who work on in a spreadsheet. Pure."""

import csv
import io
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from mande import workbooks
from mande.cells import neutral
from mande.reports.exporting import tidy
from mande.workbooks import Cell

Said = Mapping[str, Any]

_QUESTIONS = ("wave", "code", "question", "section", "type", "asked of", "answers", "missing", "not applicable", "mean",
              "standard deviation", "favourable", "unfavourable", "net promoter score", "margin of error",
              "criterion", "level")  # fmt: skip
_COMMENTS = ("wave", "question", "comments", "released")
_ACTIONS = (
    "what",
    "by when",
    "status",
    "verified",
    "what changed",
    "contribution",
    "evidence",
    "owner",
    "organisation",
)


def csv_of(document: Said) -> str:
    """All figures, one a line; see `tidy.Line`. The same document gives the same text. No cell can run as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(tidy.HEADER)
    # Numbers stay as they are: a negative one is no formula.
    writer.writerows([neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in _figures(document))
    return text.getvalue()


def xlsx_of(document: Said) -> bytes:
    """A workbook: what it is, the questions, all figures, comments, actions. The same document, the same bytes."""
    sheets: dict[str, list[Sequence[Cell]]] = {
        "About": list(_about(document)),
        "Questions": [_QUESTIONS, *_questions(document)],
        "Figures": [tidy.HEADER, *map(_cells, _figures(document))],
    }
    if comments := list(_comments(document)):
        sheets["Comments"] = [_COMMENTS, *comments]
    if (actions := document["actions"]) and actions["examples"]:
        sheets["Actions"] = [_ACTIONS, *(_cells(_action(one)) for one in actions["examples"])]
    return workbooks.write(sheets)


def _figures(document: Said) -> list[tuple[Any, ...]]:
    return [astuple(line) for line in tidy.lines(document)]


def _about(document: Said) -> Iterator[Sequence[Cell]]:
    event = document["event"]
    published = document.get("published")
    yield ("what", "")
    yield ("event", f"{event['code']} {event['title']}")
    yield ("edition", f"{document['edition']} {published['number']}" if published else document["edition"])
    yield ("level", document["level"])
    yield ("made on", document["generated_on"])
    yield ("convenor", event["convenor"])
    for rule in document["method"]["disclosure"]:
        yield ("disclosure", rule)
    for formula in document["method"]["formulas"]:
        yield (formula["name"], formula["text"])


def _waves(document: Said) -> Iterator[tuple[str, Said]]:
    yield "event", document
    if document["followup"]:
        yield "followup", document["followup"]


def _questions(document: Said) -> Iterator[Sequence[Cell]]:
    for wave, said in _waves(document):
        for one in said["questions"]:
            yield _cells((
                wave, one["code"], one["text"], one["section"], one["type"], ", ".join(one["asked_of"]), one["n"],
                one["missing"], one["not_applicable"], one["mean"], one["sd"], one["favourable"], one["unfavourable"],
                one["nps"] and one["nps"]["score"], one["margin_of_error"], one["criterion"], one["level"],
            ))  # fmt: skip


def _comments(document: Said) -> Iterator[Sequence[Cell]]:
    for wave, said in _waves(document):
        for asked in said["comments"]:
            for text in asked["released"]:
                yield wave, asked["text"], asked["answered"], text


def _action(said: Said) -> tuple[Any, ...]:
    return (
        said["what"], said["by_when"], said["status_label"], said["verified_label"], said["what_changed"],
        said["contribution_label"], said["evidence"], said["owner"], said["organisation"],
    )  # fmt: skip


def _cells(row: Sequence[Any]) -> list[Cell]:
    return ["" if cell is None else cell for cell in row]
