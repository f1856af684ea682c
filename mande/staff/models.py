"""Who may see and do what, and what they did."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import String
from sqlalchemy import false
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from mande.db import Model
from mande.db import enum_column
from mande.db import random_id


class StaffRole(StrEnum):
    """Each may do all that the ones before it may."""

    VIEWER = "viewer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class StaffMember(Model):
    """Somebody of the programme team who can sign in."""

    __tablename__ = "staff_member"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower_case"),)

    id: Mapped[UUID] = random_id()
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(300))
    role: Mapped[StaffRole] = mapped_column(enum_column(StaffRole, "role"))
    active: Mapped[bool] = mapped_column(default=True)
    # Managers may in any case.
    takes_answers: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Changes with the password, so that every session signed in before it ends.
    session_stamp: Mapped[str] = mapped_column(String(32))


class AuditEntry(Model):
    """One thing that somebody of the team, or the program for them, did. It never tells who answered what."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject", "at"),)

    id: Mapped[UUID] = random_id()
    at: Mapped[datetime]
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"))
    actor: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class KnownKey(Model):
    """The fingerprint of an operator's key with which this database has been used."""

    __tablename__ = "known_key"

    fingerprint: Mapped[str] = mapped_column(String(16), primary_key=True)
    since: Mapped[datetime]
