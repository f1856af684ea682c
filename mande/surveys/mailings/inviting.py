"""Inviting by rule: surveys open at their time, and whoever comes to the list later is not forgotten."""

from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy import exists
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande import db
from mande.events import rules
from mande.events import timing
from mande.events.discretion import is_discreet
from mande.events.discretion import link_ends
from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.events.kinds import Wave
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import MessageRule
from mande.events.models import Person
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.surveys import operations
from mande.surveys.mailings import lives
from mande.surveys.mailings import schedule
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.operations import OpeningError
from mande.surveys.questionnaires.definition import DefinitionError
from mande.surveys.reminders import next_working
from mande.surveys.reminders import zone_of

# What is later than this waits for the working hours of each recipient; what is on time goes when staff said.
ON_TIME = timedelta(hours=1)

# What was sent once and waits for another try is not ours to move or take back.
_NEVER_OFFERED = (Message.attempts == 0, Message.sent_at.is_(None))


def run() -> int:
    """Does what is due in all events, each in a transaction of its own, and returns how many people were invited."""
    with db.reading() as session:
        due = lives.due_by_rule(session, RuleKind.INVITATION)
        events = dict.fromkeys([*due, *_newcomers(session), *_queued(session)])
    invited = 0
    for event_id, wave in events:
        try:
            with db.transaction() as session:
                event = lives.locked(session, event_id)
                follow_the_event(session, event, wave)
                invited += invite(session, event, wave)
        except (OpeningError, DefinitionError) as problem:
            lives.log.warning("nobody could be invited by rule", about=str(event_id), wave=wave.value, why=str(problem))
        except Exception:
            lives.log.exception("inviting by rule failed", about=str(event_id), wave=wave.value)
    return invited


def invite(session: Session, event: Event, wave: Wave) -> int:
    """Opens the surveys of a wave if that is due by rule; where they are open, invites whoever is not invited yet.

    Returns how many were invited. `event` is locked. Raises OpeningError, DefinitionError.
    """
    now = clock.now()
    for planned in lives.plan(session, event, wave):
        if planned.rule.kind is not RuleKind.INVITATION or planned.rule.state is not RuleState.ON:
            continue
        if planned.goes_out(now):
            late = planned.due is not None and now - planned.due > ON_TIME
            return open_by_rule(session, event, wave, _in_working_hours(event, None) if late else None)
        if planned.state is schedule.State.SENT:
            return _invite_newcomers(session, event, wave)
    return 0


def open_by_rule(session: Session, event: Event, wave: Wave, moment: Callable[[Person], datetime] | None = None) -> int:
    """Opens the surveys of a wave with what the event says: questionnaires and days. Returns how many were invited.

    `moment` says when a person's invitation goes out; without it, now. Raises OpeningError, DefinitionError.
    """
    closes_at = schedule.closing(clock.now(), event.days_open, zone_of(event.time_zone))
    return _open(session, event, wave, closes_at, moment)


def follow_the_event(session: Session, event: Event, wave: Wave) -> None:
    """Lets what is queued for later, and so unsent, move with the event.

    Invitations wait for the time that their rule now says. What asks again before the event is over is taken back: it
    is queued anew when its time comes. What goes out within minutes, as staff sent it by hand, is left alone.
    """
    ends_at = event.ends_at
    floor = usual_moment(event, wave)
    if ends_at is None or floor is None:
        return
    for message, invitation in _unsent(session, event, wave):
        person = invitation.attendance.person
        if message.kind is MessageKind.INVITATION and message.due_at < floor:
            message.due_at = next_working(floor, zone_of(person.time_zone, event.time_zone))
            invitation.expires_at = link_ends(is_discreet(event, person), message.due_at, invitation.expires_at)
        elif message.kind is not MessageKind.INVITATION and message.due_at < ends_at:
            session.delete(message)


def usual_moment(event: Event, wave: Wave) -> datetime | None:
    """When invitations go out unless staff say otherwise: not before the event is over. None without a meeting."""
    ends_at = event.ends_at
    if ends_at is None:
        return None
    said = [rule for rule in rules.of(event, wave, RuleKind.INVITATION) if rule.state is not RuleState.SKIPPED]
    return max([ends_at, *(timing.due(rule, ends_at, zone_of(event.time_zone)) for rule in said)])


