"""An event as a file or a form describes it, checked whole: every problem is told at once. Pure."""

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mande.events import addresses
from mande.events import countries
from mande.events.describing import cadence
from mande.events.describing import purposes
from mande.events.describing.checked import Checker
from mande.events.describing.checked import Problem
from mande.events.kinds import Format

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
MEETING_CODE = re.compile(r"[a-z0-9][a-z0-9-]*")
# What these mean in a list of attendees is not the code of a meeting.
TAKEN = ("all", "both", "none", "several")
MEETING_KEYS = ("code", "title", "starts", "ends", "format", "place", "topics")
GROUP_KEYS = ("name", "sought", "was")
KEYS = (
    *("code", "title", "summary", "convenor", "programme", "time_zone", "manager", "partners", "objectives"),
    *("outcomes", "meetings", "stakeholder_groups", "dac_code", "crs_code", "oda_eligible", "oda_share", "k"),
    *("days_open", *cadence.KEYS, "reminder_days", "discreet"),
)


class EventFileError(Exception):
    """The description cannot be taken. The text lists every problem; `found` says of each what it is about."""

    def __init__(self, found: Sequence[Problem | str], source: str = "This event") -> None:
        self.found = tuple(one if isinstance(one, Problem) else Problem("", "", "", one) for one in found)
        self.problems = tuple(str(one) for one in self.found)
        listed = "\n".join(f"  - {problem}" for problem in self.problems)
        super().__init__(f"{source} cannot be taken as it is:\n{listed}")


@dataclass(frozen=True)
class DescribedMeeting:
    code: str
    title: str
    starts_at: datetime
    ends_at: datetime
    format: Format
    topics: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True)
class DescribedGroup:
    """Those who have a stake in the outcome; `sought` of them were wanted. `was` is the name that it had before."""

    name: str
    sought: int | None
    was: str = field(default="", compare=False)


@dataclass(frozen=True)
class DescribedEvent:
    """What a file says of an event. Moments are in UTC; `partners` are (name, country code or None).

    `reminder_days` None leaves the rules by which the event sends as they are. `checkin_days_before` None is never.
    """

    code: str
    title: str
    summary: str
    convenor: str
    programme: str
    time_zone: str
    manager_name: str
    manager_email: str
    partners: tuple[tuple[str, str | None], ...]
    objectives: tuple[str, ...]
    outcomes: tuple[str, ...]
    meetings: tuple[DescribedMeeting, ...]
    groups: tuple[DescribedGroup, ...]
    dac_code: str | None
    crs_code: str | None
    oda_eligible: bool
    oda_share: int | None
    k: int
    days_open: int
    checkin_months: tuple[int, ...]
    checkin_days_before: int | None
    checkin_from: str
    checkin_until: str
    reminder_days: tuple[int, ...] | None
    discreet: bool


def parse(data: Any, source: str = "This event") -> DescribedEvent:
    """Checks what a YAML file or a form held. Raises EventFileError that lists everything that is wrong."""
    if not isinstance(data, Mapping):
        raise EventFileError(["it is not a list of names and values, such as `code: WP1873v`"], source)
    problems: list[Problem] = []
    event = _event(Checker(problems, data))
    if problems:
        raise EventFileError(problems, source)
    return event


def _event(given: Checker) -> DescribedEvent:
    given.only(KEYS)
    zone = _zone(given)
    manager = given.within("manager", given.mapping("manager"), "manager: ")
    manager.only(["name", "email"])
    dac_code, crs_code = _purpose(given)
    eligible = given.yes_or_no("oda_eligible")
    share = given.number("oda_share", None, 0, 100)
    opens, closes = cadence.hours(given)
    if share and not eligible:
        given.wrong("oda_share", f"is {share}, but the event is not ODA-eligible")
    return DescribedEvent(
        code=_code(given),
        title=given.text("title", 300),
        summary=given.text("summary", 20_000, needed=False),
        convenor=given.text("convenor", 200),
        programme=given.text("programme", 200, needed=False),
        time_zone=zone,
        manager_name=manager.text("name", 200),
        manager_email=_address(manager),
        partners=_partners(given),
        objectives=given.texts("objectives"),
        outcomes=given.texts("outcomes"),
        meetings=_meetings(given, zone),
        groups=_groups(given),
        dac_code=dac_code,
        crs_code=crs_code,
        oda_eligible=eligible,
        oda_share=share,
        k=given.number("k", 5, 3, 10) or 5,
        days_open=given.number("days_open", 21, 1, 365) or 21,
        checkin_months=cadence.months(given),
        checkin_days_before=cadence.days_before(given),
        checkin_from=opens,
        checkin_until=closes,
        reminder_days=given.numbers("reminder_days", [], 90) if "reminder_days" in given.data else None,
        discreet=given.yes_or_no("discreet"),
    )


def _code(given: Checker) -> str:
    value = given.text("code", 40)
    if value and not CODE.fullmatch(value):
        given.wrong("code", f"{value!r} may hold only letters, digits, dots, hyphens and underscores")
    return value


def _zone(given: Checker) -> str:
    value = given.text("time_zone", 64)
    found = countries.find_zone(value) if value else None
    if value and found is None:
        given.wrong("time_zone", f"{value!r} is not a time zone such as Europe/London")
    return found or "UTC"


def _address(manager: Checker) -> str:
    value = manager.text("email", 254)
    if value.endswith("@localhost"):
        # Where Mande is tried out, answers may go to the machine itself.
        return value.lower()
    address, _name, problem = addresses.read_one(value) if value else ("", "", "")
    if problem:
        manager.wrong("email", problem)
    return address


