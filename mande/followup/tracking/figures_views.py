"""What planned actions add up to, for the team: of one event, of a programme, of a year."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint
from flask import Response
from flask import abort
from flask import render_template
from flask import request
from sqlalchemy import and_
from sqlalchemy import true
from sqlalchemy.orm import Session

from mande import db
from mande.events.browsing.event_list import choices
from mande.events.browsing.event_list import in_year
from mande.events.models import Event
from mande.events.records import sectors
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.exports import xlsx_response
from mande.followup import wording
from mande.followup.figures.completion import DAYS_A_MONTH
from mande.followup.figures.overview import Overview
from mande.followup.figures.overview import overview
from mande.followup.figures.overview import themes
from mande.followup.figures.reading import OWNERS_OWN
from mande.followup.figures.reading import THE_TEAMS
from mande.followup.figures.reading import Wanted
from mande.followup.models import Source
from mande.followup.tracking import figure_tables
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole

TEAM = "team"
MONTHS_SHOWN = (1, 2, 3, 4, 5, 6, 9, 12, 18, 24)

blueprint = Blueprint("action_figures", __name__, url_prefix="/staff")


@dataclass(frozen=True)
class Asked:
    """Which events, and whose actions: the owners' (``""``) or the team's own (TEAM)."""

    programme: str = ""
    year: str = ""
    whose: str = ""

    @property
    def sources(self) -> Sequence[Source]:
        return THE_TEAMS if self.whose == TEAM else OWNERS_OWN

    def told(self) -> dict[str, str]:
        """What to put into an address that asks for the same."""
        return {name: value for name, value in vars(self).items() if value}


@blueprint.get("/events/<code>/actions/figures")
@needs(StaffRole.VIEWER)
def of_event(code: str) -> str:
    """The figures of one event."""
    asked = _asked()
    with db.reading() as session:
        event = wanted_event(session, code)
        return _page(session, Event.id == event.id, asked, event=event)


@blueprint.get("/actions/figures")
@needs(StaffRole.VIEWER)
def of_many() -> str:
    """The figures of a programme, of a year, or of all events."""
    asked = _asked()
    with db.reading() as session:
        return _page(session, _many(session, asked), asked, choices=choices(session))


@blueprint.post("/events/<code>/actions/figures/export")
@needs(StaffRole.VIEWER)
def export_event(code: str) -> Response:
    """The figures of one event as a file."""
    asked = _asked()
    with db.transaction() as session:
        event = wanted_event(session, code)
        return _file(session, Event.id == event.id, asked, f"{event.code}-action-figures", event.code)


@blueprint.post("/actions/figures/export")
@needs(StaffRole.VIEWER)
def export_many() -> Response:
    """The figures of a programme, of a year, or of all events as a file."""
    asked = _asked()
    with db.transaction() as session:
        return _file(session, _many(session, asked), asked, "action-figures", "actions", many=True)


def _asked() -> Asked:
    given = request.values
    year = given.get("year", "")
    return Asked(
        programme=given.get("programme", "")[:200],
        year=year if year.isascii() and year.isdecimal() and 1 < len(year) <= 4 else "",
        whose=TEAM if given.get("whose") == TEAM else "",
    )


def _many(session: Session, asked: Asked) -> Wanted:
    found: list[Wanted] = [true()]
    if asked.programme:
        found.append(Event.programme == asked.programme)
    if asked.year:
        found.append(in_year(session, int(asked.year)))
    return and_(*found)


def _page(session: Session, wanted: Wanted, asked: Asked, event: Event | None = None, **more: object) -> str:
    found = overview(session, wanted, asked.sources, many=event is None)
    done = found.completion
    return render_template(
        "followup/tracking/figures.html",
        event=event,
        asked=asked,
        found=found,
        picture=figure_tables.picture(done),
        at_months=[(month, done.at(round(month * DAYS_A_MONTH))) for month in MONTHS_SHOWN
                   if month * DAYS_A_MONTH <= done.last_day],
        at_last=done.at(done.last_day),
        names=_names(session, wanted, event is not None),
        tables=figure_tables,
        wording=wording,
        **more,
    )  # fmt: skip


def _file(session: Session, wanted: Wanted, asked: Asked, name: str, subject: str, many: bool = False) -> Response:
    wanted_form = request.form.get("format")
    if wanted_form not in ("csv", "xlsx"):
        abort(400, "Choose CSV or XLSX.")
    found: Overview = overview(session, wanted, asked.sources, many)
    rows = figure_tables.rows(found, _names(session, wanted, not many))
    audit.record(session, "figures of actions exported", subject, {"format": wanted_form, **asked.told()})
    if wanted_form == "csv":
        return csv_response(f"{name}.csv", figure_tables.HEADER, rows)
    return xlsx_response(f"{name}.xlsx", figure_tables.sheets(rows))


def _names(session: Session, wanted: Wanted, one_event: bool) -> figure_tables.Names:
    return figure_tables.named(themes(session, wanted) if one_event else {}, sectors.known(session))
