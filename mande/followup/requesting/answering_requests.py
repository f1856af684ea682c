"""What a colleague answers who was asked about somebody's action: yes, no, or no longer."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande import tokens
from mande.events.models import Event
from mande.events.models import Person
from mande.events.records import people
from mande.followup import companions
from mande.followup import history
from mande.followup import links
from mande.followup import operations
from mande.followup import telling
from mande.followup.asking import checkins
from mande.followup.models import ActionOwner
from mande.followup.models import ActionRequest
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import RequestKind
from mande.followup.models import RequestState
from mande.followup.models import Visibility
from mande.followup.operations import TooManyActionsError as TooManyActionsError
from mande.followup.requesting import request_letters
from mande.followup.requesting import requests
from mande.followup.requesting.requests import Asked
from mande.mail import outbox
from mande.staff import audit


@dataclass(frozen=True)
class Consent:
    """What somebody says with their yes: their name, and of an action that becomes theirs who may see it, and whether
    they may be asked. `language` is that of their page.
    """

    name: str
    visibility: Visibility = Visibility.PARTNERS_WITHOUT_NAME
    consent: bool = False
    language: str | None = None


def visit(session: Session, token: str) -> Asked | None:
    """Whoever holds the link with this token, as typed, or None. In a transaction that writes the request is locked."""
    well_formed = tokens.normalise(token)
    if well_formed is None:
        return None
    wanted = ActionRequest.token_digest == tokens.digest(well_formed)
    if session.get_bind().get_execution_options().get("mande_write"):
        _lock(session, wanted)
    asker = joinedload(ActionRequest.asked_by)
    owners = joinedload(ActionRequest.action).selectinload(PlannedAction.owners).joinedload(ActionOwner.link)
    request = session.scalars(
        select(ActionRequest)
        .where(wanted)
        .options(
            asker.joinedload(FollowupLink.person),
            asker.joinedload(FollowupLink.event).selectinload(Event.partners),
            asker.joinedload(FollowupLink.event).selectinload(Event.meetings),
            owners.joinedload(FollowupLink.person),
        )
    ).one_or_none()
    return Asked(well_formed, request, _known(session, request)) if request else None


def _lock(session: Session, wanted: ColumnElement[bool]) -> None:
    of = select(ActionRequest.id, ActionRequest.from_link_id, ActionRequest.action_id).where(wanted)
    found = session.execute(of).one_or_none()
    if found is not None:
        requests.lock_asker(session, found.from_link_id)
        requests.lock(session, found.id, found.action_id)


def _known(session: Session, request: ActionRequest) -> Person | None:
    if request.to_address:
        return requests.known_at(session, request.to_address)
    link = session.get(FollowupLink, request.to_link_id) if request.to_link_id else None
    return link.person if link else None


def agree(session: Session, asked: Asked, consent: Consent) -> None:
    """Does what was asked, and a second time nothing. Raises TooManyActionsError, LookupError once it has ended."""
    request = asked.request
    if request.state is RequestState.AGREED:
        return
    if asked.has_ended(clock.now()):
        raise LookupError(f"request {request.id} has ended")
    if request.kind is RequestKind.NAME:
        _settle(session, request, consent.name)
        history.by_mande(session, request.action, "colleague agreed to be named")
        return
    person = asked.known or _new_person(session, request, consent)
    link = links.ensure_link(session, asked.event.id, person.id)
    _own(session, request.action, link, consent)
    request.to_link_id = link.id
    _settle(session, request, "")
    if request.kind is RequestKind.TAKE_OVER:
        _leave(session, request.action, request.asked_by, link)
    telling.tell(session, [request.action.id])
    checkins.schedule_check_ins(session, {request.from_link_id, *(one.link_id for one in request.action.owners)})
    outbox.queue(session, [request_letters.answered(request, link, clock.now())])


def decline(session: Session, asked: Asked) -> None:
    """No, or, of whoever is named with an action: not any more. An action that is theirs they leave on their page."""
    request = asked.request
    if companions.is_named(request):
        history.by_mande(session, request.action, "colleague no longer named")
    elif request.state is RequestState.ASKED:
        history.by_mande(session, request.action, "colleague declined")
    else:
        return
    companions.end(session, [request], RequestState.DECLINED)


def _settle(session: Session, request: ActionRequest, name: str) -> None:
    outbox.forget_addressee(session, [request.id], "It was answered.")
    request.state, request.to_address, request.to_name = RequestState.AGREED, None, name
    request.answered_at = clock.now()
    session.flush()


def _new_person(session: Session, request: ActionRequest, consent: Consent) -> Person:
    person = Person(name=consent.name, email=request.to_address, language=consent.language)
    session.add(person)
    session.flush()
    audit.record(session, "person added", people.number(person), {"by": "their agreement to own an action"})
    return person


def _own(session: Session, action: PlannedAction, link: FollowupLink, consent: Consent) -> None:
    owner = next((one for one in action.owners if one.link_id == link.id), None)
    if owner is None:
        if len(operations.actions_of(session, link.id)) >= operations.MOST_ACTIONS:
            raise TooManyActionsError
        owner = ActionOwner(link=link, since=clock.now())
        action.owners.append(owner)
        history.by_owner(session, action, link, "joined")
    owner.visibility, owner.consent = consent.visibility, consent.consent


def _leave(session: Session, action: PlannedAction, giver: FollowupLink, taker: FollowupLink) -> None:
    owner = next((one for one in action.owners if one.link_id == giver.id), None)
    if owner is None or giver.id == taker.id:
        return
    companions.end_of_owner(session, action, giver.id)
    action.owners.remove(owner)
    history.by_owner(session, action, giver, "handed over")
