"""Mande: monitoring and evaluation after discreet, high-level meetings. `create_app` puts the parts together."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from mande.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The WSGI application. Without `settings` the environment is read, which may raise SettingsError."""
    # Imported here, so that the process that makes a PDF need not load the whole of Mande: a second each time.
    from flask import Flask

    from mande import clock
    from mande import db
    from mande import events
    from mande import followup
    from mande import mail
    from mande import metrics
    from mande import reports
    from mande import staff
    from mande import surveys
    from mande import web
    from mande.config import ROOT
    from mande.config import Settings

    settings = settings or Settings.from_environment()
    app = Flask("mande", root_path=str(ROOT / "mande"), template_folder=str(ROOT / "templates"),
                static_folder=str(ROOT / "static"))  # fmt: skip
    app.config.update(SECRET_KEY=settings.secret_key, WTF_CSRF_TIME_LIMIT=None, MAX_CONTENT_LENGTH=2 * 1024 * 1024)
    app.extensions["mande.settings"] = settings
    if settings.clock_at:
        clock.move_to(settings.clock_at)
    db.init_app(app, settings.database_url)
    web.init_app(app)
    for feature in (staff, mail, events, surveys, followup, reports):
        feature.init_app(app)
    metrics.init_app(app)
    return app
