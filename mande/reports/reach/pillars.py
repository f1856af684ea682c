"""What three pillars ask of a convenor of today: digital capability, many stakeholders, women's part.

Source: R. Hester, Y. El Ghazi and others, "Smart Diplomacy" (2018), after Y. El Ghazi, Georgetown Journal of
International Affairs (2015). Pure.

A figure has a least and a greatest value: the same where all is known, two where an edition may not tell more.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mande.reports.kinds import Measure
from mande.reports.reach.people import Tally


class Kind(StrEnum):
    SHARE = "share"
    NUMBER = "number"
    COUNT = "count"
    POINTS = "points"


@dataclass(frozen=True)
class Figure:
    """One figure of a pillar; `of` is how many people or groups it is about. `measure` is what a target is set for."""

    code: str
    kind: Kind
    low: float | None
    high: float | None
    of: int | None
    measure: Measure | None = None


DIGITAL, STAKEHOLDERS, WOMEN = "digital", "stakeholders", "women"
PILLARS = (DIGITAL, STAKEHOLDERS, WOMEN)

Span = tuple[float, float]


def figures(counted: Tally, without_barriers: tuple[Span, int] | None = None) -> Mapping[str, Sequence[Figure]]:
    """The figures of each pillar. `without_barriers` is the share of those online who could follow and speak (least and
    greatest), and how many of them answered.
    """
    barrier_free, answered = without_barriers or (None, 0)
    return {
        DIGITAL: (
            _share("online", counted.online, counted.mode_known),
            _share("recipients_online", counted.recipients_online, counted.online_oda_known),
            Figure(
                "online_without_barriers",
                Kind.SHARE,
                barrier_free[0] if barrier_free else None,
                barrier_free[1] if barrier_free else None,
                answered or None,
                Measure.ONLINE_WITHOUT_BARRIERS,
            ),
        ),
        STAKEHOLDERS: (
            _share("beyond_the_state", counted.beyond_the_state, counted.sector_known, Measure.BEYOND_THE_STATE),
            _number("effective_sectors", effective_number(counted.sectors), counted.sector_known),
            _share("sought_came", counted.sought_came, counted.sought),
            _count("groups_reached", counted.groups_reached, counted.groups),
            _share("recipients", counted.recipients, counted.oda_known),
            _count("countries", len(counted.countries), counted.countries.total()),
        ),
        WOMEN: (
            _share("women", counted.women, counted.gender_known, Measure.WOMEN),
            _share("women_speaking", counted.women_speaking, counted.speakers_gender_known, Measure.WOMEN_SPEAKING),
            _gap(counted),
        ),
    }


def effective_number(counts: Mapping[str, int]) -> float | None:
    """How many groups of equal size would be as diverse as these: 1 / sum(p^2); None where there is nobody.

    Source: M. Laakso and R. Taagepera, Comparative Political Studies 12(1), 1979; the Hill number of order 2.
    """
    total = sum(counts.values())
    return total * total / sum(count * count for count in counts.values()) if total else None


def _share(code: str, part: int, of: int, measure: Measure | None = None) -> Figure:
    share = part / of if of else None
    return Figure(code, Kind.SHARE, share, share, of or None, measure)


def _count(code: str, count: int, of: int) -> Figure:
    value = float(count) if of else None
    return Figure(code, Kind.COUNT, value, value, of or None)


def _number(code: str, value: float | None, of: int) -> Figure:
    return Figure(code, Kind.NUMBER, value, value, of or None)


def _gap(counted: Tally) -> Figure:
    """Women's share among the speakers less that among the others, in points: below nought they are heard less."""
    speaking = counted.speakers_gender_known
    others = counted.gender_known - speaking
    if not speaking or not others:
        return Figure("women_gap", Kind.POINTS, None, None, None)
    gap = 100 * (counted.women_speaking / speaking - (counted.women - counted.women_speaking) / others)
    return Figure("women_gap", Kind.POINTS, gap, gap, counted.gender_known)
