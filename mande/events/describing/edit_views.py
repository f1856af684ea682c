"""The pages on which staff make, change and copy events. A form that cannot be saved comes back as it was typed."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from zoneinfo import available_timezones

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import db
from mande.events import countries
from mande.events.describing import described
from mande.events.describing import editing
from mande.events.describing import event_form
from mande.events.describing import outcomes
from mande.events.describing import purposes
from mande.events.describing import storing
from mande.events.describing.checked import Problem
from mande.events.describing.described import EventFileError
from mande.events.describing.event_form import EventForm
from mande.events.kinds import Format
from mande.events.models import Event
from mande.events.wanted import wanted_event
from mande.staff.access import current
from mande.staff.access import needs
from mande.staff.models import StaffRole
from mande.web import settings

blueprint = Blueprint("event_editing", __name__, url_prefix="/staff")

CONTINENTS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)
MEANWHILE = "Somebody changed this event while you were typing. Look at it again, or save to have it as you typed it."
SAVE_AGAIN = "Nothing is saved yet. Save again to have it so, or put the outcome back."


@blueprint.get("/new-event")
@needs(StaffRole.MANAGER)
def new() -> str:
    """The form of a new event: whoever makes it is its manager until somebody else is named."""
    member = current()
    form = event_form.empty(convenor=settings().mail.sender_name, manager_name=member.name, manager_email=member.email)
    return _page(form)


@blueprint.post("/new-event")
@needs(StaffRole.MANAGER)
def make() -> Response | str | tuple[str, int]:
    """Makes the event, or draws the form again."""
    form = event_form.read(request.form)
    if redrawn := event_form.pressed(form, request.form.get("do", "")):
        return _page(redrawn)
    try:
        with db.transaction() as session:
            event = editing.make(session, described.parse(event_form.described(form)))
    except EventFileError as error:
        return _page(event_form.with_problems(form, error.found)), 422
    flash(_("%(code)s is set up. Next: who was there?", code=event.code), "success")
    return redirect(url_for("events.show", code=event.code))


@blueprint.get("/events/<code>/edit")
@needs(StaffRole.MANAGER)
def edit(code: str) -> str:
    """The form of an event as it is."""
    with db.reading() as session:
        event = wanted_event(session, code)
        form, seen = event_form.shown(storing.stored(event)), editing.fingerprint(event)
    return _page(form, event, seen)


@blueprint.post("/events/<code>/edit")
@needs(StaffRole.MANAGER)
def change(code: str) -> Response | str | tuple[str, int]:
    """Saves the event, or draws the form again."""
    form = event_form.read(request.form)
    seen, agreed = request.form.get("seen", ""), request.form.get("agreed", "")
    losses = ""
    if redrawn := event_form.pressed(form, request.form.get("do", "")):
        return _page(redrawn, _known(code), seen)
    try:
        with db.transaction() as session:
            event = wanted_event(session, code)
            now = editing.fingerprint(event)
            if now == seen:
                wanted = described.parse(event_form.described(form))
                losses = " ".join(outcomes.losses(session, event, wanted.outcomes))
                if losses in ("", agreed):
                    event = editing.change(session, event, wanted)
    except EventFileError as error:
        return _page(event_form.with_problems(form, error.found), _known(code), seen), 422
    if now != seen:
        return _page(form, event, now, warning=_(MEANWHILE)), 409
    if losses not in ("", agreed):
        return _page(form, event, now, warning=f"{losses} {_(SAVE_AGAIN)}", agreed=losses), 409
    flash(_("%(code)s is saved.", code=event.code), "success")
    return redirect(url_for("events.show", code=event.code))


@blueprint.get("/events/<code>/copy")
@needs(StaffRole.MANAGER)
def copy_form(code: str) -> str:
    """What a copy needs to know: its code, and the day on which it begins."""
    with db.reading() as session:
        event = wanted_event(session, code)
        suggested = editing.suggested_code(session, event.code)
    return _copy_page(event, suggested, "", {})


@blueprint.post("/events/<code>/copy")
@needs(StaffRole.MANAGER)
def copy(code: str) -> Response | tuple[str, int]:
    """Makes the copy, or asks again."""
    typed, day = request.form.get("code", "").strip(), request.form.get("first_day", "").strip()
    try:
        with db.transaction() as session:
            made = editing.copy(session, wanted_event(session, code), typed, _day(day))
    except EventFileError as error:
        errors = event_form.with_problems(event_form.empty(code=typed, first_day=day), error.found).errors
        return _copy_page(_known(code), typed, day, errors), 422
    flash(_("%(code)s is set up like %(other)s. Look whether its texts and dates fit.", code=made.code, other=code),
          "success")  # fmt: skip
    return redirect(url_for("event_editing.edit", code=made.code))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        problem = Problem("first_day", "", "first_day", f"{text!r} is not a day such as 2021-06-07")
        raise EventFileError([problem]) from None


def _known(code: str) -> Event:
    with db.reading() as session:
        return wanted_event(session, code)


@cache
def _zones() -> list[str]:
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in CONTINENTS)]


def _copy_page(event: Event, code: str, day: str, errors: Mapping[str, str]) -> str:
    return render_template("events/copy.html", event=event, code=code, day=day, errors=errors)


def _page(form: EventForm, event: Event | None = None, seen: str = "", warning: str = "", agreed: str = "") -> str:
    with db.reading() as session:
        return render_template(
            "events/edit.html", form=form, event=event, seen=seen, warning=warning, agreed=agreed, **_offered(session)
        )


def _offered(session: Session) -> dict[str, object]:
    """What the fields offer to choose from."""
    return {
        "formats": {
            Format.IN_PERSON.value: _("In person"),
            Format.VIRTUAL.value: _("Virtual"),
            Format.HYBRID.value: _("Hybrid"),
        },
        "zones": _zones(),
        "country_names": countries.country_names().values(),
        "programmes": editing.programmes(session),
        "partner_names": editing.partners(session),
        "sectors": purposes.sectors().values(),
        "purposes": purposes.purposes().values(),
    }
