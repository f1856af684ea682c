"""The list of all people over all events: what is wanted, what is found, page by page.

To compare names without accents and in alphabetical order on either database, a few columns of everybody are read and
sorted here: 35,000 people take about a quarter of a second. Whole records are loaded for one page only.
"""

import sys
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.orm import selectinload

from mande.events.countries import country_name
from mande.events.models import Attendance
from mande.events.models import Person
from mande.events.models import PersonAddress
from mande.events.words import key
from mande.events.words import plain_key

PAGE_LENGTH = 50
UNKNOWN = "unknown"
# How many events people attended, as a list offers it: the least and the most.
EVENTS: Mapping[str, tuple[int, int]] = {"0": (0, 0), "1": (1, 1), "2-4": (2, 4), "5": (5, sys.maxsize)}
DISCREET = ("yes", "no")

HEADER = (
    "name", "e-mail", "further addresses", "organisation", "position", "country", "sector", "gender", "age band",
    "language", "time zone", "events",
)  # fmt: skip

_CHUNK = 500

# The id, name, main address, organisation, country, sector, and whether they are discreet.
_Person = tuple[Any, ...]

SORTS = ("name", "organisation", "country", "sector", "events")


@dataclass(frozen=True)
class PeopleFilter:
    """Which people are wanted and in which order; what is empty asks for nothing."""

    text: str = ""
    sector: str = ""
    country: str = ""
    language: str = ""
    discreet: str = ""
    events: str = ""
    sort: str = "name"
    number: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "PeopleFilter":
        """Reads what a page's address says; what cannot be understood asks for nothing."""
        sort, page = args.get("sort", ""), args.get("page", "1")
        return cls(
            text=args.get("text", "").strip()[:200],
            sector=args.get("sector", "")[:32],
            country=args.get("country", "")[:8],
            language=args.get("language", "")[:8],
            discreet=value if (value := args.get("discreet", "")) in DISCREET else "",
            events=value if (value := args.get("events", "")) in EVENTS else "",
            sort=sort if sort.removeprefix("-") in SORTS else cls.sort,
            number=max(1, int(page)) if page.isdecimal() and len(page) < 8 else 1,
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed. Without `page` it is the first one."""
        names = ("text", "sector", "country", "language", "discreet", "events", "sort")
        values = {**{name: getattr(self, name) for name in names}, **changes}
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", "name")}


@dataclass(frozen=True)
class Line:
    """One person in the list, and at how many events they were."""

    person: Person
    events: int


@dataclass(frozen=True)
class Found:
    """Everybody who is wanted, in order: who they are, as the database writes it, and how many of them are discreet."""

    ids: Sequence[Any]
    discreet: int

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.ids) // PAGE_LENGTH))

    def page(self, number: int) -> list[UUID]:
        """Those on one page; beyond the end, on the last."""
        start = (min(number, self.pages) - 1) * PAGE_LENGTH
        return [_uuid(one) for one in self.ids[start : start + PAGE_LENGTH]]

    def everybody(self) -> list[UUID]:
        return [_uuid(one) for one in self.ids]


def find(session: Session, wanted: PeopleFilter, discreet_too: bool = True) -> Found:
    """Everybody who is wanted, in the order that is wanted."""
    people = _read(session, wanted, discreet_too)
    if words := plain_key(wanted.text).split():
        people = _with_words(session, people, words)
    by = wanted.sort.removeprefix("-")
    attended = _attended(session) if wanted.events or by == "events" else {}
    if wanted.events:
        least, most = EVENTS[wanted.events]
        people = [one for one in people if least <= attended.get(one[0], 0) <= most]
    people = [one for _name, _email, one in sorted((plain_key(one[1]), one[2], one) for one in people)]
    if wanted.sort != "name":
        people.sort(key=_order(by, attended), reverse=wanted.sort.startswith("-"))
    return Found([one[0] for one in people], sum(one[6] for one in people))


def _read(session: Session, wanted: PeopleFilter, discreet_too: bool) -> list[_Person]:
    """What is read of everybody: as the database has it, for making a UUID of each id takes as long as the rest."""
    table = Person.__table__.c
    columns = (table.name, table.email, table.organisation, table.country, table.sector)
    query = select(type_coerce(table.id, String), *columns, type_coerce(table.discreet, Integer))
    for column in ("sector", "country", "language"):
        if value := getattr(wanted, column):
            query = query.where(table[column].is_(None) if value == UNKNOWN else table[column] == value)
    if wanted.discreet or not discreet_too:
        query = query.where(Person.discreet.is_(discreet_too and wanted.discreet == "yes"))
    return [tuple(row) for row in session.connection().execute(query)]


def _order(by: str, attended: Mapping[Any, int]) -> Callable[[_Person], Any]:
    match by:
        case "organisation":
            return lambda one: plain_key(one[3] or "")
        case "country":
            return lambda one: key(_named(one[4]))
        case "sector":
            return lambda one: one[5] or ""
        case "events":
            return lambda one: attended.get(one[0], 0)
    return lambda one: plain_key(one[1])


def _with_words(session: Session, people: Sequence[_Person], words: Sequence[str]) -> list[_Person]:
    """Those whose name, addresses and organisation hold all the words."""
    others: dict[Any, str] = {}
    further = select(type_coerce(PersonAddress.person_id, String), PersonAddress.address)
    for person, address in session.connection().execute(further):
        others[person] = f"{others.get(person, '')} {address}"
    chosen = []
    for one in people:
        told = plain_key(f"{one[1]} {one[2]} {one[3] or ''} {others.get(one[0], '')}")
        if all(word in told for word in words):
            chosen.append(one)
    return chosen


def lines(session: Session, ids: Sequence[UUID]) -> list[Line]:
    """The people with these ids in the same order, with their further addresses."""
    found: dict[UUID, Person] = {}
    attended: dict[UUID, int] = {}
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        loaded = session.scalars(select(Person).where(Person.id.in_(some)).options(selectinload(Person.addresses)))
        found.update((person.id, person) for person in loaded)
        times = select(Attendance.person_id, func.count()).where(Attendance.person_id.in_(some))
        attended.update(session.execute(times.group_by(Attendance.person_id)).all())
    return [Line(found[one], attended.get(one, 0)) for one in ids if one in found]


def row(line: Line, sectors: Mapping[str, str]) -> list[Any]:
    """A person as a row of a file, under HEADER. `sectors` are names by code."""
    person = line.person
    return [
        person.name, person.email, "; ".join(one.address for one in person.addresses), person.organisation or "",
        person.position or "", person.country or "", sectors.get(person.sector or "", person.sector),
        person.gender or "", (person.age_band or "").replace("_", " "), person.language or "",
        person.time_zone or "", line.events,
    ]  # fmt: skip


def countries(session: Session) -> list[str]:
    """The codes of the countries that anybody is from, by name."""
    return sorted(filter(None, session.scalars(select(Person.country).distinct())), key=country_name)


def spoken(session: Session) -> list[str]:
    """The codes of the languages that anybody speaks."""
    return sorted(filter(None, session.scalars(select(Person.language).distinct())))


def count(session: Session) -> int:
    """How many people there are."""
    return session.scalar(select(func.count()).select_from(Person)) or 0


def _attended(session: Session) -> dict[Any, int]:
    """At how many events everybody was, by the id as the database has it; who was at none is left out."""
    person = type_coerce(Attendance.person_id, String)
    counted = session.connection().execute(select(person, func.count()).group_by(person))
    return {row[0]: row[1] for row in counted}


@lru_cache(maxsize=512)
def _named(country: str | None) -> str:
    return country_name(country)


def _uuid(stored: Any) -> UUID:
    return stored if isinstance(stored, UUID) else UUID(stored)
