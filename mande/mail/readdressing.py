"""Letting what waits go to somebody's new address."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from mande.mail import mime
from mande.mail.models import Message
from mande.mail.models import MessageState

WAITING = (MessageState.QUEUED, MessageState.RETRYING)


def readdress(session: Session, former: str, address: str) -> None:
    """Sends the messages that wait for the address `former` to `address` instead."""
    session.execute(
        update(Message)
        .where(Message.to_address == former, Message.state.in_(WAITING))
        .values(to_address=address, to_domain=mime.domain(address))
        .execution_options(synchronize_session="fetch")
    )
