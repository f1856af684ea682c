"""What we ask and what came back.

While a survey is open: `Invitation`, `SurveyKey` and `BallotBox`. Once it is closed: `Answer`, `Comment`, `Result` and
`ResultCount`, which lead back to nobody. Nothing here holds the time at which anybody did anything.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKey
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Index
from sqlalchemy import Integer
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
from mande.events.kinds import Wave as Wave
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Role


class SurveyState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Channel(StrEnum):
    """How an answer came: by the person's link, by telephone to a member of staff, or on a sheet of paper."""

    LINK = "link"
    TELEPHONE = "telephone"
    PAPER = "paper"


class CommentState(StrEnum):
    HELD = "held"
    RELEASED = "released"
    WITHHELD = "withheld"


class Questionnaire(Model):
    """A version of a definition, as it was published or when a survey first used it. It never changes.

    `published_at` is None for those that come with Mande.
    """

    __tablename__ = "questionnaire"
    __table_args__ = (UniqueConstraint("code", "version", "digest"),)

    id: Mapped[UUID] = random_id()
    code: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime | None]


class QuestionnaireDraft(Model):
    """What staff are writing. `definition` is the file's content as data, which may still be wrong or incomplete.

    Every save counts `revision` up, so that nobody overwrites what somebody else has saved meanwhile.
    """

    __tablename__ = "questionnaire_draft"
    __table_args__ = (CheckConstraint("revision > 0", name="revision_counts_up"),)

    id: Mapped[UUID] = random_id()
    code: Mapped[str] = mapped_column(String(80), unique=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    edited_at: Mapped[datetime]
    edited_by: Mapped[str] = mapped_column(String(254))


class QuestionnaireDraftState(Model):
    """A draft as it was at an earlier revision, before what `done` says, which can so be undone. The last few stay."""

    __tablename__ = "questionnaire_draft_state"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire_draft.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    done: Mapped[str] = mapped_column(String(200))


class Survey(Model):
    """A questionnaire put to those who attended an event in one role.

    `answered` counts those invited who have answered, `sheets` the sheets of paper that bore no name, beside them.
    """

    __tablename__ = "survey"
    __table_args__ = (
        UniqueConstraint("event_id", "questionnaire_id"),
        Index(
            "uq_survey_event_id_role_wave",
            *("event_id", "role", "wave"),
            unique=True,
            sqlite_where=text("imported = 0"),
            postgresql_where=text("NOT imported"),
        ),
        CheckConstraint("k BETWEEN 3 AND 10", name="k_between_3_and_10"),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint("state <> 'open' OR public_key IS NOT NULL", name="open_has_a_key"),
        CheckConstraint("state <> 'closed' OR (public_key IS NULL AND answered IS NOT NULL)", name="closed_is_counted"),
        CheckConstraint("sheets >= 0", name="sheets_not_negative"),
        CheckConstraint("invited IS NULL OR answered <= invited", name="no_more_answers_than_invitations"),
    )

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="RESTRICT"))
    questionnaire_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire.id", ondelete="RESTRICT"))
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"))
    wave: Mapped[Wave] = mapped_column(enum_column(Wave, "wave"), default=Wave.EVENT, server_default="event")
    anonymous: Mapped[bool] = mapped_column(default=True)
    strata: Mapped[list[str]] = mapped_column(JSON, default=list)
    k: Mapped[int] = mapped_column(default=5)
    state: Mapped[SurveyState] = mapped_column(enum_column(SurveyState, "state"), default=SurveyState.DRAFT)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    # Counted at closing, or stated with an import. None for `invited` means that nobody knows.
    invited: Mapped[int | None]
    answered: Mapped[int | None]
    imported: Mapped[bool] = mapped_column(default=False)
    sheets: Mapped[int] = mapped_column(default=0, server_default="0")

    event: Mapped[Event] = relationship()
    questionnaire: Mapped[Questionnaire] = relationship()

    @property
    def responses(self) -> int:
        """How many responses were counted, once it is closed."""
        return (self.answered or 0) + self.sheets


class SurveyKey(Model):
    """The private key of an open survey, wrapped by the operator's key. Closing destroys the row."""

    __tablename__ = "survey_key"

    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    operator_key: Mapped[str] = mapped_column(String(16))


