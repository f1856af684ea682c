"""Who took part in a survey, by the groups that it declared. Pure.

How somebody answered is one secret, *that* they answered another: closing destroys both. So groups are shown as
`grouping` says, counting those who were asked, and besides:

- a group of which everybody or nobody began, or answered, is merged with others, for it would tell it of each;
- so that no combination of all tables tells as much, people of whom everybody or nobody began or answered count as
  none where `grouping` looks for combinations that rest on fewer than k. That covers, too, what follows from numbers
  lying between nought and those asked: by the duality of linear programmes, bounds that leave nothing open about a cell
  are a combination of the tables which rests on it and on such people alone.

Who began and answered comes from what is stored with the answers, as it was when they were begun; who was asked, from
the list of attendees as it is at closing. Where the two no longer agree (more began than were asked, because somebody's
sector was corrected meanwhile, or because sheets of paper do not say), the groups are merged until they do.

What remains: (a) numbers are whole, so that an integer solver may find more than a linear one. (b) The tables of
answers give n, missing and not applicable of their own groups, which are merged for each item apart. Where they are
merged otherwise than here, the two together can tell how many of a small group answered, as the tables of two items
can. How many of them were asked is not told.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from mande.surveys.results import grouping
from mande.surveys.results.grouping import Accepted
from mande.surveys.results.grouping import Cell
from mande.surveys.results.grouping import Group
from mande.surveys.results.grouping import Values

# As wide as the column that takes the names of merged groups.
MEMBERS_LENGTH = 400


@dataclass(frozen=True)
class Numbers:
    """How many people were asked, were reached, began and submitted their answers."""

    asked: int = 0
    reached: int = 0
    started: int = 0
    answered: int = 0

    def __add__(self, other: "Numbers") -> "Numbers":
        return Numbers(
            self.asked + other.asked,
            self.reached + other.reached,
            self.started + other.started,
            self.answered + other.answered,
        )

    @property
    def agree(self) -> bool:
        return self.started <= self.asked

    @property
    def tells_of_each(self) -> bool:
        """Whether the numbers say of each of those asked whether they began, or answered."""
        return not (0 < self.answered < self.asked and self.started < self.asked)


@dataclass(frozen=True)
class Row:
    """One group's numbers. Without stratum and members it is the whole survey."""

    numbers: Numbers
    stratum: str = ""
    members: Group = ()


def rows(people: Mapping[Values, Numbers], declared: Sequence[str], k: int) -> list[Row]:
    """What may be kept of the numbers of each combination of strata (in the order of `declared`), the whole first.

    Fewer than k who answered leave nothing but the whole.
    """
    whole = _sum(people)
    found = [Row(whole)]
    if whole.answered < k:
        return found
    weights = {values: numbers.asked for values, numbers in people.items()}
    for stratum, groups in grouping.breakdowns(weights, declared, k, _Discreet(people, k)).items():
        if max(len(" ".join(group)) for group in groups) > MEMBERS_LENGTH:
            continue
        position = declared.index(stratum)
        found += [Row(_of(people, position, group), stratum, group) for group in groups]
    return found


class _Discreet:
    """Groups of which nobody can tell whether one of them began or answered."""

    def __init__(self, people: Mapping[Values, Numbers], k: int) -> None:
        self.people = people
        self.k = k

    def fits(self, position: int, group: Group) -> bool:
        numbers = _of(self.people, position, group)
        return numbers.agree and not numbers.tells_of_each

    def allows(self, accepted: Accepted) -> bool:
        cells: dict[Cell, Numbers] = {}
        for values, cell in grouping.in_cells(self.people, accepted).items():
            cells[cell] = cells.get(cell, Numbers()) + self.people[values]
        open_to_doubt = {cell: 0 if numbers.tells_of_each else numbers.asked for cell, numbers in cells.items()}
        return not grouping.rests_on_few(open_to_doubt, accepted, self.k)


def _of(people: Mapping[Values, Numbers], position: int, group: Group) -> Numbers:
    return _sum({values: numbers for values, numbers in people.items() if values[position] in group})


def _sum(people: Mapping[Values, Numbers]) -> Numbers:
    return sum(people.values(), Numbers())
