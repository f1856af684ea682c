"""What a row of an attendee list means. Pure: it knows the event's meetings and partners by name, no database."""

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from enum import StrEnum

from mande.events import addresses
from mande.events import countries
from mande.events.importing import ages
from mande.events.importing import names
from mande.events.importing import vocabulary
from mande.events.importing.layouts import MEETING
from mande.events.importing.layouts import said
from mande.events.importing.sheets import Record
from mande.events.kinds import AgeBand
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.roles import in_order
from mande.events.words import key

# How much is kept of each text.
LENGTHS: Mapping[str, int] = {"name": 200, "organisation": 200, "position": 200, "gender": 60, "accessibility": 2000}


@dataclass(frozen=True)
class Known:
    """What rows may speak of: the event's meetings as (code, title) in their order, its partners' and stakeholder
    groups' names, and the sectors' names by code."""

    meetings: Sequence[tuple[str, str]] = ()
    partners: Sequence[str] = ()
    groups: Sequence[str] = ()
    sectors: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        """All that a column can be taken for."""
        return frozenset({*vocabulary.COLUMNS, *(f"{MEETING}{code}" for code, _title in self.meetings)})


@dataclass(frozen=True)
class Attendee:
    """What one row says. None is silence: it leaves what is known as it is.

    `further` are addresses beside the main one. `came` tells of somebody at the door. `left_out` says why the row is
    none of those who attended; nothing else is read then.
    """

    number: int
    email: str = ""
    further: tuple[str, ...] = ()
    person: Mapping[str, str] = field(default_factory=dict)
    discreet: bool = False
    roles: tuple[Role, ...] | None = None
    meetings: tuple[str, ...] | None = None
    mode: Mode | None = None
    group: str | None = None
    came: bool | None = None
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    left_out: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.email, *self.further) if self.email else ()


def meaning(known: Known) -> Callable[[str], str | None]:
    """Tells which column a header's name means; one named after a meeting of the event is that meeting's."""
    columns = {word: column for column, words in vocabulary.COLUMNS.items() if words for word in words.split(", ")}

    def column(name: str) -> str | None:
        found = columns.get(key(name))
        if found is None and (code := _meeting(name, known, by_number=False)):
            return f"{MEETING}{code}"
        return found

    return column


def interpret(record: Record, known: Known) -> Attendee:
    """Reads one row. All that is wrong with it is in `problems`, in the words of the file."""
    return _Reader(record, known).attendee()


def without_no_shows(attendees: Sequence[Attendee]) -> tuple[list[Attendee], str]:
    """Where anybody was ticked off at the door, those who were not are left out; and what there is to say of it.

    Where nobody was, the door kept no list, and all are taken.
    """
    if not any(one.came is not None for one in attendees):
        return list(attendees), ""
    if not any(one.came for one in attendees):
        return list(attendees), "Nobody is checked in: the column about it is left alone."
    away = [one.came is not True and not one.left_out for one in attendees]
    told = f"{sum(away)} who were not checked in are left out." if any(away) else ""
    return [
        replace(one, left_out="not checked in", problems=()) if absent else one
        for one, absent in zip(attendees, away, strict=True)
    ], told


