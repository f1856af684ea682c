"""What a report says of planned actions: how far they have come, and those that its readers may see.

Partners' figures are counted from the actions that partners may see, and from no others: so they tell nothing of what
an owner kept for the team. Owners who must not be exposed are named in no edition, not even the internal one: it may
travel. An action of several owners is shown as the most careful of them chose. An action shown without a name appears
only among those of k owners and more; the public sees figures alone, of the same actions (see `progress_figures`).

The team's own actions and recommendations, and the outcomes that it wrote down, are lists of their own: partners see
those that the team released to them, the public none. Who could confirm an outcome is in no edition.
"""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande.events.models import Event
from mande.events.records import sectors
from mande.followup.desk.models import Outcome
from mande.followup.figures import Tracked
from mande.followup.figures import is_hidden
from mande.followup.figures import is_named
from mande.followup.figures import named_owners
from mande.followup.figures import organisations
from mande.followup.figures import owners_of
from mande.followup.figures import track
from mande.followup.figures.courses import Course
from mande.followup.figures.reading import read
from mande.followup.models import FOR_PARTNERS
from mande.followup.models import Contribution
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Verified
from mande.reports import wording
from mande.reports.actions import figures as progress_figures
from mande.reports.actions.figures import Readers
from mande.reports.composing.composed import Composed
from mande.reports.kinds import EditionKind

Said = dict[str, Any]


def actions(session: Session, event: Event, edition: str, chosen: Collection[UUID] | None = None) -> Said:
    """The part "actions" of the document; see docs/report-json.md.

    `edition` is the level whose readers see it; `chosen` are those that are listed as examples, None for all.
    """
    tracked = track(session, event)
    seen = _counted(event, tracked, edition)
    themes = _themes(event)
    courses = _courses(session, event, seen)
    nameless = () if edition == "internal" else {one.action.id for one in seen if not is_named(event, one)}
    names = {
        "theme": {themes[outcome.id.hex]: outcome.text for outcome in event.outcomes},
        "role": {role.value: label for role, label in wording.ROLES.items()},
        "sector": {**wording.SECTORS, **sectors.own(session)},
    }
    return {
        "counted": bool(seen),
        "as_of": None,
        "withheld": False,
        "total": len(seen),
        "owners": owners_of(seen),
        "overdue": None if edition == "public" else sum(one.overdue for one in seen),
        **progress_figures.figures(courses, names, Readers(edition, event.k, nameless)),
        "examples": []
        if edition == "public"
        else [_example(event, one, edition) for one in _by_date(_chosen(seen, chosen))],
        "team": [_of_team(one.action) for one in _by_date(_teams(tracked, edition))],
        "outcomes": [] if edition == "public" else [_outcome(one) for one in _outcomes(session, event, edition)],
    }


def courses(session: Session, event: Event, edition: str) -> list[Course]:
    """What became of the actions that an edition of this level counts."""
    return _courses(session, event, _counted(event, track(session, event), edition))


def _counted(event: Event, tracked: Iterable[Tracked], edition: str) -> list[Tracked]:
    seen = visible(event, tracked, edition)
    return [] if edition == "public" and owners_of(seen) < event.k else seen


def _courses(session: Session, event: Event, seen: Iterable[Tracked]) -> list[Course]:
    wanted, themes = {one.action.id for one in seen}, _themes(event)
    return [one.counted_as("theme", themes) for one in read(session, Event.id == event.id) if one.id in wanted]


def _themes(event: Event) -> dict[str, str]:
    """The numbers under which intended outcomes are themes of actions."""
    return {outcome.id.hex: str(number) for number, outcome in enumerate(event.outcomes, 1)}


def held(session: Session, event: Event, kind: EditionKind, composed: Composed) -> dict[UUID, bool]:
    """The actions whose words an edition holds that is made now, and whether with their owners' names."""
    level = kind.level.value
    if level == "public" or "actions" not in composed.shown(kind):
        return {}
    tracked = track(session, event)
    shown = _chosen(visible(event, tracked, level), composed.actions)
    named = {one.action.id: _by_name(event, one, level) for one in shown}
    return named | {one.action.id: False for one in _teams(tracked, level)}


