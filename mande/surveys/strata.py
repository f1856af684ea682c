"""The groups by which a survey's answers may be broken down, worked out from how a person attended.

Two of them may be declared together, as "sector*gender": a group is then of those who are alike in both, such as
"state*woman". It is a stratum like any other.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from itertools import combinations
from zoneinfo import ZoneInfo

from mande.events.describing.oda import is_recipient

UNKNOWN = "unknown"
TOGETHER = "*"
SINGLE = ("role", "meeting", "sector", "gender", "mode", "oda")
CROSSED = tuple(TOGETHER.join(pair) for pair in combinations(SINGLE[1:], 2))
"""Those that may be declared together; the role is the same throughout a survey."""


def parts(name: str) -> list[str]:
    """The strata that one is made of, itself where it is a single one; of a group, its values in these."""
    return name.split(TOGETHER)


def needed(names: Sequence[str]) -> list[str]:
    """The single strata that have to be known for these."""
    return list(dict.fromkeys(part for name in names for part in parts(name)))


def value(values: Mapping[str, str], name: str) -> str | None:
    """What is stored of a single stratum, by itself or together with another; None where nothing is."""
    for stored, group in values.items():
        if name in parts(stored):
            return parts(group)[parts(stored).index(name)]
    return None


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


def of(
    role: str,
    attended: Sequence[str],
    meetings: Sequence[tuple[str, datetime]],
    zone: str,
    mode: str | None = None,
    sector: str | None = None,
    gender_said: str | None = None,
    country: str | None = None,
) -> dict[str, str]:
    """Every single stratum of somebody who attended the meetings with these codes, of all `meetings` of an event in
    `zone` (codes and starts)."""
    return {
        "role": role,
        "meeting": meeting(attended, [code for code, _starts in meetings]),
        "sector": sector or UNKNOWN,
        "gender": gender(gender_said),
        "mode": mode or UNKNOWN,
        "oda": oda(country, [starts for _code, starts in meetings], zone),
    }


def declared(names: Sequence[str], values: Mapping[str, str]) -> dict[str, str]:
    """Only what the survey declared. Raises ValueError for a stratum that nobody can work out."""
    unheard_of = [name for name in names if not values.keys() >= set(parts(name))]
    if unheard_of:
        raise ValueError(f"No such stratum: {', '.join(unheard_of)}. There are: {', '.join(sorted(values))}.")
    return {name: _group([values[part] for part in parts(name)]) for name in names}


def _group(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else TOGETHER.join(value.replace(TOGETHER, "-") for value in values)
