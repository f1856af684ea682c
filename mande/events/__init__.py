from flask import Flask
from markupsafe import Markup
from sqlalchemy.orm import Session

from mande.events.models import Event


def init_app(app: Flask) -> None:
    """Registers what this folder adds to the application."""
    from mande.events import import_views
    from mande.events import panels
    from mande.events import views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(import_views.blueprint)
    panels.register(app, 20, _messages)


def _messages(session: Session, event: Event) -> Markup:
    """The panel of the mail folder, which knows nothing of events' pages and cannot register it itself."""
    from mande.mail import panel

    return panel.render(session, event)
