"""Published editions, and the people of partners who may read them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from mande.db import Model
from mande.db import enum_column
from mande.db import random_id
from mande.events.models import Event
from mande.events.models import Partner


class EditionKind(StrEnum):
    INTERNAL = "internal"
    PARTNER = "partner"
    PUBLIC = "public"


class Edition(Model):
    """A published report. A correction is another edition, whose `note` says what was corrected.

    The database itself lets nobody change or delete one (see migration 0004).

    `document` is the JSON, byte for byte, that the PDF was made of; the digests are those of both files.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", "number"),
        CheckConstraint("number > 0", name="numbered_from_1"),
        CheckConstraint("number = 1 OR length(note) > 0", name="a_correction_says_what"),
    )

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="RESTRICT"))
    kind: Mapped[EditionKind] = mapped_column(enum_column(EditionKind, "kind"))
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(254))
    document: Mapped[str] = mapped_column(Text, deferred=True)
    document_sha256: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    pdf_sha256: Mapped[str] = mapped_column(String(64))

    event: Mapped[Event] = relationship()
    actions: Mapped[list["EditionAction"]] = relationship(back_populates="edition")


class EditionAction(Model):
    """An action whose words a published edition holds, and whether with its owner's name.

    It stays when the action goes: the edition holds it all the same, and the team is to know.
    """

    __tablename__ = "edition_action"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="RESTRICT"), primary_key=True)
    action_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    named: Mapped[bool]

    edition: Mapped[Edition] = relationship(back_populates="actions")


class Reader(Model):
    """Somebody of a partner who may read what is published for it: by a personal link, and a code sent by e-mail."""

    __tablename__ = "reader"
    __table_args__ = (
        UniqueConstraint("partner_id", "email"),
        CheckConstraint("email = lower(email)", name="email_lower_case"),
    )

    id: Mapped[UUID] = random_id()
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8), default="en")
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    link_key: Mapped[str] = mapped_column(String(16))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(254))
    valid_until: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    partner: Mapped[Partner] = relationship()


class ReaderCode(Model):
    """The code that was sent last to a reader. It opens one session, within minutes, after few attempts."""

    __tablename__ = "reader_code"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts_not_negative"),)

    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    sent: Mapped[int]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)


class ReaderSession(Model):
    """A browser in which a reader gave their code. It ends by itself, and at once where the reader is revoked."""

    __tablename__ = "reader_session"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]


class ReaderVisit(Model):
    """What a reader opened, and when."""

    __tablename__ = "reader_visit"
    __table_args__ = (Index("ix_reader_visit_reader", "reader_id", "at"),)

    id: Mapped[UUID] = random_id()
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("reader.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(40))
    edition_id: Mapped[UUID | None] = mapped_column(ForeignKey("edition.id", ondelete="SET NULL"), index=True)
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"), index=True)
