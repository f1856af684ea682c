"""Staff pages: the reports on an event, and composing one: its sections, questions, texts and examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace

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
from mande import languages
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.reports.composing import kept
from mande.reports.composing import overview
from mande.reports.composing import reading
from mande.reports.composing import typed as typing
from mande.reports.composing import words
from mande.reports.composing.composed import TEXTS
from mande.reports.composing.composed import possible
from mande.reports.composing.kept import MeanwhileError
from mande.reports.composing.markdown import as_html
from mande.reports.composing.typed import Typed
from mande.reports.document import NothingToReportError
from mande.reports.editions import words as editions
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Level
from mande.reports.kinds import Paper
from mande.reports.models import Composition
from mande.reports.rendering import drafts
from mande.reports.rendering.document_views import waiting_for
from mande.reports.reviewing import known
from mande.staff.access import needs
from mande.staff.models import StaffRole

Page = Response | str | tuple[str, int]

blueprint = Blueprint("composing", __name__, url_prefix="/staff/events/<code>/reports")


@dataclass(frozen=True)
class Shown:
    """How the page was reached: `looking` at the texts, after somebody else saved (`theirs`), with texts `taken`."""

    looking: bool = False
    theirs: Composition | None = None
    taken: Sequence[str] = ()


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index(code: str) -> str:
    """All kinds of editions: what is written of each, what is published, and what is to be done next."""
    with db.reading() as session:
        event = wanted_event(session, code)
        return render_template(
            "reports/composing/index.html",
            event=event,
            overview=overview.of(session, event),
            words=words,
            editions=editions,
            interface=languages.INTERFACE,
        )


@blueprint.get("/<kind>/<language>")
@needs(StaffRole.MANAGER)
def edit(code: str, kind: str, language: str) -> str:
    meant = _kind(kind, language)
    with db.reading() as session:
        event = wanted_event(session, code)
        saved = kept.find(session, event, meant, language)
        composed = kept.composed(session, event, meant, language)
        return _page(session, event, meant, Typed(composed, saved.revision if saved else 0))


@blueprint.post("/<kind>/<language>")
@needs(StaffRole.MANAGER)
def save(code: str, kind: str, language: str) -> Page:
    """Keeps what was typed, or shows it without keeping it (`do` is "look"), or fills in other texts ("copy").

    Once it is kept, "page" leads on to the report as a web page and "pdf" to its PDF.
    """
    meant, do = _kind(kind, language), request.form.get("do")
    with db.reading() as session:
        event = wanted_event(session, code)
        typed = typing.read(request.form, meant, kept.composed(session, event, meant, language))
        if do == "copy":
            return _copied(session, event, meant, typed)
        if typed.errors:
            return _page(session, event, meant, typed), 422
        if do == "look":
            return _page(session, event, meant, typed, Shown(looking=True))
    try:
        with db.transaction() as session:
            event = wanted_event(session, code)
            kept.save(session, event, meant, typed.composed, typed.revision)
            flash(_("Saved."), "success")
            if do == "pdf":
                return _asked_for_pdf(session, event, meant, language)
    except MeanwhileError:
        return _clash(code, meant, typed)
    return redirect(_address("results.show" if do == "page" else "composing.edit", event, meant, language), 303)


def _asked_for_pdf(session: Session, event: Event, kind: EditionKind, language: str) -> Response:
    """The way to the PDF, or back where none can be made yet: what was typed is saved all the same."""
    try:
        return waiting_for(drafts.ask(session, event, kind, language))
    except NothingToReportError as problem:
        flash(str(problem), "warning")
        return redirect(_address("composing.edit", event, kind, language), 303)


def _clash(code: str, kind: EditionKind, typed: Typed) -> Page:
    """What was typed beside what somebody else has saved meanwhile; saved once more, it replaces that."""
    with db.reading() as session:
        event = wanted_event(session, code)
        theirs = kept.find(session, event, kind, typed.composed.language)
        now = replace(typed, revision=theirs.revision if theirs else 0)
        return _page(session, event, kind, now, Shown(theirs=theirs)), 409


def _copied(session: Session, event: Event, kind: EditionKind, typed: Typed) -> Page:
    """The page with the texts of another edition (`from`) wherever nothing was typed. Nothing is kept yet."""
    named = request.form.get("from", "").partition(" ")
    found = [one for one in _others(session, event, kind, typed) if (one.kind.value, one.language) == named[::2]]
    if not found:
        return _page(session, event, kind, replace(typed, errors={"from": _("Choose an edition.")})), 422
    filled, taken = typing.with_texts_of(typed, kind, kept.as_composed(found[0]))
    if not taken:
        problem = _("That edition has no text that is missing here: what you have written stays as it is.")
        return _page(session, event, kind, replace(typed, errors={"from": problem})), 422
    return _page(session, event, kind, filled, Shown(taken=taken))


def _page(session: Session, event: Event, kind: EditionKind, typed: Typed, shown: Shown | None = None) -> str:
    shown = shown or Shown()
    composed, internal = typed.composed, kind.level is Level.INTERNAL
    offered = reading.offered(session, event, kind)
    there = None if internal else known.read(session, event)
    return render_template(
        "reports/composing/edit.html",
        event=event,
        kind=kind,
        typed=typed,
        composed=composed,
        saved=kept.find(session, event, kind, composed.language),
        sections=possible(kind),
        chosen=composed.shown(kind),
        offered=offered,
        others=_others(session, event, kind, typed),
        texts={name: as_html(text) for name, text in typed.texts.items() if text} if shown.looking else {},
        taken=shown.taken,
        theirs=shown.theirs,
        names={name: there.named_in(text) if there else [] for name, text in typed.texts.items()},
        not_printed={name: typing.not_printed(text) for name, text in typed.texts.items()},
        written=typing.texts_of(kind),
        direction=languages.direction(composed.language),
        interface=languages.INTERFACE,
        papers=Paper,
        words=words,
        editions=editions,
    )


def _others(session: Session, event: Event, kind: EditionKind, typed: Typed) -> list[Composition]:
    """What else was composed for the event and has a text."""
    here = (kind, typed.composed.language)
    return [
        one
        for one in kept.of_event(session, event)
        if (one.kind, one.language) != here and any(getattr(one, name) for name in TEXTS)
    ]


def _kind(kind: str, language: str) -> EditionKind:
    meant = next((one for one in EditionKind if one.value == kind), None)
    if meant is None or language not in languages.INTERFACE:
        abort(404)
    return meant


def _address(page: str, event: Event, kind: EditionKind, language: str) -> str:
    return url_for(page, code=event.code, kind=kind.value, language=language)
