"""The page on which staff see and change when owners of planned actions are asked, and how often."""

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
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
from mande.events.describing.described import EventFileError
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.followup import wording
from mande.followup.asking import cadence
from mande.followup.asking import changing
from mande.followup.asking import check_in_words as words
from mande.followup.asking import overview
from mande.followup.asking import quiet
from mande.followup.asking import renewing
from mande.followup.asking.changing import Done
from mande.followup.asking.overview import Wanted
from mande.followup.asking.quiet import Typed
from mande.followup.models import CheckInState
from mande.staff import audit
from mande.staff.access import needs
from mande.staff.models import StaffRole

MOST_TOLD = 8
MOST_TICKED = 2000
NOT_EXPORTED = (
    "This event is discreet: who was there is named in no list that leaves the house, so the list cannot be downloaded."
)
CHANGES = {"give_back": changing.give_back, "skip": changing.skip, "take_back": changing.take_back}

Page = AnyResponse | str | tuple[str, int]

blueprint = Blueprint("check_ins", __name__, url_prefix="/staff/events/<code>/check-ins")


@dataclass(frozen=True)
class Given:
    """What was typed and could not be done: it comes back as it was, with what is wrong."""

    ticked: Collection[str] = ()
    moved: str = ""
    problem: str = ""
    quiet: Typed = field(default_factory=Typed)
    cadence: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("")
@needs(StaffRole.VIEWER)
def index(code: str) -> str:
    """All check-ins, filtered and sorted as the address says."""
    with db.reading() as session:
        return _page(session, wanted_event(session, code), Wanted.read(request.args), Given())


@blueprint.post("/export")
@needs(StaffRole.VIEWER)
def export(code: str) -> Response:
    """The same list as a file, without discreet people. It names people, so that who took it is written down."""
    wanted = Wanted.read(request.form)
    with db.transaction() as session:
        event = wanted_event(session, code)
        if event.discreet:
            abort(403, NOT_EXPORTED)
        lines = overview.selected(overview.lines(session, event), wanted)
        shown = [line for line in lines if not overview.is_hidden(event, line)]
        audit.record(session, "check-ins exported", event.code, {"check-ins": len(shown), "state": wanted.state})
        return csv_response(f"{event.code}-check-ins.csv", words.HEADER, words.rows(shown, event.checkin_days_before))


@blueprint.post("/change")
@needs(StaffRole.MANAGER)
def change(code: str) -> Page:
    """Does with those ticked what `do` says: put_off (to `moved`), give_back, skip, take_back, ask_now."""
    do, ticked, moved = request.form.get("do", ""), request.form.getlist("check_in"), request.form.get("moved", "")
    wanted, wall = Wanted.read(request.form), _wall(moved)
    if do not in (*CHANGES, "put_off", "ask_now"):
        abort(400)
    with db.transaction() as session:
        event = wanted_event(session, code)
        problem = _problem(do, ticked, wall)
        if problem:
            return _page(session, event, wanted, Given(ticked, moved, problem)), 422
        result = _changed(session, event, do, _ids(ticked), wall)
    _tell(do, result)
    return redirect(_to(code, wanted), 303)


@blueprint.post("/cadence")
@needs(StaffRole.MANAGER)
def set_cadence(code: str) -> Page:
    """Sets after which months, how many days before their own dates, and between which hours people are asked."""
    typed = cadence.read(request.form)
    try:
        with db.transaction() as session:
            cadence.save(session, wanted_event(session, code), typed)
    except EventFileError as error:
        with db.reading() as session:
            given = Given(cadence=typed, errors=cadence.errors(typed, error))
            return _page(session, wanted_event(session, code), Wanted(), given), 422
    flash(_("Saved. What is still to come follows it."), "success")
    return redirect(url_for("check_ins.index", code=code), 303)


@blueprint.post("/quiet")
@needs(StaffRole.MANAGER)
def add_quiet(code: str) -> Page:
    """Adds a quiet period of the event."""
    with db.transaction() as session:
        event = wanted_event(session, code)
        if refused := quiet.add(session, event, Typed.read(request.form)):
            return _page(session, event, Wanted(), Given(quiet=refused)), 422
    flash(_("Nobody is asked about this event in those days."), "success")
    return redirect(url_for("check_ins.index", code=code) + "#quiet", 303)


@blueprint.post("/quiet/<uuid:period_id>/remove")
@needs(StaffRole.MANAGER)
def remove_quiet(code: str, period_id: UUID) -> AnyResponse:
    """Takes a quiet period of the event away."""
    with db.transaction() as session:
        if not quiet.remove(session, wanted_event(session, code), period_id):
            abort(404)
    flash(_("The quiet period is removed."), "success")
    return redirect(url_for("check_ins.index", code=code) + "#quiet", 303)


def _page(session: Session, event: Event, wanted: Wanted, given: Given) -> str:
    everything = overview.lines(session, event)
    shown = overview.selected(everything, wanted)
    states = {line.state for line in everything}
    return render_template(
        "followup/tracking/check_ins.html",
        event=event,
        wanted=wanted,
        given=given,
        lines=shown,
        total=len(everything),
        left_out=sum(overview.is_hidden(event, line) for line in shown),
        states=[(one.value, wording.check_in(one)) for one in CheckInState if one in states],
        cadence=given.cadence or cadence.said(event),
        periods=quiet.of(session, event),
        house=quiet.of(session, None),
        waiting=renewing.waiting(session),
        words=words,
        wording=wording,
    )


def _problem(do: str, ticked: Collection[str], wall: datetime | None) -> str:
    problem = ""
    if not ticked:
        problem = _("Tick at least one check-in.")
    elif len(ticked) > MOST_TICKED:
        problem = _("Tick at most %(most)s check-ins.", most=MOST_TICKED)
    elif do == "put_off" and wall is None:
        problem = _("Enter the day and the hour to which they are put off.")
    return problem


def _changed(session: Session, event: Event, do: str, chosen: list[UUID], wall: datetime | None) -> Done:
    if do == "put_off" and wall is not None:
        return changing.put_off(session, event, chosen, wall)
    if do == "ask_now":
        return changing.ask_now(session, event, chosen, in_quiet="in_quiet" in request.form)
    return CHANGES[do](session, event, chosen)


def _tell(do: str, result: Done) -> None:
    if result.number:
        flash(words.done(do, result), "success")
    told = [words.refused(one) for one in result.refused[:MOST_TOLD]]
    if len(result.refused) > MOST_TOLD:
        told.append(_("And %(more)s more.", more=len(result.refused) - MOST_TOLD))
    if told:
        flash(" ".join([_("Left as they were:"), *told]), "warning")
    if not result.number and not told:
        flash(_("Nothing was changed: the schedule has changed since this page was opened. Look again."), "note")


def _ids(ticked: Collection[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in ticked]
    except ValueError:
        abort(400)


def _wall(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        return None


def _to(code: str, wanted: Wanted) -> str:
    values: dict[str, Any] = {"code": code, **wanted.asked()}
    return url_for("check_ins.index", **values)
