"""How actions stood one, three, six and twelve months after their event. Pure.

What counts for a month is what was said by four weeks after its day: owners are asked on that day or soon after, and
take some days to answer. Of what nothing was heard by then, the standing is *unknown*: the owner may never have been
asked, may have stopped or withdrawn their consent, or may not have answered. Unknown is unknown, never failure; it
stands apart in every figure. An action that was written down after the month's day is not counted in it, and a month
that has not come yet has no figures.
"""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from functools import lru_cache

from mande.events.timing import add_months
from mande.followup.figures.courses import Course
from mande.followup.figures.courses import owners_of
from mande.followup.kinds import ENDED
from mande.followup.kinds import Status
from mande.followup.kinds import Verified

MONTHS = (1, 3, 6, 12)
ANSWERING = timedelta(days=28)
STANDINGS: tuple[Status | None, ...] = (
    Status.DONE,
    Status.WELL_ADVANCED,
    Status.SOME_PROGRESS,
    Status.NOT_STARTED,
    Status.NO_LONGER_PLANNED,
    None,
)
"""From done to dropped, and then unknown: neighbours may be merged where few are in one (see `parts`)."""
LEVELS: tuple[Verified | None, ...] = (
    Verified.COMPLETE,
    Verified.SUBSTANTIAL,
    Verified.LIMITED,
    Verified.NOT_STARTED,
    Verified.NO_EVIDENCE,
    None,
)
"""From complete to no evidence, and then what nobody has looked into yet."""


@dataclass(frozen=True)
class Standing:
    """The actions that existed `months` after their event, by what owners had said and what the team had verified.

    `renewed` are those that had ended or of which something was heard since the month before in MONTHS: of the others
    the last word is older. `coming_in`: answers to this month's question may still come.
    """

    months: int
    courses: tuple[Course, ...]
    said: dict[Status | None, int]
    verified: dict[Verified | None, int]
    renewed: int
    coming_in: bool

    @property
    def total(self) -> int:
        return len(self.courses)

    @property
    def owners(self) -> int:
        return owners_of(self.courses)

    @property
    def unknown(self) -> int:
        return self.said[None]

    def share(self, status: Status | None) -> float:
        """The share of all actions that stood so: 0 to 1."""
        return self.said[status] / self.total


def now(courses: Iterable[Course]) -> dict[Status | None, int]:
    """How many actions stand so now, as their owners say; None: nothing was heard of them."""
    counted = Counter(course.status for course in courses)
    return {status: counted[status] for status in STANDINGS}


def standings(courses: Sequence[Course], months: Sequence[int] = MONTHS) -> list[Standing]:
    """The standing at each of these months that has come for any action. `months` rise."""
    before = (0, *months)
    found = (standing(courses, month, earlier) for earlier, month in zip(before, months, strict=False))
    return [one for one in found if one.courses]


def standing(courses: Sequence[Course], month: int, earlier: int = 0) -> Standing:
    """The standing at one month. `earlier` is the month figured before it, 0 for none."""
    counted = tuple(one for one in courses if one.written_on <= _day(one, month) <= one.today)
    said = Counter(status_at(one, month) for one in counted)
    verified = Counter(verified_at(one, month) for one in counted)
    return Standing(
        months=month,
        courses=counted,
        said={status: said[status] for status in STANDINGS},
        verified={level: verified[level] for level in LEVELS},
        renewed=sum(_renewed(one, month, earlier) for one in counted),
        coming_in=any(until(one, month) >= one.today for one in counted),
    )


def status_at(course: Course, month: int) -> Status | None:
    """What an action's owners had said so many months after the event; None where nothing had been heard."""
    return course.status_by(until(course, month))


def verified_at(course: Course, month: int) -> Verified | None:
    """What the team had found of an action so many months after the event; None where nobody had looked."""
    return course.verified_by(until(course, month))


def _renewed(course: Course, month: int, earlier: int) -> bool:
    heard = [(day, status) for day, status in course.news if day <= until(course, month)]
    if not heard:
        return False
    last, status = heard[-1]
    return status in ENDED or not earlier or last > until(course, earlier)


@lru_cache(maxsize=4096)
def _month(ended_on: date, month: int) -> tuple[date, date]:
    """A month's day, and the last one on which what is said counts for it."""
    day = add_months(ended_on, month)
    return day, day + ANSWERING


def _day(course: Course, month: int) -> date:
    return _month(course.ended_on, month)[0]


def until(course: Course, month: int) -> date:
    """The last day on which what is said counts for a month after the event."""
    return _month(course.ended_on, month)[1]
