"""The preview of a draft or a version: on a telephone and on a desktop side by side, to be clicked through.

Nothing is stored anywhere: the answers are carried from page to page by the form itself.
"""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response
from flask import abort
from flask import g
from flask import make_response
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import refresh
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import db
from mande.events import operations as events
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.models import Event
from mande.surveys.answering import paging
from mande.surveys.answering import patterns
from mande.surveys.answering import wording
from mande.surveys.answering.visits import AskedEvent
from mande.surveys.authoring import held
from mande.surveys.authoring import mending
from mande.surveys.authoring import preview
from mande.surveys.authoring import texts
from mande.surveys.authoring import translating
from mande.surveys.authoring.held import Held
from mande.surveys.authoring.mending import Mended
from mande.surveys.authoring.preview import Look
from mande.surveys.authoring.versions_views import blueprint
from mande.surveys.authoring.versions_views import wanted
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import say
from mande.surveys.questionnaires.placeholders import NAME_MARK
from mande.web import HEADERS

START, REVIEW, END = "start", "review", "end"
CHOSEN = ("version", "event", "role", "meeting", "mode", "lang", "route", "section")

_POLICY = HEADERS["Content-Security-Policy"]


@blueprint.get("/preview", endpoint="preview")
def show_preview(code: str) -> Response:
    """The choice of whom to be, and the two screens."""
    with db.reading() as session:
        found = wanted(session, code)
        chosen, shown, event = _chosen(session, found)
        codes = list(session.scalars(select(Event.code).order_by(Event.code)))
    lacking = [
        line for line in translating.lines(chosen.data) if not set(texts.languages(chosen.data)) <= set(line.said)
    ]
    places = {path for line in lacking for path in line.paths}
    page = make_response(
        render_template(
            "surveys/versions/preview.html",
            code=code,
            versions=found,
            held=chosen,
            lacking=len(lacking),
            problems=[problem for problem in shown.problems if problem.path not in places],
            seen=_seen(shown.definition, event) if shown.definition and event else None,
            event=event,
            events=codes,
            chosen=request.args,
            screen=url_for("surveys_versions.preview_page", code=code, **_asked()),
            say=say,
        )
    )
    # Its frames are pages of this site.
    page.headers["Content-Security-Policy"] = f"{_POLICY}; frame-src 'self'"
    return page


@blueprint.get("/preview/page")
def preview_page(code: str) -> Response:
    """One page as a respondent would see it, with no answers yet."""
    seen, event = _look(code)
    return _screen(code, seen, event, _number(request.args.get("section", "")) or START, {})


@blueprint.post("/preview/page")
def turn_page(code: str) -> Response:
    """The page that follows, with the answers of the pages before it in its form. Nothing is saved."""
    seen, event = _look(code)
    answers, number = seen.read(request.form.get("answers", "")), request.form.get("number", "")
    sheet = seen.sheet(_number(number), answers)
    if sheet is None:
        return _screen(code, seen, event, _following(seen, answers, number), answers)
    cleared = request.form.get("clear", "")
    form = sheet.form({}, sheet.without(cleared, request.form))
    right = form.validate()
    given, spoken = sheet.read(form)
    answers = seen.kept({code: value for code, value in answers.items() if code not in spoken} | given)
    if not right:
        return _screen(code, seen, event, sheet.number, answers, form)
    if cleared or request.form.get("language"):
        return _screen(code, seen, event, sheet.number, answers)
    return _screen(code, seen, event, _following(seen, answers, number), answers)


def _following(seen: Look, answers: Answers, number: str) -> int | str:
    """Where the button that was pressed on the page `number` leads: a page's number, or a name."""
    then, here, shown = request.form.get("then", ""), _number(number), seen.pages(answers)
    if _number(then):
        return _number(then)
    if then == "submit":
        return END
    if request.form.get("language"):
        return number
    if then == "back":
        before = paging.before(shown, here) if here else shown[-1].number if shown else None
        return before or START
    return paging.after(shown, here) or REVIEW


def _number(text: str) -> int:
    """The number of a page; 0, which none has, where it is none."""
    return int(text) if text.isdecimal() and len(text) < 5 else 0


def _screen(code: str, seen: Look, event: AskedEvent, page: int | str, answers: Answers, form: Any = None) -> Response:
    """One page for the frames; where a page is not asked, the first that is."""
    sheet = seen.sheet(page, answers) if isinstance(page, int) else None
    skipped = isinstance(page, int) and sheet is None
    if skipped:
        shown = seen.pages(answers)
        sheet = seen.sheet(shown[0].number, answers) if shown else None
    where = sheet.number if sheet else page if page in (REVIEW, END) else START
    drawn = render_template(
        "surveys/versions/page.html",
        code=code,
        event=event,
        definition=seen.definition,
        title=say(seen.definition.title, seen.language),
        intro=say(seen.definition.intro, seen.language),
        languages=seen.definition.languages,
        where=where,
        sheet=sheet,
        sheets=seen.sheets(answers) if where == REVIEW else (),
        form=(form or sheet.form(answers)) if sheet else None,
        answers=answers,
        carried=json.dumps(answers, ensure_ascii=False),
        asked=_asked(lang=seen.language),
        skipped=skipped,
        route=seen.route,
        answer_lines=wording.answer_lines,
    )
    page_drawn = make_response(drawn.replace(NAME_MARK, patterns.written(preview.NAME)))
    # Only pages of this very site may show it in a frame.
    page_drawn.headers["Content-Security-Policy"] = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    page_drawn.headers["X-Frame-Options"] = "SAMEORIGIN"
    return page_drawn


def _look(code: str) -> tuple[Look, AskedEvent]:
    with db.reading() as session:
        _held, shown, event = _chosen(session, wanted(session, code))
    if shown.definition is None or event is None:
        abort(404)
    seen = _seen(shown.definition, event)
    g.language = seen.language
    refresh()
    return seen, event


def _seen(definition: Definition, event: AskedEvent) -> Look:
    """The questionnaire for the person whom the address describes."""
    role, mode = request.args.get("role"), request.args.get("mode")
    return preview.look(
        definition,
        event,
        [role if role in list(Role) else definition.role],
        _attended(event),
        mode if mode in list(Mode) else None,
        "short" if request.args.get("route") == "short" else "full",
        _language(definition),
    )


def _chosen(session: Session, found: list[Held]) -> tuple[Held, Mended, AskedEvent | None]:
    """What is looked at, what of it can be shown, and the event that it speaks of."""
    chosen = held.choose(found, request.args.get("version")) or abort(404)
    shown = mending.mended(chosen.data)
    named = events.get(session, request.args.get("event", ""))
    if named:
        return chosen, shown, preview.of_event(named)
    return chosen, shown, preview.invented(shown.definition) if shown.definition else None


def _attended(event: AskedEvent) -> list[str]:
    """The meetings that were chosen, all of them before anything is chosen."""
    codes = [meeting.code for meeting in event.meetings]
    return [code for code in codes if code in request.args.getlist("meeting")] if "meeting" in request.args else codes


def _language(definition: Definition) -> str:
    wishes = (request.form.get("language"), request.args.get("lang"))
    return next((wish for wish in wishes if wish in definition.languages), None) or definition.languages[0]


def _asked(**changes: str) -> Mapping[str, Any]:
    """What was chosen, for the address of another page."""
    values: dict[str, Any] = {name: request.args.getlist(name) for name in CHOSEN if name in request.args}
    return values | changes
