"""Lists that staff take with them."""

from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from flask import Response

from mande.cells import csv_text


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A download in UTF-8 with the mark by which spreadsheet programs recognise it. `filename` is plain ASCII."""
    response = Response(csv_text(header, rows).encode("utf-8-sig"), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response
