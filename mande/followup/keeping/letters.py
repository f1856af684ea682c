"""The message by which somebody confirms that all is to be erased that is held about them."""

from mande import languages
from mande.events.discretion import is_discreet
from mande.followup.models import ErasureRequest
from mande.mail.composing import compose
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox
from mande.web import settings

PATH = "/d/[[token]]"


def erasure(wish: ErasureRequest) -> Draft:
    """The message, to the address of record, in the person's language. To whom must not be exposed it is neutral."""
    event, person = wish.event, wish.person
    language = languages.suitable([person.language]) or languages.SOURCE
    discreet = is_discreet(event, person)
    neutral = settings().mail.discreet_sender_name
    composed = (
        compose("erasure_discreet", language, name=person.name, sender=neutral)
        if discreet
        else compose("erasure", language, name=person.name, manager=event.manager_name, convenor=event.convenor)
    )
    return Draft(
        about=wish.id,
        kind=MessageKind.ERASURE,
        to=Mailbox(person.name, person.email),
        reply_to=Mailbox(neutral if discreet else event.manager_name, event.manager_email),
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=wish.asked_at,
        link=Link(PATH, wish.id, wish.nonce, wish.link_key),
        language=language,
        event_id=event.id,
        sender_name=neutral if discreet else None,
    )
