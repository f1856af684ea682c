from datetime import date
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.dates import format_datetime
from flask import Flask

from mande.web import day

LOCALE = "en_GB"


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
    from mande.events import panels
    from mande.events.records import erasing
    from mande.followup import clockwork
    from mande.followup import telling
    from mande.followup.desk import action_panels
    from mande.followup.held import holding
    from mande.reports import erasing as reports_erasing
    from mande.reports.editions import action_panel
    from mande.reports.editions import edition_views
    from mande.reports.editions import notices
    from mande.reports.panel import render
    from mande.reports.partners import letters as partner_letters
    from mande.reports.partners import partner_views
    from mande.reports.partners import views as reader_views
    from mande.reports.thanking import due
    from mande.reports.thanking import letters as thanking_letters
    from mande.reports.thanking import views as outcome_views
    from mande.reports.thanking import wordings
    from mande.reports.views import blueprint
    from mande.web import csrf

    csrf.exempt(reader_views.blueprint)
    blueprints = (blueprint, edition_views.blueprint, partner_views.blueprint, reader_views.blueprint,
                  outcome_views.blueprint)  # fmt: skip
    for one in blueprints:
        app.register_blueprint(one)
    panels.register(app, 40, render)
    action_panels.register(app, 40, action_panel.render)
    telling.register(app, notices.tell)
    holding.register(app, 50, reports_erasing.tell)
    erasing.register(app, reports_erasing.erase)
    partner_letters.init_app(app)
    thanking_letters.init_app(app)
    wordings.init_app(app)
    clockwork.register(app, clockwork.Job("thank owners", due.run, due.EVERY))
    app.jinja_env.filters.update(as_day=as_day, as_moment=as_moment, iso_day=iso_day)


def iso_day(value: str) -> str:
    """An ISO date in the words of the page's language."""
    return day(date.fromisoformat(value))


def as_day(value: str) -> str:
    """An ISO date in words: 7 June 2021."""
    return format_date(date.fromisoformat(value), format="long", locale=LOCALE)


def as_moment(value: str, zone: str) -> str:
    """An ISO moment in words, as clocks in `zone` show it: Monday 7 June 2021, 13:00 (BST)."""
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
    return f"{format_datetime(local, format='EEEE d MMMM y, HH:mm', locale=LOCALE)} ({local.tzname()})"
