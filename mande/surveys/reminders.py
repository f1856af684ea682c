"""When reminders fall due. Pure: moments in, moments out, always aware and in UTC."""

from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from datetime import time
from datetime import timedelta
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

BEGINS = time(9)
ENDS = time(17)
SATURDAY = 5

# Two reminders to one person are never closer than this, whatever the rule says and however late the worker is.
GAP = timedelta(days=1)

# Reminders by rule are numbered 1, 2, 3; those that staff send by hand are numbered from here, so that they can
# neither take the place of one by rule nor be taken for one.
BY_HAND = 100


def zone_of(*candidates: str | None) -> ZoneInfo:
    """The first of the IANA zones that is known; UTC where none is."""
    for candidate in candidates:
        try:
            return ZoneInfo(candidate or "")
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def is_working(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether it is Monday to Friday, from 09:00 and before 17:00, in the zone."""
    local = moment.astimezone(zone)
    return local.weekday() < SATURDAY and BEGINS <= local.time() < ENDS


def next_working(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself if it is in working hours of the zone, else the beginning of the next ones."""
    moment = moment.astimezone(UTC)
    while not is_working(moment, zone):
        local = moment.astimezone(zone)
        day = local.date() if local.time() < BEGINS else local.date() + timedelta(days=1)
        morning = datetime.combine(day, BEGINS, zone).astimezone(UTC)
        # Where clocks or the date line were moved over that morning, it does not exist: go on from there.
        moment = max(morning, moment + timedelta(minutes=15))
    return moment


def moments(days: Sequence[int], invited_at: datetime, zone: ZoneInfo) -> list[datetime]:
    """When each reminder is due: so many days after the invitation by the recipient's calendar, at its time of day.

    What would fall outside working hours waits for the next ones. The result has the order of `days`, sorted.
    """
    local = invited_at.astimezone(zone)
    walls = (datetime.combine(local.date() + timedelta(days=number), local.time(), zone) for number in sorted(days))
    return [next_working(wall, zone) for wall in walls]


def latest_due(days: Sequence[int], invited_at: datetime, zone: ZoneInfo, now: datetime) -> int:
    """The number (from 1) of the latest reminder that is due at `now`; 0 where none is yet."""
    return sum(moment <= now for moment in moments(days, invited_at, zone))
