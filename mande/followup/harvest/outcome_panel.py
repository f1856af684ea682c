"""The panel on an action's page: what came of it in the world."""

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mande.followup import wording
from mande.followup.harvest import outcomes
from mande.followup.models import PlannedAction


def render(session: Session, action: PlannedAction) -> Markup:
    """The panel as HTML."""
    found = outcomes.of_action(session, action.id)
    page = render_template("followup/harvest/panel.html", action=action, outcomes=found, wording=wording)
    return Markup(page)  # noqa: S704 (Jinja has escaped it)
