"""The panels on a person's page. Features to the right add theirs, unknown to this folder."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field

from flask import Flask
from flask import current_app
from markupsafe import Markup
from sqlalchemy.orm import Session

from mande.events.models import Person

Render = Callable[[Session, Person], Markup]


@dataclass(order=True, frozen=True)
class Panel:
    order: int
    render: Render = field(compare=False)


def register(app: Flask, order: int, render: Render) -> None:
    """Adds a panel, which shows nothing of what the person has answered, nor whether they have: actions 10."""
    panels: list[Panel] = app.extensions.setdefault("mande.person_panels", [])
    panels.append(Panel(order, render))
    panels.sort()


def render_all(session: Session, person: Person) -> list[Markup]:
    """The panels of this person, from top to bottom. One with nothing to show is left out."""
    panels: list[Panel] = current_app.extensions.get("mande.person_panels", [])
    return [shown for panel in panels if (shown := panel.render(session, person)).strip()]
