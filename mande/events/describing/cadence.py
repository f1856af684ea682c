"""When those who planned something are asked, as a file or a form says it. Pure."""

import re
from datetime import time

from mande.events.describing.checked import Checker
from mande.events.describing.checked import is_number

MONTHS = [1, 3, 6, 12]
DAYS_BEFORE = 7
HOURS = "09:00-17:00"
MOST_MONTHS = 60
MOST_DAYS = 60
NEVER = "never"
KEYS = ("checkin_months", "checkin_days_before", "checkin_hours")

_HOURS = re.compile(r"\s*(\d{1,2}:\d{2})\s*(?:-|–|to)\s*(\d{1,2}:\d{2})\s*")


def months(given: Checker) -> tuple[int, ...]:
    """After how many months."""
    return given.numbers("checkin_months", MONTHS, MOST_MONTHS)


def days_before(given: Checker) -> int | None:
    """How many days before a date of their own; None for never, which is written `never` or left empty."""
    value = given.data.get("checkin_days_before", DAYS_BEFORE)
    if value in (None, NEVER):
        return None
    if not is_number(value) or not 1 <= value <= MOST_DAYS:
        given.wrong("checkin_days_before", f"is {value!r}; it is a whole number from 1 to {MOST_DAYS}, or {NEVER}")
        return None
    return int(value)


def hours(given: Checker) -> tuple[str, str]:
    """From when until when on people's own clocks: ("09:00", "17:00")."""
    value = given.data.get("checkin_hours", HOURS)
    found = _HOURS.fullmatch(value) if isinstance(value, str) else None
    try:
        opens, closes = (time.fromisoformat(one.zfill(5)) for one in found.groups() if found) if found else (None, None)
    except ValueError:
        opens = closes = None
    if opens is None or closes is None:
        given.wrong("checkin_hours", f"is {value!r}; write it as {HOURS}")
    elif _minutes(closes) - _minutes(opens) < 60:
        given.wrong("checkin_hours", f"is {value!r}; from the first hour to the last it is an hour or longer")
    else:
        return f"{opens:%H:%M}", f"{closes:%H:%M}"
    return "09:00", "17:00"


def _minutes(at: time) -> int:
    return 60 * at.hour + at.minute
