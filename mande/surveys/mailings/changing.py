"""What staff can do with the rules of an event. One transaction each, opened by the caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events import rules
from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.events.kinds import Wave
from mande.events.models import Event
from mande.events.models import MessageRule
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.staff import audit
from mande.surveys import reminders
from mande.surveys import reminding
from mande.surveys.mailings import inviting
from mande.surveys.mailings import lives
from mande.surveys.mailings import thanking
from mande.surveys.models import Invitation
from mande.surveys.models import Survey

MOST_REMINDERS = 10


class ChangeError(Exception):
    """The rule cannot be changed so. The text says why."""


@dataclass(frozen=True)
class Timing:
    """When a rule is to fall due, as `MessageRule` holds it; `moved_to` overrides the rest."""

    months: int = 0
    days: int = 0
    at: str | None = None
    minutes: int = 0
    moved_to: datetime | None = None


def find(event: Event, rule_id: UUID) -> MessageRule | None:
    """The rule of this event with this id."""
    return next((rule for rule in event.rules if rule.id == rule_id), None)


def set_state(session: Session, event: Event, rule: MessageRule, state: RuleState) -> None:
    """Pauses, skips or resumes a rule. What it has queued for later is taken back; resumed, it is queued anew."""
    _refuse_if_done(rule)
    rule.state = state
    _take_back(session, rule)
    _record(session, event, rule, {"state": state.value})


def set_timing(session: Session, event: Event, rule: MessageRule, timing: Timing) -> None:
    """Moves a rule. Raises ChangeError where that makes no sense."""
    _refuse_if_done(rule)
    if rule.kind is RuleKind.INVITATION and rule.done_at is not None:
        raise ChangeError(_("The invitations have gone out already."))
    _check(event, rule.wave, rule.kind, timing, rule)
    for name, value in vars(timing).items():
        setattr(rule, name, value)
    _take_back(session, rule)
    _record(session, event, rule, _told(timing))


def add(session: Session, event: Event, wave: Wave, kind: RuleKind, timing: Timing) -> MessageRule:
    """Adds a reminder, or another rule of which the wave has none yet. Raises ChangeError.

    It is on, but for an invitation: that one waits until staff say that the list of attendees is as it should be.
    """
    known = rules.of(event, wave, kind)
    if known and (kind is not RuleKind.REMINDER or len(known) >= MOST_REMINDERS):
        raise ChangeError(_("There is one of these already, or there are as many as there may be."))
    _check(event, wave, kind, timing, None)
    number = max([_highest_sent(session, event, wave, kind), *(rule.number for rule in known)]) + 1
    if number >= reminders.BY_HAND:
        raise ChangeError(_("So many reminders were added and removed that there are no numbers left."))
    state = RuleState.PAUSED if kind is RuleKind.INVITATION else RuleState.ON
    rule = MessageRule(wave=wave, kind=kind, number=number, state=state, **vars(timing))
    event.rules.append(rule)
    _record(session, event, rule, {"added": True, **_told(timing)})
    return rule


def remove(session: Session, event: Event, rule: MessageRule) -> None:
    """Takes a reminder away. Raises ChangeError for what is skipped rather than removed."""
    if rule.kind is not RuleKind.REMINDER:
        raise ChangeError(_("Only reminders can be removed. Skip it instead."))
    _take_back(session, rule)
    _record(session, event, rule, {"removed": True})
    event.rules.remove(rule)
    session.flush()


def send_now(session: Session, event: Event, rule: MessageRule) -> int:
    """Sends what a rule would send, now or in the next working hours of each; returns to how many.

    Whoever was written to within a day gets it when that day is over. Raises ChangeError, and what opening raises.
    """
    _refuse_if_done(rule)
    life = lives.life(session, event, rule.wave)
    now = clock.now()
    if rule.kind is RuleKind.INVITATION:
        if life.opened_at is not None:
            raise ChangeError(_("The invitations have gone out already."))
        sent = inviting.open_by_rule(session, event, rule.wave)
        rule.state = RuleState.ON
    else:
        if rule.kind is RuleKind.THANK_YOU and life.closed_at is None:
            raise ChangeError(_("Thanks go out after the closing."))
        if rule.kind is not RuleKind.THANK_YOU and (life.opened_at is None or life.closed_at is not None):
            raise ChangeError(_("No questionnaire is open: there is nothing to answer."))
        _take_back(session, rule)
        rule.state, rule.moved_to = RuleState.ON, now
        session.flush()
        of_wave = (Survey.event_id == event.id, Survey.wave == rule.wave)
        thanks = rule.kind is RuleKind.THANK_YOU
        sent = thanking.thank(session, event, rule.wave) if thanks else reminding.remind_due(session, *of_wave)
    _record(session, event, rule, {"sent now": sent})
    return sent


def _check(event: Event, wave: Wave, kind: RuleKind, timing: Timing, changed: MessageRule | None) -> None:
    if timing.moved_to is not None:
        if timing.moved_to <= clock.now():
            raise ChangeError(_("That moment has passed. Choose a later one, or send it now."))
        return
    if kind is not RuleKind.REMINDER:
        return
    if timing.days < 1:
        raise ChangeError(_("Nobody gets two messages within a day: remind them after one day at the earliest."))
    if any(rule.days == timing.days and rule is not changed for rule in rules.of(event, wave, kind)):
        raise ChangeError(_("There is a reminder after %(days)s days already.", days=timing.days))


def _highest_sent(session: Session, event: Event, wave: Wave, kind: RuleKind) -> int:
    """No number is given twice, were its rule removed: by it the outbox knows who has had this one."""
    highest = select(func.max(Message.sequence)).join(Invitation, Invitation.id == Message.about).join(Survey)
    of_kind = (Message.kind == MessageKind(kind.value), Message.sequence < reminders.BY_HAND)
    return session.scalar(highest.where(Survey.event_id == event.id, Survey.wave == wave, *of_kind)) or 0


def _refuse_if_done(rule: MessageRule) -> None:
    if rule.done_at is not None and rule.kind is RuleKind.THANK_YOU:
        raise ChangeError(_("The thanks have gone out already."))


def _take_back(session: Session, rule: MessageRule) -> None:
    if rule.kind in (RuleKind.REMINDER, RuleKind.LAST_CALL):
        inviting.take_back(session, rule)


def _told(timing: Timing) -> dict[str, Any]:
    told: Mapping[str, Any] = {**vars(timing), "moved_to": timing.moved_to and timing.moved_to.isoformat()}
    return {name: value for name, value in told.items() if value}


def _record(session: Session, event: Event, rule: MessageRule, detail: dict[str, Any]) -> None:
    named = {"rule": f"{rule.kind.value} {rule.number}", "wave": rule.wave.value}
    audit.record(session, "message rule changed", event.code, {**named, **detail})
