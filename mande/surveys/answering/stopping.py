"""Ending the reminders of one invitation, whoever asks for it: the person's own page, or their mail program."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy import Table
from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande import tokens
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.mail import outbox
from mande.mail.models import MessageKind
from mande.surveys.models import Invitation
from mande.surveys.models import Survey

ASKING = (MessageKind.INVITATION, MessageKind.REMINDER, MessageKind.LAST_CALL)


@dataclass(frozen=True)
class Reminded:
    """Somebody whom an open survey may remind. `title` is the event's, or None where it must not be named."""

    token: str
    invitation_id: UUID
    language: str | None
    title: str | None
    stopped: bool
    may_answer: bool


def _table(model: type) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


_I, _S, _E, _A, _P = (_table(model) for model in (Invitation, Survey, Event, Attendance, Person))
_FIND = (
    select(
        *(_I.c[name] for name in ("id", "answered", "stopped", "expires_at")),
        *(_E.c.title, _E.c.discreet, _P.c.discreet.label("person_discreet"), _P.c.language),
    )
    .select_from(
        _I.join(_S, _I.c.survey_id == _S.c.id)
        .join(_E, _S.c.event_id == _E.c.id)
        .join(_A, _I.c.attendance_id == _A.c.id)
        .join(_P, _A.c.person_id == _P.c.id)
    )
    .where(_I.c.token_digest == bindparam("digest"))
)


def find(connection: Connection, token: str, now: datetime) -> Reminded | None:
    """Whom the link with this token, in its normal form, belongs to; None where its survey has closed, or never was."""
    row = connection.execute(_FIND, {"digest": tokens.digest(token)}).one_or_none()
    return _reminded(row, token, now) if row else None


def stop(bind: Session | Connection, invitation_id: UUID) -> None:
    """The person does not want to be asked again: what has not gone is taken back. The link goes on working."""
    bind.execute(update(Invitation).where(Invitation.id == invitation_id).values(stopped=True))
    outbox.cancel(bind, [invitation_id], ASKING, "not wanted")


def _reminded(row: Any, token: str, now: datetime) -> Reminded:
    return Reminded(
        token=token,
        invitation_id=row.id,
        language=row.language,
        title=None if row.discreet or row.person_discreet else row.title,
        stopped=row.stopped,
        may_answer=not row.answered and (row.expires_at is None or now < row.expires_at),
    )
