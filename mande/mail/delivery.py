"""Delivering one message: deriving its link, handing it to the carrier, and saying what became of it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import escape

from mande import tokens
from mande.keyring import KeyringError
from mande.mail import mime
from mande.mail import schedule
from mande.mail.carriers import Carrier
from mande.mail.carriers import Prepared
from mande.mail.errors import LostError
from mande.mail.errors import RefusedError
from mande.mail.letter import CODE_MARK
from mande.mail.letter import MARK
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.web import settings

KEY_MISSING_WAIT = timedelta(hours=1)
WORDS_KEPT = 300
_TOKEN_MARK = "[[token]]"  # noqa: S105 (a mark in a path, not a password)


@dataclass(frozen=True)
class Outcome:
    """What became of one message: its new state, and why. It is tried again after `wait`.

    `spent` is 1 where this counts as an attempt. `lost` tells that the connection went while it was handed over.
    `reference` is what the carrier calls it, where it tells later what became of it.
    """

    state: MessageState
    problem: str | None = None
    wait: timedelta | None = None
    spent: int = 1
    lost: bool = False
    reference: str | None = None


def deliver(carrier: Carrier, message: Message) -> Outcome:
    """Hands one message over. Whatever is wrong with it becomes its outcome; UnusableError concerns all and goes on."""
    try:
        token = _token(message)
    except KeyringError as error:
        return Outcome(MessageState.RETRYING, str(error), KEY_MISSING_WAIT, spent=0)
    try:
        prepared = _prepared(message, token)
    except ValueError as error:
        return Outcome(MessageState.FAILED, f"This message could not be given form: {error}"[:WORDS_KEPT])
    try:
        reference = carrier.send(prepared)
    except RefusedError as error:
        words = _harmless(str(error), token)
        return Outcome(MessageState.FAILED, words) if error.permanent else _later(message, words)
    except LostError as error:
        return _later(message, _harmless(str(error), token), lost=True)
    return Outcome(MessageState.SENT, reference=reference)


def _later(message: Message, problem: str, lost: bool = False) -> Outcome:
    wait = schedule.wait_after(message.attempts + 1)
    return Outcome(MessageState.FAILED if wait is None else MessageState.RETRYING, problem, wait, lost=lost)


def _token(message: Message) -> str | None:
    """The token of the message's link, which is stored nowhere. Raises KeyringError where its key is gone."""
    if message.link_key is None or message.link_subject is None or message.link_nonce is None:
        return None
    return tokens.derive(settings().link_keys.find(message.link_key), message.link_subject, message.link_nonce)


def _prepared(message: Message, token: str | None) -> Prepared:
    if not message.text or not message.html:
        raise ValueError("it has no body")
    link = _address(message.link_path, token)
    if bool(link) != (MARK in message.text) or bool(link) != (MARK in message.html):
        raise ValueError("it has a link without a place for it, or a place without a link")
    code = tokens.code(token) if token else ""
    return Prepared(
        id=message.id,
        message_id=message.message_id,
        recipient=mime.address(message.to_address),
        subject=message.subject,
        text=message.text.replace(MARK, link).replace(CODE_MARK, code),
        html=message.html.replace(MARK, escape(link)).replace(CODE_MARK, code),
        attempts=message.attempts,
        to_name=message.to_name,
        sender_name=message.sender_name,
        reply_to=mime.address(message.reply_to_address),
        reply_to_name=message.reply_to_name,
        in_reply_to=message.in_reply_to,
        language=message.language,
        kind=message.kind.value,
        stop=_address(message.stop_path, token) or None,
    )


def _address(path: str | None, token: str | None) -> str:
    """The address of a page behind the message's token; "" where there is neither."""
    return settings().base_url + path.replace(_TOKEN_MARK, token) if path and token else ""


def _harmless(words: str, token: str | None) -> str:
    """The server's words, shortened; a server that quotes our message must not put its link into the database."""
    if token is not None:
        words = re.sub(f"{re.escape(token)}|{tokens.code(token)}", "…", words, flags=re.IGNORECASE)
    return words if len(words) <= WORDS_KEPT else words[: WORDS_KEPT - 1] + "…"
