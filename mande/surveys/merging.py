"""What becomes of invitations when two attendances of one person at an event are made one.

Nobody may learn who has answered. So whether two records can be made one never depends on an answer: where both were
asked in a wave of surveys that is still open, it waits until closing, whoever of the two has answered, or neither.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande.events.records.merging import Finding
from mande.events.records.merging import Moved
from mande.events.records.merging import Pair
from mande.events.records.merging import Part
from mande.events.records.merging import Refusal
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.reminders import zone_of


def check(session: Session, pair: Pair) -> Finding:
    """Refuses two who were asked in surveys of one wave that are open."""
    open_at_kept = {survey.wave for survey in _open(session, pair.kept.id)}
    both = [survey for survey in _open(session, pair.dropped.id) if survey.wave in open_at_kept]
    return Finding(tuple(Refusal(_why(survey), pair, may_stop=True) for survey in both))


def move(session: Session, pair: Pair) -> Moved:
    """Takes invitations over, with their links. One in a survey in which the kept record was asked too goes: the survey
    is closed, and its figures do not count invitations any more.
    """
    asked_in = {one.survey_id for one in _invitations(session, pair.kept.id)}
    moved, removed = [], []
    for invitation in _invitations(session, pair.dropped.id):
        if invitation.survey_id in asked_in:
            removed.append(_told(invitation))
            session.delete(invitation)
        else:
            moved.append(invitation.id.hex)
            invitation.attendance = pair.kept
    session.flush()
    return {"moved": moved, "removed": removed}


def undo(session: Session, kept: UUID, dropped: UUID, told: Moved) -> None:
    """Gives the second attendance its invitations back."""
    for one in told["moved"]:
        invitation = session.get(Invitation, UUID(one))
        if invitation is not None and invitation.attendance_id == kept:
            invitation.attendance_id = dropped
    for removed in told["removed"]:
        if session.get(Survey, UUID(removed["survey"])) is not None:
            session.add(_again(removed, dropped))
    session.flush()


def _told(invitation: Invitation) -> dict[str, Any]:
    """What is left of an invitation to a survey that is closed."""
    return {
        "id": invitation.id.hex,
        "survey": invitation.survey_id.hex,
        "stopped": invitation.stopped,
        "expires": invitation.expires_at.isoformat() if invitation.expires_at else None,
    }


def _again(removed: dict[str, Any], dropped: UUID) -> Invitation:
    expires = removed["expires"]
    return Invitation(
        id=UUID(removed["id"]),
        survey_id=UUID(removed["survey"]),
        attendance_id=dropped,
        stopped=removed["stopped"],
        expires_at=datetime.fromisoformat(expires) if expires else None,
    )


def _invitations(session: Session, attendance_id: UUID) -> list[Invitation]:
    found = select(Invitation).where(Invitation.attendance_id == attendance_id).order_by(Invitation.id)
    return list(session.scalars(found.options(joinedload(Invitation.survey))))


def _open(session: Session, attendance_id: UUID) -> list[Survey]:
    surveys = [one.survey for one in _invitations(session, attendance_id)]
    return [survey for survey in surveys if survey.state is SurveyState.OPEN]


def _why(survey: Survey) -> str:
    told = _(
        "Both records were asked about %(code)s, and the questionnaire is open until %(day)s. Until it closes nobody "
        "may learn whether either of them has answered, so that they can only be made one afterwards.",
        code=survey.event.code,
        day=closing_day(survey),
    )
    return str(told)


def closing_day(survey: Survey) -> str:
    """The day on which an open survey closes, where its event is."""
    if survey.closes_at is None:
        return ""
    return str(format_date(survey.closes_at.astimezone(zone_of(survey.event.time_zone)), "d MMMM y", locale="en_GB"))


PART = Part(check, move, undo)
