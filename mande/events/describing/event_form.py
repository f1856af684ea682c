"""The form of an event: what was typed, and back to a description. Pure. Nothing that was typed is ever lost.

Lists of meetings, partners and stakeholder groups are lines: a hidden field with the list's name holds each line's
number, and its fields are called "meeting-0-title".
"""

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any
from typing import Protocol
from zoneinfo import ZoneInfo

from mande.events.countries import country_name
from mande.events.describing import cadence
from mande.events.describing import purposes
from mande.events.describing.checked import Problem
from mande.events.describing.described import DescribedEvent

PLAIN = (
    *("code", "title", "summary", "convenor", "programme", "manager_name", "manager_email", "time_zone"),
    *("objectives", "outcomes", "dac_code", "crs_code", "oda_share", "k", "days_open", *cadence.KEYS),
)
TICKED = ("oda_eligible", "discreet")
LINES: Mapping[str, tuple[str, ...]] = {
    "meeting": ("was", "code", "title", "starts", "ends", "format", "place", "topics"),
    "partner": ("name", "country"),
    "group": ("was", "name", "sought"),
}
MOST_LINES = 100
DEFAULTS = {
    "time_zone": "UTC",
    "k": "5",
    "days_open": "21",
    "checkin_months": ", ".join(map(str, cadence.MONTHS)),
    "checkin_days_before": str(cadence.DAYS_BEFORE),
    "checkin_hours": cadence.HOURS,
}

Line = dict[str, str]


class Posted(Protocol):
    """A form as it was sent."""

    def get(self, name: str, default: str, /) -> str: ...

    def getlist(self, name: str, /) -> list[str]: ...

    def __contains__(self, name: object, /) -> bool: ...


class Cadence(Protocol):
    """When people are asked about what they planned: an event, or its description."""

    @property
    def checkin_months(self) -> Sequence[int]: ...

    @property
    def checkin_days_before(self) -> int | None: ...

    @property
    def checkin_from(self) -> str: ...

    @property
    def checkin_until(self) -> str: ...


@dataclass(frozen=True)
class EventForm:
    """What the page shows: the plain fields as typed, what is ticked, and the lines of each list.

    `errors` are what is wrong, by the id of the field that it stands beside.
    """

    said: Mapping[str, str]
    ticked: frozenset[str] = frozenset()
    lines: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> Sequence[Line]:
        return self.lines.get(name, ())


def empty(**said: str) -> EventForm:
    """A new event's form, with one meeting to fill in."""
    blank = {**dict.fromkeys(PLAIN, ""), **DEFAULTS, **said}
    return EventForm(blank, lines={"meeting": [_blank("meeting")], "partner": [], "group": []})


def shown(event: DescribedEvent) -> EventForm:
    """The form of an event as it is; times are those of its zone."""
    zone = ZoneInfo(event.time_zone)
    plain = (name for name in PLAIN if name not in cadence.KEYS)
    said = {name: "" if (value := getattr(event, name)) is None else str(value) for name in plain}
    said["objectives"], said["outcomes"] = "\n".join(event.objectives), "\n".join(event.outcomes)
    said |= cadence_said(event)
    meetings = [
        {
            "was": one.code,
            "code": one.code,
            "title": one.title,
            "starts": f"{one.starts_at.astimezone(zone):%Y-%m-%dT%H:%M}",
            "ends": f"{one.ends_at.astimezone(zone):%Y-%m-%dT%H:%M}",
            "format": one.format.value,
            "place": one.place,
            "topics": "\n".join(one.topics),
        }
        for one in event.meetings
    ]
    partners = [{"name": name, "country": country_name(country)} for name, country in event.partners]
    groups = [
        {"was": one.name, "name": one.name, "sought": "" if one.sought is None else str(one.sought)}
        for one in event.groups
    ]
    ticked = frozenset(name for name in TICKED if getattr(event, name))
    return EventForm(said, ticked, {"meeting": meetings, "partner": partners, "group": groups})


