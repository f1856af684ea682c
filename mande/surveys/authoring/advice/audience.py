"""Whom a questionnaire is put to, in numbers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

ANSWERING = 0.7
"""The share of those asked who usually answer: 18 of 25 at the reference meeting."""


@dataclass(frozen=True)
class Audience:
    """How many people are asked, and how many of them are in each group of each stratum.

    `event` is the code of the event, "" for a typical one; `k` the size under which no group is shown; `meetings` the
    codes of its meetings, empty where they are not known. `alone` is how many are the only one with their combination
    of all strata, None where that is not known.
    """

    people: int
    k: int
    groups: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    meetings: tuple[str, ...] = ()
    event: str = ""
    alone: int | None = None

    @property
    def answers(self) -> int:
        """How many answers can be expected."""
        return round(self.people * ANSWERING)

    def large_enough(self, stratum: str) -> list[str]:
        """The groups of a stratum that can be expected to reach k."""
        return [name for name, size in self.groups.get(stratum, {}).items() if round(size * ANSWERING) >= self.k]

    def too_small(self, stratum: str) -> list[str]:
        """The groups of a stratum that cannot be expected to reach k, those without anybody aside."""
        large = self.large_enough(stratum)
        return [name for name, size in self.groups.get(stratum, {}).items() if size and name not in large]


# The reference meeting: up to 25 people, about half of them in both parts, from every sector.
TYPICAL = Audience(
    people=25,
    k=5,
    groups={
        "meeting": {"all": 12, "part one": 7, "part two": 6},
        "sector": {"state": 9, "civil_society": 6, "academia": 4, "multilateral": 3, "business": 2, "media": 1},
        "gender": {"woman": 12, "man": 12, "unknown": 1},
        "mode": {"in_person": 15, "online": 10},
        "oda": {"no": 14, "yes": 10, "unknown": 1},
    },
)
