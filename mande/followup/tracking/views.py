"""The team's view of an event's planned actions."""

from functools import partial
from typing import Any

from flask import Blueprint
from flask import Response
from flask import abort
from flask import render_template
from flask import request
from flask import url_for

from mande import db
from mande.events.models import Role
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.followup import wording
from mande.followup.figures import is_hidden
from mande.followup.figures import summary
from mande.followup.figures import track
from mande.followup.models import Status
from mande.followup.tracking import tracker
from mande.followup.tracking.tracker import Wanted
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole

NOT_EXPORTED = (
    "This event is discreet: who was there is named in no list that leaves the house, so the list cannot be downloaded."
)

blueprint = Blueprint("actions", __name__, url_prefix="/staff/events/<code>/actions")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index(code: str) -> str:
    """All actions, filtered and sorted as the address says."""
    wanted = Wanted.read(request.args)
    with db.reading() as session:
        event = wanted_event(session, code)
        chosen = tracker.selected(track(session, event), wanted)
        return render_template(
            "followup/tracking/actions.html",
            event=event,
            summary=summary(session, event),
            actions=chosen,
            left_out=sum(is_hidden(event, one) for one in chosen),
            wanted=wanted,
            statuses=[(status.value, wording.status(status)) for status in Status],
            roles=[(role.value, wording.role(role)) for role in Role],
            sorted_by=partial(_sorted_by, event.code, wanted),
            wording=wording,
        )


@blueprint.post("/export")
@needs(StaffRole.VIEWER)
def export(code: str) -> Response:
    """The same list as a file, without discreet people. It names people, so that who took it is written down."""
    wanted = Wanted.read(request.form)
    with db.transaction() as session:
        event = wanted_event(session, code)
        if event.discreet:
            abort(403, NOT_EXPORTED)
        chosen = [one for one in tracker.selected(track(session, event), wanted) if not is_hidden(event, one)]
        audit.record(session, "actions exported", event.code, {"actions": len(chosen), **wanted.asked()})
        return csv_response(f"{event.code}-actions.csv", tracker.HEADER, tracker.rows(chosen))


def _sorted_by(code: str, wanted: Wanted, sort: str) -> str:
    values: dict[str, Any] = {"code": code, **wanted.asked(sort=sort)}
    return url_for("actions.index", **values)
