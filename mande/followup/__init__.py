from datetime import datetime

from flask import Flask


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
    from mande.events import panels
    from mande.followup import links
    from mande.followup import panel
    from mande.followup import staff_views
    from mande.followup import views
    from mande.web import csrf

    csrf.exempt(views.blueprint)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.jinja_env.filters["local_day"] = _local_day
    app.extensions.setdefault("mande.on_open", []).append(links.ensure_links)
    panels.register(app, 30, panel.render)


def _local_day(moment: datetime, zone: str) -> str:
    """The date that people in `zone` have at that moment, in the page's language."""
    from zoneinfo import ZoneInfo

    from mande.web import day

    return day(moment.astimezone(ZoneInfo(zone)))
