"""Sending what is due: claim, commit, hand over, mark. docs/delivery.md says what is promised and why it holds.

`delivery.deliver(carrier, message)` is given a row of the table: it has the attributes of a Message, and changing them
changes nothing. What became of the message is its outcome alone.
"""

from collections import Counter
from dataclasses import dataclass

import structlog
from sqlalchemy import select

from mande import clock
from mande import db
from mande.mail import carriers
from mande.mail import claiming
from mande.mail import pace
from mande.mail import schedule
from mande.mail.carriers import Carrier
from mande.mail.delivery import Outcome
from mande.mail.delivery import deliver
from mande.mail.errors import UnusableError
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.web import settings

LOSSES = 3  # connections lost in a row until we take it that the server is at fault and not the messages
STOPPED = "The program stopped while this message was being sent."

log = structlog.get_logger()


@dataclass(frozen=True)
class Tally:
    """What became of the messages that were due. `held`: left waiting, because the server takes nothing now."""

    sent: int = 0
    retrying: int = 0
    failed: int = 0
    held: int = 0


def send_due(limit: int = 200) -> Tally:
    """Sends up to `limit` messages whose time has come, the longest due first, over one connection.

    Those to a domain that has been offered its share of this minute are passed over. Any number of workers may do so
    at once. It commits transactions of its own: call it inside of no other.
    """
    if not claiming.is_any_due():
        return Tally()
    tally: Counter[str] = Counter()
    with carriers.chosen(settings()) as carrier, db.plain_transactions() as connection:
        problem = _send(carrier, claiming.Claims(connection), limit, tally)
    if problem:
        tally["held"] = claiming.hold(problem)
        log.warning("mail held back", messages=tally["held"], problem=problem)
    return Tally(**tally)


def sweep() -> int:
    """Gives messages back whose worker did not come back within the lease; returns how many.

    Whether such a message has gone is not known, so it is sent again, with the same Message-ID. The attempt counts: a
    message that stops every worker ends as failed.
    """
    now = clock.now()
    stale = (
        select(Message)
        .where(Message.state == MessageState.SENDING, Message.lease_until < now)
        .with_for_update(skip_locked=True)
    )
    with db.transaction() as session:
        found = session.scalars(stale).all()
        for message in found:
            message.attempts += 1
            given_up = schedule.wait_after(message.attempts) is None
            message.state = MessageState.FAILED if given_up else MessageState.RETRYING
            message.lease_until, message.due_at = None, now
            message.problem = STOPPED
        pace.forget(session.connection(), now)
    return len(found)


def _send(carrier: Carrier, claims: claiming.Claims, limit: int, tally: "Counter[str]") -> str | None:
    """Sends one message after another. Returns why it ended before all were sent, where the server is at fault."""
    losses, left = 0, limit
    message = claims.take()
    while message is not None:
        try:
            outcome = deliver(carrier, message)
        except UnusableError as error:
            claims.put_back(message)
            return str(error)
        left -= 1
        losses = losses + 1 if outcome.lost else 0
        tally[outcome.state.value] += 1
        _tell(message, outcome)
        message = claims.settle(message, outcome, go_on=left > 0 and losses < LOSSES)
    return f"The mail server dropped {LOSSES} connections in a row." if losses == LOSSES else None


def _tell(message: Message, outcome: Outcome) -> None:
    if outcome.state is not MessageState.SENT:  # its problem may hold an address
        log.info("message not sent", message=str(message.id), state=outcome.state.value)
