"""Asking those again who have not answered: by rule, and by hand."""

from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
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
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import MessageRule
from mande.events.models import Person
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from mande.mail.outbox import Draft
from mande.staff import audit
from mande.surveys import messages
from mande.surveys import reminders
from mande.surveys.mailings import asking
from mande.surveys.mailings.asking import Asked
from mande.surveys.mailings.asking import Span
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.reminders import BY_HAND
from mande.surveys.reminders import GAP
from mande.surveys.versions import definition_of

log = structlog.stdlib.get_logger("mande.mailings")

# What asks again, as the outbox calls it.
AGAIN = {MessageKind.REMINDER: RuleKind.REMINDER, MessageKind.LAST_CALL: RuleKind.LAST_CALL}


def run() -> int:
    """Queues what is due in all events, each in a transaction of its own, and returns how many messages."""
    now = clock.now()
    with db.reading() as session:
        due = dict.fromkeys(waiting.event.id for waiting in awaited(session) if waiting.due(now))
    queued = 0
    for event_id in due:
        try:
            with db.transaction() as session:
                queued += remind_due(session, Survey.event_id == event_id)
        except Exception:
            log.exception("reminding failed", about=str(event_id))
    return queued


def remind_due(session: Session, *conditions: ColumnElement[bool]) -> int:
    """Queues the reminders and last calls that are due by the rules of their event, and returns how many.

    Nothing is queued for a moment outside the recipient's working hours, or after closing. What goes to whom, and what
    is left out, is worked out by `asking.due`. Each event is locked: nobody else writes to its people meanwhile.
    """
    now = clock.now()
    _lock(session, *conditions)
    due = [
        (waiting, rule, moment)
        for waiting in awaited(session, *conditions)
        if (rule := waiting.due(now)) is not None and (moment := waiting.moment(now))
    ]
    return outbox.queue(session, [waiting.by_rule(rule, moment, now) for waiting, rule, moment in due])


def remind(session: Session, event: Event, actor: str | None = None) -> int:
    """Reminds those of an event who have not answered, at once or in their next working hours; returns how many.

    Whoever was written to within the last day is left alone: a second press of the button does nothing.
    """
    now = clock.now()
    _lock(session, Survey.event_id == event.id)
    due = [
        waiting.by_hand(moment)
        for waiting in awaited(session, Survey.event_id == event.id)
        if waiting.may_be_asked(now) and (moment := waiting.moment(now))
    ]
    queued = outbox.queue(session, due)
    audit.record(session, "reminders sent by hand", event.code, {"queued": queued}, actor)
    return queued


@dataclass(frozen=True)
class Waiting:
    """Somebody who was invited and has not answered, as `asking` sees them. `over_at`: the end of their event."""

    invitation: Invitation
    asked: Asked
    message_id: str
    last_by_hand: int
    over_at: datetime | None

    @property
    def event(self) -> Event:
        return self.invitation.survey.event

    @property
    def rules(self) -> list[MessageRule]:
        return again(self.event, self.invitation.survey)

    @property
    def span(self) -> Span | None:
        """None for a survey that closes at no set time: nobody is asked again by rule in it."""
        closes_at = self.invitation.survey.closes_at
        return Span(closes_at, reminders.zone_of(self.event.time_zone), self.over_at) if closes_at else None

    def due(self, now: datetime) -> MessageRule | None:
        return asking.due(self.rules, self.asked, self.span, now) if self.span else None

    def may_be_asked(self, now: datetime) -> bool:
        return now - self.asked.written_at >= GAP

    def moment(self, now: datetime) -> datetime | None:
        """When a message may go out: now, or in the next working hours; None if the survey is closed by then."""
        moment = reminders.next_working(now, self.asked.zone)
        closes_at = self.invitation.survey.closes_at
        return moment if closes_at is None or moment < closes_at else None

    def by_rule(self, rule: MessageRule, moment: datetime, now: datetime) -> Draft:
        survey = self.invitation.survey
        meant = definition_of(survey.questionnaire)
        common = (self.event, survey, meant, self.invitation, moment, rule.number, self.message_id)
        if rule.kind is RuleKind.LAST_CALL:
            return messages.last_call(*common)
        last = self.span is None or not asking.may_follow(self.rules, rule, self.asked, self.span, now)
        return messages.reminder(*common, last=last)

    def by_hand(self, moment: datetime) -> Draft:
        survey = self.invitation.survey
        meant = definition_of(survey.questionnaire)
        sequence = max(self.last_by_hand, BY_HAND) + 1
        return messages.reminder(
            self.event, survey, meant, self.invitation, moment, sequence, self.message_id, last=False
        )


