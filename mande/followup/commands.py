"""`mande worker` and `mande serve`: the two processes of an installation, or the one where the database is SQLite."""

import logging
from collections.abc import Callable
from functools import partial
from multiprocessing.util import Finalize
from typing import Any

import click
from flask import Flask

from mande import logs
from mande import metrics
from mande import startup
from mande.config import Settings
from mande.db import Database
from mande.followup import clockwork
from mande.mail.workers import Presence

# Granian's own messages go where ours go, and the access log stays off: addresses carry people's tokens.
GRANIAN_LOGS: dict[str, Any] = {
    "loggers": {
        "_granian": {"handlers": [], "level": "INFO", "propagate": True},
        "granian.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    }
}


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, say what was done, and end.")
def worker(once: bool) -> None:
    """Do what is due: close surveys, remind, ask about planned actions, send messages.

    Any number of workers may run at once on PostgreSQL. With SQLite `mande serve` does this work already, and only
    `mande worker --once` is of use beside it. It ends when told to (Ctrl-C, SIGTERM), after what it has begun.

    \b
    Examples:
      mande worker
      mande worker --once      from cron, where no process may stay
    """
    logs.set_up(logging.WARNING if once else logging.INFO)
    with startup.application() as app:
        if not once:
            clockwork.run_worker(app)
            return
        presence = Presence()
        for job, number in clockwork.tick(presence).items():
            click.echo(f"{job}: {number}")
        presence.end()


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen at; a proxy with TLS before it."
)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=4, show_default=True, help="How many requests are worked on at once, per process.")
@click.option("--processes", default=1, show_default=True, help="More than one only with PostgreSQL.")
@click.option("--with-worker", is_flag=True, help="Do the worker's jobs here too. With SQLite this is always so.")
def serve(host: str, port: int, threads: int, processes: int, with_worker: bool) -> None:
    """Serve the pages.

    With SQLite one process does everything, the worker's jobs included. With PostgreSQL run `mande worker` beside it,
    or give --with-worker on a small installation. No address is ever logged, because addresses carry personal links.

    \b
    Examples:
      mande serve
      mande serve --port 8080 --threads 8
      mande serve --processes 4            PostgreSQL, with `mande worker` beside it
    """
    logs.set_up()
    if processes > 1:
        settings = Settings.from_environment()
        if settings.database_url.startswith("sqlite"):
            raise click.UsageError("SQLite takes one process. Use PostgreSQL (MANDE_DATABASE_URL) for more.")
        if with_worker:
            raise click.UsageError("--with-worker is for one process. Run `mande worker` beside several.")
        metrics.share_between_processes(settings.var / "metrics")
    database: Database = startup.ready_app().extensions["mande.db"]
    database.engine.dispose()
    click.echo(f"Mande listens at http://{host}:{port}. Stop it with Ctrl-C.")
    run_server(host, port, threads, processes, with_worker or database.is_sqlite)


def run_server(host: str, port: int, threads: int = 4, processes: int = 1, with_worker: bool = True) -> None:
    """Serves until the process is told to end. The application is made in each process that serves."""
    from granian.constants import Interfaces
    from granian.server import Server

    server = Server(
        "mande",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        respawn_failed_workers=True,
        log_access=False,
        log_dictconfig=GRANIAN_LOGS,
    )
    load: Callable[..., Any] = partial(_application, with_worker)
    server.serve(target_loader=load, wrap_loader=False)


def _application(with_worker: bool) -> Flask:
    logs.set_up()
    app = startup.ready_app()
    if with_worker:
        scheduler = clockwork.background(app)
        scheduler.start()
        # The server's process ends without atexit; this is what multiprocessing runs instead.
        Finalize(None, scheduler.shutdown, exitpriority=10)
    return app
