"""The list of attendees: who is wanted, who is found, in which order."""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mande.events.countries import country_name
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.operations import held
from mande.events.words import key

ATTENDEE_ORDERS: Mapping[str, Callable[[Attendance], Any]] = {
    "name": lambda one: key(one.person.name),
    "organisation": lambda one: key(one.person.organisation or ""),
    "country": lambda one: key(country_name(one.person.country)),
    "role": lambda one: [list(Role).index(role) for role in held(one)],
    "sector": lambda one: one.person.sector or "",
    "group": lambda one: key(one.group.name if one.group else ""),
}


@dataclass(frozen=True)
class AttendeeFilter:
    """Which attendees are wanted and in which order; what is empty asks for nothing."""

    text: str = ""
    role: str = ""
    meeting: str = ""
    sector: str = ""
    group: str = ""
    discreet: str = ""
    sort: str = "name"

    @classmethod
    def read(cls, args: Mapping[str, str], event: Event, sectors: Collection[str]) -> "AttendeeFilter":
        """Reads what a page's address says; what cannot be understood asks for nothing. `sectors` are codes."""
        return cls(
            text=args.get("text", "").strip()[:200],
            role=_one_of(args.get("role", ""), list(Role)),
            meeting=_one_of(args.get("meeting", ""), [meeting.code for meeting in event.meetings]),
            sector=_one_of(args.get("sector", ""), [*sectors, "unknown"]),
            group=_one_of(args.get("group", ""), [*(group.id.hex for group in event.groups), "none"]),
            discreet=_one_of(args.get("discreet", ""), ["yes", "no"]),
            sort=_order(args.get("sort", ""), ATTENDEE_ORDERS, cls.sort),
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed."""
        values = {
            "text": self.text, "role": self.role, "meeting": self.meeting, "sector": self.sector, "group": self.group,
            "discreet": self.discreet, "sort": self.sort, **changes,
        }  # fmt: skip
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", "name")}


def select_attendees(people: Sequence[Attendance], wanted: AttendeeFilter) -> list[Attendance]:
    """Those of the attendances (loaded with person, roles and meetings) that are wanted."""
    sought = key(wanted.text)

    def fits(one: Attendance) -> bool:
        person = one.person
        told = key(f"{person.name} {person.email} {person.organisation or ''} {country_name(person.country)}")
        return (
            sought in told
            and (not wanted.role or wanted.role in held(one))
            and (not wanted.meeting or wanted.meeting in [meeting.code for meeting in one.meetings])
            and (not wanted.sector or wanted.sector == (person.sector or "unknown"))
            and (not wanted.group or wanted.group == (one.group_id.hex if one.group_id else "none"))
            and (not wanted.discreet or person.discreet is (wanted.discreet == "yes"))
        )

    return _sorted([one for one in people if fits(one)], wanted.sort, ATTENDEE_ORDERS, ATTENDEE_ORDERS["name"])


def attendee_row(one: Attendance, sectors: Mapping[str, str]) -> list[str]:
    """An attendance as a row that the import takes back; columns as ATTENDEE_HEADER. `sectors` are names by code."""
    person = one.person
    return [
        person.name, person.email, person.organisation or "", person.position or "", person.country or "",
        _sector(person.sector, sectors), person.gender or "", person.language or "", "; ".join(held(one)),
        "; ".join(meeting.code for meeting in one.meetings) or "none", (one.mode or "").replace("_", " "),
        person.time_zone or "", one.group.name if one.group else "",
    ]  # fmt: skip


ATTENDEE_HEADER = (
    "name", "e-mail", "organisation", "position", "country", "sector", "gender", "language", "role", "meetings",
    "mode", "time zone", "stakeholder group",
)  # fmt: skip


def _sector(code: str | None, sectors: Mapping[str, str]) -> str:
    """What the import knows a sector by: the words of its code, or the name of an own one."""
    if not code:
        return ""
    return code.replace("_", " ") if code in list(Sector) else sectors.get(code, code)


def _order(asked: str, orders: Mapping[str, object], default: str) -> str:
    return asked if asked.removeprefix("-") in orders else default


def _one_of(asked: str, allowed: Sequence[str]) -> str:
    return asked if asked in allowed else ""


def _sorted(
    lines: list[Any], sort: str, orders: Mapping[str, Callable[[Any], Any]], then: Callable[[Any], Any]
) -> list[Any]:
    """Stable: what is equal stands in the order of `then`, whichever way the list runs."""
    lines.sort(key=then)
    lines.sort(key=orders[sort.removeprefix("-")], reverse=sort.startswith("-"))
    return lines
