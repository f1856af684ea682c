"""What becomes of invitations when somebody has all erased that is held about them.

Nobody may learn whether they have answered. What they have answered lies sealed in a survey that is open, found by
nothing but their own link, which goes on working: by it they can still withdraw their answers.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Attendance
from mande.events.records.erasing import Whose
from mande.mail import outbox
from mande.surveys.leaving import ABOUT_SURVEYS
from mande.surveys.models import Invitation


def erase(session: Session, whose: Whose) -> None:
    """No more messages about surveys, and no card of theirs opens anything."""
    theirs = select(Attendance.id).where(Attendance.person_id == whose.person.id)
    asked = select(Invitation).where(Invitation.attendance_id.in_(theirs)).order_by(Invitation.id)
    invitations = session.scalars(asked.with_for_update()).all()
    for invitation in invitations:
        invitation.stopped = True
        invitation.card_digest = None
    session.flush()
    outbox.cancel(session, [one.id for one in invitations], ABOUT_SURVEYS, "not wanted")
