"""The pages of a partner's readers: the door behind their link, and what they read once they have given their code.

No GET changes anything. Opening an event's page and a file are POSTs, because what is opened is written down for staff.
Each form carries a token of the reader's session; what comes from another site is refused besides.
"""

import hmac
import json
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask import abort
from flask import g
from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_babel import refresh
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from mande import clock
from mande import db
from mande import languages
from mande.followup.owning.pages import keep_language
from mande.reports.actions import progress
from mande.reports.editions import files
from mande.reports.models import Reader
from mande.reports.partners import access
from mande.reports.partners import letters
from mande.reports.partners import readers
from mande.reports.partners import reading
from mande.reports.partners.access import Entered
from mande.reports.partners.access import TooOftenError
from mande.reports.partners.access import WrongCodeError
from mande.reports.printing import labels
from mande.reports.web import page
from mande.reports.web import serving
from mande.reports.web.serving import Place
from mande.web import settings

COOKIE = "mande_reader"
Page = str | tuple[str, int] | AnyResponse

blueprint = Blueprint("partners", __name__, url_prefix="/p")
blueprint.url_defaults(keep_language)


class ShutError(NotFound):
    """A link that opens nothing. That it once did is said to nobody."""


@blueprint.errorhandler(ShutError)
def shut(_error: ShutError) -> Page:
    """One page for every such link: unknown, ended, revoked."""
    _speak()
    return render_template("reports/partners/unknown.html"), 404


@blueprint.before_request
def _refuse_other_sites() -> None:
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(403)


@blueprint.get("/<token>")
def door(token: str) -> Page:
    with db.reading() as session:
        return _door(session, _holder(session, token), token)


@blueprint.post("/<token>/send")
def send(token: str) -> Page:
    with db.transaction() as session:
        reader = _holder(session, token)
        try:
            access.send_code(session, reader)
        except TooOftenError:
            problem = _("As many codes as are sent in an hour have been sent. Please try again in an hour.")
            return _door(session, reader, token, refused=problem), 429
    return redirect(url_for("partners.door", token=token), 303)


@blueprint.post("/<token>/enter")
def enter(token: str) -> Page:
    with db.transaction() as session:
        reader = _holder(session, token)
        try:
            secret = access.enter(session, reader, request.form.get("code", "")[:40])
        except WrongCodeError as error:
            return _door(session, reader, token, wrong=_wrong(error.left)), 422
    answer = redirect(url_for("partners.index"), 303)
    secure = request.is_secure or settings().production
    answer.set_cookie(
        COOKIE, secret, max_age=access.SESSION_LASTS, path="/p", secure=secure, httponly=True, samesite="Lax"
    )
    return answer


@blueprint.get("/")
def index() -> Page:
    with db.reading() as session:
        visitor = _entered(session)
        if visitor is None:
            return _signed_out()
        events = reading.events(session, visitor.reader)
        return _page(
            "index",
            visitor,
            lines=[
                (event, reading.offered(session, event), progress.actions(session, event, "partner"))
                for event in events
            ],
        )


@blueprint.post("/events/<code>")
def open_event(code: str) -> Page:
    with db.transaction() as session:
        visitor = _entered(session, posted=True)
        if visitor is None:
            return _signed_out()
        event = reading.event(session, visitor.reader, code) or abort(404)
        access.visited(session, visitor.reader, "page", event.id)
    return redirect(url_for("partners.event", code=code), 303)


@blueprint.get("/events/<code>")
def event(code: str) -> Page:
    with db.reading() as session:
        visitor = _entered(session)
        if visitor is None:
            return _signed_out()
        event = reading.event(session, visitor.reader, code) or abort(404)
        return _page(
            "event",
            visitor,
            event=event,
            offered=reading.offered(session, event),
            actions=progress.actions(session, event, "partner"),
        )


@blueprint.post("/editions/<uuid:edition_id>.<any(pdf, json, csv, xlsx, sav):form>")
def download(edition_id: UUID, form: str) -> Page:
    with db.transaction() as session:
        visitor = _entered(session, posted=True)
        if visitor is None:
            return _signed_out()
        found = reading.edition(session, visitor.reader, edition_id) or abort(404)
        event, edition = found
        access.visited(session, visitor.reader, form, event.id, edition.id)
        if form in files.TYPES:
            return files.download(edition, event.code, form)
        return serving.figures(json.loads(edition.document), files.called(edition, event.code), form)


