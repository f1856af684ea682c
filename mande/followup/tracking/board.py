"""Actions in columns by status, each with the cards that come first."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from mande.followup.figures import Tracked
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.tracking import finding
from mande.followup.tracking.finding import Found
from mande.followup.tracking.wanted import Wanted

CARDS = 20


@dataclass(frozen=True)
class Column:
    """A status, how many actions have it, and the first of them."""

    status: Status
    actions: int
    cards: list[Tracked]

    @property
    def more(self) -> int:
        """How many have no card."""
        return self.actions - len(self.cards)


def columns(session: Session, wanted: Wanted, found: Found) -> list[Column]:
    """A column for each status; where statuses are narrowed down, for those alone that are found."""
    statuses = [status for status in Status if found.by_status[status] or not wanted.status]
    first = {status: _first(session, wanted, status) if found.by_status[status] else [] for status in statuses}
    loaded = {one.action.id: one for one in finding.load(session, [one for ids in first.values() for one in ids])}
    return [
        Column(status, found.by_status[status], [loaded[one] for one in first[status] if one in loaded])
        for status in statuses
    ]


def _first(session: Session, wanted: Wanted, status: Status) -> list[UUID]:
    ids = finding.ordered(session, wanted).where(PlannedAction.status == status)
    return list(session.scalars(ids.limit(CARDS)))
