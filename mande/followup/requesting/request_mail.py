"""Requests that did not arrive, that are unsubscribed from, or that must not be exposed any more."""

from uuid import UUID

from flask import Flask
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import exists
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events import marking
from mande.events.discretion import is_discreet
from mande.events.models import Event
from mande.events.models import Person
from mande.followup import companions
from mande.followup import history
from mande.followup import operations
from mande.followup.models import ActionOwner
from mande.followup.models import ActionRequest
from mande.followup.models import FollowupLink
from mande.followup.models import RequestState
from mande.followup.requesting import answering_requests as answering
from mande.followup.requesting import request_letters
from mande.followup.requesting import requests
from mande.followup.requesting.requests import Asked
from mande.mail import renewing
from mande.mail import rewriting
from mande.mail import stopping
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.rewriting import Wish


def init_app(app: Flask) -> None:
    rewriting.register(app, MessageKind.REQUEST, rewrite)
    stopping.register(app, MessageKind.REQUEST, stop)
    marking.register_on_discreet(app, align)


def rewrite(session: Session, wish: Wish) -> Draft | None:
    """The question as long as it is asked; after an agreement the new owner's link, as long as they own the action."""
    request = session.get(ActionRequest, wish.about)
    if request is None:
        return None
    if wish.sequence == request_letters.ANSWERED:
        link = session.get(FollowupLink, request.to_link_id) if request.to_link_id else None
        owns = link is not None and link.id in {one.link_id for one in request.action.owners}
        return request_letters.answered(request, link, wish.due_at) if link and owns else None
    known = requests.known_at(session, request.to_address) if request.to_address else None
    ended = Asked("", request, known).has_ended(clock.now()) or request.state is not RequestState.ASKED
    if ended or not requests.may_be_asked(session, request, known):
        return None
    return request_letters.question(request, known, wish.due_at)


def stop(session: Session, about: UUID) -> None:
    """Declines for whom a question was sent to, as their page does; for a new owner it ends their follow-up."""
    request = session.get(ActionRequest, about)
    if request is None:
        return
    requests.lock(session, request.id, request.action_id)
    session.refresh(request)
    answering.decline(session, Asked("", request, None))
    link = session.get(FollowupLink, request.to_link_id) if request.to_link_id else None
    if link is not None:
        operations.stop(session, link)


def align(session: Session) -> int:
    """See `marking.align`. What would name whoever must not be exposed is no longer asked."""
    ended = session.scalars(_exposing()).all()
    for request in ended:
        history.by_mande(session, request.action, "question taken back")
    companions.end(session, ended, RequestState.WITHDRAWN)
    wrong = [message for message, request in session.execute(_waiting())
             if (message.sender_name is not None) != _is_neutral(session, message, request)]  # fmt: skip
    return len(ended) + renewing.renew(session, wrong, marking.NAMED)


def _exposing() -> Select[ActionRequest]:
    """What is asked about an action of which an owner, or the event, must not be exposed."""
    owner = (
        select(ActionOwner.id)
        .join(FollowupLink, FollowupLink.id == ActionOwner.link_id)
        .join(Person, Person.id == FollowupLink.person_id)
        .where(ActionOwner.action_id == ActionRequest.action_id, Person.discreet)
    )
    return (
        select(ActionRequest)
        .join(ActionRequest.asked_by)
        .join(FollowupLink.event)
        .where(ActionRequest.to_address.is_not(None), or_(Event.discreet, exists(owner)))
        .with_for_update(skip_locked=True, of=ActionRequest)
    )


def _waiting() -> Select[Message, ActionRequest]:
    about = and_(ActionRequest.id == Message.about, Message.kind == MessageKind.REQUEST)
    return (
        select(Message, ActionRequest)
        .join(ActionRequest, about)
        .where(Message.state.in_(renewing.WAITING))
        .with_for_update(of=Message, skip_locked=True)
    )


def _is_neutral(session: Session, message: Message, request: ActionRequest) -> bool:
    """Whether a message may say nothing of its event, because of who gets it."""
    if message.sequence == request_letters.ANSWERED:
        link = session.get(FollowupLink, request.to_link_id) if request.to_link_id else None
        person = link.person if link else None
    else:
        person = requests.known_at(session, request.to_address) if request.to_address else None
    return person is not None and is_discreet(request.asked_by.event, person)
