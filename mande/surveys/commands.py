"""`mande survey`: the life of an event's surveys from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from sqlalchemy.orm import Session

from mande import db
from mande import startup
from mande.events.models import Role
from mande.events.operations import EventNotFoundError
from mande.events.operations import find
from mande.keyring import KeyringError
from mande.staff import audit
from mande.surveys import operations
from mande.surveys import panel
from mande.surveys.mailings import timeline
from mande.surveys.mailings import wording
from mande.surveys.mailings.timeline import Entry
from mande.surveys.models import Wave
from mande.surveys.operations import OpeningError
from mande.surveys.panel import Overview
from mande.surveys.questionnaires.definition import DefinitionError
from mande.surveys.reminders import zone_of
from mande.surveys.results.closing import ClosingError

ROLES = click.Choice([role.value for role in Role])
one_or_more_roles = click.option(
    "--role", "roles", type=ROLES, multiple=True, help="Only this role; may be given again. Without it: every role."
)


@click.group()
def survey() -> None:
    """Open, watch, remind and close the surveys of an event.

    An event has one survey for each role: participants, speakers, partners. A person with several roles is asked once:
    as partner, else as speaker, else as participant. `mande worker` sends what these commands write.
    """


@survey.command("open")
@click.argument("event")
@one_or_more_roles
@click.option(
    "--closes",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Last day to answer, as 2021-06-30. Without it: so many days from now as the event says, 21 unless changed.",
)
@click.option("--even-before-the-end", is_flag=True, help="Ask although the event's last meeting is not over.")
@click.option("--followup", is_flag=True, help="Ask what became of it, months later, with questionnaires of its own.")
def open_(
    event: str, roles: tuple[str, ...], closes: datetime | None, even_before_the_end: bool, followup: bool
) -> None:
    """Invite everybody who attended EVENT, each with a link of their own.

    Doing it again invites only those who came to the list since; nobody is invited twice.

    \b
    Examples:
      mande survey open WP1873v
      mande survey open WP1873v --role speaker --closes 2021-06-30
      mande survey open WP1873v --followup
    """
    with _transaction() as session:
        found = find(session, event)
        opened = operations.open_surveys(
            session,
            found,
            _roles(roles),
            audit.operator(),
            closes_at=operations.end_of_day(closes.date() if closes else None, found),
            even_before_the_end=even_before_the_end,
            wave=Wave.FOLLOWUP if followup else Wave.EVENT,
        )
        zone = zone_of(found.time_zone)
    for role, number in opened.invited.items():
        click.echo(f"{role.value:<12} {number:>5} invited")
    click.echo(
        f"{opened.queued} messages are waiting for `mande worker`. "
        f"Open until {opened.closes_at.astimezone(zone):%d %B %Y, %H:%M %Z}."
    )


@survey.command("list")
@click.argument("event")
def list_(event: str) -> None:
    """Say of each survey of EVENT whether it is open, until when, and how many have answered."""
    with _reading() as session:
        waves = panel.waves(session, find(session, event))
    for seen in waves:
        _show(seen)


@survey.command("remind")
@click.argument("event")
def remind(event: str) -> None:
    """Remind now those invited to EVENT who have not answered.

    Reminders by the event's rule go out by themselves; this is one more. Whoever was written to within a day is left
    alone, and nobody is written to outside their working hours.
    """
    with _transaction() as session:
        number = operations.remind(session, find(session, event), audit.operator())
    click.echo(f"{number} reminders are waiting for `mande worker`.")


@survey.command("timeline")
@click.argument("event")
def show_timeline(event: str) -> None:
    """Say what went out for EVENT and what will go out by itself, when, and to how many.

    What is paused, moved or skipped is so on the event's page "Messages". Numbers of what is to come are those of now:
    only people who have not answered by then are reminded.
    """
    with _reading() as session:
        found = find(session, event)
        waves = [(wave, timeline.entries(session, found, wave)) for wave in Wave]
    for wave, entries in waves:
        if entries:
            click.echo(f"{wording.wave(wave)}:")
        for entry in entries:
            _tell(entry, found.time_zone)
    if not any(entries for _wave, entries in waves):
        click.echo(f"Nothing goes out by itself for {found.code}.")


@survey.command("close")
@click.argument("event")
@one_or_more_roles
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@click.option(
    "--leave-out-broken",
    is_flag=True,
    help="Close although responses are damaged or lacking, which are lost then. Without it, nothing is changed.",
)
def close(event: str, roles: tuple[str, ...], yes: bool, leave_out_broken: bool) -> None:
    """Close the open surveys of EVENT, for good.

    Submitted answers are counted; drafts, links and keys are destroyed. Nobody can tell afterwards who wrote what, and
    nothing can open a survey again. Surveys also close by themselves on their closing date.
    """
    with _reading() as session:
        seen = panel.overview(session, find(session, event))
    if not seen.is_open:
        raise click.ClickException(f"No survey of {seen.event.code} is open.")
    if not yes:
        _show(seen)
        click.confirm("Closing is final: there is no opening again. Close?", abort=True)
    with _transaction() as session:
        closed = operations.close_surveys(
            session, find(session, event), _roles(roles), audit.operator(), leave_out_broken=leave_out_broken
        )
    for one in closed:
        lost = f", {one.left_out} damaged and lost" if one.left_out else ""
        kept = "" if one.answered >= one.survey.k else f"; fewer than {one.survey.k}, so only the rate is kept"
        click.echo(f"{one.survey.role.value:<12} {one.answered} of {one.invited} answered{lost}{kept}")


def _tell(entry: Entry, zone: str) -> None:
    at = wording.when(entry.first, zone) if entry.first else "no date yet"
    sent, coming = sum(entry.written.sent.values()), len(entry.turns)
    numbers = [*([f"sent to {sent}"] if sent else []), *([f"to {coming}"] if coming else [])]
    click.echo(f"  {at:<30} {wording.name(entry):<24} {wording.state(entry.state):<12} {', '.join(numbers)}".rstrip())
    if why := wording.why(entry):
        click.echo(f"  {'':<30} {why}")


def _show(seen: Overview) -> None:
    if not seen.lines:
        click.echo(f"{seen.event.code} has no attendees yet. See `mande attendees import --help`.")
    zone = zone_of(seen.event.time_zone)
    if seen.wave is Wave.FOLLOWUP:
        click.echo("Follow-up, months later:")
    for line in seen.lines:
        if line.survey is None or line.survey.closes_at is None:
            click.echo(f"{line.role.value:<12} not opened   {line.people} to ask")
            continue
        until = f"{line.survey.closes_at.astimezone(zone):%d %B %Y, %H:%M %Z}"
        rate = f" ({line.rate:.0%})" if line.rate is not None else ""
        told = f"{line.answered} of {line.invited} answered{rate}"
        click.echo(f"{line.role.value:<12} {line.state:<12} {told}, until {until}")
    if seen.newcomers and any(line.survey for line in seen.lines):
        click.echo(f"{seen.newcomers} have not been asked yet: `{_opens(seen)}` invites them.")


def _opens(seen: Overview) -> str:
    return f"mande survey open {seen.event.code}" + " --followup" * (seen.wave is Wave.FOLLOWUP)


def _roles(names: tuple[str, ...]) -> list[Role] | None:
    return [Role(name) for name in names] or None


@contextmanager
def _transaction() -> Iterator[Session]:
    with _explained(), startup.application(), db.transaction() as session:
        yield session


@contextmanager
def _reading() -> Iterator[Session]:
    with _explained(), startup.application(), db.reading() as session:
        yield session


@contextmanager
def _explained() -> Iterator[None]:
    """What the user can put right is said in a sentence, without a traceback."""
    try:
        yield
    except (ClosingError, DefinitionError, EventNotFoundError, KeyringError, OpeningError) as problem:
        raise click.ClickException(str(problem)) from problem
