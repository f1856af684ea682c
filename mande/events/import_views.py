"""Taking an attendee list in on the event's page: send it, look at what it would do, confirm, see what it did."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import db
from mande.events import imports
from mande.events import operations
from mande.events import uploads
from mande.events.forms import UploadForm
from mande.events.imports import Outcome
from mande.events.imports import Plan
from mande.events.models import Event
from mande.events.sheets import SheetError
from mande.events.uploads import Upload
from mande.events.views import wanted_event
from mande.exports import csv_response
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("attendees", __name__, url_prefix="/staff/events/<code>/attendees/import")


@blueprint.route("", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def send(code: str) -> Response | str | tuple[str, int]:
    """The form for sending a list. What is sent is kept, and nothing is imported before it is confirmed."""
    with db.reading() as session:
        event = wanted_event(session, code)
        form = UploadForm()
        if form.validate_on_submit():
            content = form.file.data.read()
            try:
                imports.read(event, content)
            except SheetError as error:
                form.file.errors = [str(error)]
            else:
                filename = (form.file.data.filename or "list.csv")[:120]
                upload = uploads.keep(event.code, current().id, filename, content)
                return redirect(url_for("attendees.check", code=event.code, upload=upload.id))
    return render_template("events/import.html", event=event, form=form), 422 if form.is_submitted() else 200


@blueprint.get("/<upload>")
@needs(StaffRole.MANAGER)
def check(code: str, upload: str) -> Response | str:
    """What the list would do, row by row; once it is confirmed, what it did."""
    with db.reading() as session:
        event = wanted_event(session, code)
        sent = uploads.find(upload, event.code, current().id)
        if sent is None:
            return _gone(event)
        result = sent.result or _told(imports.plan(session, event, sent.content))
    return render_template("events/import_check.html", event=event, upload=sent, result=result, outcomes=list(Outcome))


@blueprint.get("/<upload>/refused.csv")
@needs(StaffRole.MANAGER)
def refused(code: str, upload: str) -> Response:
    """The refused rows as they were sent, with what is wrong in a column in front: to put right and send again."""
    with db.reading() as session:
        event = wanted_event(session, code)
        sent = uploads.find(upload, event.code, current().id)
        if sent is None:
            abort(404)
        if sent.result:
            header, rows = sent.result["refused_rows"]
        else:
            header, rows = imports.refused_rows(imports.plan(session, event, sent.content))
    return csv_response(f"{event.code}-refused.csv", header, rows)


@blueprint.post("/<upload>")
@needs(StaffRole.MANAGER)
def confirm(code: str, upload: str) -> Response:
    """Does it: all rows, or the good ones where the button that was pressed says so."""
    with db.transaction() as session:
        event = wanted_event(session, code)
        sent = uploads.find(upload, event.code, current().id)
        if sent is None:
            return _gone(event)
        if sent.result is None:
            result = _carry_out(session, event, sent)
    if sent.result is None and result is not None:
        uploads.finish(sent, result)
    return redirect(url_for("attendees.check", code=event.code, upload=sent.id))


@blueprint.post("/<upload>/discard")
@needs(StaffRole.MANAGER)
def discard(code: str, upload: str) -> Response:
    """Throws the list away unused."""
    with db.reading() as session:
        event = wanted_event(session, code)
    sent = uploads.find(upload, event.code, current().id)
    if sent is not None:
        uploads.remove(sent)
        flash("The list was thrown away. Nothing was changed.", "note")
    return redirect(url_for("attendees.send", code=event.code))


def _carry_out(session: Session, event: Event, sent: Upload) -> dict[str, Any] | None:
    """Imports, and tells what was done; None where rows are refused and the good ones alone were not asked for."""
    operations.lock(session, event)
    planned = imports.plan(session, event, sent.content)
    if planned.refused and request.form.get("rows") != "good":
        flash("Nothing was imported: some rows cannot be taken as they are.", "warning")
        return None
    imports.carry_out(session, event, planned, sent.filename)
    return _told(planned)


def _told(planned: Plan) -> dict[str, Any]:
    """What the page shows, in a form that can be kept."""
    return {
        "counts": planned.counts,
        "rows": [asdict(report) for report in planned.reports],
        "ignored": planned.sheet.ignored,
        "encoding": planned.sheet.encoding,
        "refused_rows": imports.refused_rows(planned),
    }


def _gone(event: Event) -> Response:
    flash("That list is no longer here: lists are kept for a day. Please send it again.", "warning")
    return redirect(url_for("attendees.send", code=event.code))