@blueprint.post("/editions/<uuid:edition_id>")
def open_edition(edition_id: UUID) -> Page:
    with db.transaction() as session:
        visitor = _entered(session, posted=True)
        if visitor is None:
            return _signed_out()
        event, edition = reading.edition(session, visitor.reader, edition_id) or abort(404)
        access.visited(session, visitor.reader, "web", event.id, edition.id)
    return redirect(url_for("partners.show", edition_id=edition_id), 303)


@blueprint.get("/editions/<uuid:edition_id>")
def show(edition_id: UUID) -> Page:
    with db.reading() as session:
        visitor = _entered(session)
        if visitor is None:
            return _signed_out()
        return _edition(session, visitor, edition_id, "page")


@blueprint.get("/editions/<uuid:edition_id>/charts")
def charts(edition_id: UUID) -> Page:
    with db.reading() as session:
        visitor = _entered(session)
        if visitor is None:
            return _signed_out()
        return _edition(session, visitor, edition_id, "charts")


@blueprint.get("/editions/<uuid:edition_id>/charts/<key>.<any(svg, png):image>")
def chart(edition_id: UUID, key: str, image: str) -> Page:
    with db.reading() as session:
        visitor = _entered(session)
        if visitor is None:
            return _signed_out()
        event, edition = reading.edition(session, visitor.reader, edition_id) or abort(404)
        name, document = files.called(edition, event.code), json.loads(edition.document)
    return serving.chart(document, name, key, image)


@blueprint.post("/sign-out")
def sign_out() -> Page:
    with db.transaction() as session:
        visitor = _entered(session, posted=True)
        if visitor is not None:
            access.leave(session, visitor)
        else:
            _speak()
    answer = make_response(render_template("reports/partners/signed_out.html", left=True))
    answer.delete_cookie(COOKIE, path="/p", httponly=True, samesite="Lax")
    return answer


def _holder(session: Session, token: str) -> Reader:
    """Who holds a link, in their language. Raises ShutError."""
    reader = readers.find(session, token)
    if reader is None or not readers.is_valid(reader, clock.now()):
        raise ShutError
    _speak(reader.language)
    return reader


def _entered(session: Session, posted: bool = False) -> Entered | None:
    """Who reads, in their language. A form that does not carry the token of their session is refused."""
    visitor = access.entered(session, request.cookies.get(COOKIE))
    if visitor is not None:
        _speak(visitor.reader.language)
        if posted and not hmac.compare_digest(request.form.get("csrf", "").encode(), visitor.csrf.encode()):
            abort(403)
    return visitor


def _speak(*usual: str | None) -> None:
    asked = request.args.get("lang", "")
    if asked in languages.INTERFACE:
        g.chosen_language = asked
    wishes = (asked, *usual, request.accept_languages.best_match(languages.INTERFACE))
    g.language = languages.suitable(wishes) or languages.SOURCE
    refresh()


def _wrong(left: int) -> str:
    if left <= 0:
        return str(_("This code cannot be used, or not any more. Let us send you another one."))
    told = ngettext(
        "This is not the code that we sent last. You can try once more.",
        "This is not the code that we sent last. You can try %(num)d times more.",
        left,
    )
    return str(told)


def _door(session: Session, reader: Reader, token: str, wrong: str = "", refused: str = "") -> str:
    """The page behind a link; `wrong` is what is wrong with a code, `refused` why none is sent."""
    return render_template(
        "reports/partners/door.html",
        token=token,
        waiting=access.awaits_code(session, reader),
        wrong=wrong,
        refused=refused,
        minutes=int(letters.CODE_LASTS.total_seconds() // 60),
        hours=int(access.SESSION_LASTS.total_seconds() // 3600),
    )


def _edition(session: Session, visitor: Entered, edition_id: UUID, name: str) -> str:
    """An edition as a web page, or its charts; `name` is the template of either."""
    _event, edition = reading.edition(session, visitor.reader, edition_id) or abort(404)
    document = json.loads(edition.document)
    shown = {"report": page.report(document)} if name == "page" else {"charts": serving.charts(document)}
    return render_template(
        f"reports/web/{name}.html",
        frame="reports/web/frames/reader.html",
        place=Place("partners", {"edition_id": edition_id}),
        document=document,
        reader=visitor.reader,
        csrf=visitor.csrf,
        hours=int(access.SESSION_LASTS.total_seconds() // 3600),
        **shown,
    )


def _signed_out() -> tuple[str, int]:
    _speak()
    return render_template("reports/partners/signed_out.html", left=False), 403


def _page(name: str, visitor: Entered, **values: Any) -> str:
    return render_template(
        f"reports/partners/{name}.html",
        reader=visitor.reader,
        csrf=visitor.csrf,
        hours=int(access.SESSION_LASTS.total_seconds() // 3600),
        wording=labels,
        **values,
    )
