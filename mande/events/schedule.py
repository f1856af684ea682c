"""Where an event stands in time. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    UPCOMING = "upcoming"
    UNDER_WAY = "under way"
    OVER = "over"


class Sitting(Protocol):
    """What has a beginning and an end, such as a meeting."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


def state(meetings: Sequence[Sitting], now: datetime) -> State:
    """Under way from the beginning of the first meeting to the end of the last. Without a meeting it is upcoming."""
    if not meetings or now < min(meeting.starts_at for meeting in meetings):
        return State.UPCOMING
    return State.UNDER_WAY if now < max(meeting.ends_at for meeting in meetings) else State.OVER
