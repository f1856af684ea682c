"""A date that somebody types in three parts, in the digits and the names of months of their language. Pure."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from babel import Locale

from mande.surveys.questionnaires.matching import fold

DAY, MONTH, YEAR = "day", "month", "year"
PARTS = (DAY, MONTH, YEAR)


class NotADayError(Exception):
    """No date of the calendar. `wrong` are the parts at fault, `missing` says that they are empty."""

    def __init__(self, wrong: frozenset[str], missing: bool = False) -> None:
        super().__init__(", ".join(sorted(wrong)))
        self.wrong = wrong
        self.missing = missing


def parts(day: str) -> dict[str, str]:
    """The parts of a date that was kept ("2026-11-02"), as they are typed; empty where there is none."""
    if not day:
        return dict.fromkeys(PARTS, "")
    found = date.fromisoformat(day)
    return {DAY: str(found.day), MONTH: str(found.month), YEAR: str(found.year)}


def read(typed: Mapping[str, str], language: str) -> str:
    """The date as it is kept, or "" where nothing was typed. Raises NotADayError."""
    if not any(typed.values()):
        return ""
    if missing := frozenset(part for part in PARTS if not typed[part]):
        raise NotADayError(missing, missing=True)
    numbers = {DAY: _number(typed[DAY]), MONTH: _month(typed[MONTH], language), YEAR: _number(typed[YEAR])}
    year = numbers[YEAR]
    if year is not None and year < 1000:  # two digits leave the century open
        numbers[YEAR] = None
    if wrong := frozenset(part for part, number in numbers.items() if number is None):
        raise NotADayError(wrong)
    try:
        return date(numbers[YEAR] or 0, numbers[MONTH] or 0, numbers[DAY] or 0).isoformat()
    except ValueError:
        raise NotADayError(frozenset((DAY,)) if 1 <= (numbers[MONTH] or 0) <= 12 else frozenset((MONTH,))) from None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def _month(text: str, language: str) -> int | None:
    number = _number(text)
    return _months(language).get(fold(text.rstrip("."))) if number is None else number


@cache
def _months(language: str) -> dict[str, int]:
    """Months by their names, long and short, in a language and in English."""
    names: dict[str, int] = {}
    for locale in (Locale("en"), Locale.parse(language, sep="-")):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names |= {fold(name.rstrip(".")): number for number, name in locale.months[context][width].items()}
    return names
