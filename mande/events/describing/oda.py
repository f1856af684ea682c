"""Which countries may receive official development assistance, by the list of the year that is asked about. Pure.

The lists are data (data/dac-recipients.yaml): a country's place on them changes from year to year, and an event goes by
the list of its own year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

LISTS = Path(__file__).parent / "data" / "dac-recipients.yaml"


class Group(StrEnum):
    """How the list groups its countries, by income."""

    LEAST_DEVELOPED = "least_developed"
    LOW_INCOME = "low_income"
    LOWER_MIDDLE_INCOME = "lower_middle_income"
    UPPER_MIDDLE_INCOME = "upper_middle_income"


@dataclass(frozen=True)
class RecipientList:
    """The list for the years from `first_year` to `last_year`, both included; `groups` by two-letter country code."""

    first_year: int
    last_year: int
    verified: bool
    source: str
    groups: Mapping[str, Group]


@cache
def lists() -> tuple[RecipientList, ...]:
    """All lists that are known, the oldest first."""
    return tuple(
        RecipientList(
            first_year=one["first_year"],
            last_year=one["last_year"],
            verified=one["verified"],
            source=" ".join(one["source"].split()),
            groups={code: group for group in Group for code in one[group].split()},
        )
        for one in yaml.safe_load(LISTS.read_text(encoding="utf-8"))["lists"]
    )


def list_of(year: int) -> RecipientList:
    """The list for a year; before the first and after the last that are known, the nearest one."""
    return next((one for one in lists() if year <= one.last_year), lists()[-1])


def note(year: int) -> str:
    """What to know of the list that a year goes by: empty where it is the OECD's own for that year."""
    used = list_of(year)
    if not used.first_year <= year <= used.last_year:
        nearest = used.first_year if year < used.first_year else used.last_year
        return f"There is no list for {year} here: that of {nearest}, the nearest, is used."
    return "" if used.verified else f"The list for {year} was put together from announcements: {used.source}"


def recipients(year: int) -> frozenset[str]:
    """The countries and territories on the list of a year, as two-letter codes."""
    return frozenset(list_of(year).groups)


def is_recipient(country: str | None, on: date) -> bool | None:
    """Whether a country, by its two-letter code, is on the list for the year of `on`; None where it is not known which
    country is meant.
    """
    return country.upper() in list_of(on.year).groups if country else None


def group(country: str | None, on: date) -> Group | None:
    """The income group in which a country is on the list for the year of `on`; None where it is not on it."""
    return list_of(on.year).groups.get((country or "").upper())
