"""The files of a published edition, as they were stored."""

from flask import Response

from mande.languages import SOURCE
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition

TYPES = {"pdf": "application/pdf", "json": "application/json"}


def download(edition: Edition, code: str, form: str) -> Response:
    """The stored bytes of an edition of the event `code`; `form` is "pdf" or "json"."""
    answer = Response(edition.pdf if form == "pdf" else edition.document.encode(), mimetype=TYPES[form])
    filename = name(code, edition.kind, edition.language, edition.number, form)
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer


def called(edition: Edition, code: str) -> str:
    """What files made of an edition are called, without their endings."""
    return name(code, edition.kind, edition.language, edition.number, "").rstrip(".")


def name(code: str, kind: EditionKind, language: str, number: int, form: str) -> str:
    """What the file of an edition is called: "WP1873v-partner-2.pdf", "WP1873v-partner-fr-1.json"."""
    parts = [code, kind.value, *([] if language == SOURCE else [language]), str(number)]
    return f"{'-'.join(parts)}.{form}"
