"""Doing what follows from a message that came back: once, by whichever way it came and however often."""

from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import Table
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from mande import clock
from mande.mail import bounces
from mande.mail import mime
from mande.mail import stopping
from mande.mail import suppression
from mande.mail import verp
from mande.mail.incoming import reading
from mande.mail.incoming.reading import Verdict
from mande.mail.incoming.reports import Failure
from mande.mail.kinds import IncomingKind
from mande.mail.models import Incoming
from mande.mail.models import Message
from mande.mail.models import Suppression
from mande.mail.models import SuppressionReason
from mande.web import settings

COMPLAINED = "Somebody at this address called a message unwanted"

log = structlog.get_logger()


def receive(session: Session, raw: bytes, recipient: str = "") -> IncomingKind:
    """Works on a message as it came, with its headers, and returns what it is. The second time nothing is done.

    `recipient` is the address for which the mail server took it, where it tells. Never raises for what is in `raw`.
    """
    verdict = reading.read(raw, _own, recipient)
    message = _find(session, verdict)
    kind = _known(verdict, message)
    failure = _foremost(verdict, message)
    new = _remember(session, reading.digest(raw), kind, message, failure)
    if new and message is not None:
        _act(session, verdict, message, failure)
    if new:
        log.info("mail came in", kind=kind.value, message=str(message.id) if message else None)
    return kind


def counts(session: Session) -> dict[IncomingKind, int]:
    """How many messages of each kind have come in so far."""
    return dict(session.execute(select(Incoming.kind, func.count()).group_by(Incoming.kind)).all())


def _own(address: str) -> UUID | None:
    """Whose return path an address is."""
    in_use = settings()
    return verp.read(in_use.mail.bounce_address, address, verp.key_of(in_use.secret_key))


def _find(session: Session, verdict: Verdict) -> Message | None:
    """The message of ours that it is about, locked; None where it is about none."""
    wanted = select(Message).with_for_update()
    if verdict.returned is not None:
        found = session.scalars(wanted.where(Message.id == verdict.returned)).one_or_none()
        if found is not None:
            return found
    known = {one.message_id: one for one in session.scalars(wanted.where(Message.message_id.in_(verdict.references)))}
    return next((known[one] for one in verdict.references if one in known), None)


def _known(verdict: Verdict, message: Message | None) -> IncomingKind:
    """What is kept of its kind: what a stranger's report or a stranger's wish is about, nobody knows."""
    needs_one = verdict.kind in (IncomingKind.FAILED, IncomingKind.DELAYED) or verdict.complaint
    return IncomingKind.UNKNOWN if needs_one and message is None else verdict.kind


def _foremost(verdict: Verdict, message: Message | None) -> Failure | None:
    """Of several recipients' failures the one of our addressee."""
    ours = [one for one in verdict.failures if message is not None and _same(one.address, message.to_address)]
    return next(iter([*ours, *verdict.failures]), None)


def _remember(
    session: Session, digest: str, kind: IncomingKind, message: Message | None, failure: Failure | None
) -> bool:
    """Writes down that it came. False where it had come before."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    values = {
        "digest": digest,
        "seen_at": clock.now(),
        "kind": kind,
        "about_message": message.id if message else None,
        "words": failure.words or None if failure else None,
    }
    statement = dialect.insert(cast(Table, Incoming.__table__)).values(**values).on_conflict_do_nothing()
    return session.scalar(statement.returning(Incoming.digest)) is not None


def _act(session: Session, verdict: Verdict, message: Message, failure: Failure | None) -> None:
    if verdict.complaint:
        suppression.suppress(session, message.to_address, SuppressionReason.COMPLAINED, COMPLAINED)
    elif verdict.kind is IncomingKind.STOP:
        stopping.stop(session, message)
    elif verdict.kind is IncomingKind.DELAYED and failure is not None:
        bounces.record_delay(session, message, failure.words)
    elif verdict.kind is IncomingKind.FAILED and failure is not None and not _is_of_former(session, failure, message):
        of_this = not failure.address or _same(failure.address, message.to_address)
        bounces.record_failure(session, message, failure.words, failure.permanent, of_this)


def _is_of_former(session: Session, failure: Failure, message: Message) -> bool:
    """Whether it is about the address that the message went to before somebody corrected it."""
    elsewhere = bool(failure.address) and not _same(failure.address, message.to_address)
    return elsewhere and session.get(Suppression, failure.address) is not None


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(address: str) -> str:
    try:
        return mime.address(address.strip()).lower()
    except ValueError:
        return address.strip().lower()
