"""What the team adds to planned actions: what it verified, noted, harvested, and changed."""

from datetime import date
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from mande.db import Model
from mande.db import enum_column
from mande.db import random_id
from mande.events.models import Event
from mande.events.models import IntendedOutcome
from mande.followup.kinds import Contribution
from mande.followup.kinds import Verified
from mande.followup.models import PlannedAction
from mande.staff.models import StaffMember

outcome_action = Table(
    "outcome_action",
    Model.metadata,
    Column("outcome_id", ForeignKey("outcome.id", ondelete="CASCADE"), primary_key=True),
    Column("action_id", ForeignKey("planned_action.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Verification(Model):
    """What a named member of the team found out about an action, and from which source. The latest one holds."""

    __tablename__ = "verification"
    __table_args__ = (
        CheckConstraint("length(source) > 0", name="source_not_empty"),
        Index("ix_verification_action", "action_id", "verified_at"),
    )

    id: Mapped[UUID] = random_id()
    action_id: Mapped[UUID] = mapped_column(ForeignKey("planned_action.id", ondelete="CASCADE"))
    level: Mapped[Verified] = mapped_column(enum_column(Verified, "level"))
    source: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    verified_at: Mapped[datetime]
    verified_by: Mapped[str] = mapped_column(String(254))
    verified_by_name: Mapped[str] = mapped_column(String(200))


class Outcome(Model):
    """A change that the event contributed to, as in outcome harvesting. Several actions, of several events, may lead
    there.

    `event` is where it is told first. `could_confirm` may name people and never leaves the house.
    """

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint("length(what_changed) > 0", name="what_changed_not_empty"),
        CheckConstraint("length(who_changed) > 0", name="who_changed_not_empty"),
    )

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    theme_id: Mapped[UUID | None] = mapped_column(ForeignKey("intended_outcome.id", ondelete="SET NULL"), index=True)
    what_changed: Mapped[str] = mapped_column(Text)
    who_changed: Mapped[str] = mapped_column(Text)
    changed_on: Mapped[date | None]
    significance: Mapped[str] = mapped_column(Text, default="")
    contribution: Mapped[Contribution | None] = mapped_column(enum_column(Contribution, "contribution"))
    how_contributed: Mapped[str] = mapped_column(Text, default="")
    could_confirm: Mapped[str] = mapped_column(Text, default="")
    confirmed_on: Mapped[date | None]
    for_partners: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(254))

    event: Mapped[Event] = relationship()
    theme: Mapped[IntendedOutcome | None] = relationship()
    actions: Mapped[list[PlannedAction]] = relationship(secondary=outcome_action, order_by=PlannedAction.created_on)


class Note(Model):
    """What a member of the team wrote down about an action, for the team alone."""

    __tablename__ = "action_note"
    __table_args__ = (CheckConstraint("length(words) > 0", name="words_not_empty"),)

    id: Mapped[UUID] = random_id()
    action_id: Mapped[UUID] = mapped_column(ForeignKey("planned_action.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(254))


class TeamReminder(Model):
    """What a member of the team wants to be reminded of, about an action, on the morning of a day.

    `told_at` is when it was written to them, or when they set it on the very morning.
    """

    __tablename__ = "team_reminder"
    __table_args__ = (
        CheckConstraint("length(words) > 0", name="words_not_empty"),
        Index("ix_team_reminder_due", "on_day", "done_at"),
    )

    id: Mapped[UUID] = random_id()
    action_id: Mapped[UUID] = mapped_column(ForeignKey("planned_action.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id", ondelete="CASCADE"), index=True)
    on_day: Mapped[date]
    words: Mapped[str] = mapped_column(String(300))
    told_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    action: Mapped[PlannedAction] = relationship()
    member: Mapped[StaffMember] = relationship()


class SavedView(Model):
    """A list of actions that a member of the team looks at again: {filter: value}. A `shared` one is everybody's."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("staff_id", "name"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
    )

    id: Mapped[UUID] = random_id()
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    asked: Mapped[dict[str, str]] = mapped_column(JSON)
    shared: Mapped[bool] = mapped_column(default=False)


class BulkChange(Model):
    """Several actions changed at once: [{"action": id, "field": name, "was": value, "became": value}]. It can be undone
    once, as far as each is still as it became.
    """

    __tablename__ = "bulk_change"

    id: Mapped[UUID] = random_id()
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(254))
    what: Mapped[str] = mapped_column(String(40))
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]
