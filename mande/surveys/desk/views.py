"""Answers taken down by the team: the list of whom to ring, the form, and sheets of paper that came back."""

from typing import Any
from uuid import UUID

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import session as cookie
from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from mande import db
from mande import languages
from mande.events import operations as events
from mande.events.models import Event
from mande.events.models import Mode
from mande.events.records import sectors
from mande.staff.access import needs_right
from mande.surveys import operations
from mande.surveys.answering import patterns
from mande.surveys.answering.forms import PREFIX
from mande.surveys.answering.responding import Visit
from mande.surveys.answering.responding import placeholder_values
from mande.surveys.desk import entry
from mande.surveys.desk import taking
from mande.surveys.desk.entry import Entry
from mande.surveys.desk.taking import TakingError
from mande.surveys.models import Channel
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import spoken
from mande.surveys.questionnaires.placeholders import NAME_MARK

Page = Response | str | tuple[str, int]

blueprint = Blueprint("surveys_taking", __name__, url_prefix="/staff/events/<code>/surveys/<role>/<wave>")

NOT_ENOUGH = "This needs the right to take answers down. Whoever runs Mande can give it with `mande staff right`."
CLOSED = "This questionnaire is closed, or there is no such one."
# What the cookie of a member remembers: whose form they opened, and how they hear the answers.
OPENED = "taking_down"


@blueprint.get("/people")
@needs_right
def people(code: str, role: str, wave: str) -> str:
    """Those who have not answered, `?text=` among them, each with the buttons that open their form."""
    text = request.args.get("text", "").strip()[:200]
    with db.reading() as session:
        survey = _survey(session, code, role, wave)
        found = taking.waiting(session, survey, text)
        room = taking.room(session, survey)
        return _page("people", survey, found=found, text=text, room=room, at_most=taking.AT_MOST, channels=Channel)


@blueprint.post("/people/<uuid:invitation>")
@needs_right
def open_form(code: str, role: str, wave: str, invitation: UUID) -> Response:
    """Opens the form of a person who has not begun, and writes down that it was opened."""
    channel = Channel.PAPER if request.form.get("channel") == Channel.PAPER else Channel.TELEPHONE
    try:
        with db.transaction() as session:
            visit = taking.opened(session, _survey(session, code, role, wave), invitation)
            taking.record_opening(session, visit, channel)
    except TakingError as error:
        flash(str(error), "warning")
        return _to("people", code, role, wave)
    cookie[OPENED] = [invitation.hex, channel.value]
    return _to("form", code, role, wave, invitation=invitation)


@blueprint.get("/people/<uuid:invitation>")
@needs_right
def form(code: str, role: str, wave: str, invitation: UUID) -> Page:
    """The form, empty: nothing that anybody has answered is on it."""
    channel = _channel(invitation)
    if channel is None:
        return _to("people", code, role, wave)
    try:
        with db.reading() as session:
            survey = _survey(session, code, role, wave)
            visit = taking.opened(session, survey, invitation)
            language = _language(visit)
            made = _made(visit.definition, survey, language, False)
            return _form(survey, visit.definition, language, made, visit, channel=channel)
    except TakingError as error:
        flash(str(error), "warning")
        return _to("people", code, role, wave)


@blueprint.post("/people/<uuid:invitation>/answers")
@needs_right
def take_down(code: str, role: str, wave: str, invitation: UUID) -> Page:
    """Takes the answers down, if all that was typed can be kept; else shows the form again as it was typed."""
    channel = _channel(invitation)
    if channel is None:
        return _to("people", code, role, wave)
    try:
        with db.transaction() as session:
            survey = _survey(session, code, role, wave)
            visit = taking.opened(session, survey, invitation)
            language = _language(visit)
            made = _made(visit.definition, survey, language, True)
            if made.wrong or "clear" in request.form:
                return _form(survey, visit.definition, language, made, visit, channel=channel), 422
            taking.take_down(session, visit, made.answers, channel)
    except TakingError as error:
        return _refused(str(error))
    except NotFound:
        return _refused(CLOSED)
    cookie.pop(OPENED, None)
    flash(_("The answers are in the ballot box. Nobody can read them before closing; the person can, by their link."),
          "success")  # fmt: skip
    return _to("people", code, role, wave)


@blueprint.get("/sheet")
@needs_right
def sheet(code: str, role: str, wave: str) -> Page:
    """The form for a sheet without a name."""
    with db.reading() as session:
        survey = _survey(session, code, role, wave)
        language = _asked_language(survey)
        definition = _of_everybody(survey, language)
        made = _made(definition, survey, language, False)
        room, known = taking.room(session, survey), sectors.known(session)
        return _form(survey, definition, language, made, room=room, sectors=known)


