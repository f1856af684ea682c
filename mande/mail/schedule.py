"""When a message that was not taken is offered again."""

from datetime import timedelta

GIVE_UP_AFTER = timedelta(hours=72)

_WAITS = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    *[timedelta(hours=12)] * 5,
)


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts (1 or more) that failed for now; None means to give up.

    The waits grow from five minutes to half a day. All of them together come to 68 hours and 35 minutes.
    """
    return _WAITS[attempts - 1] if attempts <= len(_WAITS) else None
