from datetime import date
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.dates import format_datetime
from flask import Flask

LOCALE = "en_GB"


def init_app(app: Flask) -> None:
    """Registers the pages and panel for staff, and the filters that the printed report uses."""
    from mande.events import panels
    from mande.reports.panel import render
    from mande.reports.views import blueprint

    app.register_blueprint(blueprint)
    panels.register(app, 40, render)
    app.jinja_env.filters.update(as_day=as_day, as_moment=as_moment)


def as_day(value: str) -> str:
    """An ISO date in words: 7 June 2021."""
    return format_date(date.fromisoformat(value), format="long", locale=LOCALE)


def as_moment(value: str, zone: str) -> str:
    """An ISO moment in words, as clocks in `zone` show it: Monday 7 June 2021, 13:00 (BST)."""
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
    return f"{format_datetime(local, format='EEEE d MMMM y, HH:mm', locale=LOCALE)} ({local.tzname()})"
