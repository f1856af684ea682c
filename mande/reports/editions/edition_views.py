"""Staff pages: the published editions of an event, and publishing one."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from uuid import UUID

from flask import Blueprint
from flask import Response
from flask import abort
from flask import render_template
from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from mande import db
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.languages import SOURCE
from mande.languages import suitable
from mande.reports import operations
from mande.reports.document import NothingToReportError
from mande.reports.editions import files
from mande.reports.editions import holding
from mande.reports.editions import issuing
from mande.reports.editions import publishing
from mande.reports.editions import words
from mande.reports.editions.publishing import LONGEST_NOTE
from mande.reports.editions.publishing import NoteMissingError
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.rendering import queue
from mande.reports.rendering.document_views import waiting_for
from mande.staff.access import needs
from mande.staff.models import StaffRole

# Those that people are told of by e-mail.
TOLD_OF = (EditionKind.PARTNER, EditionKind.SUMMARY, EditionKind.RESPONDENTS)
HEADER = (
    "edition", "language", "number", "paper", "published", "by", "note", "SHA-256 of the PDF", "SHA-256 of the JSON",
    "made with",
)  # fmt: skip

blueprint = Blueprint("editions", __name__, url_prefix="/staff/events/<code>/editions")


@dataclass(frozen=True)
class Typed:
    """What somebody wanted to publish, and what was wrong with it."""

    kind: EditionKind | None = None
    language: str = SOURCE
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
        return _page(session, event, _asked_before(session, event))


@blueprint.post("")
@needs(StaffRole.MANAGER)
def publish(code: str) -> WerkzeugResponse | tuple[str, int]:
    """Puts the edition into the queue, if it can be published as things stand."""
    typed = Typed(_kind(request.form), _language(request.form), " ".join(request.form.get("note", "").split()))
    if typed.kind is None:
        return _refused(code, replace(typed, kind_problem=_("Choose which edition is to be published.")))
    if len(typed.note) > LONGEST_NOTE:
        problem = _("This is too long: %(most)d characters at most.", most=LONGEST_NOTE)
        return _refused(code, replace(typed, note_problem=problem))
    try:
        with db.transaction() as session:
            event = wanted_event(session, code)
            return waiting_for(issuing.ask(session, event, typed.kind, typed.note, typed.language))
    except NoteMissingError:
        problem = _("Such an edition was published before: say what this one corrects or adds.")
        return _refused(code, replace(typed, note_problem=problem))
    except NothingToReportError as error:
        return _refused(code, replace(typed, kind_problem=str(error)))


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


def _kind(said: Mapping[str, str]) -> EditionKind | None:
    return next((kind for kind in EditionKind if kind.value == said.get("kind")), None)


def _language(said: Mapping[str, str]) -> str:
    return suitable([said.get("language")]) or SOURCE


def _asked_before(session: Session, event: Event) -> Typed | None:
    """What the page begins with: what was typed for a document that was not published, or what a link wishes for."""
    asked = request.args.get("asked", type=UUID)
    before = queue.find(session, asked) if asked else None
    if before and before.rendering.work == issuing.WORK and before.rendering.event_id == event.id:
        wanted = before.rendering.wanted
        return Typed(_kind(wanted), _language(wanted), wanted["note"], kind_problem=before.rendering.problem)
    kind = _kind(request.args)
    return Typed(kind, _language(request.args), _suggested(session, event)) if kind else None


def _suggested(session: Session, event: Event) -> str:
    """The note that the next edition may bear, for what was taken back of the newest ones."""
    newest = {edition.id for edition in holding.latest(publishing.editions(session, event)).values()}
    return words.suggested_note(one for one in holding.withdrawn(session, event) if one.edition.id in newest)


def _refused(code: str, typed: Typed) -> tuple[str, int]:
    with db.reading() as session:
        return _page(session, wanted_event(session, code), typed), 422


def _page(session: Session, event: Event, typed: Typed | None = None) -> str:
    editions = publishing.editions(session, event)
    newest = holding.latest(editions)
    return render_template(
        "reports/editions/index.html",
        event=event,
        editions=editions,
        newest={edition.id for edition in newest.values()},
        problems={kind: _problem(session, event, kind) for kind in EditionKind},
        published={kind: [newest[key] for key in sorted(newest) if key[0] is kind] for kind in EditionKind},
        withdrawn=holding.withdrawn(session, event),
        typed=typed or Typed(note=_suggested(session, event)),
        words=words,
        telling=TOLD_OF,
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
        edition.kind.value, edition.language, edition.number, edition.paper.value,
        edition.published_at.isoformat(timespec="seconds"), edition.published_by,
        edition.note, edition.pdf_sha256, edition.document_sha256, edition.made_with,
    )  # fmt: skip
