"""The files of a published edition, as they were stored."""

from flask import Response

from mande.reports.models import Edition

TYPES = {"pdf": "application/pdf", "json": "application/json"}


def download(edition: Edition, code: str, form: str) -> Response:
    """The stored bytes of an edition of the event `code`; `form` is "pdf" or "json"."""
    answer = Response(edition.pdf if form == "pdf" else edition.document.encode(), mimetype=TYPES[form])
    name = f"{code}-{edition.kind.value}-{edition.number}.{form}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
