"""The pages on which owners of an action add files to it, take them back to themselves, and delete them."""

from uuid import UUID

from flask import Blueprint
from flask import Response
from flask import request
from flask import url_for

from mande import db
from mande.followup.keeping import files as keeping
from mande.followup.keeping import filetypes
from mande.followup.keeping import serving
from mande.followup.models import EvidenceFile
from mande.followup.models import PlannedAction
from mande.followup.owning import files
from mande.followup.owning.pages import Page
from mande.followup.owning.pages import UnknownLinkError
from mande.followup.owning.pages import keep_language
from mande.followup.owning.pages import mine
from mande.followup.owning.pages import page
from mande.followup.owning.pages import to
from mande.followup.owning.pages import visited

SAID = ("added", "removed")

blueprint = Blueprint("files", __name__)
blueprint.url_defaults(keep_language)
blueprint.add_app_template_filter(keeping.kind, "file_kind")


@blueprint.get("/a/<token>/actions/<uuid:action_id>/files")
def show(token: str, action_id: UUID) -> Page:
    with db.reading() as session:
        visit = visited(session, token)
        said = request.args.get("said")
        action = mine(session, visit, action_id)
        return page("files", visit, **_values(action), said=said if said in SAID else None)


@blueprint.post("/a/<token>/actions/<uuid:action_id>/files")
def add(token: str, action_id: UUID) -> Page:
    """Keeps what is good of what was sent, and says what is wrong with the rest."""
    sent = keeping.sent(request.files.getlist("files"))
    with db.transaction() as session:
        visit = visited(session, token)
        action = mine(session, visit, action_id)
        errors = files.receive(session, visit.link, action, sent)
        if errors or not sent:
            return page("files", visit, **_values(action), errors=errors, nothing=not sent), 422
    return to(url_for("files.show", token=visit.token, action_id=action_id, said="added"))


@blueprint.get("/a/<token>/actions/<uuid:action_id>/files/<uuid:file_id>")
def download(token: str, action_id: UUID, file_id: UUID) -> Response:
    with db.reading() as session:
        visit = visited(session, token)
        return serving.download(_file(mine(session, visit, action_id), file_id))


@blueprint.post("/a/<token>/actions/<uuid:action_id>/files/<uuid:file_id>/delete")
def remove(token: str, action_id: UUID, file_id: UUID) -> Page:
    with db.transaction() as session:
        visit = visited(session, token)
        action = mine(session, visit, action_id)
        files.remove(session, visit.link, action, _file(action, file_id))
    return to(url_for("files.show", token=visit.token, action_id=action_id, said="removed"))


def _values(action: PlannedAction) -> dict[str, object]:
    full = len(action.files) >= keeping.MOST_FILES
    return {"action": action, "accept": filetypes.ACCEPT, "limits": files.limits(), "full": full}


def _file(action: PlannedAction, file_id: UUID) -> EvidenceFile:
    found = keeping.find(action, file_id)
    if found is None:
        raise UnknownLinkError
    return found