def again(event: Event, survey: Survey) -> list[MessageRule]:
    """The rules by which those who have not answered are asked again."""
    return [rule for rule in event.rules if rule.wave is survey.wave and rule.kind in AGAIN.values()]


def awaited(
    session: Session, *conditions: ColumnElement[bool], states: Sequence[MessageState] = (MessageState.SENT,)
) -> Iterator[Waiting]:
    """Those of open surveys who have not answered and may be written to, whose invitation is in one of `states`."""
    now = clock.now()
    invited = and_(Message.about == Invitation.id, Message.kind == MessageKind.INVITATION, Message.sequence == 0)
    unreachable = exists().where(Suppression.address == Person.email) | exists().where(
        Message.about == Invitation.id, Message.state == MessageState.BOUNCED
    ).correlate(Invitation)
    end = select(func.max(Meeting.ends_at)).where(Meeting.event_id == Survey.event_id).scalar_subquery()
    statement = (
        select(Invitation, Message.due_at, Message.message_id, end)
        .join(Survey, Survey.id == Invitation.survey_id)
        .join(Attendance, Attendance.id == Invitation.attendance_id)
        .join(Person, Person.id == Attendance.person_id)
        .join(Message, invited)
        .where(
            Survey.state == SurveyState.OPEN,
            Survey.closes_at > now,
            Invitation.answered.is_(False),
            Invitation.stopped.is_(False),
            Message.state.in_(states),
            ~unreachable,
            *conditions,
        )
        .options(
            joinedload(Invitation.survey).joinedload(Survey.event).selectinload(Event.rules),
            joinedload(Invitation.survey).joinedload(Survey.questionnaire),
            joinedload(Invitation.attendance).joinedload(Attendance.person),
        )
    )
    had = _had(session, *conditions)
    for invitation, invited_at, message_id, over_at in session.execute(statement):
        again = had.get(invitation.id, [])
        zone = reminders.zone_of(invitation.attendance.person.time_zone, invitation.survey.event.time_zone)
        by_rule = frozenset((AGAIN[kind], number) for kind, number, _at in again if number < BY_HAND)
        written_at = max([invited_at, *(at for _kind, _number, at in again)])
        by_hand = [number for _kind, number, _at in again if number >= BY_HAND]
        yield Waiting(
            invitation, Asked(invited_at, zone, by_rule, written_at), message_id, max(by_hand, default=0), over_at
        )


def _had(session: Session, *conditions: ColumnElement[bool]) -> dict[UUID, list[tuple[MessageKind, int, datetime]]]:
    """What asks again was written to each of those who have not answered: kind, number, and when it was due."""
    written = (
        select(Message.about, Message.kind, Message.sequence, Message.due_at)
        .join(Invitation, Invitation.id == Message.about)
        .join(Survey, Survey.id == Invitation.survey_id)
        .where(Survey.state == SurveyState.OPEN, Invitation.answered.is_(False), Message.kind.in_(AGAIN), *conditions)
    )
    found: dict[UUID, list[tuple[MessageKind, int, datetime]]] = defaultdict(list)
    for about, kind, number, at in session.execute(written):
        found[about].append((kind, number, at))
    return found


def _lock(session: Session, *conditions: ColumnElement[bool]) -> None:
    """Lets nobody else write to the people of these events until the transaction ends."""
    of_open = select(Survey.event_id).where(Survey.state == SurveyState.OPEN, *conditions)
    # FOR NO KEY UPDATE: attendees may still be added.
    session.execute(select(Event.id).where(Event.id.in_(of_open)).order_by(Event.id).with_for_update(key_share=True))
