"""Addresses to which nothing more is sent: putting them on the list, taking them off, looking them up."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from mande import clock
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.models import Suppression
from mande.mail.models import SuppressionReason

_LONGEST = 200


def suppress(session: Session, address: str, kind: SuppressionReason, reason: str) -> int:
    """Sends nothing more to an address, and takes back what waits for it; returns how many messages those were.

    An address that is on the list already keeps the reason for which it was put there; one that was forgotten
    meanwhile (empty) is not put there.
    """
    written = address.strip().lower()
    if not written:
        return 0
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    values = {"address": written, "kind": kind, "reason": reason[:_LONGEST], "since": clock.now()}
    session.execute(dialect.insert(Suppression).values(**values).on_conflict_do_nothing(index_elements=["address"]))
    waiting = select(Message.id).where(func.lower(Message.to_address) == written, Message.state.in_(outbox.UNSENT))
    listed = session.scalars(select(Suppression.reason).where(Suppression.address == written)).one()
    taken_back = session.scalars(
        update(Message)
        .where(Message.id.in_(waiting))
        .values(**outbox.WIPED, state=MessageState.CANCELLED, lease_until=None, problem=outbox.NOTHING_SENT + listed)
        .returning(Message.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(taken_back.all())


def lift(session: Session, address: str) -> Suppression | None:
    """Lets messages go to an address again; returns what was on the list, None where it was not there."""
    found = find(session, address)
    if found is not None:
        session.execute(delete(Suppression).where(Suppression.address == found.address))
    return found


def find(session: Session, address: str) -> Suppression | None:
    """Why nothing is sent to an address; None where it may be written to."""
    return session.get(Suppression, address.strip().lower())


ORDERS = {"address": Suppression.address, "since": Suppression.since, "kind": Suppression.kind}
LISTED = 200


@dataclass(frozen=True)
class Filter:
    """Which addresses are wanted and in which order; what is empty asks for nothing."""

    text: str = ""
    kind: str = ""
    sort: str = "-since"

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Filter":
        sort = args.get("sort", "")
        return cls(
            text=args.get("text", "").strip()[:254],
            kind=value if (value := args.get("kind", "")) in list(SuppressionReason) else "",
            sort=sort if sort.removeprefix("-") in ORDERS else cls.sort,
        )

    def asked(self, **changes: str) -> dict[str, str]:
        """What to put into the address of the same list, changed."""
        values = {"text": self.text, "kind": self.kind, "sort": self.sort, **changes}
        return {name: value for name, value in values.items() if value and (name, value) != ("sort", Filter.sort)}


def listed(session: Session, wanted: Filter) -> tuple[Sequence[Suppression], int]:
    """The first LISTED of the addresses that are wanted, and how many there are."""
    query = _wanted(wanted)
    column = ORDERS[wanted.sort.removeprefix("-")]
    order = column.desc() if wanted.sort.startswith("-") else column.asc()
    found = session.scalars(query.order_by(order, Suppression.address).limit(LISTED)).all()
    return found, session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _wanted(wanted: Filter) -> Select[Suppression]:
    query = select(Suppression)
    if wanted.kind:
        query = query.where(Suppression.kind == wanted.kind)
    if wanted.text:
        sought = wanted.text.lower()
        either = (Suppression.address, func.lower(Suppression.reason))
        query = query.where(either[0].contains(sought, autoescape=True) | either[1].contains(sought, autoescape=True))
    return query
