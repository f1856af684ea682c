"""Putting right what could not be delivered to somebody of an event: another address, or the same once more."""

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.models import Person
from mande.events.records import person_addresses
from mande.events.records.person_addresses import AddressError
from mande.mail import suppression
from mande.mail import undelivered
from mande.mail.models import Message
from mande.mail.models import SuppressionReason
from mande.staff import audit


def correct(session: Session, event: Event, wrong: str, typed: str) -> int:
    """Puts the right address in the place of a wrong one, which is kept nowhere, and sends again what did not arrive.

    Returns how many messages will go. The wrong address still gets nothing. Raises AddressError.
    """
    address = person_addresses.read(typed)
    if address == wrong.strip().lower():
        raise AddressError("This is the address that did not work.")
    stopped = suppression.find(session, address)
    if stopped is not None:
        raise AddressError(f"Nothing is sent to {address} either: {stopped.reason}")
    person = _person(session, event, wrong)
    if person is None:
        raise AddressError("Somebody has changed this person's address meanwhile. Send again to reach them there.")
    person_addresses.correct_main(session, person, address)
    return _send_again(session, event, wrong, "address corrected, messages sent again")


def send_again(session: Session, event: Event, address: str) -> int:
    """Sends again what did not arrive at an address, to wherever its person is written to now; returns how many.

    An address that got nothing because a message to it came back may be written to again.
    """
    person = _person(session, event, address)
    stopped = suppression.find(session, address)
    if person is not None and stopped is not None and stopped.kind is SuppressionReason.BOUNCED:
        suppression.lift(session, address)
    return _send_again(session, event, address, "messages sent again")


def _send_again(session: Session, event: Event, address: str, done: str) -> int:
    sent = undelivered.send_again(session, event.id, address)
    audit.record(session, done, event.code, {"messages": sent})
    return sent


def _person(session: Session, event: Event, address: str) -> Person | None:
    """Who is written to at this address about the event. Whoever took an action over need not have attended."""
    mine = address.strip().lower()
    written = select(Message.id).where(Message.event_id == event.id, func.lower(Message.to_address) == mine)
    return session.scalars(select(Person).where(Person.email == mine, written.exists())).one_or_none()
