"""An event as a file describes it, checked whole: every problem is told at once. Pure."""

import difflib
import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mande.events import countries
from mande.events.kinds import Format
from mande.events.rows import read_address

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
MEETING_KEYS = ("code", "title", "starts", "ends", "format", "topics")
KEYS = (
    *("code", "title", "summary", "convenor", "time_zone", "manager", "partners", "outcomes", "meetings"),
    *("dac_code", "crs_code", "oda_eligible", "k", "checkin_months", "reminder_days"),
)


class EventFileError(Exception):
    """The description cannot be taken. The text lists every problem."""

    def __init__(self, problems: Sequence[str], source: str = "This event") -> None:
        self.problems = tuple(problems)
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


@dataclass(frozen=True)
class DescribedEvent:
    """What a file says of an event. Moments are in UTC; `partners` are (name, country code or None)."""

    code: str
    title: str
    summary: str
    convenor: str
    time_zone: str
    manager_name: str
    manager_email: str
    partners: tuple[tuple[str, str | None], ...]
    outcomes: tuple[str, ...]
    meetings: tuple[DescribedMeeting, ...]
    dac_code: str | None
    crs_code: str | None
    oda_eligible: bool
    k: int
    checkin_months: tuple[int, ...]
    reminder_days: tuple[int, ...]


def parse(data: Any, source: str = "This event") -> DescribedEvent:
    """Checks what a YAML file held. Raises EventFileError that lists everything that is wrong."""
    if not isinstance(data, Mapping):
        raise EventFileError(["it is not a list of names and values, such as `code: WP1873v`"], source)
    checked = _Checker(data)
    event = checked.event()
    if checked.problems:
        raise EventFileError(checked.problems, source)
    return event


