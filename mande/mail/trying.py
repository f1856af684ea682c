"""Sending a message to somebody of the team, to see what it looks like when it arrives.

It goes straight to the carrier, not through the outbox: it is about nobody, is counted nowhere, and whoever sends it
waits to hear what became of it.
"""

from html import escape
from uuid import uuid4

from mande.mail import carriers
from mande.mail import mime
from mande.mail.carriers import Prepared
from mande.mail.composing import Composed
from mande.mail.errors import LostError
from mande.mail.errors import RefusedError
from mande.mail.errors import UnusableError
from mande.mail.letter import MARK
from mande.mail.outbox import Mailbox
from mande.web import settings

# As long as a token, and nobody's: whoever opens it is told that it opens nothing.
NOBODYS_LINK = "/r/test-of-your-own-words"


class TrialError(Exception):
    """The message was not taken. The text says why."""


def send(composed: Composed, to: Mailbox, reply_to: Mailbox, sender_name: str | None = None) -> None:
    """Hands the message over, marked as a test, with a link that opens nothing of anybody's. Raises TrialError."""
    id_, link = uuid4(), settings().base_url + NOBODYS_LINK
    try:
        letter = Prepared(
            id=id_,
            message_id=f"<{id_}@{mime.domain(settings().mail.sender)}>",
            recipient=mime.address(to.address),
            subject=f"Test: {composed.subject}",
            text=composed.text.replace(MARK, link),
            html=composed.html.replace(MARK, escape(link)),
            to_name=to.name,
            sender_name=sender_name,
            reply_to=mime.address(reply_to.address),
            reply_to_name=reply_to.name,
            language=composed.language,
        )
        with carriers.chosen(settings()) as carrier:
            carrier.send(letter)
    except (ValueError, RefusedError, LostError, UnusableError) as error:
        raise TrialError(str(error)) from error
