"""The groups by which a survey's answers may be broken down, worked out from how a person attended."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from mande.events.describing.oda import is_recipient

UNKNOWN = "unknown"


def meeting(attended: Sequence[str], held: Sequence[str]) -> str:
    """The code of the one meeting that a person attended, "all", "several", or "unknown"."""
    if len(attended) == 1:
        return attended[0]
    if not attended:
        return UNKNOWN
    return "all" if len(attended) == len(held) else "several"


def gender(described: str | None) -> str:
    """A self-description as the name of a group: lower case, without blanks."""
    return "-".join((described or "").lower().split()) or UNKNOWN


def oda(country: str | None, starts: Sequence[datetime], zone: str) -> str:
    """Whether a country may receive official development assistance, "yes" or "no", or "unknown".

    By the list of the year in which the first of the event's meetings starts, as clocks in its `zone` show it.
    """
    eligible = is_recipient(country, min(starts).astimezone(ZoneInfo(zone)).date()) if starts else None
    return UNKNOWN if eligible is None else "yes" if eligible else "no"


def declared(names: Sequence[str], values: dict[str, str]) -> dict[str, str]:
    """Only what the survey declared. Raises ValueError for a stratum that nobody can work out."""
    unheard_of = [name for name in names if name not in values]
    if unheard_of:
        raise ValueError(f"No such stratum: {', '.join(unheard_of)}. There are: {', '.join(sorted(values))}.")
    return {name: values[name] for name in names}
