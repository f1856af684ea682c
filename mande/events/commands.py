"""Commands about events and their attendees."""

import sys
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande import startup
from mande.cells import csv_text
from mande.events import described
from mande.events import files
from mande.events import imports
from mande.events import listings
from mande.events import operations
from mande.events.described import EventFileError
from mande.events.imports import Outcome
from mande.events.imports import Plan
from mande.events.imports import RowReport
from mande.events.kinds import Format
from mande.events.models import Event
from mande.events.operations import EventNotFoundError
from mande.events.sheets import Record
from mande.events.sheets import SheetError
from mande.staff import audit
from mande.web import settings

COLOURS = {Outcome.MADE: "green", Outcome.CHANGED: "cyan", Outcome.REFUSED: "red"}
MANY = 1000
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (EventNotFoundError, EventFileError, SheetError) as error:
        raise click.ClickException(str(error)) from error


@click.group()
def events() -> None:
    """Set events up: what has a code, a title, partners, intended outcomes, and one or more meetings."""


@events.command("load")
@click.argument("file", type=A_FILE)
def load(file: Path) -> None:
    """Set up the event that the YAML FILE describes, or bring it up to date if its code is known.

    \b
    The file holds: code, title, summary, convenor, time_zone, manager (name, email), partners (name, country),
    outcomes, meetings (code, title, starts, ends, format, topics), dac_code, crs_code, oda_eligible, k,
    checkin_months, reminder_days. Times are those of the event's time zone. demo/WP1873v.yaml is an example.
    """
    with startup.application(), db.transaction() as session, _explained():
        event = files.load_event(session, file, actor=audit.operator())
        click.echo(f"{event.code} is set up: {event.title}, {len(event.meetings)} meetings.")
        click.echo(f"Next: mande attendees import {event.code} FILE.csv")


@events.command("add")
@click.argument("code")
@click.option("--title", required=True)
@click.option("--convenor", help="Who convenes. Default: the name that messages are sent under.")
@click.option("--manager-name", help="Whom people answer. Default: the name that messages are sent under.")
@click.option("--manager-email", help="Where people's answers go. Default: the address that messages come from.")
@click.option("--time-zone", default="UTC", show_default=True, help="Such as Europe/London.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day of its one meeting. Default: today.")
@click.option(
    "--format", "kind", type=click.Choice([one.value for one in Format]), default="in_person", show_default=True
)
def add(
    code: str, title: str, convenor: str | None, manager_name: str | None, manager_email: str | None, time_zone: str,
    day: date | None, kind: str,
) -> None:  # fmt: skip
    """Set up a minimal event with one meeting, for instance for answers that were gathered elsewhere.

    \b
    Example:
      mande events add TRAINING-2019 --title "Trainings of 2019" --time-zone America/Toronto --date 2019-12-31
    """
    with startup.application(), db.transaction() as session, _explained():
        if operations.get(session, code):
            raise click.ClickException(f"There is an event {code} already. `mande events load` changes it.")
        sender = settings().mail
        on = f"{day or clock.now():%Y-%m-%d}"
        data = {
            "code": code,
            "title": title,
            "convenor": convenor or sender.sender_name,
            "time_zone": time_zone,
            "manager": {"name": manager_name or sender.sender_name, "email": manager_email or sender.sender},
            "meetings": [
                {"code": "meeting", "title": title, "starts": f"{on} 09:00", "ends": f"{on} 17:00", "format": kind}
            ],
        }
        event = files.save(session, described.parse(data, f"The event {code}"), audit.operator())
        click.echo(f"{event.code} is set up: {event.title}.")


@events.command("list")
def list_events() -> None:
    """List the events, the latest first: code, first day, how many people, title."""
    with startup.application(), db.reading() as session:
        lines = listings.events(session, listings.EventFilter())
    if not lines:
        click.echo("There is no event yet. `mande events load --help` tells how to set one up.")
    width = max((len(line.event.code) for line in lines), default=0)
    for line in lines:
        first = f"{line.begins:%Y-%m-%d}" if line.event.meetings else "no meeting"
        click.echo(f"{line.event.code:<{width}}  {first:<10}  {line.attendees:>5} people  {line.event.title}")


