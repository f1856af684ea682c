"""Who must not be exposed. Pure."""

from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Protocol

# How long somebody's link works after the message that brought it was due.
LINK_LIFE = timedelta(days=7)


class MayBeDiscreet(Protocol):
    """An event or a person."""

    @property
    def discreet(self) -> bool: ...


class Named(Protocol):
    """A partner."""

    @property
    def name(self) -> str: ...


class TellsOfIt(Protocol):
    """An event, by what would tell that somebody took part in it."""

    @property
    def code(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def convenor(self) -> str: ...

    @property
    def manager_name(self) -> str: ...

    @property
    def partners(self) -> Sequence[Named]: ...


def gives_away(event: TellsOfIt) -> list[str]:
    """What a neutral message about an event may not say, whoever has written it."""
    return [event.code, event.title, event.convenor, event.manager_name, *(partner.name for partner in event.partners)]


def is_discreet(event: MayBeDiscreet, person: MayBeDiscreet) -> bool:
    """Whether messages to the person about the event are neutral, and no list that leaves the house names them."""
    return event.discreet or person.discreet


def link_ends(discreet: bool, due_at: datetime, before: datetime | None) -> datetime | None:
    """When the link in a message that is due then ends; None for no end of its own.

    A further message gives it more time, and never less than an earlier one (`before`) has promised.
    """
    if not discreet:
        return None
    return max(due_at + LINK_LIFE, before or due_at)
