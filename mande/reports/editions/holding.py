"""Which published editions hold the words of which actions, and what of these was taken back since.

Nothing is kept of that: it is worked out from what each edition held and how its actions stand now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import contains_eager

from mande.events.models import Event
from mande.followup.figures import is_hidden
from mande.followup.figures import track
from mande.followup.models import ActionChange
from mande.reports.editions.withdrawn import Now
from mande.reports.editions.withdrawn import TakenBack
from mande.reports.editions.withdrawn import taken_back
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.models import EditionAction

LEFT = "left"


@dataclass(frozen=True)
class Held:
    """An action that an edition holds, by name or not. `what` are its words now; empty where they are erased."""

    edition: Edition
    action_id: UUID
    named: bool
    what: str
    taken_back: TakenBack | None


def held(session: Session, event: Event) -> list[Held]:
    """All that the editions of an event hold, edition by edition in order of their publication."""
    rows = session.scalars(
        select(EditionAction)
        .join(EditionAction.edition)
        .where(Edition.event_id == event.id)
        .options(contains_eager(EditionAction.edition))
        .order_by(Edition.published_at, Edition.kind, EditionAction.action_id)
    ).all()
    if not rows:
        return []
    tracked = {one.action.id: one for one in track(session, event)}
    now = {key: Now(one.visibility, is_hidden(event, one)) for key, one in tracked.items()}
    left = _left(session, event)
    return [
        Held(
            edition=row.edition,
            action_id=row.action_id,
            named=row.named,
            what=tracked[row.action_id].action.what if row.action_id in tracked else "",
            taken_back=taken_back(
                row.edition.kind is EditionKind.INTERNAL,
                row.named,
                row.action_id in left and left[row.action_id] > row.edition.published_at,
                now.get(row.action_id),
            ),
        )
        for row in rows
    ]


def withdrawn(session: Session, event: Event) -> list[Held]:
    """What the editions of an event hold that was taken back since."""
    return [one for one in held(session, event) if one.taken_back]


def of_action(session: Session, event: Event, action_id: UUID) -> list[Held]:
    """Which editions hold one action."""
    holds = select(EditionAction.action_id).where(EditionAction.action_id == action_id).limit(1)
    if session.scalar(holds) is None:
        return []
    return [one for one in held(session, event) if one.action_id == action_id]


def latest(editions: Sequence[Edition]) -> dict[tuple[EditionKind, str], Edition]:
    """The newest edition of each kind and language that there is."""
    return {(one.kind, one.language): one for one in sorted(editions, key=lambda one: one.number)}


def _left(session: Session, event: Event) -> dict[UUID, datetime]:
    """When an owner last left each action of an event that somebody has left."""
    rows = session.execute(
        select(ActionChange.action_id, func.max(ActionChange.at))
        .join(EditionAction, EditionAction.action_id == ActionChange.action_id)
        .join(Edition, Edition.id == EditionAction.edition_id)
        .where(Edition.event_id == event.id, ActionChange.what == LEFT)
        .group_by(ActionChange.action_id)
    )
    return dict(rows.all())
