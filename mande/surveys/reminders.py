"""When people may be written to. Pure: moments in, moments out, always aware and in UTC."""

from datetime import UTC
from datetime import datetime
from datetime import time
from datetime import timedelta
from zoneinfo import ZoneInfo

from mande.events.timing import zone_of as zone_of

BEGINS = time(9)
ENDS = time(17)
SATURDAY = 5

# Two messages of a wave to one person are never closer than this, whatever the rules say, however late the worker is.
GAP = timedelta(days=1)

# Reminders by rule are numbered 1, 2, 3; those that staff send by hand are numbered from here, so that they can
# neither take the place of one by rule nor be taken for one.
BY_HAND = 100


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


def last_working(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself if it is in working hours of the zone, else the beginning of the latest ones before it."""
    moment = moment.astimezone(UTC)
    day = moment.astimezone(zone).date()
    while not is_working(moment, zone):
        morning = datetime.combine(day, BEGINS, zone).astimezone(UTC)
        moment = morning if morning < moment else moment
        day -= timedelta(days=1)
    return moment
