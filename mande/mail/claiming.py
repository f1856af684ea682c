"""Taking one message after another into a worker's hands, and writing down what became of each.

A worker holds one message at a time. The transaction that writes down what became of one takes the next, so a message
costs one commit, nothing is claimed that is not sent at once, and a crash leaves one message in doubt.
"""

from collections.abc import Callable
from collections.abc import Mapping
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import cast

from sqlalchemy import Connection
from sqlalchemy import Table
from sqlalchemy import Update
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update

from mande import clock
from mande import db
from mande.mail import pace
from mande.mail.delivery import Outcome
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.outbox import WIPED
from mande.pacing import minute_of

# Longer than all the time-outs of one message's way over SMTP together.
LEASE = timedelta(minutes=5)

_table = cast(Table, Message.__table__)
# Spelt out, as the condition of the index on due_at is: with parameters SQLite would not use that index.
_WAITING = text("state IN ('queued', 'retrying')")
_DUE = (_WAITING, _table.c.due_at <= bindparam("now", type_=_table.c.due_at.type))
_FIRST = select(_table.c.id).where(*_DUE).order_by(_table.c.due_at).limit(1).with_for_update(skip_locked=True)
_ONE = update(_table).where(_table.c.id == bindparam("one"))


class Claims:
    """A worker's hands during one round: `take` fills them, `settle` empties them and takes the next.

    `connection` is from `db.plain_transactions`, and the round has it for itself. What they hold is a
    row of the table: it reads like a Message, and nothing can be changed by it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._exhausted: frozenset[str] = frozenset()
        self._minute: datetime | None = None

    def take(self) -> Message | None:
        """The message that has been due longest, if there is one to a domain that may be offered another one now."""
        return self._within(self._claim)

    def settle(self, message: Message, outcome: Outcome, go_on: bool = True) -> Message | None:
        """Writes down what became of a message, and takes the next unless told not to. Both in one transaction.

        What was sent is marked so even if it was cancelled meanwhile; nothing else is written of a message that is no
        longer in our hands.
        """

        def work() -> Message | None:
            _write_down(self._connection, message, outcome)
            return self._claim() if go_on else None

        return self._within(work)

    def put_back(self, message: Message) -> None:
        """Returns a message to where it was before it was claimed, as if nobody had."""
        state = MessageState.RETRYING if message.attempts else MessageState.QUEUED
        with self._connection.begin():
            _if_ours(self._connection, message, {"state": state, "lease_until": None})
            pace.give_back(self._connection, message.to_domain, clock.now())

    def _within(self, work: Callable[[], Message | None]) -> Message | None:
        while True:
            try:
                with self._connection.begin():
                    return work()
            except _OverPaceError as error:
                self._exhausted |= {error.domain}

    def _claim(self) -> Message | None:
        connection, now = self._connection, clock.now()
        if self._minute != minute_of(now):
            self._minute, self._exhausted = minute_of(now), pace.exhausted(connection, now)
        claiming = _claiming(self._exhausted) if self._exhausted else _CLAIM_ANY
        found = connection.execute(claiming, {"now": now, "until": now + LEASE}).one_or_none()
        if found is not None and not pace.count(connection, found.to_domain, now):
            raise _OverPaceError(found.to_domain)
        return cast("Message | None", found)


class _OverPaceError(Exception):
    """Another worker has offered this domain the last that it may be in this minute: the transaction is undone."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain)
        self.domain = domain


def is_any_due() -> bool:
    """Whether any message is due: all that a round costs which finds none."""
    with db.plain_reading() as connection:
        return connection.execute(_ANY, {"now": clock.now()}).first() is not None


def hold(problem: str) -> int:
    """Writes to all messages that are due why nothing is sent at the moment; returns how many they are."""
    now = clock.now()
    with db.plain_transaction() as connection:
        connection.execute(_HOLD, {"now": now, "why": problem})
        return connection.execute(_HELD, {"now": now}).scalar_one()


def _write_down(connection: Connection, message: Message, outcome: Outcome) -> None:
    now, attempts = clock.now(), message.attempts + outcome.spent
    if outcome.state is MessageState.SENT:
        # The first time counts: what came back for now is sent again within so many hours of it.
        first = message.sent_at or now
        values = {"one": message.id, "attempts": attempts, "sent_at": first, "carrier_reference": outcome.reference}
        connection.execute(_SENT, values)
        if message.problem and not message.attempts:
            connection.execute(_RELEASE, {"now": now})
        return
    values = {"state": outcome.state, "attempts": attempts, "problem": outcome.problem,
              "due_at": now + (outcome.wait or timedelta(0)), "lease_until": None}  # fmt: skip
    _if_ours(connection, message, values)


def _if_ours(connection: Connection, message: Message, values: Mapping[str, Any]) -> None:
    ours = _ONE.where(_table.c.state == MessageState.SENDING, _table.c.lease_until == message.lease_until)
    connection.execute(ours.values(**values), {"one": message.id})


def _claiming(exhausted: frozenset[str]) -> Update:
    first = _FIRST.where(_table.c.to_domain.not_in(exhausted)) if exhausted else _FIRST
    values = {"state": MessageState.SENDING, "lease_until": bindparam("until")}
    return update(_table).where(_table.c.id == first.scalar_subquery()).values(values).returning(*_table.c)


_CLAIM_ANY = _claiming(frozenset())
_ANY = select(1).where(*_DUE).limit(1)
_HELD = select(func.count()).select_from(_table).where(*_DUE)
_HOLD = (
    update(_table).where(*_DUE, _table.c.problem.is_distinct_from(bindparam("why"))).values(problem=bindparam("why"))
)
# What was never offered has a problem only because it was held.
_RELEASE = (
    update(_table)
    .where(*_DUE, _table.c.state == MessageState.QUEUED, _table.c.problem.is_not(None))
    .values(problem=None)
)
# The report that it could not be delivered may have come before we wrote down that it was taken.
_SENT = _ONE.where(_table.c.state != MessageState.BOUNCED).values(
    **WIPED,
    state=MessageState.SENT,
    lease_until=None,
    problem=None,
    attempts=bindparam("attempts"),
    sent_at=bindparam("sent_at"),
    carrier_reference=bindparam("carrier_reference"),
)