class Invitation(Model):
    """One person asked to answer one survey. It records only *that* it was answered, and until closing how.

    `nonce`, `token_digest` and `link_key` (the fingerprint of the key that made the link) go at closing. The link of
    somebody who must not be exposed works until `expires_at` only; each reminder gives it more time. `card_digest` is
    there while a card may be used that was made for the person (see `room.codes`).
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("survey_id", "attendance_id"),
        CheckConstraint(
            "(nonce IS NULL) = (token_digest IS NULL) AND (nonce IS NULL) = (link_key IS NULL)",
            name="link_whole_or_gone",
        ),
        CheckConstraint("card_digest IS NULL OR nonce IS NOT NULL", name="card_only_with_a_link"),
        Index("uq_invitation_card_digest", "card_digest", unique=True),
    )

    id: Mapped[UUID] = random_id()
    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"))
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id", ondelete="RESTRICT"), index=True)
    answered: Mapped[bool] = mapped_column(default=False)
    stopped: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[Channel] = mapped_column(
        enum_column(Channel, "channel"), default=Channel.LINK, server_default="link"
    )
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    link_key: Mapped[str | None] = mapped_column(String(16))
    expires_at: Mapped[datetime | None]
    card_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    survey: Mapped[Survey] = relationship()
    attendance: Mapped[Attendance] = relationship()


class BallotBox(Model):
    """One response while its survey is open: sealed, and found only by whoever holds the link.

    SQLite keeps it WITHOUT ROWID, so that not even the order of arrival is stored.
    """

    __tablename__ = "ballot_box"
    __table_args__ = ({"sqlite_with_rowid": False},)

    locator: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_for_link: Mapped[bytes] = mapped_column(LargeBinary)
    key_for_survey: Mapped[bytes] = mapped_column(LargeBinary)


class Answer(Model):
    """One counted answer that is not free text. It carries no response, no stratum and no order.

    `value` is an option's code; the chosen codes of a multiple choice are joined by spaces.
    """

    __tablename__ = "answer"
    __table_args__ = ({"sqlite_with_rowid": False},)

    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(String(80), primary_key=True)
    id: Mapped[UUID] = random_id()
    value: Mapped[str] = mapped_column(Text)


class Comment(Model):
    """One free text, apart from everything else. Nobody outside the team sees it until it is released."""

    __tablename__ = "comment"
    __table_args__ = (CheckConstraint("state <> 'released' OR released_text IS NOT NULL", name="released_has_text"),)

    id: Mapped[UUID] = random_id()
    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), index=True)
    question: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[CommentState] = mapped_column(enum_column(CommentState, "state"), default=CommentState.HELD)
    released_text: Mapped[str | None] = mapped_column(Text)


class Result(Model):
    """How one group of a survey answered one question. `stratum` and `members` are empty for the whole survey.

    `members` names the groups that were merged to reach k, joined by spaces, in the stratum's order.
    """

    __tablename__ = "result"
    __table_args__ = (
        CheckConstraint("n >= 0 AND missing >= 0 AND not_applicable >= 0", name="counts_not_negative"),
        CheckConstraint("(stratum = '') = (members = '')", name="whole_survey_has_no_members"),
    )

    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(String(80), primary_key=True)
    stratum: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    members: Mapped[str] = mapped_column(String(400), primary_key=True, default="")
    n: Mapped[int]
    missing: Mapped[int]
    not_applicable: Mapped[int]

    counts: Mapped[list["ResultCount"]] = relationship(cascade="all, delete-orphan")


class Turnout(Model):
    """Who took part in a survey, counted at closing; `stratum` and `members` as in `Result`. None where nobody knows.

    `reached` are those of whom a message did not come back, or who answered; `started` began to answer, and `answered`
    submitted what they said, sheets without a name included.
    """

    __tablename__ = "turnout"
    __table_args__ = (
        CheckConstraint("answered >= 0 AND started >= answered", name="whoever_answered_had_started"),
        CheckConstraint("(stratum = '') = (members = '')", name="whole_survey_has_no_members"),
    )

    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), primary_key=True)
    stratum: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    members: Mapped[str] = mapped_column(String(400), primary_key=True, default="")
    asked: Mapped[int]
    reached: Mapped[int]
    started: Mapped[int]
    answered: Mapped[int]


class ResultCount(Model):
    """How many of a group chose one option."""

    __tablename__ = "result_count"
    __table_args__ = (
        ForeignKeyConstraint(
            ["survey_id", "question", "stratum", "members"],
            ["result.survey_id", "result.question", "result.stratum", "result.members"],
            ondelete="CASCADE",
            name="fk_result_count_result",
        ),
        CheckConstraint("count >= 0", name="count_not_negative"),
    )

    survey_id: Mapped[UUID] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(80), primary_key=True)
    stratum: Mapped[str] = mapped_column(String(40), primary_key=True)
    members: Mapped[str] = mapped_column(String(400), primary_key=True)
    option: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
