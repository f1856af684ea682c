"""The portfolio of ten thousand events: its page, one event beside all others, and scoring what has just closed.

Answers are no longer there: everything is read from scores, attendances and actions. What is stored is as ten events of
WP1873v's kind left it, repeated.
"""

import time
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any
from uuid import UUID
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.timing import Line
from benchmarks.timing import wall_seconds
from benchmarks.world import empty_world
from mande import db
from mande.events.kinds import Format
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import Person
from mande.followup.kinds import Status
from mande.followup.models import PlannedAction
from mande.reports.answers import figures
from mande.reports.kinds import EditionKind
from mande.reports.models import Score
from mande.reports.portfolio import overview
from mande.reports.portfolio import scores
from mande.reports.portfolio.chosen import Chosen
from mande.reports.portfolio.comparison import comparison
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from tests import builders
from tests import report_samples

EVENTS, SAMPLES = 10_000, 10
YEARS = 10
PEOPLE, ACTIONS = 25, 5
NATIONS = ("GB", "KE", "CH", "NO", "IN", "BR", None)
ROWS_AT_ONCE = 20_000
FIRST = date(2015, 3, 2)

Row = dict[str, Any]


def measure() -> Iterator[Line]:
    for database in ("SQLite", "PostgreSQL"):
        with empty_world(database):
            yield from _measured(database)


def _measured(database: str) -> Iterator[Line]:
    with db.transaction() as session:
        for number in range(SAMPLES):
            report_samples.wp1873v(session, builders.make_event(session, f"S{number}", **_meant(number)), seed=number)
    began = time.perf_counter()
    scored = scores.run()
    took = time.perf_counter() - began
    yield Line(
        f"{database}: scoring the three surveys of an event", f"{1e3 * took / scored:.0f} ms", aim="once, by a worker"
    )
    _fill()
    shown = f"{database}, {EVENTS:,} events"
    raw = _seconds(_raw)
    everything = _seconds(lambda session: overview.overview(session, Chosen()))
    yield Line(f"{shown}: all figures of the portfolio, ten years", f"{everything:.2f} s", everything / raw,
               "SQL alone adding up the same scores", "some seconds")  # fmt: skip
    one_year = _seconds(lambda session: overview.overview(session, Chosen(since="2024", until="2024")))
    yield Line(f"{shown}: the same of one year", f"{one_year:.2f} s", aim="a second or two")
    yield Line(f"{shown}: one event beside all others", f"{_seconds(_compared):.2f} s", aim="a second or two")


def _seconds(work: Callable[[Session], object]) -> float:
    def once() -> None:
        with db.reading() as session:
            work(session)

    return wall_seconds(once)


def _compared(session: Session) -> object:
    event = session.scalars(select(Event).where(Event.code == "S0")).one()
    first, *_later = figures.read(session, event, True)
    told = [_told(entry.item.code) for entry in first.entries]
    found = comparison(session, event, EditionKind.INTERNAL.level, first.entries, told)
    if not found or found[0]["portfolio"]["n_events"] != EVENTS - 1:
        raise RuntimeError("the event was not compared with all others")
    return found


def _told(code: str) -> Row:
    names = ("type", "text", "question", "mean", "mean_range", "favourable", "favourable_range", "band", "nps", "yes")
    return {"code": code, "n": 10, **dict.fromkeys(names)}


def _raw(session: Session) -> object:
    """Only what cannot be done without: the sums of all scores by event and question, as text from the driver."""
    return session.execute(text(
        "SELECT survey.event_id, score.comparable, sum(score.n), sum(score.total), sum(score.favourable) FROM score "
        "JOIN survey ON survey.id = score.survey_id GROUP BY survey.event_id, score.comparable"
    )).all()  # fmt: skip


def _meant(number: int) -> Row:
    return {"programme": f"Programme {number % 8}"}


def _fill() -> None:
    """So many more events, each a copy of what one of the samples left, with people and actions."""
    with db.plain_transaction() as connection:
        if db.database().is_sqlite:
            connection.exec_driver_sql("PRAGMA cache_size = -500000")
        samples = _samples(connection)
        people = [_person(number) for number in range(EVENTS * 2)]
        tables: dict[Any, list[Row]] = {kind: [] for kind in _ORDER}
        tables[Person] = people
        for number in range(SAMPLES, EVENTS):
            for kind, row in _event(number, samples[number % SAMPLES], people):
                tables[kind].append(row)
            if len(tables[Attendance]) >= ROWS_AT_ONCE:
                _write(connection, tables)
        _write(connection, tables)


def _samples(connection: Any) -> list[list[tuple[Row, list[Row]]]]:
    """Of each sample event its surveys, each with its scores."""
    found: dict[UUID, list[tuple[Row, list[Row]]]] = {}
    rows = [dict(row._mapping) for row in connection.execute(select(Score.__table__))]
    for survey in connection.execute(select(Survey.__table__)):
        its = [row for row in rows if row["survey_id"] == survey.id]
        found.setdefault(survey.event_id, []).append((dict(survey._mapping), its))
    return list(found.values())


def _person(number: int) -> Row:
    return {
        "id": uuid4(), "email": f"p{number}@example.org", "name": f"Person {number}",
        "country": NATIONS[number % len(NATIONS)], "sector": list(Sector)[number % 4].value,
        "gender": ("female", "male", None)[number % 3],
    }  # fmt: skip


def _event(number: int, sample: list[tuple[Row, list[Row]]], people: list[Row]) -> Iterator[tuple[Any, Row]]:
    event, day = uuid4(), FIRST + timedelta(days=number * 365 * YEARS // EVENTS)
    starts = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    yield Event, {
        "id": event, "code": f"WP{number}", "title": f"Meeting {number}", "convenor": "Example House",
        "manager_name": "Robin", "manager_email": "robin@example.org", "time_zone": "Europe/London", **_meant(number),
    }  # fmt: skip
    yield Meeting, {
        "id": uuid4(), "event_id": event, "position": 1, "code": "part-one", "title": "Part One",
        "starts_at": starts, "ends_at": starts + timedelta(hours=2), "format": Format.VIRTUAL,
    }  # fmt: skip
    for survey, rows in sample:
        kept = survey | {"id": uuid4(), "event_id": event, "state": SurveyState.CLOSED}
        yield Survey, kept
        yield from ((Score, row | {"survey_id": kept["id"]}) for row in rows)
    for seat in range(PEOPLE):
        attendance = uuid4()
        person = people[(number * 2 + seat) % len(people)]["id"]
        yield Attendance, {"id": attendance, "event_id": event, "person_id": person, "mode": Mode.ONLINE}
        role = Role.SPEAKER if seat < 5 else Role.PARTICIPANT
        yield AttendanceRole, {"attendance_id": attendance, "role": role}
    for seat in range(ACTIONS):
        yield PlannedAction, {
            "id": uuid4(), "event_id": event, "what": "Brief colleagues", "created_on": day,
            "status": list(Status)[seat],
        }  # fmt: skip


def _write(connection: Any, tables: dict[Any, list[Row]]) -> None:
    for kind in _ORDER:
        if tables[kind]:
            connection.execute(insert(kind), tables[kind])
            tables[kind] = []


_ORDER: tuple[Any, ...] = (Event, Meeting, Person, Survey, Score, Attendance, AttendanceRole, PlannedAction)
