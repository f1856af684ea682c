"""Who was there, by one thing after another, as the team or as partners and the public may see it. Pure.

Outside the team a group is of k people at least. Tables of which one lies within another (a country in its region,
speakers among all) could be subtracted: such families are merged until no combination of theirs rests on fewer than k
(see `surveys.results.grouping`). The others are margins of one table that is shown to nobody, and no difference of two
of them is a group of people.
"""

from collections import Counter
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from mande.reports.reach.people import UNKNOWN
from mande.reports.reach.people import Attendee
from mande.surveys.results.grouping import breakdowns

ATTENDEES, SPEAKERS = "attendees", "speakers"
BY = ("gender", "sector", "region", "mode", "oda", "language")
OF_SPEAKERS = ("gender", "sector")
_ELSEWHERE = ""
"""In a table of speakers, whoever does not speak; in that of stakeholder groups, whoever stands for none; in that of
countries, whoever is from one that is not named."""
_FAMILIES = (
    ("country", "region", "oda"),
    ("gender", "speakers gender"),
    ("sector", "speakers sector"),
    ("mode",),
    ("language",),
    ("group",),
)

People = Mapping[Attendee, int]
Members = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One breakdown of the attendees, or of the speakers among them: groups and how many are in each."""

    by: str
    of: str
    groups: tuple[tuple[Members, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _members, count in self.groups)

    def span(self, wanted: Callable[[str], bool]) -> tuple[float, float] | None:
        """The least and the greatest share of the groups that are `wanted` among all; None where it is left open.

        Those who did not say count among all, since a table that merges them with others does not tell how many they
        are.
        """
        sure = sum(count for members, count in self.groups if all(map(wanted, members)))
        possible = sum(count for members, count in self.groups if any(map(wanted, members)))
        found = sure / self.total, possible / self.total
        return None if found == (0.0, 1.0) else found


@dataclass(frozen=True)
class Came:
    """Stakeholder groups that are shown as one (mostly each by itself), how many were sought and how many came."""

    groups: tuple[str, ...]
    sought: int | None
    came: int


def full(people: People) -> list[Table]:
    """All tables, for the team: the largest group first, those who did not say last."""
    found = [Table(by, ATTENDEES, _counted(people, by)) for by in BY]
    speaking = {one: n for one, n in people.items() if one.speaks}
    found += [Table(by, SPEAKERS, _counted(speaking, by)) for by in OF_SPEAKERS]
    return [table for table in found if any(members != (UNKNOWN,) for members, _count in table.groups)]


def safe(people: People, groups: Mapping[str, int | None], k: int) -> tuple[list[Table], list[Came]]:
    """The tables that may be shown outside the team, and what may be told of the stakeholder `groups` (and how many
    were sought of each).
    """
    allowed = {name: found for family in _FAMILIES for name, found in _allowed(people, family, k).items()}
    shown = [Table(by, ATTENDEES, _in_order(allowed[by])) for by in BY if by in allowed]
    for by in OF_SPEAKERS:
        counts = allowed.get(f"speakers {by}", [])
        if all(members == (_ELSEWHERE,) or _ELSEWHERE not in members for members, _count in counts):
            shown.append(Table(by, SPEAKERS, _in_order([one for one in counts if one[0] != (_ELSEWHERE,)])))
    return [table for table in shown if len(table.groups) > 1], _came(allowed.get("group", []), groups)


def _allowed(people: People, family: Sequence[str], k: int) -> dict[str, list[tuple[Members, int]]]:
    """The groups of each table of a family that may be shown, and how many are in each."""
    named = _named(people, k)
    weights: Counter[Members] = Counter()
    for one, n in people.items():
        weights[tuple(_value(one, name, named) for name in family)] += n
    found = breakdowns(weights, family, k)
    if "country" in family and len(found.get("country", ())) < len({values[0] for values in weights}) > 1:
        # Which countries are named is decided elsewhere: where that leaves no room, nothing is told beside it.
        return {}
    return {
        name: [
            (members, sum(n for values, n in weights.items() if values[family.index(name)] in members))
            for members in merged
        ]
        for name, merged in found.items()
    }


def _value(one: Attendee, name: str, named: Collection[str]) -> str:
    if name == "country":
        return one.country if one.country in named else _ELSEWHERE
    if name.startswith("speakers "):
        return str(getattr(one, name.removeprefix("speakers "))) if one.speaks else _ELSEWHERE
    return str(getattr(one, name) or _ELSEWHERE)


def _named(people: People, k: int) -> set[str]:
    """The countries that documents name, because k people and more are from each."""
    counts: Counter[str] = Counter()
    for one, n in people.items():
        counts[one.country] += n
    return {country for country, count in counts.items() if count >= k and country != UNKNOWN}


def _came(counts: Sequence[tuple[Members, int]], groups: Mapping[str, int | None]) -> list[Came]:
    lines = []
    for members, count in counts:
        if _ELSEWHERE in members:
            continue
        wanted = [groups.get(name) for name in members]
        lines.append(Came(members, None if None in wanted else sum(filter(None, wanted)), count))
    return lines


def _counted(people: People, by: str) -> tuple[tuple[Members, int], ...]:
    counts: Counter[str] = Counter()
    for one, n in people.items():
        counts[getattr(one, by)] += n
    return _in_order([((value,), count) for value, count in counts.items()])


def _in_order(counts: Sequence[tuple[Members, int]]) -> tuple[tuple[Members, int], ...]:
    return tuple(sorted(counts, key=lambda one: (UNKNOWN in one[0], -one[1], one[0])))
