"""What an owner asks a colleague about an action: to own it too, to be named with it, or to take it over.

Each belongs in one transaction. Nobody who asks is told whether an address is known to us, or whether a message to it
was sent: what the page says is the same for all.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from uuid import uuid4

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande import tokens
from mande.events.discretion import LINK_LIFE
from mande.events.discretion import is_discreet
from mande.events.models import Event
from mande.events.models import Person
from mande.events.records import people
from mande.followup import companions
from mande.followup import history
from mande.followup import links
from mande.followup.models import ActionChange
from mande.followup.models import ActionRequest
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import RequestKind
from mande.followup.models import RequestState
from mande.followup.requesting import request_letters
from mande.followup.requesting import request_rules
from mande.followup.requesting.request_rules import Circumstances
from mande.followup.requesting.request_rules import Earlier
from mande.followup.requesting.request_rules import Refusal
from mande.mail import outbox
from mande.web import settings

AT_ONCE = 200
ASKED = "colleague asked"


class RefusedError(Exception):
    """Nobody is asked, for this reason."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True)
class Question:
    """What is asked, and of whom. `address` is in lower case."""

    kind: RequestKind
    name: str
    address: str


@dataclass(frozen=True)
class Asked:
    """Somebody at what they were asked, the token that they came with, and who they are, as far as we know them."""

    token: str
    request: ActionRequest
    known: Person | None

    @property
    def event(self) -> Event:
        return self.request.asked_by.event

    @property
    def exposes(self) -> bool:
        """Whether the page may name neither the asker nor the event any more."""
        return is_exposing(self.request.action)

    def has_ended(self, now: datetime) -> bool:
        """Whether there is nothing to answer any more, nor anything to take back."""
        if self.request.state is not RequestState.ASKED:
            return self.request.state is not RequestState.AGREED
        discreet = self.known is not None and is_discreet(self.event, self.known)
        late = now >= self.request.expires_at or (discreet and now >= self.request.asked_at + LINK_LIFE)
        return late or self.exposes or (discreet and self.request.kind is RequestKind.NAME)


def is_exposing(action: PlannedAction) -> bool:
    """Whether a message about an action would name an event, or an owner, that must not be exposed."""
    return action.event.discreet or any(is_discreet(action.event, owner.link.person) for owner in action.owners)


def ask(
    session: Session, link: FollowupLink, action: PlannedAction, question: Question, by: str | None = None
) -> ActionRequest:
    """Asks a colleague in the name of the owner of `link`, who is locked; `by` is whoever of the team does it for them.

    No message goes to an address to which nothing is sent, to whoever has stopped the follow-up of this event, or to
    somebody who must not be exposed and would be named. Raises RefusedError.
    """
    session.execute(select(PlannedAction.id).where(PlannedAction.id == action.id).with_for_update())
    now = clock.now()
    digest = request_rules.address_digest(settings().secret_key, action.id, question.address)
    refused = request_rules.refusal(question.kind, _circumstances(session, link, action, question, digest, by), now)
    if refused:
        raise RefusedError(refused)
    request = _new(link, action, question, digest, now)
    session.add(request)
    session.flush()
    if by is None:
        history.by_owner(session, action, link, ASKED, {"kind": [None, question.kind.value]})
    else:
        history.by_team(session, action, by, ASKED, {"kind": [None, question.kind.value]})
    known = known_at(session, question.address)
    if may_be_asked(session, request, known):
        outbox.queue(session, [request_letters.question(request, known, now)])
    return request


def known_at(session: Session, address: str) -> Person | None:
    return people.find_by_address(session, [address]).get(address)


def may_be_asked(session: Session, request: ActionRequest, known: Person | None) -> bool:
    """Whether a message may go to whoever is asked. Nobody else is told."""
    if known is None:
        return True
    link = links.of(session, request.asked_by.event_id, known.id)
    hidden = request.kind is RequestKind.NAME and is_discreet(request.asked_by.event, known)
    return not hidden and not (link and link.stopped)


