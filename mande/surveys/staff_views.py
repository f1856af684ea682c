"""Opening, reminding and closing, by staff. GET shows what would happen; POST does it."""

from datetime import date

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import clock
from mande import db
from mande.events.models import Role
from mande.events.wanted import wanted_event
from mande.keyring import KeyringError
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.surveys import catalogue
from mande.surveys import operations
from mande.surveys import panel
from mande.surveys.mailings import inviting
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave
from mande.surveys.operations import OpeningError
from mande.surveys.questionnaires.definition import DefinitionError
from mande.surveys.results.closing import ClosingError

blueprint = Blueprint("surveys_desk", __name__, url_prefix="/staff/events/<code>/surveys")


@blueprint.post("/open")
@needs(StaffRole.MANAGER)
def open_surveys(code: str) -> Response:
    """Asks everybody who has not been asked. `closes` is the last day; `early` allows it before the event is over, and
    "room" holds the e-mails back until it is: people answer by cards meanwhile. `questionnaire-participant` and so on
    name what people in a role are asked with, `wave` whether it is the follow-up.
    """
    wave = Wave.FOLLOWUP if request.form.get("wave") == Wave.FOLLOWUP else Wave.EVENT
    try:
        with db.transaction() as session:
            event = wanted_event(session, code)
            held = inviting.usual_moment(event, wave) if request.form.get("early") == "room" else None
            opened = operations.open_surveys(
                session,
                event,
                closes_at=operations.end_of_day(_day(request.form.get("closes")), event),
                even_before_the_end=bool(request.form.get("early")),
                questionnaires=_chosen(session),
                wave=wave,
                moment=(lambda _person: held) if held and held > clock.now() else None,
            )
    except (OpeningError, DefinitionError) as error:
        flash(str(error), "warning")
    else:
        number = sum(opened.invited.values())
        invited = ngettext("%(num)s person is invited.", "%(num)s people are invited.", number)
        flash(invited if number else _("Everybody had been invited already."), "success")
    return _back(code)


@blueprint.post("/remind")
@needs(StaffRole.MANAGER)
def remind(code: str) -> Response:
    """Reminds those who have not answered, and have heard nothing for a day."""
    with db.transaction() as session:
        number = operations.remind(session, wanted_event(session, code))
    told = ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", number)
    flash(told if number else _("There is nobody to remind: all have answered, or were written to within a day."),
          "success" if number else "note")  # fmt: skip
    return _back(code)


@blueprint.get("/close")
@needs(StaffRole.MANAGER)
def confirm_close(code: str) -> str:
    """What closing means, and the button."""
    with db.reading() as session:
        event = wanted_event(session, code)
        lines = [line for seen in panel.waves(session, event) for line in seen.lines if line.state == SurveyState.OPEN]
        return render_template("surveys/confirm_close.html", lines=lines, event=event)


@blueprint.post("/close")
@needs(StaffRole.MANAGER)
def close(code: str) -> Response:
    """Closes all open surveys of the event, for good."""
    try:
        with db.transaction() as session:
            closed = operations.close_surveys(session, wanted_event(session, code))
    except (ClosingError, KeyringError) as error:
        flash(str(error), "warning")
        return _back(code)
    answered, invited = sum(one.answered for one in closed), sum(one.invited for one in closed)
    if closed:
        told = _("Closed and counted: %(answered)s of %(invited)s have answered. The keys and boxes are destroyed.",
                 answered=answered, invited=invited)  # fmt: skip
        flash(told, "success")
    else:
        flash(_("No survey of this event is open."), "note")
    return _back(code)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise OpeningError(f"{text!r} is not a date. Write it as 2021-06-30.") from None


def _chosen(session: Session) -> dict[Role, str]:
    """The questionnaires that were chosen, by role: codes that there are, and no files."""
    named = {role: code for role in Role if (code := request.form.get(f"questionnaire-{role.value}", ""))}
    unknown = set(named.values()) - set(catalogue.newest(session)) if named else set()
    if unknown:
        raise OpeningError(f"There is no questionnaire {', '.join(sorted(unknown))}.")
    return named


def _back(code: str) -> Response:
    return redirect(url_for("events.show", code=code) + "#surveys", 303)
