"""Who met: events, their meetings and partners, people and how they attended."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import ForeignKey
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import false
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from mande.db import Model
from mande.db import enum_column
from mande.db import random_id
from mande.events.kinds import AgeBand as AgeBand
from mande.events.kinds import Format as Format
from mande.events.kinds import Mode as Mode
from mande.events.kinds import Role as Role
from mande.events.kinds import RuleKind as RuleKind
from mande.events.kinds import RuleState as RuleState
from mande.events.kinds import Sector as Sector
from mande.events.kinds import Wave as Wave

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
    """What has a code, and is made of one or more meetings.

    `oda_share` is the percentage of its cost that counts as official development assistance. A `discreet` event is
    named in no message and in no list that leaves the house. `questionnaires` holds the codes that staff chose for
    those in a role, by wave: {"event": {"participant": "participants-hybrid"}}. Surveys stay open for `days_open` days.
    Owners of planned actions are asked after each of `checkin_months`, and `checkin_days_before` a date of their own
    (None: not then), between `checkin_from` and `checkin_until` ("09:00") where they are.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("k BETWEEN 3 AND 10", name="k_between_3_and_10"),
        CheckConstraint("length(code) > 0", name="code_not_empty"),
        CheckConstraint("oda_share BETWEEN 0 AND 100", name="oda_share_is_a_percentage"),
        CheckConstraint("days_open BETWEEN 1 AND 365", name="open_for_a_day_to_a_year"),
        CheckConstraint("checkin_days_before BETWEEN 1 AND 60", name="asked_days_before_an_own_date"),
        CheckConstraint("checkin_from < checkin_until", name="hours_in_order"),
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
    oda_share: Mapped[int | None]
    programme: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    objectives: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    discreet: Mapped[bool] = mapped_column(default=False, server_default=false())
    days_open: Mapped[int] = mapped_column(default=21, server_default="21")
    questionnaires: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict, server_default="{}")
    k: Mapped[int] = mapped_column(default=5)
    checkin_months: Mapped[list[int]] = mapped_column(JSON, default=lambda: [1, 3, 6, 12])
    checkin_days_before: Mapped[int | None] = mapped_column(default=7, server_default="7")
    checkin_from: Mapped[str] = mapped_column(String(5), default="09:00", server_default="09:00")
    checkin_until: Mapped[str] = mapped_column(String(5), default="17:00", server_default="17:00")

    meetings: Mapped[list["Meeting"]] = relationship(order_by="Meeting.position", cascade="all, delete-orphan")
    outcomes: Mapped[list["IntendedOutcome"]] = relationship(
        order_by="IntendedOutcome.position", cascade="all, delete-orphan"
    )
    partners: Mapped[list[Partner]] = relationship(secondary=event_partner, order_by=Partner.name)
    groups: Mapped[list["StakeholderGroup"]] = relationship(
        order_by="StakeholderGroup.position", cascade="all, delete-orphan"
    )
    rules: Mapped[list["MessageRule"]] = relationship(cascade="all, delete-orphan")

    @property
    def ends_at(self) -> datetime | None:
        """When its last meeting ends; None without a meeting."""
        return max((meeting.ends_at for meeting in self.meetings), default=None)


class Meeting(Model):
    """One sitting of an event. `code` is how lists and strata name it ("part-one"), `place` the venue or platform."""

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
    place: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)


class IntendedOutcome(Model):
    """What the convenor wants to come of an event."""

    __tablename__ = "intended_outcome"
    __table_args__ = (UniqueConstraint("event_id", "position"),)

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


