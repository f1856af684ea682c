"""Verification: what a named member of the team found out about an action. The latest holds; none is edited away."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.followup import history
from mande.followup.desk.models import Verification
from mande.followup.models import PlannedAction
from mande.followup.models import Verified
from mande.staff.models import StaffMember


def verify(
    session: Session, action: PlannedAction, level: Verified, source: str, note: str, member: StaffMember
) -> Verification:
    """Adds a verification. It holds until there is another one, and says nothing about what owners report.

    A form that was sent twice is kept once.
    """
    last = next(iter(of(session, action.id)), None)
    if last and (last.level, last.source, last.note, last.verified_by) == (level, source, note, member.email):
        return last
    found = Verification(
        action_id=action.id,
        level=level,
        source=source,
        note=note,
        verified_at=clock.now(),
        verified_by=member.email,
        verified_by_name=member.name,
    )
    session.add(found)
    changes = history.changed({"verified": action.verified}, {"verified": level})
    action.verified = level
    session.flush()
    history.by_team(session, action, member.email, "verified", changes)
    return found


def of(session: Session, action_id: UUID) -> list[Verification]:
    """All verifications of an action, the one that holds first."""
    mine = select(Verification).where(Verification.action_id == action_id)
    return list(session.scalars(mine.order_by(Verification.verified_at.desc(), Verification.id)))
