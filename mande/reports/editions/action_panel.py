"""The panel on an action's page: which published editions hold it, and what of that was taken back since."""

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mande.followup.models import PlannedAction
from mande.reports.editions import holding
from mande.reports.editions import words


def render(session: Session, action: PlannedAction) -> Markup:
    """The panel; empty where no edition holds the action."""
    held = holding.of_action(session, action.event, action.id)
    if not held:
        return Markup("")
    page = render_template("reports/editions/action_panel.html", event=action.event, held=held, words=words)
    return Markup(page)  # noqa: S704 (a template's output is escaped already)
