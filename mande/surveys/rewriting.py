"""Writing messages about surveys once more, when the first did not arrive (see `mail.rewriting`)."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.models import Attendance
from mande.mail import rewriting
from mande.mail import stopping as mail_stopping
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.rewriting import Wish
from mande.surveys import messages
from mande.surveys.answering import stopping
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.versions import definition_of

KINDS = (MessageKind.INVITATION, MessageKind.REMINDER, MessageKind.LAST_CALL, MessageKind.THANK_YOU)


def init_app(app: Flask) -> None:
    for kind in KINDS:
        rewriting.register(app, kind, rewrite)
        mail_stopping.register(app, kind, stopping.stop)


def rewrite(session: Session, wish: Wish) -> Draft | None:
    """A message in today's words, with the same link; None where it is not to be sent any more.

    Whoever has answered is not asked again. Where staff ask for the message by hand they get the invitation, which is
    true of everybody: a button that did nothing would tell who has answered.
    """
    asked = _invitation(session, wish)
    if asked is None or asked.stopped:
        return None
    survey = asked.survey
    about = (survey.event, survey, definition_of(survey.questionnaire), asked, wish.due_at)
    if wish.kind is MessageKind.THANK_YOU:
        return messages.thank_you(*about)
    is_open = survey.state is SurveyState.OPEN and (survey.closes_at is None or survey.closes_at > clock.now())
    if not is_open or asked.nonce is None or (asked.answered and not wish.by_hand):
        return None
    if wish.kind is MessageKind.INVITATION or asked.answered:
        return messages.invitation(*about)
    if wish.kind is MessageKind.LAST_CALL:
        return messages.last_call(*about, wish.sequence, None)
    return messages.reminder(*about, wish.sequence, None, last=False)


def _invitation(session: Session, wish: Wish) -> Invitation | None:
    wanted = select(Invitation).where(Invitation.id == wish.about).with_for_update(of=Invitation)
    survey = joinedload(Invitation.survey)
    return session.scalars(
        wanted.options(
            survey.joinedload(Survey.event),
            survey.joinedload(Survey.questionnaire),
            joinedload(Invitation.attendance).joinedload(Attendance.person),
        )
    ).one_or_none()
