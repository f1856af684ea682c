"""Several rows about one address: one person on two lines of a registration export, or two people by mistake. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from mande.events.roles import in_order
from mande.events.rows import Attendee


def join(read: Sequence[Attendee]) -> tuple[list[Attendee], list[Attendee]]:
    """The rows with one for each address, and the rows that were joined to an earlier one.

    Rows with one address are joined where they agree: roles and meetings are added up, and a cell that is empty in one
    is taken from the other. A later row that contradicts the first gets a problem that says in what.
    """
    place: dict[str, int] = {}
    kept: list[Attendee] = []
    joined: list[Attendee] = []
    for one in read:
        if one.email not in place:
            if one.email:
                place[one.email] = len(kept)
            kept.append(one)
            continue
        earlier = kept[place[one.email]]
        differing = _contradictions(earlier, one)
        if differing or one.problems:
            problem = f"row {earlier.number} has this address with another {' and '.join(differing)}"
            kept.append(replace(one, problems=(*one.problems, *([problem] if differing else []))))
            continue
        kept[place[one.email]] = _together(earlier, one)
        joined.append(one)
    return kept, joined


def _contradictions(earlier: Attendee, later: Attendee) -> list[str]:
    fields = [name for name, value in later.person.items() if earlier.person.get(name, value) != value]
    if earlier.mode is not None and later.mode is not None and earlier.mode is not later.mode:
        fields.append("mode")
    return [name.replace("_", " ") for name in fields]


def _together(earlier: Attendee, later: Attendee) -> Attendee:
    roles = in_order([*(earlier.roles or ()), *(later.roles or ())])
    meetings = None
    if earlier.meetings is not None or later.meetings is not None:
        meetings = tuple(dict.fromkeys([*(earlier.meetings or ()), *(later.meetings or ())]))
    return replace(
        earlier,
        person={**later.person, **earlier.person},
        roles=tuple(roles) or None,
        meetings=meetings,
        mode=earlier.mode or later.mode,
    )