class StakeholderGroup(Model):
    """Those who have a stake in an event's outcome, and how many of them were sought."""

    __tablename__ = "stakeholder_group"
    __table_args__ = (
        UniqueConstraint("event_id", "name"),
        CheckConstraint("sought >= 0", name="sought_not_negative"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
    )

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    sought: Mapped[int | None]


class MessageRule(Model):
    """What goes out by itself for an event, and when, relative to what it is counted from (see `events.timing`).

    After `months` and `days` of the event's calendar: at `at` o'clock ("09:00") there or, where that is empty,
    `minutes` after the time of day of what it is counted from. Reminders are numbered from 1, the others are 1. Staff
    who send it now or put it off set `moved_to`. `done_at` tells that it went out, so that it never does again.
    """

    __tablename__ = "message_rule"
    __table_args__ = (
        UniqueConstraint("event_id", "wave", "kind", "number"),
        CheckConstraint("number BETWEEN 1 AND 99", name="number_from_1_to_99"),
        CheckConstraint("months >= 0 AND days >= 0 AND minutes >= 0", name="offsets_not_negative"),
        CheckConstraint("at IS NULL OR minutes = 0", name="at_an_hour_or_minutes_later"),
    )

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    wave: Mapped[Wave] = mapped_column(enum_column(Wave, "wave"))
    kind: Mapped[RuleKind] = mapped_column(enum_column(RuleKind, "kind"))
    number: Mapped[int] = mapped_column(default=1)
    months: Mapped[int] = mapped_column(default=0)
    days: Mapped[int] = mapped_column(default=0)
    at: Mapped[str | None] = mapped_column(String(5))
    minutes: Mapped[int] = mapped_column(default=0)
    state: Mapped[RuleState] = mapped_column(enum_column(RuleState, "state"), default=RuleState.ON)
    moved_to: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class OwnSector(Model):
    """A sector that an installation added to those of `kinds.Sector`."""

    __tablename__ = "own_sector"
    __table_args__ = (CheckConstraint("length(name) > 0", name="name_not_empty"),)

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)


class Person(Model):
    """One human being, found by address. Only the address and the name must be known.

    `email` is where messages go; further addresses are in `addresses`. `sector` is one of `kinds.Sector` or the code of
    an `OwnSector`. A `discreet` person must not be exposed: messages to them are neutral, and no list that leaves the
    house names them.
    """

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
    sector: Mapped[str | None] = mapped_column(String(32))
    gender: Mapped[str | None] = mapped_column(String(60))
    age_band: Mapped[AgeBand | None] = mapped_column(enum_column(AgeBand, "age_band"))
    accessibility: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    discreet: Mapped[bool] = mapped_column(default=False, server_default=false())
    language: Mapped[str | None] = mapped_column(String(8))
    time_zone: Mapped[str | None] = mapped_column(String(64))

    addresses: Mapped[list["PersonAddress"]] = relationship(
        order_by="PersonAddress.address", cascade="all, delete-orphan"
    )


class PersonAddress(Model):
    """A further address of a person, by which lists find them too. Nobody else may have it."""

    __tablename__ = "person_address"
    __table_args__ = (CheckConstraint("address = lower(address)", name="address_lower_case"),)

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)


class PersonMerge(Model):
    """Two records of one person that were made one, with all that is needed to make them two again."""

    __tablename__ = "person_merge"

    id: Mapped[UUID] = random_id()
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    merged_at: Mapped[datetime]
    merged_by: Mapped[str] = mapped_column(String(254))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]


class DistinctPeople(Model):
    """Two records that look alike but are of two people, as staff said. `one_id` is the lesser of the two."""

    __tablename__ = "distinct_people"

    one_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)


class ImportLayout(Model):
    """What the columns of a kind of list mean, as staff last said: {"Delegate": "name"}. Found by its header."""

    __tablename__ = "import_layout"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    columns: Mapped[dict[str, str | None]] = mapped_column(JSON)
    used_at: Mapped[datetime]


class Attendance(Model):
    """A person at an event."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("event_id", "person_id"),)

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    mode: Mapped[Mode | None] = mapped_column(enum_column(Mode, "mode"))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("stakeholder_group.id", ondelete="SET NULL"), index=True)

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()
    roles: Mapped[list["AttendanceRole"]] = relationship(cascade="all, delete-orphan", order_by="AttendanceRole.role")
    meetings: Mapped[list[Meeting]] = relationship(secondary="attendance_meeting", order_by=Meeting.position)
    group: Mapped[StakeholderGroup | None] = relationship()


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
