"""What waits although it is due: how much, for how long, and what was left half-way."""

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.mail.models import Message
from mande.mail.models import MessageState

# A minute or two is usual: a limit for the receiving domain, a mail server that is started anew.
BEHIND = timedelta(minutes=15)


@dataclass(frozen=True)
class Backlog:
    """`due` messages wait, the oldest since `since`; `left` are in the hands of workers that did not come back."""

    now: datetime
    due: int
    since: datetime | None
    left: int

    @property
    def age(self) -> timedelta:
        """How long the oldest message has been due; nothing where none is."""
        return timedelta(0) if self.since is None else self.now - self.since

    @property
    def is_behind(self) -> bool:
        return self.age > BEHIND


def backlog(session: Session) -> Backlog:
    now = clock.now()
    waiting = Message.state.in_((MessageState.QUEUED, MessageState.RETRYING))
    due, since = session.execute(
        select(func.count(), func.min(Message.due_at)).where(waiting, Message.due_at <= now)
    ).one()
    left = select(func.count()).where(Message.state == MessageState.SENDING, Message.lease_until < now)
    return Backlog(now, due, since, session.scalar(left) or 0)
