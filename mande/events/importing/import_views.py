"""Taking an attendee list in on the event's page: send it, say what its columns mean, look at what it would do,
confirm, see what it did."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import db
from mande.events import newcomers
from mande.events.importing import column_choices
from mande.events.importing import import_jobs
from mande.events.importing import imports
from mande.events.importing import remembering
from mande.events.importing import sheets
from mande.events.importing import uploads
from mande.events.importing.forms import UploadForm
from mande.events.importing.layouts import Layout
from mande.events.importing.layouts import Wish
from mande.events.importing.previews import preview
from mande.events.importing.sheets import SheetError
from mande.events.importing.uploads import Upload
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.exports import xlsx_response
from mande.staff import access
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("attendees", __name__, url_prefix="/staff/events/<code>/attendees/import")

MOST_BYTES = 16 * 1024**2


@blueprint.url_value_preprocessor
def _allow_long_lists(_endpoint: str | None, _values: Mapping[str, Any] | None) -> None:
    """Lists may be longer than what other pages take; only of somebody who is signed in."""
    if access.signed_in():
        request.max_content_length = MOST_BYTES


@blueprint.route("", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def send(code: str) -> Response | str | tuple[str, int]:
    """The form for sending a list. What is sent is kept, and nothing is imported before it is confirmed."""
    with db.reading() as session:
        event = wanted_event(session, code)
        form = UploadForm()
        if form.validate_on_submit():
            try:
                tables = imports.decoded(imports.known(session, event), form.file.data.read())
                layout = imports.lay_out(session, event, tables)
            except SheetError as error:
                form.file.errors = [str(error)]
            else:
                filename = (form.file.data.filename or "list.csv")[:120]
                upload = uploads.keep(event.code, current().id, filename, sheets.pack(tables))
                return _next(event, upload, layout)
        page = render_template("events/import.html", event=event, form=form, choices=column_choices.of(event))
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/<upload>/columns")
@needs(StaffRole.MANAGER)
def columns(code: str, upload: str) -> Response | str | tuple[str, int]:
    """Each column with its first values and what it is taken for."""
    with db.reading() as session:
        event = wanted_event(session, code)
        sent = uploads.find(upload, event.code, current().id)
        if sent is None or not sent.content:
            return _gone(event)
        kept = import_jobs.wish_of(sent)
        sheet, row = request.args.get("sheet", kept.sheet), request.args.get("row", type=int)
        if "sheet" in request.args or "row" in request.args:
            kept = Wish(sheet, row, meetings=kept.meetings, role=kept.role)
        return _asked(session, event, sent, kept)


@blueprint.post("/<upload>/columns")
@needs(StaffRole.MANAGER)
def choose(code: str, upload: str) -> Response | str | tuple[str, int]:
    """Takes what was said of the columns, remembers it for the next list of the kind, and works out the import."""
    with db.transaction() as session:
        event = wanted_event(session, code)
        sent = uploads.find(upload, event.code, current().id)
        if sent is None or not sent.content:
            return _gone(event)
        sheet, row = request.form.get("sheet", ""), request.form.get("row", type=int)
        tables = sheets.unpack(sent.content)
        try:
            labels = imports.lay_out(session, event, tables, Wish(sheet, row)).labels
            wish = column_choices.wish(request.form, event, labels, sheet, row)
            layout = imports.lay_out(session, event, tables, wish)
        except SheetError as error:
            return _asked(session, event, sent, Wish(sheet, row), str(error))
        if "email" not in layout.columns:
            return _asked(session, event, sent, wish, _("Say which column holds the e-mail addresses."))
        remembering.remember(session, layout)
    import_jobs.plan(uploads.change(sent, wish=import_jobs.kept(wish), stage="", failure=""))
    return redirect(url_for("attendees.check", code=event.code, upload=sent.id))


@blueprint.get("/<upload>")
@needs(StaffRole.MANAGER)
def check(code: str, upload: str) -> Response | str:
    """What the list would do, row by row; once it is confirmed, what it did; and while that is worked out, how far."""
    with db.reading() as session:
        event = wanted_event(session, code)
        sent = uploads.find(upload, event.code, current().id)
        if sent is None:
            return _gone(event)
        working = uploads.progress(sent)
        if working:
            return render_template("events/import_progress.html", event=event, upload=sent, progress=working)
        result = uploads.told(sent)
        if result is None or not sent.stage:
            return _not_worked_out(event, sent)
        done = sent.stage == import_jobs.DONE
        return render_template(
            "events/import_check.html",
            event=event,
            upload=sent,
            result={**result, "at": datetime.fromisoformat(result["at"])},
            done=done,
            preview=preview(result["rows"], request.args),
            interrupted=uploads.is_interrupted(sent),
            waiting=newcomers.waiting(session, event) if done else 0,
        )


@blueprint.get("/<upload>/refused.csv")
@needs(StaffRole.MANAGER)
def refused(code: str, upload: str) -> Response:
    """The refused rows as they were sent, with what is wrong in a column in front: to put right and send again."""
    header, rows = _refused(code, upload)
    return csv_response(f"{code}-refused.csv", header, rows)


@blueprint.get("/<upload>/refused.xlsx")
@needs(StaffRole.MANAGER)
def refused_workbook(code: str, upload: str) -> Response:
    """The same as a workbook."""
    header, rows = _refused(code, upload)
    return xlsx_response(f"{code}-refused.xlsx", {"refused": [header, *rows]})


@blueprint.post("/<upload>")
@needs(StaffRole.MANAGER)
def confirm(code: str, upload: str) -> Response:
    """Does it: all rows, or the good ones where the button that was pressed says so."""
    with db.reading() as session:
        event = wanted_event(session, code)
    sent = uploads.find(upload, event.code, current().id)
    if sent is None:
        return _gone(event)
    if sent.stage == import_jobs.PLANNED:
        import_jobs.carry_out(sent, current().email, request.form.get("rows") == "good")
    return redirect(url_for("attendees.check", code=event.code, upload=sent.id))


@blueprint.post("/<upload>/again")
@needs(StaffRole.MANAGER)
def again(code: str, upload: str) -> Response:
    """Works out anew what the list would do: people may have changed, or the first time was interrupted."""
    with db.reading() as session:
        event = wanted_event(session, code)
    sent = uploads.find(upload, event.code, current().id)
    if sent is None or not sent.content:
        return _gone(event)
    import_jobs.plan(sent)
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
        flash(_("The list was thrown away. Nothing was changed."), "note")
    return redirect(url_for("attendees.send", code=event.code))


def _refused(code: str, upload: str) -> tuple[list[str], list[list[str]]]:
    with db.reading() as session:
        event = wanted_event(session, code)
    sent = uploads.find(upload, event.code, current().id)
    result = uploads.told(sent) if sent else None
    if result is None:
        abort(404)
    header, rows = result["refused_rows"]
    return header, rows


def _next(event: Event, upload: Upload, layout: Layout) -> Response:
    """To the columns; past them where staff have said before what they mean, and the list leaves nothing to ask."""
    if layout.remembered and not layout.sheets and not column_choices.must_ask_meetings(event, layout):
        wish = Wish(layout.table.name)
        import_jobs.plan(uploads.change(upload, wish=import_jobs.kept(wish)))
        return redirect(url_for("attendees.check", code=event.code, upload=upload.id))
    return redirect(url_for("attendees.columns", code=event.code, upload=upload.id))


def _asked(
    session: Session, event: Event, sent: Upload, wish: Wish, problem: str = ""
) -> Response | str | tuple[str, int]:
    tables = sheets.unpack(sent.content)
    try:
        layout = imports.lay_out(session, event, tables, wish)
    except SheetError as error:
        layout, problem = imports.lay_out(session, event, tables), problem or str(error)
    page = render_template(
        "events/import_columns.html",
        event=event,
        upload=sent,
        layout=layout,
        wish=wish,
        choices=column_choices.of(event),
        problem=problem,
        told=request.form if problem else {},
        ask_meetings=column_choices.must_ask_meetings(event, layout),
    )
    return (page, 422) if problem and request.method == "POST" else page


def _not_worked_out(event: Event, sent: Upload) -> Response | str:
    """Where nothing is to be seen yet: the columns are to be said, or working it out went wrong."""
    if sent.failure or uploads.is_interrupted(sent):
        return render_template("events/import_failed.html", event=event, upload=sent)
    return redirect(url_for("attendees.columns", code=event.code, upload=sent.id))


def _gone(event: Event) -> Response:
    flash(_("That list is no longer here: lists are kept for a day. Please send it again."), "warning")
    return redirect(url_for("attendees.send", code=event.code))