class _Checker:
    def __init__(self, data: Mapping[Any, Any]) -> None:
        self.data = data
        self.problems: list[str] = []

    def event(self) -> DescribedEvent:
        self.unknown_keys(self.data, KEYS, "")
        zone = self.zone()
        manager = self.mapping(self.data, "manager")
        self.unknown_keys(manager, ["name", "email"], "manager: ")
        return DescribedEvent(
            code=self.code(),
            title=self.text(self.data, "title", 300),
            summary=self.text(self.data, "summary", 20_000, needed=False),
            convenor=self.text(self.data, "convenor", 200),
            time_zone=zone,
            manager_name=self.text(manager, "name", 200, where="manager: "),
            manager_email=self.address(manager),
            partners=self.partners(),
            outcomes=self.texts(self.data, "outcomes", ""),
            meetings=self.meetings(zone),
            dac_code=self.text(self.data, "dac_code", 8, needed=False) or None,
            crs_code=self.text(self.data, "crs_code", 8, needed=False) or None,
            oda_eligible=self.yes_or_no("oda_eligible"),
            k=self.k(),
            checkin_months=self.numbers("checkin_months", [1, 3, 6, 12], 60),
            reminder_days=self.numbers("reminder_days", [3, 7, 12], 90),
        )

    def unknown_keys(self, data: Mapping[Any, Any], known: Sequence[str], where: str) -> None:
        for name in data:
            if name not in known:
                close = difflib.get_close_matches(str(name), known, 1)
                hint = f"; did you mean {close[0]}?" if close else f"; known are {', '.join(known)}"
                self.problems.append(f"{where}{name} is not known here{hint}")

    def mapping(self, data: Mapping[Any, Any], name: str) -> Mapping[Any, Any]:
        value = data.get(name)
        if isinstance(value, Mapping):
            return value
        self.problems.append(f"{name} is missing" if value is None else f"{name} is not names and values")
        return {}

    def text(self, data: Mapping[Any, Any], name: str, longest: int, where: str = "", needed: bool = True) -> str:
        value = data.get(name)
        if value is None and not needed:
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            missing = value is None and (name in data or data)
            self.problems.append(f"{where}{name} is {'missing' if missing else 'not text'}")
            return ""
        value = value.strip()
        if not value and needed:
            self.problems.append(f"{where}{name} is empty")
        if len(value) > longest:
            self.problems.append(f"{where}{name} has {len(value)} characters; at most {longest} can be kept")
        return value

    def code(self) -> str:
        value = self.text(self.data, "code", 40)
        if value and not CODE.fullmatch(value):
            self.problems.append(f"code {value!r} may hold only letters, digits, dots, hyphens and underscores")
        return value

    def zone(self) -> str:
        value = self.text(self.data, "time_zone", 64)
        found = countries.find_zone(value) if value else None
        if value and found is None:
            self.problems.append(f"time_zone {value!r} is not a time zone such as Europe/London")
        return found or "UTC"

    def address(self, manager: Mapping[Any, Any]) -> str:
        value = self.text(manager, "email", 254, where="manager: ")
        if value.endswith("@localhost"):
            # Where Mande is tried out, answers may go to the machine itself.
            return value.lower()
        address, _name, problem = read_address(value) if value else ("", "", "")
        if problem:
            self.problems.append(f"manager: email {problem}")
        return address

    def listed(self, data: Mapping[Any, Any], name: str, where: str) -> list[Any]:
        value = data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.problems.append(f"{where}{name} is not a list")
            return []
        return value

    def texts(self, data: Mapping[Any, Any], name: str, where: str) -> tuple[str, ...]:
        values = self.listed(data, name, where)
        if any(not isinstance(value, str) or not value.strip() for value in values):
            self.problems.append(f"{where}{name} holds something that is not text (is there a stray colon?)")
            return ()
        return tuple(" ".join(value.split()) for value in values)

    def partners(self) -> tuple[tuple[str, str | None], ...]:
        found: dict[str, str | None] = {}
        for number, given in enumerate(self.listed(self.data, "partners", ""), start=1):
            where = f"partner {number}: "
            partner = {"name": given} if isinstance(given, str) else given
            if not isinstance(partner, Mapping):
                self.problems.append(f"{where}not a name, nor name and country")
                continue
            self.unknown_keys(partner, ["name", "country"], where)
            name = self.text(partner, "name", 200, where)
            country = self.country(partner.get("country"), where)
            if name in found:
                self.problems.append(f"{where}{name} is named twice")
            found[name] = country
        return tuple(found.items())

    def country(self, value: Any, where: str) -> str | None:
        # YAML takes the bare word NO for a refusal, and not for Norway.
        if value is False:
            return "NO"
        found = countries.find_country(str(value)) if value is not None else None
        if value is not None and found is None:
            self.problems.append(f"{where}country {value!r} is not a country, by its name or two-letter code")
        return found

    def meetings(self, zone: str) -> tuple[DescribedMeeting, ...]:
        given = self.listed(self.data, "meetings", "")
        if not given:
            self.problems.append("meetings: there is none; an event has one or more")
        found = [self.meeting(meeting, number, zone) for number, meeting in enumerate(given, start=1)]
        codes = [meeting.code for meeting in found if meeting and meeting.code]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self.problems.append(f"meetings: the code {code} is given to more than one")
        return tuple(meeting for meeting in found if meeting)

    def meeting(self, given: Any, number: int, zone: str) -> DescribedMeeting | None:
        where = f"meeting {number}: "
        if not isinstance(given, Mapping):
            self.problems.append(f"{where}not names and values")
            return None
        self.unknown_keys(given, MEETING_KEYS, where)
        code = self.text(given, "code", 40, where)
        if code and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", code):
            self.problems.append(f"{where}code {code!r} may hold only small letters, digits and hyphens")
        if code in ("all", "both", "none", "several"):
            self.problems.append(f"{where}code {code!r} has a meaning of its own in lists; choose another")
        starts, ends = self.local(given, "starts", zone, where), self.local(given, "ends", zone, where)
        if starts and ends and ends <= starts:
            self.problems.append(f"{where}it ends before it starts")
        kind = str(given.get("format", "")).strip().lower().replace("-", "_").replace(" ", "_")
        if kind not in list(Format):
            self.problems.append(f"{where}format is {given.get('format')!r}; it is one of {', '.join(Format)}")
        title, topics = self.text(given, "title", 300, where), self.texts(given, "topics", where)
        if starts is None or ends is None or kind not in list(Format):
            return None
        return DescribedMeeting(code, title, starts, ends, Format(kind), topics)

    def local(self, given: Mapping[Any, Any], name: str, zone: str, where: str) -> datetime | None:
        """A moment as clocks in the event's time zone show it, in UTC."""
        value = given.get(name)
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        except ValueError:
            self.problems.append(f"{where}{name} is {value!r}; write it as 2021-06-07 13:00")
            return None
        if (isinstance(value, date) and not isinstance(value, datetime)) or (
            isinstance(value, str) and ":" not in value
        ):
            self.problems.append(f"{where}{name} has no time of day; write it as 2021-06-07 13:00")
            return None
        if moment.tzinfo is not None:
            self.problems.append(f"{where}{name} is given with an offset; give the local time, without one")
            return None
        local = moment.replace(tzinfo=ZoneInfo(zone))
        if local.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != moment:
            self.problems.append(f"{where}{name}: there is no {moment:%H:%M} on that day in {zone}; clocks go forward")
            return None
        return local.astimezone(UTC)

    def yes_or_no(self, name: str) -> bool:
        value = self.data.get(name, False)
        if not isinstance(value, bool):
            self.problems.append(f"{name} is {value!r}; it is yes or no")
        return value is True

    def k(self) -> int:
        value = self.data.get("k", 5)
        if not _is_number(value) or not 3 <= value <= 10:
            self.problems.append(f"k is {value!r}; it is a whole number from 3 to 10")
            return 5
        return int(value)

    def numbers(self, name: str, default: list[int], largest: int) -> tuple[int, ...]:
        values = self.data.get(name, default)
        fits: Callable[[Any], bool] = lambda value: _is_number(value) and 1 <= value <= largest  # noqa: E731
        if not isinstance(values, list) or not all(fits(value) for value in values) or len(set(values)) < len(values):
            self.problems.append(f"{name} is {values!r}; it is a list of different whole numbers from 1 to {largest}")
            return ()
        return tuple(sorted(values))


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
