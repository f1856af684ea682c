"""Everything that editions print of one question, as linear equations and inequalities over what nobody has printed.

The unknowns: of each survey, each class of people whom no breakdown separates, and each option, how many chose it; and
how many of that class answered at all. The attacker knows who attended how, and not who answered.
"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from mande.reports.answers import breakdowns
from mande.reports.disclosure import slack
from mande.surveys.questionnaires.definition import QuestionType
from tests.attacking.worlds import STRATA
from tests.attacking.worlds import Asking
from tests.attacking.worlds import World

Said = dict[str, Any]
Vector = NDArray[np.float64]
Class = tuple[str, ...]
Among = Callable[[Collection[str]], Vector]
"""Where the unknowns are that count how many of some people chose one of some options."""
ANSWERED = ""
ENOUGH = 1e6


@dataclass(frozen=True)
class Target:
    """Something that nobody is to find out: how many of a group chose an option, and how many there are in truth."""

    group: str
    option: str
    vector: Vector
    truth: int
    people: int


class Equations:
    """What is known of one question. `low <= rows @ unknowns <= high`."""

    def __init__(self, world: World, code: str) -> None:
        self.world, self.code = world, code
        asked = world.surveys[0].definition.question(code)
        self.kind = asked.type
        chosen = {value for one in world.surveys for value in self._chosen(one)}
        named = {code for said in self._said() for one in said["options"] for code in [one["code"]]}
        # Of countries, there might be others.
        self.options = sorted(chosen | named | {"??"}) if asked.type is QuestionType.COUNTRY else list(asked.codes)
        self.unknowns = [
            (survey, its, option)
            for survey in world.surveys
            for its in sorted({_class(one.strata) for one in survey.responses})
            for option in (*self.options, ANSWERED)
        ]
        self.place = {
            unknown: number for number, unknown in enumerate((one.id, its, o) for one, its, o in self.unknowns)
        }
        self.classes = {
            one.id: sorted({_class(response.strata) for response in one.responses}) for one in world.surveys
        }
        self.rows: list[Vector] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self._by_nature()
        for said, lots in zip(world.editions, world.lots, strict=True):
            for one in said["questions"]:
                if one["code"] == code:
                    self._read(one, lots)

    @property
    def truth(self) -> Vector:
        return np.array(
            [
                sum(
                    self._chose(one.answers.get(self.code), option)
                    for one in survey.responses
                    if _class(one.strata) == its
                )
                for survey, its, option in self.unknowns
            ],
            dtype=float,
        )

    def targets(self) -> list[Target]:
        """Every group of every survey, and each survey itself, with every option."""
        truth, found = self.truth, []
        for survey in self.world.surveys:
            classes = sorted({its for one, its, _option in self.unknowns if one is survey})
            groups = {"everybody": classes} | {"/".join(its): [its] for its in classes}
            for place, stratum in enumerate(STRATA):
                for value in {its[place] for its in classes}:
                    groups[f"{stratum} {value}"] = [its for its in classes if its[place] == value]
            for name, members in groups.items():
                people = round(float(self._where(survey, members, [ANSWERED]) @ truth))
                for option in (*self.options, ANSWERED):
                    vector = self._where(survey, members, [option])
                    found.append(Target(name, option, vector, round(float(vector @ truth)), people))
        return found

    def _said(self) -> list[Said]:
        return [one for said in self.world.editions for one in said["questions"] if one["code"] == self.code]

    def _chosen(self, survey: Asking) -> Collection[str]:
        given = [one.answers.get(self.code) or () for one in survey.responses]
        return {value for one in given for value in ([one] if isinstance(one, str) else one)}

    def _chose(self, given: str | list[str] | None, option: str) -> bool:
        return (
            bool(given)
            if option == ANSWERED
            else option == given
            if isinstance(given, str)
            else option in (given or ())
        )

    def _where(
        self, survey: Asking | Collection[Asking], classes: Collection[Class] | None, options: Collection[str]
    ) -> Vector:
        row = np.zeros(len(self.unknowns))
        for one in [survey] if isinstance(survey, Asking) else survey:
            its = [its for its in self.classes[one.id] if classes is None or its in classes]
            row[[self.place[one.id, place, option] for place in its for option in options]] = 1
        return row

    def _add(self, row: Vector, low: float, high: float) -> None:
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def _by_nature(self) -> None:
        """Who answered once chose one option; of several, no option is chosen by more than have answered."""
        for survey in self.world.surveys:
            for its in {place for one, place, _option in self.unknowns if one is survey}:
                answered = self._where(survey, [its], [ANSWERED])
                if self.kind is QuestionType.MULTIPLE:
                    for option in self.options:
                        self._add(answered - self._where(survey, [its], [option]), 0, ENOUGH)
                    self._add(self._where(survey, [its], self.options) - answered, 0, ENOUGH)
                else:
                    self._add(self._where(survey, [its], self.options) - answered, 0, 0)
            # How many have answered at all stands in every edition.
            self._add(self._where(survey, None, [ANSWERED]), 0, len(survey.responses))

    def _read(self, said: Said, lots: Mapping[UUID, int]) -> None:
        if said["n"] is None:
            return
        surveys = [
            one
            for one in self.world.surveys
            if lots.get(one.id) == said["apart"] and one.role.value in said["counted"]
            and sum(self.code in response.answers for response in one.responses) >= one.k
        ]  # fmt: skip
        if said["missing"] is not None:
            self._add(self._where(surveys, None, [ANSWERED]), said["n"], said["n"])

        def anywhere(options: Collection[str]) -> Vector:
            return self._where(surveys, None, options)

        self._figures(anywhere, said, said["n"])
        for one in said["breakdowns"]:
            place = None if one["by"] == "role" else STRATA.index(one["by"])
            among = [self._among(surveys, one, group, place) for group in one["groups"]]
            for group, within in zip(one["groups"], among, strict=True):
                self._group(within, one, group)
            for difference in one.get("differences", ()):
                self._difference(difference, one["groups"], among)

    def _among(self, surveys: list[Asking], breakdown: Said, group: Said, place: int | None) -> Among:
        def within(options: Collection[str]) -> Vector:
            if place is None:
                return self._where([s for s in surveys if s.role.value in group["members"]], None, options)
            classes = {its for _survey, its, _option in self.unknowns if its[place] in group["members"]}
            return self._where([s for s in surveys if s.role.value == breakdown["within"]], classes, options)

        return within

    def _difference(self, said: Said, groups: Sequence[Said], among: Sequence[Among]) -> None:
        """The first less the second, of a share or of a mean."""
        weights = {
            "favourable": dict.fromkeys(self.options[-2:], 1.0),
            "yes": {"yes": 1.0},
            "mean": {option: float(option) for option in self.options if option.isdecimal()},
            "nps": dict.fromkeys(self.options[9:], 100.0) | dict.fromkeys(self.options[:7], -100.0),
        }[said["of"]]
        first, second = (
            sum((weight * among[place]([option]) for option, weight in weights.items()), start=among[place]([]))
            / groups[place]["n"]
            for place in said["between"]
        )
        self._add(first - second, said["value"] - 0.06, said["value"] + 0.06)

    def _group(self, within: Among, breakdown: Said, group: Said) -> None:
        if breakdown["form"] == "levels":
            self._add(within([ANSWERED]), group["n"], group["n"])
            self._add(within(self.options[-2:]), *breakdowns.level_span(group["level"], group["n"]))
        else:
            self._figures(within, group, group["n"])

    def _figures(self, among: Among, said: Said, n: int) -> None:
        """Everything that is printed of one group: its number, its cells, and what is worked out from them."""
        self._add(among([ANSWERED]), n, n)
        named = {code for cell in said["cells"] for code in cell["codes"]}
        for cell in said["cells"]:
            row = among(cell["codes"] or [option for option in self.options if option not in named])
            if cell.get("hidden") == "few":
                self._add(row, 0, 2)
            elif cell.get("hidden"):
                self._add(row, n - slack(n), n)
            else:
                self._add(row, cell["count"], cell["count"])
        if said["nearly_all"]:
            self._add(among(said["nearly_all"]["codes"]), n - slack(n), n)
        values = {option: int(option) for option in self.options if option.isdecimal()}
        if said["mean_range"] and values:
            mean = sum((value * among([option]) for option, value in values.items()), start=among([]))
            self._add(mean, n * said["mean_range"][0] - 0.01, n * said["mean_range"][1] + 0.01)
        if said["favourable_range"]:
            low, high = said["favourable_range"]
            self._add(among(self.options[-2:]), n * low - 0.01, n * high + 0.01)
        if said["unfavourable"] is not None:
            self._add(among(self.options[:2]), n * said["unfavourable"] - 0.01, n * said["unfavourable"] + 0.01)
        if said["nps"]:
            self._add(among(self.options[9:]), said["nps"]["promoters"], said["nps"]["promoters"])
            self._add(among(self.options[:7]), said["nps"]["detractors"], said["nps"]["detractors"])
        if said["yes"] is not None:
            self._add(among(["yes"]), n * said["yes"] - 0.01, n * said["yes"] + 0.01)


def _class(strata: Any) -> Class:
    return tuple(strata[name] for name in STRATA)
