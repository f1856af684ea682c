"""The list of actions as a file: read a few at a time, and without those whom no such list may name."""

from collections.abc import Iterator
from typing import Any

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.exports import csv_response
from mande.exports import xlsx_response
from mande.followup.tracking import conditions
from mande.followup.tracking import finding
from mande.followup.tracking import tracker
from mande.followup.tracking.wanted import Wanted
from mande.staff.models import StaffMember

# More would keep whoever asked, and everybody who waits behind them, for longer than a page may take.
MOST = 10_000
_CHUNK = 500


class TooManyError(Exception):
    """More actions are wanted than one file may hold."""


def read(session: Session, wanted: Wanted) -> list[list[Any]]:
    """The actions that are wanted as rows, in their order, without those of discreet events and people.

    Raises TooManyError beyond MOST.
    """
    members = dict(iter(session.execute(select(StaffMember.id, StaffMember.name))))
    ids = session.scalars(finding.ordered(session, wanted).where(~conditions.is_hidden()).limit(MOST + 1)).all()
    if len(ids) > MOST:
        raise TooManyError

    def all_rows() -> Iterator[list[Any]]:
        for start in range(0, len(ids), _CHUNK):
            yield from tracker.rows(finding.load(session, ids[start : start + _CHUNK], reported=True), members)
            session.expunge_all()

    return list(all_rows())


def answer(name: str, rows: list[list[Any]], as_workbook: bool) -> Response:
    """The rows as a download: a workbook, or else comma-separated. `name` has no ending."""
    if not as_workbook:
        return csv_response(f"{name}.csv", tracker.HEADER, rows)
    cells = [list(tracker.HEADER), *([str(cell) for cell in row] for row in rows)]
    return xlsx_response(f"{name}.xlsx", {"actions": cells})
