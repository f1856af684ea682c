"""What is known of a wave of an event's surveys, as `schedule` asks for it."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement
from sqlalchemy import Row
from sqlalchemy import exists
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session
from sqlalchemy.orm import selectinload

from mande import clock
from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.events.kinds import Wave
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import MessageRule
from mande.surveys import operations
from mande.surveys.mailings import schedule
from mande.surveys.mailings.schedule import Life
from mande.surveys.mailings.schedule import Planned
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.reminders import zone_of

log = structlog.stdlib.get_logger("mande.mailings")


def life(session: Session, event: Event, wave: Wave) -> Life:
    """What is known of a wave of an event."""
    surveys = operations.surveys_of(session, event)
    own = [survey for survey in surveys if survey.wave is wave]
    earlier = [survey for survey in surveys if survey.wave is Wave.EVENT and wave is Wave.FOLLOWUP]
    opened = [survey.opens_at for survey in own if survey.opens_at]
    closes_at = max((survey.closes_at for survey in own if survey.closes_at), default=None)
    return Life(
        ends_at=event.ends_at,
        opened_at=min(opened, default=None),
        closes_at=closes_at,
        closed_at=closes_at if all(survey.state is SurveyState.CLOSED for survey in own) else None,
        days_open=event.days_open,
        has_people=bool(session.scalar(select(exists().where(Attendance.event_id == event.id)))),
        is_held_up=any(survey.state is SurveyState.OPEN for survey in earlier),
    )


def plan(session: Session, event: Event, wave: Wave) -> list[Planned[MessageRule]]:
    """The rules of a wave of an event, in the order in which they fall due."""
    return plan_for(event, wave, life(session, event, wave))


def plan_for(event: Event, wave: Wave, known: Life) -> list[Planned[MessageRule]]:
    """The same, where the life of the wave is known already."""
    rules = [rule for rule in event.rules if rule.wave is wave]
    return schedule.plan(rules, known, zone_of(event.time_zone), clock.now())


def due_by_rule(session: Session, kind: RuleKind, *conditions: ColumnElement[bool]) -> list[tuple[UUID, Wave]]:
    """The events and waves whose rule of this kind is on, has not been carried out, and is due."""
    found = with_rule_on(session, kind, MessageRule.done_at.is_(None), *conditions)
    now = clock.now()
    return [
        (event.id, rule.wave)
        for rule, event in found
        if any(one.rule.id == rule.id and one.goes_out(now) for one in plan(session, event, rule.wave))
    ]


def with_rule_on(
    session: Session, kind: RuleKind, *conditions: ColumnElement[bool]
) -> Sequence[Row[MessageRule, Event]]:
    """The rules of a kind that are on, with their events."""
    on = (
        select(MessageRule, Event)
        .join(Event, Event.id == MessageRule.event_id)
        .where(MessageRule.kind == kind, MessageRule.state == RuleState.ON, *conditions)
        .order_by(Event.code, MessageRule.wave)
    )
    return session.execute(on.options(selectinload(Event.meetings), selectinload(Event.rules))).all()


def locked(session: Session, event_id: UUID) -> Event:
    """The event as it is now, with meetings and rules. Nobody else writes to its people until the transaction ends."""
    # FOR NO KEY UPDATE: attendees may still be added.
    found = select(Event).where(Event.id == event_id).with_for_update(key_share=True)
    both = found.options(selectinload(Event.meetings), selectinload(Event.rules))
    return session.scalars(both.execution_options(populate_existing=True)).one()


def open_in(wave: ColumnElement[Wave] | InstrumentedAttribute[Wave]) -> ColumnElement[bool]:
    """Whether a survey of the rule's event is open in this wave."""
    return exists().where(
        Survey.event_id == MessageRule.event_id,
        Survey.wave == wave,
        Survey.state == SurveyState.OPEN,
        Survey.closes_at > clock.now(),
    )
