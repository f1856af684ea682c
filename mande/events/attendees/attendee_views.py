"""The pages about who was at an event: the list, and one attendee at a time."""

from typing import Any
from uuid import UUID

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
from mande.events import leaving
from mande.events import operations
from mande.events.attendees import attending
from mande.events.attendees import listings
from mande.events.attendees.attending import AttendingError
from mande.events.attendees.attending import How
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.leaving import LeavingError
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.records import sectors
from mande.events.records.person_addresses import AddressError
from mande.events.records.person_forms import AttendanceForm
from mande.events.records.person_forms import NewAttendeeForm
from mande.events.views import blueprint as blueprint
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.staff.access import needs
from mande.staff.models import StaffRole

Page = Response | str | tuple[str, int]

NOT_EXPORTED = (
    "This event is discreet: who was there is named in no list that leaves the house, so the list cannot be downloaded."
)


@blueprint.get("/events/<code>/attendees")
@needs(StaffRole.VIEWER)
def attendees(code: str) -> Response | str:
    """Who was at the event; `?format=csv` is the same list, without discreet people, as the import takes it back."""
    with db.reading() as session:
        event = wanted_event(session, code)
        everybody = operations.attendees(session, event)
        known = sectors.known(session)
        groups = list(event.groups)
    wanted = listings.AttendeeFilter.read(request.args, event, known)
    people = listings.select_attendees(everybody, wanted)
    if request.args.get("format") == "csv":
        if event.discreet:
            abort(403, NOT_EXPORTED)
        rows = [listings.attendee_row(one, known) for one in people if not one.person.discreet]
        return csv_response(f"{event.code}-attendees.csv", listings.ATTENDEE_HEADER, rows)
    return render_template(
        "events/attendees.html",
        event=event,
        people=people,
        total=len(everybody),
        wanted=wanted,
        roles=list(Role),
        groups=groups,
        sectors={**known, "unknown": _("not known")},
        held=operations.held,
        left_out=sum(one.person.discreet for one in people),
        with_needs=sum(bool(one.person.accessibility) for one in people),
    )


@blueprint.route("/events/<code>/attendees/new", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def new_attendee(code: str) -> Page:
    """The form that puts one person on the list."""
    with db.transaction() if request.method == "POST" else db.reading() as session:
        event = wanted_event(session, code)
        form = NewAttendeeForm(event, sectors.known(session))
        if form.validate_on_submit():
            try:
                with session.begin_nested():
                    added = attending.add(session, event, form.email.data, form.values(), _how(form))
            except (AddressError, AttendingError) as error:
                form.email.errors = [str(error)]
            else:
                flash(_("%(name)s is on the list.", name=added.person.name), "success")
                return _to_list(event)
        return _page("events/attendee_new.html", form, event=event)


@blueprint.route("/events/<code>/attendees/<uuid:attendance_id>", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def attendee(code: str, attendance_id: UUID) -> Page:
    """How one person attended, to be changed."""
    with db.transaction() if request.method == "POST" else db.reading() as session:
        event, attendance = _wanted(session, code, attendance_id)
        form = AttendanceForm(event, attendance)
        if form.validate_on_submit():
            attending.change(session, event, attendance, _how(form))
            flash(_("What you changed about %(name)s is saved.", name=attendance.person.name), "success")
            return _to_list(event)
        return _page("events/attendee.html", form, event=event, one=attendance)


@blueprint.route("/events/<code>/attendees/<uuid:attendance_id>/remove", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def remove_attendee(code: str, attendance_id: UUID) -> Page:
    """What taking somebody off the list means, and the button; or why they stay, and what can be done instead."""
    if request.method == "POST":
        try:
            with db.transaction() as session:
                event, attendance = _wanted(session, code, attendance_id)
                operations.lock(session, event)
                leaving.remove(session, attendance)
        except LeavingError as error:
            flash(str(error), "warning")
            return redirect(url_for("events.remove_attendee", code=code, attendance_id=attendance_id), 303)
        flash(_("%(name)s is no longer on the list.", name=attendance.person.name), "success")
        return _to_list(event)
    with db.reading() as session:
        event, attendance = _wanted(session, code, attendance_id)
        found = leaving.check(session, attendance)
        return render_template("events/attendee_remove.html", event=event, one=attendance, found=found)


@blueprint.post("/events/<code>/attendees/<uuid:attendance_id>/stop-mail")
@needs(StaffRole.MANAGER)
def stop_mail(code: str, attendance_id: UUID) -> Response:
    """Nothing more is sent to this person about the event."""
    with db.transaction() as session:
        event, attendance = _wanted(session, code, attendance_id)
        leaving.stop_mail(session, attendance)
        told = _("Nothing more is sent to %(name)s about %(code)s. Their links go on working.",
                 name=attendance.person.name, code=event.code)  # fmt: skip
    flash(told, "success")
    return _to_list(event)


def _wanted(session: Session, code: str, attendance_id: UUID) -> tuple[Event, Attendance]:
    event = wanted_event(session, code)
    return event, attending.find(session, event, attendance_id) or abort(404)


def _how(form: Any) -> How:
    group = form.group.data
    return How(
        roles=[Role(role) for role in form.roles.data],
        meetings=form.meetings.data,
        mode=Mode(form.mode.data) if form.mode.data else None,
        group_id=UUID(group) if group else None,
    )


def _page(template: str, form: Any, **values: Any) -> Page:
    return render_template(template, form=form, **values), 422 if form.is_submitted() else 200


def _to_list(event: Event) -> Response:
    return redirect(url_for("events.attendees", code=event.code), 303)
