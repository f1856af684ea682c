"""Staff pages: the published editions of an event, and publishing one."""

from dataclasses import dataclass
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

from mande import db
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.pdf import RenderingError
from mande.reports import operations
from mande.reports.document import NothingToReportError
from mande.reports.editions import files
from mande.reports.editions import holding
from mande.reports.editions import publishing
from mande.reports.editions import words
from mande.reports.editions.publishing import LONGEST_NOTE
from mande.reports.editions.publishing import NoteMissingError
from mande.reports.editions.publishing import OvertakenError
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.staff.access import needs
from mande.staff.models import StaffRole

HEADER = ("edition", "number", "published", "by", "note", "SHA-256 of the PDF", "SHA-256 of the JSON")

blueprint = Blueprint("editions", __name__, url_prefix="/staff/events/<code>/editions")


@dataclass(frozen=True)
class Typed:
    """What somebody wanted to publish, and what was wrong with it."""

    kind: EditionKind | None = None
    note: str = ""
    kind_problem: str = ""
    note_problem: str = ""


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index(code: str) -> str | Response:
    with db.reading() as session:
        event = wanted_event(session, code)
        if request.args.get("format") == "csv":
            rows = [_row(edition) for edition in publishing.editions(session, event)]
            return csv_response(f"{event.code}-editions.csv", HEADER, rows)
        return _page(session, event)


@blueprint.post("")
@needs(StaffRole.MANAGER)
def publish(code: str) -> Response | tuple[str, int]:
    typed = Typed(_kind(), " ".join(request.form.get("note", "").split()))
    if typed.kind is None:
        return _refused(code, Typed(None, typed.note, kind_problem=_("Choose which edition is to be published.")))
    if len(typed.note) > LONGEST_NOTE:
        problem = _("This is too long: %(most)d characters at most.", most=LONGEST_NOTE)
        return _refused(code, Typed(typed.kind, typed.note, note_problem=problem))
    try:
        with db.reading() as session:
            prepared = publishing.prepare(session, wanted_event(session, code), typed.kind, typed.note)
        pdf = operations.as_pdf(prepared.document)
        with db.transaction() as session:
            edition = publishing.store(session, wanted_event(session, code), prepared, pdf)
    except NoteMissingError:
        problem = _("Such an edition was published before: say what this one corrects or adds.")
        return _refused(code, Typed(typed.kind, typed.note, note_problem=problem))
    except (NothingToReportError, RenderingError, OvertakenError) as error:
        return _refused(code, Typed(typed.kind, typed.note, kind_problem=str(error)))
    flash(_("%(edition)s is published.", edition=words.called(edition)), "success")
    return redirect(url_for("editions.index", code=code), 303)


@blueprint.get("/<uuid:edition_id>.<any(pdf, json):form>")
@needs(StaffRole.VIEWER)
def download(code: str, edition_id: UUID, form: str) -> Response:
    """The file as it was stored."""
    with db.reading() as session:
        event = wanted_event(session, code)
        edition = publishing.stored(session, edition_id)
        if edition is None or edition.event_id != event.id:
            abort(404)
        return files.download(edition, event.code, form)


def _kind() -> EditionKind | None:
    return next((kind for kind in EditionKind if kind.value == request.form.get("kind")), None)


def _refused(code: str, typed: Typed) -> tuple[str, int]:
    with db.reading() as session:
        return _page(session, wanted_event(session, code), typed), 422


def _page(session: Session, event: Event, typed: Typed | None = None) -> str:
    withdrawn = holding.withdrawn(session, event)
    editions = publishing.editions(session, event)
    newest = {edition.id for edition in holding.latest(editions).values()}
    return render_template(
        "reports/editions/index.html",
        event=event,
        editions=editions,
        newest=newest,
        problems={kind: _problem(session, event, kind) for kind in EditionKind},
        numbers={kind: publishing.next_number(session, event, kind) for kind in EditionKind},
        withdrawn=withdrawn,
        typed=typed or Typed(note=words.suggested_note(one for one in withdrawn if one.edition.id in newest)),
        words=words,
        longest=LONGEST_NOTE,
    )


def _problem(session: Session, event: Event, kind: EditionKind) -> str | None:
    try:
        operations.check(session, event, kind)
    except NothingToReportError as problem:
        return str(problem)
    return None


def _row(edition: Edition) -> tuple[object, ...]:
    return (
        edition.kind.value, edition.number, edition.published_at.isoformat(timespec="seconds"), edition.published_by,
        edition.note, edition.pdf_sha256, edition.document_sha256,
    )  # fmt: skip
