"""The files that a demonstration leaves: each report as PDF, as data, and its figures as tables."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from flask import current_app

from mande import db
from mande import pdf
from mande.demo.place import Place
from mande.demo.story import CODE
from mande.events import operations as events
from mande.languages import SOURCE
from mande.reports import operations as reports
from mande.reports.editions import publishing
from mande.reports.exporting import tables
from mande.reports.kinds import EditionKind

# The longest to make is the first.
WANTED = (
    (EditionKind.INTERNAL, SOURCE),
    (EditionKind.PARTNER, "ar"),
    (EditionKind.PARTNER, "fr"),
    (EditionKind.PARTNER, SOURCE),
    (EditionKind.PUBLIC, SOURCE),
    (EditionKind.RESPONDENTS, SOURCE),
    (EditionKind.SUMMARY, SOURCE),
)
AT_ONCE = 2


@dataclass(frozen=True)
class Report:
    """A report to be written; `data` is its JSON, `made` its PDF where it was published."""

    name: str
    document: dict[str, Any]
    looks: dict[str, bytes]
    data: str
    made: bytes | None = None


def write(place: Place) -> None:
    """Writes them all: as they were published last, and what was not published as it stands today.

    Raises NothingToReportError.
    """
    found = [_report(kind, language) for kind, language in WANTED]
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def into_files(report: Report) -> None:
        with app.app_context():
            _into_files(place, report)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(into_files, found))


def _report(kind: EditionKind, language: str) -> Report:
    name = f"{CODE}-{kind.value}" + (f"-{language}" if language != SOURCE else "")
    with db.reading() as session:
        edition = publishing.latest(session, events.find(session, CODE).id, kind, language)
        if edition is not None and edition.language == language:
            return Report(name, json.loads(edition.document), {}, edition.document, edition.pdf)
        document = reports.document_of(session, CODE, kind, language)
        return Report(name, document, reports.files_of(session, document), reports.as_json(document))


def _into_files(place: Place, report: Report) -> None:
    made = {
        "pdf": report.made or reports.as_pdf(report.document, looks=report.looks),
        "json": report.data.encode(),
        "csv": tables.csv_of(report.document).encode("utf-8-sig"),
        "xlsx": tables.xlsx_of(report.document),
    }
    for form, content in made.items():
        pdf.write(place.reports / f"{report.name}.{form}", content)
