from flask import Flask
from markupsafe import Markup
from sqlalchemy.orm import Session

from mande.events.models import Event


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
    from mande.events import panels
    from mande.events.attendees import attendee_views
    from mande.events.attendees import stopped_views
    from mande.events.attendees import undelivered_views
    from mande.events.browsing import calendar_views
    from mande.events.describing import edit_views
    from mande.events.importing import forgetting
    from mande.events.importing import import_views
    from mande.events.records import erasing
    from mande.events.records import erasing_views
    from mande.events.records import merge_views
    from mande.events.records import people_views
    from mande.events.records import person_panels
    from mande.events.records import sector_views

    app.register_blueprint(attendee_views.blueprint)
    for pages in (calendar_views, edit_views, erasing_views, merge_views, people_views, sector_views):
        app.register_blueprint(pages.blueprint)
    app.register_blueprint(undelivered_views.blueprint)
    app.register_blueprint(stopped_views.blueprint)
    app.register_blueprint(import_views.blueprint)
    panels.register(app, 20, _messages)
    person_panels.register(app, 90, erasing_views.panel)
    erasing.register(app, forgetting.erase)


def _messages(session: Session, event: Event) -> Markup:
    """The panel of the mail folder, which knows nothing of events' pages and cannot register it itself."""
    from mande.mail import panel

    return panel.render(session, event)
