"""What an event sends by rule in one wave, and when. Pure: moments in, moments out, always aware and in UTC.

An invitation is counted from the end of the last meeting, reminders from the invitation, the last call backwards from
the closing, the thanks from the closing as it was. So what is not sent moves with the event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import time
from datetime import timedelta
from enum import StrEnum
from typing import Generic
from typing import TypeVar
from zoneinfo import ZoneInfo

from mande.events import timing
from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.surveys.mailings import asking
from mande.surveys.mailings.asking import Rule

# What is later than this never goes out by itself: whoever set a rule up has long stopped thinking of it.
GRACE = timedelta(days=7)


R = TypeVar("R", bound=Rule)
# Without a bound: mypy looks at that before it knows the columns of a model.
T = TypeVar("T")


class State(StrEnum):
    """What becomes of something that goes out by rule. `over` can not go out any more, `missed` is too late to go by
    itself."""

    PLANNED = "planned"
    WAITING = "waiting"
    PAUSED = "paused"
    SKIPPED = "skipped"
    UNDER_WAY = "under_way"
    SENT = "sent"
    MISSED = "missed"
    OVER = "over"


class Lacking(StrEnum):
    """What has to come about first."""

    DATES = "dates"
    PEOPLE = "people"
    EARLIER_WAVE = "earlier_wave"
    OPENING = "opening"


@dataclass(frozen=True)
class Life:
    """What is known of one wave: the end of the event's last meeting, and when its surveys opened and close.

    `closed_at` is None until all of them are closed. `is_held_up`: the wave before it is still open.
    """

    ends_at: datetime | None = None
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    days_open: int = 21
    has_people: bool = True
    is_held_up: bool = False


@dataclass(frozen=True)
class Planned(Generic[T]):
    """One rule: when it falls due (None: nobody knows yet), and what becomes of it."""

    rule: T
    due: datetime | None
    state: State
    lacking: Lacking | None = None

    def goes_out(self, now: datetime) -> bool:
        """Whether it is to go out by itself at `now`."""
        return self.state is State.PLANNED and self.due is not None and self.due <= now


def plan(rules: Sequence[R], life: Life, zone: ZoneInfo, now: datetime) -> list[Planned[R]]:
    """The rules of one wave in the order in which they fall due by the clocks of the event; the undated ones last.

    People are reminded in their own time: see `asking`. What is sent of a reminder or last call, only the outbox knows.
    """
    asked = _asked(rules, life, zone, now)
    found = [_planned(rule, life, asked, zone, now) for rule in rules]
    order = list(RuleKind)
    undated = datetime.max.replace(tzinfo=zone)
    return sorted(found, key=lambda one: (one.due or undated, order.index(one.rule.kind), one.rule.number))


def closing(opened_at: datetime, days_open: int, zone: ZoneInfo) -> datetime:
    """The last minute of the day on which surveys close that were opened then."""
    day = opened_at.astimezone(zone).date() + timedelta(days=days_open)
    return timing.instant(datetime.combine(day, time(23, 59)), zone)


@dataclass(frozen=True)
class _Asked:
    """From when to when people are asked, or would be; `is_certain`: it is so, or will be unless staff step in."""

    invited_at: datetime | None
    closes_at: datetime | None
    is_certain: bool


def _asked(rules: Sequence[R], life: Life, zone: ZoneInfo, now: datetime) -> _Asked:
    if life.opened_at:
        return _Asked(life.opened_at, life.closes_at, True)
    first = [rule for rule in rules if rule.kind is RuleKind.INVITATION and rule.state is not RuleState.SKIPPED]
    invitation = _invitation(first[0], life, zone, now) if first else None
    if invitation is None or invitation.due is None:
        return _Asked(None, None, False)
    certain = invitation.state in (State.PLANNED, State.SENT)
    # What has not been opened yet is opened now at the earliest.
    invited_at = max(invitation.due, now)
    return _Asked(invited_at, closing(invited_at, life.days_open, zone), certain)


def _planned(rule: R, life: Life, asked: _Asked, zone: ZoneInfo, now: datetime) -> Planned[R]:
    if rule.kind is RuleKind.INVITATION:
        return _invitation(rule, life, zone, now)
    if rule.kind is RuleKind.THANK_YOU:
        found = _thanks(rule, life, _due(rule, life.closed_at or asked.closes_at, zone), now)
    else:
        found = _asking_again(rule, life, asked, zone)
    if found.state is State.PLANNED and not asked.is_certain:
        return Planned(rule, found.due, State.WAITING, Lacking.OPENING)
    return found


def _asking_again(rule: R, life: Life, asked: _Asked, zone: ZoneInfo) -> Planned[R]:
    due = None
    if asked.invited_at and asked.closes_at:
        somebody = asking.Asked(asked.invited_at, zone, frozenset(), asked.invited_at)
        due = asking.moment(rule, somebody, asking.Span(asked.closes_at, zone))
    if life.closed_at:
        return Planned(rule, due, State.OVER)
    if rule.state is not RuleState.ON:
        return Planned(rule, due, State(rule.state.value))
    return Planned(rule, due, State.OVER if due is None and asked.closes_at else State.PLANNED)


def _invitation(rule: R, life: Life, zone: ZoneInfo, now: datetime) -> Planned[R]:
    if life.opened_at or rule.done_at:
        return Planned(rule, life.opened_at or rule.done_at, State.SENT)
    due = _due(rule, life.ends_at, zone)
    if rule.state is not RuleState.ON:
        return Planned(rule, due, State(rule.state.value))
    if due is None:
        return Planned(rule, None, State.WAITING, Lacking.DATES)
    if now >= due + GRACE:
        return Planned(rule, due, State.MISSED)
    if now >= due and (life.is_held_up or not life.has_people):
        return Planned(rule, due, State.WAITING, Lacking.EARLIER_WAVE if life.is_held_up else Lacking.PEOPLE)
    return Planned(rule, due, State.PLANNED)


def _thanks(rule: R, life: Life, due: datetime | None, now: datetime) -> Planned[R]:
    if rule.done_at:
        return Planned(rule, rule.done_at, State.SENT)
    if rule.state is not RuleState.ON:
        return Planned(rule, due, State(rule.state.value))
    if due is None or life.closed_at is None:
        # Were it moved to before the closing, it would wait for that.
        return Planned(rule, max(due, life.closes_at or due) if due else None, State.PLANNED)
    return Planned(rule, due, State.MISSED if now >= due + GRACE else State.PLANNED)


def _due(rule: Rule, origin: datetime | None, zone: ZoneInfo) -> datetime | None:
    return timing.due(rule, origin, zone) if origin else rule.moved_to