def _purpose(given: Checker) -> tuple[str | None, str | None]:
    """The sector and the purpose that the event's cost is counted under."""
    sector, purpose = (given.text(name, 8, needed=False) or None for name in ("dac_code", "crs_code"))
    if sector and sector not in purposes.sectors():
        given.wrong("dac_code", f"{sector!r} is not the code of a DAC sector such as 151")
    if purpose and purpose not in purposes.purposes():
        given.wrong("crs_code", f"{purpose!r} is not a CRS purpose code such as 15121")
    elif purpose and sector and purposes.purposes()[purpose].sector != sector:
        given.wrong("crs_code", f"{purpose} belongs to sector {purposes.purposes()[purpose].sector}, not to {sector}")
    return sector, purpose


def _partners(event: Checker) -> tuple[tuple[str, str | None], ...]:
    found: dict[str, str | None] = {}
    for number, value in enumerate(event.listed("partners"), start=1):
        where = f"partner {number}: "
        partner = {"name": value} if isinstance(value, str) else value
        if not isinstance(partner, Mapping):
            event.wrong(f"partners.{number - 1}", f"{where}not a name, nor name and country", called="")
            continue
        given = event.within(f"partners.{number - 1}", partner, where)
        given.only(["name", "country"])
        name, country = given.text("name", 200), _country(given)
        if name in found:
            given.wrong("name", f"{name} is named twice", called="")
        found[name] = country
    return tuple(found.items())


def _country(given: Checker) -> str | None:
    value = given.data.get("country")
    # YAML takes the bare word NO for a refusal, and not for Norway.
    if value is False:
        return "NO"
    found = countries.find_country(str(value)) if value is not None else None
    if value is not None and found is None:
        given.wrong("country", f"{value!r} is not a country, by its name or two-letter code")
    return found


def _groups(event: Checker) -> tuple[DescribedGroup, ...]:
    found: list[DescribedGroup] = []
    for number, value in enumerate(event.listed("stakeholder_groups"), start=1):
        where = f"stakeholder group {number}: "
        group = {"name": value} if isinstance(value, str) else value
        if not isinstance(group, Mapping):
            event.wrong(f"stakeholder_groups.{number - 1}", f"{where}not a name, nor name and number", called="")
            continue
        given = event.within(f"stakeholder_groups.{number - 1}", group, where)
        given.only(GROUP_KEYS)
        name = given.text("name", 200)
        if name and name in [one.name for one in found]:
            given.wrong("name", f"{name} is named twice", called="")
        found.append(
            DescribedGroup(name, given.number("sought", None, 0, 100_000), given.text("was", 200, needed=False))
        )
    return tuple(found)


def _meetings(event: Checker, zone: str) -> tuple[DescribedMeeting, ...]:
    values = event.listed("meetings")
    if not values:
        event.wrong("meetings", "meetings: there is none; an event has one or more", called="")
    found = [_meeting(event, value, number, zone) for number, value in enumerate(values, start=1)]
    codes = [meeting.code for meeting in found if meeting and meeting.code]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        last = max(place for place, meeting in enumerate(found) if meeting and meeting.code == code)
        event.wrong(f"meetings.{last}.code", f"the code {code} is given to more than one meeting", called="")
    return tuple(meeting for meeting in found if meeting)


def _meeting(event: Checker, value: Any, number: int, zone: str) -> DescribedMeeting | None:
    where = f"meeting {number}: "
    if not isinstance(value, Mapping):
        event.wrong(f"meetings.{number - 1}", f"{where}not names and values", called="")
        return None
    given = event.within(f"meetings.{number - 1}", value, where)
    given.only(MEETING_KEYS)
    code = given.text("code", 40)
    if code and not MEETING_CODE.fullmatch(code):
        given.wrong("code", f"{code!r} may hold only small letters, digits and hyphens")
    if code in TAKEN:
        given.wrong("code", f"{code!r} has a meaning of its own in lists; choose another")
    starts, ends = _local(given, "starts", zone), _local(given, "ends", zone)
    if starts and ends and ends <= starts:
        given.wrong("ends", "it ends before it starts", called="")
    kind = str(value.get("format", "")).strip().lower().replace("-", "_").replace(" ", "_")
    if kind not in list(Format):
        given.wrong("format", f"is {value.get('format')!r}; it is one of {', '.join(Format)}")
    title, topics, place = given.text("title", 300), given.texts("topics"), given.text("place", 300, needed=False)
    if starts is None or ends is None or kind not in list(Format):
        return None
    return DescribedMeeting(code, title, starts, ends, Format(kind), topics, place)


def _local(given: Checker, name: str, zone: str) -> datetime | None:
    """A moment as clocks in the event's time zone show it, in UTC."""
    value = given.data.get(name)
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError:
        given.wrong(name, f"is {value!r}; write it as 2021-06-07 13:00")
        return None
    if (isinstance(value, date) and not isinstance(value, datetime)) or (isinstance(value, str) and ":" not in value):
        given.wrong(name, "has no time of day; write it as 2021-06-07 13:00")
        return None
    if moment.tzinfo is not None:
        given.wrong(name, "is given with an offset; give the local time, without one")
        return None
    try:
        local = moment.replace(tzinfo=ZoneInfo(zone))
        shown = local.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except OverflowError:
        given.wrong(name, f"is {value!r}; write it as 2021-06-07 13:00")
        return None
    if shown != moment:
        # A form shows what is wrong beside the field: the name leads there, and the sentence needs a colon after it.
        given.wrong(name, f"{name}: there is no {moment:%H:%M} on that day in {zone}; clocks go forward", called="")
        return None
    return local.astimezone(UTC)
