"""The addresses of a person: a main one, to which messages go, and further ones. None belongs to two people.

Whoever writes one calls `lock` first: main and further addresses stand in two tables, so that the database alone cannot
keep them apart.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from mande.events import addresses
from mande.events.models import Person
from mande.events.models import PersonAddress
from mande.events.records.people import find_by_address
from mande.events.records.people import number
from mande.mail import readdressing
from mande.staff import audit

# An arbitrary number, by which PostgreSQL knows the lock.
_LOCK = 18730001


class AddressError(Exception):
    """The address cannot be taken, or not be given up. The text says why."""


def lock(session: Session) -> None:
    """Lets nobody else who calls this go on until the transaction ends (on SQLite nobody writes anyway)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def read(typed: str) -> str:
    """The one address in what somebody typed, in lower case. Raises AddressError."""
    understood = addresses.read(typed)
    if not typed.strip():
        raise AddressError("Enter an e-mail address.")
    if understood.problem or len(understood.found) != 1:
        raise AddressError("Enter one e-mail address, for example ada@example.org.")
    return understood.found[0]


def claim(session: Session, address: str, person: Person | None = None) -> None:
    """Takes the lock and makes sure that nobody but `person` has the address. Raises AddressError, naming who has."""
    lock(session)
    holder = find_by_address(session, [address]).get(address)
    if holder is not None and holder is not person:
        at = f" ({holder.organisation})" if holder.organisation else ""
        raise AddressError(
            f"{address} is an address of {holder.name}{at}. An address belongs to one person only: "
            "if both records are one person, merge them."
        )


def add(session: Session, person: Person, typed: str) -> str:
    """Gives the person a further address and returns it. One that they have stays as it is. Raises AddressError."""
    address = read(typed)
    claim(session, address, person)
    if address != person.email and address not in further(person):
        person.addresses.append(PersonAddress(address=address))
        session.flush()
        audit.record(session, "address added", number(person))
    return address


def remove(session: Session, person: Person, address: str) -> None:
    """Takes a further address from the person; one that they do not have is gone already.

    Raises AddressError for the main address.
    """
    lock(session)
    if address == person.email:
        raise AddressError("This is where messages go. Make another address the main one first.")
    for one in list(person.addresses):
        if one.address == address:
            person.addresses.remove(one)
            audit.record(session, "address removed", number(person))
    session.flush()


def make_main(session: Session, person: Person, address: str) -> None:
    """Lets messages go to one of the person's further addresses, those that wait too; the main one becomes a further.

    Raises AddressError where the address is not theirs.
    """
    lock(session)
    if address == person.email:
        return
    if address not in further(person):
        raise AddressError("This person does not have that address any more.")
    become(session, person, address, {person.email, *further(person)})
    audit.record(session, "main address changed", number(person))


def correct_main(session: Session, person: Person, typed: str) -> None:
    """Puts another address in place of the main one, which was wrong and is kept nowhere. Raises AddressError."""
    address = read(typed)
    if address == person.email:
        return
    claim(session, address, person)
    become(session, person, address, {address, *further(person)})
    audit.record(session, "main address changed", number(person))


def become(session: Session, person: Person, main: str, everything: set[str]) -> None:
    """Makes these the addresses of a person, all of them free or theirs. What waits for the main one goes along."""
    former = person.email
    person.addresses.clear()
    session.flush()
    person.email = main
    person.addresses = [PersonAddress(address=one) for one in sorted(everything - {main})]
    session.flush()
    if former != main:
        readdressing.readdress(session, former, main)


def further(person: Person) -> list[str]:
    """The addresses of a person but the main one."""
    return [one.address for one in person.addresses]
