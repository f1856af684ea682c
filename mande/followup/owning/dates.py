"""Dates from an owner's overview: another one for an action, a pause of all questions, files for a calendar."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import Response
from flask import request
from flask import url_for
from flask_babel import gettext as _

from mande import clock
from mande import db
from mande.followup import operations
from mande.followup.links import Visit
from mande.followup.models import ENDED
from mande.followup.models import PlannedAction
from mande.followup.owning import calendar
from mande.followup.owning import pages
from mande.followup.owning.calendar import Entry
from mande.followup.owning.forms import DateForm
from mande.followup.owning.forms import PauseForm
from mande.followup.owning.forms import still_paused
from mande.followup.owning.pages import Page
from mande.followup.owning.pages import blueprint


@blueprint.route("/a/<token>/actions/<uuid:action_id>/date", methods=["GET", "POST"])
def change_date(token: str, action_id: UUID) -> Page:
    """One press of a button gives an action another date."""
    if request.method == "GET":
        with db.reading() as session:
            visit = pages.visited(session, token)
            action = pages.mine(session, visit, action_id)
            return pages.page("date", visit, form=DateForm(pages.today(visit), by_when=action.by_when), action=action)
    with db.transaction() as session:
        visit = pages.visited(session, token)
        action = pages.mine(session, visit, action_id)
        form = DateForm(pages.today(visit), request.form)
        if not form.validate():
            return pages.page("date", visit, form=form, action=action), 422
        operations.change_date(session, action, visit.link, form.meant())
    return pages.to(url_for("followup.show", token=visit.token, said="moved"))


@blueprint.route("/a/<token>/pause", methods=["GET", "POST"])
def pause(token: str) -> Page:
    """Asks nothing before a day that the owner chooses."""
    if request.method == "GET":
        with db.reading() as session:
            visit = pages.visited(session, token)
            today = pages.today(visit)
            paused = still_paused(visit.link.snoozed_until, today)
            return pages.page("pause", visit, form=PauseForm(today), paused=paused)
    with db.transaction() as session:
        visit = pages.visited(session, token)
        today = pages.today(visit)
        form = PauseForm(today, request.form)
        if not form.validate():
            return pages.page("pause", visit, form=form, paused=still_paused(visit.link.snoozed_until, today)), 422
        operations.snooze(session, visit.link, form.meant())
    return pages.to(url_for("followup.show", token=visit.token, said="paused"))


@blueprint.post("/a/<token>/pause/end")
def end_pause(token: str) -> Page:
    with db.transaction() as session:
        visit = pages.visited(session, token)
        operations.snooze(session, visit.link, None)
    return pages.to(url_for("followup.show", token=visit.token, said="unpaused"))


@blueprint.get("/a/<token>/actions.ics")
def calendar_of_all(token: str) -> Page:
    """The dates of all open actions that have one."""
    with db.reading() as session:
        visit = pages.visited(session, token)
        return _file(visit, operations.actions_of(session, visit.link.id))


@blueprint.get("/a/<token>/actions/<uuid:action_id>.ics")
def calendar_of_one(token: str, action_id: UUID) -> Page:
    """The date of one action."""
    with db.reading() as session:
        visit = pages.visited(session, token)
        return _file(visit, [pages.mine(session, visit, action_id)])


def _file(visit: Visit, actions: Sequence[PlannedAction]) -> Page:
    entries = [
        _entry(visit, action, action.by_when) for action in actions if action.by_when and action.status not in ENDED
    ]
    if not entries:
        return pages.to(url_for("followup.show", token=visit.token))
    response = Response(calendar.calendar(entries, clock.now()), mimetype=calendar.MIMETYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="dates.ics"'
    return response


def _entry(visit: Visit, action: PlannedAction, day: date) -> Entry:
    if visit.title is None:  # a calendar lies open on many a desk and many a telephone
        return Entry(action.id, day, _("A date that you set yourself"))
    said = _("What you planned after “%(title)s”. By the link in our e-mail you can say how far it has come.",
             title=visit.title)  # fmt: skip
    return Entry(action.id, day, action.what, said)
