"""What an event's page says of its report."""

from collections import Counter

from flask import render_template
from markupsafe import Markup
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.reports import comments
from mande.reports.editions import holding
from mande.reports.editions import publishing
from mande.reports.editions import words
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave


def render(session: Session, event: Event) -> Markup:
    """The panel; empty before a survey was opened."""
    surveys = session.execute(
        select(Survey.state, Survey.wave, func.count().label("number"))
        .where(Survey.event_id == event.id)
        .group_by(Survey.state, Survey.wave)
    ).all()
    states: Counter[SurveyState] = Counter()
    for row in surveys:
        states[row.state] += row.number
    # A report can be made while what is asked months later is still open: it is left out until it is closed.
    still_open = sum(row.number for row in surveys if row.state is SurveyState.OPEN and row.wave is Wave.EVENT)
    editions = publishing.editions(session, event)
    newest = {edition.id for edition in holding.latest(editions).values()}
    return Markup(  # noqa: S704 (a template's output is escaped already)
        render_template(
            "reports/panel.html",
            event=event,
            asked=sum(states.values()),
            closed=states[SurveyState.CLOSED],
            still_open=still_open,
            waiting=comments.waiting(session, event),
            published=len(editions),
            # What a later edition has left out already needs nothing any more.
            withdrawn=[one for one in holding.withdrawn(session, event) if one.edition.id in newest],
            words=words,
        )
    )
