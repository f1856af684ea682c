"""What a text of a questionnaire leaves open: {event}, {dates}, {partners}, {convenor}, {meeting}, {name}. Pure."""

import re
from collections.abc import Mapping
from datetime import date

from babel import Locale
from babel.lists import format_list

from mande import languages

OF_EVENT = ("event", "dates", "partners", "convenor")
MEETING = "meeting"
NAME = "name"
ALL = (*OF_EVENT, MEETING, NAME)

# Stands for the respondent's name in a text that is otherwise complete: a character for private use, which no text that
# people type or questionnaires hold can contain (answers.normalise_text and the checker take it out).
NAME_MARK = "\ue000"

_PARTS = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def names(text: str) -> set[str]:
    """The placeholders in `text`, known or not. A lone brace is a placeholder without a name."""
    found = (match for match in _PARTS.finditer(text) if match.group() not in ("{{", "}}"))
    return {(match.group(1) or "").strip() for match in found}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with what `values` has for its placeholders. Others stay, double braces too, to be filled later."""

    def put(match: re.Match[str]) -> str:
        value = values.get((match.group(1) or "").strip()) if match.group(1) else None
        return match.group() if value is None else value

    return _PARTS.sub(put, text)


def escape(text: str) -> str:
    """Text that says the same in the place of a placeholder."""
    return text.replace("{", "{{").replace("}", "}}")


def finish(text: str, values: Mapping[str, str]) -> str:
    """The text as it is read: placeholders filled, double braces single, the name replaced by NAME_MARK."""

    def put(match: re.Match[str]) -> str:
        if match.group() in ("{{", "}}"):
            return match.group()[0]
        name = (match.group(1) or "").strip()
        return NAME_MARK if name == NAME else values.get(name, match.group())

    return _PARTS.sub(put, text) if "{" in text or "}" in text else text


def listed(names: list[str], language: str) -> str:
    """Names as a sentence has them: "A, B and C"."""
    return (
        format_list([languages.isolated(name, language) for name in names], locale=_locale(language)) if names else ""
    )


def dates(first: date, last: date, language: str) -> str:
    """The day, or the days, of an event: "7 June 2021", "7 June 2021 – 9 June 2021"."""
    said = [languages.day(day, _locale(language)) for day in dict.fromkeys((first, last))]
    return " – ".join(said)


def _locale(language: str) -> Locale:
    # English without a country would put the month before the day.
    return Locale.parse("en_GB" if language == "en" else language, sep="-" if "-" in language else "_")
