"""What a member of the team wants to be reminded of: one's own, on one page."""

from uuid import UUID

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from mande import db
from mande.followup.desk import team_reminders
from mande.staff import audit
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.access import safe_next
from mande.staff.models import StaffRole

blueprint = Blueprint("reminders", __name__, url_prefix="/staff/reminders")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> str:
    """One's own reminders: the overdue first, then those of today, those to come, and those done last."""
    with db.reading() as session:
        mine = team_reminders.open_ones(session, current().id)
        due, overdue = team_reminders.due(mine), team_reminders.overdue(mine)
        return render_template(
            "followup/tracking/reminders.html",
            overdue=overdue,
            today=[one for one in due if one not in overdue],
            later=[one for one in mine if one not in due],
            done=team_reminders.done_ones(session, current().id),
        )


@blueprint.post("/<uuid:reminder_id>/done")
@needs(StaffRole.MANAGER)
def done(reminder_id: UUID) -> Response:
    return _set(reminder_id, True)


@blueprint.post("/<uuid:reminder_id>/not-done")
@needs(StaffRole.MANAGER)
def not_done(reminder_id: UUID) -> Response:
    return _set(reminder_id, False)


def _set(reminder_id: UUID, done: bool) -> Response:
    with db.transaction() as session:
        reminder = team_reminders.own(session, current().id, reminder_id)
        if reminder is None:
            abort(404)
        team_reminders.set_done(reminder, done)
        code = reminder.action.event.code
        audit.record(
            session, "reminder done" if done else "reminder not done", code, {"action": str(reminder.action_id)}
        )
    flash(_("The reminder is done.") if done else _("The reminder is open again."), "success")
    asked = request.form.get("next")
    return redirect(safe_next(asked) if asked else url_for("reminders.index"), 303)
