"""The outbox: writing messages in the transaction that causes them, taking them back, counting them.

Nothing here sends. `mande.mail.sending` does, after the writing transaction was committed.
"""

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import TypeVar
from typing import cast
from uuid import UUID
from uuid import uuid4

from sqlalchemy import Connection
from sqlalchemy import CursorResult
from sqlalchemy import Table
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from mande.mail import mime
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from mande.web import settings

UNSENT = (MessageState.QUEUED, MessageState.RETRYING, MessageState.SENDING)
# What goes as soon as it is not needed: the body, and everything that a personal link is derived from.
WIPED: Mapping[str, None] = dict.fromkeys(
    ("text", "html", "link_path", "link_subject", "link_nonce", "link_key", "stop_path")
)

# How the problem of a message begins that was not sent, or taken back, because its address is suppressed.
NOTHING_SENT = "Nothing is sent to this address: "

# The domain of the addresses of those who were erased: nothing is ever delivered there (RFC 6761).
NOWHERE = "erased.invalid"

_SUBJECT_LENGTH = 300
_CHUNK = 500

T = TypeVar("T")


@dataclass(frozen=True)
class Mailbox:
    """Somebody's name, as people write it, and address. The name may be empty."""

    name: str
    address: str


@dataclass(frozen=True)
class Link:
    """A personal link, derived while sending. `key` is the fingerprint of the link key; `path` holds [[token]].

    Of a message that holds a code instead, `path` is empty, and the code is derived from the same.
    """

    path: str
    subject: UUID
    nonce: bytes
    key: str


@dataclass(frozen=True)
class Draft:
    """A message to be written. `about`, `kind` and `sequence` together make it the only one of its sort.

    `text` and `html` come from `composing.compose`; `due_at` is aware; `in_reply_to` is the Message-ID of an earlier
    message (see `message_ids`), so that mail programs show both in one conversation. `sender_name` stands in for the
    installation's. `stop_path` is where one click ends such messages: a path with [[token]], the token of `link`.
    """

    about: UUID
    kind: MessageKind
    to: Mailbox
    reply_to: Mailbox
    subject: str
    text: str
    html: str
    due_at: datetime
    link: Link | None = None
    sequence: int = 0
    language: str = "en"
    event_id: UUID | None = None
    in_reply_to: str | None = None
    sender_name: str | None = None
    stop_path: str | None = None


def queue(session: Session, drafts: Sequence[Draft]) -> int:
    """Writes the messages that are not there yet, in one statement, and returns how many will be sent.

    A draft whose (about, kind, sequence) exists already is left alone. One to a suppressed address is written as
    cancelled, with the reason, and is not counted; one to nobody (NOWHERE) is not written. Raises ValueError where the
    installation has no sender's address.
    """
    drafts = [draft for draft in drafts if not is_nowhere(draft.to.address)]
    if not drafts:
        return 0
    suppressed = _suppressed(session, {draft.to.address.lower() for draft in drafts})
    domain = mime.address(settings().mail.sender).rpartition("@")[2]
    rows = [_row(draft, domain, suppressed.get(draft.to.address.lower())) for draft in drafts]
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(cast(Table, Message.__table__))
        .on_conflict_do_nothing(index_elements=[Message.about, Message.kind, Message.sequence])
        .returning(Message.state)
    )
    return sum(state is MessageState.QUEUED for state in session.execute(statement, rows).scalars())


def is_nowhere(address: str) -> bool:
    """Whether an address is that of somebody who was erased."""
    return address.endswith(f"@{NOWHERE}")


def cancel(session: Session | Connection, about: Collection[UUID], kinds: Collection[MessageKind], why: str) -> int:
    """Takes back the messages of these kinds about these subjects that have not gone yet; returns how many.

    One that a worker holds at this moment is taken back too: the worker looks again before it sends. If it was
    too late for that, the message ends as sent, which is the truth.
    """
    return _update(session, about, Message.kind.in_(kinds) & Message.state.in_(UNSENT), {**WIPED, **_cancelled(why)})


def forget(session: Session, about: Collection[UUID], why: str = "The link has ended.") -> int:
    """Removes bodies, links and nonces from every message about these subjects; what was unsent becomes cancelled.

    Returns how many were cancelled. Afterwards nothing in the outbox helps to derive one of their links.
    """
    cancelled = _update(session, about, Message.state.in_(UNSENT), {**WIPED, **_cancelled(why)})
    _update(session, about, Message.state.not_in(UNSENT), WIPED)
    return cancelled


