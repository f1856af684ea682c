"""When a message that was not taken is offered again."""

from datetime import timedelta

GIVE_UP_AFTER = timedelta(hours=72)

# Servers that greylist take a stranger's message after 1 to 15 minutes, some after an hour: so three waits come first
# that are over after five minutes, twenty minutes and an hour.
WAITS = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=40),
    timedelta(hours=3),
    timedelta(hours=8),
    *[timedelta(hours=12)] * 5,
)


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts (1 or more) that failed for now; None means to give up.

    The waits grow from five minutes to half a day. All of them together are GIVE_UP_AFTER.
    """
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
