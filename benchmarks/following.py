"""A day's check-ins found and queued, among many open actions, against raw SQL that writes the same rows.

Nothing but what is due should cost: the same day is measured with a tenth of the actions stored.
"""

import os
import time
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID
from uuid import uuid4

from sqlalchemy import Connection
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.orm import joinedload

from benchmarks.timing import Line
from benchmarks.world import empty_world
from benchmarks.world import settings
from mande import clock
from mande import db
from mande.events.kinds import Format
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import Person
from mande.events.timing import add_months
from mande.followup import clockwork
from mande.followup.asking import checkins
from mande.followup.asking import letters
from mande.followup.asking.days import Days
from mande.followup.asking.schedule import month_step
from mande.followup.models import ActionOwner
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.mail import wordings
from mande.mail.models import Message

EVENTS, FEW_EVENTS = 2000, 200
EACH = 50
# Tuesday and Wednesday: on each, so many events have ended a month before.
SMALL_DAY, LARGE_DAY = date(2026, 6, 9), date(2026, 6, 10)
SMALL, LARGE = 6, 60
MONTHS = (1, 3, 6, 12)
ROWS_AT_ONCE = 20_000

Row = dict[str, Any]


@dataclass(frozen=True)
class Day:
    """What one day took: seconds of everything, of composing the messages alone, and of raw SQL for the same rows."""

    queued: int
    ours: float
    composing: float
    raw: float


def measure() -> Iterator[Line]:
    few = _measured("SQLite", FEW_EVENTS)
    for database in ("SQLite", "PostgreSQL"):
        small, large, idle = _measured(database, EVENTS)
        yield Line(f"{database}, {EVENTS * EACH:,} open actions, none due: a look", f"{1e3 * idle:.1f} ms")
        for day in (small, large):
            yield Line(
                f"{database}, {EVENTS * EACH:,} open actions: {day.queued:,} due check-ins found and queued",
                f"{day.ours:.2f} s, of which {day.composing:.2f} s write the messages' words",
                day.ours / day.raw,
                "raw SQL's time for the same rows",
                "some seconds",
            )
        if database == "SQLite":
            yield Line(
                f"{database}, {FEW_EVENTS * EACH:,} open actions: {few[0].queued:,} due check-ins found and queued",
                f"{few[0].ours:.2f} s",
                small.ours / few[0].ours,
                f"as long with {EVENTS * EACH:,}",
                "about 1",
            )


def _measured(database: str, events: int) -> tuple[Day, Day, float]:
    """The small day, the large one, and a look when nothing is due."""
    with empty_world(database):
        _fill(events)
        clock.move_to(datetime(2026, 6, 8, 12, tzinfo=UTC))
        clockwork.check_in()
        began = time.perf_counter()
        clockwork.check_in()
        idle = time.perf_counter() - began
        return _day(SMALL_DAY, SMALL * EACH), _day(LARGE_DAY, LARGE * EACH), idle


def _day(day: date, expected: int) -> Day:
    clock.move_to(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))
    began = time.perf_counter()
    queued = clockwork.check_in()
    ours = time.perf_counter() - began
    if queued != expected:
        raise RuntimeError(f"{queued} instead of {expected} check-ins were queued")
    return Day(queued, ours, _composing(day), _raw(day))


def _composing(day: date) -> float:
    """Seconds that the words of the day's messages take, all that they need being read before."""
    with db.reading() as session:
        asked = session.scalars(select(CheckIn).where(CheckIn.asked_at >= _morning(day))).all()
        wanted = select(FollowupLink).where(FollowupLink.id.in_([one.link_id for one in asked]))
        links = session.scalars(wanted.options(joinedload(FollowupLink.event), joinedload(FollowupLink.person))).all()
        actions = checkins.open_actions(session, [link.id for link in links])
        wordings.prepare(session, {link.event_id for link in links})
        of = {link.id: link for link in links}
        began = time.perf_counter()
        for one in asked:
            letters.check_in(of[one.link_id], one, actions[one.link_id], clock.now())
        return time.perf_counter() - began


def _raw(day: date) -> float:
    """Seconds in which SQL alone finds what is due, and writes the same check-ins and messages in one transaction."""
    asked = select(CheckIn.id, CheckIn.asked_at).where(CheckIn.asked_at >= _morning(day))
    with db.plain_transaction() as connection:
        found = [{"known": identity, "at": at} for identity, at in connection.execute(asked)]
        columns = [column.name for column in Message.__table__.columns]
        told = connection.exec_driver_sql(f"SELECT {', '.join(columns)} FROM message").all()
        mine = {one["known"] for one in found}
        about = columns.index("about")
        told = [row for row in told if UUID(str(row[about])) in mine]
        connection.execute(delete(Message).where(Message.about == bindparam("known")), found)
        connection.execute(_marked(CheckInState.SCHEDULED, None), found)
    marks = ", ".join(["?" if db.database().is_sqlite else "%s"] * len(columns))
    began = time.perf_counter()
    with db.plain_transaction() as connection:
        due = connection.execute(_due()).all()
        connection.execute(_marked(CheckInState.ASKED, bindparam("at")), found)
        connection.exec_driver_sql(
            f"INSERT INTO message ({', '.join(columns)}) VALUES ({marks})", list(map(tuple, told))
        )
    took = time.perf_counter() - began
    if not len(due) == len(told) == len(found):
        raise RuntimeError(f"{len(due)} due, {len(told)} messages, {len(found)} check-ins")
    return took


