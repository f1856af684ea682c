"""Taking an attendee list of 10,000 new people in, against raw SQL that writes the same rows."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.timing import Line
from benchmarks.timing import wall_seconds
from benchmarks.world import settings
from mande import create_app
from mande import db
from mande import migrate
from mande import workbooks
from mande.cells import csv_text
from mande.config import ROOT
from mande.events import operations
from mande.events.describing import files
from mande.events.importing import imports

ROWS = 10_000
HEADER = (
    *("e-mail", "name", "organisation", "position", "country", "sector", "gender", "language", "role"),
    *("part-one", "part-two"),
)
COUNTRIES = ("Kenya", "Norway", "Côte d'Ivoire", "Viet Nam", "CH", "Allemagne")
TABLES = ("person", "attendance", "attendance_role", "attendance_meeting")


def measure() -> Iterator[Line]:
    people = [_person(number) for number in range(ROWS)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        app = create_app(settings(folder))
        with app.app_context():
            migrate.upgrade(db.database().engine)
            with db.transaction() as session:
                code = files.load_event(session, ROOT / "demo" / "WP1873v.yaml").code
            took = _timed(code, csv_text(HEADER, people).encode(), "made")
            again = _timed(code, csv_text(HEADER, people).encode(), "unchanged")
            book = _timed(code, workbooks.write({"List": [list(HEADER), *map(list, people)]}), "unchanged")
            db.database().engine.dispose()
        raw = wall_seconds(lambda: _raw(folder / "mande.db", folder / "raw.db"))
    yield Line(f"Raw SQL, executemany of what {ROWS:,} people are written as", f"{raw:.2f} s")
    yield Line(
        f"Import of {ROWS:,} new people, CSV: read, compared, written",
        f"{took:.1f} s",
        took / raw,
        "raw SQL's time",
        "under 5 s",
    )
    yield Line("The same list once more, which changes nothing", f"{again:.1f} s", again / raw, "raw SQL's time")
    yield Line("The same as a workbook", f"{book:.1f} s", book / raw, "raw SQL's time")


def _person(number: int) -> list[str]:
    return [
        f"person{number}@example.org", f"EXAMPLE{number}, Ada", f"Organisation {number % 300}", "Officer",
        COUNTRIES[number % len(COUNTRIES)], "government", "f", "English",
        "speaker" if number % 9 == 0 else "participant", "x", "x" if number % 2 else "",
    ]  # fmt: skip


def _timed(code: str, data: bytes, outcome: str) -> float:
    """Seconds that planning and carrying out take, in one transaction as they do for staff."""
    began = time.perf_counter()
    with db.transaction() as session:
        event = operations.find(session, code)
        planned = imports.plan(session, event, data)
        imports.carry_out(session, event, planned, "list.csv", "benchmark")
    took = time.perf_counter() - began
    if planned.counts[outcome] != ROWS:
        raise RuntimeError(f"not all rows are {outcome}: {planned.counts}")
    return took


def _raw(imported: Path, into: Path) -> None:
    """Writes the rows of the import with the driver alone, into tables and indexes of the same make."""
    into.unlink(missing_ok=True)
    with sqlite3.connect(imported) as source, sqlite3.connect(into) as target:
        target.execute("PRAGMA journal_mode=WAL")
        target.execute("PRAGMA synchronous=FULL")
        for (made,) in source.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        ):
            target.execute(made)
        for table in TABLES:
            rows = source.execute(f"SELECT * FROM {table}").fetchall()
            marks = ", ".join("?" * len(rows[0]))
            target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
