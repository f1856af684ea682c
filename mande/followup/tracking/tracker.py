"""The list of an event's actions as staff ask for it: which of them, in which order, and as rows of a file."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mande.events.models import Role
from mande.followup.figures import Tracked
from mande.followup.figures import named_owners
from mande.followup.figures import organisations
from mande.followup.models import ENDED
from mande.followup.models import Status

OPEN = "open"
HEADER = ("owner", "email", "organisation", "roles", "action", "status", "by", "overdue", "gone quiet", "with whom",
          "help needed", "may be seen by", "may be asked", "written down", "last report", "what changed",
          "contribution of the event", "evidence")  # fmt: skip

_ORDER: Mapping[str, Callable[[Tracked], Any]] = {
    "owner": lambda one: named_owners(one).casefold(),
    "action": lambda one: one.action.what.casefold(),
    "status": lambda one: list(Status).index(one.action.status),
    "by": lambda one: one.action.by_when or date.max,
    "heard": lambda one: one.latest.reported_at.date() if one.latest else one.action.created_on,
}
SORTS = tuple(_ORDER)


@dataclass(frozen=True)
class Wanted:
    """Which actions, in which order. `status` is a status, "open" for those not ended, or empty for all.

    `sort` is one of SORTS, with a minus before it to turn it round.
    """

    status: str = ""
    role: str = ""
    overdue: bool = False
    quiet: bool = False
    sort: str = "owner"

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Wanted":
        """Reads what a page's address says; what cannot be understood asks for nothing."""
        status, role, sort = args.get("status", ""), args.get("role", ""), args.get("sort", "")
        return cls(
            status=status if status in (OPEN, *Status) else "",
            role=role if role in list(Role) else "",
            overdue=bool(args.get("overdue")),
            quiet=bool(args.get("quiet")),
            sort=sort if sort.removeprefix("-") in SORTS else "owner",
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, with some of it changed."""
        values = {
            "status": self.status,
            "role": self.role,
            "overdue": "y" if self.overdue else "",
            "quiet": "y" if self.quiet else "",
            "sort": "" if self.sort == "owner" else self.sort,
            **changes,
        }
        return {name: value for name, value in values.items() if value}

    def takes(self, one: Tracked) -> bool:
        """Whether an action is among those wanted."""
        return (
            self._takes_status(one.action.status)
            and (not self.role or Role(self.role) in one.roles)
            and (not self.overdue or one.overdue)
            and (not self.quiet or one.quiet)
        )

    def _takes_status(self, status: Status) -> bool:
        return not self.status or (status not in ENDED if self.status == OPEN else status == self.status)


def selected(actions: Iterable[Tracked], wanted: Wanted) -> list[Tracked]:
    """The actions that are wanted, in the order that is wanted. What sorts alike keeps its order."""
    taken = [one for one in actions if wanted.takes(one)]
    return sorted(taken, key=_ORDER[wanted.sort.removeprefix("-")], reverse=wanted.sort.startswith("-"))


def rows(actions: Iterable[Tracked]) -> Iterable[Sequence[Any]]:
    """One row of codes and texts for each action, under HEADER."""
    for one in actions:
        action, said = one.action, one.said
        yield (
            named_owners(one),
            ", ".join(person.email for person in one.people),
            organisations(one) or "",
            " ".join(one.roles),
            action.what,
            action.status.value,
            action.by_when or "",
            _yes(one.overdue),
            _yes(one.quiet),
            action.with_whom,
            action.help_needed,
            one.visibility.value,
            _yes(one.may_ask and not one.stopped),
            action.created_on,
            one.latest.reported_at.date() if one.latest else "",
            said.what_changed,
            said.contribution.value if said.contribution else "",
            said.evidence,
        )


def _yes(value: bool) -> str:
    return "yes" if value else "no"
