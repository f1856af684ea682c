"""Keeping lists of actions under a name: saving, renaming, sharing, deleting them."""

from uuid import UUID

from flask import Blueprint
from flask import abort
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import db
from mande.events.models import Event
from mande.followup.desk.models import SavedView
from mande.followup.tracking import list_page
from mande.followup.tracking import saved
from mande.followup.tracking.saved import SavedViewError
from mande.followup.tracking.wanted import Wanted
from mande.staff.access import current
from mande.staff.access import may
from mande.staff.access import needs
from mande.staff.models import StaffRole

Page = Response | str | tuple[str, int]

blueprint = Blueprint("saved_views", __name__, url_prefix="/staff/actions/views")


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index() -> Page:
    """One's own views, to be renamed, shared and deleted, and those that others share."""
    with db.reading() as session:
        return _page(session)


@blueprint.post("")
@needs(StaffRole.VIEWER)
def save() -> Page:
    """Saves the list whose filters came with the form."""
    wanted, name = Wanted.read(request.form), request.form.get("name", "")
    try:
        with db.transaction() as session:
            replaced = saved.save(session, current().id, name, wanted.asked(month=""), _shared())
    except SavedViewError as error:
        with db.reading() as session:
            event = session.scalars(select(Event).where(Event.code == wanted.event)).one_or_none()
            return list_page.render(session, wanted, event, str(error), name), 422
    told = _("The view “%(name)s” shows this list now.") if replaced else _("The list is saved as “%(name)s”.")
    flash(told % {"name": " ".join(name.split())}, "success")
    return redirect(list_page.address_of(wanted.asked()), 303)


@blueprint.post("/<uuid:view_id>")
@needs(StaffRole.VIEWER)
def change(view_id: UUID) -> Page:
    """Gives a view another name, shares it or takes it back."""
    name = request.form.get("name", "")
    try:
        with db.transaction() as session:
            view = _own(session, view_id)
            saved.change(session, view, name, _shared() if may(StaffRole.MANAGER) else view.shared)
    except SavedViewError as error:
        with db.reading() as session:
            return _page(session, view_id, str(error), name), 422
    flash(_("The view is changed."), "success")
    return redirect(url_for("saved_views.index"), 303)


@blueprint.post("/<uuid:view_id>/delete")
@needs(StaffRole.VIEWER)
def delete(view_id: UUID) -> Page:
    with db.transaction() as session:
        view = _own(session, view_id)
        session.delete(view)
    flash(_("The view “%(name)s” is deleted. The actions are as they were.", name=view.name), "success")
    return redirect(url_for("saved_views.index"), 303)


def _shared() -> bool:
    return bool(request.form.get("shared")) and may(StaffRole.MANAGER)


def _own(session: Session, view_id: UUID) -> SavedView:
    return saved.own(session, current().id, view_id) or abort(404)


def _page(session: Session, wrong: UUID | None = None, problem: str = "", typed: str = "") -> str:
    views = saved.known(session, current().id)
    gone = saved.gone(session, views)
    return render_template(
        "followup/tracking/views.html",
        own=[one for one in views if one.staff_id == current().id],
        others=[one for one in views if one.staff_id != current().id],
        names=list_page.members(session),
        gone=gone,
        view_address=lambda view: list_page.address_of(view.asked, view.id in gone),
        wrong=wrong,
        problem=problem,
        typed=typed,
    )
