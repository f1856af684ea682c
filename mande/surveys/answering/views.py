"""The respondent's pages. The link is the only authority: no session, no cookie, and no GET that changes anything.

Each POST stores, then redirects. What is right in a form is saved even where something else in it is wrong.
"""

from typing import Any

from flask import Blueprint
from flask import Flask
from flask import Response
from flask import g
from flask import jsonify
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import refresh
from sqlalchemy import Connection
from werkzeug.exceptions import Gone
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from mande import clock
from mande import db
from mande import languages
from mande import tokens
from mande.surveys.answering import drawing
from mande.surveys.answering import forms
from mande.surveys.answering import leaving
from mande.surveys.answering import paging
from mande.surveys.answering import receiving
from mande.surveys.answering import responding
from mande.surveys.answering import stopping
from mande.surveys.answering import windows
from mande.surveys.answering.ballot import Route
from mande.surveys.answering.forms import Sheet
from mande.surveys.answering.receiving import Received
from mande.surveys.answering.responding import Visit
from mande.surveys.answering.stopping import Reminded
from mande.web import csrf

LEAVING, GOING_BACK, DRAFT, FORGET = "leave", "back", "draft", "forget"

Page = str | tuple[str | Response, int] | AnyResponse

blueprint = Blueprint("surveys", __name__, url_prefix="/r/<token>")


class UnknownLinkError(NotFound):
    """No open survey has this link. Whether there ever was one is not said."""


class ExpiredLinkError(Gone):
    """The link of somebody who must not be exposed has ended before its survey. What they saved stays in the box."""


@blueprint.url_defaults
def _keep_language(_endpoint: str, values: dict[str, Any]) -> None:
    if "chosen_language" in g:
        values.setdefault("lang", g.chosen_language)


@blueprint.errorhandler(UnknownLinkError)
def unknown_link(_error: UnknownLinkError) -> Page:
    """One page for every link that does not work; what was typed is shown, so that nothing is lost."""
    _speak(languages.INTERFACE)
    if request.form.get("then") == DRAFT:
        return _told(_("This can no longer be saved: the questionnaire has closed, or the link has ended."), 404)
    lacking = tokens.TOKEN_LENGTH - len(tokens.reduced(_token()))
    return render_template("surveys/unknown.html", typed=_typed(), lacking=lacking), 404


@blueprint.errorhandler(ExpiredLinkError)
def expired_link(_error: ExpiredLinkError) -> Page:
    """One page for every link that has ended early: it names nobody and nothing but what was typed just now."""
    if request.form.get("then") == DRAFT:
        return _told(_("This can no longer be saved: the questionnaire has closed, or the link has ended."), 410)
    return render_template("surveys/expired.html", typed=_typed()), 410


@blueprint.get("", strict_slashes=False)
def welcome(token: str) -> Page:
    with db.plain_reading() as connection:
        visit = _visited(connection, token, whole=True)
    return drawing.welcome(visit)


@blueprint.get("/notice")
def notice(token: str) -> Page:
    with db.plain_reading() as connection:
        visit = _visited(connection, token, whole=True)
    return drawing.notice(visit)


@blueprint.post("/start")
def start(token: str) -> Page:
    with db.plain_transaction() as connection:
        visit = _visited(connection, token)
        responding.start(connection, visit, _posted_route())
    return _to(drawing.resume(visit, visit.token))


@blueprint.get("/start")
@blueprint.get("/submit")
def astray(token: str) -> Page:
    """Where a button leads, opened as a page: from the history of a browser, for example."""
    return _to(url_for("surveys.welcome", token=token, lang=request.args.get("lang")))


@blueprint.route("/section/<int:number>", methods=["GET", "POST"])
def section(token: str, number: int) -> Page:
    return _save(token, number) if request.method == "POST" else _show(token, number)


def _show(token: str, number: int) -> Page:
    with db.plain_reading() as connection:
        visit = _visited(connection, token)
    sheet = _sheet(visit, drawing.route(visit), number)
    if visit.response is None or sheet is None:
        return _to(_welcome())
    return drawing.section(visit, sheet)


def _save(token: str, number: int) -> Page:
    cleared, then = request.form.get("clear", ""), request.form.get("then")
    with db.plain_transaction() as connection:
        visit = _visited(connection, token)
        # The page says on which route it was drawn: another window may have changed it since.
        route = _posted_route()
        received = receiving.read(
            visit.definition, route, number, g.language, request.form, visit.answers, visit.facts, cleared
        )
        if received is None:
            return _held() if then == DRAFT else _to(_welcome(notice="unasked"))
        overtaken = windows.overtaken(received.codes, request.form.get("drawn"), visit.answers, received.answers)
        if then == DRAFT and (overtaken or visit.response is None or visit.response.submitted):
            return _held()
        if visit.response is None:
            responding.start(connection, visit, route)
        responding.save(connection, visit, received.answers, received.codes if overtaken else received.spoken)
    if then == DRAFT:
        return _told(_("Saved"), drawn=drawing.mark(visit, received.sheet))
    if then == FORGET:
        return _to(url_for("leaving.left", lang=g.language))
    if received.wrong:
        return drawing.wrong_section(visit, received, overtaken), 422
    return _to(_after_saving(visit, received, cleared, {"notice": "overtaken"} if overtaken else {}))


def _after_saving(visit: Visit, received: Received, cleared: str, told: dict[str, str]) -> str:
    """Where the button that was pressed leads."""
    sheet = received.sheet
    then, number, language = request.form.get("then"), sheet.number, request.form.get("language")
    if language in visit.definition.languages:
        g.chosen_language = language
        return _section(number, "content", **told)
    if cleared:
        return _section(number, sheet.place(cleared), **told)
    if then == LEAVING:
        return _welcome(**{"notice": "saved", **told})
    pages = drawing.pages(visit)
    if then == GOING_BACK:
        before = paging.before(pages, number)
        return _section(before, **told) if before else _welcome(**told)
    if received.more:
        return _section(number, "new", new=received.more[0], **told)
    if drawing.is_checking():
        return _check(**told)
    following = paging.after(pages, number)
    return _section(following, **told) if following else _check(**told)


