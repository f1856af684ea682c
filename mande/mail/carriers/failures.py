"""Asking the carrier what it could not deliver. A mail server tells of itself, by mail; others wait to be asked."""

from datetime import timedelta

import structlog
from sqlalchemy import select

from mande import clock
from mande import db
from mande.mail import bounces
from mande.mail import carriers
from mande.mail.carriers import Failure
from mande.mail.errors import LostError
from mande.mail.errors import RefusedError
from mande.mail.errors import UnusableError
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.web import settings

# For longer than this no carrier tries to deliver a message.
WATCHED = timedelta(days=7)

log = structlog.get_logger()


def ask() -> int:
    """Records what could not be delivered of the last days' messages; returns how many those were.

    It commits transactions of its own. Where the carrier does not answer, the next round asks again.
    """
    watched = _watched()
    if not watched:
        return 0
    try:
        with carriers.chosen(settings()) as carrier:
            told = [failure for failure in carrier.failures() if failure.reference in watched]
    except (LostError, RefusedError, UnusableError) as error:
        log.warning("carrier not asked", problem=str(error))
        return 0
    return sum(map(_record, told))


def _watched() -> set[str]:
    told_of = select(Message.carrier_reference).where(
        Message.carrier_reference.is_not(None),
        Message.state == MessageState.SENT,
        Message.sent_at > clock.now() - WATCHED,
    )
    with db.reading() as session:
        return {reference for reference in session.scalars(told_of) if reference}


def _record(failure: Failure) -> bool:
    """Whether this is news."""
    meant = select(Message).where(Message.carrier_reference == failure.reference).with_for_update()
    with db.transaction() as session:
        message = session.scalars(meant).one_or_none()
        if message is None or message.state is not MessageState.SENT:
            return False
        bounces.record_failure(session, message, failure.words, failure.permanent)
        message.carrier_reference = None
    return True
