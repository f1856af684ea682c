"""Who met: events, their meetings and partners, people and how they attended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import ForeignKey
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
from mande.events.kinds import Format as Format
from mande.events.kinds import Mode as Mode
from mande.events.kinds import Role as Role
from mande.events.kinds import Sector as Sector

event_partner = Table(
    "event_partner",
    Model.metadata,
    Column("event_id", ForeignKey("event.id", ondelete="CASCADE"), primary_key=True),
    Column("partner_id", ForeignKey("partner.id", ondelete="RESTRICT"), primary_key=True),
)


class Partner(Model):
    """An organisation that co-convenes."""

    __tablename__ = "partner"

    id: Mapped[UUID] = random_id()
    name: Mapped[str] = mapped_column(String(200), unique=True)
    country: Mapped[str | None] = mapped_column(String(2))


class Event(Model):
    """What has a code, and is made of one or more meetings."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("k BETWEEN 3 AND 10", name="k_between_3_and_10"),
        CheckConstraint("length(code) > 0", name="code_not_empty"),
    )

    id: Mapped[UUID] = random_id()
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    convenor: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    manager_name: Mapped[str] = mapped_column(String(200))
    manager_email: Mapped[str] = mapped_column(String(254))
    dac_code: Mapped[str | None] = mapped_column(String(8))
    crs_code: Mapped[str | None] = mapped_column(String(8))
    oda_eligible: Mapped[bool] = mapped_column(default=False)
    k: Mapped[int] = mapped_column(default=5)
    checkin_months: Mapped[list[int]] = mapped_column(JSON, default=lambda: [1, 3, 6, 12])
    reminder_days: Mapped[list[int]] = mapped_column(JSON, default=lambda: [3, 7, 12])

    meetings: Mapped[list["Meeting"]] = relationship(order_by="Meeting.position", cascade="all, delete-orphan")
    outcomes: Mapped[list["IntendedOutcome"]] = relationship(
        order_by="IntendedOutcome.position", cascade="all, delete-orphan"
    )
    partners: Mapped[list[Partner]] = relationship(secondary=event_partner, order_by=Partner.name)


class Meeting(Model):
    """One sitting of an event. `code` is how lists and strata name it ("part-one")."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("event_id", "code"),
        UniqueConstraint("event_id", "position"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
    )

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    format: Mapped[Format] = mapped_column(enum_column(Format, "format"))
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)


class IntendedOutcome(Model):
    """What the convenor wants to come of an event."""

    __tablename__ = "intended_outcome"
    __table_args__ = (UniqueConstraint("event_id", "position"),)

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


class Person(Model):
    """One human being, found by address. Only the address and the name must be known."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower_case"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
    )

    id: Mapped[UUID] = random_id()
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str | None] = mapped_column(String(200))
    position: Mapped[str | None] = mapped_column(String(200))
    country: Mapped[str | None] = mapped_column(String(2))
    sector: Mapped[Sector | None] = mapped_column(enum_column(Sector, "sector"))
    gender: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str | None] = mapped_column(String(8))
    time_zone: Mapped[str | None] = mapped_column(String(64))


class Attendance(Model):
    """A person at an event."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("event_id", "person_id"),)

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    mode: Mapped[Mode | None] = mapped_column(enum_column(Mode, "mode"))

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()
    roles: Mapped[list["AttendanceRole"]] = relationship(cascade="all, delete-orphan", order_by="AttendanceRole.role")
    meetings: Mapped[list[Meeting]] = relationship(secondary="attendance_meeting", order_by=Meeting.position)


class AttendanceRole(Model):
    """One of the roles in which a person attended."""

    __tablename__ = "attendance_role"

    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"), primary_key=True)


attendance_meeting = Table(
    "attendance_meeting",
    Model.metadata,
    Column("attendance_id", ForeignKey("attendance.id", ondelete="CASCADE"), primary_key=True),
    Column("meeting_id", ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
)
