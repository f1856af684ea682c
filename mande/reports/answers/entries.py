"""What was asked, and the tables of how it was answered: what a report is made of. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from uuid import UUID

from mande.events.kinds import Role
from mande.surveys.questionnaires.audience import Audience
from mande.surveys.questionnaires.questions import Item
from mande.surveys.questionnaires.questions import Question
from mande.surveys.questionnaires.questions import Section

ROLES = tuple(Role)


@dataclass(frozen=True)
class Table:
    """How one group answered one item; `counts` in the order of the options."""

    n: int
    missing: int
    not_applicable: int
    counts: tuple[int, ...]

    def __add__(self, other: "Table") -> "Table":
        return Table(
            self.n + other.n,
            self.missing + other.missing,
            self.not_applicable + other.not_applicable,
            tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)),
        )


@dataclass(frozen=True)
class Group:
    """A stored breakdown's group: the values of the stratum that were merged, and its table.

    `asked` is how many people were asked in it, None where that was not counted of the same group.
    """

    stratum: str
    members: tuple[str, ...]
    table: Table
    asked: int | None = None


@dataclass(frozen=True)
class Asked:
    """One item in one survey that holds a table of it. `invited` is None where nobody knows how many were asked.

    Of what was asked for one meeting, `at_meeting` is how many of them attended it, None where that is not known.
    Of a ranking, `ranks` holds for each option how often each rank was given to it, and then how often none.
    """

    survey: UUID
    role: Role
    invited: int | None
    strata: tuple[str, ...]
    whole: Table
    groups: tuple[Group, ...] = ()
    at_meeting: int | None = None
    ranks: tuple[tuple[int, ...], ...] = ()


@dataclass(eq=False)
class Entry:
    """One item of the report: asked in one survey, or under the same code and options in several.

    `asked` holds only the surveys whose table exists; `asked_of` all roles whose survey had the item. A ranking is one
    entry, whose table counts for each option how many ranked it among the first (`placed`). `audiences` says for each
    survey what decides who is asked, None where everybody is. `apart` is the number of the lot of surveys that it comes
    from (see `history`).
    """

    item: Item
    section: Section
    language: str
    options: tuple[str, ...] = ()
    asked_of: list[Role] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    audiences: dict[UUID, Audience | None] = field(default_factory=dict)
    apart: int = 0

    @property
    def whole(self) -> Table | None:
        return _total([asked.whole for asked in self.asked])

    @property
    def partly_asked(self) -> bool:
        """Whether not everybody was asked."""
        return any(self.audiences.values())

    @property
    def population(self) -> int | None:
        """How many were asked in the surveys that the figures come from; None where nobody knows."""
        return self._invited(self.asked)

    @property
    def at_meeting(self) -> int | None:
        """How many of those asked attended the meeting that it is about; None where there is none, or nobody knows."""
        known = [asked.at_meeting for asked in self.asked if asked.at_meeting is not None]
        return sum(known) if known and len(known) == len(self.asked) else None

    def population_of(self, role: Role) -> int | None:
        """How many were asked in this role in the surveys that the figures come from; None where nobody knows."""
        return self._invited([asked for asked in self.asked if asked.role is role])

    @property
    def ranks(self) -> tuple[tuple[int, ...], ...]:
        """Of a ranking, for each option how often each rank was given to it, and then how often none."""
        by_survey = [asked.ranks for asked in self.asked]
        return tuple(
            tuple(sum(counts) for counts in zip(*options, strict=True)) for options in zip(*by_survey, strict=True)
        )

    def _invited(self, surveys: Sequence[Asked]) -> int | None:
        invited = [asked.invited for asked in surveys if asked.invited is not None]
        return None if self.partly_asked or len(invited) < len(surveys) else sum(invited)

    def by_role(self) -> dict[Role, Table]:
        """The table of each role that has one."""
        tables = {role: _total([a.whole for a in self.asked if a.role is role]) for role in ROLES}
        return {role: table for role, table in tables.items() if table is not None}


def placed(question: Question) -> int:
    """Among how many of the first ranks an option is counted as one of the first: three, or of few options one."""
    return 3 if len(question.options) > 4 and len(question.ranks) >= 3 else 1


def _total(tables: Sequence[Table]) -> Table | None:
    if not tables:
        return None
    total = tables[0]
    for table in tables[1:]:
        total += table
    return total
