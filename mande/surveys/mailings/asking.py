"""What one person who was invited and has not answered is sent next, and when. Pure.

All moments are aware and in UTC. The worker asks `due`, the timeline asks `upcoming`, which is `due` played forward: so
what the page announces is what happens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from typing import TypeVar
from zoneinfo import ZoneInfo

from mande.events import timing
from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.surveys.reminders import GAP
from mande.surveys.reminders import last_working
from mande.surveys.reminders import next_working


class Rule(timing.Offset, Protocol):
    """What goes out by rule, in the words of `events.models.MessageRule`."""

    @property
    def number(self) -> int: ...
    @property
    def state(self) -> RuleState: ...
    @property
    def done_at(self) -> datetime | None: ...


R = TypeVar("R", bound=Rule)

Had = tuple[RuleKind, int]


@dataclass(frozen=True)
class Asked:
    """Somebody who was invited, where their clocks stand, and what they have had by rule since: kinds and numbers.

    `written_at` is when they were last sent anything of this survey, or will be by what is queued already.
    """

    invited_at: datetime
    zone: ZoneInfo
    had: frozenset[Had]
    written_at: datetime


@dataclass(frozen=True)
class Span:
    """How long a survey stays open, by the clocks of its event; nobody is asked again before the event is over."""

    closes_at: datetime
    zone: ZoneInfo
    over_at: datetime | None = None


def moment(rule: Rule, asked: Asked, span: Span) -> datetime | None:
    """When this person's turn comes, always in their working hours; None where that would be after the closing.

    A reminder is counted from their own invitation, by their calendar, and so is its hour. Where staff moved it to
    counts for those only who had been invited a day before that: whoever is invited later is reminded in their time.
    """
    moved = rule.moved_to if rule.moved_to is not None and rule.moved_to >= asked.invited_at + GAP else None
    if rule.kind is RuleKind.LAST_CALL:
        found = _last_call(moved or timing.counted(rule, span.closes_at, span.zone), asked, span)
    else:
        found = next_working(moved or timing.counted(rule, asked.invited_at, asked.zone), asked.zone)
    if span.over_at is not None and found < span.over_at:
        found = next_working(span.over_at, asked.zone)
    return found if found < span.closes_at else None


def due(rules: Sequence[R], asked: Asked, span: Span, now: datetime) -> R | None:
    """What this person is to be sent at `now`, if anything.

    Of several reminders whose time has come only the latest goes out. A last call goes before a reminder, takes the
    place of one that would come within a day of it, and ends the reminders. Nobody gets two messages within a day.
    """
    if now - asked.written_at < GAP or now < (span.over_at or now) or _has_been_called(asked):
        return None
    turns = _turns(rules, asked, span)
    calls = [(at, rule) for at, rule in turns if rule.kind is RuleKind.LAST_CALL]
    for at, rule in calls:
        if at <= now:
            return rule
    if any(at - now < GAP for at, _rule in calls):
        return None
    passed = [rule for at, rule in turns if at <= now and rule.kind is RuleKind.REMINDER]
    return passed[-1] if passed and _key(passed[-1]) not in asked.had else None


def upcoming(rules: Sequence[R], asked: Asked, span: Span, now: datetime) -> list[tuple[R, datetime]]:
    """All that this person still gets if they do not answer, and when, in order."""
    found: list[tuple[R, datetime]] = []
    while now < span.closes_at:
        rule = due(rules, asked, span, now)
        at = next_working(now, asked.zone)
        if rule is not None and at < span.closes_at:
            found.append((rule, at))
            asked = replace(asked, had=asked.had | {_key(rule)}, written_at=at)
        turns = [turn for turn, _rule in _turns(rules, asked, span)]
        later = [one for one in (*turns, asked.written_at + GAP, span.over_at or now) if one > now]
        if not later:
            break
        now = min(later)
    return found


def may_follow(rules: Sequence[Rule], given: Rule, asked: Asked, span: Span, now: datetime) -> bool:
    """Whether this person may be written to again after what they are given now. What is paused may be resumed."""
    for rule in rules:
        at = moment(rule, asked, span)
        if rule.state is RuleState.SKIPPED or _key(rule) in asked.had | {_key(given)} or at is None:
            continue
        to_come = at > now or rule.state is RuleState.PAUSED
        if to_come and next_working(max(at, now + GAP), asked.zone) < span.closes_at:
            return True
    return False


def _last_call(wanted: datetime, asked: Asked, span: Span) -> datetime:
    """In working hours before the closing, even where the next ones come after it."""
    following = next_working(wanted, asked.zone)
    return following if following < span.closes_at else last_working(wanted, asked.zone)


def _turns(rules: Sequence[R], asked: Asked, span: Span) -> list[tuple[datetime, R]]:
    found = [
        (at, rule)
        for rule in rules
        if rule.state is RuleState.ON and rule.kind in (RuleKind.REMINDER, RuleKind.LAST_CALL)
        if (at := moment(rule, asked, span)) is not None
    ]
    return sorted(found, key=lambda turn: (turn[0], turn[1].number))


def _has_been_called(asked: Asked) -> bool:
    return any(kind is RuleKind.LAST_CALL for kind, _number in asked.had)


def _key(rule: Rule) -> Had:
    return rule.kind, rule.number
