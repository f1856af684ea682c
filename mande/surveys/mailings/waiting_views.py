"""The list of those who have not answered. It shows whom a questionnaire still waits for, so who looks is recorded."""

from datetime import datetime
from datetime import timedelta

from flask import Blueprint
from flask import abort
from flask import redirect
from flask import render_template
from flask import request
from flask import session as cookie
from flask import url_for
from werkzeug.wrappers import Response

from mande import clock
from mande import db
from mande.events.kinds import Role
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys.mailings import waiting
from mande.surveys.mailings import wording
from mande.surveys.mailings.waiting import Wanted

blueprint = Blueprint("surveys_waiting", __name__, url_prefix="/staff/events/<code>/surveys/waiting")

# What the cookie of a member remembers: whose list they opened, and when. After this long they open it anew.
OPENED = "waiting_opened"
LASTS = timedelta(hours=1)


@blueprint.get("")
@needs(StaffRole.MANAGER)
def index(code: str) -> str:
    """The list, once this member has opened it; else what it is, and the button that opens it."""
    wanted = Wanted.read(request.args)
    with db.reading() as session:
        event = wanted_event(session, code)
        if not waiting.is_open(session, event):
            return render_template("surveys/mailings/waiting_closed.html", event=event)
        if not _has_opened(event):
            return render_template("surveys/mailings/waiting_ask.html", event=event)
        everybody = waiting.everybody(session, event)
        return render_template(
            "surveys/mailings/waiting.html",
            event=event,
            people=waiting.select_from(everybody, wanted),
            total=len(everybody),
            left_out=sum(one.discreet for one in everybody),
            quiet=waiting.quiet(session, event),
            wanted=wanted,
            roles=list(Role),
            wording=wording,
        )


@blueprint.post("")
@needs(StaffRole.MANAGER)
def open_list(code: str) -> Response:
    """Writes down who opens the list, and shows it."""
    with db.transaction() as session:
        event = wanted_event(session, code)
        listed = len(waiting.everybody(session, event))
        audit.record(session, "list of those who have not answered opened", event.code, {"listed": listed})
    cookie[OPENED] = [event.id.hex, clock.now().isoformat()]
    return redirect(url_for("surveys_waiting.index", code=code), 303)


@blueprint.post("/export")
@needs(StaffRole.MANAGER)
def export(code: str) -> Response:
    """The list as a file, without those who must not be exposed; who took it is written down."""
    wanted = Wanted.read(request.form)
    with db.transaction() as session:
        event = wanted_event(session, code)
        if event.discreet:
            abort(403, "This event is discreet: who was there is named in no list that leaves the house.")
        people = waiting.select_from(waiting.everybody(session, event), wanted)
        rows = waiting.rows(people, event)
        told = {"listed": len(rows), "left out as discreet": len(people) - len(rows)}
        audit.record(session, "list of those who have not answered exported", event.code, told)
    return csv_response(f"{event.code}-not-answered.csv", waiting.HEADER, rows)


def _has_opened(event: Event) -> bool:
    opened, at = cookie.get(OPENED, ("", ""))
    if opened != event.id.hex:
        return False
    return timedelta(0) <= clock.now() - datetime.fromisoformat(at) < LASTS
