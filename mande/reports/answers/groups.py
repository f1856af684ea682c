"""What the groups of a stratum are called, and in what order they stand. Pure.

`names` are what meetings and the installation's own sectors are called, by stratum and code.
"""

from collections.abc import Mapping
from collections.abc import Sequence

from mande.reports import wording
from mande.surveys import strata

Names = Mapping[str, Mapping[str, str]]


def label(stratum: str, members: Sequence[str], names: Names) -> str:
    """The name of a group: "Academia, business or media"; of two strata together "State × woman"."""
    singles = strata.parts(stratum)
    if len(singles) == 1:
        return wording.group(members, names.get(stratum, {}))
    known = {member: _together(singles, strata.parts(member), names) for member in members}
    return wording.group(members, known)


def place(stratum: str, members: Sequence[str], names: Names) -> list[list[int]]:
    """What groups are sorted by: meetings in their own order, everything else as `wording` lists it."""
    singles = strata.parts(stratum)
    known = [names.get(single, {}) for single in singles]
    return [[_place(*one) for one in zip(singles, strata.parts(member), known, strict=True)] for member in members]


def _place(stratum: str, value: str, names: Mapping[str, str]) -> int:
    known = [*names, *wording.VALUES] if stratum == "meeting" else [*wording.VALUES, *names]
    return known.index(value) if value in known else len(known)


def _together(singles: Sequence[str], values: Sequence[str], names: Names) -> str:
    first, second = (wording.group([value], names.get(one, {})) for one, value in zip(singles, values, strict=True))
    return wording.both(first, second)
