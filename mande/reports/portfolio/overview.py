"""All that a portfolio shows: its events added up by period and programme, its questions, what happened when."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.timing import zone_of
from mande.followup.desk.models import Outcome
from mande.followup.kinds import Source
from mande.followup.kinds import Status
from mande.followup.models import PlannedAction
from mande.followup.models import Update
from mande.reports.answers.grouped import Grouped
from mande.reports.kinds import Measure
from mande.reports.models import Target
from mande.reports.portfolio import questions
from mande.reports.portfolio import reading
from mande.reports.portfolio import targets
from mande.reports.portfolio.chosen import Chosen
from mande.reports.portfolio.periods import Period
from mande.reports.portfolio.periods import Step
from mande.reports.portfolio.periods import period
from mande.reports.portfolio.periods import periods
from mande.reports.portfolio.questions import Line
from mande.reports.portfolio.reading import Met
from mande.reports.portfolio.standing import Standing
from mande.reports.portfolio.standing import total
from mande.reports.reach.people import Tally
from mande.reports.reach.reading import by_group


@dataclass(frozen=True)
class Month:
    """What happened in one month: actions written down and reported as done, outcomes written down by the team."""

    period: Period
    written: int
    done: int
    outcomes: int


@dataclass(frozen=True)
class Overview:
    """`whole` adds up all `events`, the latest of which is the first; `by_period` and `by_programme` the same by when
    they began and what they belong to.
    """

    chosen: Chosen
    events: Mapping[UUID, Met]
    whole: Standing
    by_period: Mapping[Period, Standing]
    by_programme: Mapping[str, Standing]
    lines: Sequence[Line]
    months: Sequence[Month]
    targets: Mapping[targets.Key, Target]

    def target(self, measure: Measure) -> float | None:
        """What is to be reached of a measure that is not of one question."""
        found = self.targets.get((measure, ""))
        return found.value if found else None


def overview(session: Session, chosen: Chosen) -> Overview:
    """The portfolio of the events that are over and were chosen."""
    wanted, events = reading.condition(chosen), reading.met(session, chosen)
    cells = {event: (period(met.began_on, chosen.step), met.programme) for event, met in events.items()}
    reached = by_group(session, wanted, cells)
    sums = {
        cell: replace(one, reach=reached.get(cell, Tally())) for cell, one in reading.standings(session, cells).items()
    }
    aims = targets.of_programme(session, chosen.programme)
    spans = periods([met.began_on for met in events.values()], chosen.step)
    programmes = sorted({name for _span, name in sums}, key=lambda name: (not name, name.casefold()))
    return Overview(
        chosen=chosen,
        events=events,
        whole=total(sums.values()),
        by_period={span: total(one for (when, _name), one in sums.items() if when == span) for span in spans},
        by_programme={name: total(one for (_when, its), one in sums.items() if its == name) for name in programmes},
        lines=questions.lines(session, {event: span for event, (span, _name) in cells.items()}, aims),
        months=months(session, events),
        targets=aims,
    )


def months(session: Session, events: Mapping[UUID, Met]) -> list[Month]:
    """Month by month, from the first of which there is something to tell to the last."""
    these = Grouped(session, dict.fromkeys(events, None)).table
    owned = (PlannedAction.source == Source.OWNER, PlannedAction.withdrawn.is_(False))
    written: Counter[date] = Counter()
    for day, number in session.execute(
        select(PlannedAction.created_on, func.count())
        .join(these, these.c.event_id == PlannedAction.event_id)
        .where(*owned)
        .group_by(PlannedAction.created_on)
    ):
        written[_month(day)] += number
    done = _counted(
        session.execute(
            select(Event.time_zone, func.min(Update.reported_at))
            .join_from(PlannedAction, Update, Update.action_id == PlannedAction.id)
            .join(Event, Event.id == PlannedAction.event_id)
            .join(these, these.c.event_id == PlannedAction.event_id)
            .where(*owned, PlannedAction.status == Status.DONE, Update.status == Status.DONE)
            .group_by(PlannedAction.id, Event.time_zone)
        )
    )
    outcomes = _counted(
        session.execute(
            select(Event.time_zone, Outcome.written_at)
            .join_from(Outcome, Event, Event.id == Outcome.event_id)
            .join(these, these.c.event_id == Outcome.event_id)
        )
    )
    spans = periods([*written, *done, *outcomes], Step.MONTH)
    return [Month(one, written[one.first], done[one.first], outcomes[one.first]) for one in spans]


def _counted(rows: Any) -> Counter[date]:
    """How many moments lie in each month, by the clocks of their events."""
    return Counter(_month(moment.astimezone(zone_of(zone)).date()) for zone, moment in rows)


def _month(day: date) -> date:
    return day.replace(day=1)
