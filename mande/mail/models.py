"""The outbox: one row for each e-mail, from its writing to its arrival."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from mande.db import Model
from mande.db import enum_column
from mande.db import random_id


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRYING = "retrying"
    FAILED = "failed"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"


class MessageKind(StrEnum):
    INVITATION = "invitation"
    REMINDER = "reminder"
    CHECK_IN = "check_in"


class Message(Model):
    """One e-mail. What it is about, its kind and its sequence make it the only one of its sort.

    `text` and `html` hold the mark `[[link]]` where the personal link goes: the token itself is derived while sending
    and is never stored. All that could identify a link or a reader goes once the message is sent.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("about", "kind", "sequence"),
        CheckConstraint("sequence >= 0", name="sequence_not_negative"),
        CheckConstraint("state <> 'sending' OR lease_until IS NOT NULL", name="sending_has_a_lease"),
        CheckConstraint("state <> 'sent' OR (text IS NULL AND html IS NULL)", name="sent_has_no_body"),
        CheckConstraint("state NOT IN ('queued', 'retrying', 'sending') OR text IS NOT NULL", name="unsent_has_a_body"),
        Index("ix_message_due", "due_at", postgresql_where=text("state IN ('queued', 'retrying')"),
              sqlite_where=text("state IN ('queued', 'retrying')")),
        Index("ix_message_event", "event_id", "kind", "state"),
    )  # fmt: skip

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID | None]
    about: Mapped[UUID]
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind, "kind"))
    sequence: Mapped[int] = mapped_column(default=0)
    state: Mapped[MessageState] = mapped_column(enum_column(MessageState, "state"), default=MessageState.QUEUED)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    in_reply_to: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="en")
    to_name: Mapped[str] = mapped_column(String(200))
    to_address: Mapped[str] = mapped_column(String(254))
    reply_to_name: Mapped[str] = mapped_column(String(200))
    reply_to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str | None] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    # The link: a path with the mark [[token]], and what its token is derived from.
    link_path: Mapped[str | None] = mapped_column(String(200))
    link_subject: Mapped[UUID | None]
    link_nonce: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    link_key: Mapped[str | None] = mapped_column(String(16))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(500))


class Suppression(Model):
    """An address to which nothing more is sent."""

    __tablename__ = "suppression"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    reason: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime]
