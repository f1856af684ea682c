"""The panel on an event's page: how far its planned actions have come."""

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.followup import wording
from mande.followup.figures.summary import summary


def render(session: Session, event: Event) -> Markup:
    """The panel as HTML."""
    told = {"event": event, "summary": summary(session, event), "wording": wording}
    page = render_template("followup/tracking/panel.html", **told)
    return Markup(page)  # noqa: S704 (Jinja has escaped it)
