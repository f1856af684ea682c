"""Who of an event could not be written to, and sending them again what did not arrive.

One line an address, whatever was sent to it. Nobody is named whose message merely waits, or was taken back because they
answered: from that one could tell who has. For the same reason sending again ends alike for those who have answered
and those who have not (see `rewriting.Wish`).
"""

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.mail import outbox
from mande.mail import reasons
from mande.mail import rewriting
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from mande.mail.models import SuppressionReason
from mande.mail.reasons import Reason

INSTEAD = "Another message was sent instead."
NOT_ANY_MORE = "There was nothing left to send."


@dataclass(frozen=True)
class Unreached:
    """An address to which something could not be delivered.

    `words` are the other side's, or why nothing is sent to it; `messages` is how many did not arrive.
    """

    address: str
    name: str
    state: MessageState
    words: str
    stopped: SuppressionReason | None
    messages: int

    @property
    def reason(self) -> Reason | None:
        """None where somebody decided that nothing is sent to it."""
        return None if self.stopped in (SuppressionReason.BY_HAND, SuppressionReason.COMPLAINED) else self._said

    @property
    def may_go_again(self) -> bool:
        """Whether the same address may be tried again from here."""
        return self.reason is not None

    @property
    def _said(self) -> Reason:
        return reasons.reason(self.words)


def unreached(session: Session, event_id: UUID) -> list[Unreached]:
    """The addresses of an event to which something could not be delivered, by name."""
    by_address: dict[str, list[tuple[Message, Suppression | None]]] = defaultdict(list)
    for message, stopped in _troubled(session, event_id):
        by_address[message.to_address.lower()].append((message, stopped))
    lines = [_line(found) for found in by_address.values()]
    return sorted(lines, key=lambda line: (line.name.casefold(), line.address))


def waiting_again(session: Session, event_id: UUID) -> Counter[Reason]:
    """Why messages of an event wait to be tried again, and how many for each reason."""
    problems = select(Message.problem).where(Message.event_id == event_id, Message.state == MessageState.RETRYING)
    return Counter(reasons.reason(problem or "") for problem in session.scalars(problems))


def send_again(session: Session, event_id: UUID, address: str) -> int:
    """Writes anew what could not be delivered to an address, to wherever its people are written to now.

    Returns how many messages will go: of a survey's several the invitation, or else the latest; of check-ins the
    latest. The others count as cancelled, and so does what there is no reason to send any more.
    """
    wanted = address.strip().lower()
    found = [message for message, _stopped in _troubled(session, event_id) if message.to_address.lower() == wanted]
    chosen = _chosen(found)
    sent = 0
    for message in found:
        if message in chosen and rewriting.rewrite(session, message, by_hand=True):
            sent += 1
        else:
            message.state = MessageState.CANCELLED
            message.problem = NOT_ANY_MORE if message in chosen else INSTEAD
            for name in outbox.WIPED:
                setattr(message, name, None)
    session.flush()
    return sent


def _troubled(session: Session, event_id: UUID) -> list[tuple[Message, Suppression | None]]:
    """What was given up, and what was never sent because nothing is sent to its address."""
    of_address = Suppression.address == func.lower(Message.to_address)
    never_sent = and_(Message.state == MessageState.CANCELLED, Message.problem.startswith(outbox.NOTHING_SENT))
    statement = (
        select(Message, Suppression)
        .outerjoin(Suppression, of_address)
        .where(
            Message.event_id == event_id,
            or_(Message.state.in_((MessageState.FAILED, MessageState.BOUNCED)), never_sent),
        )
        .order_by(Message.due_at, Message.sequence, Message.id)
    )
    return [(message, stopped) for message, stopped in session.execute(statement)]


def _line(found: Sequence[tuple[Message, Suppression | None]]) -> Unreached:
    message, stopped = max(found, key=lambda one: one[0].state is not MessageState.CANCELLED)
    decided = stopped is not None and stopped.kind is not SuppressionReason.BOUNCED
    return Unreached(
        address=message.to_address,
        name=message.to_name,
        state=message.state,
        words=stopped.reason if stopped and decided else (message.problem or "").removeprefix(outbox.NOTHING_SENT),
        stopped=stopped.kind if stopped else None,
        messages=len(found),
    )


def _chosen(found: Iterable[Message]) -> list[Message]:
    """Of the messages about one subject the invitation, else the latest. `found` is in order of time."""
    by_subject: dict[object, Message] = {}
    for message in found:
        subject = message.kind if message.kind is MessageKind.CHECK_IN else message.about
        kept = by_subject.get(subject)
        if kept is None or kept.kind is not MessageKind.INVITATION:
            by_subject[subject] = message
    return list(by_subject.values())
