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
from typing import TypeVar

from mande.events import countries
from mande.events import vocabulary
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.roles import in_order
from mande.events.sheets import Record
from mande.events.words import key

REQUIRED = ("email",)
# How much the database takes of each text.
LENGTHS: Mapping[str, int] = {"name": 200, "organisation": 200, "position": 200, "gender": 60}
MEETING = "meeting:"


@dataclass(frozen=True)
class Known:
    """What rows may speak of: the event's meetings as (code, title) in their order, and its partners' names."""

    meetings: Sequence[tuple[str, str]]
    partners: Sequence[str] = ()


@dataclass(frozen=True)
class Attendee:
    """What one row says. None is silence: it leaves what is known as it is."""

    number: int
    email: str = ""
    person: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[Role, ...] | None = None
    meetings: tuple[str, ...] | None = None
    mode: Mode | None = None
    problems: tuple[str, ...] = ()


Choice = TypeVar("Choice", bound=StrEnum)


def meaning(known: Known) -> Callable[[str], str | None]:
    """Tells which column a header's name means; one named after a meeting of the event is that meeting's."""
    columns = {word: column for column, words in vocabulary.COLUMNS.items() for word in vocabulary.listed(words)}

    def column(name: str) -> str | None:
        found = columns.get(key(name))
        if found is None and (code := _meeting(name, known, by_number=False)):
            return f"{MEETING}{code}"
        return found

    return column


def interpret(record: Record, known: Known) -> Attendee:
    """Reads one row. All that is wrong with it is in `problems`, in the words of the file."""
    return _Reader(record, known).attendee()


class _Reader:
    def __init__(self, record: Record, known: Known) -> None:
        self.record = record
        self.known = known
        self.problems: list[str] = []

    def attendee(self) -> Attendee:
        email, display_name = self._email()
        person = {
            "name": self._name(display_name),
            "organisation": self._text("organisation"),
            "position": self._text("position"),
            "country": self._country(),
            "sector": self._chosen("sector", vocabulary.SECTORS, Sector),
            "gender": self._gender(),
            "language": self._found("language", countries.find_language, "a language, by its name or code"),
            "time_zone": self._found("time_zone", countries.find_zone, "a time zone such as Europe/Oslo or UTC+3"),
        }
        # Before the rest: a partner's name may be all that tells the person's organisation.
        roles = self._roles(person)
        attendee = Attendee(
            number=self.record.number,
            email=email,
            person={name: str(value) for name, value in person.items() if value},
            roles=roles,
            meetings=self._meetings(),
            mode=self._chosen("mode", vocabulary.MODES, Mode),
        )
        if self.record.beyond:
            cells = ", ".join(f"“{cell}”" for cell in self.record.beyond)
            self.problems.append(f"more cells than the header has names ({cells}): does a cell need quotation marks?")
        return replace(attendee, problems=tuple(self.problems))

    def _cell(self, column: str) -> str:
        value = self.record.cells.get(column, "")
        # A tick has neither letters nor digits, no more than a dash or a question mark has.
        return "" if key(value) in vocabulary.UNKNOWN and value not in vocabulary.TICKS else value

    def _email(self) -> tuple[str, str]:
        cell = self.record.cells.get("email", "")
        address, name, problem = read_address(cell)
        if problem:
            self.problems.append(problem)
        return address, name

    def _name(self, display_name: str) -> str:
        whole = self._text("name")
        parts = " ".join(part for part in (self._text("given_name"), self._text("family_name")) if part)
        return whole or parts or display_name[: LENGTHS["name"]]

    def _text(self, column: str) -> str:
        # A name may be Na, and an organisation N.A.: no word of a text means that it is unknown.
        value = self.record.cells.get(column, "")
        longest = LENGTHS.get(column, 200)
        if len(value) > longest:
            self.problems.append(f"{_said(column)} has {len(value)} characters; at most {longest} can be kept")
        return value

    def _gender(self) -> str:
        value = self._text("gender") if self._cell("gender") else ""
        for gender, words in vocabulary.GENDERS.items():
            if key(value) in vocabulary.listed(words):
                return gender
        return value.lower()

    def _country(self) -> str:
        if self.record.cells.get("country") in ("NA", "na"):
            self.problems.append("country “NA” may mean Namibia or not available: write the name, or leave it empty")
            return ""
        return self._found("country", countries.find_country, "a country, by its name or two-letter code")

    def _found(self, column: str, find: Callable[[str], str | None], wanted: str) -> str:
        value = self._cell(column)
        found = find(value) if value else ""
        if found is None:
            self.problems.append(f"{_said(column)} “{value}” is not {wanted}")
        return found or ""

    def _chosen(self, column: str, words: Mapping[Choice, str], kind: type[Choice]) -> Choice | None:
        value = self._cell(column)
        chosen = _choice(value, words) if value else None
        if value and chosen is None:
            self.problems.append(f"{_said(column)} “{value}” is none of: {_options(kind)}")
        return chosen

    def _roles(self, person: dict[str, str | Sector | None]) -> tuple[Role, ...] | None:
        roles: list[Role] = []
        for part in _split(self._cell("role")):
            role = _choice(part, vocabulary.ROLES)
            if role is None:
                self.problems.append(f"role “{part}” is none of: {_options(Role)}")
            else:
                roles.append(role)
        if self._ticked("is_speaker"):
            roles.append(Role.SPEAKER)
        if self._ticked("is_participant"):
            roles.append(Role.PARTICIPANT)
        if self._is_partner(person):
            roles.append(Role.PARTNER)
        return tuple(in_order(roles)) or None

    def _is_partner(self, person: dict[str, str | Sector | None]) -> bool:
        """Whether the partner's column says so: yes, or the name of one of the event's partners."""
        value = self._cell("partner")
        for partner in self.known.partners:
            if value and key(value) == key(partner):
                person["organisation"] = person["organisation"] or partner
                return True
        return self._ticked("partner", f"yes, no or one of the event's partners: {'; '.join(self.known.partners)}")

    def _ticked(self, column: str, wanted: str = "yes or no") -> bool:
        value = self._cell(column)
        if not value or key(value) in vocabulary.NO:
            return False
        if key(value) in vocabulary.YES or value in vocabulary.TICKS:
            return True
        self.problems.append(f"{_said(column)} “{value}” is not {wanted}")
        return False

    def _meetings(self) -> tuple[str, ...] | None:
        columns = [column for column in self.record.cells if column.startswith(MEETING)]
        value = self._cell("meetings")
        ticked = [column.removeprefix(MEETING) for column in columns if self._ticked(column)]
        if key(value) in vocabulary.NONE:
            return tuple(ticked)
        if key(value) in vocabulary.ALL:
            return tuple(code for code, _title in self.known.meetings)
        named = self._named_meetings(value)
        if not columns and not value:
            return None
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


