"""The panels on an event's page. Features to the right add theirs, unknown to this folder."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field

from flask import Flask
from flask import current_app
from markupsafe import Markup
from sqlalchemy.orm import Session

from mande.events.models import Event

Render = Callable[[Session, Event], Markup]


@dataclass(order=True, frozen=True)
class Panel:
    order: int
    render: Render = field(compare=False)


def register(app: Flask, order: int, render: Render) -> None:
    """Adds a panel: surveys 10, mail 20, actions 30, report 40."""
    panels: list[Panel] = app.extensions.setdefault("mande.panels", [])
    panels.append(Panel(order, render))
    panels.sort()


def render_all(session: Session, event: Event) -> list[Markup]:
    """The panels of this event, from top to bottom. One with nothing to show is left out."""
    panels: list[Panel] = current_app.extensions.get("mande.panels", [])
    return [shown for panel in panels if (shown := panel.render(session, event)).strip()]
