"""How many of those asked could be reached at all: what a response rate is to be read against."""

from sqlalchemy import ColumnElement
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.models import Role
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import Wave


def is_reached() -> ColumnElement[bool]:
    """Whether an invitation, or what followed it, did not come back, or was answered all the same."""
    arrived = exists().where(
        Message.about == Invitation.id,
        Message.kind.in_((MessageKind.INVITATION, MessageKind.REMINDER, MessageKind.LAST_CALL)),
        Message.state == MessageState.SENT,
    )
    return or_(arrived, Invitation.answered)


def reached(session: Session, event: Event, wave: Wave = Wave.EVENT) -> dict[Role, tuple[int, int]]:
    """How many of those invited had a message that did not come back, or have answered all the same, by role.

    As (reached, invited); of imported surveys nothing.
    """
    counted = (
        select(Survey.role, func.count().filter(is_reached()), func.count())
        .join(Survey, Survey.id == Invitation.survey_id)
        .where(Survey.event_id == event.id, Survey.wave == wave, Survey.imported.is_(False))
        .group_by(Survey.role)
    )
    return {role: (number, invited) for role, number, invited in session.execute(counted)}