def read_address(cell: str) -> tuple[str, str, str]:
    """An address in lower case, the name shown with it, and what is wrong with it ("" if nothing is).

    Takes `ada@example.org`, `<ada@example.org>`, `Ada Example <ada@example.org>`, `mailto:ada@example.org`. A domain in
    other letters becomes what mail servers call it; other letters before the @ are refused, as few servers take them.
    """
    cell = cell.strip()
    if not cell:
        return "", "", "there is no e-mail address"
    parts = _ADDRESS.fullmatch(cell)
    if parts is None:
        is_not = "holds more than one" if cell.count("@") > 1 else "is not an"
        return "", "", f"“{cell}” {is_not} e-mail address"
    name, address = parts["name"] or "", parts["address"]
    local, _, domain = address.lower().removeprefix("mailto:").rpartition("@")
    try:
        domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        domain = ""
    if (
        not _LOCAL.fullmatch(local)
        or not _DOMAIN.fullmatch(domain)
        or len(local) + len(domain) > 253
        or len(local) > 64
    ):
        return "", "", f"“{cell}” is not an e-mail address"
    return f"{local}@{domain}", name.strip(" \"'"), ""


_ADDRESS = re.compile(r"(?:(?P<name>[^<>@]*)<)?\s*(?P<address>[^<>\s;,]+@[^<>\s;,@]+)\s*>?")
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def _split(cell: str) -> list[str]:
    """Several in one cell: split by ; , / | & + or a word for “and”."""
    parts = re.split(r"[;,/|&+]|\s(?:and|et|y|und)\s", cell, flags=re.IGNORECASE)
    return [part.strip() for part in parts if part.strip()]


def _choice(value: str, words: Mapping[Choice, str]) -> Choice | None:
    wanted = key(value)
    for choice, synonyms in words.items():
        if wanted == key(choice.value.replace("_", " ")) or wanted in vocabulary.listed(synonyms):
            return choice
    return None


def _meeting(text: str, known: Known, by_number: bool = True) -> str | None:
    """The code of the meeting that `text` names, or None."""
    wanted = key(text)
    if not wanted:
        return None
    for number, (code, title) in enumerate(known.meetings, start=1):
        names = {key(code), key(title), key(title.partition(":")[0])}
        numbers = {f"{word} {number}" for word in ("part", "meeting", "day", "session")}
        if wanted in names | numbers or (by_number and wanted == str(number)):
            return code
    return None


def _options(kind: Iterable[StrEnum]) -> str:
    return ", ".join(one.value.replace("_", " ") for one in kind)


def _said(column: str) -> str:
    """A column as people say it."""
    return column.removeprefix(MEETING).removeprefix("is_").replace("_", " ")
