"""Commands about events."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from mande import clock
from mande import db
from mande import startup
from mande.events import operations
from mande.events.browsing import event_list
from mande.events.describing import described
from mande.events.describing import files
from mande.events.describing import storing
from mande.events.describing.described import EventFileError
from mande.events.kinds import Format
from mande.events.operations import EventNotFoundError
from mande.staff import audit
from mande.web import settings

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (EventNotFoundError, EventFileError) as error:
        raise click.ClickException(str(error)) from error


@click.group()
def events() -> None:
    """Set events up: what has a code, a title, partners, intended outcomes, and one or more meetings."""


@events.command("load")
@click.argument("file", type=A_FILE)
def load(file: Path) -> None:
    """Set up the event that the YAML FILE describes, or bring it up to date if its code is known.

    \b
    The file holds: code, title, summary, convenor, programme, time_zone, manager (name, email), partners (name,
    country), objectives, outcomes, meetings (code, title, starts, ends, format, place, topics), stakeholder_groups
    (name, sought; was: its former name), dac_code, crs_code, oda_eligible, oda_share (per cent), k, days_open,
    checkin_months, checkin_days_before (a date of their own; or never), checkin_hours (09:00-17:00, where people are),
    reminder_days, discreet. Times are those of the event's time zone; what is left out of a file for a known event
    falls back to its default, reminder_days aside, which then stay. demo/WP1873v.yaml is an example.
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
        event = storing.save(session, described.parse(data, f"The event {code}"), audit.operator())
        click.echo(f"{event.code} is set up: {event.title}.")


@events.command("list")
def list_events() -> None:
    """List the events, the latest first: code, first day, how many people, title."""
    with startup.application(), db.reading() as session:
        lines = event_list.everything(session)
    if not lines:
        click.echo("There is no event yet. `mande events load --help` tells how to set one up.")
    width = max((len(line.event.code) for line in lines), default=0)
    for line in lines:
        first = f"{line.begins:%Y-%m-%d}" if line.event.meetings else "no meeting"
        click.echo(f"{line.event.code:<{width}}  {first:<10}  {line.attendees:>5} people  {line.event.title}")