def _watched(records: Sequence[Record]) -> Iterable[Record]:
    """The records one by one, with a bar where there are so many that it takes a while."""
    if len(records) < MANY:
        yield from records
        return
    with click.progressbar(records, label="Reading", file=sys.stderr) as bar:
        yield from bar


@click.group()
def attendees() -> None:
    """Say who was at an event."""


@attendees.command("import")
@click.argument("event")
@click.argument("file", type=A_FILE)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--good-rows", is_flag=True, help="Take the good rows even where others are refused.")
@click.option("--refused", type=click.Path(dir_okay=False, writable=True, path_type=Path),
              help="Write the refused rows to this file, with what is wrong in a column in front.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="Tell only refused rows and the sums.")
def import_attendees(event: str, file: Path, dry_run: bool, good_rows: bool, refused: Path | None, quiet: bool) -> None:
    """Take the attendee list FILE into EVENT, and tell row by row what was made, changed or refused and why.

    FILE is CSV from any spreadsheet program: UTF-8 or Windows-1252; comma, semicolon or tab. It needs a column for the
    e-mail address, and for new people name and meetings. Known columns, by these or similar names:

    \b
      e-mail, name (or given name and family name), organisation, position, country, sector, gender, language,
      role (participant, speaker, partner; several: "speaker; partner"), meetings (code or title, both, all, none),
      mode (in person, online), time zone, partner (yes or its name), and one column a meeting with ticks

    Other columns are named and ignored. An empty cell erases nothing, and taking a file twice changes nothing. Where a
    row is refused, nothing at all is imported unless --good-rows is given; the exit code is then 1.
    """
    data = file.read_bytes()
    with startup.application(), _explained():
        if dry_run:
            with db.reading() as session:
                planned = imports.plan(session, operations.find(session, event), data, _watched)
            done = False
        else:
            with db.transaction() as session:
                planned, done = _import(session, operations.find(session, event), data, file.name, good_rows)
    _tell(planned, quiet, done)
    if refused and planned.refused:
        header, rows = imports.refused_rows(planned)
        refused.write_text(csv_text(header, rows), encoding="utf-8-sig", newline="")
        click.echo(f"The refused rows are in {refused}.")
    if planned.refused:
        raise SystemExit(1)


def _import(session: Session, event: Event, data: bytes, filename: str, good_rows: bool) -> tuple[Plan, bool]:
    """What was planned, and whether it was done."""
    operations.lock(session, event)
    planned = imports.plan(session, event, data, _watched)
    if planned.refused and not good_rows:
        return planned, False
    imports.carry_out(session, event, planned, filename, audit.operator())
    return planned, True


def _tell(planned: Plan, quiet: bool, done: bool) -> None:
    if planned.sheet.encoding != "UTF-8":
        click.echo(f"Read as {planned.sheet.encoding}: look whether the names are right.")
    if planned.sheet.ignored:
        click.echo(f"Ignored columns: {', '.join(planned.sheet.ignored)}")
    for report in planned.reports:
        if report.outcome is Outcome.REFUSED or not quiet:
            _tell_row(report)
    sums = ", ".join(f"{count} {outcome}" for outcome, count in planned.counts.items() if count)
    if done:
        click.echo(f"Imported: {sums}.")
    elif planned.refused:
        click.secho(f"Nothing was imported. {sums}. With --good-rows the good rows would be.", fg="red", err=True)
    else:
        click.echo(f"Nothing was imported: this was a dry run. {sums}.")


def _tell_row(report: RowReport) -> None:
    outcome = click.style(f"{report.outcome:<9}", fg=COLOURS.get(report.outcome))
    who = f"{report.name} <{report.email}>" if report.email else report.name
    click.echo(f"row {report.number:>4}  {outcome}  {who}")
    for reason in report.reasons:
        click.echo(f"            {reason}")
    if report.outcome is Outcome.CHANGED:
        for change in report.changes:
            click.echo(f"            {change.field}: {change.before or '(empty)'} → {change.after}")
    for notice in report.notices:
        click.echo(f"            note: {notice}")