@blueprint.get("/check")
def check(token: str) -> Page:
    with db.plain_reading() as connection:
        visit = _visited(connection, token)
    return _to(_welcome()) if visit.response is None else drawing.check(visit)


@blueprint.get("/answers")
def answers(token: str) -> Page:
    with db.plain_reading() as connection:
        visit = _visited(connection, token)
    return _to(_welcome()) if visit.response is None else drawing.answers(visit)


@blueprint.post("/submit")
def submit(token: str) -> Page:
    with db.plain_transaction() as connection:
        visit = _visited(connection, token)
        if visit.response is None:
            return _to(_welcome(notice="nothing"))
        left = {question.code: number for number, question in paging.required_left(drawing.pages(visit), visit.answers)}
        if left or not visit.answers:
            return drawing.refused_check(visit, left), 422
        responding.submit(connection, visit)
    return _to(url_for("surveys.done", token=visit.token))


@blueprint.get("/done")
def done(token: str) -> Page:
    with db.plain_reading() as connection:
        visit = _visited(connection, token)
    if visit.response is None or not visit.response.submitted:
        return _to(_welcome())
    return drawing.done(visit)


@blueprint.route("/withdraw", methods=["GET", "POST"])
def withdraw(token: str) -> Page:
    if request.method == "POST":
        with db.plain_transaction() as connection:
            responding.withdraw(connection, _visited(connection, token))
        return _to(_welcome(notice="withdrawn"))
    with db.plain_reading() as connection:
        visit = _visited(connection, token)
    return _to(_welcome()) if visit.response is None else drawing.withdraw(visit)


@blueprint.get("/stop")
def ask_to_stop(token: str) -> Page:
    """Programs that read mail follow every link: they see this page, and nothing is stopped by it."""
    with db.plain_reading() as connection:
        reminded = _reminded(connection, token)
    return render_template("surveys/stop.html", reminded=reminded, stopped=reminded is None or reminded.stopped)


@blueprint.post("/stop")
def stop(token: str) -> Page:
    """The button of that page, or one click in a mail program (RFC 8058), which cannot be sent on to another page."""
    with db.plain_transaction() as connection:
        reminded = _reminded(connection, token)
        if reminded is not None:
            stopping.stop(connection, reminded.invitation_id)
    return render_template("surveys/stop.html", reminded=reminded, stopped=True)


def _reminded(connection: Connection, token: str) -> Reminded | None:
    """Whoever may be reminded; None where nothing more will come anyway. Raises UnknownLinkError for half a token."""
    well_formed = tokens.normalise(token)
    if well_formed is None:
        raise UnknownLinkError
    reminded = stopping.find(connection, well_formed, clock.now())
    _speak(languages.INTERFACE, reminded.language if reminded else None)
    return reminded


def _visited(connection: Connection, token: str, whole: bool = False) -> Visit:
    """The visit, in the language that was chosen or suits the person. Raises UnknownLinkError or ExpiredLinkError."""
    visit = responding.visit(connection, token, whole)
    if visit is None:
        raise UnknownLinkError
    _speak(visit.definition.languages, visit.invitation.attendance.person.language)
    if visit.invitation.has_expired(clock.now()):
        raise ExpiredLinkError
    return visit


def _speak(available: tuple[str, ...], usual: str | None = None) -> None:
    """Chooses the page's language: the one asked for in the address, the person's own, the browser's, the first."""
    asked = request.args.get("lang", "")
    if asked in available:
        g.language = g.chosen_language = asked
    else:
        own = languages.suitable([usual], available)
        g.language = own or request.accept_languages.best_match(available, available[0])
    refresh()


def _posted_route() -> Route:
    return "short" if request.form.get("route") == "short" else "full"


def _sheet(visit: Visit, route: Route, number: int) -> Sheet | None:
    pages = drawing.pages(visit, route)
    page = next((page for page in pages if page.number == number), None)
    return forms.sheet(visit.definition, page, len(pages), route, g.language) if page else None


def _typed() -> list[tuple[str, str]]:
    """What came with a form that can no longer be saved, by the codes of its questions."""
    fields = request.form.items(multi=True)
    prefix = forms.PREFIX
    return [(name.removeprefix(prefix), value) for name, value in fields if name.startswith(prefix) and value.strip()]


def _held() -> Page:
    """The answer to a draft that only somebody who presses a button may save."""
    return _told(_("Not saved while you type. Press the button below to save this page."), 409)


def _told(said: str, status: int = 200, **values: str) -> Page:
    """The answer to a draft: what to say, and the mark of what is stored now."""
    return jsonify(said=said, **values), status


def _to(address: str) -> Response:
    return redirect(address, 303)  # type: ignore[return-value]


def _welcome(**values: Any) -> str:
    return url_for("surveys.welcome", token=_token(), **values)


def _section(number: int, anchor: str | None = None, **values: Any) -> str:
    back: dict[str, Any] = {"from": drawing.CHECKING} if anchor and drawing.is_checking() else {}
    return url_for("surveys.section", token=_token(), number=number, _anchor=anchor, **back, **values)


def _check(**values: Any) -> str:
    return url_for("surveys.check", token=_token(), **values)


def _token() -> str:
    return str((request.view_args or {})["token"])


def init_app(app: Flask) -> None:
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
    app.register_blueprint(leaving.blueprint)
    app.jinja_env.filters["number"] = format_decimal
