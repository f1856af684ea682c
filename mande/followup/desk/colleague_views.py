"""What the team does about an action's colleagues: asks one in an owner's name, and takes it back."""

from uuid import UUID

from flask import Blueprint
from flask import abort
from flask import flash
from flask import render_template
from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mande import db
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.followup.desk.action_page import open_action
from mande.followup.desk.action_views import Page
from mande.followup.desk.action_views import to_action
from mande.followup.desk.colleague_forms import AskInNameForm
from mande.followup.models import PlannedAction
from mande.followup.requesting import requests
from mande.followup.requesting.requests import RefusedError
from mande.staff import audit
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("colleagues", __name__, url_prefix="/staff/events/<code>/actions/<uuid:action_id>/colleagues")


@blueprint.get("")
@needs(StaffRole.MANAGER)
def form(code: str, action_id: UUID) -> Page:
    with db.reading() as session:
        event, action = _owned(session, code, action_id)
        return _page(event, action, AskInNameForm(action.owners))


@blueprint.post("")
@needs(StaffRole.MANAGER)
def ask(code: str, action_id: UUID) -> Page:
    """Asks the colleague, or shows the form again with all that was typed."""
    with db.transaction() as session:
        event, action = _owned(session, code, action_id)
        typed = AskInNameForm(action.owners, request.form)
        if not typed.validate():
            return _page(event, action, typed), 422
        link = typed.asker()
        requests.lock_asker(session, link.id)
        try:
            asked = requests.ask(session, link, action, typed.question(), current().email)
        except RefusedError as refused:
            typed.refuse(refused.refusal)
            return _page(event, action, typed), 422
        audit.record(session, "colleague asked", event.code, {"action": str(action.id), "kind": asked.kind.value})
    flash(_("The colleague is asked."), "success")
    return to_action(code, action_id, "colleagues")


@blueprint.post("/<uuid:request_id>/withdraw")
@needs(StaffRole.MANAGER)
def withdraw(code: str, action_id: UUID, request_id: UUID) -> Page:
    with db.transaction() as session:
        event, action = _owned(session, code, action_id)
        found = requests.find(action, request_id)
        if found is None:
            abort(404)
        requests.withdraw(session, found, current().email)
        audit.record(session, "question taken back", event.code, {"action": str(action.id), "kind": found.kind.value})
    flash(_("It is taken back, and the colleague's name and address are deleted."), "success")
    return to_action(code, action_id, "colleagues")


def _owned(session: Session, code: str, action_id: UUID) -> tuple[Event, PlannedAction]:
    """The event and one of its actions that somebody owns; 404 for one of the team's own."""
    event = wanted_event(session, code)
    action = open_action(session, event, action_id)
    if not action.owners:
        abort(404)
    return event, action


def _page(event: Event, action: PlannedAction, typed: AskInNameForm) -> str:
    return render_template(
        "followup/tracking/ask_colleague.html",
        event=event,
        action=action,
        form=typed,
        exposing=requests.is_exposing(action),
    )
