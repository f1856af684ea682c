"""All figures of the actions of one event, or of many together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.models import IntendedOutcome
from mande.followup.figures.answering import Answering
from mande.followup.figures.answering import answering
from mande.followup.figures.completion import Completion
from mande.followup.figures.completion import completion
from mande.followup.figures.courses import Course
from mande.followup.figures.courses import owners_of
from mande.followup.figures.groups import Group
from mande.followup.figures.groups import breakdowns
from mande.followup.figures.reading import Wanted
from mande.followup.figures.reading import read
from mande.followup.figures.standing import Standing
from mande.followup.figures.standing import now
from mande.followup.figures.standing import standings
from mande.followup.models import Contribution
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status

OF_ONE, OF_MANY = ("theme", "role", "sector"), ("role", "sector")


@dataclass(frozen=True)
class Overview:
    """What the actions add up to. `groups` holds the breakdowns that may be shown; `k` is how many owners each has."""

    courses: tuple[Course, ...]
    withdrawn: int
    standings: tuple[Standing, ...]
    completion: Completion
    contribution: dict[Contribution, int]
    groups: dict[str, list[Group]]
    answering: tuple[Answering, ...]
    k: int

    @property
    def actions(self) -> int:
        return len(self.courses)

    @property
    def owners(self) -> int:
        return owners_of(self.courses)

    @property
    def joint(self) -> int:
        """How many have several owners."""
        return sum(len(course.owners) > 1 for course in self.courses)

    @property
    def now(self) -> dict[Status | None, int]:
        """How many stand so now, as their owners say; None: nothing was heard of them."""
        return now(self.courses)

    @property
    def verified(self) -> int:
        """How many the team has looked into."""
        return sum(course.verified is not None for course in self.courses)


def overview(session: Session, wanted: Wanted, sources: Sequence[Source], many: bool = False) -> Overview:
    """The figures of the events that are wanted. `many`: not by theme, since each event has its own."""
    courses = read(session, wanted, sources)
    k = session.scalar(select(func.max(Event.k)).where(wanted)) or 0
    said = Counter(course.contribution for course in courses if course.contribution)
    return Overview(
        courses=tuple(courses),
        withdrawn=_withdrawn(session, wanted, sources),
        standings=tuple(standings(courses)),
        completion=completion(courses),
        contribution={each: said[each] for each in Contribution},
        groups=breakdowns(courses, OF_MANY if many else OF_ONE, k),
        answering=tuple(answering(session, wanted)),
        k=k,
    )


def themes(session: Session, wanted: Wanted) -> dict[str, str]:
    """What each theme of these events is called, by the hexadecimal digits of its id."""
    found = select(IntendedOutcome.id, IntendedOutcome.text).join(Event, Event.id == IntendedOutcome.event_id)
    return {one.hex: text for one, text in session.execute(found.where(wanted).order_by(IntendedOutcome.position))}


def _withdrawn(session: Session, wanted: Wanted, sources: Sequence[Source]) -> int:
    """How many actions were withdrawn: of those no word is left, only that there was one."""
    withdrawn = select(func.count(PlannedAction.id)).where(
        PlannedAction.event_id.in_(select(Event.id).where(wanted)),
        PlannedAction.withdrawn.is_(True),
        PlannedAction.source.in_(sources),
    )
    return session.scalars(withdrawn).one()
