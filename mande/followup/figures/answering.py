"""How many of those who were asked at each check-in have answered."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.followup.figures.reading import Wanted
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink

OWN_DATE = "due"
_ASKED = (CheckInState.ASKED, CheckInState.ANSWERED)


@dataclass(frozen=True)
class Answering:
    """Of one step's check-ins: how many people were asked and how many answered.

    `step` is "month-3", or OWN_DATE for all those before dates of owners' own.
    """

    step: str
    asked: int
    answered: int

    @property
    def share(self) -> float:
        return self.answered / self.asked


def answering(session: Session, wanted: Wanted) -> list[Answering]:
    """The steps at which anybody was asked, the months in order and own dates last."""
    counted = (
        select(CheckIn.step, CheckIn.state, func.count())
        .join(FollowupLink, FollowupLink.id == CheckIn.link_id)
        .where(FollowupLink.event_id.in_(select(Event.id).where(wanted)), CheckIn.state.in_(_ASKED))
        .group_by(CheckIn.step, CheckIn.state)
    )
    asked: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for step, state, number in session.execute(counted):
        name = step if step.startswith("month-") else OWN_DATE
        asked[name] += number
        answered[name] += number if state is CheckInState.ANSWERED else 0
    return [Answering(step, asked[step], answered[step]) for step in sorted(asked, key=_place)]


def _place(step: str) -> int:
    """Months in order, then own dates."""
    return int(step.removeprefix("month-")) if step != OWN_DATE else 10**6
