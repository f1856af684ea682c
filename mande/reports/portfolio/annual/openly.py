"""What may be told to everybody of who was there and of actions, added up from what each event's own reports may tell.

Who was there is added up from the tables that a public edition shows, as the least and the greatest that they allow;
actions from the figures of public editions that are published. So what is told here tells nothing that these together
do not, whatever was chosen.
"""

import json
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import undefer

from mande.events.models import Event
from mande.followup.kinds import Status
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Level
from mande.reports.kinds import Measure
from mande.reports.models import Edition
from mande.reports.portfolio.pooling import LEAST_EVENTS
from mande.reports.reach import pillars
from mande.reports.reach import reading
from mande.reports.reach import saying
from mande.reports.reach import tables
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState

MEASURES = (Measure.WOMEN, Measure.WOMEN_SPEAKING, Measure.BEYOND_THE_STATE)
PUBLIC = tuple(kind for kind in EditionKind if kind.level is Level.PUBLIC)


@dataclass(frozen=True)
class Spread:
    """How many at least and at most, of how many, over so many events."""

    low: float
    high: float
    of: int
    events: int = 1

    @property
    def share(self) -> tuple[float, float] | None:
        """The least and the greatest share; None where there are too few events, nobody, or nothing is known."""
        if self.events < LEAST_EVENTS or not self.of or (self.low, self.high) == (0, self.of):
            return None
        return self.low / self.of, self.high / self.of


def added(spreads: Iterable[Spread]) -> Spread:
    known = list(spreads)
    low, high = sum(one.low for one in known), sum(one.high for one in known)
    return Spread(low, high, sum(one.of for one in known), sum(one.events for one in known))


def reach(session: Session, events: Collection[UUID]) -> Mapping[Measure, Spread]:
    """Who was there at these events, as far as their public editions can tell."""
    found: dict[Measure, list[Spread]] = {measure: [] for measure in MEASURES}
    for event in session.scalars(select(Event).where(Event.id.in_(events)).order_by(Event.code)):
        counted, wanted = reading.of_event(session, event), reading.wanted_of(event)
        sums = reading.tally(counted, wanted)
        shown, _came = tables.safe(counted, wanted, _k(session, event))
        all_figures = [one for its in pillars.figures(sums).values() for one in its]
        for figure in all_figures:
            if figure.measure in found:
                everybody = sums.speakers if figure.measure is Measure.WOMEN_SPEAKING else sums.attendees
                outside = saying.outside(figure, shown)
                if everybody:
                    found[figure.measure].append(_spread(outside.low, outside.high, outside.of, everybody))
    return {measure: added(spreads) for measure, spreads in found.items()}


def actions(session: Session, events: Collection[UUID]) -> tuple[Spread, list[str]]:
    """How many actions are done, at least and at most, of how many, over the events whose newest public edition tells;
    and the codes of all events that have one.
    """
    rows = session.scalars(
        select(Edition)
        .join(Event, Event.id == Edition.event_id)
        .where(Edition.event_id.in_(events), Edition.kind.in_(PUBLIC), Event.discreet.is_(False))
        .options(undefer(Edition.document))
        .order_by(Edition.event_id, Edition.published_at)
    )
    newest: dict[UUID, Mapping[str, Any]] = {}
    codes: dict[UUID, str] = {}
    for edition in rows:
        document = json.loads(edition.document)
        codes[edition.event_id] = document["event"]["code"]
        if document.get("actions") and document["actions"]["counted"]:
            newest[edition.event_id] = document["actions"]
    return added(_done(one["statuses"], one["total"]) for one in newest.values()), sorted(codes.values())


def _done(statuses: Sequence[Mapping[str, Any]], total: int) -> Spread:
    done = Status.DONE.value
    return Spread(
        sum(cell["count"] for cell in statuses if cell["codes"] == [done]),
        sum(cell["count"] for cell in statuses if done in cell["codes"]),
        total,
    )


def _spread(low: float | None, high: float | None, of: int | None, everybody: int) -> Spread:
    if low is None or high is None or not of:
        return Spread(0, everybody, everybody)
    return Spread(low * of, high * of, of)


def _k(session: Session, event: Event) -> int:
    closed = select(Survey.k).where(Survey.event_id == event.id, Survey.state == SurveyState.CLOSED)
    return max(event.k, *session.scalars(closed).all(), 0)
