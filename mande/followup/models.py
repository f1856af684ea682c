"""What people said they would do, when they are asked again, and what they answered.

This is the signed envelope. Nothing in it leads to an answer of a survey. What the team adds to it is in
`desk.models`.
"""

from datetime import date
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
from sqlalchemy import false
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from mande.db import Model
from mande.db import enum_column
from mande.db import random_id
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import IntendedOutcome
from mande.events.models import Person
from mande.followup.kinds import ENDED as ENDED
from mande.followup.kinds import FOR_PARTNERS as FOR_PARTNERS
from mande.followup.kinds import Actor as Actor
from mande.followup.kinds import Channel as Channel
from mande.followup.kinds import CheckInState as CheckInState
from mande.followup.kinds import Contribution as Contribution
from mande.followup.kinds import RequestKind as RequestKind
from mande.followup.kinds import RequestState as RequestState
from mande.followup.kinds import Source as Source
from mande.followup.kinds import Status as Status
from mande.followup.kinds import Verified as Verified
from mande.followup.kinds import Visibility as Visibility


class FollowupLink(Model):
    """A person's own part in the follow-up of one event, and their link to it. It outlives the questionnaire's link.

    Most of them attended; whoever took an action over from a colleague need not have (`attendance` is None then).
    Nobody is asked before `snoozed_until`, nor once it is `stopped`. The link of somebody who must not be exposed works
    until `expires_at` only; each check-in gives it more time.
    """

    __tablename__ = "followup_link"
    __table_args__ = (UniqueConstraint("event_id", "person_id"),)

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    link_key: Mapped[str] = mapped_column(String(16))
    stopped: Mapped[bool] = mapped_column(default=False)
    snoozed_until: Mapped[date | None]
    expires_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()
    attendance: Mapped[Attendance | None] = relationship(
        primaryjoin="and_(foreign(FollowupLink.event_id) == Attendance.event_id, "
        "foreign(FollowupLink.person_id) == Attendance.person_id)",
        viewonly=True,
        uselist=False,
    )


