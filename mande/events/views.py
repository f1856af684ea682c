"""The pages about events: their list, an event's page, its attendees."""

from collections.abc import Sequence
from datetime import date
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.dates import format_time
from flask import Blueprint
from flask import render_template
from flask import request
from werkzeug.wrappers import Response

from mande import clock
from mande import db
from mande.events import operations
from mande.events import panels
from mande.events.asking import asking
from mande.events.browsing import event_list
from mande.events.browsing.event_list import EventFilter
from mande.events.browsing.event_list import EventLine
from mande.events.countries import country_name
from mande.events.describing import oda
from mande.events.describing import purposes
from mande.events.describing import sought
from mande.events.kinds import Role
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.schedule import State
from mande.events.schedule import state
from mande.events.wanted import wanted_event
from mande.exports import csv_response
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("events", __name__, url_prefix="/staff")


HEADER = (
    "code", "title", "first day", "last day", "state", "open until", "attendees", "convenor", "programme", "partners",
)  # fmt: skip


@blueprint.get("/")
@needs(StaffRole.VIEWER)
def index() -> Response | str:
    """The list of events, page by page; `?format=csv` is all of the same list as a file, without discreet events."""
    wanted = EventFilter.read(request.args)
    with db.reading() as session:
        if request.args.get("format") == "csv":
            return csv_response("events.csv", HEADER, _event_rows(event_list.everything(session, wanted)))
        page = event_list.page(session, wanted)
        total = operations.count(session)
        choices = event_list.choices(session)
    return render_template(
        "events/index.html", page=page, total=total, wanted=wanted, choices=choices, states=list(State)
    )


@blueprint.get("/events/<code>")
@needs(StaffRole.VIEWER)
def show(code: str) -> str:
    """An event's page: facts, attendance, who was sought, and the panels of the other features."""
    with db.reading() as session:
        event = wanted_event(session, code)
        people = operations.attendees(session, event)
        asked = asking(session, [event])[event.id]
        shown = panels.render_all(session, event)
        reached = sought.reached(event.groups, people)
    days = _days(event)
    return render_template(
        "events/show.html",
        event=event,
        turnout=operations.turnout(event, people),
        reached=reached,
        aid=oda.note(days[0].year) if days[0] else "",
        purpose=purposes.name,
        panels=shown,
        state=state(event.meetings, clock.now(), asked),
        asking=asked,
        roles=list(Role),
    )


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


def _event_rows(lines: Sequence[EventLine]) -> list[list[object]]:
    told = [line for line in lines if not line.event.discreet]
    rows = [_event_row(line) for line in told]
    if left := len(lines) - len(told):
        rows.append(["", f"{left} discreet {'event is' if left == 1 else 'events are'} left out of this list"])
    return rows


def _event_row(line: EventLine) -> list[object]:
    event = line.event
    partners = "; ".join(partner.name for partner in event.partners)
    until = line.asking.open_until
    open_until = until.astimezone(ZoneInfo(event.time_zone)).date() if until else None
    return [
        event.code, event.title, *_days(event), line.state, open_until, line.attendees, event.convenor,
        event.programme, partners,
    ]  # fmt: skip


blueprint.add_app_template_filter(country_name)
blueprint.add_app_template_filter(day_in)
blueprint.add_app_template_filter(period)
blueprint.add_app_template_filter(sitting)
