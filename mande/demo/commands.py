"""`mande demo`: the whole life of WP1873v on this machine, and then the running service to try."""

import logging
import signal
import time
from datetime import date
from datetime import datetime
from pathlib import Path

import click

from mande import clock
from mande import create_app
from mande import db
from mande import logs
from mande import migrate
from mande import startup
from mande.config import ROOT
from mande.demo import files
from mande.demo import sent
from mande.demo import serving
from mande.demo import trial
from mande.demo.place import STAFF_EMAIL
from mande.demo.place import Place
from mande.demo.story import CODE
from mande.demo.story import THE_END
from mande.demo.story import Story
from mande.events import operations as events
from mande.mail.catcher import Catcher
from mande.reports import operations as reports

BEGINNING = date(2021, 6, 9)


@click.command()
@click.option(
    "--at", "until", type=click.DateTime(["%Y-%m-%d"]), help="Live the story up to this day only, such as 2021-09-10."
)
@click.option("--serve/--no-serve", default=True, help="Stay up afterwards, to be tried (the default).")
@click.option("--fresh", is_flag=True, help="Start over even if the story was told to this day before.")
@click.option("--port", default=8000, show_default=True, help="Of the web pages.")
@click.option("--mailbox-port", default=8001, show_default=True, help="Of the page that shows the mail.")
@click.option("--smtp-port", default=8025, show_default=True, help="Of the mail catcher.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=ROOT / "var" / "demo", help="Where to keep it (var/demo)."
)
def demo(
    until: datetime | None, serve: bool, fresh: bool, port: int, mailbox_port: int, smtp_port: int, folder: Path
) -> None:
    """Live the whole life of WP1873v on this machine, and show it.

    36 invented people are invited by e-mail, answer (or do not) through the pages, are reminded, plan actions and are
    asked about them for a year. Nothing leaves the machine: a mail catcher takes every message. With --at the clock
    stops on that day, so that you can see the follow-up half-way.

    What it leaves is in var/demo: the database, the messages, the reports as PDF, data and figures.
    """
    last_day = until.date() if until else THE_END
    if not BEGINNING <= last_day <= THE_END:
        raise click.ClickException(f"The story goes from {BEGINNING} to {THE_END}; choose a day between them.")
    logs.set_up(logging.WARNING)
    place = Place(folder, port, smtp_port, mailbox_port)
    catcher = Catcher(place.mail, smtp_port)
    try:
        catcher.start()
    except OSError as error:
        raise click.ClickException(f"Port {smtp_port} is in use. Choose another with --smtp-port.") from error
    try:
        if fresh or place.lived_until() != last_day:
            _live(place, last_day)
        else:
            click.echo(f"The story was told up to {last_day} before; --fresh tells it again.")
        _list_files(place)
        if serve:
            _serve(place, last_day)
    except serving.ServingError as error:
        raise click.ClickException(str(error)) from error
    finally:
        catcher.stop()


def _live(place: Place, last_day: date) -> None:
    place.start_over()
    app = create_app(place.settings())
    with app.app_context():
        migrate.upgrade(db.database().engine)
    app = startup.ready_app(place.settings())
    with app.app_context():
        story = Story(app, place, click.echo)
        story.tell(last_day)
        try:
            files.write(place)
        except reports.NothingToReportError:
            click.echo("The surveys are not closed yet on this day, so there is no report.")
        with db.reading() as session:
            sent.write(session, events.find(session, CODE), place.folder / f"{CODE}-messages.csv")
        trial.open_one(place, story)
    place.mark_lived(last_day, clock.now())


def _list_files(place: Place) -> None:
    click.echo(f"\nFiles under {click.format_filename(place.folder)}:")
    click.echo(f"  mail/     {len(list(place.mail.glob('*.eml')))} messages")
    click.echo(f"  {CODE}-messages.csv  which message went out when, to whom, and why")
    for path in sorted(place.reports.iterdir()):
        click.echo(f"  reports/{path.name}  ({path.stat().st_size // 1024} KB)")


def _serve(place: Place, last_day: date) -> None:
    # Told to end, it ends like after Ctrl-C: the server that it has started goes with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with serving.mailbox(place), serving.web_and_worker(place) as process:
        click.echo(
            f"\nMande is running, and it is {last_day:%d %B %Y} here. Stop it with Ctrl-C.\n"
            f"  Staff     http://127.0.0.1:{place.port}/staff/   {STAFF_EMAIL}   password: {place.password}\n"
            f"  Mailbox   http://127.0.0.1:{place.mailbox_port}/   every message; open an invitation to "
            f"{trial.CODE} to answer it yourself\n"
            f"  Reports   http://127.0.0.1:{place.port}/staff/events/{CODE}/reports"
        )
        try:
            while process.poll() is None:
                time.sleep(0.5)
        except KeyboardInterrupt:
            click.echo("\nStopped. `make demo` takes it up again.")
