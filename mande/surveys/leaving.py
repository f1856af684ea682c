"""What becomes of invitations when somebody is taken off an event's list, and ending what they are sent."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande.events.leaving import Finding
from mande.events.leaving import Part
from mande.events.models import Attendance
from mande.mail import outbox
from mande.mail.models import MessageKind
from mande.surveys.merging import closing_day
from mande.surveys.models import Invitation
from mande.surveys.models import SurveyState

ABOUT_SURVEYS = (MessageKind.INVITATION, MessageKind.REMINDER, MessageKind.LAST_CALL, MessageKind.THANK_YOU)


def check(session: Session, attendance: Attendance) -> Finding:
    """Refuses whoever was asked in a survey that is open, whether they have answered or not."""
    return Finding(
        tuple(
            _(
                "They were asked to answer a questionnaire that is open until %(day)s. Nobody may learn whether they "
                "have answered, so that whoever was asked stays on the list until it closes.",
                day=closing_day(one.survey),
            )
            for one in _of(session, attendance)
            if one.survey.state is SurveyState.OPEN
        )[:1]
    )


def remove(session: Session, attendance: Attendance) -> None:
    """Removes what tells that they were asked, in surveys that are closed: their figures do not change."""
    for invitation in _of(session, attendance):
        session.delete(invitation)


def stop(session: Session, attendance: Attendance) -> None:
    """No more messages about surveys. The links go on working."""
    asked = select(Invitation).where(Invitation.attendance_id == attendance.id).order_by(Invitation.id)
    invitations = session.scalars(asked.with_for_update()).all()
    for invitation in invitations:
        invitation.stopped = True
    session.flush()
    outbox.cancel(session, [one.id for one in invitations], ABOUT_SURVEYS, "not wanted")


def _of(session: Session, attendance: Attendance) -> list[Invitation]:
    found = select(Invitation).where(Invitation.attendance_id == attendance.id)
    return list(session.scalars(found.options(joinedload(Invitation.survey))))


PART = Part(check, remove, stop)