@blueprint.post("/sheet")
@needs_right
def take_sheet(code: str, role: str, wave: str) -> Page:
    """Takes a sheet without a name down; what cannot be kept is shown again as it was typed."""
    try:
        with db.transaction() as session:
            survey = _survey(session, code, role, wave)
            language = _asked_language(survey)
            definition = _of_everybody(survey, language)
            made = _made(definition, survey, language, True)
            problem = "" if made.wrong or "clear" in request.form else _put_sheet(session, survey, made)
            if made.wrong or "clear" in request.form or problem:
                room, known = taking.room(session, survey), sectors.known(session)
                return _form(survey, definition, language, made, room=room, sectors=known, problem=problem), 422
    except NotFound:
        return _refused(CLOSED)
    flash(_("The sheet is in the ballot box. Please destroy the paper."), "success")
    return _to("people", code, role, wave)


def _put_sheet(session: Session, survey: Survey, made: Entry) -> str:
    """Takes the sheet down; why it cannot be, "" where it was."""
    sent = request.form
    meetings = entry.attended([meeting.code for meeting in survey.event.meetings], sent)
    mode = next((mode for mode in Mode if mode.value == sent.get("mode")), None)
    sector = next((code for code in sectors.known(session) if code == sent.get("sector")), None)
    try:
        taking.take_sheet(session, survey, made.answers, meetings, mode, sector)
    except TakingError as error:
        return str(error)
    return ""


def _refused(why: str) -> tuple[str, int]:
    """What was typed and can no longer be kept: whoever typed it has heard or read it, and may tell the person."""
    typed = [
        (name.removeprefix(PREFIX), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(PREFIX) and value.strip()
    ]
    return render_template("surveys/desk/refused.html", why=why, typed=typed), 409


def _made(definition: Definition, survey: Survey, language: str, posted: bool) -> Entry:
    """The form as it stands: empty, or as it was sent. Messages about what is wrong speak the questions' language."""
    titles = {meeting.code: meeting.title for meeting in survey.event.meetings}
    with force_locale(language.replace("-", "_")):
        return entry.draw(definition, language, titles, request.form if posted else None, request.form.get("clear", ""))


def _form(
    survey: Survey, definition: Definition, language: str, made: Entry, visit: Visit | None = None, **values: Any
) -> str:
    """The page with the form."""
    with force_locale(language.replace("-", "_")):
        asked = render_template("surveys/desk/questions.html", parts=made.parts, language=language,
                                direction=languages.direction(language))  # fmt: skip
        wrong = made.wrong
    name = visit.invitation.attendance.person.name if visit else "…"
    drawn = Markup(asked.replace(NAME_MARK, patterns.written(name)))  # noqa: S704 (a template's own output)
    return _page(
        "form",
        survey,
        definition=definition,
        language=language,
        visit=visit,
        sent=request.form,
        asked=drawn,
        wrong=wrong,
        **values,
    )


def _of_everybody(survey: Survey, language: str) -> Definition:
    """What a sheet can hold, as it is read."""
    return spoken(taking.of_everybody(survey), {language: placeholder_values(survey.event, language)})


def _page(name: str, survey: Survey, **values: Any) -> str:
    return render_template(f"surveys/desk/{name}.html", survey=survey, event=survey.event, **values)


def _survey(session: Session, code: str, role: str, wave: str) -> Survey:
    """The open survey of a page's address; 404 where there is none."""
    event: Event = events.get(session, code) or abort(404)
    for survey in operations.surveys_of(session, event, Survey.state == SurveyState.OPEN):
        if (survey.role.value, survey.wave.value) == (role, wave):
            return survey
    return abort(404)


def _channel(invitation: UUID) -> Channel | None:
    """How the answers come of the person whose form this member has opened; None if it is not this one's."""
    opened, channel = cookie.get(OPENED, ("", ""))
    return Channel(channel) if opened == invitation.hex else None


def _language(visit: Visit) -> str:
    """The language in which the questions are read out: the one asked for, the person's own, the first."""
    known = visit.definition.languages
    own = languages.suitable([request.args.get("lang"), visit.invitation.attendance.person.language], known)
    return own or known[0]


def _asked_language(survey: Survey) -> str:
    known = taking.of_everybody(survey).languages
    return languages.suitable([request.args.get("lang")], known) or known[0]


def _to(name: str, code: str, role: str, wave: str, **values: Any) -> Response:
    return redirect(url_for(f"surveys_taking.{name}", code=code, role=role, wave=wave, **values), 303)
