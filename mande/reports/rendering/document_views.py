"""Staff pages: how far a document has come, its file, and what one has asked for of late."""

from uuid import UUID

from flask import Blueprint
from flask import Response
from flask import abort
from flask import redirect
from flask import render_template
from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from mande import db
from mande.events.models import Event
from mande.reports.models import Rendering
from mande.reports.rendering import queue
from mande.reports.rendering import words
from mande.reports.rendering import works
from mande.reports.rendering.queue import UNFINISHED
from mande.reports.rendering.queue import Asked
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("documents", __name__, url_prefix="/staff/documents")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> str:
    with db.reading() as session:
        found = queue.recent(session, audit.doer())
    return render_template("reports/rendering/index.html", found=found, works=works, words=words)


@blueprint.get("/<uuid:rendering_id>")
@needs(StaffRole.VIEWER)
def show(rendering_id: UUID) -> str:
    with db.reading() as session:
        found = _wanted(session, rendering_id)
        ahead = queue.ahead(session, found.rendering)
    work = works.find(found.rendering.work)
    return render_template(
        "reports/rendering/show.html",
        asked=found,
        one=found.rendering,
        called=works.called(found.rendering),
        said=words.said(found.rendering, ahead),
        asked_at=work.asked_at(found.rendering, found.code) if work and work.asked_at else None,
        unfinished=found.rendering.state in UNFINISHED,
    )


@blueprint.get("/<uuid:rendering_id>.json")
@needs(StaffRole.VIEWER)
def state(rendering_id: UUID) -> dict[str, str | int]:
    """How far it has come, for the script of the page."""
    with db.reading() as session:
        one = _wanted(session, rendering_id).rendering
        said = words.said(one, queue.ahead(session, one))
    return {"state": one.state.value, "step": one.step, "steps": one.steps, "page": one.page, "said": said}


@blueprint.get("/<uuid:rendering_id>/file")
@needs(StaffRole.VIEWER)
def download(rendering_id: UUID) -> Response:
    with db.reading() as session:
        made = queue.with_file(session, rendering_id)
        if made is None:
            abort(404, "There is no such file, or no more: files are kept for a day. Ask for the document again.")
        answer = Response(made.file, mimetype=made.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=made.file_name)
    return answer


@blueprint.post("/<uuid:rendering_id>")
@needs(StaffRole.VIEWER)
def again(rendering_id: UUID) -> WerkzeugResponse:
    """Asks for the same document once more."""
    with db.transaction() as session:
        before = _wanted(session, rendering_id).rendering
        work = works.find(before.work)
        if work is None or work.asked_at:
            abort(400, "This document is asked for on another page.")
        event = session.get(Event, before.event_id) if before.event_id else None
        made = queue.ask(session, before.work, before.wanted, event)
        audit.record(session, "document asked for again", event.code if event else "", {"work": made.work})
    return waiting_for(made)


def waiting_for(rendering: Rendering) -> WerkzeugResponse:
    """What a page answers that has asked for a document: the way to the page on which one waits for it."""
    return redirect(url_for("documents.show", rendering_id=rendering.id), 303)


def _wanted(session: Session, rendering_id: UUID) -> Asked:
    found = queue.find(session, rendering_id)
    if found is None:
        abort(404, "There is no such document, or no more: what was asked for is listed for a month.")
    return found
