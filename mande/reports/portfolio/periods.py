"""Years, quarters and months of a portfolio, each with the ones between that have nothing. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """How long a period is."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


_MONTHS = {Step.YEAR: 12, Step.QUARTER: 3, Step.MONTH: 1}


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of so many months from the first day of one on."""

    first: date
    months: int

    @property
    def label(self) -> str:
        """2021, 2021-Q2 or 2021-06: the same in every language, and sorted as it should be."""
        if self.months == 12:
            return f"{self.first:%Y}"
        return f"{self.first:%Y}-Q{self.first.month // 3 + 1}" if self.months == 3 else f"{self.first:%Y-%m}"

    @property
    def following(self) -> "Period":
        return _begun(self.first.year * 12 + self.first.month - 1 + self.months, self.months)


def period(day: date, step: Step) -> Period:
    """The period in which a day lies."""
    months = _MONTHS[step]
    number = day.year * 12 + day.month - 1
    return _begun(number - number % months, months)


def periods(days: Iterable[date], step: Step) -> list[Period]:
    """From the period of the first day to that of the last, without a gap."""
    known = sorted({period(day, step) for day in days})
    found = known[:1]
    while found and found[-1] < known[-1]:
        found.append(found[-1].following)
    return found


def _begun(number: int, months: int) -> Period:
    return Period(date(number // 12, number % 12 + 1, 1), months)
