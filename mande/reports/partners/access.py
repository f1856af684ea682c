"""How a reader gets in: by a code sent to their own address, and then for some hours in the browser that gave it.

Neither code nor session is stored: only what they are recognised by. Of a code that is a digest made with the link key,
because eight digits alone could be found by trying them all.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from limits import parse
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande import tokens
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.reports.models import Reader
from mande.reports.models import ReaderCode
from mande.reports.models import ReaderSession
from mande.reports.models import ReaderVisit
from mande.reports.partners import letters
from mande.reports.partners import readers
from mande.reports.partners.letters import CODE_LASTS
from mande.staff import throttle
from mande.web import settings

ATTEMPTS = 5
CODES = 3
WITHIN = timedelta(hours=1)
SESSION_LASTS = timedelta(hours=8)
# Readers of one ministry often come from one address.
PER_PLACE = parse("10 per 1 hour")
SIGNED_IN = "signed in"


class TooOftenError(Exception):
    """As many codes have been sent as are sent in an hour."""


class WrongCodeError(Exception):
    """The code is not the one that was sent last. `left`: how many attempts it still has."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left


@dataclass(frozen=True)
class Entered:
    """A reader who has signed in. `csrf` goes into the forms of their pages."""

    reader: Reader
    digest: bytes

    @property
    def csrf(self) -> str:
        return hmac.digest(settings().secret_key.encode(), b"reader's forms" + self.digest, "sha256").hex()


def send_code(session: Session, reader: Reader) -> None:
    """Sends a new code, which ends the former one. Raises TooOftenError."""
    recent = select(func.count(Message.id)).where(
        Message.about == reader.id,
        Message.kind == MessageKind.PARTNER_CODE,
        Message.due_at > clock.now() - WITHIN,
    )
    if (session.scalar(recent) or 0) >= CODES or not throttle.hit(PER_PLACE, "reader's code"):
        raise TooOftenError
    known = session.get(ReaderCode, reader.id, with_for_update=True) or ReaderCode(reader_id=reader.id)
    nonce = tokens.new_nonce()
    key = settings().link_keys.find(reader.link_key)
    known.digest = _digest(reader, tokens.code(tokens.derive(key, reader.id, nonce)))
    known.sent = letters.next_sequence(session, reader, MessageKind.PARTNER_CODE)
    known.sent_at, known.expires_at, known.attempts = clock.now(), clock.now() + CODE_LASTS, 0
    session.add(known)
    session.flush()
    outbox.cancel(session, [reader.id], [MessageKind.PARTNER_CODE], "A newer code was asked for.")
    outbox.queue(session, [letters.code(session, reader, nonce, known.sent)])


def awaits_code(session: Session, reader: Reader) -> bool:
    """Whether a code was sent that may still be given."""
    return _usable(session.get(ReaderCode, reader.id))


def enter(session: Session, reader: Reader, typed: str) -> str:
    """Signs the reader in with the code that was sent last; returns what this browser is to keep.

    A code works once. Raises WrongCodeError: the attempt counts, so the transaction must be kept.
    """
    known = session.get(ReaderCode, reader.id, with_for_update=True)
    if known is None or not _usable(known):
        raise WrongCodeError(0)
    known.attempts += 1
    given = "".join(one for one in typed if one.isdecimal() and one.isascii())
    if not hmac.compare_digest(known.digest, _digest(reader, given)):
        session.flush()
        raise WrongCodeError(ATTEMPTS - known.attempts)
    known.expires_at = clock.now()
    secret = secrets.token_urlsafe(32)
    session.execute(delete(ReaderSession).where(ReaderSession.expires_at <= clock.now()))
    session.add(
        ReaderSession(digest=tokens.digest(secret), reader_id=reader.id, expires_at=clock.now() + SESSION_LASTS)
    )
    visited(session, reader, SIGNED_IN)
    return secret


def entered(session: Session, secret: str | None) -> Entered | None:
    """Who has signed in in the browser that keeps this; None where nobody has, or may read no more."""
    if not secret:
        return None
    digest = tokens.digest(secret)
    wanted = (
        select(Reader)
        .join(ReaderSession, ReaderSession.reader_id == Reader.id)
        .where(ReaderSession.digest == digest, ReaderSession.expires_at > clock.now())
        .options(joinedload(Reader.partner))
    )
    reader = session.scalars(wanted).one_or_none()
    return Entered(reader, digest) if reader and readers.is_valid(reader, clock.now()) else None


def leave(session: Session, entered: Entered) -> None:
    """Ends the session of this browser."""
    session.execute(delete(ReaderSession).where(ReaderSession.digest == entered.digest))


def visited(
    session: Session, reader: Reader, what: str, event_id: UUID | None = None, edition_id: UUID | None = None
) -> None:
    """Writes down what a reader opened, for staff to see."""
    session.add(ReaderVisit(reader_id=reader.id, at=clock.now(), what=what, event_id=event_id, edition_id=edition_id))
    session.flush()


def _usable(known: ReaderCode | None) -> bool:
    return known is not None and known.expires_at > clock.now() and known.attempts < ATTEMPTS


def _digest(reader: Reader, code: str) -> bytes:
    key = settings().link_keys.find(reader.link_key)
    return tokens.digest(tokens.derive(key, reader.id, code.encode(), b"code"))
