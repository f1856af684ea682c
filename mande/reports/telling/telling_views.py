"""Staff page: telling those whom a published edition is for, after a look at the message."""

from uuid import UUID

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import db
from mande.events.wanted import wanted_event
from mande.reports.editions import publishing
from mande.reports.editions import words
from mande.reports.models import Edition
from mande.reports.telling import telling
from mande.reports.telling.telling import CannotTellError
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("telling", __name__, url_prefix="/staff/events/<code>/editions/<uuid:edition_id>/tell")


@blueprint.get("")
@needs(StaffRole.MANAGER)
def ask(code: str, edition_id: UUID) -> str:
    """Who would be told, and how."""
    with db.reading() as session:
        edition = _wanted(session, code, edition_id)
        try:
            audience, problem = telling.audience(session, edition), ""
        except CannotTellError as error:
            audience, problem = None, str(error)
        return render_template(
            "reports/telling/ask.html",
            event=edition.event,
            edition=edition,
            audience=audience,
            problem=problem,
            words=words,
        )


@blueprint.post("")
@needs(StaffRole.MANAGER)
def tell(code: str, edition_id: UUID) -> Response:
    try:
        with db.transaction() as session:
            queued = telling.tell(session, _wanted(session, code, edition_id))
    except CannotTellError as error:
        flash(str(error), "warning")
    else:
        told = ngettext("%(num)d message is on its way.", "%(num)d messages are on their way.", queued)
        flash(told, "success" if queued else "note")
    return redirect(url_for("editions.index", code=code), 303)


def _wanted(session: Session, code: str, edition_id: UUID) -> Edition:
    event = wanted_event(session, code)
    edition = publishing.stored(session, edition_id)
    if edition is None or edition.event_id != event.id:
        abort(404)
    return edition
