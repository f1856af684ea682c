"""What the planned actions that an edition speaks of add up to, as its readers may see it.

Who may see what: see `progress`. Here a figure is given only where it is about k owners at least, whatever readers know
already: partners know the owners of the actions that are shown by name, and can take these away from every figure, so
what is left must be of k owners too, or of none. The public sees no answer that only one or two owners gave: neighbours
are merged until three gave it or none did, and no curve, whose steps are of single actions.
"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mande.followup.figures.completion import DAYS_A_MONTH
from mande.followup.figures.completion import Completion
from mande.followup.figures.completion import Point
from mande.followup.figures.completion import completion
from mande.followup.figures.courses import Course
from mande.followup.figures.courses import owners_of
from mande.followup.figures.groups import NOT_KNOWN
from mande.followup.figures.groups import breakdowns
from mande.followup.figures.parts import crowds
from mande.followup.figures.parts import each
from mande.followup.figures.parts import keeps_unknown_apart
from mande.followup.figures.parts import safe_parts
from mande.followup.figures.parts import tells_statuses_apart
from mande.followup.figures.standing import LEVELS
from mande.followup.figures.standing import STANDINGS
from mande.followup.figures.standing import Standing
from mande.followup.figures.standing import standings
from mande.followup.figures.standing import status_at
from mande.followup.figures.standing import verified_at
from mande.followup.kinds import Contribution
from mande.reports import wording
from mande.reports.answers.distribution import rounded

Said = dict[str, Any]
Parts = Sequence[tuple[Any, ...]]
Names = Mapping[str, Mapping[str, str]]
"""What members of breakdowns are called: {"theme": {"1": "A note of recommendations"}, "sector": {…}}."""
EVERYTHING, SHOWN = ("theme", "role", "sector"), ("theme",)


@dataclass(frozen=True)
class Readers:
    """An edition, its k, and the actions (`nameless`) whose owners its readers are not told."""

    edition: str
    k: int
    nameless: Collection[UUID]

    @property
    def public(self) -> bool:
        return self.edition == "public"

    @property
    def internal(self) -> bool:
        return self.edition == "internal"

    def may_see(self, courses: Iterable[Course]) -> bool:
        """Whether a figure about these actions is about enough owners."""
        known = list(courses)
        hidden = owners_of(one for one in known if one.id in self.nameless)
        return self.internal or (not 0 < hidden < self.k and (not self.public or owners_of(known) >= self.k))


def figures(courses: Sequence[Course], names: Names, readers: Readers) -> Said:
    """All figures of these actions; see docs/report-json.md."""
    parts = _parts([courses], STANDINGS, lambda one: one.status, readers, keeps_unknown_apart)
    told = [one for one in courses if one.contribution]
    shares = _parts([told], tuple(Contribution), lambda one: one.contribution, readers)
    return {
        "statuses": _cells(courses, parts, lambda one: one.status, wording.STANDINGS),
        "contribution": _cells(told, shares, lambda one: one.contribution, wording.CONTRIBUTIONS) if told else [],
        "standing": [_standing(one, readers) for one in standings(courses) if readers.may_see(one.courses)],
        "completion": None if readers.public or not courses else _completion(courses, readers),
        "breakdowns": _breakdowns(courses, parts, names, readers),
    }


def _standing(one: Standing, readers: Readers) -> Said:
    def said(course: Course) -> Any:
        return status_at(course, one.months)

    def found(course: Course) -> Any:
        return verified_at(course, one.months)

    parts = _parts([one.courses], STANDINGS, said, readers, keeps_unknown_apart)
    return {
        "months": one.months,
        "total": one.total,
        "owners": one.owners,
        "said": _cells(one.courses, parts, said, wording.STANDINGS),
        "verified": _cells(one.courses, _parts([one.courses], LEVELS, found, readers), found, wording.LEVELS_VERIFIED),
        "renewed": None if readers.public else one.renewed,
        "coming_in": one.coming_in,
    }


def _completion(courses: Sequence[Course], readers: Readers) -> Said:
    """The curve at the end of each month, and for the team every step of it.

    For partners it ends where fewer than k owners are left whose actions are still open and heard of.
    """
    found = completion(courses)
    months = list(_monthly(courses, found, readers))
    return {
        "unknown": found.unheard,
        "last_day": found.last_day if readers.internal else max((point.days for _month, point in months), default=0),
        "median_days": found.median if readers.internal else None,
        "median_months": _months(found.median, readers),
        "median_interval": [_months(bound, readers) for bound in found.interval],
        "points": [{"months": month, **_point(point)} for month, point in months],
        "steps": [_point(point) for point in found.points] if readers.internal else [],
    }


def _monthly(courses: Sequence[Course], found: Completion, readers: Readers) -> Iterable[tuple[int, Point]]:
    for month in range(int(found.last_day / DAYS_A_MONTH) + 1):
        day = round(month * DAYS_A_MONTH)
        left = [one for one, spell in zip(courses, found.spells, strict=True) if spell.days >= day]
        if not readers.internal and (owners_of(left) < readers.k or not readers.may_see(left)):
            return
        yield month, found.at(day)


def _months(days: int | None, readers: Readers) -> float | None:
    """Days as months, to a tenth; for partners to a whole month, so that they tell of no single report."""
    return None if days is None else round(days / DAYS_A_MONTH, 1 if readers.internal else None)


def _point(point: Point) -> Said:
    return {
        "days": point.days,
        "at_risk": point.at_risk,
        "done": rounded(point.done),
        "low": rounded(point.low),
        "high": rounded(point.high),
        "dropped": rounded(point.dropped),
    }


def _breakdowns(courses: Sequence[Course], parts: Parts, names: Names, readers: Readers) -> list[Said]:
    """By theme; for the team by role and sector too. All groups show the same merged statuses.

    The public's are those of the whole or coarser: with others, the whole less the groups would tell what was merged.
    """
    by = EVERYTHING if readers.internal else SHOWN
    found = breakdowns(courses, by, readers.k, None if readers.internal else readers.nameless or None)
    said = []
    for one, groups in found.items():
        held = [group.courses for group in groups]
        common = safe_parts(list(parts), [crowds(each_held, lambda course: course.status) for each_held in held],
                            tells_statuses_apart) if readers.public else parts  # fmt: skip
        said.append(
            {
                "by": one,
                "groups": [
                    {
                        "members": list(group.members),
                        "label": _label(one, group.members, names),
                        "total": len(group.courses),
                        "owners": group.owners,
                        "statuses": _cells(group.courses, common, lambda course: course.status, wording.STANDINGS),
                    }
                    for group in groups
                ],
            }
        )
    return said


def _label(by: str, members: Sequence[str], names: Names) -> str:
    """What a group is called: its members, what is not known last."""
    known = [names[by].get(one, one) for one in members if one != NOT_KNOWN]
    return "; ".join([*known, *([wording.NOT_KNOWN[by]] if NOT_KNOWN in members else [])])


def _parts(
    groups: Sequence[Sequence[Course]],
    kinds: Sequence[Any],
    kind_of: Callable[[Course], Any],
    readers: Readers,
    allowed: Callable[[tuple[Any, ...]], bool] = lambda _part: True,
) -> Parts:
    if not readers.public:
        return each(kinds)
    return safe_parts(each(kinds), [crowds(group, kind_of) for group in groups], allowed)


def _cells(
    courses: Sequence[Course], parts: Parts, kind_of: Callable[[Course], Any], labels: Mapping[Any, str]
) -> list[Said]:
    """How many actions are in each part; empty where no part may be shown."""
    if not courses:
        return []
    return [
        {
            "codes": [kind.value if kind else wording.UNKNOWN for kind in part],
            "label": wording.part(part, labels),
            "count": sum(kind_of(one) in part for one in courses),
        }
        for part in parts
    ]
