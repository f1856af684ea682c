"""Lists that staff take with them."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask import Response

from mande import workbooks
from mande.cells import csv_text
from mande.workbooks import Cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A download in UTF-8 with the mark by which spreadsheet programs recognise it. `filename` is plain ASCII."""
    response = Response(csv_text(header, rows).encode("utf-8-sig"), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def xlsx_response(filename: str, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Response:
    """A download of a workbook with these sheets, each with its header first. `filename` is plain ASCII."""
    response = Response(workbooks.write(sheets), mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response
