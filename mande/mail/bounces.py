"""What follows when a message that was sent turns out not to have arrived."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from mande import clock
from mande.mail import outbox
from mande.mail import reasons
from mande.mail import resending
from mande.mail import rewriting
from mande.mail import suppression
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.models import SuppressionReason

_LONGEST = 500
CAME_BACK = "A message to it came back."


def record_failure(
    session: Session, message: Message, words: str, permanent: bool, of_this_address: bool = True
) -> None:
    """Writes down that a message did not arrive, in the words of the other side, and does what follows.

    For good: it counts as bounced, and its address gets no more messages of any kind, unless the words speak against us
    rather than against it (see `reasons`), or it was another address that failed (not `of_this_address`: somebody
    forwards their mail). For now: it is sent again within 72 hours of its first sending, and then counts as bounced;
    its address may have other messages. A message that was taken back or written anew meanwhile stays as it is, and so
    does one whose addressee we were to forget.
    """
    if not message.to_address:
        return
    told = words[:_LONGEST] or None
    if permanent:
        if message.state in (MessageState.SENT, *outbox.UNSENT):
            _came_back(session, message, told)
        if of_this_address and reasons.blames_address(words):
            suppression.suppress(session, message.to_address, SuppressionReason.BOUNCED, words or CAME_BACK)
        return
    if message.state is not MessageState.SENT:
        return
    now = clock.now()
    first = message.sent_at or now
    due_at = resending.again_at(first, now)
    if due_at is None:
        _came_back(session, message, told)
    elif rewriting.rewrite(session, message, due_at):
        # It was offered once already, and when it is counts from then on.
        message.state, message.attempts, message.sent_at, message.problem = MessageState.RETRYING, 1, first, told
        session.flush()


def record_delay(session: Session, message: Message, words: str) -> None:
    """Notes that another server is still trying. It tells us when it gives up."""
    if message.state is MessageState.SENT:
        message.problem = words[:_LONGEST] or None
        session.flush()


def _came_back(session: Session, message: Message, words: str | None) -> None:
    session.execute(
        update(Message)
        .where(Message.id == message.id)
        .values(**outbox.WIPED, state=MessageState.BOUNCED, problem=words, lease_until=None)
        .execution_options(synchronize_session="fetch")
    )
