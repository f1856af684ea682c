"""The pages about events: their list, an event's page, its attendees."""

from datetime import date
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.dates import format_time
from flask import Blueprint
from flask import abort
from flask import render_template
from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from mande import clock
from mande import db
from mande.events import listings
from mande.events import operations
from mande.events import panels
from mande.events.asking import asking
from mande.events.countries import country_name
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.schedule import State
from mande.events.schedule import state
from mande.exports import csv_response
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("events", __name__, url_prefix="/staff")


@blueprint.get("/")
@needs(StaffRole.VIEWER)
def index() -> Response | str:
    """The list of events; `?format=csv` is the same list as a file."""
    wanted = listings.EventFilter.read(request.args)
    with db.reading() as session:
        lines = listings.events(session, wanted)
        total = operations.count(session)
    if request.args.get("format") == "csv":
        header = ["code", "title", "first day", "last day", "state", "open until", "attendees", "convenor", "partners"]
        return csv_response("events.csv", header, [_event_row(line) for line in lines])
    return render_template("events/index.html", lines=lines, total=total, wanted=wanted, states=list(State))


@blueprint.get("/events/<code>")
@needs(StaffRole.VIEWER)
def show(code: str) -> str:
    """An event's page: facts, attendance, and the panels of the other features."""
    with db.reading() as session:
        event = wanted_event(session, code)
        turnout = operations.turnout(event, operations.attendees(session, event))
        asked = asking(session, [event])[event.id]
        shown = panels.render_all(session, event)
    return render_template(
        "events/show.html",
        event=event,
        turnout=turnout,
        panels=shown,
        state=state(event.meetings, clock.now(), asked),
        asking=asked,
        roles=list(Role),
    )


@blueprint.get("/events/<code>/attendees")
@needs(StaffRole.VIEWER)
def attendees(code: str) -> Response | str:
    """Who was at the event; `?format=csv` is the same list as a file that the import takes back."""
    with db.reading() as session:
        event = wanted_event(session, code)
        everybody = operations.attendees(session, event)
    wanted = listings.AttendeeFilter.read(request.args, event)
    people = listings.select_attendees(everybody, wanted)
    if request.args.get("format") == "csv":
        rows = [listings.attendee_row(one) for one in people]
        return csv_response(f"{event.code}-attendees.csv", listings.ATTENDEE_HEADER, rows)
    return render_template(
        "events/attendees.html",
        event=event,
        people=people,
        total=len(everybody),
        wanted=wanted,
        roles=list(Role),
        sectors=[*Sector, "unknown"],
        held=listings.held,
    )


def wanted_event(session: Session, code: str) -> Event:
    """The event of a page's address; 404 where there is none."""
    event = operations.get(session, code)
    if event is None:
        abort(404)
    return event


def sitting(meeting: Meeting, zone: str) -> str:
    """When a meeting is, as clocks in `zone` show it: Monday 7 June 2021, 13:00 to 15:30 (BST)."""
    starts, ends = (moment.astimezone(ZoneInfo(zone)) for moment in (meeting.starts_at, meeting.ends_at))
    first = f"{format_date(starts, 'EEEE d MMMM y', locale='en_GB')}, {format_time(starts, 'HH:mm', locale='en_GB')}"
    last = format_time(ends, "HH:mm", locale="en_GB")
    if ends.date() != starts.date():
        last = f"{format_date(ends, 'EEEE d MMMM y', locale='en_GB')}, {last}"
    return f"{first} to {last} ({starts.tzname()})"


def period(event: Event) -> str:
    """The days of an event, as its time zone has them: 7 June 2021, 7–9 June 2021, 28 June – 2 July 2021."""
    first, last = _days(event)
    if first is None or last is None:
        return ""
    ending = format_date(last, "d MMMM y", locale="en_GB")
    if first == last:
        return ending
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{ending}"
    return f"{format_date(first, 'd MMMM' if first.year == last.year else 'd MMMM y', locale='en_GB')} – {ending}"


def day_in(moment: datetime, zone: str) -> str:
    """The date that clocks in `zone` show at a moment: 30 June 2021."""
    return format_date(moment.astimezone(ZoneInfo(zone)), "d MMMM y", locale="en_GB")


def _days(event: Event) -> tuple[date, date] | tuple[None, None]:
    if not event.meetings:
        return None, None
    zone = ZoneInfo(event.time_zone)
    return (
        min(meeting.starts_at for meeting in event.meetings).astimezone(zone).date(),
        max(meeting.ends_at for meeting in event.meetings).astimezone(zone).date(),
    )


def _event_row(line: listings.EventLine) -> list[object]:
    event = line.event
    partners = "; ".join(partner.name for partner in event.partners)
    until = line.asking.open_until
    open_until = until.astimezone(ZoneInfo(event.time_zone)).date() if until else None
    return [event.code, event.title, *_days(event), line.state, open_until, line.attendees, event.convenor, partners]


blueprint.add_app_template_filter(country_name)
blueprint.add_app_template_filter(day_in)
blueprint.add_app_template_filter(period)
blueprint.add_app_template_filter(sitting)
