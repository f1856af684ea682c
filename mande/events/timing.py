"""When something that goes out by rule is due. Pure: moments in, moments out, always aware and in UTC.

An invitation is counted from the end of the event's last meeting, a reminder from the invitation, a thank-you from the
closing of the surveys; a last call is counted backwards from the closing.
"""

from calendar import monthrange
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

from mande.events.kinds import RuleKind


class Offset(Protocol):
    """How far from what it is counted from, in the words of `models.MessageRule`."""

    @property
    def kind(self) -> RuleKind: ...
    @property
    def months(self) -> int: ...
    @property
    def days(self) -> int: ...
    @property
    def at(self) -> str | None: ...
    @property
    def minutes(self) -> int: ...
    @property
    def moved_to(self) -> datetime | None: ...


def due(rule: Offset, origin: datetime, zone: ZoneInfo) -> datetime:
    """When a rule falls due: where staff moved it to, else so far from `origin` (aware) by the calendar of `zone`."""
    return rule.moved_to if rule.moved_to is not None else counted(rule, origin, zone)


def counted(rule: Offset, origin: datetime, zone: ZoneInfo) -> datetime:
    """The moment that is so far from `origin` (aware) by the calendar of `zone`, wherever staff may have moved it to.

    A wall time that clocks skipped is taken as long after midnight as if they had not; of one that they showed twice,
    the first is meant.
    """
    local = origin.astimezone(zone)
    sign = -1 if rule.kind is RuleKind.LAST_CALL else 1
    day = add_months(local.date(), sign * rule.months) + sign * timedelta(days=rule.days)
    if rule.at is not None:
        return instant(datetime.combine(day, time.fromisoformat(rule.at)), zone)
    if rule.months or rule.days:
        origin = instant(datetime.combine(day, local.time()), zone, local.fold)
    return origin.astimezone(UTC) + sign * timedelta(minutes=rule.minutes)


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last: 31 January and 1 give 28 or 29 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def zone_of(*candidates: str | None) -> ZoneInfo:
    """The first of the IANA zones that is known; UTC where none is."""
    for candidate in candidates:
        try:
            return ZoneInfo(candidate or "")
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def instant(wall: datetime, zone: ZoneInfo, fold: int = 0) -> datetime:
    """The moment at which clocks in `zone` show `wall` (naive)."""
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
