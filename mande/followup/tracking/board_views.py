"""Moving a card of the board: the team says how far one of its own actions has come."""

from uuid import UUID

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from mande import clock
from mande import db
from mande.followup import wording
from mande.followup.desk import recording
from mande.followup.desk.recording import Told
from mande.followup.models import Channel
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.staff import audit
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.access import safe_next
from mande.staff.models import StaffRole

blueprint = Blueprint("board", __name__, url_prefix="/staff/actions")


@blueprint.post("/<uuid:action_id>/status")
@needs(StaffRole.MANAGER)
def move(action_id: UUID) -> Response:
    """Records how far an action of the team has come. Of an owner's action only the owner says so: 403."""
    try:
        status = Status(request.form.get("status", ""))
    except ValueError:
        abort(400, "Choose how far the action has come.")
    with db.transaction() as session:
        action = session.get(PlannedAction, action_id, with_for_update=True)
        if action is None or action.withdrawn:
            abort(404)
        if action.source is Source.OWNER:
            abort(403, "How far this action has come is for its owner to say. You can record what they told you.")
        if status is not action.status:
            told = Told(Channel.OTHER, clock.today(action.event.time_zone), status)
            recording.record(session, action, told, current().email)
            audit.record(session, "team action moved", action.event.code,
                         {"action": str(action.id), "status": status.value})  # fmt: skip
    flash(_("It stands under “%(status)s” now.", status=wording.status(status)), "success")
    back = request.form.get("back", "")
    return redirect(safe_next(back) if back else url_for("tracker.index", view="board"), 303)
