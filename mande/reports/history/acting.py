"""Planned actions as the public may see them beside all that it has seen of them before. Pure.

A figure is given only if no combination with every figure ever given to the public rests on fewer than k owners,
even for somebody who knows who has reported when. Where the figures of all actions cannot be given anew, the public is
given the earlier ones again, with their day; and none at all where somebody has withdrawn what these were counted from.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from mande.followup.figures.courses import Course
from mande.followup.figures.groups import NOT_KNOWN
from mande.followup.figures.standing import standings
from mande.followup.figures.standing import until
from mande.followup.kinds import Contribution
from mande.followup.kinds import Status
from mande.followup.kinds import Verified
from mande.reports import wording
from mande.reports.history import marks
from mande.reports.history.marks import Marks
from mande.reports.history.marks import Sum
from mande.reports.history.resting import People
from mande.reports.history.resting import rests_on_few

Said = dict[str, Any]

FIGURES = ("counted", "total", "owners", "statuses", "contribution", "standing", "breakdowns")
NOBODY = People()
"""Of what is erased nothing tells any more whose it was: perhaps it was somebody's who owns something else."""
_NOTHING: Said = {"counted": False, "total": 0, "owners": 0} | {one: [] for one in FIGURES[3:]}
REPEATED, WITHHELD, MONTHS_HELD, GROUPS_HELD = "actions repeated", "actions withheld", "months held", "themes held"


@dataclass(frozen=True)
class Told:
    """What the public was told of the actions of an event: what from, and the last figures with their day.

    `owners` are those of each action that is still known, by its mark.
    """

    salt: str
    owners: Mapping[str, People] = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)
    last: Said | None = None
    last_on: str | None = None


def settled(said: Said, courses: Sequence[Course], told: Told, k: int) -> tuple[Said, list[str]]:
    """The part "actions" of a public document as it may be shown, and what was held back.

    `said` is what it would be with no earlier edition, `courses` are the actions that it counts.
    """
    known = _Known(told, courses, k)
    whole, months, groups = _sums(said, courses, told.salt)
    if said["counted"] and all(map(known.adds, whole)):
        held = []
        standing = [row for row, one in zip(said["standing"], months, strict=True) if known.adds(one)]
        if len(standing) < len(months):
            held.append(MONTHS_HELD)
        breakdowns = [one for one, its in zip(said["breakdowns"], groups, strict=True) if known.adds(*its)]
        if len(breakdowns) < len(groups):
            held.append(GROUPS_HELD)
        return said | {"standing": standing, "breakdowns": breakdowns}, held
    if not told.marks.sums:
        return said | _NOTHING, []
    now = {marks.mark(told.salt, course.id) for course in courses}
    if told.last is None or not told.marks.actions <= now:
        return said | _NOTHING | {"withheld": True}, [WITHHELD]
    earlier = {one: told.last[one] for one in FIGURES}
    return said | _relabelled(earlier) | {"as_of": told.last["as_of"] or told.last_on}, [REPEATED]


def of_document(said: Said | None, courses: Sequence[Course], salt: str) -> Marks:
    """What the figures of a public document were counted from; nothing where they repeat earlier ones."""
    if said is None or not said["counted"] or said["as_of"]:
        return Marks()
    whole, months, groups = _sums(said, courses, salt)
    return Marks(tuple(dict.fromkeys([*whole, *months, *(one for its in groups for one in its)])))


def _sums(said: Said, courses: Sequence[Course], salt: str) -> tuple[list[Sum], list[Sum], list[list[Sum]]]:
    """What is counted together: all actions; those of each month; those of the groups of each breakdown."""
    by_month = {one.months: one.courses for one in standings(courses)} if said["standing"] else {}
    months = [
        frozenset(marks.cell(salt, one, until(one, row["months"])) for one in by_month[row["months"]])
        for row in said["standing"]
    ]
    groups = [
        marks.sums(salt, [_members(courses, one["by"], group["members"]) for group in one["groups"]])
        for one in said["breakdowns"]
    ]
    return marks.sums(salt, [courses]), months, groups


def _members(courses: Sequence[Course], by: str, members: Sequence[str]) -> list[Course]:
    return [one for one in courses if (dict(one.groups).get(by) or NOT_KNOWN) in members]


class _Known:
    """What the public knows already, and what it is told now."""

    def __init__(self, told: Told, courses: Sequence[Course], k: int) -> None:
        self.sums = list(told.marks.sums)
        self.owners = {**told.owners, **{marks.mark(told.salt, one.id): one.owners for one in courses}}
        self.k = k

    def adds(self, *sums: Sum) -> bool:
        """Whether these may be told as well; if so they are known from now on."""
        new = [one for one in dict.fromkeys(sums) if one and one not in self.sums]
        if new and rests_on_few(self.sums, new, self._whose([*self.sums, *new]), self.k):
            return False
        self.sums += new
        return True

    def _whose(self, sums: Sequence[Sum]) -> dict[str, People]:
        return {one: self.owners.get(marks.action_of(one), NOBODY) for one in Sum().union(*sums)}


def _relabelled(figures: Said) -> Said:
    """The same figures in the language that is spoken now."""
    return figures | {
        "statuses": _labelled(figures["statuses"], Status, wording.STANDINGS),
        "contribution": _labelled(figures["contribution"], Contribution, wording.CONTRIBUTIONS),
        "standing": [
            row
            | {
                "said": _labelled(row["said"], Status, wording.STANDINGS),
                "verified": _labelled(row["verified"], Verified, wording.LEVELS_VERIFIED),
            }
            for row in figures["standing"]
        ],
        "breakdowns": [
            one
            | {
                "groups": [
                    group | {"statuses": _labelled(group["statuses"], Status, wording.STANDINGS)}
                    for group in one["groups"]
                ]
            }
            for one in figures["breakdowns"]
        ],
    }


def _labelled(cells: Sequence[Said], kind: type[Any], labels: Mapping[Any, str]) -> list[Said]:
    def part(codes: Sequence[str]) -> list[Any]:
        return [None if code == wording.UNKNOWN else kind(code) for code in codes]

    return [cell | {"label": wording.part(part(cell["codes"]), labels)} for cell in cells]
