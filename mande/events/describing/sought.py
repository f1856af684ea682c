"""Who was sought for an event, who came, and who was missing: numbers of people by stakeholder group. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class Sought(Protocol):
    """A stakeholder group: `models.StakeholderGroup`."""

    @property
    def id(self) -> UUID: ...

    @property
    def name(self) -> str: ...

    @property
    def sought(self) -> int | None: ...


class Belonging(Protocol):
    """Somebody who came, and the group for which they stand: `models.Attendance`."""

    @property
    def group_id(self) -> UUID | None: ...


@dataclass(frozen=True)
class Line:
    """One group: `sought` is None where nobody said how many were wanted."""

    name: str
    sought: int | None
    came: int

    @property
    def missing(self) -> int | None:
        """How many fewer came than were sought; none where more came."""
        return None if self.sought is None else max(0, self.sought - self.came)


@dataclass(frozen=True)
class Reached:
    """The groups in their order, and how many of those who came stand for none of them."""

    lines: tuple[Line, ...]
    elsewhere: int


def reached(groups: Sequence[Sought], people: Sequence[Belonging]) -> Reached:
    """Counts who came by group. Each person stands for one group or none."""
    counts = {group.id: sum(one.group_id == group.id for one in people) for group in groups}
    lines = tuple(Line(group.name, group.sought, counts[group.id]) for group in groups)
    return Reached(lines, len(people) - sum(counts.values()))
