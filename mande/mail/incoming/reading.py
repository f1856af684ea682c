"""Working out what a message that came back to us is. Pure: bytes in, a verdict out, and never an exception.

What arrives was written by anybody: a report is believed only as far as it leads to a message of ours, by the code in
our return path or by our Message-ID, neither of which can be guessed.
"""

import logging
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header
from email.header import make_header
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256
from itertools import takewhile
from uuid import UUID

from flufl.bounce import all_failures

from mande.mail import reasons
from mande.mail.incoming import automatic
from mande.mail.incoming import reports
from mande.mail.incoming import words
from mande.mail.incoming.reports import Failure
from mande.mail.kinds import IncomingKind

LONGEST = 2 * 1024 * 1024  # what is beyond is cut: a report says at its beginning what there is to say

_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc", "Resent-To")
_RETURNED_ID = re.compile(r"^[ >\t]*(?:X-Original-)?Message-ID:\s*(<[!-;=?-~]{3,190}>)", re.IGNORECASE | re.MULTILINE)
_ANY_ID = re.compile(r"<[!-;=?-~]{3,190}>")
_DAEMON = re.compile(r"(?:mailer-daemon|postmaster|mail[ -]?delivery|microsoftexchange\w*|bounces?-?)", re.IGNORECASE)
_WARNING = re.compile(
    r"warning (?:message )?only|do not need to resend|(?:will|to) (?:be retried|continue|keep trying)|"
    r"not yet been delivered|no action is required|still undelivered|warning: (?:message|could)",
    re.IGNORECASE,
)
_OPENING = 800  # letters at the beginning of a text, where a warning says that it is one
_TEXT_READ = 20_000

# What one of its detectors stumbles over is somebody's mail, and not for the log.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

Own = Callable[[str], UUID | None]


@dataclass(frozen=True)
class Verdict:
    """What a message is.

    `returned`: the id of a message of ours in the return path that this came to. `references`: Message-IDs in it, of
    which one may be ours. `failures`: recipients that were not reached, or (`delayed`) not so far. `complaint`: a
    mailbox's owner called our message unwanted; its kind is then `stop`.
    """

    kind: IncomingKind
    returned: UUID | None = None
    references: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    complaint: bool = False


def read(raw: bytes, own: Own, recipient: str = "") -> Verdict:
    """What `raw` is. `own` tells whose return path an address is; `recipient` is where the server took it for."""
    try:
        message = message_from_bytes(raw[:LONGEST])
        verdict = _read(message)
        returned = next((found for one in _addresses(message, recipient) if (found := own(one))), None)
        return replace(verdict, returned=returned, references=tuple(_references(message, raw)))
    except Exception:  # whatever it is, it came from outside, and the next message must be read
        return Verdict(IncomingKind.UNKNOWN)


def digest(raw: bytes) -> str:
    """64 letters by which a message is known again, whichever server handed it over.

    The lines that servers add on the way do not count, nor do line endings.
    """
    plain = raw[:LONGEST].replace(b"\r\n", b"\n").strip()
    head, _blank, body = plain.partition(b"\n\n")
    told = []
    try:
        headers = message_from_bytes(head + b"\n\n")
        told = [" ".join(str(headers.get(name, "")).split()) for name in ("Message-ID", "From", "Date", "Subject")]
    except Exception:  # as above: what cannot be read is known by all of its bytes
        body = plain
    lines = b"\n".join(line.rstrip() for line in body.strip().split(b"\n"))
    return sha256("\n".join(told).encode("utf-8", "replace") + b"\n\n" + lines).hexdigest()


def _read(message: Message) -> Verdict:
    subject = _subject(message)
    if reports.complaint(message):
        return Verdict(IncomingKind.STOP, complaint=True)
    report = reports.delivery_report(message)
    text = _text(message)
    if report is not None and report.failed:
        return Verdict(IncomingKind.FAILED, failures=tuple(_with_text(one, text) for one in report.failed))
    if report is not None and report.delayed:
        return Verdict(IncomingKind.DELAYED, failures=report.delayed)
    if report is not None:
        return Verdict(IncomingKind.AUTOMATIC)
    if found := _heuristics(message, subject, text):
        return found
    if automatic.asks_to_stop(subject, ""):
        return Verdict(IncomingKind.STOP)  # mail programs may say that they wrote it, at a click of a person
    if automatic.is_automatic(message, subject):
        return Verdict(IncomingKind.AUTOMATIC)
    if not _sender(message) or not (subject or text.strip()):
        return Verdict(IncomingKind.UNKNOWN)
    return Verdict(IncomingKind.STOP if automatic.asks_to_stop(subject, text) else IncomingKind.REPLY)


