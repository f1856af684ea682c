"""Exports of registration systems, recognised by their columns, and what these mean. Pure.

The names are those that Indico writes (its list of registrations), pretix (order data, its order positions, and the
check-in list) and Eventbrite (the report of attendees, in American and in British English).
"""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from mande.events.words import key


@dataclass(frozen=True)
class System:
    """A registration system: `signs` are sets of column names any of which tells it, and `columns` what they mean.

    Columns that are not named mean what their names mean elsewhere; None leaves one out.
    """

    name: str
    signs: tuple[frozenset[str], ...]
    columns: Mapping[str, str | None] = field(repr=False)


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split(", "))


SYSTEMS = (
    System(
        "Indico",
        (
            _names("id, name, registration state"),
            _names("id, name, registration date"),
            _names("id, name, check in date, checked in"),
        ),
        {
            "id": None,
            "name": "name",
            "title": None,
            "first name": None,
            "last name": None,
            "email address": "email",
            "affiliation": "organisation",
            "position": "position",
            "country": "country",
            "registration date": None,
            "registration state": "status",
            "checked in": "checked_in",
            "check in date": None,
            "payment date": None,
            "price": None,
            "tags": None,
        },
    ),
    System(
        "pretix",
        (
            _names("order code, attendee name"),
            _names("order code, attendee email"),
            _names("event slug, order code, order total"),
        ),
        {
            "event slug": None,
            "order code": None,
            "position id": None,
            "attendee name": "name",
            "attendee name given name": None,
            "attendee name family name": None,
            "attendee email": "email",
            "email": "email_else",
            "e mail": "email_else",
            "status": "status",
            "company": "organisation",
            "country": "country",
            "checked in": "checked_in",
            "checked out": None,
            "automatically checked in": None,
            "name": "name",
            "order locale": "language",
            "state": None,
            "date": None,
            "comment": None,
        },
    ),
    System(
        "Eventbrite",
        (
            _names("order, attendee, attendee status"),
            _names("order no, attendee no, attendee status"),
            _names("order id, attendee status"),
            _names("order, attendee status, ticket type"),
            _names("order no, attendee status, ticket type"),
        ),
        {
            "order": None,
            "order no": None,
            "attendee": None,
            "attendee no": None,
            "attendee status": "status",
            "first name": "given_name",
            "last name": "family_name",
            "surname": "family_name",
            "name": "name",
            "email": "email",
            "buyer email": "email_else",
            "company": "organisation",
            "job title": "position",
            "home country": "country",
            "work country": "country",
            "billing country": "country",
            "group": None,
            "quantity": None,
            "prefix": None,
            "currency": None,
            "ticket type": None,
            "order type": None,
            "notes": None,
        },
    ),
)


def recognise(header: Iterable[str]) -> System | None:
    """The system that writes such columns, or None."""
    names = frozenset(key(name) for name in header)
    return next((system for system in SYSTEMS if any(sign <= names for sign in system.signs)), None)
