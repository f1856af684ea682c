"""How far an event's actions have come, in counts."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.followup.figures.tracked import owners_of
from mande.followup.figures.tracked import stopped_links
from mande.followup.figures.tracked import track
from mande.followup.models import ENDED
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import Contribution
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status


@dataclass(frozen=True)
class Summary:
    """How far the planned actions of an event have come, as their owners say.

    `of_team` are the team's own actions and recommendations. `by_status` holds every status, in order. `unheard` are
    open actions of which nothing was heard since they were written down. `asked` and `answered` count check-ins;
    withdrawn actions count nowhere but in `withdrawn`.
    """

    actions: int
    of_team: int
    owners: int
    by_status: dict[Status, int]
    overdue: int
    quiet: int
    unheard: int
    withdrawn: int
    stopped: int
    asked: int
    answered: int
    contribution: dict[Contribution, int]


def summary(session: Session, event: Event) -> Summary:
    """The counts of an event's actions."""
    seen = track(session, event)
    states = _check_ins(session, event)
    statuses = Counter(one.action.status for one in seen)
    said = Counter(one.said.contribution for one in seen if one.said.contribution)
    return Summary(
        actions=len(seen),
        of_team=sum(one.action.source is not Source.OWNER for one in seen),
        owners=owners_of(seen),
        by_status={status: statuses[status] for status in Status},
        overdue=sum(one.overdue for one in seen),
        quiet=sum(one.quiet for one in seen),
        unheard=sum(one.action.status not in ENDED and one.latest is None for one in seen),
        withdrawn=_withdrawn(session, event),
        stopped=len(stopped_links(session, event)),
        asked=states[CheckInState.ASKED] + states[CheckInState.ANSWERED],
        answered=states[CheckInState.ANSWERED],
        contribution={each: said[each] for each in Contribution},
    )


def _withdrawn(session: Session, event: Event) -> int:
    withdrawn = (PlannedAction.event_id == event.id) & PlannedAction.withdrawn.is_(True)
    return session.scalars(select(func.count(PlannedAction.id)).where(withdrawn)).one()


def _check_ins(session: Session, event: Event) -> Counter[CheckInState]:
    counted = (
        select(CheckIn.state, func.count().label("number"))
        .join(FollowupLink, FollowupLink.id == CheckIn.link_id)
        .where(FollowupLink.event_id == event.id)
        .group_by(CheckIn.state)
    )
    return Counter({row.state: row.number for row in session.execute(counted)})
