"""Who holds a link, and what they are asked: all that a respondent's page needs, in one query.

A page is asked for far more often than anything changes, and objects of the ORM cost several times what the database
does: hence plain rows, and nothing loaded that a page does not show.
"""

from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy import Table
from sqlalchemy import bindparam
from sqlalchemy import select

from mande import tokens
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import Mode
from mande.events.models import OwnSector
from mande.events.models import Partner
from mande.events.models import Person
from mande.events.models import Role
from mande.events.models import Sector
from mande.events.models import attendance_meeting
from mande.events.models import event_partner
from mande.surveys.answering.ballot import Box
from mande.surveys.models import BallotBox
from mande.surveys.models import Invitation
from mande.surveys.models import Questionnaire
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.strata import UNKNOWN


@dataclass(frozen=True)
class AskedMeeting:
    """A meeting of the event; the moments are in UTC."""

    code: str
    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class AskedPartner:
    name: str


@dataclass(frozen=True)
class AskedEvent:
    """The event that a survey is about. Meetings and partners are empty where `whole` has not loaded them."""

    id: UUID
    code: str
    title: str
    convenor: str
    time_zone: str
    manager_name: str
    manager_email: str
    meetings: tuple[AskedMeeting, ...] = ()
    partners: tuple[AskedPartner, ...] = ()


@dataclass(frozen=True)
class AskedSurvey:
    id: UUID
    questionnaire_id: UUID
    digest: str
    role: Role
    anonymous: bool
    strata: tuple[str, ...]
    k: int
    closes_at: datetime | None
    public_key: bytes | None
    event: AskedEvent


@dataclass(frozen=True)
class AskedPerson:
    name: str
    language: str | None
    sector: str | None
    gender: str | None
    country: str | None


@dataclass(frozen=True)
class AskedAttendance:
    """How the person took part. Meetings and roles are empty where `whole` and `with_roles` have not loaded them."""

    id: UUID
    mode: Mode | None
    person: AskedPerson
    meetings: tuple[AskedMeeting, ...] = ()
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Asked:
    """One person asked to answer one open survey. Nothing is shown by their link from `expires_at` on, if it is set."""

    id: UUID
    survey: AskedSurvey
    attendance: AskedAttendance
    expires_at: datetime | None = None

    @property
    def attendance_id(self) -> UUID:
        return self.attendance.id

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


def _table(model: type) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


_I, _S, _Q, _E = (_table(model) for model in (Invitation, Survey, Questionnaire, Event))
_A, _P, _M, _B = (_table(model) for model in (Attendance, Person, Meeting, BallotBox))
_BY_DIGEST = _I.c.token_digest == bindparam("digest")

# The statements are made once: SQLAlchemy then knows them again without comparing them part by part.
_LOCK = select(_I.c.id).where(_BY_DIGEST).with_for_update()

_FIND = (
    select(
        *(_I.c.id.label("invitation_id"), _S.c.id.label("survey_id"), _E.c.id.label("event_id"), _I.c.attendance_id),
        *(_S.c[name] for name in ("questionnaire_id", "role", "anonymous", "strata", "k", "closes_at", "public_key")),
        *(_E.c[name] for name in ("code", "title", "convenor", "time_zone", "manager_name", "manager_email")),
        *(_P.c[name] for name in ("name", "language", "sector", "gender", "country")),
        *(_A.c.mode, _Q.c.digest, _I.c.expires_at),
        *(_B.c[name] for name in ("locator", "sealed", "key_for_link", "key_for_survey")),
    )
    .select_from(
        _I.join(_S, _I.c.survey_id == _S.c.id)
        .join(_Q, _S.c.questionnaire_id == _Q.c.id)
        .join(_E, _S.c.event_id == _E.c.id)
        .join(_A, _I.c.attendance_id == _A.c.id)
        .join(_P, _A.c.person_id == _P.c.id)
        .outerjoin(_B, _B.c.locator == bindparam("locator"))
    )
    .where(_BY_DIGEST, _S.c.state == SurveyState.OPEN)
)

