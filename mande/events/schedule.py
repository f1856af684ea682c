"""Where an event stands, and so what comes next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    """In the order of an event's life."""

    PLANNED = "planned"
    UNDER_WAY = "under way"
    NOT_ASKED = "over, not asked yet"
    OPEN = "survey open"
    CLOSED = "closed"


class Sitting(Protocol):
    """What has a beginning and an end, such as a meeting."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True)
class Asking:
    """What has been asked at an event: until when it may still be answered (None: no more), and whether any of it is
    closed for good."""

    open_until: datetime | None = None
    closed: bool = False


NOTHING_ASKED = Asking()


def state(meetings: Sequence[Sitting], now: datetime, asking: Asking = NOTHING_ASKED) -> State:
    """An event that has been asked about is open or closed, whatever its dates. Else it is under way from the beginning
    of its first meeting to the end of its last; without a meeting it is planned."""
    if asking.open_until is not None:
        return State.OPEN
    if asking.closed:
        return State.CLOSED
    if not meetings or now < min(meeting.starts_at for meeting in meetings):
        return State.PLANNED
    return State.UNDER_WAY if now < max(meeting.ends_at for meeting in meetings) else State.NOT_ASKED
