"""Attendees as figures about reach see them, without name or address. Pure."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from functools import cache

from mande.events.kinds import Role
from mande.events.kinds import Sector
from mande.events.words import key

UNKNOWN, WOMAN, MAN, ANOTHER = "unknown", "woman", "man", "another"
YES, ONLINE = "yes", "online"

_WOMEN = "woman women female f lady girl she femme feminin mujer femenino frau weiblich mulher feminino أنثى امرأة"
_MEN = "man men male m gentleman boy he homme masculin hombre masculino mann mannlich homem ذكر رجل"
_UNSAID = "unknown none na n/a nd not-said prefer-not-to-say rather-not-say"


@dataclass(frozen=True)
class Attendee:
    """What is known of one attendee, as codes; UNKNOWN where they did not say. `group` is a stakeholder group."""

    speaks: bool
    gender: str = UNKNOWN
    sector: str = UNKNOWN
    region: str = UNKNOWN
    country: str = UNKNOWN
    oda: str = UNKNOWN
    mode: str = UNKNOWN
    language: str = UNKNOWN
    group: str | None = None


def gender(described: str | None) -> str:
    """A self-description as WOMAN, MAN, ANOTHER or UNKNOWN: lists say it in their own words and languages."""
    said = key(described or "")
    if not said:
        return UNKNOWN
    return _kinds().get(said, ANOTHER)


@cache
def _kinds() -> dict[str, str]:
    named = ((WOMAN, _WOMEN), (MAN, _MEN), (UNKNOWN, _UNSAID))
    return {key(word.replace("-", " ")): kind for kind, words in named for word in words.split()}


@dataclass(frozen=True)
class Tally:
    """Sums over attendees, which may be added up over events. Each share has its own denominator: those who said."""

    attendees: int = 0
    speakers: int = 0
    women: int = 0
    gender_known: int = 0
    women_speaking: int = 0
    speakers_gender_known: int = 0
    sectors: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    recipients: int = 0
    oda_known: int = 0
    online: int = 0
    mode_known: int = 0
    recipients_online: int = 0
    online_oda_known: int = 0
    sought: int = 0
    sought_came: int = 0
    groups: int = 0
    groups_reached: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in vars(self)})

    @property
    def sector_known(self) -> int:
        return self.sectors.total()

    @property
    def beyond_the_state(self) -> int:
        return self.sector_known - self.sectors[Sector.STATE.value]


def tally(people: Mapping[Attendee, int]) -> Tally:
    """The sums over attendees; `people` says how many there are of each."""

    def count(*conditions: tuple[str, str | bool]) -> int:
        return sum(n for one, n in people.items() if all(getattr(one, name) == value for name, value in conditions))

    def known(name: str, *conditions: tuple[str, str | bool]) -> int:
        return count(*conditions) - count(*conditions, (name, UNKNOWN))

    def of(name: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for one, n in people.items():
            if getattr(one, name) != UNKNOWN:
                found[getattr(one, name)] += n
        return found

    return Tally(
        attendees=count(),
        speakers=count(("speaks", True)),
        women=count(("gender", WOMAN)),
        gender_known=known("gender"),
        women_speaking=count(("gender", WOMAN), ("speaks", True)),
        speakers_gender_known=known("gender", ("speaks", True)),
        sectors=of("sector"),
        countries=of("country"),
        recipients=count(("oda", YES)),
        oda_known=known("oda"),
        online=count(("mode", ONLINE)),
        mode_known=known("mode"),
        recipients_online=count(("oda", YES), ("mode", ONLINE)),
        online_oda_known=known("oda", ("mode", ONLINE)),
    )


def sought(groups: Iterable[tuple[int | None, int]]) -> Tally:
    """What came of those who were sought: for each stakeholder group how many were wanted (None: nobody said), and how
    many came. More than were wanted count as those who were.
    """
    wanted = [(many, came) for many, came in groups if many]
    return Tally(
        sought=sum(many for many, _came in wanted),
        sought_came=sum(min(many, came) for many, came in wanted),
        groups=len(wanted),
        groups_reached=sum(came >= many for many, came in wanted),
    )


def speaks(roles: Iterable[Role]) -> bool:
    return Role.SPEAKER in set(roles)