def forget_addressee(session: Session, about: Collection[UUID], why: str) -> None:
    """Takes back what is unsent about these subjects, and forgets to whom all that was written about them went."""
    forget(session, about, why)
    _update(session, about, Message.state.in_((MessageState.FAILED, MessageState.BOUNCED)), _cancelled(why))
    _update(session, about, Message.to_address != "", {"to_name": "", "to_address": "", "to_domain": ""})


def send_again(session: Session, event_id: UUID | None, now: datetime) -> int:
    """Gives the failed messages of an event (None: of all events) a fresh start; returns how many there were.

    Those whose body is gone, because their link has ended, stay failed.
    """
    failed = update(Message).where(Message.state == MessageState.FAILED, Message.text.is_not(None))
    if event_id is not None:
        failed = failed.where(Message.event_id == event_id)
    return _count(session, failed.values(state=MessageState.RETRYING, attempts=0, due_at=now))


def states(session: Session, event_id: UUID | None = None) -> dict[MessageKind, dict[MessageState, int]]:
    """How many messages of an event (None: of all) are of each kind in each state. Kinds and states of none are out."""
    counted = select(Message.kind, Message.state, func.count()).group_by(Message.kind, Message.state)
    if event_id is not None:
        counted = counted.where(Message.event_id == event_id)
    found: dict[MessageKind, dict[MessageState, int]] = {}
    for kind, state, count in session.execute(counted):
        found.setdefault(kind, {})[state] = count
    return found


def message_ids(session: Session, about: Collection[UUID], kind: MessageKind) -> dict[UUID, str]:
    """The Message-ID of the first message of a kind about each subject, to be replied to by the next one."""
    found: dict[UUID, str] = {}
    for some in _chunks(about):
        first = select(Message.about, Message.message_id).where(
            Message.about.in_(some), Message.kind == kind, Message.sequence == 0
        )
        found.update(session.execute(first).all())
    return found


def written_anew(draft: Draft) -> dict[str, Any]:
    """The columns of a message that is written anew: all but what it is about, its Message-ID and what it answers."""
    kept = ("about", "kind", "sequence", "event_id", "message_id", "in_reply_to")
    return {name: value for name, value in _row(draft, "", None).items() if name not in kept}


def _row(draft: Draft, domain: str, suppressed: str | None) -> dict[str, Any]:
    link = draft.link
    row = {
        "about": draft.about,
        "kind": draft.kind,
        "sequence": draft.sequence,
        "event_id": draft.event_id,
        "state": MessageState.QUEUED,
        "message_id": f"<{uuid4()}@{domain}>",
        "in_reply_to": draft.in_reply_to,
        "language": draft.language,
        "to_name": draft.to.name,
        "to_address": draft.to.address,
        "to_domain": mime.domain(draft.to.address),
        "sender_name": draft.sender_name,
        "reply_to_name": draft.reply_to.name,
        "reply_to_address": draft.reply_to.address,
        "subject": _shortened(draft.subject),
        "text": draft.text,
        "html": draft.html,
        "link_path": link.path if link else None,
        "link_subject": link.subject if link else None,
        "link_nonce": link.nonce if link else None,
        "link_key": link.key if link else None,
        "stop_path": draft.stop_path,
        "due_at": draft.due_at,
        "attempts": 0,
        "lease_until": None,
        "problem": None,
    }
    return row if suppressed is None else {**row, **WIPED, **_cancelled(NOTHING_SENT + suppressed)}


def _cancelled(why: str) -> dict[str, Any]:
    return {"state": MessageState.CANCELLED, "problem": why[:500], "lease_until": None}


def _shortened(subject: str) -> str:
    return subject if len(subject) <= _SUBJECT_LENGTH else subject[: _SUBJECT_LENGTH - 1].rstrip() + "…"


def _suppressed(session: Session, addresses: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in _chunks(addresses):
        listed = select(Suppression.address, Suppression.reason).where(Suppression.address.in_(some))
        found.update(session.execute(listed).all())
    return found


def _update(session: Session | Connection, about: Collection[UUID], which: Any, values: Mapping[str, Any]) -> int:
    return sum(
        _count(session, update(Message).where(Message.about.in_(some), which).values(**values))
        for some in _chunks(about)
    )


def _count(session: Session | Connection, statement: Any) -> int:
    # Objects of this session that are already loaded are brought up to date by "fetch".
    result = session.execute(statement.execution_options(synchronize_session="fetch"))
    return cast(CursorResult[Any], result).rowcount


def _chunks(items: Collection[T]) -> Iterator[list[T]]:
    listed = list(items)
    return (listed[start : start + _CHUNK] for start in range(0, len(listed), _CHUNK))