def _heuristics(message: Message, subject: str, text: str) -> Verdict | None:
    """What flufl.bounce makes of a report in a form of its own, or a mail server's text does."""
    if automatic.is_out_of_office(subject):
        return None
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # a detector that stumbles leaves the rest to us
        temporary, permanent = frozenset(), frozenset()
    if permanent and not _WARNING.search(f"{subject} {text[:_OPENING]}"):
        return Verdict(IncomingKind.FAILED, failures=tuple(_told(text, one) for one in sorted(permanent)))
    if temporary or permanent:
        return Verdict(IncomingKind.DELAYED, failures=tuple(_told(text, one) for one in sorted(temporary | permanent)))
    if not _DAEMON.match(_sender(message)):
        return None
    told = _told(text, b"")
    if not words.status(told.words) and not words.reply_code(told.words):
        return Verdict(IncomingKind.AUTOMATIC)
    warns = _WARNING.search(f"{subject} {text[:_OPENING]}")
    return Verdict(IncomingKind.DELAYED if warns else IncomingKind.FAILED, failures=(told,))


def _with_text(failure: Failure, text: str) -> Failure:
    """A failure of which the report says next to nothing, in the words of the text that goes with it."""
    if len(failure.words) > len(failure.status):
        return failure
    said = words.kept(f"{failure.status} {_told(text, failure.address.encode()).words}")
    return replace(failure, words=said, permanent=not reasons.is_passing(said))


def _told(text: str, address: bytes) -> Failure:
    """The lines of a report's text from the first that holds a code or names the address, as what was said of it."""
    named = reports.address(address.decode("utf-8", "replace"))
    lines = [line.strip() for line in text.splitlines()]
    coded = (number for number, line in enumerate(lines) if words.status(line) or words.reply_code(line))
    naming = (number for number, line in enumerate(lines) if named and named in line.lower())
    place = next(coded, None)
    place = next(naming, None) if place is None else place
    said = [] if place is None else list(takewhile(_speaks, lines[place : place + 3]))
    kept = words.kept(" ".join(said))
    return Failure(named, words.status(kept), kept, permanent=not reasons.is_passing(kept))


def _speaks(line: str) -> bool:
    return bool(line) and not line.startswith("---")


def _subject(message: Message) -> str:
    try:
        return str(make_header(decode_header(str(message.get("Subject", ""))))).strip()
    except (LookupError, ValueError):
        return str(message.get("Subject", "")).strip()


def _sender(message: Message) -> str:
    found = getaddresses([str(value) for value in message.get_all("From", [])])
    return found[0][1] or found[0][0] if found else ""


def _text(message: Message) -> str:
    """The first part of plain text, or of text at all."""
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    parts.sort(key=lambda part: part.get_content_type() != "text/plain")
    for part in parts[:1]:
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            try:
                return payload[:_TEXT_READ].decode(part.get_content_charset("utf-8"), "replace")
            except LookupError:
                return payload[:_TEXT_READ].decode("utf-8", "replace")
    return ""


def _addresses(message: Message, recipient: str) -> Iterator[str]:
    """Where it was sent to, and which return path what it returns had."""
    yield recipient
    yield from _found(message, _TO)
    for part in message.walk():
        if part is not message:
            yield from _found(part, ("Return-Path", "Original-Mail-From", "X-Original-Return-Path"))


def _found(part: Message, names: Iterable[str]) -> Iterator[str]:
    values = [str(value) for name in names for value in part.get_all(name, [])]
    for _name, address in getaddresses(values):
        yield reports.address(address)


def _references(message: Message, raw: bytes) -> Iterator[str]:
    """Message-IDs that it returns or answers, the likeliest first, each once."""
    body = raw[:LONGEST].replace(b"\r\n", b"\n").partition(b"\n\n")[2].decode("utf-8", "replace")
    answered = " ".join(str(message.get(name, "")) for name in ("In-Reply-To", "References"))
    found = [*_RETURNED_ID.findall(body), *_ANY_ID.findall(answered)]
    yield from list(dict.fromkeys(found))[:50]
