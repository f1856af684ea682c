"""The page of one action for the team, and what is done on it: verifying, notes, reminders to oneself."""

from uuid import UUID

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

from mande import clock
from mande import db
from mande.events.wanted import wanted_event
from mande.followup.desk import action_page
from mande.followup.desk import notes
from mande.followup.desk import team_reminders
from mande.followup.desk import verifying
from mande.followup.desk.action_page import Forms
from mande.followup.desk.desk_forms import NoteForm
from mande.followup.desk.desk_forms import ReminderForm
from mande.followup.desk.desk_forms import VerificationForm
from mande.followup.desk.models import Note
from mande.followup.tracking.views import blueprint as actions
from mande.staff import audit
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole

Page = Response | str | tuple[str, int]

blueprint = Blueprint("action", __name__, url_prefix="/staff/events/<code>/actions/<uuid:action_id>")


@actions.get("/<uuid:action_id>")
@needs(StaffRole.VIEWER)
def show(code: str, action_id: UUID) -> str:
    """One action: what is planned, what its owners say, what the team verified, and all that happened to it."""
    with db.reading() as session:
        event = wanted_event(session, code)
        return action_page.render(session, event, action_page.wanted_action(session, event, action_id))


@blueprint.post("/verify")
@needs(StaffRole.MANAGER)
def verify(code: str, action_id: UUID) -> Page:
    """Keeps what the signed-in member found out."""
    with db.transaction() as session:
        event = wanted_event(session, code)
        action = action_page.open_action(session, event, action_id)
        form = VerificationForm(request.form)
        if not form.validate():
            return action_page.render(session, event, action, Forms.empty(event, verification=form)), 422
        verifying.verify(session, action, form.level.data, form.source.data, form.note.data, current())
        audit.record(session, "action verified", event.code, {"action": str(action.id), "level": form.level.data.value})
    flash(_("Your verification is kept. What was reported stays beside it."), "success")
    return to_action(code, action_id, "verified")


@blueprint.post("/notes")
@needs(StaffRole.MANAGER)
def add_note(code: str, action_id: UUID) -> Page:
    with db.transaction() as session:
        event = wanted_event(session, code)
        action = action_page.open_action(session, event, action_id)
        form = NoteForm(request.form)
        if not form.validate():
            return action_page.render(session, event, action, Forms.empty(event, note=form)), 422
        notes.add(session, action, form.words.data, current().email)
        audit.record(session, "note added", event.code, {"action": str(action.id)})
    flash(_("Your note is kept."), "success")
    return to_action(code, action_id, "notes")


@blueprint.route("/notes/<uuid:note_id>", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def edit_note(code: str, action_id: UUID, note_id: UUID) -> Page:
    """The form of a note of one's own, and its saving."""
    if request.method == "GET":
        with db.reading() as session:
            event = wanted_event(session, code)
            action = action_page.open_action(session, event, action_id)
            note = _own_note(session, action_id, note_id)
            form = NoteForm(data={"words": note.words})
            return render_template("followup/tracking/note.html", event=event, action=action, note=note, form=form)
    with db.transaction() as session:
        event = wanted_event(session, code)
        action = action_page.open_action(session, event, action_id)
        note = _own_note(session, action_id, note_id)
        form = NoteForm(request.form)
        if not form.validate():
            return render_template("followup/tracking/note.html", event=event, action=action, note=note, form=form), 422
        notes.change(session, action, note, form.words.data)
        audit.record(session, "note changed", event.code, {"action": str(action.id)})
    flash(_("Your note is changed."), "success")
    return to_action(code, action_id, "notes")


@blueprint.post("/notes/<uuid:note_id>/delete")
@needs(StaffRole.MANAGER)
def delete_note(code: str, action_id: UUID, note_id: UUID) -> Page:
    with db.transaction() as session:
        event = wanted_event(session, code)
        action = action_page.open_action(session, event, action_id)
        notes.delete(session, action, _own_note(session, action_id, note_id))
        audit.record(session, "note deleted", event.code, {"action": str(action.id)})
    flash(_("Your note is deleted."), "success")
    return to_action(code, action_id, "notes")


@blueprint.post("/reminders")
@needs(StaffRole.MANAGER)
def remind_me(code: str, action_id: UUID) -> Page:
    """Keeps a reminder to the signed-in member."""
    with db.transaction() as session:
        event = wanted_event(session, code)
        action = action_page.open_action(session, event, action_id)
        form = ReminderForm(clock.today(event.time_zone), request.form)
        if not form.validate():
            return action_page.render(session, event, action, Forms.empty(event, reminder=form)), 422
        team_reminders.add(session, action, current(), form.day, form.reminder.data)
        audit.record(session, "reminder set", event.code, {"action": str(action.id)})
    flash(_("You will be reminded on the morning of that day."), "success")
    return to_action(code, action_id, "reminders")


def to_action(code: str, action_id: UUID, place: str | None = None) -> Response:
    """Back to the page of an action."""
    return redirect(url_for("actions.show", code=code, action_id=action_id, _anchor=place), 303)


def _own_note(session: Session, action_id: UUID, note_id: UUID) -> Note:
    note = notes.own(session, action_id, note_id, current().email)
    if note is None:
        abort(404)
    return note