class FormerFollowupLink(Model):
    """A link that was mailed to somebody whose two records were made one: it leads to the link that was kept."""

    __tablename__ = "former_followup_link"

    id: Mapped[UUID] = random_id()
    link_id: Mapped[UUID] = mapped_column(ForeignKey("followup_link.id", ondelete="CASCADE"), index=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    link_key: Mapped[str] = mapped_column(String(16))


class PlannedAction(Model):
    """What somebody says that they will do after the event: its owners, or (`source`) the team itself.

    `status` is what its owners said last, and `heard_at` when; `verified` is what the team verified last. `theme` is
    the intended outcome under which the team counts it. Of the team's own, `staff_id` is the member who owns it and
    `for_partners` says whether partners may see it; of an owner's, each `ActionOwner` says so.
    """

    __tablename__ = "planned_action"
    __table_args__ = (
        CheckConstraint("length(what) > 0", name="what_not_empty"),
        CheckConstraint("source <> 'owner' OR (staff_id IS NULL AND for_partners = false)", name="owned_by_one_side"),
        Index("ix_planned_action_event", "event_id", "status"),
        Index("ix_planned_action_by_when", "by_when"),
    )

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    source: Mapped[Source] = mapped_column(enum_column(Source, "source"), default=Source.OWNER, server_default="owner")
    what: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    by_when: Mapped[date | None]
    with_whom: Mapped[str] = mapped_column(Text, default="")
    help_needed: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[Status] = mapped_column(enum_column(Status, "status"), default=Status.NOT_STARTED)
    heard_at: Mapped[datetime | None]
    verified: Mapped[Verified | None] = mapped_column(enum_column(Verified, "verified"))
    theme_id: Mapped[UUID | None] = mapped_column(ForeignKey("intended_outcome.id", ondelete="SET NULL"), index=True)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id", ondelete="SET NULL"), index=True)
    for_partners: Mapped[bool] = mapped_column(default=False, server_default=false())
    withdrawn: Mapped[bool] = mapped_column(default=False)
    created_on: Mapped[date]

    event: Mapped[Event] = relationship()
    theme: Mapped[IntendedOutcome | None] = relationship()
    owners: Mapped[list["ActionOwner"]] = relationship(
        order_by="ActionOwner.since, ActionOwner.id", cascade="all, delete-orphan", back_populates="action"
    )
    updates: Mapped[list["Update"]] = relationship(order_by="Update.reported_at", cascade="all, delete-orphan")
    files: Mapped[list["EvidenceFile"]] = relationship(
        order_by="EvidenceFile.added_at, EvidenceFile.id", cascade="all, delete-orphan"
    )
    requests: Mapped[list["ActionRequest"]] = relationship(
        order_by="ActionRequest.asked_at, ActionRequest.id", cascade="all, delete-orphan"
    )

    @property
    def short(self) -> str:
        """What it is called in the buttons of a check-in: eight hexadecimal digits."""
        return self.id.hex[:8]


class ActionOwner(Model):
    """One of those who own an action. Each decides for themselves who may see it and whether they may be asked.

    `status` is what this owner said last; None until they have said anything.
    """

    __tablename__ = "action_owner"
    __table_args__ = (UniqueConstraint("action_id", "link_id"),)

    id: Mapped[UUID] = random_id()
    action_id: Mapped[UUID] = mapped_column(ForeignKey("planned_action.id", ondelete="CASCADE"))
    link_id: Mapped[UUID] = mapped_column(ForeignKey("followup_link.id", ondelete="CASCADE"), index=True)
    visibility: Mapped[Visibility] = mapped_column(
        enum_column(Visibility, "visibility"), default=Visibility.PARTNERS_WITHOUT_NAME
    )
    consent: Mapped[bool] = mapped_column(default=False)
    status: Mapped[Status | None] = mapped_column(enum_column(Status, "status"))
    since: Mapped[datetime]

    action: Mapped[PlannedAction] = relationship(back_populates="owners")
    link: Mapped[FollowupLink] = relationship()


class CheckIn(Model):
    """One scheduled question to one owner about all of their open actions at an event.

    `step` is "month-3", or "due-2021-09-15" for some days before a person's own date. Staff who put it off set
    `moved_to`.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("link_id", "step"),
        CheckConstraint("state NOT IN ('asked', 'answered') OR asked_at IS NOT NULL", name="asked_has_a_moment"),
        Index("ix_check_in_due", "state", "due_at"),
    )

    id: Mapped[UUID] = random_id()
    link_id: Mapped[UUID] = mapped_column(ForeignKey("followup_link.id", ondelete="CASCADE"))
    step: Mapped[str] = mapped_column(String(40))
    due_at: Mapped[datetime]
    moved_to: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    state: Mapped[CheckInState] = mapped_column(enum_column(CheckInState, "state"), default=CheckInState.SCHEDULED)

    link: Mapped[FollowupLink] = relationship()


class Update(Model):
    """A report on one action: by the owner of `link`, or (`recorded_by`, an address) told to a member of the team.

    `happened_on` is the day on which the team was told; by link it is None. `factors` are what helped or hindered.
    """

    __tablename__ = "action_update"
    __table_args__ = (
        CheckConstraint("(channel = 'link') = (recorded_by IS NULL)", name="told_to_somebody_or_by_link"),
        Index("ix_action_update_action_id", "action_id", "reported_at"),
    )

    id: Mapped[UUID] = random_id()
    action_id: Mapped[UUID] = mapped_column(ForeignKey("planned_action.id", ondelete="CASCADE"))
    check_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("check_in.id", ondelete="SET NULL"))
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey("followup_link.id", ondelete="SET NULL"), index=True)
    channel: Mapped[Channel] = mapped_column(
        enum_column(Channel, "channel"), default=Channel.LINK, server_default="link"
    )
    recorded_by: Mapped[str | None] = mapped_column(String(254))
    happened_on: Mapped[date | None]
    reported_at: Mapped[datetime]
    status: Mapped[Status] = mapped_column(enum_column(Status, "status"))
    what_changed: Mapped[str] = mapped_column(Text, default="")
    significance: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    contribution: Mapped[Contribution | None] = mapped_column(enum_column(Contribution, "contribution"))
    factors: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    evidence: Mapped[str] = mapped_column(Text, default="")


class EvidenceFile(Model):
    """A file that shows what came of an action. Its bytes lie under the folder of settings, named by its id alone.

    They are encrypted under a key of their own, wrapped by the operator's key with the fingerprint `operator_key`.
    `size` and `sha256` are of the file as it is handed out.
    """

    __tablename__ = "evidence_file"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    id: Mapped[UUID] = random_id()
    action_id: Mapped[UUID] = mapped_column(ForeignKey("planned_action.id", ondelete="CASCADE"), index=True)
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey("followup_link.id", ondelete="SET NULL"), index=True)
    added_by: Mapped[str | None] = mapped_column(String(254))
    added_at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    operator_key: Mapped[str] = mapped_column(String(16))


class ActionRequest(Model):
    """What an owner asked a colleague about an action. The colleague's address goes as soon as they have answered.

    Who agrees to own the action gets a link of their own: `to_link_id`. Of who agrees to be named the name stays. By
    `address_digest`, keyed and different for each action, the same address is not asked the same again.
    """

    __tablename__ = "action_request"
    __table_args__ = (
        CheckConstraint("(state = 'asked') = (to_address IS NOT NULL)", name="address_only_while_asked"),
        CheckConstraint("to_address = lower(to_address)", name="address_lower_case"),
    )

    id: Mapped[UUID] = random_id()
    action_id: Mapped[UUID] = mapped_column(ForeignKey("planned_action.id", ondelete="CASCADE"), index=True)
    kind: Mapped[RequestKind] = mapped_column(enum_column(RequestKind, "kind"))
    from_link_id: Mapped[UUID] = mapped_column(ForeignKey("followup_link.id", ondelete="CASCADE"), index=True)
    to_name: Mapped[str] = mapped_column(String(200))
    to_address: Mapped[str | None] = mapped_column(String(254), index=True)
    address_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    to_link_id: Mapped[UUID | None] = mapped_column(ForeignKey("followup_link.id", ondelete="SET NULL"), index=True)
    state: Mapped[RequestState] = mapped_column(enum_column(RequestState, "state"), default=RequestState.ASKED)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    link_key: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    action: Mapped[PlannedAction] = relationship(back_populates="requests")
    asked_by: Mapped[FollowupLink] = relationship(foreign_keys=[from_link_id])


class ErasureRequest(Model):
    """Somebody's wish to have all erased that is held about them, until they confirm it by a link in their own mailbox.

    It was made on their page of the event, and ends by itself.
    """

    __tablename__ = "erasure_request"

    id: Mapped[UUID] = random_id()
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    link_key: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()


class QuietPeriod(Model):
    """Days on which nobody is asked, both ends included: at one event, or (`event_id` None) at all."""

    __tablename__ = "quiet_period"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),)

    id: Mapped[UUID] = random_id()
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    why: Mapped[str] = mapped_column(String(200), default="")


class ScheduleRenewal(Model):
    """Somebody whose check-ins the worker is to plan anew, because what they depend on has changed for many people."""

    __tablename__ = "schedule_renewal"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class ActionChange(Model):
    """One change of an action, by whom and when. `detail` holds {field: [before, after]}.

    `by` is the address of a member of the team; of an owner `link_id` tells who. Withdrawing an action erases `detail`.
    """

    __tablename__ = "action_change"
    __table_args__ = (Index("ix_action_change_action", "action_id", "at"),)

    id: Mapped[UUID] = random_id()
    action_id: Mapped[UUID] = mapped_column(ForeignKey("planned_action.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    actor: Mapped[Actor] = mapped_column(enum_column(Actor, "actor"))
    by: Mapped[str | None] = mapped_column(String(254))
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey("followup_link.id", ondelete="SET NULL"), index=True)
    what: Mapped[str] = mapped_column(String(40))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
