"""The page on which the team records what it was told about an action."""

from typing import Any
from uuid import UUID

from flask import Blueprint
from flask import flash
from flask import render_template
from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.followup import operations
from mande.followup import wording
from mande.followup.desk import action_page
from mande.followup.desk import recording
from mande.followup.desk import words
from mande.followup.desk.action_views import Page
from mande.followup.desk.action_views import to_action
from mande.followup.desk.desk_forms import ToldForm
from mande.followup.evidence import parts
from mande.followup.models import ENDED
from mande.followup.models import PlannedAction
from mande.staff import audit
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("recording", __name__, url_prefix="/staff/events/<code>/actions/<uuid:action_id>")


@blueprint.get("/record")
@needs(StaffRole.MANAGER)
def form(code: str, action_id: UUID) -> Page:
    with db.reading() as session:
        event = wanted_event(session, code)
        action = action_page.open_action(session, event, action_id)
        return _page(session, event, action, ToldForm(action, clock.today(event.time_zone)))


@blueprint.post("/record")
@needs(StaffRole.MANAGER)
def record(code: str, action_id: UUID) -> Page:
    """Keeps what was told, or shows the form again with all that was typed."""
    with db.transaction() as session:
        event = wanted_event(session, code)
        action = action_page.open_action(session, event, action_id)
        typed = ToldForm(action, clock.today(event.time_zone), request.form)
        if not typed.validate():
            return _page(session, event, action, typed), 422
        told = typed.told()
        recording.record(session, action, told, current().email)
        detail: dict[str, Any] = {"action": str(action.id), "told": told.channel.value, "status": told.status.value}
        audit.record(session, "report recorded", event.code, detail)
        stands = action.status is told.status
    flash(_("It is recorded."), "success")
    if not stands:
        flash(_("The status stays as it was: something later is known already."), "note")
    return to_action(code, action_id, "reports")


def _page(session: Session, event: Event, action: PlannedAction, typed: ToldForm) -> str:
    others = {
        one.id: one
        for owner in action.owners
        for one in operations.actions_of(session, owner.link_id)
        if one.id != action.id and one.status not in ENDED
    }
    return render_template(
        "followup/tracking/record.html",
        event=event,
        action=action,
        form=typed,
        others=others.values(),
        wording=wording,
        words=words,
        parts=parts,
    )
