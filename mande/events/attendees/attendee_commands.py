"""Commands about the attendees of an event."""

import sys
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mande import db
from mande import startup
from mande import workbooks
from mande.cells import csv_text
from mande.events import operations
from mande.events.importing import imports
from mande.events.importing import remembering
from mande.events.importing.imports import Outcome
from mande.events.importing.imports import Plan
from mande.events.importing.imports import RowReport
from mande.events.importing.layouts import Wish
from mande.events.importing.layouts import said
from mande.events.importing.sheets import SheetError
from mande.events.kinds import Role
from mande.events.models import Event
from mande.events.operations import EventNotFoundError
from mande.events.records import person_addresses
from mande.staff import audit

T = TypeVar("T")

COLOURS = {Outcome.MADE: "green", Outcome.CHANGED: "cyan", Outcome.REFUSED: "red"}
MANY = 1000
LEAVE_OUT = ("leave out", "none", "")


@click.group()
def attendees() -> None:
    """Say who was at an event."""


@attendees.command("import")
@click.argument("event")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", "columns", multiple=True, metavar="NAME=MEANING",
              help='What a column means: "Delegate=name", "Notes=leave out". May be given several times.')  # fmt: skip
@click.option("--sheet", default="", help="The sheet of a workbook, where several hold a list.")
@click.option("--header-row", type=click.IntRange(min=0),
              help="The row with the names of the columns. Default: found by the names; 0: there is none.")  # fmt: skip
@click.option("--meetings", help="Which meetings everybody attended of whom the list says nothing: codes, all or none.")
@click.option("--role", type=click.Choice([role.value for role in Role]),
              help="The role of newcomers for whom the list gives none. Default: participant.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--good-rows", is_flag=True, help="Take the good rows even where others are refused.")
