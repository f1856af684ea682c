"""How answers are counted where the questionnaire lists no options: numbers, dates, countries. Pure.

A number is counted by its band ("5-9", "20-100"), a date by its quarter ("2026-Q4"), a country by itself.
"""

from collections.abc import Collection
from collections.abc import Iterator
from itertools import pairwise

from mande.surveys.questionnaires.questions import Item
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import QuestionType
from mande.surveys.questionnaires.questions import say
from mande.surveys.questionnaires.standard import country_names


def code_of(question: Question, value: str) -> str:
    """The code under which `value`, an answer that has passed every check, is counted."""
    match question.type:
        case QuestionType.NUMBER:
            return next(code for code, low, high in _bands(question) if low <= int(value) <= high)
        case QuestionType.DATE:
            year, month, _day = value.split("-")
            return f"{year}-Q{(int(month) + 2) // 3}"
        case _:
            return value


def codes(item: Item, found: Collection[str]) -> tuple[str, ...]:
    """Everything a table of this item counts, in order, "other" and "na" aside. `found` are the codes that occur.

    Of numbers these are all bands; of dates and countries those that occur.
    """
    match item.question.type:
        case QuestionType.NUMBER:
            return tuple(code for code, _low, _high in _bands(item.question))
        case QuestionType.DATE | QuestionType.COUNTRY:
            return tuple(sorted(found))
        case _:
            return item.codes


def label(question: Question, code: str, language: str) -> str:
    """What is counted under `code`, in words: "5–9 days", "Q4 2026", "Norway"."""
    match question.type:
        case QuestionType.NUMBER:
            return span(question, *bounds(question, (code,)), language)
        case QuestionType.DATE:
            year, _, quarter = code.partition("-")
            return f"{quarter} {year}"
        case QuestionType.COUNTRY:
            return country_names(language).get(code, code)
        case _:
            return question.option(code).say(language)


def bounds(question: Question, codes: Collection[str]) -> tuple[int, int]:
    """The least and the greatest number that is counted under one of these bands."""
    found = [(low, high) for code, low, high in _bands(question) if code in codes]
    return found[0][0], found[-1][1]


def span(question: Question, low: int, high: int, language: str) -> str:
    """Numbers from `low` to `high` in words: "5–9 days"."""
    numbers = str(low) if low == high else f"{low}–{high}"
    unit = say(question.unit, language)
    return f"{numbers} {unit}" if unit else numbers


def _bands(question: Question) -> Iterator[tuple[str, int, int]]:
    """Code, least and most of each band."""
    most = question.max
    assert isinstance(most, int)  # noqa: S101 (the checker sees to it)
    for low, following in pairwise((*question.bands, most + 1)):
        high = following - 1
        yield (str(low) if low == high else f"{low}-{high}"), low, high
