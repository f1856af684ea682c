"""Numbers, days and moments as the language of a page or a document has them."""

import unicodedata
from datetime import date
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.numbers import format_percent
from flask import Flask
from flask_babel import get_locale

from mande import languages

NOTHING = "–"
_MINUS = "\N{MINUS SIGN}"


def init_app(app: Flask) -> None:
    """Makes these the filters of templates."""
    app.jinja_env.filters.update(whole=whole, decimal=decimal, percent=percent, signed=signed, points=points,
                                 percent_span=percent_span, decimal_span=decimal_span, iso_day=day, iso_moment=moment,
                                 iso_month=month, either=either, together=together, way=way)  # fmt: skip


def language() -> str:
    """The code of the language spoken here: "en", "fr", "ar"."""
    return str(get_locale() or languages.SOURCE).partition("_")[0]


def locale() -> Locale:
    """The locale of that language. English is British, or the month would come before the day."""
    return Locale.parse("en_GB") if language() == "en" else Locale.parse(language())


def whole(value: int | None) -> str:
    """A count: 1,234. An en dash where there is none."""
    return NOTHING if value is None else str(format_decimal(value, locale=locale()))


def decimal(value: float | None, digits: int = 1) -> str:
    """A number with so many digits behind the point: 4.25."""
    return NOTHING if value is None else _minus(format_decimal(value, f"#,##0.{'0' * digits}", locale=locale()))


def percent(share: float | None, digits: int = 0) -> str:
    """A share between 0 and 1 in percent: 72%, in French 72 %."""
    if share is None:
        return NOTHING
    ours = locale()
    pattern = ours.percent_formats[None].pattern.replace("#,##0", f"#,##0.{'0' * digits}") if digits else None
    return str(format_percent(share, pattern, locale=ours))


def signed(value: float | None, digits: int = 0) -> str:
    """A number that says its sign: +63, −12; from right to left it keeps its own direction."""
    if value is None:
        return NOTHING
    # So that what rounds to nothing has no sign.
    rounded = round(value, digits) + 0.0
    form = f"#,##0.{'0' * digits}" if digits else "#,##0"
    return languages.isolated(_minus(format_decimal(rounded, f"+{form};-{form}" if rounded else form,
                                                    locale=locale())), language())  # fmt: skip


def points(value: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 in percentage points: 12.5."""
    return NOTHING if value is None else decimal(100 * value, digits)


def percent_span(low: float, high: float) -> str:
    """Two shares as one span: 50–60%; the percent sign where the language has it."""
    ends = [format_percent(share, locale=locale()) for share in (low, high)]
    if ends[0] == ends[1]:
        return str(ends[0])
    return percent(high).replace(whole(round(100 * high)), f"{whole(round(100 * low))}–{whole(round(100 * high))}")


def decimal_span(low: float, high: float, digits: int = 1) -> str:
    """Two numbers as one span: 4.1–4.4; one number where both read the same."""
    ends = [decimal(value, digits) for value in (low, high)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def day(value: str) -> str:
    """An ISO date in words: 7 June 2021."""
    return languages.day(date.fromisoformat(value), locale())


def month(iso: str) -> str:
    """A month, given as "2021-06": June 2021."""
    return str(format_skeleton("yMMMM", date.fromisoformat(f"{iso}-01"), locale=locale()))


def moment(value: str, zone: str) -> str:
    """An ISO moment in words, as clocks in `zone` show it: Monday 7 June 2021, 13:00 (BST)."""
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
    name = format_datetime(local, "EEEE", locale=locale())
    if languages.direction(language()) == "rtl":
        clock = languages.isolated(f"{local:%H:%M}", language())
        return f"{name} {languages.day(local, locale())}، {clock} ({languages.isolated(local.tzname(), language())})"
    return f"{name} {languages.day(local, locale())}, {local:%H:%M} ({local.tzname()})"


def either(labels: Any) -> str:
    """Several names as one, which applies to whatever has any of them: "academia, business or media"."""
    return str(format_list(list(labels), style="or", locale=locale()))


def together(labels: Any) -> str:
    """Several names, all of which apply: "participants and speakers"."""
    return str(format_list(list(labels), locale=locale()))


def way(text: str) -> str:
    """Which way a text goes that somebody typed, by its first letter: "ltr" or "rtl"."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), None)
    return languages.direction(language()) if first is None else "ltr" if first == "L" else "rtl"


def _minus(text: str) -> str:
    return text.replace("-", _MINUS)
