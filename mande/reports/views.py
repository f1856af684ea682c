"""Staff pages: make a report, review comments."""

from uuid import UUID

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
from mande.pdf import RenderingError
from mande.reports import comments
from mande.reports import operations
from mande.reports.document import COMMENTS_FROM
from mande.reports.kinds import EditionKind
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys.models import CommentState

blueprint = Blueprint("reports", __name__, url_prefix="/staff/events/<code>")

FORMATS = {"pdf": "application/pdf", "json": "application/json"}


@blueprint.get("/report")
@needs(StaffRole.VIEWER)
def choose(code: str) -> str:
    with db.reading() as session:
        event = wanted_event(session, code)
        ready = {edition: _problem(session, event, edition) for edition in EditionKind}
        return render_template("reports/choose.html", event=event, problems=ready, chosen="partner")


@blueprint.post("/report")
@needs(StaffRole.VIEWER)
def make(code: str) -> WerkzeugResponse | tuple[str, int]:
    edition = next((known for known in EditionKind if known.value == request.form.get("edition")), None)
    wanted = request.form.get("format", "")
    if edition is None or wanted not in FORMATS:
        abort(400, "Choose an edition, and PDF or JSON.")
    try:
        with db.transaction() as session:
            event = wanted_event(session, code)
            document = operations.document_of(session, event.code, edition)
            audit.record(session, "report made", f"event {event.code}", {"edition": edition.value, "format": wanted})
        made = operations.as_pdf(document) if wanted == "pdf" else operations.as_json(document).encode()
    except (operations.NothingToReportError, RenderingError) as error:
        flash(str(error), "warning")
        return redirect(url_for("reports.choose", code=code))
    answer = Response(made, mimetype=FORMATS[wanted])
    name = f"{document['event']['code']}-{edition.value}-{document['generated_on']}.{wanted}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@blueprint.get("/comments")
@needs(StaffRole.MANAGER)
def review(code: str) -> str:
    with db.reading() as session:
        event = wanted_event(session, code)
        asked = comments.questions(session, event)
        question = next((one.key for one in asked if one.key == request.args.get("question")), None)
        state = next((state for state in CommentState if state.value == request.args.get("state")), None)
        return render_template(
            "reports/comments.html",
            event=event,
            asked=asked,
            question=question,
            state=state,
            found=comments.to_review(session, event, question, state),
            texts={(survey, one.code): one.text for one in asked for survey in one.surveys},
            least=COMMENTS_FROM,
        )


@blueprint.post("/comments/<uuid:comment_id>")
@needs(StaffRole.MANAGER)
def decide(code: str, comment_id: UUID) -> WerkzeugResponse:
    state = next((state for state in CommentState if state.value == request.form.get("state")), None)
    if state is None:
        abort(400, "Release the comment, withhold it, or hold it for later.")
    try:
        with db.transaction() as session:
            comments.decide(session, wanted_event(session, code), comment_id, state, request.form.get("text", ""))
    except comments.CommentNotFoundError:
        abort(404)
    except comments.ReleaseError as error:
        flash(str(error), "warning")
    else:
        flash({"released": "Released.", "withheld": "Withheld.", "held": "Held for later."}[state.value], "success")
    question, shown = request.form.get("shown_question") or None, request.form.get("shown_state") or None
    return redirect(url_for("reports.review", code=code, question=question, state=shown))


def _problem(session: Session, event: Event, edition: EditionKind) -> str | None:
    try:
        operations.check(session, event, edition)
    except operations.NothingToReportError as problem:
        return str(problem)
    return None
