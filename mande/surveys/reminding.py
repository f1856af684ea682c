"""Reminding those who have not answered: by rule, and by hand."""

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from mande.staff import audit
from mande.surveys import messages
from mande.surveys import reminders
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.reminders import BY_HAND
from mande.surveys.reminders import GAP
from mande.surveys.versions import definition_of


def remind_due(session: Session) -> int:
    """Queues the reminders that are due by the rule of their event, and returns how many.

    Of several that fell due while no worker ran only the latest goes out. It is never queued for a moment outside the
    recipient's working hours, or after closing.
    """
    now = clock.now()
    due = [
        (waiting, number, moment)
        for waiting in _waiting(session)
        if (number := waiting.due_by_rule(now)) and (moment := waiting.moment(now))
    ]
    return _queue(session, due)


def remind(session: Session, event: Event, actor: str | None = None) -> int:
    """Reminds those of an event who have not answered, at once or in their next working hours; returns how many.

    Whoever was reminded, or invited, within the last day is left alone: a second press of the button does nothing.
    """
    now = clock.now()
    due = [
        (waiting, waiting.next_by_hand, moment)
        for waiting in _waiting(session, Survey.event_id == event.id)
        if waiting.may_be_asked(now) and (moment := waiting.moment(now))
    ]
    queued = _queue(session, due)
    audit.record(session, "reminders sent by hand", event.code, {"queued": queued}, actor)
    return queued


@dataclass(frozen=True)
class Waiting:
    """Somebody who was invited, whose invitation has left, and who has not answered."""

    invitation: Invitation
    invited_at: datetime
    message_id: str
    last_by_rule: int
    last_by_hand: int
    last_asked_at: datetime

    @property
    def event(self) -> Event:
        return self.invitation.survey.event

    @property
    def next_by_hand(self) -> int:
        return max(self.last_by_hand, BY_HAND) + 1

    def may_be_asked(self, now: datetime) -> bool:
        return now - self.last_asked_at >= GAP

    def due_by_rule(self, now: datetime) -> int:
        """The number of the reminder that is due, or 0."""
        number = reminders.latest_due(self.event.reminder_days, self.invited_at, self._zone, now)
        return number if number > self.last_by_rule and self.may_be_asked(now) else 0

    def moment(self, now: datetime) -> datetime | None:
        """When a reminder may go out: now, or in the next working hours; None if the survey is closed by then."""
        moment = reminders.next_working(now, self._zone)
        closes_at = self.invitation.survey.closes_at
        return moment if closes_at is None or moment < closes_at else None

    def is_last(self, sequence: int) -> bool:
        return BY_HAND > sequence >= len(self.event.reminder_days)

    @property
    def _zone(self) -> Any:
        return reminders.zone_of(self.invitation.attendance.person.time_zone, self.event.time_zone)


def _queue(session: Session, due: Sequence[tuple[Waiting, int, datetime]]) -> int:
    drafts = []
    for waiting, sequence, moment in due:
        survey = waiting.invitation.survey
        meant = definition_of(survey.questionnaire)
        drafts.append(
            messages.reminder(
                waiting.event,
                survey,
                meant,
                waiting.invitation,
                moment,
                sequence,
                waiting.message_id,
                last=waiting.is_last(sequence),
            )
        )
    return outbox.queue(session, drafts)


def _waiting(session: Session, *conditions: ColumnElement[bool]) -> Iterator[Waiting]:
    asked = _reminded().subquery()
    invited = and_(Message.about == Invitation.id, Message.kind == MessageKind.INVITATION, Message.sequence == 0)
    unreachable = exists().where(Suppression.address == Person.email) | exists().where(
        Message.about == Invitation.id, Message.state == MessageState.BOUNCED
    ).correlate(Invitation)
    statement = (
        select(Invitation, Message.due_at, Message.message_id, asked.c.by_rule, asked.c.by_hand, asked.c.at)
        .join(Survey, Survey.id == Invitation.survey_id)
        .join(Attendance, Attendance.id == Invitation.attendance_id)
        .join(Person, Person.id == Attendance.person_id)
        .join(Message, invited)
        .outerjoin(asked, asked.c.about == Invitation.id)
        .where(
            Survey.state == SurveyState.OPEN,
            Survey.closes_at > clock.now(),
            Invitation.answered.is_(False),
            Invitation.stopped.is_(False),
            Message.state == MessageState.SENT,
            ~unreachable,
            *conditions,
        )
        .options(
            joinedload(Invitation.survey).joinedload(Survey.event),
            joinedload(Invitation.survey).joinedload(Survey.questionnaire),
            joinedload(Invitation.attendance).joinedload(Attendance.person),
        )
    )
    for invitation, invited_at, message_id, by_rule, by_hand, at in session.execute(statement):
        yield Waiting(invitation, invited_at, message_id, by_rule or 0, by_hand or 0, max(invited_at, at or invited_at))


def _reminded() -> Any:
    """Of each invitation: the highest number of a reminder by rule and by hand, and when the latest was due."""
    by_rule = func.max(case((Message.sequence < BY_HAND, Message.sequence)))
    by_hand = func.max(case((Message.sequence >= BY_HAND, Message.sequence)))
    return (
        select(
            Message.about,
            by_rule.label("by_rule"),
            by_hand.label("by_hand"),
            func.max(Message.due_at).label("at"),
        )
        .where(Message.kind == MessageKind.REMINDER)
        .group_by(Message.about)
    )
