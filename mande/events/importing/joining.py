"""Several rows about one person: two lines of an export, or two people under one address by mistake. Pure."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace

from mande.events.importing.rows import Attendee
from mande.events.roles import in_order

NOTHING: Mapping[str, str] = {}


def join(read: Sequence[Attendee], same: Mapping[str, str] = NOTHING) -> tuple[list[Attendee], dict[int, int]]:
    """The rows with one for each person, and of those that were joined to an earlier row, its number by theirs.

    Rows are about one person where they share an address; `same` gives the main address by those that are known to be
    one person's. They are joined where they agree: roles, meetings and addresses are added up, and a cell that is empty
    in one is taken from the other. A later row that contradicts the first gets a problem that says in what.
    """
    place: dict[str, int] = {}
    kept: list[Attendee] = []
    joined: dict[int, int] = {}
    for one in read:
        keys = {same.get(address, address) for address in one.addresses}
        places = {place[address] for address in keys if address in place}
        if one.left_out or not places:
            if not one.left_out:
                place.update(dict.fromkeys(keys, len(kept)))
            kept.append(one)
            continue
        first = min(places)
        earlier = kept[first]
        problem = _why_not(earlier, one, several=len(places) > 1)
        if problem or one.problems:
            kept.append(replace(one, problems=(*one.problems, *([problem] if problem else []))))
            continue
        kept[first] = _together(earlier, one)
        place.update(dict.fromkeys(keys, first))
        joined[one.number] = earlier.number
    return kept, joined


def _why_not(earlier: Attendee, later: Attendee, several: bool) -> str:
    if several:
        return "its addresses are those of different people in earlier rows"
    differing = _contradictions(earlier, later)
    return f"row {earlier.number} has this address with another {' and '.join(differing)}" if differing else ""


def _contradictions(earlier: Attendee, later: Attendee) -> list[str]:
    fields = [name for name, value in later.person.items() if earlier.person.get(name, value) != value]
    if earlier.mode is not None and later.mode is not None and earlier.mode is not later.mode:
        fields.append("mode")
    if earlier.group is not None and later.group is not None and earlier.group != later.group:
        fields.append("stakeholder group")
    return [name.replace("_", " ") for name in fields]


def _together(earlier: Attendee, later: Attendee) -> Attendee:
    roles = in_order([*(earlier.roles or ()), *(later.roles or ())])
    meetings = None
    if earlier.meetings is not None or later.meetings is not None:
        meetings = tuple(dict.fromkeys([*(earlier.meetings or ()), *(later.meetings or ())]))
    further = dict.fromkeys((*earlier.further, *later.addresses))
    return replace(
        earlier,
        further=tuple(address for address in further if address != earlier.email),
        person={**later.person, **earlier.person},
        discreet=earlier.discreet or later.discreet,
        roles=tuple(roles) or None,
        meetings=meetings,
        mode=earlier.mode or later.mode,
        group=earlier.group or later.group,
        notices=tuple(dict.fromkeys((*earlier.notices, *later.notices))),
    )
