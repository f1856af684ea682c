"""Finding people by their addresses, and changing what is known of them."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events import marking
from mande.events import moving
from mande.events.models import Person
from mande.events.models import PersonAddress
from mande.staff import audit

_CHUNK = 500


def find_by_address(session: Session, addresses: Iterable[str]) -> dict[str, Person]:
    """The people who have these addresses as their main or a further one, by address (in lower case).

    An address that nobody has is left out. A person found by two of the addresses stands under both.
    """
    found: dict[str, Person] = {}
    for some in _chunks(sorted({address.strip().lower() for address in addresses})):
        mains = session.scalars(select(Person).where(Person.email.in_(some)))
        found.update((person.email, person) for person in mains)
        further = select(PersonAddress.address, Person).join(Person, Person.id == PersonAddress.person_id)
        found.update((address, person) for address, person in session.execute(
            further.where(PersonAddress.address.in_(some))))  # fmt: skip
    return found


def change(session: Session, person: Person, values: Mapping[str, Any]) -> None:
    """Sets fields of a person to new values. Which ones were changed is written down, not to what."""
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, values[name])
    if changed:
        session.flush()
        audit.record(session, "person changed", number(person), {"fields": changed})
    if moving.WHERE & set(changed):
        moving.follow_people(session, [person.id])
    if "discreet" in changed:
        marking.align(session)


def number(person: Person) -> str:
    """What the audit trail calls a person: it leaves the house too, and so names nobody."""
    return f"person {person.id.hex[:8]}"


def _chunks(addresses: list[str]) -> Iterator[list[str]]:
    return (addresses[start : start + _CHUNK] for start in range(0, len(addresses), _CHUNK))
