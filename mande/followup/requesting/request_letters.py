"""What is written to a colleague: the one question, and, once they own the action too, the link to their own page."""

from datetime import datetime

from mande.events.discretion import is_discreet
from mande.events.discretion import link_ends
from mande.events.models import Person
from mande.followup.asking import letters
from mande.followup.models import ActionRequest
from mande.followup.models import FollowupLink
from mande.followup.requesting.request_rules import without_links
from mande.mail.composing import Composed
from mande.mail.composing import compose
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox
from mande.web import settings

PATH = "/q/[[token]]"
STOP_PATH = "/q/[[token]]/decline"
OWN_PATH = "/a/[[token]]"
QUESTION, ANSWERED = 0, 1


def question(request: ActionRequest, known: Person | None, due_at: datetime) -> Draft:
    """The question to somebody, of whom we may know more (`known`) than the owner who asks.

    To somebody who must not be exposed it is neutral and names nobody. `request` is still asked.
    """
    asker, event = request.asked_by.person, request.asked_by.event
    discreet = known is not None and is_discreet(event, known)
    language = letters.language_for(known or asker)
    neutral = settings().mail.discreet_sender_name
    composed = (
        compose("request_discreet", language, name=request.to_name, sender=neutral, agreed=False)
        if discreet
        else compose(
            "request",
            language,
            kind=request.kind,
            name=request.to_name,
            asker=without_links(asker.name),
            title=event.title,
            what=without_links(request.action.what),
            manager=event.manager_name,
            convenor=event.convenor,
        )
    )
    link = Link(PATH, request.id, request.nonce, request.link_key)
    to = Mailbox(request.to_name, request.to_address or "")
    return _draft(request, composed, language, discreet, to, due_at, link, QUESTION)


def answered(request: ActionRequest, link: FollowupLink, due_at: datetime) -> Draft:
    """What follows an agreement to own an action: the link of the new owner. It goes to their own address alone."""
    person, event = link.person, link.event
    discreet = is_discreet(event, person)
    language = letters.language_for(person)
    link.expires_at = link_ends(discreet, due_at, link.expires_at)
    neutral = settings().mail.discreet_sender_name
    composed = (
        compose("request_discreet", language, name=person.name, sender=neutral, agreed=True)
        if discreet
        else compose(
            "request_agreed",
            language,
            name=person.name,
            title=event.title,
            what=request.action.what,
            manager=event.manager_name,
            convenor=event.convenor,
        )
    )
    to = Mailbox(person.name, person.email)
    own = Link(OWN_PATH, link.id, link.nonce, link.link_key)
    return _draft(request, composed, language, discreet, to, due_at, own, ANSWERED)


def _draft(
    request: ActionRequest, composed: Composed, language: str, discreet: bool, to: Mailbox, due_at: datetime,
    link: Link, sequence: int,
) -> Draft:  # fmt: skip
    event = request.asked_by.event
    neutral = settings().mail.discreet_sender_name
    return Draft(
        about=request.id,
        kind=MessageKind.REQUEST,
        to=to,
        reply_to=Mailbox(neutral if discreet else event.manager_name, event.manager_email),
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=due_at,
        link=link,
        sequence=sequence,
        language=language,
        event_id=event.id,
        sender_name=neutral if discreet else None,
        stop_path=STOP_PATH if sequence == QUESTION else letters.STOP_PATH,
    )
