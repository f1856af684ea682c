"""All that was published of an event for partners or the public, as the check of the next edition needs it. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from typing import Any
from uuid import UUID

from mande.reports.history import essence
from mande.reports.history.acting import Told
from mande.reports.history.marks import Marks
from mande.reports.history.resting import People

Said = dict[str, Any]
Place = tuple[str, str, str, int]
"""Where a question stands: its wave, its code, its type and its lot."""


@dataclass(frozen=True)
class Published:
    """One edition. `basis` is what is kept of it for this check (see `basis_of`), `actions` what it said of these."""

    edition: str
    level: str
    language: str
    number: int
    published_on: str
    sha256: str
    basis: Mapping[str, Any]
    actions: Said | None = None

    def as_said(self) -> Said:
        names = ("edition", "language", "number", "published_on", "sha256")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Past:
    """The editions of one event, the earliest first. `salt` is for the marks of its actions, `owners` are theirs."""

    editions: tuple[Published, ...] = ()
    salt: str = ""
    owners: Mapping[str, People] = field(default_factory=dict)

    @cached_property
    def k(self) -> int:
        """The greatest k that was ever promised; 0 where nothing was published."""
        return max((one.basis["k"] for one in self.editions), default=0)

    @cached_property
    def lots(self) -> dict[str, dict[UUID, int]]:
        """Of each wave, which questionnaires were first published together: 0 for the first of these lots."""
        found: dict[str, dict[UUID, int]] = {}
        for one in self.editions:
            for wave, surveys in one.basis["surveys"].items():
                known = found.setdefault(wave, {})
                lot = len(set(known.values()))
                found[wave] = {UUID(survey): lot for survey in surveys} | known
        return found

    def lot(self, wave: str, survey: UUID) -> int:
        """The lot of a questionnaire: its own, or with all that were never published the next one."""
        known = self.lots.get(wave, {})
        return known.get(survey, len(set(known.values())))

    @cached_property
    def told(self) -> dict[Place, Said]:
        """What was told of each question. The form is that of the first edition, the groups are those of all."""
        found: dict[Place, Said] = {}
        for one in self.editions:
            for wave, code, kind, lot, told in one.basis["questions"]:
                place = (wave, code, kind, lot)
                found[place] = essence.joined(found[place], told) if place in found else told
        return found

    def stratum(self, place: Place) -> str | None:
        """By what the groups of a question were shown; of one that was not, what is usual in its lot."""
        if (told := self.told.get(place)) and (its := strata(told)):
            return its[0]
        wave, _code, _kind, lot = place
        usual = Counter(
            name for (w, _c, _k, its), told in self.told.items() if (w, its) == (wave, lot) for name in strata(told)
        )
        return usual.most_common(1)[0][0] if usual else None

    @cached_property
    def attended(self) -> list[Said]:
        """What each edition showed of groups of attendees."""
        return [one.basis["attended"] for one in self.editions if one.basis.get("attended")]

    @cached_property
    def actions(self) -> Told:
        """What the public was told of actions."""
        public = [one for one in self.editions if one.level == "public"]
        known = Marks()
        for one in public:
            known += Marks.from_json(one.basis["actions"])
        given = [(one.actions, one.published_on) for one in public if one.actions and one.actions["counted"]]
        return Told(self.salt, self.owners, known, *(given[-1] if given else (None, None)))


NOTHING = Past(salt="none")


def strata(told: Said) -> list[str]:
    """By what groups are shown, beside roles."""
    return [by for by, _within, _groups in told["groups"] if by != "role"]
