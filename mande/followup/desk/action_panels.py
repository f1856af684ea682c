"""The panels on an action's page for the team. Each room adds its own, and so do features to the right."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field

from flask import Flask
from flask import current_app
from markupsafe import Markup
from sqlalchemy.orm import Session

from mande.followup.models import PlannedAction

Render = Callable[[Session, PlannedAction], Markup]


@dataclass(order=True, frozen=True)
class Panel:
    order: int
    render: Render = field(compare=False)


def register(app: Flask, order: int, render: Render) -> None:
    """Adds a panel: colleagues 10, evidence 20, outcomes 30, published editions 40."""
    panels: list[Panel] = app.extensions.setdefault("mande.action_panels", [])
    panels.append(Panel(order, render))
    panels.sort()


def render_all(session: Session, action: PlannedAction) -> list[Markup]:
    """The panels of this action, from top to bottom. One with nothing to show is left out."""
    panels: list[Panel] = current_app.extensions.get("mande.action_panels", [])
    return [shown for panel in panels if (shown := panel.render(session, action)).strip()]
