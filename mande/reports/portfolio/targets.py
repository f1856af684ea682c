"""What the convenor wants to reach: for all its events, or for those of one programme."""

from collections.abc import Mapping
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.reports.kinds import Measure
from mande.reports.models import Target
from mande.staff import audit

OF_QUESTIONS = (Measure.MEAN, Measure.FAVOURABLE)

Key = tuple[Measure, str]
"""A measure, and the code of a question (empty for the measures that are not of one)."""


class TargetExistsError(Exception):
    """There is a target for this already."""


def all_targets(session: Session) -> Sequence[Target]:
    """Those of the house first, then by programme; in the order of the measures."""
    order = list(Measure)
    found = session.scalars(select(Target)).all()
    return sorted(found, key=lambda one: (one.programme, order.index(one.measure), one.question))


def of_programme(session: Session, programme: str) -> Mapping[Key, Target]:
    """The targets that hold for events of a programme: its own, and where it has none those of the house."""
    rows = session.scalars(select(Target).where(Target.programme.in_({"", programme})))
    return {(one.measure, one.question): one for one in sorted(rows, key=lambda one: bool(one.programme))}


def set_target(session: Session, measure: Measure, question: str, programme: str, value: float) -> Target:
    """Adds a target. Raises TargetExistsError where there is one for the same: change that."""
    same = {"measure": measure, "question": question, "programme": programme}
    if session.scalars(select(Target).filter_by(**same).with_for_update()).one_or_none():
        raise TargetExistsError
    target = Target(**same, value=value, set_at=clock.now(), set_by=audit.doer())
    session.add(target)
    session.flush()
    _record(session, "target set", target)
    return target


def change(session: Session, target_id: UUID, value: float) -> Target | None:
    """Changes what is to be reached; None where the target is gone."""
    target = session.get(Target, target_id, with_for_update=True)
    if target is not None and target.value != value:
        target.value, target.set_at, target.set_by = value, clock.now(), audit.doer()
        _record(session, "target changed", target)
    return target


def remove(session: Session, target_id: UUID) -> bool:
    """Takes a target away; False where it is gone already."""
    target = session.get(Target, target_id, with_for_update=True)
    if target is None:
        return False
    _record(session, "target removed", target)
    session.delete(target)
    return True


def _record(session: Session, what: str, target: Target) -> None:
    told = {"measure": target.measure.value, "question": target.question, "programme": target.programme}
    audit.record(session, what, "targets", told | {"value": target.value})