def _circumstances(
    session: Session, link: FollowupLink, action: PlannedAction, question: Question, digest: bytes, by: str | None
) -> Circumstances:
    person = link.person
    requests = session.scalars(select(ActionRequest).where(ActionRequest.action_id == action.id)).all()
    return Circumstances(
        exposing=is_exposing(action),
        own=question.address in {person.email, *(one.address for one in person.addresses)},
        open_now=sum(one.state is RequestState.ASKED for one in requests),
        asked_by_one=0 if by else _asked_by(session, link),
        earlier=[Earlier(one.kind, one.state, one.asked_at) for one in requests if one.address_digest == digest],
    )


def _asked_by(session: Session, link: FollowupLink) -> int:
    """How many an owner has ever asked, whatever became of them and of the actions: the history keeps that."""
    asked = (ActionChange.link_id == link.id) & (ActionChange.what == ASKED)
    return session.scalars(select(func.count(ActionChange.id)).where(asked)).one()


def _new(
    link: FollowupLink, action: PlannedAction, question: Question, digest: bytes, now: datetime
) -> ActionRequest:  # fmt: skip
    ring = settings().link_keys
    subject, nonce = uuid4(), tokens.new_nonce()
    return ActionRequest(
        id=subject,
        action=action,
        asked_by=link,
        kind=question.kind,
        to_name=question.name,
        to_address=question.address,
        address_digest=digest,
        state=RequestState.ASKED,
        nonce=nonce,
        token_digest=tokens.digest(tokens.derive(ring.newest, subject, nonce)),
        link_key=ring.fingerprint,
        asked_at=now,
        expires_at=now + request_rules.LASTS,
    )


def token_of(request: ActionRequest) -> str:
    """The token, derived anew. Raises KeyringError where the key that made it is no longer on the ring."""
    return tokens.derive(settings().link_keys.find(request.link_key), request.id, request.nonce)


def find(action: PlannedAction, request_id: UUID) -> ActionRequest | None:
    """One of the requests about an action."""
    return next((one for one in action.requests if one.id == request_id), None)


def may_be_withdrawn(request: ActionRequest) -> bool:
    """Whether an owner, or the team, may take it back: what is still asked, and a name that is shown."""
    return request.state is RequestState.ASKED or companions.is_named(request)


def withdraw(session: Session, request: ActionRequest, who: FollowupLink | str) -> None:
    """Takes back what was asked, or stops naming whoever agreed. `who` does it: an owner, or an address of the team.

    What has been answered otherwise stays as it is.
    """
    lock(session, request.id, request.action_id)
    session.refresh(request)
    if not may_be_withdrawn(request):
        return
    what = "colleague no longer named" if companions.is_named(request) else "question taken back"
    companions.end(session, [request], RequestState.WITHDRAWN)
    if isinstance(who, str):
        history.by_team(session, request.action, who, what)
    else:
        history.by_owner(session, request.action, who, what)


def lock_asker(session: Session, link_id: UUID) -> None:
    """Locks the owner in whose name something is asked or given: before anything else. Their own visit has done so."""
    session.execute(select(FollowupLink.id).where(FollowupLink.id == link_id).with_for_update())


def lock(session: Session, request_id: UUID, action_id: UUID) -> None:
    """Locks a request and its action, in the order in which everybody does so."""
    session.execute(select(PlannedAction.id).where(PlannedAction.id == action_id).with_for_update())
    session.execute(select(ActionRequest.id).where(ActionRequest.id == request_id).with_for_update())


def expire(session: Session, limit: int = AT_ONCE) -> int:
    """Ends requests that were not answered in time; returns how many. Several workers may do so at once."""
    # That an address is there is what the index knows; it is there as long as a request is open.
    due = (
        select(ActionRequest)
        .where(ActionRequest.to_address.is_not(None), ActionRequest.expires_at <= clock.now())
        .options(joinedload(ActionRequest.action))
        .limit(limit)
        .with_for_update(skip_locked=True, of=ActionRequest)
    )
    ended = session.scalars(due).all()
    for one in ended:
        history.by_mande(session, one.action, "question not answered in time")
    return companions.end(session, ended, RequestState.EXPIRED)
