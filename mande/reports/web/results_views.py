"""Staff pages: the report on an event as a web page, of any kind, as it is now or as it was published."""

import json
from dataclasses import dataclass
from typing import Any
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
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from mande import db
from mande import languages
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.pdf import RenderingError
from mande.reports import operations
from mande.reports.document import NothingToReportError
from mande.reports.editions import files
from mande.reports.editions import publishing
from mande.reports.editions import words
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.web import page
from mande.reports.web import public
from mande.reports.web import serving
from mande.reports.web.serving import Place
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.web import settings

blueprint = Blueprint("results", __name__, url_prefix="/staff/events/<code>/results")


@dataclass(frozen=True)
class Wanted:
    """A report as somebody wants to see it: as it is now, or a published edition."""

    event: Event
    kind: EditionKind
    language: str
    edition: Edition | None
    document: dict[str, Any]

    @property
    def place(self) -> Place:
        if self.edition:
            return Place("results", {"code": self.event.code, "edition": self.edition.id})
        return Place("results", {"code": self.event.code, "kind": self.kind.value, "language": self.language})

    @property
    def address(self) -> str:
        """Where anybody can read it; empty where nobody else can."""
        if self.edition is None or self.kind not in public.KINDS:
            return ""
        return settings().base_url + url_for("published.show", edition_id=self.edition.id)

    @property
    def title(self) -> str:
        if self.edition:
            return words.called(self.edition)
        return str(_("%(edition)s, draft", edition=words.KINDS[self.kind]))

    @property
    def name(self) -> str:
        """What its files are called, without their endings."""
        if self.edition:
            return files.called(self.edition, self.event.code)
        return f"{self.event.code}-{self.kind.value}-{self.language}-{self.document['generated_on']}"


@blueprint.get("")
@needs(StaffRole.VIEWER)
def show(code: str) -> str | WerkzeugResponse:
    with db.reading() as session:
        try:
            wanted = _wanted(session, code)
        except NothingToReportError as problem:
            flash(str(problem), "warning")
            return redirect(url_for("events.show", code=code))
        return _page("page", session, wanted, report=page.report(wanted.document))


@blueprint.get("/charts")
@needs(StaffRole.VIEWER)
def charts(code: str) -> str:
    with db.reading() as session:
        wanted = _ready(session, code)
        return _page("charts", session, wanted, charts=serving.charts(wanted.document))


@blueprint.get("/charts/<key>.<any(svg, png):image>")
@needs(StaffRole.VIEWER)
def chart(code: str, key: str, image: str) -> Response | WerkzeugResponse:
    with db.reading() as session:
        wanted = _ready(session, code)
    try:
        return serving.chart(wanted.document, wanted.name, key, image)
    except RenderingError as problem:
        flash(str(problem), "warning")
        return redirect(wanted.place.url("charts"))


@blueprint.get("/figures.<any(csv, xlsx, sav):table>")
@needs(StaffRole.VIEWER)
def figures(code: str, table: str) -> Response:
    with db.reading() as session:
        wanted = _ready(session, code)
    return serving.figures(wanted.document, wanted.name, table)


def _wanted(session: Session, code: str) -> Wanted:
    """What the address asks for. Raises NothingToReportError."""
    event = wanted_event(session, code)
    if "edition" in request.args:
        number = request.args.get("edition", type=UUID) or abort(404)
        edition = publishing.stored(session, number)
        if edition is None or edition.event_id != event.id:
            abort(404)
        return Wanted(event, edition.kind, edition.language, edition, json.loads(edition.document))
    named = request.args.get("kind", EditionKind.INTERNAL.value)
    kind = next((kind for kind in EditionKind if kind.value == named), None) or abort(404)
    language = languages.suitable([request.args.get("language")]) or languages.SOURCE
    return Wanted(event, kind, language, None, operations.document_about(session, event, kind, language))


def _ready(session: Session, code: str) -> Wanted:
    """The same; not found where there is no report yet."""
    try:
        return _wanted(session, code)
    except NothingToReportError as problem:
        abort(404, str(problem))


def _page(name: str, session: Session, wanted: Wanted, **values: Any) -> str:
    editions = publishing.editions(session, wanted.event)
    return render_template(
        f"reports/web/{name}.html",
        frame="reports/web/frames/staff.html",
        event=wanted.event,
        wanted=wanted,
        place=wanted.place,
        document=wanted.document,
        title=wanted.title,
        kinds=words.KINDS,
        editions=editions,
        words=words,
        address=wanted.address,
        **values,
    )  # fmt: skip
