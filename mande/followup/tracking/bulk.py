"""Doing a change to several actions at once, and undoing it: what was changed again since stays as it is."""

from collections.abc import Callable
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.models import IntendedOutcome
from mande.followup import history
from mande.followup import operations
from mande.followup.desk import team_actions
from mande.followup.desk import themes
from mande.followup.desk.models import BulkChange
from mande.followup.models import PlannedAction
from mande.followup.tracking import changing
from mande.followup.tracking import finding
from mande.followup.tracking.changing import Change
from mande.followup.tracking.changing import Plan
from mande.followup.tracking.changing import Value
from mande.followup.tracking.wanted import Wanted
from mande.staff import audit
from mande.staff.models import StaffMember

MOST = 1000
RECENT = 30
_CHUNK = 500


def chosen(session: Session, wanted: Wanted, ids: Sequence[UUID], everything: bool) -> list[UUID]:
    """The actions that were ticked, or (`everything`) all that are found, as far as MOST and one more."""
    if everything:
        return list(session.scalars(finding.ordered(session, wanted).limit(MOST + 1)))
    return list(dict.fromkeys(ids))[: MOST + 1]


def actions(session: Session, ids: Sequence[UUID], lock: bool = False) -> list[PlannedAction]:
    """These actions with their events, in the order in which they are given; `lock` them until the transaction ends."""
    found: dict[UUID, PlannedAction] = {}
    for start in range(0, len(ids), _CHUNK):
        query = select(PlannedAction).where(PlannedAction.id.in_(ids[start : start + _CHUNK]))
        query = query.options(joinedload(PlannedAction.event)).order_by(PlannedAction.id)
        if lock:
            query = query.with_for_update(of=PlannedAction)
        found.update((one.id, one) for one in session.scalars(query))
    return [found[one] for one in ids if one in found]


def plan(session: Session, ids: Sequence[UUID], change: Change, lock: bool = False) -> Plan:
    """What a change would come to."""
    theme = session.get(IntendedOutcome, change.theme) if change.theme else None
    if change.member and session.get(StaffMember, change.member) is None:
        raise LookupError("no such member of the team")
    return changing.plan(actions(session, ids, lock), change, theme.event_id if theme else None)


def do(session: Session, ids: Sequence[UUID], change: Change, email: str) -> BulkChange | None:
    """Does a change, in the name of the member with this address; None where nothing was to be changed."""
    made = plan(session, ids, change, lock=True)
    if not made.steps:
        return None
    for step in made.steps:
        _set(session, step.action, step.field, step.becomes, email)
    before = [{"action": step.action.id.hex, "field": step.field, "was": _plain(step.was),
               "became": _plain(step.becomes)} for step in made.steps]  # fmt: skip
    kept = BulkChange(at=clock.now(), by=email, what=change.kind.value, before=before)
    session.add(kept)
    session.flush()
    _record(session, "actions changed", kept, [step.action for step in made.steps])
    return kept


def undo(session: Session, kept: BulkChange, email: str) -> int:
    """Puts back what a change did, and returns of how many actions; what was changed again since is left alone."""
    session.refresh(kept, with_for_update=True)
    if kept.undone_at:
        return 0
    ids = {UUID(one["action"]): one for one in kept.before}
    back = []
    for action in actions(session, list(ids), lock=True):
        step = ids[action.id]
        if _plain(getattr(action, step["field"])) == step["became"] and _may_return(session, step):
            _set(session, action, step["field"], _value(step["field"], step["was"]), email)
            back.append(action)
    kept.undone_at = clock.now()
    _record(session, "change of actions undone", kept, back)
    return len(back)


def recent(session: Session) -> list[BulkChange]:
    """The last changes of several actions, the latest first."""
    return list(session.scalars(select(BulkChange).order_by(BulkChange.at.desc(), BulkChange.id).limit(RECENT)))


def _may_return(session: Session, step: dict[str, Any]) -> bool:
    """Whether what it was before still exists."""
    models = {"theme_id": IntendedOutcome, "staff_id": StaffMember}
    before = _value(step["field"], step["was"])
    return before is None or step["field"] not in models or session.get(models[step["field"]], before) is not None


def _set(session: Session, action: PlannedAction, field: str, value: Value, email: str) -> None:
    """Gives an action's field a value, and writes it into its history."""
    _WAYS[field](session, action, value, email)


def _set_theme(session: Session, action: PlannedAction, value: Any, email: str) -> None:
    themes.assign(session, action, session.get(IntendedOutcome, value) if value else None, email)


def _set_day(session: Session, action: PlannedAction, value: Any, email: str) -> None:
    history.by_team(session, action, email, "changed", operations.move(action, value))


def _set_member(session: Session, action: PlannedAction, value: Any, email: str) -> None:
    before, after = (session.get(StaffMember, one) if one else None for one in (action.staff_id, value))
    action.staff_id = value
    told = {"staff": [before.name if before else None, after.name if after else None]}
    history.by_team(session, action, email, "changed", told)


def _set_withdrawn(session: Session, action: PlannedAction, value: Any, email: str) -> None:
    (team_actions.withdraw if value else team_actions.put_back)(session, action, email)


_WAYS: dict[str, Callable[[Session, PlannedAction, Any, str], None]] = {
    "theme_id": _set_theme,
    "by_when": _set_day,
    "staff_id": _set_member,
    "withdrawn": _set_withdrawn,
}


def _plain(value: Value) -> str | bool | None:
    """A value as JSON has it."""
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, date) else value


def _value(field: str, plain: Any) -> Value:
    """The value that `_plain` made this of."""
    if plain is None or isinstance(plain, bool):
        return plain
    return date.fromisoformat(plain) if field == "by_when" else UUID(hex=plain)


def _record(session: Session, action: str, kept: BulkChange, changed: Sequence[PlannedAction]) -> None:
    codes = sorted({one.event.code for one in changed})
    detail = {"what": kept.what, "actions": len(changed), **({"events": len(codes)} if len(codes) > 1 else {})}
    audit.record(session, action, codes[0] if len(codes) == 1 else "actions", detail)
