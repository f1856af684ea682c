"""Changing several actions at once: what would become of each, and which are left out and why. Pure."""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import timedelta
from enum import StrEnum
from typing import Any
from typing import Protocol
from typing import TypeAlias
from uuid import UUID

from mande.followup.kinds import ENDED
from mande.followup.kinds import Source
from mande.followup.kinds import Status
from mande.followup.tracking.wanted import NONE
from mande.followup.tracking.wanted import day
from mande.followup.tracking.wanted import identity

MOST_DAYS = 3660
Value: TypeAlias = UUID | date | bool | None


class Kind(StrEnum):
    """What can be changed of several actions at once."""

    THEME = "theme"
    DAY = "day"
    SHIFT = "shift"
    MEMBER = "member"
    WITHDRAW = "withdraw"


# The field of an action that each changes.
FIELDS: Mapping[Kind, str] = {
    Kind.THEME: "theme_id",
    Kind.DAY: "by_when",
    Kind.SHIFT: "by_when",
    Kind.MEMBER: "staff_id",
    Kind.WITHDRAW: "withdrawn",
}


class Reason(StrEnum):
    """Why an action is left out of a change."""

    SAME = "same"
    OWNERS = "owners"
    ENDED = "ended"
    NO_DATE = "no_date"
    TOO_FAR = "too_far"
    OTHER_EVENT = "other_event"
    WITHDRAWN = "withdrawn"


class Changeable(Protocol):
    """An action, as far as it matters here."""

    @property
    def event_id(self) -> UUID: ...

    @property
    def source(self) -> Source: ...

    @property
    def status(self) -> Status: ...

    @property
    def by_when(self) -> date | None: ...

    @property
    def theme_id(self) -> UUID | None: ...

    @property
    def staff_id(self) -> UUID | None: ...

    @property
    def withdrawn(self) -> bool: ...


@dataclass(frozen=True)
class Change:
    """What is to be changed: an intended outcome (`theme`), a date or a number of days, or a member of the team.

    None of them means that there is to be none any more.
    """

    kind: Kind
    theme: UUID | None = None
    day: date | None = None
    days: int = 0
    member: UUID | None = None

    def asked(self) -> dict[str, str]:
        """The same as the fields of a form, as `read` takes them."""
        return {
            "what": self.kind.value,
            "theme": self.theme.hex if self.theme else NONE,
            "day": self.day.isoformat() if self.day else "",
            "days": str(self.days),
            "member": self.member.hex if self.member else NONE,
        }


class ChangeError(ValueError):
    """What was typed is no change. `name` is the field that is wrong, and `text` says why."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name
        self.text = text


def read(form: Mapping[str, str]) -> Change:
    """The change that was typed. Raises ChangeError."""
    try:
        kind = Kind(form.get("what", ""))
    except ValueError:
        raise ChangeError("what", "Choose what to change.") from None
    match kind:
        case Kind.THEME:
            return Change(kind, theme=_chosen(form, "theme", "Choose an intended outcome."))
        case Kind.MEMBER:
            return Change(kind, member=_chosen(form, "member", "Choose a member of the team."))
        case Kind.DAY:
            by_when = day(form.get("day", ""))
            if by_when is None and form.get("day", "").strip():
                raise ChangeError("day", "Write the date as year-month-day, such as 2021-09-30.")
            return Change(kind, day=by_when)
        case Kind.SHIFT:
            return Change(kind, days=_days(form.get("days", "")))
    return Change(kind)


@dataclass(frozen=True)
class Step:
    """One action whose `field` becomes another."""

    action: Any
    field: str
    was: Value
    becomes: Value


@dataclass(frozen=True)
class Plan:
    """What a change comes to."""

    steps: list[Step] = field(default_factory=list)
    left_out: dict[Reason, int] = field(default_factory=dict)


def plan(actions: Iterable[Changeable], change: Change, theme_event: UUID | None = None) -> Plan:
    """What would become of each action. `theme_event` is the event whose intended outcome `change.theme` is."""
    made = Plan()
    for action in actions:
        reason, becomes = _outcome(action, change, theme_event)
        name = FIELDS[change.kind]
        if reason is None and getattr(action, name) == becomes:
            reason = Reason.SAME
        if reason is None:
            made.steps.append(Step(action, name, getattr(action, name), becomes))
        else:
            made.left_out[reason] = made.left_out.get(reason, 0) + 1
    return made


def _outcome(action: Changeable, change: Change, theme_event: UUID | None) -> tuple[Reason | None, Value]:
    """What becomes of an action's field, or why it is left out."""
    if action.withdrawn:
        return Reason.WITHDRAWN, None
    if change.kind is Kind.THEME:
        elsewhere = change.theme is not None and action.event_id != theme_event
        return (Reason.OTHER_EVENT if elsewhere else None), change.theme
    if action.source is Source.OWNER:
        return Reason.OWNERS, None
    if change.kind is Kind.MEMBER:
        return None, change.member
    if change.kind is Kind.WITHDRAW:
        return None, True
    if action.status in ENDED:
        return Reason.ENDED, None
    return (None, change.day) if change.kind is Kind.DAY else _shifted(action.by_when, change.days)


def _shifted(by_when: date | None, days: int) -> tuple[Reason | None, Value]:
    if by_when is None:
        return Reason.NO_DATE, None
    try:
        return None, by_when + timedelta(days=days)
    except OverflowError:
        return Reason.TOO_FAR, None


def _chosen(form: Mapping[str, str], name: str, wrong: str) -> UUID | None:
    text = form.get(name, "")
    if text == NONE:
        return None
    found = identity(text)
    if found is None:
        raise ChangeError(name, wrong)
    return found


def _days(text: str) -> int:
    try:
        days = int(text.strip().replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        days = 0
    if not 0 < abs(days) <= MOST_DAYS:
        raise ChangeError(
            "days", f"Enter by how many days: 14 for two weeks later, -7 for a week earlier; at most {MOST_DAYS}."
        )
    return days
