"""What the pillars ask, year by year, over many events."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from mande.reports.reach import pillars
from mande.reports.reach import reading
from mande.reports.reach.pillars import Figure


@dataclass(frozen=True)
class Year:
    """The figures of the events that began in a year, by pillar."""

    year: int
    events: int
    attendees: int
    figures: Mapping[str, Sequence[Figure]]


def years(session: Session, condition: ColumnElement[bool]) -> list[Year]:
    """The years in which the events that the condition selects began, the latest first."""
    began = reading.years(session, condition)
    followed: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    for event, (favourable, n) in reading.could_follow(session, condition).items():
        if year := began.get(event):
            followed[year] += favourable
            answered[year] += n
    events = Counter(began.values())
    return [
        Year(year, events[year], sums.attendees, pillars.figures(sums, _share(followed[year], answered[year])))
        for year, sums in reading.by_year(session, condition).items()
    ]


def _share(favourable: int, n: int) -> tuple[tuple[float, float], int] | None:
    return ((favourable / n, favourable / n), n) if n else None
