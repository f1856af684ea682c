"""Staff page: ask for a year's report."""

from flask import Blueprint
from flask import abort
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.wrappers import Response

from mande import clock
from mande import db
from mande.events.browsing.event_list import choices
from mande.languages import INTERFACE
from mande.languages import own_name
from mande.reports.portfolio import reading
from mande.reports.portfolio.annual.wanted import WORK
from mande.reports.portfolio.annual.wanted import Wanted
from mande.reports.portfolio.chosen import Chosen
from mande.reports.portfolio.pooling import LEAST_EVENTS
from mande.reports.rendering import queue
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("annual", __name__, url_prefix="/staff/portfolio/annual")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> str:
    """Which year, for whom, and in which form."""
    with db.reading() as session:
        years: dict[int, int] = {}
        for met in reading.met(session, Chosen()).values():
            years[met.began_on.year] = years.get(met.began_on.year, 0) + 1
        return render_template(
            "reports/portfolio/annual_ask.html",
            years=years,
            wanted=Wanted.read(request.args) or Wanted(_usual(years)),
            programmes=choices(session).programmes,
            languages={code: own_name(code) for code in INTERFACE},
            least=LEAST_EVENTS,
        )


@blueprint.post("")
@needs(StaffRole.VIEWER)
def ask() -> Response:
    """Puts the report into the queue."""
    wanted = Wanted.read(request.form)
    if wanted is None:
        abort(400, "Choose a year.")
    with db.transaction() as session:
        rendering = queue.ask(session, WORK, wanted.told())
        audit.record(session, "annual report asked for", f"year {wanted.year}", wanted.told())
    return redirect(url_for("documents.show", rendering_id=rendering.id))


def _usual(years: dict[int, int]) -> int:
    """The last whole year of which there is something to tell, else the latest."""
    last = clock.now().year - 1
    return last if last in years or not years else max(years)
