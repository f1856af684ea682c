"""When somebody's follow-up at an event is over. Pure: moments in, a moment out, always aware."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Course:
    """How an action of theirs went: whether it is done or given up, and when it was last heard of."""

    ended: bool
    heard_at: datetime | None


def over_since(courses: Sequence[Course], last_step: datetime, planned: bool, now: datetime) -> datetime | None:
    """When the follow-up of these actions was over; None where it is not, or where there are none.

    It is over once all of them have ended, or after the last step (`last_step`), where no check-in is `planned` or
    waits for an answer any more.
    """
    if not courses:
        return None
    if all(one.ended for one in courses):
        return max((one.heard_at for one in courses if one.heard_at), default=last_step)
    return last_step if last_step <= now and not planned else None
