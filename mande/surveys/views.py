"""The respondent's pages. The link is the only authority: no session, no cookie, and no GET that changes anything.

Each POST stores, then redirects. What is right in a form is saved even where something else in it is wrong.
"""

from collections.abc import Mapping
from functools import cache
from functools import partial
from typing import Any

from babel import Locale
from flask import Blueprint
from flask import Flask
from flask import Response
from flask import g
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import format_decimal
from flask_babel import refresh
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from mande import db
from mande.surveys import forms
from mande.surveys import paging
from mande.surveys import patterns
from mande.surveys import responding
from mande.surveys import wording
from mande.surveys.ballot import Route
from mande.surveys.definition import Definition
from mande.surveys.definition import say
from mande.surveys.forms import Sheet
from mande.surveys.patterns import Pattern
from mande.surveys.responding import Visit
from mande.surveys.visits import AskedEvent
from mande.web import csrf

INTERFACE = ("en", "fr")
LEAVING, GOING_BACK, CHECKING = "leave", "back", "check"

Page = str | tuple[str, int] | AnyResponse

blueprint = Blueprint("surveys", __name__, url_prefix="/r/<token>")


class UnknownLinkError(NotFound):
    """No open survey has this link. Whether there ever was one is not said."""


@blueprint.url_defaults
def _keep_language(_endpoint: str, values: dict[str, Any]) -> None:
    if "chosen_language" in g:
        values.setdefault("lang", g.chosen_language)


@blueprint.errorhandler(UnknownLinkError)
def unknown_link(_error: UnknownLinkError) -> Page:
    """One page for every link that does not work; what was typed is shown, so that nothing is lost."""
    _speak(INTERFACE)
    return render_template("surveys/unknown.html", typed=_typed(), languages=INTERFACE), 404


@blueprint.get("")
def welcome(token: str) -> Page:
    with db.reading() as session:
        visit = _visited(session, token, whole=True)
    answers = visit.response.answers if visit.response else {}
    pages = paging.sections(visit.definition, _route(visit))
    return _page(
        "welcome",
        visit,
        strata=wording.stratum_lines(visit.strata, visit.invitation.survey.event),
        progress=paging.progress(pages, answers),
        resume=_resume(visit),
        short=paging.has_short_route(visit.definition),
        route=_route(visit),
        notice=request.args.get("notice"),
    )


@blueprint.post("/start")
def start(token: str) -> Page:
    with db.transaction() as session:
        visit = _visited(session, token)
        responding.start(session, visit, _posted_route())
    return _to(_resume(visit))


@blueprint.get("/start")
@blueprint.get("/submit")
def astray(token: str) -> Page:
    """Where a button leads, opened as a page: from the history of a browser, for example."""
    return _to(url_for("surveys.welcome", token=token, lang=request.args.get("lang")))


@blueprint.route("/section/<int:number>", methods=["GET", "POST"])
def section(token: str, number: int) -> Page:
    return _save(token, number) if request.method == "POST" else _show(token, number)


def _show(token: str, number: int) -> Page:
    with db.reading() as session:
        visit = _visited(session, token)
    sheet = _sheet(visit, _route(visit), number)
    if visit.response is None or sheet is None:
        return _to(_welcome())
    return _pattern(visit, sheet).fill(visit.token, sheet.shown(visit.response.answers))


def _save(token: str, number: int) -> Page:
    cleared = request.form.get("clear", "")
    with db.transaction() as session:
        visit = _visited(session, token)
        # The page says on which route it was drawn: another window may have changed it since.
        route = _posted_route()
        sheet = _sheet(visit, route, number)
        if sheet is None:
            return _to(_welcome())
        form = sheet.form({}, sheet.without(cleared, request.form))
        right = form.validate()
        if visit.response is None:
            responding.start(session, visit, route)
        answers, spoken = sheet.read(form)
        responding.save(session, visit, answers, spoken)
    if not right:
        return _draw(visit.definition, visit.invitation.survey.event, sheet, visit.token, form), 422
    return _to(_after_saving(visit, sheet, cleared))


def _after_saving(visit: Visit, sheet: Sheet, cleared: str) -> str:
    """Where the button that was pressed leads."""
    then, number, language = request.form.get("then"), sheet.number, request.form.get("language")
    if language in visit.definition.languages:
        g.chosen_language = language
        return _section(number, "content")
    if cleared:
        return _section(number, sheet.place(cleared))
    if then == LEAVING:
        return _welcome(notice="saved")
    if then == CHECKING or _checking():
        return _check()
    if then == GOING_BACK:
        return _section(number - 1) if number > 1 else _welcome()
    return _section(number + 1) if number < sheet.total else _check()


@blueprint.get("/check")
def check(token: str) -> Page:
    with db.reading() as session:
        visit = _visited(session, token)
    return _to(_welcome()) if visit.response is None else _review(visit)


@blueprint.post("/submit")
def submit(token: str) -> Page:
    with db.transaction() as session:
        visit = _visited(session, token)
        if visit.response is None:
            return _to(_welcome())
        left = list(paging.required_left(paging.sections(visit.definition, _route(visit)), visit.response.answers))
        if left or not visit.response.answers:
            return _review(visit, {question.code: number for number, question in left}, refused=True)
        responding.submit(session, visit)
    return _to(url_for("surveys.done", token=token))


