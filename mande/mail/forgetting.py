"""Taking an addressee out of the outbox: their messages count on, and tell neither to whom they went nor what of."""

from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.orm import Session

from mande.mail import outbox
from mande.mail.models import Incoming
from mande.mail.models import Message
from mande.mail.models import MessageState
from mande.mail.models import Suppression

ERASED = "Erased at the addressee's wish."
NOTHING = "–"


def forget(session: Session, addresses: Collection[str]) -> int:
    """Takes back what waits for these addresses (in lower case), and takes them out of all that went there.

    They leave the list of addresses to which nothing is sent as well: to stay on it is to be kept. Returns how many
    messages there were.
    """
    written = list(addresses)
    ids = session.scalars(select(Message.id).where(func.lower(Message.to_address).in_(written))).all()
    theirs = update(Message).where(Message.id.in_(ids)).execution_options(synchronize_session="fetch")
    session.execute(
        theirs.where(Message.state != MessageState.SENT).values(
            **outbox.WIPED, state=MessageState.CANCELLED, lease_until=None
        )
    )
    session.execute(
        theirs.values(
            **outbox.WIPED,
            **dict.fromkeys(("to_name", "to_address", "to_domain"), ""),
            subject=NOTHING,
            problem=ERASED,
            carrier_reference=None,
        )
    )
    session.execute(update(Incoming).where(Incoming.about_message.in_(ids)).values(words=None))
    session.execute(delete(Suppression).where(Suppression.address.in_(written)))
    return len(ids)
