"""What an event's page says of who was there."""

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.reports.reach import pillars
from mande.reports.reach import reading
from mande.reports.reach import wording
from mande.reports.reach.reach_views import told

HEADLINES = ("women", "women_speaking", "beyond_the_state", "online")


def render(session: Session, event: Event) -> Markup:
    """The panel; empty as long as nobody is on the list."""
    counted = reading.of_event(session, event)
    if not counted:
        return Markup("")
    found = pillars.figures(reading.tally(counted, reading.wanted_of(event)))
    figures = {one.code: one for some in found.values() for one in some}
    return Markup(  # noqa: S704 (a template's output is escaped already)
        render_template(
            "reports/reach/panel.html",
            event=event,
            figures=[figures[code] for code in HEADLINES if figures[code].low is not None],
            wording=wording,
            told=told,
        )
    )