@click.option("--refused", type=click.Path(dir_okay=False, writable=True, path_type=Path),
              help="Write the refused rows to this file (.csv, .xlsx), what is wrong in front.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="Tell only refused rows and the sums.")
def import_attendees(
    event: str, file: Path, columns: tuple[str, ...], sheet: str, header_row: int | None, meetings: str | None,
    role: str | None, dry_run: bool, good_rows: bool, refused: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Take the attendee list FILE into EVENT, and tell row by row what was made, changed or refused and why.

    FILE is a workbook (.xlsx), or CSV from any program: UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab. Titles
    above the names of the columns and totals below the list are passed over. It needs a column for the e-mail address,
    and for new people name and meetings. Known columns, by these or similar names in several languages:

    \b
      e-mail (several: the first is the main address), other e-mail, name (or given name and family name),
      organisation, position, country, sector, gender, age band, accessibility, language, time zone,
      discreet (yes: at risk; a list never takes that away), stakeholder group (one of the event's),
      role (participant, speaker, partner; several: "speaker; partner"), partner (yes or its name),
      meetings (code or title, both, all, none) or one column a meeting with ticks, mode (in person, online),
      status (rows of those who cancelled, declined or were refused are left out), checked in

    Exports of Indico, pretix and Eventbrite are recognised. What --column says is remembered for the next list whose
    columns have the same names. Other columns are named and ignored. An empty cell erases nothing, and taking a file
    twice changes nothing. Where a row is refused, nothing at all is imported unless --good-rows is given; the exit code
    is then 1.

    \b
    Example:
      mande attendees import WP1873v list.xlsx --column "Delegate=name" --meetings part-one --dry-run
    """
    data = file.read_bytes()
    with startup.application(), _explained():
        if dry_run:
            with db.reading() as session:
                found = operations.find(session, event)
                wish = _wish(found, columns, sheet, header_row, meetings, role)
                planned = imports.plan(session, found, data, wish, _watched)
            done = False
        else:
            with db.transaction() as session:
                found = operations.find(session, event)
                wish = _wish(found, columns, sheet, header_row, meetings, role)
                planned, done = _import(session, found, data, wish, file.name, good_rows)
    _tell(planned, quiet, done)
    if refused and planned.refused:
        _write_refused(planned, refused)
    if planned.refused:
        raise SystemExit(1)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (EventNotFoundError, SheetError) as error:
        raise click.ClickException(str(error)) from error
    except IntegrityError as error:
        raise click.ClickException(
            "Nothing was imported: somebody else was changing the same people. Run the command again."
        ) from error


def _wish(
    event: Event, columns: Sequence[str], sheet: str, row: int | None, meetings: str | None, role: str | None
) -> Wish:
    told: dict[str, str | None] = {}
    for pair in columns:
        name, equals, meaning = pair.rpartition("=")
        if not equals or not name:
            raise click.ClickException(f"--column “{pair}” is not of the form NAME=MEANING, as in “Delegate=name”.")
        wanted = meaning.strip().lower()
        told[name.strip()] = None if wanted in LEAVE_OUT else wanted.replace(" ", "_") if ":" not in wanted else wanted
    return Wish(sheet, row, told, _meetings(event, meetings), Role(role) if role else None)


def _meetings(event: Event, said_of_all: str | None) -> tuple[str, ...] | None:
    codes = [meeting.code for meeting in event.meetings]
    if said_of_all is None:
        return None
    if said_of_all.strip().lower() in ("all", "none"):
        return tuple(codes) if said_of_all.strip().lower() == "all" else ()
    named = [code.strip() for code in said_of_all.replace(";", ",").split(",") if code.strip()]
    unknown = [code for code in named if code not in codes]
    if unknown:
        raise click.ClickException(f"--meetings: {', '.join(unknown)} is none of: {', '.join(codes)}, all, none.")
    return tuple(code for code in codes if code in named)


def _watched(what: str, items: Sequence[T]) -> Iterable[T]:
    """The items one by one, with a bar where there are so many that it takes a while."""
    if len(items) < MANY:
        yield from items
        return
    with click.progressbar(items, label=what, file=sys.stderr) as bar:
        yield from bar


def _import(
    session: Session, event: Event, data: bytes, wish: Wish, filename: str, good_rows: bool
) -> tuple[Plan, bool]:
    """What was planned, and whether it was done."""
    operations.lock(session, event)
    person_addresses.lock(session)
    planned = imports.plan(session, event, data, wish, _watched)
    if planned.refused and not good_rows:
        return planned, False
    imports.carry_out(session, event, planned, filename, audit.operator())
    if wish.columns:
        remembering.remember(session, planned.layout)
    return planned, True


def _tell(planned: Plan, quiet: bool, done: bool) -> None:
    layout = planned.layout
    if layout.system:
        click.echo(f"Recognised as an export of {layout.system}.")
    if layout.table.name:
        click.echo(f"Sheet: {layout.table.name}")
    if layout.row > 1:
        click.echo(f"The names of the columns are taken from row {layout.row}.")
    if layout.table.encoding == "Windows-1252":
        click.echo(f"Read as {layout.table.encoding}: look whether the names are right.")
    if layout.remembered:
        click.echo("The columns mean what was said of the last list of this kind.")
    taken = [f"{name} = {said(column)}" for name, column in layout.meant.items() if column]
    click.echo(f"Columns: {'; '.join(taken)}")
    if layout.ignored:
        click.echo(f"Ignored columns: {', '.join(layout.ignored)}")
    for remark in planned.remarks:
        click.echo(remark)
    for report in planned.reports:
        if report.outcome is Outcome.REFUSED or not quiet:
            _tell_row(report)
    sums = ", ".join(f"{count} {outcome.replace('_', ' ')}" for outcome, count in planned.counts.items() if count)
    if done:
        click.echo(f"Imported: {sums}.")
    elif planned.refused:
        click.secho(f"Nothing was imported. {sums}. With --good-rows the good rows would be.", fg="red", err=True)
    else:
        click.echo(f"Nothing was imported: this was a dry run. {sums}.")


def _tell_row(report: RowReport) -> None:
    outcome = click.style(f"{report.outcome.replace('_', ' '):<9}", fg=COLOURS.get(report.outcome))
    who = f"{report.name} <{report.email}>" if report.email else report.name
    click.echo(f"row {report.number:>4}  {outcome}  {who}".rstrip())
    for reason in report.reasons:
        click.echo(f"            {reason}")
    if report.outcome is Outcome.CHANGED:
        for change in report.changes:
            click.echo(f"            {change.field}: {change.before or '(empty)'} → {change.after}")
    for notice in report.notices:
        click.echo(f"            note: {notice}")


def _write_refused(planned: Plan, path: Path) -> None:
    header, rows = imports.refused_rows(planned)
    if path.suffix.lower() == ".xlsx":
        path.write_bytes(workbooks.write({"refused": [header, *rows]}))
    else:
        path.write_text(csv_text(header, rows), encoding="utf-8-sig", newline="")
    click.echo(f"The refused rows are in {path}.")
