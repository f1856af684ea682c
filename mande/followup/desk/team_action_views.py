"""The pages on which staff write down, change and withdraw the team's own actions, and paste recommendations."""

from typing import Any
from uuid import UUID

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.followup.desk import action_page
from mande.followup.desk import team_actions
from mande.followup.desk.action_views import Page
from mande.followup.desk.action_views import to_action
from mande.followup.desk.desk_forms import Typed
from mande.followup.desk.team_forms import PastedForm
from mande.followup.desk.team_forms import TeamActionForm
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.staff import audit
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("team_actions", __name__, url_prefix="/staff/events/<code>/actions")


@blueprint.route("/new", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def new(code: str) -> Page:
    """The form of an action of the team, and its saving."""
    if request.method == "GET":
        with db.reading() as session:
            event = wanted_event(session, code)
            return _page("team_action", event, form=_form(session, event))
    with db.transaction() as session:
        event = wanted_event(session, code)
        form = _form(session, event, request.form)
        if not form.validate():
            return _page("team_action", event, form=form), 422
        action = team_actions.add(session, event, form.planned(), current().email)
        audit.record(session, "team action added", event.code, {"action": str(action.id)})
    flash(_("It is written down."), "success")
    return to_action(code, action.id)


@blueprint.route("/paste", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def paste(code: str) -> Page:
    """Takes a whole list: first shows what would become of its lines, and saves them when that is right."""
    if request.method == "GET":
        with db.reading() as session:
            event = wanted_event(session, code)
            return _page("paste", event, form=_pasted(session, event))
    with db.transaction() as session:
        event = wanted_event(session, code)
        form, known = _pasted(session, event, request.form), team_actions.known_words(session, event)
        valid, do = form.validate(), request.form.get("do")
        if do == "look" and valid:
            form.look(known)
        elif do != "look":
            form.read(request.form, known)
        if do == "back":
            form.pasted.data = form.as_list()
            form.lines.clear()
        if do != "save" or not valid or form.wrong or not form.lines:
            return _page("paste", event, form=form), 422 if not valid or (do == "save" and form.wrong) else 200
        for line in form.taken:
            team_actions.add(session, event, form.planned(line.text), current().email)
        audit.record(session, "recommendations added", event.code, {"actions": len(form.taken)})
    told = ngettext("%(num)d action is written down.", "%(num)d actions are written down.", len(form.taken))
    flash(told, "success")
    return redirect(url_for("actions.index", code=code), 303)


@blueprint.route("/<uuid:action_id>/edit", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def edit(code: str, action_id: UUID) -> Page:
    if request.method == "GET":
        with db.reading() as session:
            event = wanted_event(session, code)
            action = _own(action_page.open_action(session, event, action_id))
            return _page("team_action", event, form=_form(session, event, action=action), action=action)
    with db.transaction() as session:
        event = wanted_event(session, code)
        action = _own(action_page.open_action(session, event, action_id))
        form = _form(session, event, request.form, action)
        if not form.validate():
            return _page("team_action", event, form=form, action=action), 422
        if team_actions.change(session, action, form.planned(), current().email):
            audit.record(session, "team action changed", event.code, {"action": str(action.id)})
    flash(_("Your changes are saved."), "success")
    return to_action(code, action_id)


@blueprint.route("/<uuid:action_id>/withdraw", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def withdraw(code: str, action_id: UUID) -> Page:
    """Asks first. What is withdrawn can be put back from its page."""
    if request.method == "GET":
        with db.reading() as session:
            event = wanted_event(session, code)
            return _page("team_withdraw", event, action=_own(action_page.open_action(session, event, action_id)))
    with db.transaction() as session:
        event = wanted_event(session, code)
        team_actions.withdraw(session, _own(action_page.open_action(session, event, action_id)), current().email)
        audit.record(session, "team action withdrawn", event.code, {"action": str(action_id)})
    flash(_("It is withdrawn, and counts nowhere any more."), "success")
    return to_action(code, action_id)


@blueprint.post("/<uuid:action_id>/put-back")
@needs(StaffRole.MANAGER)
def put_back(code: str, action_id: UUID) -> Page:
    with db.transaction() as session:
        event = wanted_event(session, code)
        action = _own(action_page.wanted_action(session, event, action_id))
        if action.withdrawn:
            team_actions.put_back(session, action, current().email)
            audit.record(session, "team action put back", event.code, {"action": str(action_id)})
    flash(_("It is among the event's actions again."), "success")
    return to_action(code, action_id)


def _own(action: PlannedAction) -> PlannedAction:
    """An action of the team; 403 for one of somebody who attended, which only they may change."""
    if action.source is Source.OWNER:
        abort(403, "Only its owner can change this action. You can record what they told you.")
    return action


def _form(
    session: Session, event: Event, typed: Typed | None = None, action: PlannedAction | None = None
) -> TeamActionForm:
    members = team_actions.members(session, action.staff_id if action else None)
    return TeamActionForm(event, clock.today(event.time_zone), members, typed, action)


def _pasted(session: Session, event: Event, typed: Typed | None = None) -> PastedForm:
    return PastedForm(event, clock.today(event.time_zone), team_actions.members(session), typed)


def _page(name: str, event: Event, **values: Any) -> str:
    return render_template(f"followup/tracking/{name}.html", event=event, action=values.pop("action", None), **values)
