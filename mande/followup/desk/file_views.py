"""The files of an action on its page for the team: handing them out, adding and deleting them."""

from uuid import UUID

from flask import Blueprint
from flask import Response
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from mande import db
from mande.events.wanted import wanted_event
from mande.followup.keeping import files as keeping
from mande.followup.keeping import filetypes
from mande.followup.keeping import serving
from mande.followup.models import EvidenceFile
from mande.followup.models import PlannedAction
from mande.followup.owning import files
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("evidence", __name__, url_prefix="/staff/events/<code>/actions/<uuid:action_id>/files")


def panel(_session: Session, action: PlannedAction) -> Markup:
    """The panel on an action's page: its files, and a form to add some."""
    page = render_template(
        "followup/tracking/_files.html",
        action=action,
        event=action.event,
        by={file.id: _whose(action, file) for file in action.files},
        accept=filetypes.ACCEPT,
        limits=files.limits(),
        full=len(action.files) >= keeping.MOST_FILES,
    )
    return Markup(page)  # noqa: S704 (Jinja has escaped it)


@blueprint.post("")
@needs(StaffRole.MANAGER)
def add(code: str, action_id: UUID) -> AnyResponse:
    """Keeps what is good of what was sent, and says what is wrong with the rest."""
    sent = keeping.sent(request.files.getlist("files"))
    with db.transaction() as session:
        action = _wanted(session, code, action_id)
        errors = files.receive_from_team(session, current().email, action, sent)
    for error in errors if sent else [_("Choose a file first.")]:
        flash(error, "warning")
    if len(sent) > len(errors):
        flash(_("The file is added."), "success")
    return _to(code, action_id)


@blueprint.get("/<uuid:file_id>")
@needs(StaffRole.VIEWER)
def download(code: str, action_id: UUID, file_id: UUID) -> Response:
    with db.reading() as session:
        return serving.download(_file(_wanted(session, code, action_id), file_id))


@blueprint.post("/<uuid:file_id>/delete")
@needs(StaffRole.MANAGER)
def remove(code: str, action_id: UUID, file_id: UUID) -> AnyResponse:
    with db.transaction() as session:
        action = _wanted(session, code, action_id)
        files.remove_for_team(session, current().email, action, _file(action, file_id))
    flash(_("The file is deleted."), "success")
    return _to(code, action_id)


def _wanted(session: Session, code: str, action_id: UUID) -> PlannedAction:
    """An action of the event that is not withdrawn; 404 for any other."""
    event, action = wanted_event(session, code), session.get(PlannedAction, action_id)
    if action is None or action.event_id != event.id or action.withdrawn:
        abort(404)
    return action


def _file(action: PlannedAction, file_id: UUID) -> EvidenceFile:
    return keeping.find(action, file_id) or abort(404)


def _whose(action: PlannedAction, file: EvidenceFile) -> str:
    """Who has added a file: a member's address, or an owner's name."""
    owner = next((one.link.person.name for one in action.owners if one.link_id == file.link_id), "")
    return file.added_by or owner


def _to(code: str, action_id: UUID) -> AnyResponse:
    return redirect(url_for("actions.show", code=code, action_id=action_id) + "#files", 303)
