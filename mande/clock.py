"""The only place that reads the time. Everything else asks `now()`.

A demonstration may move the clock: it then runs on from where it was moved to, at its usual pace.
"""

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

_offset = timedelta(0)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _offset


def today(zone: str) -> date:
    """The date that people in the IANA time zone `zone` have at this moment."""
    return now().astimezone(ZoneInfo(zone)).date()


def move_to(moment: datetime | None) -> None:
    """Makes `now()` run on from `moment` (aware); None puts the clock right again."""
    global _offset
    _offset = timedelta(0) if moment is None else moment.astimezone(UTC) - datetime.now(UTC)
