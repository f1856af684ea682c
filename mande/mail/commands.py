"""`mande mail`: what an operator does about messages. docs/delivery.md says when."""

from uuid import uuid4

import click

from mande import clock
from mande import db
from mande import startup
from mande.mail import carriers
from mande.mail import mime
from mande.mail import outbox
from mande.mail import sending
from mande.mail.carriers import Prepared
from mande.mail.errors import LostError
from mande.mail.errors import RefusedError
from mande.mail.errors import UnusableError
from mande.mail.incoming import commands as incoming
from mande.web import settings

TEST_TEXT = "This message was sent by “mande mail test”. That you read it shows that Mande can send mail.\n"


@click.group()
def mail() -> None:
    """Send what is due, try again what failed, and find out whether mail leaves at all.

    `mande worker` sends by itself. These commands are for setting up and for the day after a mail server was down.
    """


@mail.command()
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="Send no more than this.")
def send(limit: int) -> None:
    """Send what is due now, once. Exit code 1 if the mail server takes nothing."""
    with startup.application():
        freed = sending.sweep()
        tally = sending.send_due(limit)
    if freed:
        click.echo(f"{freed} were left half-way by a program that stopped; they were due again.")
    click.echo(f"{tally.sent} sent, {tally.retrying} to be tried again, {tally.failed} failed, {tally.held} held back.")
    if tally.held:
        raise click.ClickException("The mail server takes nothing now. `mande mail test ADDRESS` says why.")


@mail.command()
def states() -> None:
    """Count the messages of all events by kind and state."""
    with startup.application(), db.reading() as session:
        counts = outbox.states(session)
    for kind, of_kind in sorted(counts.items()):
        listed = ", ".join(f"{count} {state}" for state, count in sorted(of_kind.items()))
        click.echo(f"{kind}: {listed}")
    if not counts:
        click.echo("No message has been written yet.")


@mail.command()
def again() -> None:
    """Give all failed messages a fresh start, once what made them fail is mended."""
    with startup.application(), db.transaction() as session:
        count = outbox.send_again(session, None, clock.now())
    click.echo(f"{count} will be sent again by the worker, or by `mande mail send`.")


@mail.command()
@click.argument("address")
def test(address: str) -> None:
    """Send one message to ADDRESS with the settings in use, and say what the mail server says."""
    with startup.application():
        in_use = settings().mail
        try:
            letter = _test_letter(mime.address(address))
            with carriers.chosen(settings()) as carrier:
                carrier.send(letter)
        except (ValueError, RefusedError, LostError, UnusableError) as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{carrier.name} took a message to {address} from {in_use.sender}.")


def _test_letter(recipient: str) -> Prepared:
    id_, domain = uuid4(), mime.domain(settings().mail.sender)
    return Prepared(
        id=id_,
        message_id=f"<{id_}@{domain}>",
        recipient=recipient,
        subject="Test of Mande's mail",
        text=TEST_TEXT,
        html=f"<p>{TEST_TEXT.strip()}</p>\n",
    )


mail.add_command(incoming.receive)
mail.add_command(incoming.fetch)
