"""What people said they would do, when they are asked again, and what they answered.

This is the signed envelope. Nothing in it leads to an answer of a survey.
"""

from datetime import date
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
from mande.events.models import Attendance


class Status(StrEnum):
    """How far an action has come, as its owner says."""

    NOT_STARTED = "not_started"
    SOME_PROGRESS = "some_progress"
    WELL_ADVANCED = "well_advanced"
    DONE = "done"
    NO_LONGER_PLANNED = "no_longer_planned"


ENDED = (Status.DONE, Status.NO_LONGER_PLANNED)


class Contribution(StrEnum):
    """How far the event contributed to what changed."""

    NOT_AT_ALL = "not_at_all"
    A_LITTLE = "a_little"
    SOMEWHAT = "somewhat"
    MUCH = "much"
    DECISIVE = "decisive"


class Visibility(StrEnum):
    """Who may see an action, as its owner decides."""

    TEAM = "team"
    PARTNERS_BY_NAME = "partners_by_name"
    PARTNERS_WITHOUT_NAME = "partners_without_name"


class CheckInState(StrEnum):
    SCHEDULED = "scheduled"
    ASKED = "asked"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


class FollowupLink(Model):
    """A person's own link to the planned actions of one event. It outlives the questionnaire's link.

    The link of somebody who must not be exposed works until `expires_at` only; each check-in gives it more time.
    """

    __tablename__ = "followup_link"

    id: Mapped[UUID] = random_id()
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id", ondelete="CASCADE"), unique=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    link_key: Mapped[str] = mapped_column(String(16))
    stopped: Mapped[bool] = mapped_column(default=False)
    expires_at: Mapped[datetime | None]

    attendance: Mapped[Attendance] = relationship()


class FormerFollowupLink(Model):
    """A link that was mailed to somebody whose two records were made one: it leads to the link that was kept."""

    __tablename__ = "former_followup_link"

    id: Mapped[UUID] = random_id()
    link_id: Mapped[UUID] = mapped_column(ForeignKey("followup_link.id", ondelete="CASCADE"), index=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    link_key: Mapped[str] = mapped_column(String(16))


class PlannedAction(Model):
    """What a person says that they will do after the event."""

    __tablename__ = "planned_action"
    __table_args__ = (CheckConstraint("length(what) > 0", name="what_not_empty"),)

    id: Mapped[UUID] = random_id()
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(Text)
    by_when: Mapped[date | None]
    with_whom: Mapped[str] = mapped_column(Text, default="")
    help_needed: Mapped[str] = mapped_column(Text, default="")
    visibility: Mapped[Visibility] = mapped_column(
        enum_column(Visibility, "visibility"), default=Visibility.PARTNERS_WITHOUT_NAME
    )
    consent: Mapped[bool] = mapped_column(default=False)
    status: Mapped[Status] = mapped_column(enum_column(Status, "status"), default=Status.NOT_STARTED)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    created_on: Mapped[date]

    attendance: Mapped[Attendance] = relationship()
    updates: Mapped[list["Update"]] = relationship(order_by="Update.reported_at", cascade="all, delete-orphan")


class CheckIn(Model):
    """One scheduled question to one owner about all of their open actions at an event.

    `step` is "month-3", or "due-2021-09-15" for the week before a person's own date.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("attendance_id", "step"),
        CheckConstraint("state NOT IN ('asked', 'answered') OR asked_at IS NOT NULL", name="asked_has_a_moment"),
        Index("ix_check_in_due", "state", "due_at"),
    )

    id: Mapped[UUID] = random_id()
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id", ondelete="CASCADE"))
    step: Mapped[str] = mapped_column(String(40))
    due_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    state: Mapped[CheckInState] = mapped_column(enum_column(CheckInState, "state"), default=CheckInState.SCHEDULED)

    attendance: Mapped[Attendance] = relationship()


class Update(Model):
    """An owner's report on one action."""

    __tablename__ = "action_update"
    __table_args__ = (Index("ix_action_update_action_id", "action_id", "reported_at"),)

    id: Mapped[UUID] = random_id()
    action_id: Mapped[UUID] = mapped_column(ForeignKey("planned_action.id", ondelete="CASCADE"))
    check_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("check_in.id", ondelete="SET NULL"))
    reported_at: Mapped[datetime]
    status: Mapped[Status] = mapped_column(enum_column(Status, "status"))
    what_changed: Mapped[str] = mapped_column(Text, default="")
    contribution: Mapped[Contribution | None] = mapped_column(enum_column(Contribution, "contribution"))
    evidence: Mapped[str] = mapped_column(Text, default="")
