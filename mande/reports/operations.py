"""What can be done with reports: make the document of an edition, and write it as PDF and JSON."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from pathlib import Path
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mande import pdf
from mande.events import operations as events
from mande.events.models import Event
from mande.languages import SOURCE
from mande.pdf import Attached
from mande.reports.composing import kept
from mande.reports.document import NothingToReportError
from mande.reports.document import build
from mande.reports.document import check
from mande.reports.exporting.tables import csv_of
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Paper
from mande.reports.looks import files as looked_up
from mande.reports.printing import pages as printing
from mande.reports.rendering.works import Told

__all__ = [
    "NothingToReportError",
    "as_html",
    "as_json",
    "as_pdf",
    "check",
    "document_about",
    "document_of",
    "file_name",
    "files_of",
    "write",
]

Document = dict[str, Any]


def document_of(
    session: Session, code: str, kind: EditionKind, language: str = SOURCE, paper: Paper | None = None
) -> Document:
    """The report on the event with this code. Raises EventNotFoundError, NothingToReportError."""
    return document_about(session, events.find(session, code), kind, language, paper)


def document_about(
    session: Session, event: Event, kind: EditionKind, language: str = SOURCE, paper: Paper | None = None
) -> Document:
    """The report on an event as it is composed; on `paper`, if not on the one composed. Raises NothingToReportError."""
    composed = kept.composed(session, event, kind, language)
    return build(session, event, kind, replace(composed, paper=paper) if paper else composed)


def as_json(document: Document) -> str:
    """The document as a file: the same bytes for the same document."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_html(document: Document) -> str:
    """The page that the PDF is made of. Needs an application context."""
    return printing.page(document)


def as_pdf(document: Document, told: Told | None = None, looks: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of the document, with its data attached. Raises RenderingError.

    `told` hears how far it has come; `looks` are the files that it refers to (see `files_of`). The same document gives
    the same bytes, as long as the programs are the same (see `editions.programs`).
    """
    return pdf.render(as_html(document), _attached(document), told, files=looks)


def files_of(session: Session, document: Document) -> dict[str, bytes]:
    """The files that the page of a document refers to: its logo, and letters of its own."""
    return looked_up(session, document["look"]) if "look" in document else {}


def file_name(document: Document, form: str) -> str:
    """What a file of the document is called: "WP1873v-partner-2.pdf" of the second edition that is published,
    "WP1873v-partner-fr-2021-06-14.json" of one in French that is not.
    """
    language = [] if document["language"] == SOURCE else [document["language"]]
    published = document.get("published")
    number = str(published["number"]) if published else document["generated_on"]
    return f"{'-'.join([document['event']['code'], document['edition'], *language, number])}.{form}"


def _attached(document: Document) -> list[Attached]:
    """What is inside the PDF beside its pages: the document that they were made of, and its figures as a table."""
    at = datetime.combine(date.fromisoformat(document["generated_on"]), time(), UTC)
    with force_locale(document["language"].replace("-", "_")):
        files = (
            ("json", "application/json", as_json(document), _("This report as data"), "Source"),
            ("csv", "text/csv", csv_of(document), _("The figures of this report"), "Data"),
        )
    return [
        Attached(file_name(document, form), media_type, text.encode(), at, description, relationship)
        for form, media_type, text, description, relationship in files
    ]


def write(
    document: Document, pdf_path: Path | None, json_path: Path | None, looks: Mapping[str, bytes] | None = None
) -> None:
    """Writes the document to either or both. Raises RenderingError, and OSError where a file cannot be written."""
    if json_path:
        pdf.write(json_path, as_json(document).encode())
    if pdf_path:
        pdf.write(pdf_path, as_pdf(document, looks=looks))
