"""Sending what is due: claim, commit, hand over, mark. docs/delivery.md says what is promised and why it holds."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from typing import cast

import structlog
from sqlalchemy import CursorResult
from sqlalchemy import select
from sqlalchemy import update

from mande import clock
from mande import db
from mande.mail import schedule
from mande.mail.delivery import Outcome
from mande.mail.delivery import deliver
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.outbox import WIPED
from mande.mail.smtp import Connection
from mande.mail.smtp import UnusableError
from mande.web import settings

LEASE = timedelta(minutes=5)
CHUNK = 20  # claimed at once: few, so that a slow server does not outlast the lease
LOSSES = 3  # connections lost in a row until we take it that the server is at fault and not the messages

log = structlog.get_logger()


@dataclass(frozen=True)
class Tally:
    """What became of the messages that were due. `held`: put back untried, because the server takes nothing now."""

    sent: int = 0
    retrying: int = 0
    failed: int = 0
    held: int = 0


def send_due(limit: int = 200) -> Tally:
    """Sends up to `limit` messages whose time has come, the longest due first, over one connection.

    Any number of workers may do so at once. It commits transactions of its own: call it inside of no other.
    """
    tally: Counter[str] = Counter()
    left = limit
    with Connection(settings().mail) as connection:
        while left > 0 and (claimed := _claim(min(CHUNK, left))):
            left -= len(claimed)
            if not _send(connection, claimed, tally):
                break
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
            message.problem = "The program stopped while this message was being sent."
    return len(found)


def _claim(limit: int) -> Sequence[Message]:
    """Takes due messages into our hands until the lease ends. Committed before anything is sent."""
    now = clock.now()
    due = (
        select(Message)
        .where(Message.state.in_((MessageState.QUEUED, MessageState.RETRYING)), Message.due_at <= now)
        .order_by(Message.due_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with db.transaction() as session:
        claimed = session.scalars(due).all()
        for message in claimed:
            message.state = MessageState.SENDING
            message.lease_until = now + LEASE
    return claimed


def _send(connection: Connection, claimed: Sequence[Message], tally: "Counter[str]") -> bool:
    """Sends what was claimed, each message on its own; False where the server is of no use for now."""
    losses = 0
    for position, message in enumerate(claimed):
        if not _still_ours(message):
            continue
        try:
            outcome = deliver(connection, message)
        except UnusableError as error:
            tally["held"] += _put_back(claimed[position:], str(error))
            return False
        _mark(message, outcome)
        tally[outcome.state.value] += 1
        losses = losses + 1 if outcome.lost else 0
        if losses == LOSSES:
            tally["held"] += _put_back(
                claimed[position + 1 :], f"The mail server dropped {LOSSES} connections in a row."
            )
            return False
    return True


def _still_ours(message: Message) -> bool:
    """Renews the lease. False where the message was cancelled meanwhile, or where our lease ran out."""
    renewed = clock.now() + LEASE
    kept = _change(message, {"lease_until": renewed}, if_ours=True)
    message.lease_until = renewed
    return kept


def _mark(message: Message, outcome: Outcome) -> None:
    """Writes down what became of a message, at once. What was sent is marked so even if it was cancelled meanwhile."""
    now = clock.now()
    values = {"state": outcome.state, "attempts": message.attempts + outcome.spent, "lease_until": None,
              "problem": outcome.problem}  # fmt: skip
    if outcome.state is MessageState.SENT:
        _change(message, {**values, **WIPED, "sent_at": now})
        return
    _change(message, {**values, "due_at": now + (outcome.wait or timedelta(0))}, if_ours=True)
    log.info("message not sent", message=str(message.id), state=outcome.state.value)  # its problem may hold an address


def _put_back(messages: Sequence[Message], problem: str) -> int:
    """Returns messages to the state they were in before they were claimed, as if nobody had; tells how many."""
    log.warning("mail held back", messages=len(messages), problem=problem)
    returned = 0
    for message in messages:
        state = MessageState.RETRYING if message.attempts else MessageState.QUEUED
        returned += _change(message, {"state": state, "lease_until": None, "problem": problem}, if_ours=True)
    return returned


def _change(message: Message, values: Mapping[str, Any], if_ours: bool = False) -> bool:
    """Changes one row in a transaction of its own; `if_ours` only while it is in our hands. False if it was not."""
    statement = update(Message).where(Message.id == message.id)
    if if_ours:
        statement = statement.where(Message.state == MessageState.SENDING, Message.lease_until == message.lease_until)
    with db.transaction() as session:
        result = session.execute(statement.values(**values).execution_options(synchronize_session=False))
    return cast(CursorResult[Any], result).rowcount == 1