def take_back(session: Session, rule: MessageRule) -> int:
    """Takes back what is queued by a reminder or last call for later; it is queued anew if its time comes. How many."""
    about = select(Invitation.id).join(Survey).where(Survey.event_id == rule.event_id, Survey.wave == rule.wave)
    taken = delete(Message).where(
        Message.about.in_(about),
        Message.kind == MessageKind(rule.kind.value),
        Message.sequence == rule.number,
        Message.state == MessageState.QUEUED,
        *_NEVER_OFFERED,
        Message.due_at > clock.now(),
    )
    return len(session.scalars(taken.returning(Message.id)).all())


def _newcomers(session: Session) -> list[tuple[UUID, Wave]]:
    """The waves of events that invite by themselves and are open, with people on the list who are not invited."""
    asked = select(Invitation.attendance_id).join(Survey).where(
        Survey.event_id == MessageRule.event_id, Survey.wave == MessageRule.wave
    )  # fmt: skip
    newcomers = exists().where(Attendance.event_id == MessageRule.event_id, Attendance.id.not_in(asked))
    found = lives.with_rule_on(session, RuleKind.INVITATION, lives.open_in(MessageRule.wave), newcomers)
    return [(event.id, rule.wave) for rule, event in found]


def _queued(session: Session) -> list[tuple[UUID, Wave]]:
    """The waves of events of which something is queued for later."""
    found = (
        select(Survey.event_id, Survey.wave)
        .join(Invitation, Invitation.survey_id == Survey.id)
        .join(Message, Message.about == Invitation.id)
        .where(*_LATER, Message.due_at > clock.now())
        .distinct()
    )
    return [(event_id, wave) for event_id, wave in session.execute(found)]


_LATER = (
    Survey.state == SurveyState.OPEN,
    Message.state == MessageState.QUEUED,
    *_NEVER_OFFERED,
    Message.kind.in_((MessageKind.INVITATION, MessageKind.REMINDER, MessageKind.LAST_CALL)),
)


def _unsent(session: Session, event: Event, wave: Wave) -> list[tuple[Message, Invitation]]:
    found = (
        select(Message, Invitation)
        .join(Invitation, Invitation.id == Message.about)
        .join(Survey, Survey.id == Invitation.survey_id)
        .where(*_LATER, Message.due_at > clock.now(), Survey.event_id == event.id, Survey.wave == wave)
        .options(joinedload(Invitation.attendance).joinedload(Attendance.person))
        .with_for_update(of=Message, skip_locked=True)
    )
    return [(message, invitation) for message, invitation in session.execute(found)]


def _invite_newcomers(session: Session, event: Event, wave: Wave) -> int:
    surveys = operations.surveys_of(session, event, Survey.wave == wave, Survey.state == SurveyState.OPEN)
    closes_at = max((survey.closes_at for survey in surveys if survey.closes_at), default=None)
    ends_at = event.ends_at
    now, zone = clock.now(), zone_of(event.time_zone)
    waits = ends_at is not None and any(
        timing.due(rule, ends_at, zone) > now for rule in rules.of(event, wave, RuleKind.INVITATION)
    )
    if closes_at is None or next_working(now, zone) >= closes_at or waits:
        return 0
    if not operations.newcomers(session, event, wave):
        return 0
    return _open(session, event, wave, closes_at, _in_working_hours(event, closes_at))


def _open(
    session: Session, event: Event, wave: Wave, closes_at: datetime, moment: Callable[[Person], datetime] | None
) -> int:
    chosen = {role: choice.usual for role, choice in operations.questionnaires_of(session, event, wave).items()}
    opened = operations.open_surveys(
        session, event, closes_at=closes_at, questionnaires=chosen, wave=wave, moment=moment
    )
    return sum(opened.invited.values())


def _in_working_hours(event: Event, closes_at: datetime | None) -> Callable[[Person], datetime]:
    """The next working hours where a person is, or else, if those come after the closing, where the event is."""
    now = clock.now()

    def moment(person: Person) -> datetime:
        theirs = next_working(now, zone_of(person.time_zone, event.time_zone))
        if closes_at is None or theirs < closes_at:
            return theirs
        return next_working(now, zone_of(event.time_zone))

    return moment
