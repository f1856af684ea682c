"""Who was there, as partners and the public may see it beside what they saw before. Pure.

Lists of attendees are put right after an event, and of somebody who was added late readers may know the name. So no
group that was shown changes by fewer than k people: if one would, all groups are shown as they were before. How many
attended in all, in which role and at which meeting, is always as it is now.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from mande.reports.reach.tables import Came
from mande.reports.reach.tables import Table

Said = dict[str, Any]
REPEATED = "attendees repeated"


def settled(now: Said, told: Sequence[Said], k: int) -> Said | None:
    """What was shown before and is to be shown again; None where what there is `now` may be shown (see `attended`).

    `told` is what each earlier edition showed, the earliest first.
    """
    if all(_may_follow(now, one, k) for one in told):
        return None
    return next((one for one in reversed(told) if one["tables"]), told[-1])


def attended(tables: Sequence[Table], came: Sequence[Came], countries: Sequence[Said]) -> Said:
    """What would be shown of groups of attendees, as it is kept."""
    return {
        "tables": [[one.by, one.of, [[list(members), count] for members, count in one.groups]] for one in tables],
        "came": [["; ".join(one.groups), one.sought, one.came] for one in came],
        "countries": countries_of(countries),
    }


def of_document(document: Mapping[str, Any]) -> Said | None:
    """What a document shows of groups of attendees."""
    if "event" not in document:
        return None
    reach = document.get("reach") or {"by": [], "sought": []}
    return {
        "tables": [
            [one["by"], one["of"], [[group["members"], group["count"]] for group in one["groups"]]]
            for one in reach["by"]
        ],
        "came": [[one["label"], one["sought"], one["came"]] for one in reach["sought"]],
        "countries": countries_of(document["event"]["attendees"]["countries_named"]),
    }


def countries_of(named: Sequence[Said]) -> dict[str, int]:
    """How many attended from each country that is named."""
    return {one["country"]: one["attendees"] for one in named}


def as_tables(said: Said) -> list[Table]:
    """Tables that were kept."""
    return [
        Table(by, of, tuple((tuple(members), count) for members, count in groups)) for by, of, groups in said["tables"]
    ]


def as_came(said: Said) -> list[Came]:
    """Stakeholder groups that were kept."""
    return [Came((label,), sought, came) for label, sought, came in said["came"]]


def _may_follow(now: Said, told: Said, k: int) -> bool:
    """Whether every table that stands in both has the same groups, and each of these has changed by k or not at all."""
    before, after = _tables(told), _tables(now)
    for table in before.keys() & after.keys():
        if before[table].keys() != after[table].keys():
            return False
        if not all(_may_change(before[table][group], after[table][group], k) for group in before[table]):
            return False
    countries = told["countries"].keys() & now["countries"].keys()
    return all(_may_change(told["countries"][one], now["countries"][one], k) for one in countries)


def _tables(said: Said) -> dict[tuple[str, ...], dict[tuple[str, ...], int]]:
    found: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {
        (by, of): {tuple(sorted(members)): count for members, count in groups} for by, of, groups in said["tables"]
    }
    if said["came"]:
        found["sought",] = {(label,): number for label, _sought, number in said["came"]}
    return found


def _may_change(before: int, after: int, k: int) -> bool:
    return before == after or abs(after - before) >= k
