"""Thanks after the closing.

They go to everybody who was invited and reached and has not asked for quiet, whether they answered or not. At closing
it is forgotten who answered, so that nothing else is possible; and were it possible, whoever read the outbox, or heard
that a neighbour had thanks and they had none, would learn it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande import db
from mande.events.kinds import RuleKind
from mande.events.kinds import Wave
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import MessageRule
from mande.events.models import Person
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from mande.staff import audit
from mande.surveys import messages
from mande.surveys.mailings import lives
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.reminders import GAP
from mande.surveys.reminders import next_working
from mande.surveys.reminders import zone_of
from mande.surveys.versions import definition_of


def run() -> int:
    """Thanks the people of all waves whose time has come, each in a transaction of its own; returns how many."""
    with db.reading() as session:
        due = _due(session)
    queued = 0
    for event_id, wave in due:
        try:
            with db.transaction() as session:
                queued += thank(session, lives.locked(session, event_id), wave)
        except Exception:
            lives.log.exception("thanking failed", about=str(event_id), wave=wave.value)
    return queued


def thank(session: Session, event: Event, wave: Wave) -> int:
    """Queues the thanks of a wave if they are due, once and for all; returns how many. `event` is locked."""
    now = clock.now()
    if lives.life(session, event, wave).closed_at is None:
        return 0
    for planned in lives.plan(session, event, wave):
        if planned.rule.kind is RuleKind.THANK_YOU and planned.goes_out(now):
            planned.rule.done_at = now
            queued = outbox.queue(session, [_draft(event, one, at, now) for one, at in reached(session, event, wave)])
            audit.record(session, "thanks sent", event.code, {"wave": wave.value, "queued": queued})
            return queued
    return 0


def reached(session: Session, event: Event, wave: Wave, *conditions: ColumnElement[bool]) -> Sequence[Any]:
    """Those of a wave whose invitation arrived, as far as we know, and when they were last written to."""
    invited = and_(Message.about == Invitation.id, Message.kind == MessageKind.INVITATION, Message.sequence == 0)
    theirs = select(func.max(Message.due_at)).where(Message.about == Invitation.id, Message.sent_at.is_not(None))
    bounced = exists().where(Message.about == Invitation.id, Message.state == MessageState.BOUNCED)
    found = (
        select(Invitation, theirs.correlate(Invitation).scalar_subquery())
        .join(Survey, Survey.id == Invitation.survey_id)
        .join(Attendance, Attendance.id == Invitation.attendance_id)
        .join(Person, Person.id == Attendance.person_id)
        .join(Message, invited)
        .where(
            Survey.event_id == event.id,
            Survey.wave == wave,
            Message.state == MessageState.SENT,
            Invitation.stopped.is_(False),
            ~bounced.correlate(Invitation),
            ~exists().where(Suppression.address == Person.email),
            *conditions,
        )
        .options(
            joinedload(Invitation.survey).joinedload(Survey.questionnaire),
            joinedload(Invitation.attendance).joinedload(Attendance.person),
        )
    )
    return session.execute(found).all()


def _draft(event: Event, invitation: Invitation, written_at: datetime | None, now: datetime) -> outbox.Draft:
    zone = zone_of(invitation.attendance.person.time_zone, event.time_zone)
    due_at = next_working(max(now, written_at + GAP) if written_at else now, zone)
    survey = invitation.survey
    return messages.thank_you(event, survey, definition_of(survey.questionnaire), invitation, due_at)


def _due(session: Session) -> list[tuple[UUID, Wave]]:
    """The waves of events, closed as far as they were opened, in which nobody has been thanked yet."""
    own = (Survey.event_id == MessageRule.event_id, Survey.wave == MessageRule.wave, Survey.imported.is_(False))
    closed = exists().where(*own, Survey.state == SurveyState.CLOSED)
    others = exists().where(*own, Survey.state != SurveyState.CLOSED)
    return lives.due_by_rule(session, RuleKind.THANK_YOU, closed, ~others)
