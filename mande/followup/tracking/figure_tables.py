"""The figures of planned actions as rows, for a file, and what their groups and steps are called."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from mande.events.models import Role
from mande.followup import wording
from mande.followup.figures.answering import OWN_DATE
from mande.followup.figures.completion import Completion
from mande.followup.figures.drawing import Words
from mande.followup.figures.drawing import curve
from mande.followup.figures.groups import NOT_KNOWN
from mande.followup.figures.overview import Overview
from mande.followup.models import Status
from mande.followup.models import Verified
from mande.workbooks import Cell

HEADER = ("figure", "group", "what", "number", "of", "share", "low", "high", "owners")
Names = Mapping[str, Mapping[str, str]]
"""What the members of each breakdown are called: {"theme": {code: name}}."""
Row = tuple[Cell, ...]


def standing(status: Status | None) -> str:
    """What a standing is called; None: nothing was heard."""
    return wording.status(status) if status else str(_("Unknown"))


def level(found: Verified | None) -> str:
    """What a verified level is called; None: nobody has looked."""
    return wording.verified(found) if found else str(_("Not verified yet"))


def after(months: int) -> str:
    return str(ngettext("%(num)s month", "%(num)s months", months))


def step(name: str) -> str:
    """What a group of check-ins is called."""
    return str(_("Before a date of their own")) if name == OWN_DATE else after(int(name.removeprefix("month-")))


def breakdown(by: str) -> str:
    """What actions are grouped by."""
    return {"theme": str(_("theme")), "role": str(_("role")), "sector": str(_("sector"))}[by]


def group(by: str, members: Iterable[str], names: Names) -> str:
    """What a group is called: its members, the known ones first."""
    missing = {"theme": _("no theme"), "role": _("did not attend"), "sector": _("sector not known")}[by]
    known = [names[by].get(one, one) for one in members if one != NOT_KNOWN]
    return " · ".join([*known, *([missing] if NOT_KNOWN in members else [])])


def named(themes: Mapping[str, str], sectors: Mapping[str, str]) -> Names:
    """The names of all members of all breakdowns, in the language of the page."""
    return {"theme": themes, "sector": sectors, "role": {role.value: wording.role(role) for role in Role}}


def picture(found: Completion) -> str:
    """The curve of completion as SVG; empty where nothing has ended."""
    if not found.points:
        return ""
    last = found.at(found.last_day)
    words = Words(
        done=_("Done %(percent)s%%", percent=_percent(last.done)),
        dropped=_("Dropped %(percent)s%%", percent=_percent(last.dropped)),
        months=_("Months since the action was written down"),
        told=_("Curve of the share of actions done over time. The table below it has the same figures."),
    )
    return curve(found.points, found.last_day, words)


def rows(found: Overview, names: Names) -> list[Row]:
    """Everything on the page, one figure a row, under HEADER. Shares lie between 0 and 1."""
    return [
        *_standings(found),
        *_completion(found.completion),
        *_contribution(found),
        *_groups(found, names),
        *_answering(found),
    ]


def sheets(found: Sequence[Row]) -> dict[str, list[Sequence[Cell]]]:
    """The same rows, a sheet for each figure."""
    book: dict[str, list[Sequence[Cell]]] = {}
    for row in found:
        book.setdefault(str(row[0]), [HEADER[1:]]).append(row[1:])
    return book


def _standings(found: Overview) -> Iterable[Row]:
    for one in found.standings:
        counted = (("standing", {standing(kind): number for kind, number in one.said.items()}),
                   ("verified", {level(kind): number for kind, number in one.verified.items()}))  # fmt: skip
        for figure, counts in counted:
            for what, number in counts.items():
                yield (figure, after(one.months), what, number, one.total, _share(number / one.total), "", "",
                       one.owners)  # fmt: skip


def _completion(found: Completion) -> Iterable[Row]:
    total = len(found.spells)
    if not total:
        return
    yield ("time to done", "median, in days", "", _known(found.median), total, "", _known(found.interval[0]),
           _known(found.interval[1]), "")  # fmt: skip
    yield "time to done", "nothing heard", "", found.unheard, total, _share(found.unheard / total), "", "", ""
    for point in found.points:
        day = f"day {point.days}"
        yield ("completion", day, "done", "", total, _share(point.done), _known(point.low), _known(point.high), "")
        yield "completion", day, "no longer planned", "", total, _share(point.dropped), "", "", ""
        yield "completion", day, "still followed right before", point.at_risk, total, "", "", "", ""


def _contribution(found: Overview) -> Iterable[Row]:
    told = sum(found.contribution.values())
    for each, number in found.contribution.items():
        if told:
            yield "contribution", "", wording.contribution(each), number, told, _share(number / told), "", "", ""


def _groups(found: Overview, names: Names) -> Iterable[Row]:
    for by, groups in found.groups.items():
        for one in groups:
            total = len(one.courses)
            for status, number in one.now.items():
                yield (f"by {by}", group(by, one.members, names), standing(status), number, total,
                       _share(number / total), "", "", one.owners)  # fmt: skip


def _answering(found: Overview) -> Iterable[Row]:
    for one in found.answering:
        yield "check-ins", step(one.step), "answered", one.answered, one.asked, _share(one.share), "", "", ""


def _share(value: float) -> float:
    return round(value, 4)


def _known(value: float | None) -> Cell:
    return "" if value is None else _share(value) if isinstance(value, float) else value


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"
