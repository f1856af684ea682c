"""When actions are due: a year of months with their numbers, and the first actions of each."""

from dataclasses import dataclass
from datetime import date
from datetime import timedelta

from sqlalchemy import Integer
from sqlalchemy import case
from sqlalchemy import extract
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import type_coerce
from sqlalchemy.orm import Session

from mande import clock
from mande.followup.figures import Tracked
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.tracking import conditions
from mande.followup.tracking import finding
from mande.followup.tracking import months
from mande.followup.tracking import selecting
from mande.followup.tracking.months import Month
from mande.followup.tracking.months import Stand
from mande.followup.tracking.wanted import Wanted

LISTED = 10


@dataclass(frozen=True)
class Timeline:
    """Twelve months and the first actions due in each; how many are due earlier, later, and without a date."""

    months: list[Month]
    listed: dict[date, list[Tracked]]
    earlier: int
    later: int
    undated: int

    @property
    def first(self) -> date:
        return self.months[0].first

    @property
    def end(self) -> date:
        """The first day after it."""
        return months.following(self.months[-1].first)

    @property
    def day_before(self) -> date:
        return self.first - timedelta(days=1)

    @property
    def before(self) -> str:
        """The month with which the year before begins, as an address has it."""
        return f"{months.shifted(self.first, -months.MONTHS):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{self.end:%Y-%m}"


def timeline(session: Session, wanted: Wanted) -> Timeline:
    """The actions that are wanted, by the month in which they are due."""
    first = months.beginning(wanted.month, clock.now().date())
    end = months.shifted(first, months.MONTHS)
    by_when, where = PlannedAction.by_when, selecting.conditions_of(session, wanted)
    year, month = extract("year", by_when), extract("month", by_when)
    stand = case(
        (PlannedAction.status == Status.DONE, Stand.DONE),
        (PlannedAction.status == Status.NO_LONGER_PLANNED, Stand.DROPPED),
        (conditions.is_overdue(conditions.days(session)), Stand.OVERDUE),
        else_=Stand.OPEN,
    )
    columns = (type_coerce(year, Integer), type_coerce(month, Integer), stand)
    counted = select(*columns, func.count()).where(*where, by_when >= first, by_when < end).group_by(*columns)
    rows = [(int(one[0]), int(one[1]), Stand(one[2]), one[3]) for one in session.execute(counted)]
    around = select(
        func.sum(case((by_when < first, 1), else_=0)),
        func.sum(case((by_when >= end, 1), else_=0)),
        func.sum(case((by_when.is_(None), 1), else_=0)),
    ).where(*where)
    earlier, later, undated = (number or 0 for number in session.execute(around).one())
    shown = months.lay_out(first, rows)
    return Timeline(shown, _listed(session, wanted, first, end), earlier, later, undated)


def _listed(session: Session, wanted: Wanted, first: date, end: date) -> dict[date, list[Tracked]]:
    """The first actions of each month by their dates."""
    by_when = PlannedAction.by_when
    order = (by_when, PlannedAction.id)
    month = (extract("year", by_when), extract("month", by_when))
    place = func.row_number().over(partition_by=month, order_by=order).label("place")
    due = (
        select(PlannedAction.id, by_when, place)
        .where(*selecting.conditions_of(session, wanted), by_when >= first, by_when < end)
        .subquery("due")
    )
    ids = select(due.c.id).where(due.c.place <= LISTED).order_by(due.c.by_when, due.c.id)
    listed: dict[date, list[Tracked]] = {}
    for one in finding.load(session, session.scalars(ids).all()):
        if one.action.by_when:
            listed.setdefault(one.action.by_when.replace(day=1), []).append(one)
    return listed
