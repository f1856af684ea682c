"""Staff pages: make a report."""

from collections.abc import Mapping

from flask import Blueprint
from flask import Response
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from mande import db
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.languages import SOURCE
from mande.languages import suitable
from mande.reports import operations
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Paper
from mande.reports.rendering import drafts
from mande.reports.rendering.document_views import waiting_for
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("reports", __name__, url_prefix="/staff/events/<code>")

FORMATS = {"pdf": "application/pdf", "json": "application/json"}


@blueprint.get("/report")
@needs(StaffRole.VIEWER)
def choose(code: str) -> str:
    with db.reading() as session:
        event = wanted_event(session, code)
        ready = {edition: _problem(session, event, edition) for edition in EditionKind}
        chosen = _kind(request.args) or EditionKind.PARTNER
        language = suitable([request.args.get("language")]) or SOURCE
        return render_template(
            "reports/choose.html", event=event, problems=ready, chosen=chosen, language=language, papers=Paper
        )


@blueprint.post("/report")
@needs(StaffRole.VIEWER)
def make(code: str) -> WerkzeugResponse:
    """Asks for the PDF, which a worker makes; the data are there at once."""
    kind, wanted = _kind(request.form), request.form.get("format", "")
    if kind is None or wanted not in FORMATS:
        abort(400, "Choose an edition, and PDF or JSON.")
    language = suitable([request.form.get("language")]) or SOURCE
    paper = next((one for one in Paper if one.value == request.form.get("paper")), None)
    try:
        with db.transaction() as session:
            event = wanted_event(session, code)
            told = {"edition": kind.value, "language": language, "format": wanted}
            audit.record(session, "report made", f"event {event.code}", told)
            if wanted == "pdf":
                return waiting_for(drafts.ask(session, event, kind, language, paper))
            document = operations.document_about(session, event, kind, language, paper)
    except operations.NothingToReportError as error:
        flash(str(error), "warning")
        return redirect(url_for("reports.choose", code=code))
    answer = Response(operations.as_json(document), mimetype=FORMATS[wanted])
    answer.headers.set("Content-Disposition", "attachment", filename=operations.file_name(document, wanted))
    return answer


def _kind(said: Mapping[str, str]) -> EditionKind | None:
    return next((kind for kind in EditionKind if kind.value == said.get("edition")), None)


def _problem(session: Session, event: Event, edition: EditionKind) -> str | None:
    try:
        operations.check(session, event, edition)
    except operations.NothingToReportError as problem:
        return str(problem)
    return None
