"""The pages on which staff put messages into words of their own, see what they will be, and send them to themselves.

Each page is there for one event and, without a code in its address, for all of them.
"""

import re
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask import abort
from flask import flash
from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import db
from mande import languages
from mande import web
from mande.events import operations as events
from mande.events.models import Event
from mande.events.models import Person
from mande.mail import own_words
from mande.mail import wordings
from mande.mail.letter import MARK
from mande.mail.models import Template
from mande.mail.own_words import Problem
from mande.mail.own_words import Words
from mande.mail.trying import TrialError
from mande.mail.wordings import Wording
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys.mailings import own
from mande.surveys.mailings.own import Shown
from mande.web import settings

Page = Response | str | tuple[str, int]

blueprint = Blueprint("messages", __name__, url_prefix="/staff")

OF_EVENT, OF_ALL = "/events/<code>/messages", "/messages"
NO_EVENT = {"code": None}
# A message is shown in a frame of its own, in which nothing runs and nothing is loaded.
PAGE_POLICY = web.HEADERS["Content-Security-Policy"] + "; frame-src 'self'"
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
_LINKS = re.compile(rf'href="{re.escape(MARK)}[^"]*"')


@blueprint.get(f"{OF_EVENT}/words")
@blueprint.get(f"{OF_ALL}/words", defaults=NO_EVENT)
@needs(StaffRole.VIEWER)
def words(code: str | None) -> str:
    """All messages in all languages, and whose words they are."""
    with db.reading() as session:
        event = _event(session, code)
        every = wordings.known().values()
        return render_template(
            "surveys/mailings/words.html",
            event=event,
            groups=[[one for one in every if not one.discreet], [one for one in every if one.discreet]],
            languages=languages.INTERFACE,
            kept=wordings.kept(session, event.id if event else None),
            of_all=wordings.kept(session, None) if event else {},
        )


@blueprint.get(f"{OF_EVENT}/words/<wording>/<language>")
@blueprint.get(f"{OF_ALL}/words/<wording>/<language>", defaults=NO_EVENT)
@needs(StaffRole.MANAGER)
def edit(code: str | None, wording: str, language: str) -> str:
    """The words of one message in one language, ready to be changed."""
    meant = _wording(wording, language)
    with db.reading() as session:
        event = _event(session, code)
        typed, kept = own.in_use(session, event, meant, language)
        return _editor(event, meant, language, typed, kept)


@blueprint.post(f"{OF_EVENT}/words/<wording>/<language>")
@blueprint.post(f"{OF_ALL}/words/<wording>/<language>", defaults=NO_EVENT)
@needs(StaffRole.MANAGER)
def save(code: str | None, wording: str, language: str) -> Page:
    """Keeps what was typed, or (`do=look`) shows what it would be; if it is wrong, says where."""
    meant = _wording(wording, language)
    typed = own_words.normalised(request.form.get("subject", ""), request.form.get("text", ""))
    seen = request.form.get("seen", "")
    with db.transaction() as session:
        event = _event(session, code)
        _now, kept = own.in_use(session, event, meant, language)
        problems = own.check(session, event, meant, typed)
        if problems:
            return _editor(event, meant, language, typed, kept, seen=seen, problems=problems), 422
        if request.form.get("do") == "look":
            looked_at = own.show(session, event, meant, language, None, typed)
            return _editor(event, meant, language, typed, kept, seen=seen, looked_at=looked_at)
        if seen != _fingerprint(kept):
            return _editor(event, meant, language, typed, kept, overtaken=True), 409
        own.save(session, event, meant, language, typed)
    flash(_("Saved. What is written from now on is in these words."), "success")
    return redirect(url_for("messages.preview", code=code, kind=wording, language=language), 303)


@blueprint.post(f"{OF_EVENT}/words/<wording>/<language>/remove")
@blueprint.post(f"{OF_ALL}/words/<wording>/<language>/remove", defaults=NO_EVENT)
@needs(StaffRole.MANAGER)
def remove(code: str | None, wording: str, language: str) -> Response:
    """Goes back to the words that there were before these."""
    meant = _wording(wording, language)
    with db.transaction() as session:
        own.remove(session, _event(session, code), meant, language)
    flash(_("The message has its former words again."), "success")
    return redirect(url_for("messages.words", code=code), 303)