def _due() -> Any:
    return (
        select(CheckIn.id, Event.title, Person.name, Person.email, PlannedAction.what)
        .join(FollowupLink, FollowupLink.id == CheckIn.link_id)
        .join(Event, Event.id == FollowupLink.event_id)
        .join(Person, Person.id == FollowupLink.person_id)
        .join(ActionOwner, ActionOwner.link_id == FollowupLink.id)
        .join(PlannedAction, PlannedAction.id == ActionOwner.action_id)
        .where(CheckIn.state == CheckInState.SCHEDULED, CheckIn.due_at <= clock.now())
    )


def _marked(state: CheckInState, at: Any) -> Any:
    table = CheckIn.metadata.tables["check_in"]
    return update(table).where(table.c.id == bindparam("known")).values(state=state, asked_at=at)


def _fill(events: int) -> None:
    """So many events of fifty people with an open action each; everybody is at two of them."""
    with db.plain_transaction() as connection:
        if db.database().is_sqlite:
            connection.exec_driver_sql("PRAGMA cache_size = -500000")
        tables: dict[Any, list[Row]] = {kind: [] for kind in _ORDER}
        for number in range(events):
            for kind, row in _event(number, events):
                tables[kind].append(row)
            if len(tables[CheckIn]) >= ROWS_AT_ONCE or number == events - 1:
                _write(connection, tables)
    with db.database().engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _write(connection: Connection, tables: dict[Any, list[Row]]) -> None:
    for kind, rows in tables.items():
        if rows:
            connection.execute(insert(kind.__table__), rows)
            rows.clear()


def _event(number: int, events: int) -> Iterator[tuple[Any, Row]]:
    ended, event_id = _ended_on(number), uuid4()
    ends_at = datetime(ended.year, ended.month, ended.day, 15, tzinfo=UTC)
    yield Event, {
        "id": event_id, "code": f"E{number}", "title": f"The future of question {number}", "convenor": "A house",
        "manager_name": "Robin Example", "manager_email": "robin@example.org", "checkin_months": MONTHS,
    }  # fmt: skip
    yield Meeting, {
        "id": uuid4(), "event_id": event_id, "position": 1, "code": "one", "title": "One", "format": Format.VIRTUAL,
        "starts_at": ends_at - timedelta(hours=2), "ends_at": ends_at, "topics": [],
    }  # fmt: skip
    for seat in range(EACH):
        person, link, action = _person(number, seat, events), uuid4(), uuid4()
        if number < events // 2:
            yield Person, {
                "id": person, "email": f"person{number}-{seat}@example.org", "name": f"Person {number} {seat}",
                "country": "GB", "language": "en",
            }  # fmt: skip
        yield FollowupLink, {
            "id": link, "event_id": event_id, "person_id": person, "nonce": os.urandom(16),
            "token_digest": os.urandom(32), "link_key": _key(), "stopped": False,
        }  # fmt: skip
        yield PlannedAction, {
            "id": action, "event_id": event_id, "what": f"Train {seat} colleagues in mediation online",
            "created_on": ended, "withdrawn": False,
        }  # fmt: skip
        yield ActionOwner, {"id": uuid4(), "action_id": action, "link_id": link, "consent": True, "since": ends_at}
        for months in MONTHS:
            yield CheckIn, {
                "id": uuid4(), "link_id": link, "step": month_step(months), "due_at": _due_at(ended, months),
                "state": CheckInState.SCHEDULED,
            }  # fmt: skip


def _ended_on(number: int) -> date:
    """The first events are due on the small day, those after them on the large one, all others some weeks later."""
    if number < SMALL:
        return add_months(SMALL_DAY, -1)
    if number < SMALL + LARGE:
        return add_months(LARGE_DAY, -1)
    return date(2026, 5, 26) + timedelta(days=number % 13)


def _person(number: int, seat: int, events: int) -> UUID:
    """Whoever sits here: the second half of the events is attended by the people of the first."""
    return UUID(int=(number % (events // 2)) * EACH + seat + 1)


@cache
def _due_at(ended: date, months: int) -> datetime:
    return Days("UTC").first_open(Days("UTC").opening(add_months(ended, months)))


@cache
def _key() -> str:
    return settings(Path()).link_keys.fingerprint


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


_ORDER: Sequence[Any] = (Event, Meeting, Person, FollowupLink, PlannedAction, ActionOwner, CheckIn)
