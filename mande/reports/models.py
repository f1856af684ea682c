"""Editions as they are composed, made and published, the readers of partners, and scores over events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from mande.db import Model
from mande.db import enum_column
from mande.db import random_id
from mande.events.models import Event
from mande.events.models import Partner
from mande.reports.kinds import EditionKind
from mande.reports.kinds import Measure
from mande.reports.kinds import Paper
from mande.reports.kinds import RenderingState


class Edition(Model):
    """A published report. A correction is another edition, whose `note` says what was corrected.

    The database itself lets nobody change or delete one (see migrations 0004 and 0005).

    `document` is the JSON, byte for byte, that the PDF was made of; the digests are those of both files. `made_with`
    names the programs that made it, and `basis` is what the disclosure check of the next edition needs to know of this
    one (see `history`): neither is in the document.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", "language", "number"),
        CheckConstraint("number > 0", name="numbered_from_1"),
        CheckConstraint("number = 1 OR length(note) > 0", name="a_correction_says_what"),
    )

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="RESTRICT"))
    kind: Mapped[EditionKind] = mapped_column(enum_column(EditionKind, "kind"))
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    paper: Mapped[Paper] = mapped_column(enum_column(Paper, "paper"), default=Paper.A4, server_default="a4")
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(254))
    document: Mapped[str] = mapped_column(Text, deferred=True)
    document_sha256: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    made_with: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    basis: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}", deferred=True)

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


class Composition(Model):
    """What staff have written into the next edition of a kind and language, and chosen for it: see `composed.Composed`.

    Every save counts `revision` up, so that nobody overwrites what somebody else has saved meanwhile.
    """

    __tablename__ = "composition"
    __table_args__ = (CheckConstraint("revision > 0", name="revision_counts_up"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[EditionKind] = mapped_column(enum_column(EditionKind, "kind"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    paper: Mapped[Paper] = mapped_column(enum_column(Paper, "paper"), default=Paper.A4)
    sections: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list)
    actions: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    breakdown: Mapped[str | None] = mapped_column(String(40))
    summary: Mapped[str] = mapped_column(Text, default="")
    findings: Mapped[str] = mapped_column(Text, default="")
    recommendations: Mapped[str] = mapped_column(Text, default="")
    next_steps: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime]
    edited_by: Mapped[str] = mapped_column(String(254))


class Rendering(Model):
    """A document that is being made off the request, and what came of it. `work` says what, `wanted` the particulars.

    `step` of `steps` tells how far it has come. The file goes a day after it was made; a published edition stays.
    """

    __tablename__ = "rendering"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("step BETWEEN 0 AND steps", name="step_of_steps"),
        CheckConstraint("state <> 'working' OR lease_until IS NOT NULL", name="working_has_a_lease"),
        Index("ix_rendering_state_asked_at", "state", "asked_at"),
    )

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    work: Mapped[str] = mapped_column(String(40))
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[RenderingState] = mapped_column(enum_column(RenderingState, "state"), default=RenderingState.QUEUED)
    step: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    page: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(254))
    ended_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    edition_id: Mapped[UUID | None] = mapped_column(ForeignKey("edition.id", ondelete="SET NULL"))


class KeptFile(Model):
    """A logo or a font, by the digest of its bytes, so that an edition can be made again as it was."""

    __tablename__ = "kept_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Look(Model):
    """How the reports of a convenor look. The one with an empty name is for every convenor without a look of its own.

    `font` is a family that comes with Mande, or empty where `font_file` is the convenor's own.
    """

    __tablename__ = "look"
    __table_args__ = (CheckConstraint("length(accent) = 7", name="accent_like_0f5c6e"),)

    convenor: Mapped[str] = mapped_column(String(200), primary_key=True)
    accent: Mapped[str] = mapped_column(String(7), default="#0f5c6e")
    font: Mapped[str] = mapped_column(String(80), default="")
    font_file: Mapped[str | None] = mapped_column(ForeignKey("kept_file.sha256", ondelete="RESTRICT"))
    logo: Mapped[str | None] = mapped_column(ForeignKey("kept_file.sha256", ondelete="RESTRICT"))
    logo_text: Mapped[str] = mapped_column(String(200), default="")
    paper: Mapped[Paper] = mapped_column(enum_column(Paper, "paper"), default=Paper.A4)
    edited_at: Mapped[datetime]
    edited_by: Mapped[str] = mapped_column(String(254))


class Score(Model):
    """What one question of a closed survey came to, so that figures over thousands of events need no counting.

    `comparable` is the same for questions that may be added up: same code, type, options and wave. `favourable` counts
    the top two of a scale, the promoters of a rating and every yes; `total` and `squares` add up the values.

    The `public_` part is the least and the most that the event's public edition allows for the question, whoever was
    asked it: what circulates is added up from these, and so tells nothing new. It stands with the first survey that
    holds the question; it is None with the others, and where the public sees nothing of the question.

    The row without a question tells that the survey has been gone through; its `n` are the responses.
    """

    __tablename__ = "score"
    __table_args__ = (
        CheckConstraint("n > 0", name="somebody_answered"),
        CheckConstraint(
            "public_low_total <= public_high_total AND public_low_favourable <= public_high_favourable"
            " AND public_low_unfavourable <= public_high_unfavourable",
            name="spans_in_order",
        ),
        CheckConstraint(
            "(public_n IS NULL) = (public_low_total IS NULL) AND (public_n IS NULL) = (public_high_total IS NULL)"
            " AND (public_n IS NULL) = (public_low_favourable IS NULL)"
            " AND (public_n IS NULL) = (public_high_favourable IS NULL)"
            " AND (public_n IS NULL) = (public_low_unfavourable IS NULL)"
            " AND (public_n IS NULL) = (public_high_unfavourable IS NULL)",
            name="public_part_whole_or_none",
        ),
        Index("ix_score_comparable", "comparable"),
    )

    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(String(80), primary_key=True)
    comparable: Mapped[str] = mapped_column(String(64))
    n: Mapped[int]
    total: Mapped[int]
    squares: Mapped[int]
    favourable: Mapped[int]
    unfavourable: Mapped[int]
    public_n: Mapped[int | None]
    public_low_total: Mapped[int | None]
    public_high_total: Mapped[int | None]
    public_low_favourable: Mapped[int | None]
    public_high_favourable: Mapped[int | None]
    public_low_unfavourable: Mapped[int | None]
    public_high_unfavourable: Mapped[int | None]


class Target(Model):
    """What the convenor wants to reach, for all its events or for those of one programme."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("measure", "question", "programme"),)

    id: Mapped[UUID] = random_id()
    measure: Mapped[Measure] = mapped_column(enum_column(Measure, "measure"))
    question: Mapped[str] = mapped_column(String(80), default="")
    programme: Mapped[str] = mapped_column(String(200), default="")
    value: Mapped[float]
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(String(254))


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
