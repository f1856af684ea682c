"""How long pages take while twenty reports are made, on the real server: with SQLite its worker lives in the same
process, with PostgreSQL in one of its own.

Two visitors ask again and again, one reading a page of a questionnaire, one saving it, with a pause after each answer.
"""

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from pathlib import Path
from threading import Event as Signal
from threading import Thread

from flask import Flask
from sqlalchemy import func
from sqlalchemy import select

from benchmarks.counting import fill
from benchmarks.pages import answers
from benchmarks.pages import complete
from benchmarks.serving import get
from benchmarks.serving import post
from benchmarks.serving import receive
from benchmarks.serving import wait_for
from benchmarks.timing import Line
from benchmarks.world import attend
from benchmarks.world import empty_world
from benchmarks.world import link_of
from benchmarks.world import settings
from mande import clock
from mande import create_app
from mande import db
from mande.config import ROOT
from mande.config import Settings
from mande.events import operations as events
from mande.events.describing import files
from mande.reports.kinds import EditionKind
from mande.reports.kinds import RenderingState
from mande.reports.models import Rendering
from mande.reports.rendering import drafts
from mande.reports.rendering import making
from mande.surveys import operations as surveys
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState

REPORTS = 20
PAUSE = 0.02
QUIET_SECONDS = 20
EVENING = datetime(2021, 6, 9, 16, tzinfo=UTC)
Times = dict[str, list[float]]


def measure() -> Iterator[Line]:
    for database in ("SQLite", "PostgreSQL"):
        with empty_world(database) as app:
            clock.move_to(EVENING)
            yield from _told(database, *_measured(app))


def _told(database: str, quiet: Times, busy: Times, took: float) -> Iterator[Line]:
    yield Line(f"{REPORTS} reports on {database}", f"{took:.0f} s, {took / REPORTS:.1f} s each")
    for what in quiet:
        for name, rank in (("median", 50), ("99th percentile", 99)):
            before, while_busy = _percentile(quiet[what], rank), _percentile(busy[what], rank)
            value = f"{1e3 * before:.1f} ms, {1e3 * while_busy:.1f} ms while they are made"
            yield Line(f"{what} on {database}: {name}", value, while_busy / before, "quiet")


def _percentile(times: list[float], rank: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[rank - 1]


def _measured(app: Flask) -> tuple[Times, Times, float]:
    """Seconds of each answer while nothing else happens and while reports are made; and how long all of these took."""
    link = _fill(app)
    chosen: Settings = app.extensions["mande.settings"]
    requests = {
        "Page of a section": get(f"{link}/section/1"),
        "Saving a section": post(f"{link}/section/1", answers(app, link)),
    }
    db.database().engine.dispose()
    with _served(chosen) as port:
        quiet = _visited(port, requests, lambda: time.sleep(QUIET_SECONDS))
        began = time.perf_counter()
        busy = _visited(port, requests, _ask_and_wait)
        return quiet, busy, time.perf_counter() - began


def _fill(app: Flask) -> str:
    """Closes the survey of an event, and opens that of another one; returns a link that belongs to that."""
    described = (ROOT / "demo" / "WP1873v.yaml").read_text(encoding="utf-8")
    folder: Path = app.extensions["mande.settings"].var
    with db.transaction() as session:
        event = files.load_event(session, ROOT / "demo" / "WP1873v.yaml")
        attend(session, event, 40)
        surveys.open_surveys(session, event)
    fill()
    (folder / "other.yaml").write_text(described.replace("WP1873v", "OTHER"), encoding="utf-8")
    with db.transaction() as session:
        surveys.close_surveys(session, events.find(session, "WP1873v"))
        other = files.load_event(session, folder / "other.yaml")
        attend(session, other, 1, first=40)
        surveys.open_surveys(session, other)
    with db.reading() as session:
        unanswered = select(Invitation).join(Survey).where(Survey.state == SurveyState.OPEN)
        link = link_of(session.scalars(unanswered).first())
    complete(app, link, submit=False)
    return link


def _ask_and_wait() -> None:
    """Asks for the reports, each by somebody else, and waits until the last is made."""
    with db.transaction() as session:
        event = events.find(session, "WP1873v")
        for number in range(REPORTS):
            drafts.ask(session, event, EditionKind.INTERNAL, "en").asked_by = f"member {number}"
    while True:
        time.sleep(0.5)
        with db.reading() as session:
            states = dict(session.execute(select(Rendering.state, func.count()).group_by(Rendering.state)).all())
        if RenderingState.FAILED in states:
            raise RuntimeError("a report could not be made")
        if states == {RenderingState.DONE: REPORTS}:
            return


def _visited(port: int, requests: dict[str, bytes], meanwhile: Callable[[], None]) -> Times:
    """How long each page took, visited again and again from a thread of its own, while something is done."""
    over = Signal()
    times: Times = {what: [] for what in requests}
    threads = [Thread(target=_visit, args=(port, asked, times[what], over)) for what, asked in requests.items()]
    for thread in threads:
        thread.start()
    try:
        meanwhile()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return times


def _visit(port: int, asked: bytes, times: list[float], over: Signal) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while not over.is_set():
            began = time.perf_counter()
            connection.sendall(asked)
            status, _body = receive(connection)
            times.append(time.perf_counter() - began)
            if status >= 400:
                raise RuntimeError(f"the server answered {status}")
            time.sleep(PAUSE)


@contextmanager
def _served(chosen: Settings) -> Iterator[int]:
    """The port of a server with its worker, in processes of their own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    together = chosen.database_url.startswith("sqlite")
    kinds = ["both"] if together else ["pages", "worker"]
    begun = [sys.executable, "-m", "benchmarks.queueing"]
    processes = [subprocess.Popen([*begun, kind, chosen.database_url, str(chosen.var), str(port)]) for kind in kinds]
    try:
        wait_for(port)
        yield port
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _application(url: str, folder: Path) -> Flask:
    return create_app(replace(settings(folder), database_url=url, clock_at=EVENING))


def _work(app: Flask) -> None:
    """What a worker does of documents, and nothing else that would come in between."""
    with app.app_context():
        while True:
            making.run()
            time.sleep(making.EVERY)


def _load(kind: str, url: str, folder: Path) -> Flask:
    app = _application(url, folder)
    if kind == "both":
        Thread(target=_work, args=(app,), daemon=True).start()
    return app


if __name__ == "__main__":
    what, at, place, number = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    if what == "worker":
        _work(_application(at, place))
    from granian.constants import Interfaces
    from granian.server import Server

    server = Server("bench", port=number, interface=Interfaces.WSGI, workers=1, blocking_threads=4, log_enabled=False)
    server.serve(target_loader=lambda: _load(what, at, place), wrap_loader=False)
