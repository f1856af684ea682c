"""The outbox: one row for each e-mail, from its writing to its arrival."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
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
from mande.mail.kinds import IncomingKind as IncomingKind


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
    LAST_CALL = "last_call"
    THANK_YOU = "thank_you"
    CHECK_IN = "check_in"
    REQUEST = "request"
    ERASURE = "erasure"
    FOLLOWUP_THANKS = "followup_thanks"
    TEAM_NOTICE = "team_notice"
    PARTNER_LINK = "partner_link"
    PARTNER_CODE = "partner_code"
    EDITION = "edition"
    FEEDBACK = "feedback"


class Message(Model):
    """One e-mail. What it is about, its kind and its sequence make it the only one of its sort.

    `text` and `html` hold the mark `[[link]]` where the personal link goes (or `[[code]]` where a code does): the token
    itself is derived while sending and is never stored. All that could identify a link or a reader goes once the
    message is sent.
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
    to_domain: Mapped[str] = mapped_column(String(254), default="", server_default=text("''"))
    sender_name: Mapped[str | None] = mapped_column(String(200))
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
    # Where one click ends such messages: a path with the mark [[token]].
    stop_path: Mapped[str | None] = mapped_column(String(200))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(500))
    # What the carrier calls it, where it tells later what became of it.
    carrier_reference: Mapped[str | None] = mapped_column(String(100), index=True)


class Pace(Model):
    """How many messages a receiving domain was offered in the minute that began at `minute`."""

    __tablename__ = "mail_pace"

    domain: Mapped[str] = mapped_column(String(254), primary_key=True)
    minute: Mapped[datetime]
    offered: Mapped[int]


class Template(Model):
    """A message in the words of staff: for one event, or (`event_id` None) for all. Its HTML is made from its text.

    `kind` is the name of a message that Mande has words of its own for: see `mail.wordings`.
    """

    __tablename__ = "message_template"
    __table_args__ = (
        Index("uq_message_template_event", "event_id", "kind", "language", unique=True,
              sqlite_where=text("event_id IS NOT NULL"), postgresql_where=text("event_id IS NOT NULL")),
        Index("uq_message_template_all", "kind", "language", unique=True,
              sqlite_where=text("event_id IS NULL"), postgresql_where=text("event_id IS NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime]
    edited_by: Mapped[str] = mapped_column(String(254))


class Incoming(Model):
    """A message that reached the address for bounces, so that it is worked on once, however often it is handed over.

    `words` are what the other server said of a delivery. Of what people write nothing is kept.
    """

    __tablename__ = "incoming"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime]
    kind: Mapped[IncomingKind] = mapped_column(enum_column(IncomingKind, "kind"))
    about_message: Mapped[UUID | None]
    words: Mapped[str | None] = mapped_column(String(500))


class Worker(Model):
    """A process that runs the jobs. `beat_at` tells that it lives, `jobs` when each was last done: {name: moment}."""

    __tablename__ = "worker"

    id: Mapped[UUID] = random_id()
    name: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    jobs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class SuppressionReason(StrEnum):
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    BY_HAND = "by_hand"


class Suppression(Model):
    """An address to which nothing more is sent."""

    __tablename__ = "suppression"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    kind: Mapped[SuppressionReason] = mapped_column(
        enum_column(SuppressionReason, "kind"), default=SuppressionReason.BY_HAND, server_default="by_hand"
    )
    reason: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime]