def listable(session: Session, event: Event, edition: str) -> list[tuple[PlannedAction, str]]:
    """The actions that an edition of this level may list, in its order, with their owners as its readers see them."""
    if edition == "public":
        return []
    seen = _by_date(visible(event, track(session, event), edition))
    return [(one.action, named_owners(one) if _by_name(event, one, edition) else "") for one in seen]


def status_of(action: PlannedAction) -> str:
    """How far an action has come, in words."""
    return wording.unheard() if _is_unheard(action) else wording.STANDINGS[action.status]


def _chosen(seen: Iterable[Tracked], chosen: Collection[UUID] | None) -> list[Tracked]:
    return [one for one in seen if chosen is None or one.action.id in chosen]


def visible(event: Event, tracked: Iterable[Tracked], edition: str) -> list[Tracked]:
    """The owners' actions that an edition speaks of: all of them, or those that partners may see."""
    owned = [one for one in tracked if one.action.source is Source.OWNER]
    if edition == "internal":
        return owned
    shown = [one for one in owned if one.visibility in FOR_PARTNERS]
    named = [one for one in shown if is_named(event, one)]
    unnamed = [one for one in shown if not is_named(event, one)]
    hidden_well = owners_of(unnamed) >= event.k
    return named + unnamed if hidden_well else named


def _by_name(event: Event, one: Tracked, edition: str) -> bool:
    return is_named(event, one) or (edition == "internal" and not is_hidden(event, one))


def _teams(tracked: Iterable[Tracked], edition: str) -> list[Tracked]:
    own = [one for one in tracked if one.action.source is not Source.OWNER]
    return [one for one in own if edition == "internal" or (edition == "partner" and one.action.for_partners)]


def _by_date(seen: Iterable[Tracked]) -> list[Tracked]:
    """By date and then by their words, so that the order tells no owner."""
    return sorted(seen, key=lambda one: (one.action.by_when or date.max, one.action.what.casefold()))


def _example(event: Event, one: Tracked, edition: str) -> Said:
    action, said = one.action, one.said
    named = _by_name(event, one, edition)
    return {
        **_of_action(action),
        "overdue": one.overdue,
        "owner": named_owners(one) if named else None,
        "organisation": organisations(one) if named else None,
        "what_changed": said.what_changed,
        **_contributed(said.contribution),
        "evidence": said.evidence if named or edition == "internal" else "",
    }


def _of_team(action: PlannedAction) -> Said:
    """One of the team's own actions. Who of the team owns it is not told."""
    return {
        **_of_action(action),
        "source": action.source.value,
        "source_label": wording.SOURCES[action.source],
    }


def _of_action(action: PlannedAction) -> Said:
    status = None if _is_unheard(action) else action.status
    return {
        "what": action.what,
        "by_when": action.by_when.isoformat() if action.by_when else None,
        "status": status.value if status else wording.UNKNOWN,
        "status_label": status_of(action),
        "verified": action.verified.value if action.verified else None,
        "verified_label": wording.VERIFIED[Verified(action.verified)] if action.verified else None,
    }


def _is_unheard(action: PlannedAction) -> bool:
    """Whether nothing was said of it since it was written down: then its standing is unknown."""
    return action.status is Status.NOT_STARTED and not action.updates


def _outcomes(session: Session, event: Event, edition: str) -> Sequence[Outcome]:
    """What changed, as the team wrote it down of this event; for partners, what it released to them."""
    told = select(Outcome).where(Outcome.event_id == event.id).options(joinedload(Outcome.theme))
    if edition != "internal":
        told = told.where(Outcome.for_partners.is_(True))
    found = session.scalars(told).all()
    return sorted(found, key=lambda one: (one.changed_on or date.max, one.what_changed.casefold()))


def _outcome(one: Outcome) -> Said:
    return {
        "what_changed": one.what_changed,
        "who_changed": one.who_changed,
        "changed_on": one.changed_on.isoformat() if one.changed_on else None,
        "theme": one.theme.text if one.theme else None,
        "significance": one.significance,
        **_contributed(one.contribution),
        "how_contributed": one.how_contributed,
        "confirmed": one.confirmed_on is not None,
    }


def _contributed(share: Contribution | None) -> Said:
    return {
        "contribution": share.value if share else None,
        "contribution_label": wording.CONTRIBUTIONS[share] if share else None,
    }
