"""Planning check-ins anew when what they depend on has changed: for a few people at once, for many by the worker.

Until the worker has come to somebody, their page and the team's may show a day that holds no more. Nobody is asked on
one: whoever asks makes the schedule anew first.
"""

from collections.abc import Collection
from datetime import UTC
from datetime import datetime
from datetime import time
from typing import Any
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import Table
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from mande import db
from mande.events.models import Person
from mande.followup.asking import checkins
from mande.followup.asking.days import DAY
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.followup.models import QuietPeriod
from mande.followup.models import ScheduleRenewal

AT_ONCE = 50
SOME = 200


def of_people(session: Session, people: Collection[UUID]) -> None:
    """Renews the schedules of people whose time zone or country has changed."""
    if len(people) <= AT_ONCE:
        checkins.plan_for(session, people)
    else:
        _mark(session, FollowupLink.person_id.in_(people))


def of_quiet_period(session: Session, period: QuietPeriod) -> None:
    """Renews the schedules that a quiet period, new or gone, may change: of its event at once, else by the worker."""
    if period.event_id is not None:
        mine = select(FollowupLink.id).where(FollowupLink.event_id == period.event_id)
        checkins.schedule_check_ins(session, session.scalars(mine).all())
        return
    # What was moved out of the period lies after it, and what gave way to that later still.
    _mark(session, CheckIn.due_at >= datetime.combine(period.starts_on, time(), UTC) - DAY)


def waiting(session: Session) -> int:
    """For how many people the worker is to plan anew."""
    return session.scalar(select(func.count()).select_from(ScheduleRenewal)) or 0


def run() -> int:
    """Plans anew for all who wait, some in each transaction; returns for how many. Any number of workers may do so."""
    done = 0
    while True:
        with db.transaction() as session:
            some = session.scalars(
                select(ScheduleRenewal.person_id)
                .join(Person, Person.id == ScheduleRenewal.person_id)
                .order_by(ScheduleRenewal.person_id)
                .limit(SOME)
                .with_for_update(of=(ScheduleRenewal, Person), key_share=True, skip_locked=True)
            ).all()
            if not some:
                return done
            # What is marked once more from here on was changed after this plan.
            session.execute(delete(ScheduleRenewal).where(ScheduleRenewal.person_id.in_(some)))
            checkins.plan_for(session, some)
        done += len(some)


def _mark(session: Session, which: ColumnElement[bool]) -> None:
    """Lets the worker plan anew for everybody who waits for a check-in and is meant by `which`."""
    people = (
        select(FollowupLink.person_id)
        .join(CheckIn, CheckIn.link_id == FollowupLink.id)
        .where(CheckIn.state == CheckInState.SCHEDULED, which)
        .distinct()
    )
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    into = dialect.insert(cast(Table, ScheduleRenewal.__table__)).from_select(["person_id"], people)
    session.execute(into.on_conflict_do_nothing())