def read(posted: Posted) -> EventForm:
    """What was sent, as it was typed."""
    said = {name: posted.get(name, "").replace("\r\n", "\n") for name in PLAIN}
    lines = {name: [_line(posted, name, number) for number in _numbers(posted, name)] for name in LINES}
    return EventForm(said, frozenset(name for name in TICKED if name in posted), lines)


def pressed(form: EventForm, button: str) -> EventForm | None:
    """The form after a button of its lists: "meeting-add", "group-up-2". None for any other button."""
    name, _, rest = button.partition("-")
    what, _, number = rest.partition("-")
    if name not in LINES or what not in ("add", "up", "down", "remove"):
        return None
    lines = list(form.of(name))
    place = int(number) if number.isdecimal() and len(number) < 4 else 0
    if what == "add" and len(lines) < MOST_LINES:
        lines.append(_next(name, lines))
    elif what == "remove" and place < len(lines):
        del lines[place]
    elif what in ("up", "down") and place < len(lines):
        to = place + (1 if what == "down" else -1)
        if 0 <= to < len(lines):
            lines[place], lines[to] = lines[to], lines[place]
    return replace(form, lines={**form.lines, name: lines})


def described(form: EventForm) -> dict[str, Any]:
    """What the form says, as a file would: for `described.parse`. Lines that were left blank say nothing."""
    said = {name: value.strip() for name, value in form.said.items()}
    data: dict[str, Any] = {
        name: said[name] for name in ("code", "title", "summary", "convenor", "programme", "time_zone")
    }
    data["manager"] = {"name": said["manager_name"], "email": said["manager_email"]}
    data["objectives"], data["outcomes"] = _texts(said["objectives"]), _texts(said["outcomes"])
    data["crs_code"] = said["crs_code"] or None
    # A purpose belongs to one sector: whoever chose only the purpose has said that too.
    implied = purposes.purposes().get(said["crs_code"])
    data["dac_code"] = said["dac_code"] or (implied.sector if implied else None)
    data["oda_share"] = _number(said["oda_share"])
    for name in ("k", "days_open"):
        data[name] = _number(said[name]) if said[name] else ""
    data |= cadence_data(said)
    data.update({name: name in form.ticked for name in TICKED})
    data["meetings"] = [
        {name: line[name].strip() for name in ("title", "starts", "ends", "format", "place")}
        | {"code": code, "topics": _texts(line["topics"])}
        for code, line in zip(_codes(form.of("meeting")), form.of("meeting"), strict=True)
    ]
    data["partners"] = [
        {"name": line["name"], "country": line["country"].strip() or None} for line in _filled(form, "partner")
    ]
    data["stakeholder_groups"] = [
        {"name": line["name"], "sought": _number(line["sought"]), "was": line["was"]} for line in _filled(form, "group")
    ]
    return data


def cadence_said(event: Cadence) -> dict[str, str]:
    """When people are asked about what they planned, as the fields show it."""
    days = event.checkin_days_before
    return {
        "checkin_months": ", ".join(map(str, event.checkin_months)),
        "checkin_days_before": "" if days is None else str(days),
        "checkin_hours": f"{event.checkin_from}-{event.checkin_until}",
    }


def cadence_data(said: Mapping[str, str]) -> dict[str, Any]:
    """What those fields say, as a file would."""
    return {
        "checkin_months": [_number(one) for one in re.split(r"[,;\s]+", said["checkin_months"]) if one],
        "checkin_days_before": _number(said["checkin_days_before"]),
        "checkin_hours": said["checkin_hours"] or cadence.HOURS,
    }


def with_problems(form: EventForm, problems: Iterable[Problem]) -> EventForm:
    """The form with what is wrong beside each field; of several problems of one field, the first."""
    errors: dict[str, str] = {}
    for problem in problems:
        place, name = _beside(form, problem.at)
        label = LABELS.get(name, problem.name)
        if problem.name and not _typed(form, place):
            what = f"{label} is missing"
        else:
            what = f"{label} {problem.what}" if problem.name else problem.what
        errors.setdefault(place, _sentence(place, what))
    return replace(form, errors=errors)


