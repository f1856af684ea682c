"""The languages that respondents and owners of planned actions can be spoken to in, and which one suits somebody.

English is what the sources are written in; each of the others has a catalogue in mande/translations.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache

from babel import Locale
from babel import UnknownLocaleError
from babel.dates import format_date
from babel.units import format_unit

SOURCE = "en"
INTERFACE = (SOURCE, "fr", "es", "ar")


def suitable(wishes: Sequence[str | None], available: Sequence[str] = INTERFACE) -> str | None:
    """The first wish that can be met: "fr_CH" by "fr-CH" or else by "fr". None where none can be."""
    for wish in wishes:
        code = (wish or "").replace("_", "-").lower()
        for close in (code, code.partition("-")[0]):
            for known in available:
                if known.lower() == close:
                    return known
    return None


@cache
def own_name(code: str) -> str:
    """A language as it calls itself, beginning with a capital where its script has them: Français."""
    locale = _locale(code)
    name = locale.get_display_name(locale) if locale else code
    return name[:1].upper() + name[1:] if name else code


def isolated(value: object, language: str) -> str:
    """Something that somebody typed, for the middle of a text: from right to left it keeps its own direction."""
    if direction(language) == "ltr":
        return str(value)
    return f"\N{FIRST STRONG ISOLATE}{value}\N{POP DIRECTIONAL ISOLATE}"


@cache
def direction(code: str) -> str:
    """Which way a language is written: "ltr" or "rtl"."""
    locale = _locale(code)
    return locale.text_direction if locale else "ltr"


def day(value: date, locale: Locale | str) -> str:
    """A date as a sentence has it: 7 June 2021. In French the first of a month is "1er"."""
    said = format_date(value, format="long", locale=locale)
    return f"1er{said[1:]}" if str(locale).startswith("fr") and said.startswith("1 ") else said


def file_size(size: int, locale: Locale | str) -> str:
    """A number of bytes as people read it: 120 kB, 1.4 MB; in French 120 ko."""
    if size < 1_000_000:
        return format_unit(max(1, round(size / 1000)), "digital-kilobyte", length="short", locale=locale)
    return format_unit(round(size / 1_000_000, 1), "digital-megabyte", length="short", locale=locale)


def _locale(code: str) -> Locale | None:
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
