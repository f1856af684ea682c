"""The lists of planned actions: of one event, and of all that there are; each also as a file."""

from flask import Blueprint
from flask import Response
from flask import abort
from flask import request
from werkzeug.wrappers import Response as Answer

from mande import db
from mande.events.wanted import wanted_event
from mande.followup.tracking import exporting
from mande.followup.tracking import list_page
from mande.followup.tracking.exporting import TooManyError
from mande.followup.tracking.wanted import Wanted
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole

NOT_EXPORTED = (
    "This event is discreet: who was there is named in no list that leaves the house, so the list cannot be downloaded."
)

blueprint = Blueprint("actions", __name__, url_prefix="/staff/events/<code>/actions")
tracker = Blueprint("tracker", __name__, url_prefix="/staff/actions")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index(code: str) -> str:
    """The actions of an event, as the address says."""
    with db.reading() as session:
        event = wanted_event(session, code)
        return list_page.render(session, Wanted.read(request.args, event.code), event)


@tracker.get("", endpoint="index")
@needs(StaffRole.VIEWER)
def everywhere() -> Answer | str:
    """The actions of all events, as the address says."""
    with db.reading() as session:
        return list_page.render(session, Wanted.read(request.args))


@blueprint.post("/export")
@needs(StaffRole.VIEWER)
def export(code: str) -> Response:
    """The list of an event as a file, without discreet people."""
    with db.reading() as session:
        event = wanted_event(session, code)
        if event.discreet:
            abort(403, NOT_EXPORTED)
    return _file(Wanted.read(request.form, event.code), event.code)


@tracker.post("/export", endpoint="export")
@needs(StaffRole.VIEWER)
def export_everywhere() -> Response:
    """The list over all events as a file, without discreet events and people."""
    return _file(Wanted.read(request.form), "")


def _file(wanted: Wanted, code: str) -> Response:
    """It names people, so that who took it is written down; not what was looked for, which may be a name."""
    as_workbook = request.form.get("format") == "xlsx"
    try:
        with db.reading() as session:
            rows = exporting.read(session, wanted)
    except TooManyError:
        abort(400, f"A file holds at most {exporting.MOST:,} actions. Go back, and narrow the list down first.")
    filters = {name: value for name, value in wanted.filters.items() if name not in ("text", "event")}
    with db.transaction() as session:
        audit.record(session, "actions exported", code or "actions", {"actions": len(rows), **filters})
    return exporting.answer(f"{code}-actions" if code else "actions", rows, as_workbook)
