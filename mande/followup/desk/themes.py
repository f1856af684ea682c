"""Themes: an event's actions grouped under what the convenor wants to come of it, and how far each group has come."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import ngettext
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.describing.outcomes import Part
from mande.events.models import Event
from mande.events.models import IntendedOutcome
from mande.followup import history
from mande.followup.desk import suggesting
from mande.followup.desk.suggesting import Suggestion
from mande.followup.figures import Tracked
from mande.followup.figures import track
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Verified


@dataclass(frozen=True)
class Group:
    """The actions under one intended outcome; under none where `theme` is None."""

    theme: IntendedOutcome | None
    actions: Sequence[Tracked]

    @property
    def by_status(self) -> dict[Status, int]:
        """How many have come how far, as their owners say; every status, in order."""
        counted = Counter(one.action.status for one in self.actions)
        return {status: counted[status] for status in Status}

    @property
    def by_level(self) -> dict[Verified, int]:
        """How many have come how far, as the team verified; every level, in order."""
        counted = Counter(one.action.verified for one in self.actions)
        return {level: counted[level] for level in Verified}

    @property
    def done(self) -> int:
        return self.by_status[Status.DONE]

    @property
    def complete(self) -> int:
        """How many the team verified as complete."""
        return self.by_level[Verified.COMPLETE]

    @property
    def unverified(self) -> int:
        return sum(one.action.verified is None for one in self.actions)


def groups(session: Session, event: Event) -> list[Group]:
    """The actions without a theme, and then those under each intended outcome of the event, in its order."""
    tracked = track(session, event)
    return [
        Group(theme, [one for one in tracked if one.action.theme_id == (theme.id if theme else None)])
        for theme in (None, *event.outcomes)
    ]


def suggestions(event: Event, group: Group) -> dict[UUID, tuple[IntendedOutcome, Suggestion]]:
    """Under which outcome each action of a group might belong, by the words that both use."""
    texts = [outcome.text for outcome in event.outcomes]
    found = {one.action.id: suggesting.suggest(f"{one.action.what} {one.action.why}", texts) for one in group.actions}
    return {identity: (event.outcomes[hint.index], hint) for identity, hint in found.items() if hint}


def assign(session: Session, action: PlannedAction, theme: IntendedOutcome | None, email: str) -> bool:
    """Puts an action under an intended outcome of its event, or (None) under none; returns whether that is a change."""
    before = session.get(IntendedOutcome, action.theme_id) if action.theme_id else None
    if before is theme:
        return False
    told = history.changed({"theme": before.text if before else None}, {"theme": theme.text if theme else None})
    action.theme = theme
    session.flush()
    history.by_team(session, action, email, "changed", told)
    return True


def assign_all(session: Session, event: Event, wanted: Mapping[UUID, tuple[str, str]], email: str) -> int:
    """Saves what was chosen on one page: {action: (theme shown, theme chosen)}, each an id in hexadecimal or "".

    Only what was changed there is touched, so that two members at once do not undo one another. Returns how many
    changed; what names no action or no outcome of this event is passed over.
    """
    themes = {outcome.id.hex: outcome for outcome in event.outcomes}
    asked = {identity: chosen for identity, (shown, chosen) in wanted.items() if shown != chosen}
    actions = select(PlannedAction).where(
        PlannedAction.event_id == event.id, PlannedAction.withdrawn.is_(False), PlannedAction.id.in_(asked)
    )
    changed = 0
    for action in session.scalars(actions.order_by(PlannedAction.id).with_for_update()):
        chosen = asked[action.id]
        if not chosen or chosen in themes:
            changed += assign(session, action, themes.get(chosen), email)
    return changed


def _losses(session: Session, gone: Sequence[IntendedOutcome]) -> list[str]:
    """Tells how many actions would no longer be under any theme."""
    number = session.scalar(select(func.count()).select_from(_under(gone).subquery())) or 0
    if not number:
        return []
    return [
        ngettext(
            "%(num)d action is grouped under an intended outcome that you remove: it would be under no theme.",
            "%(num)d actions are grouped under intended outcomes that you remove: they would be under no theme.",
            number,
        )
    ]


def _remove(session: Session, gone: Sequence[IntendedOutcome], actor: str) -> None:
    """Takes the actions out from under outcomes that are about to go, and writes it into their history."""
    texts = {outcome.id: outcome.text for outcome in gone}
    for action in session.scalars(_under(gone)).all():
        text = texts[action.theme_id] if action.theme_id else None
        action.theme = None
        history.by_team(session, action, actor, "theme removed", {"theme": [text, None]})
    session.flush()


def _under(gone: Sequence[IntendedOutcome]) -> Select[PlannedAction]:
    ids = [outcome.id for outcome in gone]
    return select(PlannedAction).where(PlannedAction.theme_id.in_(ids), PlannedAction.withdrawn.is_(False))


PART = Part(_losses, _remove)
