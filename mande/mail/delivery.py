"""Delivering one message: deriving its link, giving it form, handing it over, and saying what became of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from html import escape

from mande import clock
from mande import tokens
from mande.keyring import KeyringError
from mande.mail import mime
from mande.mail import schedule
from mande.mail.letter import MARK
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.smtp import Connection
from mande.mail.smtp import LostError
from mande.mail.smtp import RefusedError
from mande.mail.smtp import sender_address
from mande.web import settings

KEY_MISSING_WAIT = timedelta(hours=1)
WORDS_KEPT = 300
_TOKEN_MARK = "[[token]]"  # noqa: S105 (a mark in a path, not a password)


@dataclass(frozen=True)
class Outcome:
    """What became of one message: its new state, and why. It is tried again after `wait`.

    `spent` is 1 where this counts as an attempt. `lost` tells that the connection went while it was handed over.
    """

    state: MessageState
    problem: str | None = None
    wait: timedelta | None = None
    spent: int = 1
    lost: bool = False


def deliver(connection: Connection, message: Message) -> Outcome:
    """Hands one message over. Whatever is wrong with it becomes its outcome; UnusableError concerns all and goes on."""
    try:
        token = _token(message)
    except KeyringError as error:
        return Outcome(MessageState.RETRYING, str(error), KEY_MISSING_WAIT, spent=0)
    sender = sender_address(settings().mail)
    try:
        recipient = mime.address(message.to_address)
        form = _form(message, sender, recipient, token)
    except Exception as error:  # whatever it is, it is this message's, and the others must go
        return Outcome(MessageState.FAILED, f"This message could not be given form: {error}"[:WORDS_KEPT])
    try:
        connection.send(recipient, form)
    except RefusedError as error:
        words = _harmless(str(error), token)
        return Outcome(MessageState.FAILED, words) if error.permanent else _later(message, words)
    except LostError as error:
        return _later(message, _harmless(str(error), token), lost=True)
    return Outcome(MessageState.SENT)


def _later(message: Message, problem: str, lost: bool = False) -> Outcome:
    wait = schedule.wait_after(message.attempts + 1)
    return Outcome(MessageState.FAILED if wait is None else MessageState.RETRYING, problem, wait, lost=lost)


def _token(message: Message) -> str | None:
    """The token of the message's link, which is stored nowhere. Raises KeyringError where its key is gone."""
    if message.link_key is None or message.link_subject is None or message.link_nonce is None:
        return None
    return tokens.derive(settings().link_keys.find(message.link_key), message.link_subject, message.link_nonce)


def _form(message: Message, sender: str, recipient: str, token: str | None) -> bytes:
    if not message.text or not message.html:
        raise ValueError("it has no body")
    link = "" if token is None else settings().base_url + (message.link_path or "").replace(_TOKEN_MARK, token)
    if bool(link) != (MARK in message.text) or bool(link) != (MARK in message.html):
        raise ValueError("it has a link without a place for it, or a place without a link")
    return mime.assemble(
        _headers(message, sender, recipient), message.text.replace(MARK, link), message.html.replace(MARK, escape(link))
    )


def _headers(message: Message, sender: str, recipient: str) -> Iterator[bytes]:
    utf8 = not recipient.isascii()
    yield mime.mailbox_header("From", settings().mail.sender_name, sender, utf8)
    yield mime.mailbox_header("To", message.to_name, recipient, utf8)
    yield mime.mailbox_header("Reply-To", message.reply_to_name, mime.address(message.reply_to_address), utf8)
    yield mime.header("Subject", message.subject, utf8)
    yield mime.header("Date", format_datetime(clock.now()))
    yield mime.header("Message-ID", message.message_id)
    if message.in_reply_to:
        yield mime.header("In-Reply-To", message.in_reply_to)
        yield mime.header("References", message.in_reply_to)
    yield mime.header("Auto-Submitted", "auto-generated")
    yield mime.header("Content-Language", message.language)
    yield mime.header("X-Mande-Kind", message.kind.value)


def _harmless(words: str, token: str | None) -> str:
    """The server's words, shortened; a server that quotes our message must not put its link into the database."""
    if token is not None:
        words = re.sub(re.escape(token), "…", words, flags=re.IGNORECASE)
    return words if len(words) <= WORDS_KEPT else words[: WORDS_KEPT - 1] + "…"
