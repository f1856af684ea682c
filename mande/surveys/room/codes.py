"""The code on a card: it leads its holder to their own link, once.

A code is derived like a link's token, from the same nonce but for another purpose, so that the same card can be printed
again. Using it gives the invitation a new nonce and with it a new link, so that whoever made, printed or copied the
card holds nothing that opens what its owner answers.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande import tokens
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.words import key
from mande.mail import rewriting
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.outbox import UNSENT
from mande.surveys.models import BallotBox
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave
from mande.web import settings


class CodeError(Exception):
    """The code opens nothing."""


class BegunError(CodeError):
    """The person has begun by their own link, which goes on working; the code must not end it."""


def waiting(session: Session, event: Event) -> list[Invitation]:
    """Those of an event's open surveys who have not answered, by name, with person and roles."""
    found = session.scalars(_waiting(event).order_by(Invitation.id))
    return sorted(found, key=lambda one: key(one.attendance.person.name))


def find(session: Session, event: Event, invitation_id: UUID) -> Invitation | None:
    """One of those who are waiting."""
    return session.scalars(_waiting(event).where(Invitation.id == invitation_id)).one_or_none()


def give(session: Session, invitations: Sequence[Invitation]) -> dict[UUID, str]:
    """The code of each invitation, which may be used from now on. The same each time, until it is used."""
    keys, given = settings().link_keys, {}
    for invitation in invitations:
        if invitation.nonce is None or invitation.link_key is None:
            raise ValueError("this invitation's link has ended")
        code = tokens.derive(keys.find(invitation.link_key), invitation.id, invitation.nonce, tokens.CARD)
        invitation.card_digest = tokens.digest(code)
        given[invitation.id] = code
    session.flush()
    return given


def claim(session: Session, code: str) -> str:
    """Uses a code, as typed or scanned: the token of the new link. What was mailed before leads nowhere any more, so
    that the person is sent the new link. Raises CodeError, and BegunError where there are answers by the old link.
    """
    well_formed = tokens.normalise(code)
    invitation = session.scalars(_claimed(well_formed)).one_or_none() if well_formed else None
    if invitation is None or invitation.nonce is None or invitation.link_key is None:
        raise CodeError
    if invitation.expires_at is not None and invitation.expires_at <= clock.now():
        raise CodeError
    ring = settings().link_keys
    before = tokens.derive(ring.find(invitation.link_key), invitation.id, invitation.nonce)
    if invitation.answered or session.get(BallotBox, tokens.locator(before)) is not None:
        raise BegunError
    nonce = tokens.new_nonce()
    token = tokens.derive(ring.newest, invitation.id, nonce)
    invitation.nonce, invitation.link_key, invitation.card_digest = nonce, ring.fingerprint, None
    invitation.token_digest = tokens.digest(token)
    session.flush()
    _send_on(session, invitation)
    return token


def _send_on(session: Session, invitation: Invitation) -> None:
    """Lets messages that wait carry the new link, and sends the invitation again where it had gone with the old one."""
    session.execute(
        update(Message)
        .where(Message.link_subject == invitation.id, Message.state.in_(UNSENT))
        .values(link_nonce=invitation.nonce, link_key=invitation.link_key)
        .execution_options(synchronize_session="fetch")
    )
    first = select(Message).where(
        Message.about == invitation.id,
        Message.kind == MessageKind.INVITATION,
        Message.state.in_((MessageState.SENT, MessageState.SENDING)),
    )
    for message in session.scalars(first):
        rewriting.rewrite(session, message)


def _waiting(event: Event) -> Select[Any]:
    person = joinedload(Invitation.attendance).joinedload(Attendance.person)
    return (
        select(Invitation)
        .join(Invitation.survey)
        .join(Invitation.attendance)
        .join(Attendance.person)
        .where(
            Survey.event_id == event.id,
            Survey.state == SurveyState.OPEN,
            Survey.wave == Wave.EVENT,
            Survey.closes_at > clock.now(),
            Invitation.answered.is_(False),
        )
        .options(person, joinedload(Invitation.survey).joinedload(Survey.questionnaire))
    )


def _claimed(code: str) -> Select[Any]:
    return (
        select(Invitation)
        .join(Invitation.survey)
        .where(
            Invitation.card_digest == tokens.digest(code),
            Survey.state == SurveyState.OPEN,
            Survey.closes_at > clock.now(),
        )
        .with_for_update(of=Invitation)
    )
