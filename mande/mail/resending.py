"""When a message that was sent, and came back for now, is sent again. Pure."""

from datetime import datetime
from datetime import timedelta

_AFTER = tuple(timedelta(hours=hours) for hours in (6, 24, 48, 68))
_AT_LEAST = timedelta(hours=1)


def again_at(first: datetime, now: datetime) -> datetime | None:
    """When it is sent again that was sent first at `first`; None means to give up.

    6, 24, 48 and 68 hours after the first time, whichever comes next and is an hour away at least.
    """
    return next((moment for wait in _AFTER if (moment := first + wait) >= now + _AT_LEAST), None)
