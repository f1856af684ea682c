"""Records in the database that may be of one person, and those of which staff said that they are not."""

from uuid import UUID

from sqlalchemy import String
from sqlalchemy import select
from sqlalchemy import type_coerce
from sqlalchemy.orm import Session

from mande.events.models import DistinctPeople
from mande.events.models import Person
from mande.events.models import PersonAddress
from mande.events.records import duplicates
from mande.events.records.duplicates import Suggestion
from mande.staff import audit


def find(session: Session) -> list[Suggestion[str]]:
    """Pairs of people, by the id's hexadecimal digits, that may be one, the likeliest first."""
    further: dict[str, list[str]] = {}
    connection = session.connection()
    columns = (type_coerce(PersonAddress.person_id, String), PersonAddress.address)
    for person, address in connection.execute(select(*columns)):
        further.setdefault(_hex(person), []).append(address)
    people = select(type_coerce(Person.id, String), Person.name, Person.organisation, Person.email).order_by(
        Person.email
    )
    records = [
        duplicates.Record(one := _hex(stored), name, organisation or "", (email, *further.get(one, ())))
        for stored, name, organisation, email in connection.execute(people)
    ]
    told = session.execute(select(DistinctPeople.one_id, DistinctPeople.other_id))
    return duplicates.suggest(records, {frozenset((one.hex, other.hex)) for one, other in told})


def tell_apart(session: Session, one: Person, other: Person) -> None:
    """Keeps that these are two people, so that they are suggested no more."""
    first, second = sorted((one.id, other.id), key=lambda identity: identity.hex)
    if first != second and session.get(DistinctPeople, (first, second)) is None:
        session.add(DistinctPeople(one_id=first, other_id=second))
        audit.record(session, "told apart", f"person {first.hex[:8]}", {"from": second.hex[:8]})


def _hex(stored: object) -> str:
    # PostgreSQL hands out a UUID, SQLite its digits.
    return stored.hex if isinstance(stored, UUID) else str(stored)