@blueprint.get("/done")
def done(token: str) -> Page:
    with db.reading() as session:
        visit = _visited(session, token)
    if visit.response is None or not visit.response.submitted:
        return _to(_welcome())
    longer = _route(visit) == "short" and paging.has_short_route(visit.definition)
    return _page("done", visit, longer=longer)


@blueprint.route("/withdraw", methods=["GET", "POST"])
def withdraw(token: str) -> Page:
    if request.method == "POST":
        with db.transaction() as session:
            responding.withdraw(session, _visited(session, token))
        return _to(_welcome(notice="withdrawn"))
    with db.reading() as session:
        visit = _visited(session, token)
    return _to(_welcome()) if visit.response is None else _page("withdraw", visit)


def _visited(session: Session, token: str, whole: bool = False) -> Visit:
    """The visit, in the language that was chosen or suits the person. Raises UnknownLinkError."""
    visit = responding.visit(session, token, whole)
    if visit is None:
        raise UnknownLinkError
    _speak(visit.definition.languages, visit.invitation.attendance.person.language)
    return visit


def _speak(languages: tuple[str, ...], usual: str | None = None) -> None:
    """Chooses the page's language: the one asked for in the address, the person's own, the browser's, the first."""
    asked, own = request.args.get("lang", ""), (usual or "").lower().replace("_", "-")
    if asked in languages:
        g.language = g.chosen_language = asked
    else:
        known = [code for code in (own, own.partition("-")[0]) if code in languages]
        g.language = known[0] if known else request.accept_languages.best_match(languages, languages[0])
    refresh()


def _route(visit: Visit) -> Route:
    return visit.response.route if visit.response else "full"


def _posted_route() -> Route:
    return "short" if request.form.get("route") == "short" else "full"


def _sheet(visit: Visit, route: Route, number: int) -> Sheet | None:
    found = forms.sheets(visit.definition, route, g.language)
    return found[number - 1] if 1 <= number <= len(found) else None


def _resume(visit: Visit) -> str:
    """Where somebody goes on: the first page with a question left, or the review of all."""
    answers = visit.response.answers if visit.response else {}
    number = paging.first_unfinished(paging.sections(visit.definition, _route(visit)), answers)
    return _section(number) if number else _check()


def _typed() -> list[tuple[str, str]]:
    """What came with a form that can no longer be saved, by the codes of its questions."""
    fields = request.form.items(multi=True)
    prefix = forms.PREFIX
    return [(name.removeprefix(prefix), value) for name, value in fields if name.startswith(prefix) and value.strip()]


def _pattern(visit: Visit, sheet: Sheet) -> Pattern:
    """The page of a section, to be filled in. Its key is all that `_draw` shows, and all that addresses depend on."""
    definition, event = visit.definition, visit.invitation.survey.event
    key = (event, definition.digest, sheet.route, sheet.number, g.language, "chosen_language" in g, _checking(),
           request.script_root)  # fmt: skip
    return patterns.kept(key, partial(_draw, definition, event, sheet))


def _draw(definition: Definition, event: AskedEvent, sheet: Sheet, token: str, form: Any) -> str:
    """The page of a section. What it shows beyond these and the language belongs in the key of `_pattern` as well."""
    return render_template(
        "surveys/section.html",
        token=token,
        title=say(definition.title, g.language),
        languages=definition.languages,
        event=event,
        sheet=sheet,
        form=form,
        checking=_checking(),
    )


def _checking() -> bool:
    return request.args.get("from") == CHECKING


def _review(visit: Visit, left: Mapping[str, int] | None = None, refused: bool = False) -> Page:
    answers = visit.response.answers if visit.response else {}
    sheets = forms.sheets(visit.definition, _route(visit), g.language)
    page = _page("check", visit, sheets=sheets, answers=answers, left=left or {}, refused=refused,
                 answer_lines=wording.answer_lines)  # fmt: skip
    return (page, 422) if refused else page


def _page(name: str, visit: Visit, **values: Any) -> str:
    survey = visit.invitation.survey
    return render_template(
        f"surveys/{name}.html",
        token=visit.token,
        definition=visit.definition,
        title=say(visit.definition.title, g.language),
        intro=say(visit.definition.intro, g.language),
        languages=visit.definition.languages,
        survey=survey,
        event=survey.event,
        submitted=visit.response is not None and visit.response.submitted,
        started=visit.response is not None,
        **values,
    )


def _to(address: str) -> Response:
    return redirect(address, 303)  # type: ignore[return-value]


def _welcome(**values: Any) -> str:
    return url_for("surveys.welcome", token=_token(), **values)


def _section(number: int, anchor: str | None = None) -> str:
    back: dict[str, Any] = {"from": CHECKING} if anchor and _checking() else {}
    return url_for("surveys.section", token=_token(), number=number, _anchor=anchor, **back)


def _check() -> str:
    return url_for("surveys.check", token=_token())


def _token() -> str:
    return str((request.view_args or {})["token"])


@cache
def _language_name(code: str) -> str:
    """A language as it calls itself."""
    name = Locale.parse(code).get_display_name(code)
    return name[:1].upper() + name[1:] if name else code


def init_app(app: Flask) -> None:
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
    app.jinja_env.globals["language_name"] = _language_name
    app.jinja_env.filters["number"] = format_decimal
