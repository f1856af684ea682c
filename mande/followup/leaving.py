"""What becomes of planned actions when their owner is taken off an event's list, and ending check-ins."""

from flask_babel import ngettext
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.leaving import Finding
from mande.events.leaving import Part
from mande.events.models import Attendance
from mande.followup import companions
from mande.followup import links
from mande.followup import operations
from mande.followup import telling
from mande.followup.models import ActionOwner
from mande.followup.models import ActionRequest
from mande.followup.models import CheckIn
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.mail import outbox


def check(session: Session, attendance: Attendance) -> Finding:
    """Tells how many actions would be lost."""
    counted = (
        select(func.count(PlannedAction.id))
        .join(ActionOwner, ActionOwner.action_id == PlannedAction.id)
        .join(FollowupLink, FollowupLink.id == ActionOwner.link_id)
        .where(links.of_attendance(attendance), PlannedAction.withdrawn.is_(False))
    )
    number = session.scalar(counted) or 0
    if not number:
        return Finding()
    lost = ngettext(
        "%(num)d planned action is erased, with all that was reported about it.",
        "%(num)d planned actions are erased, with all that was reported about them.",
        number,
    )
    return Finding(losses=(lost,))


def remove(session: Session, attendance: Attendance) -> None:
    """Takes back what was to be sent, and removes the link with all that nobody else owns."""
    link = links.of(session, attendance.event_id, attendance.person_id)
    if link is None:
        return
    outbox.forget(session, session.scalars(select(CheckIn.id).where(CheckIn.link_id == link.id)).all())
    own = select(ActionOwner.action_id).where(ActionOwner.link_id == link.id)
    others = select(ActionOwner.action_id).where(ActionOwner.link_id != link.id)
    asked = ActionRequest.action_id.in_(own) & ActionRequest.action_id.not_in(others)
    companions.end_where(session, asked | (ActionRequest.from_link_id == link.id))
    lost = delete(PlannedAction).where(PlannedAction.id.in_(own), PlannedAction.id.not_in(others))
    concerned = session.scalars(own).all()
    session.execute(lost)
    session.delete(link)
    telling.tell(session, concerned)


def stop(session: Session, attendance: Attendance) -> None:
    """No more check-ins."""
    link = links.of(session, attendance.event_id, attendance.person_id)
    if link is not None:
        operations.stop(session, link)


PART = Part(check, remove, stop)
