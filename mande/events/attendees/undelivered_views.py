"""The pages about what could not be delivered to people of an event."""

from typing import Any

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

from mande import db
from mande.events.attendees import undelivered
from mande.events.models import Event
from mande.events.records.person_addresses import AddressError
from mande.events.wanted import wanted_event
from mande.events.words import key
from mande.mail import panel
from mande.mail.reasons import Reason
from mande.mail.undelivered import unreached
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("undelivered", __name__, url_prefix="/staff/events/<code>/undelivered")


@blueprint.get("/")
@needs(StaffRole.VIEWER)
def index(code: str) -> str:
    """Everybody of the event whom something could not be delivered to, and why."""
    with db.reading() as session:
        return _page(session, wanted_event(session, code))


@blueprint.post("/correct")
@needs(StaffRole.MANAGER)
def correct(code: str) -> Response | tuple[str, int]:
    """Changes a person's address and sends them again what did not arrive."""
    wrong, typed = request.form.get("address", ""), request.form.get("right", "")
    try:
        with db.transaction() as session:
            sent = undelivered.correct(session, wanted_event(session, code), wrong, typed)
    except AddressError as error:
        refused = {"address": wrong, "typed": typed[:254], "problem": str(error)}
        with db.reading() as session:
            return _page(session, wanted_event(session, code), refused), 422
    return _done(code, sent)


@blueprint.post("/again")
@needs(StaffRole.MANAGER)
def again(code: str) -> Response:
    """Sends somebody again what did not arrive."""
    with db.transaction() as session:
        sent = undelivered.send_again(session, wanted_event(session, code), request.form.get("address", ""))
    return _done(code, sent)


def _done(code: str, sent: int) -> Response:
    if sent:
        flash(ngettext("%(num)d message will go again.", "%(num)d messages will go again.", sent), "success")
    else:
        flash(_("There was nothing left to send: the questionnaire has closed, or they want no more messages."), "note")
    return redirect(url_for("events.show", code=code) + "#messages")


def _page(session: Session, event: Event, refused: dict[str, Any] | None = None) -> str:
    everything = unreached(session, event.id)
    text, chosen = request.args.get("text", "").strip()[:200], request.args.get("reason", "")
    found = {line.reason for line in everything if line.reason}
    lines = [
        line
        for line in everything
        if key(text) in key(f"{line.name} {line.address} {line.words}") and chosen in ("", line.reason)
    ]
    return render_template(
        "mail/undelivered.html",
        event=event,
        lines=lines,
        total=len(everything),
        text=text,
        chosen=chosen,
        reasons_found=[reason for reason in Reason if reason in found],
        reasons=panel.REASONS,
        stopped=panel.STOPPED,
        refused=refused or {},
    )
