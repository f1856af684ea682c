"""What an import would do: row by row for people to read, and step by step for writing. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum
from typing import Any
from uuid import UUID

from mande.events.importing.layouts import Layout
from mande.events.kinds import Mode
from mande.events.kinds import Role


class Outcome(StrEnum):
    MADE = "made"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    JOINED = "joined"
    LEFT_OUT = "left_out"
    REFUSED = "refused"


@dataclass(frozen=True)
class Change:
    """One field before and after, as text; empty for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class RowReport:
    """What became of one row, or would. `raw` is the row as it stood, for putting a refused one right.

    `known_as` is the main address of somebody whom the row names by a further one.
    """

    number: int
    email: str
    name: str
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    raw: tuple[str, ...] = ()
    known_as: str = ""


@dataclass(frozen=True)
class Step:
    """What is to be written for one person. `person` are the fields to set, `further` the addresses to add; None for
    roles, meetings, mode and group leaves them. Without an id, the person or the attendance is to be made."""

    email: str
    person_id: UUID | None
    attendance_id: UUID | None
    person: Mapping[str, Any]
    further: tuple[str, ...] = ()
    roles: tuple[Role, ...] | None = None
    meetings: tuple[str, ...] | None = None
    mode: Mode | None = None
    group: str | None = None


@dataclass(frozen=True)
class Plan:
    """What an import would do, row by row in the order of the file, and what it needs to do it."""

    layout: Layout
    reports: tuple[RowReport, ...]
    remarks: tuple[str, ...] = ()
    steps: tuple[Step, ...] = field(default=(), repr=False)

    def count(self, outcome: Outcome) -> int:
        return self.counts[outcome.value]

    @property
    def refused(self) -> list[RowReport]:
        return [report for report in self.reports if report.outcome is Outcome.REFUSED]

    @property
    def counts(self) -> dict[str, int]:
        counted = dict.fromkeys((outcome.value for outcome in Outcome), 0)
        for report in self.reports:
            counted[report.outcome.value] += 1
        return counted
