"""The pages of outcomes: the list over all events, each outcome, and the form in which it is written down."""

from collections.abc import Collection
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask import Response
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from mande import db
from mande.events.browsing import event_list
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.exports import xlsx_response
from mande.followup import wording
from mande.followup.desk.models import Outcome
from mande.followup.harvest import outcome_list
from mande.followup.harvest import outcomes
from mande.followup.harvest.outcome_form import OutcomeForm
from mande.followup.harvest.outcome_list import Wanted
from mande.followup.models import Contribution
from mande.followup.models import PlannedAction
from mande.staff import audit
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole

Page = str | tuple[str, int] | AnyResponse

blueprint = Blueprint("outcomes", __name__, url_prefix="/staff/outcomes")
of_event = Blueprint("event_outcomes", __name__, url_prefix="/staff/events/<code>/outcomes")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> str:
    wanted = Wanted.read(request.args)
    with db.reading() as session:
        total = outcome_list.count(session, wanted)
        return render_template(
            "followup/harvest/index.html",
            wanted=wanted,
            total=total,
            pages=-(-total // outcome_list.PAGE_LENGTH),
            outcomes=outcome_list.page(session, wanted),
            any=total or outcome_list.count(session, Wanted()),
            choices=event_list.choices(session),
            contributions=[(one.value, wording.contribution(one)) for one in Contribution],
            here=lambda **changes: _address(wanted.asked(**{name: str(one) for name, one in changes.items()})),
            wording=wording,
        )


@blueprint.post("/export")
@needs(StaffRole.VIEWER)
def export() -> Response:
    """The list as a file, without discreet events, and without who could confirm what: they may be people at risk."""
    wanted = Wanted.read(request.form)
    with db.transaction() as session:
        rows = outcome_list.rows(outcome_list.to_export(session, wanted))
        audit.record(session, "outcomes exported", "outcomes", {"outcomes": len(rows)})
    if request.form.get("format") != "xlsx":
        return csv_response("outcomes.csv", outcome_list.HEADER, rows)
    cells = [list(outcome_list.HEADER), *([str(one) for one in row] for row in rows)]
    return xlsx_response("outcomes.xlsx", {"outcomes": cells})


@blueprint.get("/<uuid:outcome_id>")
@needs(StaffRole.VIEWER)
def show(outcome_id: UUID) -> str:
    with db.reading() as session:
        outcome = _wanted(session, outcome_id)
        actions = outcomes.chosen(session, [action.id for action in outcome.actions])
        return render_template("followup/harvest/show.html", outcome=outcome, actions=actions, wording=wording)


@of_event.route("/new", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def new(code: str) -> Page:
    """The form of a new outcome, and its saving. `action` in the address is one that led there."""
    if request.method == "GET":
        with db.reading() as session:
            event = wanted_event(session, code)
            return _form(session, event, OutcomeForm(event), _ids(request.args.getlist("action")))
    with db.transaction() as session:
        event = wanted_event(session, code)
        form = OutcomeForm(event, request.form)
        if "find" in request.form or not form.validate():
            return _typed(session, event, form)
        outcome = outcomes.add(session, event, form.told(), _chosen(session), current().email)
    flash(_("The outcome is written down."), "success")
    return redirect(url_for("outcomes.show", outcome_id=outcome.id), 303)


@blueprint.route("/<uuid:outcome_id>/edit", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def edit(outcome_id: UUID) -> Page:
    if request.method == "GET":
        with db.reading() as session:
            outcome = _wanted(session, outcome_id)
            ids = {action.id for action in outcome.actions}
            return _form(session, outcome.event, OutcomeForm(outcome.event, outcome=outcome), ids, outcome)
    with db.transaction() as session:
        outcome = _wanted(session, outcome_id)
        form = OutcomeForm(outcome.event, request.form, outcome)
        if "find" in request.form or not form.validate():
            return _typed(session, outcome.event, form, outcome)
        outcomes.change(session, outcome, form.told(), _chosen(session), current().email)
    flash(_("Your changes are saved."), "success")
    return redirect(url_for("outcomes.show", outcome_id=outcome_id), 303)


@blueprint.route("/<uuid:outcome_id>/delete", methods=["GET", "POST"])
@needs(StaffRole.MANAGER)
def delete(outcome_id: UUID) -> Page:
    """Asks first."""
    if request.method == "GET":
        with db.reading() as session:
            return render_template("followup/harvest/delete.html", outcome=_wanted(session, outcome_id))
    with db.transaction() as session:
        outcomes.delete(session, _wanted(session, outcome_id), current().email)
    flash(_("The outcome is deleted."), "success")
    return redirect(url_for("outcomes.index"), 303)


def _address(values: Mapping[str, Any]) -> str:
    return url_for("outcomes.index", **values)


def _wanted(session: Session, outcome_id: UUID) -> Outcome:
    return outcomes.find(session, outcome_id) or abort(404)


def _typed(session: Session, event: Event, form: OutcomeForm, outcome: Outcome | None = None) -> Page:
    """The form as it was typed: because something is wrong with it, or to show the actions that were looked for."""
    page = _form(session, event, form, _ids(request.form.getlist("action")), outcome)
    return page if "find" in request.form else (page, 422)


def _form(
    session: Session, event: Event, form: OutcomeForm, ids: Collection[UUID], outcome: Outcome | None = None
) -> str:
    text = request.form.get("text", "").strip()[:200]
    others = [one for one in outcomes.to_choose(session, event, text) if one.id not in ids]
    return render_template(
        "followup/harvest/edit.html",
        event=event,
        outcome=outcome,
        form=form,
        ticked=outcomes.chosen(session, ids),
        others=others,
        text=text,
        most=outcomes.MOST_FOUND,
        wording=wording,
    )


def _chosen(session: Session) -> list[PlannedAction]:
    return outcomes.chosen(session, _ids(request.form.getlist("action")))


def _ids(given: Collection[str]) -> set[UUID]:
    found: set[UUID] = set()
    for one in given:
        try:
            found.add(UUID(one))
        except ValueError:
            abort(400)
    return found
