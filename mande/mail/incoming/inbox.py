"""Fetching what came back from a mailbox, by IMAP or POP3, each time over a connection of its own.

A message is marked as worked on only after what followed from it was committed. So whatever breaks off, nothing is
lost, and what is fetched a second time does nothing (see `receiving`).
"""

import imaplib
import poplib
import ssl
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager

import structlog

from mande import db
from mande.config import InboxSettings
from mande.mail.incoming import reading
from mande.mail.incoming.imap import Imap
from mande.mail.incoming.pop import Pop
from mande.mail.incoming.receiving import receive
from mande.mail.kinds import IncomingKind
from mande.web import settings

AT_ONCE = 200  # messages in one round, so that other jobs come to their turn

log = structlog.get_logger()


class UnusableInboxError(Exception):
    """The mailbox cannot be read: not reached, no TLS, wrong password, no such folder. The text says which."""


def read_inbox() -> int:
    """Works on what is new in the mailbox of the settings, if there is one; returns how many messages that were."""
    try:
        return fetch_all() if settings().inbox.protocol else 0
    except UnusableInboxError as error:
        log.warning("the inbox cannot be read", problem=str(error))
        return 0


def fetch_all(tls: ssl.SSLContext | None = None) -> int:
    """Works on up to AT_ONCE new messages and returns how many they were. What people wrote is left there, unread.

    `tls` replaces the usual checks of certificates, for tests. Raises UnusableInboxError; what was worked on until then
    stays so.
    """
    done = 0
    with opened(settings().inbox, tls) as box:
        for number in box.new(AT_ONCE):
            raw = box.fetch(number, reading.LONGEST)
            with db.transaction() as session:
                kind = receive(session, raw)
            box.settle(number, keep=kind is IncomingKind.REPLY)
            done += 1
    return done


@contextmanager
def opened(in_use: InboxSettings, tls: ssl.SSLContext | None = None) -> Iterator[Imap | Pop]:
    """The mailbox, signed in. Raises UnusableInboxError for whatever goes wrong with it, at once or on the way."""
    context = tls or ssl.create_default_context()
    try:
        with closing(Imap(in_use, context) if in_use.protocol == "imap" else Pop(in_use, context)) as box:
            yield box
    except (OSError, EOFError, imaplib.IMAP4.error, poplib.error_proto, UnicodeEncodeError) as error:
        where = f"{in_use.host}:{in_use.port}"
        raise UnusableInboxError(f"The mailbox at {where} cannot be used: {_explained(error)}") from error


def _explained(error: Exception) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "its name or password has letters beyond ASCII, which mailboxes do not take."
    said = error.args[0] if error.args else error
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