@blueprint.get(f"{OF_EVENT}/preview")
@blueprint.get(f"{OF_ALL}/preview", defaults=NO_EVENT)
@needs(StaffRole.VIEWER)
def preview(code: str | None) -> Response:
    """A message as somebody would read it: `kind` its name, `language` ("" for theirs), `person` (an id) who."""
    with db.reading() as session:
        event = _event(session, code)
        shown = _shown(session, event)
        page = render_template(
            "surveys/mailings/preview.html",
            event=event,
            shown=shown,
            text=_without_link(shown.composed.text),
            chosen=_chosen(),
            wordings=wordings.known(),
            languages=languages.INTERFACE,
            people=[attendance.person for attendance in events.attendees(session, event)] if event else [],
            direction=languages.direction(shown.language),
        )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response


@blueprint.get(f"{OF_EVENT}/preview/body")
@blueprint.get(f"{OF_ALL}/preview/body", defaults=NO_EVENT)
@needs(StaffRole.VIEWER)
def body(code: str | None) -> Response:
    """The HTML part of the same message, for a frame. Its buttons lead nowhere."""
    with db.reading() as session:
        html = _shown(session, _event(session, code)).composed.html
    response = make_response(_LINKS.sub("", html))
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@blueprint.post(f"{OF_EVENT}/preview")
@blueprint.post(f"{OF_ALL}/preview", defaults=NO_EVENT)
@needs(StaffRole.MANAGER)
def try_out(code: str | None) -> Response:
    """Sends the same message to whoever is signed in, as a test."""
    member = current()
    try:
        with db.transaction() as session:
            event = _event(session, code)
            own.try_out(session, event, _shown(session, event), member)
    except TrialError as error:
        flash(_("It could not be sent: %(why)s", why=error), "warning")
    else:
        flash(_("A test message is on its way to %(address)s.", address=member.email), "success")
    values: dict[str, Any] = _chosen()
    return redirect(url_for("messages.preview", code=code, **values), 303)


def _event(session: Session, code: str | None) -> Event | None:
    return None if code is None else events.get(session, code) or abort(404)


def _wording(name: str, language: str) -> Wording:
    return (wordings.known().get(name) if language in languages.INTERFACE else None) or abort(404)


def _chosen() -> dict[str, str]:
    """What the address, or the form, says about which message is to be shown. What is empty is left out."""
    given = {name: request.values.get(name, "") for name in ("kind", "language", "person")}
    return {name: value for name, value in given.items() if value}


def _shown(session: Session, event: Event | None) -> Shown:
    chosen = _chosen()
    language = chosen.get("language", "")
    wording = _wording(chosen.get("kind", "invitation"), language or languages.SOURCE)
    return own.show(session, event, wording, language, _person(session, event, chosen.get("person", "")))


def _person(session: Session, event: Event | None, wanted: str) -> Person | None:
    if not wanted or event is None:
        return None
    try:
        return own.attendee(session, event, UUID(wanted)) or abort(404)
    except ValueError:
        abort(404)


def _fingerprint(kept: Template | None) -> str:
    """By which it is known whether somebody else has saved meanwhile."""
    return kept.edited_at.isoformat() if kept else ""


def _editor(
    event: Event | None, wording: Wording, language: str, typed: Words, kept: Template | None, seen: str | None = None,
    **shown: Any,
) -> str:  # fmt: skip
    problems: list[Problem] = shown.get("problems", [])
    looked_at: Shown | None = shown.get("looked_at")
    return render_template(
        "surveys/mailings/words_edit.html",
        event=event,
        wording=wording,
        written_in=language,
        direction=languages.direction(language),
        typed=typed,
        kept=kept,
        seen=_fingerprint(kept) if seen is None else seen,
        errors={field: [one for one in problems if one.field == field] for field in ("subject", "text")},
        overtaken=shown.get("overtaken", False),
        looked_at=looked_at,
        text=_without_link(looked_at.composed.text) if looked_at else "",
        limits=own_words,
    )


def _without_link(text: str) -> str:
    """A text in which anybody can see where the link will be, and nobody can follow it."""
    return text.replace(MARK, f"{settings().base_url}/r/…")
