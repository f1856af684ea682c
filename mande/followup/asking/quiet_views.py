"""The page about the quiet periods of the house, in which nobody is asked about any event."""

from uuid import UUID

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
from mande.followup.asking import quiet
from mande.followup.asking import renewing
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("quiet_periods", __name__, url_prefix="/staff/quiet-periods")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> str:
    """All quiet periods of the house."""
    with db.reading() as session:
        return _page(session, quiet.Typed())


@blueprint.post("")
@needs(StaffRole.MANAGER)
def add() -> Response | tuple[str, int]:
    """Adds one, or draws the form again."""
    with db.transaction() as session:
        if refused := quiet.add(session, None, quiet.Typed.read(request.form)):
            return _page(session, refused), 422
    flash(_("Nobody is asked in those days. Schedules follow within some minutes."), "success")
    return redirect(url_for("quiet_periods.index"), 303)


@blueprint.post("/<uuid:period_id>/remove")
@needs(StaffRole.MANAGER)
def remove(period_id: UUID) -> Response:
    """Takes one away."""
    with db.transaction() as session:
        if not quiet.remove(session, None, period_id):
            abort(404)
    flash(_("The quiet period is removed. Schedules follow within some minutes."), "success")
    return redirect(url_for("quiet_periods.index"), 303)


def _page(session: Session, typed: quiet.Typed) -> str:
    periods, waiting = quiet.of(session, None), renewing.waiting(session)
    return render_template("followup/tracking/quiet_periods.html", periods=periods, typed=typed, waiting=waiting)
