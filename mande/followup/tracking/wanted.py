"""Which planned actions a list is to show, in which order and as what: as its address says. Pure."""

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields
from datetime import date
from uuid import UUID

from mande.events.kinds import Role
from mande.followup.kinds import Source
from mande.followup.kinds import Status
from mande.followup.kinds import Verified
from mande.followup.kinds import Visibility

PAGE_LENGTH = 50
OPEN, ENDED, WITHDRAWN = "open", "ended", "withdrawn"
STATUSES = (OPEN, *Status, ENDED, WITHDRAWN)
NONE, ANY, UNKNOWN = "none", "any", "unknown"
OVERDUE, SOON, QUARTER = "overdue", "soon", "quarter"
DUE = (OVERDUE, SOON, QUARTER, NONE)
MAY_ASK, NOT_AGREED, STOPPED = "yes", "no", "stopped"
ASKING = (MAY_ASK, NOT_AGREED, STOPPED)
TABLE, BOARD, TIMELINE = "table", "board", "timeline"
VIEWS = (TABLE, BOARD, TIMELINE)
NEXT = "next"
SORTS = (NEXT, "action", "owner", "event", "status", "verified", "by", "heard")
# What the form shows at once; the rest it folds away.
PLAIN = ("text", "event", "programme", "year", "status", "due")

_CHOICES: Mapping[str, Collection[str]] = {
    "status": STATUSES,
    "verified": (NONE, *Verified),
    "due": DUE,
    "role": tuple(Role),
    "source": tuple(Source),
    "visibility": tuple(Visibility),
    "asking": ASKING,
    "quiet": ("y",),
    "conflict": ("y",),
    "help": ("y",),
    "view": VIEWS,
    "sort": (*SORTS, *(f"-{sort}" for sort in SORTS if sort != NEXT)),
}
_DAYS = ("due_from", "due_until", "silent")
_LONGEST = 200


@dataclass(frozen=True)
class Wanted:
    """Which actions, in which order and as what; what is empty asks for nothing.

    `event` is a code. `theme` and `staff` are an id in hexadecimal digits, or NONE (`theme` also ANY). `silent` is a
    day since which nothing was heard. `sort` is one of SORTS, with a minus before it to turn it round; NEXT puts what
    is open first, the soonest due first. `number` is the page, from 1; `month` where the timeline begins ("2021-06").
    """

    text: str = ""
    event: str = ""
    programme: str = ""
    year: str = ""
    status: str = ""
    due: str = ""
    due_from: str = ""
    due_until: str = ""
    verified: str = ""
    theme: str = ""
    source: str = ""
    staff: str = ""
    role: str = ""
    sector: str = ""
    country: str = ""
    partner: str = ""
    visibility: str = ""
    asking: str = ""
    silent: str = ""
    quiet: str = ""
    conflict: str = ""
    help: str = ""
    sort: str = NEXT
    view: str = TABLE
    number: int = 1
    month: str = ""

    @classmethod
    def read(cls, args: Mapping[str, str], event: str = "") -> "Wanted":
        """Reads what a page's address says; what cannot be understood asks for nothing. `event`: only of this one."""
        values = {one.name: _read(one.name, args.get(one.name, "")) for one in fields(cls) if one.name != "number"}
        given = {name: value for name, value in values.items() if value}
        page = args.get("page", "")
        number = max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 8 else 1
        if event:
            given["event"] = event
        return cls(**given, number=number)

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed. Without `page` it is the first one."""
        names = [one.name for one in fields(self) if one.name != "number"]
        values = {**{name: getattr(self, name) for name in names}, **changes}
        usual = (("sort", NEXT), ("view", TABLE))
        return {name: value for name, value in values.items() if value and (name, value) not in usual}

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list down, whatever its order and its looks."""
        return self.asked(sort="", view="", month="")

    @property
    def folded(self) -> int:
        """How many of the filters that the form folds away are in use."""
        return len(self.filters.keys() - {*PLAIN})


def day(text: str) -> date | None:
    """The day that is written as 2021-06-07; None where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def identity(text: str) -> UUID | None:
    """The id that is written in hexadecimal digits; None where it is none."""
    try:
        return UUID(hex=text)
    except ValueError:
        return None


def _read(name: str, text: str) -> str:
    text = text.strip()[:_LONGEST]
    if name in _CHOICES:
        return text if text in _CHOICES[name] else ""
    if name in _DAYS:
        return found.isoformat() if (found := day(text)) else ""
    if name == "month":
        return text if day(f"{text}-01") else ""
    if name == "year":
        return text if text.isascii() and text.isdecimal() and len(text) == 4 and 1 < int(text) < 9999 else ""
    if name in ("theme", "staff"):
        known = (NONE, ANY) if name == "theme" else (NONE,)
        return text if text in known else found_id.hex if (found_id := identity(text)) else ""
    return text