class _Reader:
    def __init__(self, record: Record, known: Known) -> None:
        self.record = record
        self.known = known
        self.problems: list[str] = []
        self.notices: list[str] = []

    def attendee(self) -> Attendee:
        came, left_out = self._status()
        found, display_name = self._addresses()
        if left_out:
            person = {"name": self._name(display_name)}
            return Attendee(self.record.number, found[0] if found else "", person=person, left_out=left_out)
        values = {
            "name": self._name(display_name),
            "organisation": self._text("organisation"),
            "position": self._text("position"),
            "country": self._country(),
            "sector": self._sector(),
            "gender": self._gender(),
            "age_band": self._age_band(),
            "accessibility": self._accessibility(),
            "language": self._found("language", countries.find_language, "a language, by its name or code"),
            "time_zone": self._found("time_zone", countries.find_zone, "a time zone such as Europe/Oslo or UTC+3"),
        }
        # Before the rest: a partner's name may be all that tells the person's organisation.
        roles = self._roles(values)
        attendee = Attendee(
            number=self.record.number,
            email=found[0] if found else "",
            further=tuple(found[1:]),
            person={name: value for name, value in values.items() if value},
            discreet=self._ticked("discreet"),
            roles=roles,
            meetings=self._meetings(),
            mode=self._mode(),
            group=self._group(),
            came=came,
        )
        if self.record.beyond:
            cells = ", ".join(f"“{cell}”" for cell in self.record.beyond)
            self.problems.append(f"more cells than the header has names ({cells}): does a cell need quotation marks?")
        return replace(attendee, problems=tuple(self.problems), notices=tuple(self.notices))

    def _cell(self, column: str) -> str:
        value = self.record.cells.get(column, "")
        # A tick has neither letters nor digits, no more than a dash or a question mark has.
        return "" if value and key(value) in vocabulary.UNKNOWN and value not in vocabulary.TICKS else value

    def _status(self) -> tuple[bool | None, str]:
        """Whether the person was seen at the door, and why the row is left out, if it is."""
        status = self._cell("status")
        words = key(status)
        if status and words in vocabulary.NOT_COMING:
            return None, f"the list says “{status}”"
        if status and words not in vocabulary.COMING:
            self.problems.append(f"status “{status}” tells neither that somebody comes nor that they do not")
        came = True if status and words in vocabulary.CHECKED_IN else None
        if "checked_in" in self.record.cells:
            value = self._cell("checked_in")
            # A door's list keeps the time.
            came = bool(re.search(r"\d[.:/-]\d", value)) or self._ticked("checked_in") or came or False
        return came, ""

    def _addresses(self) -> tuple[tuple[str, ...], str]:
        cell = self.record.cells.get("email", "")
        if not cell and (cell := self.record.cells.get("email_else", "")):
            self.notices.append("it has no address of its own: the address of whoever ordered is taken")
        read = addresses.read(cell)
        further = addresses.read(other) if (other := self._cell("further_addresses")) else addresses.Addresses()
        self.problems += [problem for problem in (read.problem, further.problem) if problem]
        return tuple(dict.fromkeys((*read.found, *further.found))), read.name

    def _name(self, display_name: str) -> str:
        whole = names.read(self._text("name"))
        given, family = names.given(self._text("given_name")), self._text("family_name")
        parts = names.recased(" ".join(part for part in (given, family) if part))
        return whole or parts or names.read(display_name)[: LENGTHS["name"]]

    def _text(self, column: str) -> str:
        # A name may be Na, and an organisation N.A.: no word of a text means that it is unknown.
        value = self.record.cells.get(column, "")
        longest = LENGTHS.get(column, 200)
        if len(value) > longest:
            self.problems.append(f"{said(column)} has {len(value)} characters; at most {longest} can be kept")
        return value

    def _gender(self) -> str:
        value = self._text("gender") if self._cell("gender") else ""
        return vocabulary.GENDER_OF.get(key(value), value.lower())

    def _accessibility(self) -> str:
        value = self._text("accessibility")
        return "" if key(value) in vocabulary.UNKNOWN | vocabulary.NONE | vocabulary.NO else value

    def _age_band(self) -> str:
        value = self._cell("age_band")
        band = ages.find(value) if value else None
        if value and band is None:
            self.problems.append(f"age “{value}” lies in none of: {options(AgeBand)}")
        return band.value if band else ""

    def _sector(self) -> str:
        value = self._cell("sector")
        if not value:
            return ""
        for code, name in self.known.sectors.items():
            if key(value) in (key(name), key(code)):
                return code
        found = vocabulary.SECTOR_OF.get(key(value))
        if found is None:
            there = ", ".join(self.known.sectors.values())
            self.problems.append(f"sector “{value}” is none of: {there}")
        return found.value if found else ""

    def _group(self) -> str | None:
        value = self._cell("group")
        if not value:
            return None
        found = next((name for name in self.known.groups if key(name) == key(value)), None)
        if found is None:
            there = ", ".join(self.known.groups) or "it has none yet, edit the event first"
            self.problems.append(f"stakeholder group “{value}” is none of the event's: {there}")
        return found

    def _country(self) -> str:
        value = self._cell("country")
        if self.record.cells.get("country") in ("NA", "na"):
            self.problems.append("country “NA” may mean Namibia or not available: write the name, or leave it empty")
            return ""
        found = countries.find_country(value) if value else ""
        if found is None:
            likely = countries.suggest_countries(value)
            hint = f": did you mean {' or '.join(likely)}?" if likely else ", by its name or code"
            self.problems.append(f"country “{value}” is not one that is known{hint}")
        return found or ""

    def _found(self, column: str, find: Callable[[str], str | None], wanted: str) -> str:
        value = self._cell(column)
        found = find(value) if value else ""
        if found is None:
            self.problems.append(f"{said(column)} “{value}” is not {wanted}")
        return found or ""

    def _mode(self) -> Mode | None:
        value = self._cell("mode")
        mode = vocabulary.MODE_OF.get(key(value)) if value else None
        if value and mode is None:
            self.problems.append(f"mode “{value}” is none of: {options(Mode)}")
        return mode

    def _roles(self, person: dict[str, str]) -> tuple[Role, ...] | None:
        roles: list[Role] = []
        for part in _split(self._cell("role")):
            role = vocabulary.ROLE_OF.get(key(part))
            if role is None:
                self.problems.append(f"role “{part}” is none of: {options(Role)}")
            else:
                roles.append(role)
        if self._ticked("is_speaker"):
            roles.append(Role.SPEAKER)
        if self._ticked("is_participant"):
            roles.append(Role.PARTICIPANT)
        if self._is_partner(person):
            roles.append(Role.PARTNER)
        return tuple(in_order(roles)) or None

    def _is_partner(self, person: dict[str, str]) -> bool:
        """Whether the partner's column says so: yes, or the name of one of the event's partners."""
        value = self._cell("partner")
        if not value:
            return False
        for partner in self.known.partners:
            if key(value) == key(partner):
                person["organisation"] = person["organisation"] or partner
                return True
        return self._ticked("partner", f"yes, no or one of the event's partners: {'; '.join(self.known.partners)}")

    def _ticked(self, column: str, wanted: str = "yes or no") -> bool:
        value = self._cell(column)
        if not value or key(value) in vocabulary.NO:
            return False
        if key(value) in vocabulary.YES or value in vocabulary.TICKS:
            return True
        self.problems.append(f"{said(column)} “{value}” is not {wanted}")
        return False

    def _meetings(self) -> tuple[str, ...] | None:
        columns = [column for column in self.record.cells if column.startswith(MEETING)]
        value = self._cell("meetings")
        if not columns and not value:
            return None
        ticked = [column.removeprefix(MEETING) for column in columns if self._ticked(column)]
        if key(value) in vocabulary.NONE:
            return tuple(ticked)
        if key(value) in vocabulary.ALL:
            return tuple(code for code, _title in self.known.meetings)
        named = self._named_meetings(value)
        return tuple(code for code, _title in self.known.meetings if code in {*ticked, *named})

    def _named_meetings(self, value: str) -> list[str]:
        """The meetings that a cell names: by code, title, the title's beginning before a colon, or number."""
        if not value:
            return []
        whole = _meeting(value, self.known)
        if whole:
            return [whole]
        found = []
        for part in re.split(r"[;|]", value):
            pieces = [part] if _meeting(part, self.known) else _split(part)
            for piece in pieces:
                code = _meeting(piece, self.known)
                if code is None:
                    codes = ", ".join(code for code, _title in self.known.meetings)
                    self.problems.append(f"meeting “{piece.strip()}” is none of: {codes}, all, none")
                else:
                    found.append(code)
        return found


def _split(cell: str) -> list[str]:
    """Several in one cell: split by ; , / | & + or a word for “and”."""
    if not cell:
        return []
    parts = re.split(r"[;,/|&+]|\s(?:and|et|y|e|und)\s", cell, flags=re.IGNORECASE)
    return [part.strip() for part in parts if part.strip()]


def _meeting(text: str, known: Known, by_number: bool = True) -> str | None:
    """The code of the meeting that `text` names, or None."""
    wanted = key(text)
    if not wanted:
        return None
    for number, (code, title) in enumerate(known.meetings, start=1):
        numbered = {f"{word} {number}" for word in ("part", "meeting", "day", "session")}
        if wanted in numbered | {key(code), key(title), key(title.partition(":")[0])}:
            return code
        if by_number and wanted == str(number):
            return code
    return None


def options(kind: Iterable[StrEnum]) -> str:
    """The members of a list of words, as people write them."""
    return ", ".join(one.value.replace("_", " ") for one in kind)
