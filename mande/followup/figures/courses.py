"""What became of one action, and when we learnt it: what all figures over time are worked out from. Pure."""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from uuid import UUID

from mande.followup.kinds import ENDED
from mande.followup.kinds import Contribution
from mande.followup.kinds import Status
from mande.followup.kinds import Verified

News = tuple[date, Status]
Finding = tuple[date, Verified]


@dataclass(frozen=True)
class Course:
    """One action from its writing down until `today`. A joint action is one course with several owners.

    `owners` are people, so that somebody with actions at two events is one owner; the team's own actions have none.
    `news` are the reports and `findings` the team's verifications, in order of time; `status` is how it stands now,
    None where nothing was heard. `ended_on` is the last day of the event. `groups` says under which theme, role and
    sector the action is counted; None where that is not known.
    """

    id: UUID
    event: str
    owners: frozenset[UUID]
    ended_on: date
    written_on: date
    today: date
    status: Status | None = None
    news: tuple[News, ...] = ()
    findings: tuple[Finding, ...] = ()
    contribution: Contribution | None = None
    groups: tuple[tuple[str, str | None], ...] = ()

    @property
    def verified(self) -> Verified | None:
        """What the team found last; None where nobody has looked."""
        return self.findings[-1][1] if self.findings else None

    def status_by(self, day: date) -> Status | None:
        """What its owners had said last by the end of a day; None where nothing had been heard."""
        return next((status for told, status in reversed(self.news) if told <= day), None)

    def verified_by(self, day: date) -> Verified | None:
        """What the team had found last by the end of a day; None where nobody had looked."""
        return next((level for found, level in reversed(self.findings) if found <= day), None)

    @property
    def ended(self) -> News | None:
        """When we were told that it is done, or no longer planned, and it has stayed so; None while it is open."""
        if not self.news or self.news[-1][1] not in ENDED:
            return None
        first = self.news[-1]
        for earlier in reversed(self.news):
            if earlier[1] is not first[1]:
                break
            first = earlier
        return first

    def counted_as(self, by: str, names: Mapping[str, str]) -> "Course":
        """The same action under other names for what it is counted by; what has no other name keeps its own."""
        groups = tuple((one, names.get(member or "", member) if one == by else member) for one, member in self.groups)
        return replace(self, groups=groups)


def owners_of(courses: Iterable[Course]) -> int:
    """How many people own these actions."""
    return len(frozenset[UUID]().union(*(course.owners for course in courses)))
