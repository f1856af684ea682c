"""Changing several actions at once: choosing what, seeing what it comes to, doing it, undoing it."""

from collections.abc import Callable
from collections.abc import Sequence
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
from werkzeug.wrappers import Response

from mande import db
from mande.events.models import Event
from mande.events.models import IntendedOutcome
from mande.followup.desk import team_actions
from mande.followup.desk.models import BulkChange
from mande.followup.models import Source
from mande.followup.tracking import bulk
from mande.followup.tracking import changing
from mande.followup.tracking import list_page
from mande.followup.tracking.changing import Change
from mande.followup.tracking.changing import ChangeError
from mande.followup.tracking.wanted import Wanted
from mande.followup.tracking.wanted import identity
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.access import safe_next
from mande.staff.models import StaffRole
from mande.web import day

Page = Response | str | tuple[str, int]

SHOWN = 20

blueprint = Blueprint("bulk", __name__, url_prefix="/staff/actions/changes")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> str:
    """The last changes of several actions, each to be undone."""
    with db.reading() as session:
        return render_template("followup/tracking/changes.html", changes=bulk.recent(session), names=_names(session))


@blueprint.post("/choose")
@needs(StaffRole.MANAGER)
def choose() -> Page:
    """What to change of the actions that were ticked in a list."""
    wanted = Wanted.read(request.form)
    ticked = [one for text in request.form.getlist("action") if (one := identity(text))]
    with db.reading() as session:
        ids = bulk.chosen(session, wanted, ticked, bool(request.form.get("everything")))
        if not ids:
            flash(_("Tick the actions that you want to change first."), "warning")
        elif len(ids) > bulk.MOST:
            told = _("At most %(most)d actions can be changed at once. Narrow the list down first.", most=bulk.MOST)
            flash(told, "warning")
        else:
            return _choices(session, ids, _back())
    return redirect(_back(), 303)


@blueprint.post("/preview")
@needs(StaffRole.MANAGER)
def preview() -> Page:
    """What the change would come to. With `again`, back to the choice of it."""
    with db.reading() as session:
        ids = _ids()
        try:
            change = changing.read(request.form)
            plan = bulk.plan(session, ids, change)
        except ChangeError as error:
            return _choices(session, ids, _back(), error), 422
        except LookupError:
            return _choices(session, ids, _back(), ChangeError("member", _("Choose a member of the team."))), 422
        if request.form.get("again"):
            return _choices(session, ids, _back())
        told = _told(session, change)
        return render_template(
            "followup/tracking/bulk_preview.html",
            change=change,
            ids=_joined(ids),
            back=_back(),
            plan=plan,
            steps=[(one.action, told(one.was), told(one.becomes)) for one in plan.steps[:SHOWN]],
            becomes=told(plan.steps[0].becomes) if plan.steps else "",
        )


@blueprint.post("")
@needs(StaffRole.MANAGER)
def do() -> Page:
    """Does the change."""
    try:
        change = changing.read(request.form)
        with db.transaction() as session:
            kept = bulk.do(session, _ids(), change, current().email)
    except (ChangeError, LookupError):
        abort(400, "This change cannot be read. Go back to the list and begin again. Nothing was changed.")
    if kept is None:
        flash(_("Nothing was to be changed any more."), "note")
        return redirect(_back(), 303)
    return redirect(_with(_back(), kept.id), 303)


@blueprint.post("/<uuid:change_id>/undo")
@needs(StaffRole.MANAGER)
def undo(change_id: UUID) -> Response:
    """Puts back what a change did, as far as nobody has changed it again since."""
    with db.transaction() as session:
        kept = session.get(BulkChange, change_id) or abort(404)
        already = kept.undone_at is not None
        back = bulk.undo(session, kept, current().email)
        left = len(kept.before) - back
    if already:
        flash(_("This change had been undone already."), "note")
        return redirect(_back(), 303)
    told = ngettext("%(num)d action is as it was before.", "%(num)d actions are as they were before.", back)
    if left:
        told += " " + ngettext("%(num)d was changed again since, and stays as it is.",
                               "%(num)d were changed again since, and stay as they are.", left)  # fmt: skip
    flash(told, "success" if back else "note")
    return redirect(_back(), 303)


def _choices(session: Session, ids: Sequence[UUID], back: str, error: ChangeError | None = None) -> str:
    actions = bulk.actions(session, ids)
    events = {action.event_id for action in actions}
    event = session.get(Event, next(iter(events))) if len(events) == 1 else None
    return render_template(
        "followup/tracking/bulk.html",
        ids=_joined([action.id for action in actions]),
        number=len(actions),
        own=sum(action.source is not Source.OWNER for action in actions),
        event=event,
        outcomes=event.outcomes if event else [],
        members=team_actions.labelled(team_actions.members(session)),
        typed=request.form,
        error=error,
        back=back,
    )


def _told(session: Session, change: Change) -> Callable[[Any], str]:
    """How the values of the field that is changed are called."""
    names = _names(session)

    def told(value: Any) -> str:
        match change.kind:
            case changing.Kind.THEME:
                found = session.get(IntendedOutcome, value) if value else None
                return found.text if found else str(_("no theme"))
            case changing.Kind.MEMBER:
                return str(names.get(value) or _("nobody"))
            case changing.Kind.WITHDRAW:
                return str(_("withdrawn") if value else _("followed up"))
        return day(value) if value else str(_("no date"))

    return told


def _names(session: Session) -> dict[Any, str]:
    """The names of the team by id and by address."""
    return {**list_page.members(session), **list_page.names_by_address(session)}


def _ids() -> list[UUID]:
    found = [one for text in request.form.get("ids", "").split() if (one := identity(text))]
    return list(dict.fromkeys(found))[: bulk.MOST]


def _joined(ids: Sequence[UUID]) -> str:
    return " ".join(one.hex for one in ids)


def _back() -> str:
    """The list that somebody came from."""
    target = request.form.get("back", "")
    return safe_next(target) if target else url_for("tracker.index")


def _with(address: str, change_id: UUID) -> str:
    return f"{address}{'&' if '?' in address else '?'}changed={change_id.hex}"