_MEETINGS = (
    select(
        *(_M.c[name] for name in ("code", "title", "starts_at", "ends_at")),
        attendance_meeting.c.attendance_id.is_not(None).label("attended"),
    )
    .outerjoin(
        attendance_meeting,
        (attendance_meeting.c.meeting_id == _M.c.id) & (attendance_meeting.c.attendance_id == bindparam("attendance")),
    )
    .where(_M.c.event_id == bindparam("event"))
    .order_by(_M.c.position)
)

_ROLES = select(AttendanceRole.role).where(AttendanceRole.attendance_id == bindparam("attendance"))

_NO_OWN_SECTORS = frozenset({"", UNKNOWN, *Sector})
_SECTOR = select(OwnSector.name).where(OwnSector.code == bindparam("code"))

_PARTNERS = (
    select(Partner.name)
    .join(event_partner, event_partner.c.partner_id == Partner.id)
    .where(event_partner.c.event_id == bindparam("event"))
    .order_by(Partner.name)
)


def find(connection: Connection, token: str) -> tuple[Asked, Box | None] | None:
    """Whom the link with this token, in its normal form, belongs to, and their ballot box if there is one.

    None where no open survey has this link. In a transaction that writes the invitation is locked first, by a
    statement of its own: what is read afterwards is what the last to hold the lock has left.
    """
    digest = {"digest": tokens.digest(token)}
    writes = connection.get_execution_options().get("mande_write")
    if writes and connection.dialect.name != "sqlite":  # SQLite has locked everything when the transaction began
        connection.execute(_LOCK, digest)
    row = connection.execute(_FIND, {**digest, "locator": tokens.locator(token)}).one_or_none()
    return (_asked(row), _box(row)) if row else None


def whole(connection: Connection, asked: Asked) -> Asked:
    """The same with the event's partners, and with all its meetings and those that the person attended."""
    event, attendance = asked.survey.event, asked.attendance
    rows = connection.execute(_MEETINGS, {"event": event.id, "attendance": attendance.id}).all()
    held = [AskedMeeting(row.code, row.title, row.starts_at, row.ends_at) for row in rows]
    attended = tuple(meeting for meeting, row in zip(held, rows, strict=True) if row.attended)
    partners = tuple(map(AskedPartner, connection.scalars(_PARTNERS, {"event": event.id})))
    survey = replace(asked.survey, event=replace(event, meetings=tuple(held), partners=partners))
    return replace(asked, survey=survey, attendance=replace(attendance, meetings=attended))


def with_roles(connection: Connection, asked: Asked) -> Asked:
    """The same with the roles in which the person attended."""
    found = connection.scalars(_ROLES, {"attendance": asked.attendance.id})
    roles = tuple(sorted(found, key=list(Role).index))
    return replace(asked, attendance=replace(asked.attendance, roles=roles))


def own_sector(connection: Connection, code: str) -> str:
    """What a sector is called that the installation added itself; "" for any other."""
    if code in _NO_OWN_SECTORS:
        return ""
    name = connection.scalar(_SECTOR, {"code": code})
    return str(name or code.replace("-", " "))


def _asked(row: Any) -> Asked:
    event = AskedEvent(
        row.event_id, row.code, row.title, row.convenor, row.time_zone, row.manager_name, row.manager_email
    )
    survey = AskedSurvey(
        id=row.survey_id,
        questionnaire_id=row.questionnaire_id,
        digest=row.digest,
        role=row.role,
        anonymous=row.anonymous,
        strata=tuple(row.strata),
        k=row.k,
        closes_at=row.closes_at,
        public_key=row.public_key,
        event=event,
    )
    person = AskedPerson(row.name, row.language, row.sector, row.gender, row.country)
    return Asked(row.invitation_id, survey, AskedAttendance(row.attendance_id, row.mode, person), row.expires_at)


def _box(row: Any) -> Box | None:
    return Box(row.locator, row.sealed, row.key_for_link, row.key_for_survey) if row.locator else None
