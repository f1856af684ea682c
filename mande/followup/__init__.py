from datetime import datetime

from flask import Flask


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
    from mande.events import leaving
    from mande.events import marking
    from mande.events import moving
    from mande.events import panels
    from mande.events.records import merging
    from mande.events.records import person_panels
    from mande.followup import asking
    from mande.followup import desk
    from mande.followup import discreet
    from mande.followup import harvest
    from mande.followup import keeping
    from mande.followup import leaving as followup_leaving
    from mande.followup import links
    from mande.followup import merging as followup_merging
    from mande.followup import operations
    from mande.followup import panel
    from mande.followup import person_panel
    from mande.followup.asking import rewriting
    from mande.followup.asking import wordings
    from mande.followup.owning import views
    from mande.followup.requesting import request_mail
    from mande.followup.requesting import request_views
    from mande.followup.tracking import figures_views
    from mande.followup.tracking import lists
    from mande.followup.tracking import views as staff_views
    from mande.web import csrf

    csrf.exempt(views.blueprint)
    csrf.exempt(request_views.blueprint)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(request_views.blueprint)
    # Before the list, whose address the page of one action begins with.
    desk.init_app(app)
    app.register_blueprint(staff_views.blueprint)
    request_mail.init_app(app)
    app.register_blueprint(figures_views.blueprint)
    lists.init_app(app)
    keeping.init_app(app)
    harvest.init_app(app)
    app.jinja_env.filters["local_day"] = _local_day
    app.extensions.setdefault("mande.on_open", []).append(links.ensure_links)
    panels.register(app, 30, panel.render)
    asking.init_app(app)
    rewriting.init_app(app)
    wordings.init_app(app)
    moving.register(app, operations.reschedule)
    marking.register_on_discreet(app, discreet.align)
    person_panels.register(app, 10, person_panel.render)
    merging.register(app, "followup", followup_merging.EARLIER)
    merging.register_people(app, "followup", followup_merging.PEOPLE)
    leaving.register(app, followup_leaving.PART)


def _local_day(moment: datetime, zone: str) -> str:
    """The date that people in `zone` have at that moment, in the page's language."""
    from zoneinfo import ZoneInfo

    from mande.web import day

    return day(moment.astimezone(ZoneInfo(zone)))