def _sentence(place: str, what: str) -> str:
    """What is wrong as a sentence, which begins with the line that it is about: "Meeting 2: the title is missing"."""
    name, _, rest = place.partition("-")
    number = rest.partition("-")[0]
    if name in LINES and number.isdecimal():
        return f"{name.capitalize()} {int(number) + 1}: {what[:1].lower()}{what[1:]}."
    return f"{what[:1].upper()}{what[1:]}."


LABELS = {
    "code": "The code",
    "title": "The title",
    "summary": "The summary",
    "convenor": "The convenor",
    "programme": "The programme",
    "time_zone": "The time zone",
    "manager_name": "The manager's name",
    "manager_email": "The manager's address",
    "starts": "The start",
    "ends": "The end",
    "format": "The format",
    "place": "The place",
    "topics": "The list of topics",
    "name": "The name",
    "country": "The country",
    "sought": "The number sought",
    "dac_code": "The sector",
    "crs_code": "The purpose",
    "oda_share": "The share",
    "k": "The smallest group",
    "days_open": "The number of days",
    "checkin_months": "The list of months",
    "checkin_days_before": "The number of days before",
    "checkin_hours": "The span of hours",
}
_LISTS = {"meetings": "meeting", "partners": "partner", "stakeholder_groups": "group"}


def _beside(form: EventForm, at: str) -> tuple[str, str]:
    """The id of the field that a problem stands beside, and the field: "meetings.0.title" is at meeting-0-title."""
    first, _, rest = at.partition(".")
    if first == "manager":
        return f"manager_{rest}", f"manager_{rest}"
    name = _LISTS.get(first)
    if name is None:
        return first, first
    if not rest:
        return f"{name}s", ""
    number, _, column = rest.partition(".")
    lines = list(form.of(name))
    if name != "meeting":
        # Blank lines were passed over.
        filled = [place for place, line in enumerate(lines) if _says(line)]
        number = str(filled[int(number)])
    return f"{name}-{number}-{column or 'name'}", column


def _typed(form: EventForm, place: str) -> str:
    """What stands in a field, by its id."""
    name, _, rest = place.partition("-")
    number, _, column = rest.partition("-")
    if name in LINES and number.isdecimal():
        return form.of(name)[int(number)].get(column, "").strip()
    return form.said.get(place, "").strip()


def _codes(meetings: Sequence[Line]) -> list[str]:
    """The code of each meeting. One that is known keeps its own; one that was left without gets one that is free."""
    codes = [line["was"] or line["code"].strip() for line in meetings]
    free = (code for number in range(1, 2 * MOST_LINES + 2) if (code := f"meeting-{number}") not in codes)
    return [code or next(free) for code in codes]


def _line(posted: Posted, name: str, number: str) -> Line:
    return {column: posted.get(f"{name}-{number}-{column}", "").replace("\r\n", "\n") for column in LINES[name]}


def _numbers(posted: Posted, name: str) -> list[str]:
    found = dict.fromkeys(number for number in posted.getlist(name) if number.isdecimal() and len(number) < 4)
    return list(found)[:MOST_LINES]


def _blank(name: str) -> Line:
    return dict.fromkeys(LINES[name], "")


def _next(name: str, lines: Sequence[Line]) -> Line:
    """A new line. A meeting is like the last in format and place: most events keep to one."""
    if name == "meeting" and lines:
        return {**_blank(name), "format": lines[-1]["format"], "place": lines[-1]["place"]}
    return _blank(name)


def _says(line: Line) -> bool:
    return any(value.strip() for name, value in line.items() if name != "was")


def _filled(form: EventForm, name: str) -> list[Line]:
    return [line for line in form.of(name) if _says(line)]


def _texts(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(text: str) -> Any:
    """The number that was typed, None for nothing, else what was typed: the description says what is wrong with it."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 10 else text or None
