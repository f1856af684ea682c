"""`mande mail receive` and `mande mail fetch`: what came back, by a mail server's pipe or out of a mailbox."""

import os
import sys

import click

from mande import db
from mande import startup
from mande.mail.incoming import inbox
from mande.mail.incoming import reading
from mande.mail.incoming.inbox import UnusableInboxError
from mande.mail.incoming.receiving import receive as take
from mande.web import settings

# What mail servers make of an exit code (sysexits.h): 65, the message is none; 75, keep it and try again later.
NO_MESSAGE = 65
LATER = 75


@click.command()
@click.argument("recipient", default="")
def receive(recipient: str) -> None:
    """Take one message that came back, from standard input: for a mail server's pipe.

    RECIPIENT is the address for which the server took it. Whatever keeps Mande from working on it, the exit code is 75,
    at which the server keeps the message and tries again.
    """
    raw = sys.stdin.buffer.read(reading.LONGEST)
    while sys.stdin.buffer.read(1 << 16):
        pass  # a server whose message is not read to its end takes that for a failure
    if not raw.strip():
        click.echo("There is no message on standard input.", err=True)
        sys.exit(NO_MESSAGE)
    # Postfix' local(8) and Exim tell the address by these names.
    recipient = recipient or os.environ.get("ORIGINAL_RECIPIENT", "") or os.environ.get("RECIPIENT", "")
    try:
        with startup.application(), db.transaction() as session:
            take(session, raw, recipient)
    except Exception as error:  # whatever it is, the message must not be lost
        click.echo(f"Not now: {type(error).__name__}: {error}", err=True)
        sys.exit(LATER)


@click.command()
def fetch() -> None:
    """Work on what is new in the mailbox of MANDE_INBOX_URL, once. `mande worker` does so every minute."""
    with startup.application():
        if not settings().inbox.protocol:
            raise click.ClickException("There is no mailbox: MANDE_INBOX_URL is not set.")
        try:
            done = inbox.fetch_all()
        except UnusableInboxError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{done} worked on.")
