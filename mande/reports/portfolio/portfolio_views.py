"""Staff pages: what all events together come to, and one question over the events that were asked it."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from flask import Blueprint
from flask import Response
from flask import abort
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _

from mande import db
from mande.events.browsing.event_list import choices
from mande.exports import csv_response
from mande.exports import xlsx_response
from mande.reports.charts import Drawing
from mande.reports.looks import palette
from mande.reports.portfolio import exporting
from mande.reports.portfolio import overview
from mande.reports.portfolio import questions
from mande.reports.portfolio import reading
from mande.reports.portfolio import single
from mande.reports.portfolio import wording
from mande.reports.portfolio.chosen import Chosen
from mande.reports.portfolio.comparison import reached
from mande.reports.portfolio.pictures import Trends
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole

EVENTS_SHOWN = 25
MONTHS_SHOWN = 24

blueprint = Blueprint("portfolio", __name__, url_prefix="/staff/portfolio")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> str:
    """The portfolio of the events that were chosen."""
    chosen = Chosen.read(request.args)
    with db.reading() as session:
        found = overview.overview(session, chosen)
        latest = list(found.events.values())[:EVENTS_SHOWN]
        own = reading.standings(session, {one.id: one.id for one in latest})
        return render_template(
            "reports/portfolio/index.html",
            chosen=chosen,
            found=found,
            latest=[(one, own[one.id]) for one in latest],
            lines=questions.ordered(found.lines, chosen.sort),
            periods=list(found.by_period),
            choices=choices(session),
            trends=_trends(),
            narrow=_trends(150),
            months={name: attrgetter(name) for name in ("written", "done", "outcomes")},
            by_period=[(span.label, its) for span, its in found.by_period.items()][::-1],
            by_programme=[(name or _("No programme"), its) for name, its in found.by_programme.items()],
            here=here(chosen),
            reached=reached,
            wording=wording,
            months_shown=MONTHS_SHOWN,
        )


@blueprint.get("/questions/<comparable>")
@needs(StaffRole.VIEWER)
def question(comparable: str) -> str:
    """One question, event by event."""
    chosen = Chosen.read(request.args)
    with db.reading() as session:
        found = single.question(session, comparable, chosen)
        if found is None:
            abort(404)
        return render_template(
            "reports/portfolio/question.html",
            chosen=chosen,
            found=found,
            asked=found.line.asked,
            scored=single.ordered(found.scored, chosen.sort),
            trend=_trends(480).question(found.line, found.periods),
            shown=single.SHOWN,
            here=here(chosen, comparable),
            wording=wording,
        )


@blueprint.post("/export")
@needs(StaffRole.VIEWER)
def export() -> Response:
    """The portfolio as a file."""
    chosen, form = Chosen.read(request.form), request.form.get("format")
    if form not in ("csv", "xlsx"):
        abort(400, "Choose CSV or XLSX.")
    with db.transaction() as session:
        found = overview.overview(session, chosen)
        own = reading.standings(session, {event: event for event in found.events}) if form == "xlsx" else {}
        audit.record(session, "portfolio exported", "portfolio", {"format": form, **chosen.asked()})
    if form == "csv":
        return csv_response("portfolio.csv", exporting.HEADER, exporting.rows(found))
    return xlsx_response("portfolio.xlsx", exporting.sheets(found, own))


def here(chosen: Chosen, comparable: str | None = None) -> Callable[..., str]:
    """The address of the same page, with something asked otherwise."""

    def address(**changes: str) -> str:
        asked: dict[str, Any] = dict(chosen.asked(**changes))
        if comparable:
            return url_for("portfolio.question", comparable=comparable, **asked)
        return url_for("portfolio.index", **asked)

    return address


def _trends(width: float = 190) -> Trends:
    return Trends(Drawing(palette.of(palette.DEFAULT)), width)
