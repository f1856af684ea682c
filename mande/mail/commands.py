"""`mande mail`: what an operator does about messages. docs/delivery.md says when."""

from email.utils import format_datetime
from uuid import uuid4

import click

from mande import clock
from mande import db
from mande import startup
from mande.mail import mime
from mande.mail import outbox
from mande.mail import sending
from mande.mail.smtp import Connection
from mande.mail.smtp import LostError
from mande.mail.smtp import RefusedError
from mande.mail.smtp import UnusableError
from mande.mail.smtp import sender_address
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
            recipient = mime.address(address)
            with Connection(in_use) as connection:
                connection.send(recipient, _test_message(recipient))
        except (ValueError, RefusedError, LostError, UnusableError) as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{in_use.host}:{in_use.port} took a message to {address} from {in_use.sender}.")


def _test_message(recipient: str) -> bytes:
    in_use = settings().mail
    sender = sender_address(in_use)
    utf8 = not recipient.isascii()
    headers = (
        mime.mailbox_header("From", in_use.sender_name, sender, utf8),
        mime.mailbox_header("To", "", recipient, utf8),
        mime.header("Subject", "Test of Mande's mail"),
        mime.header("Date", format_datetime(clock.now())),
        mime.header("Message-ID", f"<{uuid4()}@{sender.rpartition('@')[2]}>"),
        mime.header("Auto-Submitted", "auto-generated"),
    )
    return mime.assemble(headers, TEST_TEXT, f"<p>{TEST_TEXT.strip()}</p>\n")
