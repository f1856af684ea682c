"""What can be done with reports: make the document of an edition, and write it as PDF and JSON."""

import json
from pathlib import Path
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from mande import pdf
from mande.config import ROOT
from mande.events import operations as events
from mande.pdf import fonts
from mande.reports import charts
from mande.reports import layout
from mande.reports.document import NothingToReportError
from mande.reports.document import build
from mande.reports.document import check
from mande.reports.kinds import EditionKind

__all__ = [
    "NothingToReportError",
    "as_html",
    "as_json",
    "as_pdf",
    "check",
    "document_of",
    "write",
]

Document = dict[str, Any]


def document_of(session: Session, code: str, kind: EditionKind) -> Document:
    """The report on the event with this code. Raises EventNotFoundError, NothingToReportError."""
    return build(session, events.find(session, code), kind)


def as_json(document: Document) -> str:
    """The document as a file: the same bytes for the same document."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_html(document: Document) -> str:
    """The page that the PDF is made of. Needs an application context."""
    style = (ROOT / "templates" / "reports" / "report.css").read_text()
    return render_template(
        "reports/report.html",
        document=document,
        pages=layout.arrange(document),
        chart=charts,
        style=fonts.faces() + style,
    )


def as_pdf(document: Document) -> bytes:
    """The PDF of the document. Raises RenderingError."""
    return pdf.render(as_html(document))


def write(document: Document, pdf_path: Path | None, json_path: Path | None) -> None:
    """Writes the document to either or both. Raises RenderingError, and OSError where a file cannot be written."""
    if json_path:
        pdf.write(json_path, as_json(document).encode())
    if pdf_path:
        pdf.write(pdf_path, as_pdf(document))
