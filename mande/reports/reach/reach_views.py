"""Staff pages: who was at an event, and over events and years what the three pillars ask of a convenor."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from flask import Blueprint
from flask import Response
from flask import abort
from flask import render_template
from flask import request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from sqlalchemy import true
from sqlalchemy.orm import Session

from mande import db
from mande.events.browsing.event_list import choices
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.events.words import capital
from mande.exports import csv_response
from mande.exports import xlsx_response
from mande.reports import document
from mande.reports.charts import Drawing
from mande.reports.charts import Moment
from mande.reports.charts import Picture
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Level
from mande.reports.looks import palette
from mande.reports.reach import saying
from mande.reports.reach import trends
from mande.reports.reach import wording
from mande.reports.reach.pillars import PILLARS
from mande.reports.reach.pillars import Figure
from mande.reports.reach.pillars import Kind
from mande.reports.reach.trends import Year
from mande.staff.access import needs
from mande.staff.models import StaffRole

WIDTH = 560
EVENT_HEADER = ("table", "of", "group", "people", "share")
YEARS_HEADER = ("year", "events", "attendees", "pillar", "figure", "value", "of", "target")

blueprint = Blueprint("reach", __name__, url_prefix="/staff")


@blueprint.get("/events/<code>/reach")
@needs(StaffRole.VIEWER)
def of_event(code: str) -> str | Response:
    """Who was at one event."""
    with db.reading() as session:
        event = wanted_event(session, code)
        said = saying.reach(session, event, Level.INTERNAL, event.k, "en", _questions(session, event))
        if request.args.get("format") in ("csv", "xlsx"):
            return _file(f"{event.code}-reach", EVENT_HEADER, _event_rows(said))
        return render_template("reports/reach/event.html", event=event, reach=said, picture=_picture, told=told)


@blueprint.get("/reach")
@needs(StaffRole.VIEWER)
def over_years() -> str | Response:
    """The pillars over all events, or those of a programme, year by year."""
    programme = request.args.get("programme", "")[:200]
    with db.reading() as session:
        wanted: ColumnElement[bool] = Event.programme == programme if programme else true()
        years = trends.years(session, wanted)
        targets = saying.targets_of(session, programme)
        if request.args.get("format") in ("csv", "xlsx"):
            return _file("reach", YEARS_HEADER, _year_rows(years, targets))
        return render_template(
            "reports/reach/years.html",
            years=years,
            programme=programme,
            programmes=choices(session).programmes,
            pillars=[_pillar(years, code, targets) for code in PILLARS] if years else [],
            told=told,
        )


def told(kind: str, low: float | None, high: float | None = None) -> str:
    """A figure as it is read: 44%, 38% to 46%, 3.2, 17."""
    if low is None:
        return "–"
    if high is not None and high != low:
        return str(_("%(low)s to %(high)s", low=told(kind, low), high=told(kind, high)))
    if kind == Kind.POINTS:
        return f"{low:+.0f}"
    return f"{100 * low:.0f}%" if kind == Kind.SHARE else f"{low:.1f}" if kind == Kind.NUMBER else f"{low:.0f}"


def _questions(session: Session, event: Event) -> Sequence[Mapping[str, Any]]:
    """What was asked and answered, where a questionnaire has closed."""
    try:
        found: Sequence[Mapping[str, Any]] = document.whole(session, event, EditionKind.INTERNAL)["questions"]
    except document.NothingToReportError:
        return ()
    return found


def _pillar(years: Sequence[Year], code: str, targets: Mapping[str, float]) -> dict[str, Any]:
    lines = [_line(years, code, number, targets) for number, _one in enumerate(years[0].figures[code])]
    return {"title": wording.PILLARS[code], "text": wording.ASKED[code], "lines": lines}


def _picture(table: Mapping[str, Any]) -> Picture | None:
    shares = [(group["label"], group["share"]) for group in table["groups"]]
    return Drawing(palette.of(palette.DEFAULT)).shares(shares, WIDTH)


def _line(years: Sequence[Year], pillar: str, number: int, targets: Mapping[str, float]) -> dict[str, Any]:
    """One figure over the years, the latest first, and its small picture."""
    found = [year.figures[pillar][number] for year in years]
    target = targets.get(found[0].measure.value) if found[0].measure else None
    return {
        "label": capital(str(wording.FIGURES[found[0].code])),
        "kind": found[0].kind.value,
        "figures": found,
        "target": target,
        "picture": _trend(years, found, target),
    }


def _trend(years: Sequence[Year], found: Sequence[Figure], target: float | None) -> Picture | None:
    """The figure over time, earliest first; none where there is nothing to compare."""
    values = [one.low for one in found if one.low is not None]
    if len(values) < 2:
        return None
    kind = found[0].kind
    span = (0.0, 1.0) if kind is Kind.SHARE else (min(0.0, *values), max(1.0, *values))
    moments = [Moment(str(year.year), one.low) for year, one in zip(years, found, strict=True)]
    return Drawing(palette.of(palette.DEFAULT)).trend(
        moments[::-1], span, name=str(wording.FIGURES[found[0].code]), target=target, told=lambda v: told(kind, v)
    )


def _event_rows(said: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        (table["by"], table["of"], group["label"], group["count"], group["share"])
        for table in said["by"]
        for group in table["groups"]
    ]
    rows += [("stakeholder group, sought", "attendees", one["label"], one["sought"], None) for one in said["sought"]]
    rows += [("stakeholder group, came", "attendees", one["label"], one["came"], None) for one in said["sought"]]
    return rows


def _year_rows(years: Sequence[Year], targets: Mapping[str, float]) -> list[tuple[Any, ...]]:
    return [
        (year.year, year.events, year.attendees, str(wording.PILLARS[code]), str(wording.FIGURES[one.code]), one.low,
         one.of, targets.get(one.measure.value) if one.measure else None)
        for year in years
        for code in PILLARS
        for one in year.figures[code]
    ]  # fmt: skip


def _file(name: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Response:
    form = request.args.get("format")
    if form == "csv":
        return csv_response(f"{name}.csv", header, rows)
    if form != "xlsx":
        abort(400, "Choose CSV or XLSX.")
    return xlsx_response(f"{name}.xlsx", {"Reach": [header, *rows]})
