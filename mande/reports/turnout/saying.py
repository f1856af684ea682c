"""The part "turnout" of the document. Pure; see docs/report-json.md."""

from collections.abc import Sequence
from typing import Any

from mande.events.kinds import Role
from mande.reports import statistics
from mande.reports import wording
from mande.reports.answers import groups as naming
from mande.reports.answers.distribution import rounded
from mande.reports.answers.groups import Names
from mande.reports.turnout import sentences
from mande.reports.turnout.reading import Counted
from mande.reports.turnout.reading import Part
from mande.surveys.models import Survey

NUMBERS = ("asked", "reached", "started", "answered")

Said = dict[str, Any]


def turnout(
    surveys: Sequence[Survey],
    counted: Counted,
    response: Said,
    questions: Sequence[Said],
    populations: Sequence[int | None],
    internal: bool,
    names: Names,
) -> Said | None:
    """Of the closed `surveys`, those that were imported left aside. None where one of them was not counted.

    `response` and `questions` are these parts of the same document, and `populations` says of how many people asked the
    figures of each question are. Outside the team nothing but these is made use of.
    """
    put = [survey for survey in surveys if not survey.imported]
    if not put or any(survey.id not in counted for survey in put):
        return None
    found = _counted(put, counted, names) if internal else _shown(response)
    return found | {"sentences": sentences.of(found, questions, populations, internal)}


def _shown(response: Said) -> Said:
    """What the response rates say, and no more."""
    roles = [
        {"members": [role], "label": wording.ROLES[Role(role)], **_rates(rate)}
        for role, rate in response["by_role"].items()
    ]
    whole = _rates(response)
    whole.pop("rate")
    return whole | {"by": [{"stratum": "role", "within": None, "label": wording.STRATA["role"], "groups": roles}]}


def _rates(rate: Said) -> Said:
    known = {"asked": rate["invited"], "reached": None, "started": None, "answered": rate["answered"]}
    return known | {"rate": rate["rate"]}


def _counted(surveys: Sequence[Survey], counted: Counted, names: Names) -> Said:
    wholes = [(survey.role, next(part for part in counted[survey.id] if not part.stratum)) for survey in surveys]
    by_role = {role: [part for its, part in wholes if its is role] for role in Role}
    roles = [
        {"members": [role.value], "label": wording.ROLES[role], **_group(parts)}
        for role, parts in by_role.items()
        if parts
    ]
    strata = [
        {"stratum": stratum, "within": survey.role.value, "label": wording.STRATA[stratum]}
        | {"groups": _groups(parts, names)}
        for survey in surveys
        for stratum in survey.strata
        if (parts := [part for part in counted[survey.id] if part.stratum == stratum])
    ]
    by = [{"stratum": "role", "within": None, "label": wording.STRATA["role"], "groups": roles}, *strata]
    return _total([part for _role, part in wholes]) | {"by": by}


def _groups(parts: Sequence[Part], names: Names) -> list[Said]:
    ordered = sorted(parts, key=lambda part: naming.place(part.stratum, part.members, names))
    return [
        {"members": list(part.members), "label": naming.label(part.stratum, part.members, names), **_group([part])}
        for part in ordered
    ]


def _group(parts: Sequence[Part]) -> Said:
    total = _total(parts)
    # On sheets without a name more may have answered than were asked.
    believed = total["answered"] <= total["asked"]
    return total | {"rate": rounded(statistics.share(total["answered"], total["asked"])) if believed else None}


def _total(parts: Sequence[Part]) -> Said:
    return {name: sum(getattr(part, name) for part in parts) for name in NUMBERS}
