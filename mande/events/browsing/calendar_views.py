"""The calendar of events: a month day by day, a year month by month."""

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta

from babel.dates import format_date
from flask import Blueprint
from flask import abort
from flask import render_template
from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events.browsing import calendar_days
from mande.events.browsing.calendar_days import Month
from mande.events.browsing.calendar_days import Sitting
from mande.events.models import Event
from mande.events.models import Meeting
from mande.staff.access import needs
from mande.staff.models import StaffRole

blueprint = Blueprint("calendar", __name__, url_prefix="/staff/calendar")

# No zone is further from UTC.
_AROUND = timedelta(days=1)


@blueprint.get("")
@needs(StaffRole.VIEWER)
def month() -> str:
    """A month; `?month=2021-06` is that one, without it the one that is now."""
    today = clock.now().date()
    shown = Month.read(request.args.get("month", ""), today)
    with db.reading() as session:
        days = calendar_days.by_day(_sittings(session, shown.first, shown.after.first))
    return render_template("events/month.html", month=shown, days=days, today=today)


@blueprint.get("/<int:year>")
@needs(StaffRole.VIEWER)
def year(year: int) -> str:
    """A year, with the events of each month."""
    if not calendar_days.FIRST_YEAR <= year <= calendar_days.LAST_YEAR:
        abort(404)
    with db.reading() as session:
        months = calendar_days.by_month(_sittings(session, date(year, 1, 1), date(year + 1, 1, 1)), year)
    total = len({one.code for events in months.values() for one in events})
    return render_template("events/year.html", year=year, months=months, total=total)


def _sittings(session: Session, first: date, end: date) -> list[Sitting]:
    """The meetings that touch the days from `first` to the one before `end`, and a few around them."""
    since, until = (datetime.combine(day, time(), UTC) for day in (first, end))
    found = session.execute(
        select(Event.code, Event.title, Meeting.title, Event.time_zone, Meeting.starts_at, Meeting.ends_at)
        .join(Event, Event.id == Meeting.event_id)
        .where(Meeting.starts_at < until + _AROUND, Meeting.ends_at > since - _AROUND)
    )
    return [Sitting(*row) for row in found]


def month_name(day: date) -> str:
    """June 2021."""
    return format_date(day, "MMMM y", locale="en_GB")


def weekday_name(day: date) -> str:
    """Monday 7 June."""
    return format_date(day, "EEEE d MMMM", locale="en_GB")


blueprint.add_app_template_filter(month_name)
blueprint.add_app_template_filter(weekday_name)
