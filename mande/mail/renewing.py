"""Writing messages that wait anew, because what they may say has changed."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from mande.mail import outbox
from mande.mail import rewriting
from mande.mail.models import Message
from mande.mail.models import MessageState

WAITING = (MessageState.QUEUED, MessageState.RETRYING)


def renew(session: Session, messages: Iterable[Message], why: str) -> int:
    """Writes each of these messages, which wait and are locked, in the words of now; returns how many there were.

    They go when they were to go. What is not to be sent any more is taken back, for the reason `why`.
    """
    count = 0
    for message in messages:
        count += 1
        before = {"state": message.state, "attempts": message.attempts, "problem": message.problem}
        if not rewriting.rewrite(session, message, message.due_at):
            before = {**outbox.WIPED, "state": MessageState.CANCELLED, "problem": why}
        for name, value in before.items():
            setattr(message, name, value)
    session.flush()
    return count
