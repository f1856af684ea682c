"""What a report says of planned actions: how far they have come, and those that its readers may see.

Partners' figures are counted from the actions that partners may see, and from no others: so they tell nothing of what
an owner kept for the team. Owners who must not be exposed are named in no edition, not even the internal one: it may
travel. An action shown without a name appears only among those of k owners and more; the public
sees figures alone, of the same actions, with statuses merged until each was reported by three owners or by none.
"""

from collections.abc import Callable
from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any

from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.followup.figures import Tracked
from mande.followup.figures import is_hidden
from mande.followup.figures import is_named
from mande.followup.figures import named_owners
from mande.followup.figures import organisations
from mande.followup.figures import owners_of
from mande.followup.figures import track
from mande.followup.models import FOR_PARTNERS
from mande.followup.models import Contribution
from mande.followup.models import Status
from mande.reports import wording
from mande.reports.disclosure import RARE

Said = dict[str, Any]


def actions(session: Session, event: Event, edition: str) -> Said:
    """The part "actions" of the document; see docs/report-json.md."""
    seen = _visible(event, track(session, event), edition)
    owners = owners_of(seen)
    if edition == "public" and owners < event.k:
        seen = []
    merge = edition == "public"
    shown = sorted(seen, key=lambda one: (one.action.by_when or date.max, one.action.what.casefold()))
    return {
        "counted": bool(seen),
        "total": len(seen),
        "owners": owners if seen else 0,
        "overdue": None if merge else sum(one.overdue for one in seen),
        "statuses": _counted(seen, tuple(Status), wording.STATUSES, lambda one: one.action.status, merge),
        "contribution": _counted(
            [one for one in seen if one.said.contribution],
            tuple(Contribution),
            wording.CONTRIBUTIONS,
            lambda one: one.said.contribution,
            merge,
        ),
        "examples": [] if merge else [_example(event, one, edition) for one in shown],
    }


def _visible(event: Event, tracked: Sequence[Tracked], edition: str) -> list[Tracked]:
    if edition == "internal":
        return list(tracked)
    shown = [one for one in tracked if one.visibility in FOR_PARTNERS]
    named = [one for one in shown if is_named(event, one)]
    unnamed = [one for one in shown if not is_named(event, one)]
    hidden_well = owners_of(unnamed) >= event.k
    return named + unnamed if hidden_well else named


def _example(event: Event, one: Tracked, edition: str) -> Said:
    action, said = one.action, one.said
    internal = edition == "internal"
    named = is_named(event, one) or (internal and not is_hidden(event, one))
    return {
        "what": action.what,
        "by_when": action.by_when.isoformat() if action.by_when else None,
        "status": action.status.value,
        "status_label": wording.STATUSES[action.status],
        "overdue": one.overdue,
        "owner": named_owners(one) if named else None,
        "organisation": organisations(one) if named else None,
        "what_changed": said.what_changed,
        "contribution": said.contribution.value if said.contribution else None,
        "contribution_label": wording.CONTRIBUTIONS[said.contribution] if said.contribution else None,
        "evidence": said.evidence if named or internal else "",
    }


def _counted(
    seen: Sequence[Tracked],
    kinds: tuple[Any, ...],
    labels: dict[Any, str],
    kind_of: Callable[[Tracked], Any],
    merge: bool,
) -> list[Said]:
    """How many actions are of each kind; neighbouring kinds are merged if `merge` asks for it."""
    if not seen:
        return []
    parts = _safe_parts(seen, kinds, kind_of) if merge else [(kind,) for kind in kinds]
    return [
        {
            "codes": [kind.value for kind in part],
            "label": " to ".join(dict.fromkeys((labels[part[0]], labels[part[-1]].lower())))
            if len(part) > 1
            else labels[part[0]],
            "count": sum(kind_of(one) in part for one in seen),
        }
        for part in parts
    ]


def _safe_parts(
    seen: Sequence[Tracked], kinds: tuple[Any, ...], kind_of: Callable[[Tracked], Any]
) -> list[tuple[Any, ...]]:
    """The most parts of neighbouring kinds such that three owners, or none, are in each; none if only one is left."""

    def owners(part: tuple[Any, ...]) -> int:
        return owners_of(one for one in seen if kind_of(one) in part)

    for cuts in range(len(kinds) - 1, 0, -1):
        for chosen in combinations(range(1, len(kinds)), cuts):
            edges = (0, *chosen, len(kinds))
            parts = [kinds[edges[i] : edges[i + 1]] for i in range(cuts + 1)]
            if all((count := owners(part)) == 0 or count >= RARE for part in parts):
                return parts
    return []
