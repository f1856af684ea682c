"""Writing a check-in once more, when the first did not arrive (see `mail.rewriting`)."""

from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from mande.followup import operations
from mande.followup.asking import checkins
from mande.followup.asking import letters
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.mail import rewriting
from mande.mail import stopping
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.rewriting import Wish


def init_app(app: Flask) -> None:
    rewriting.register(app, MessageKind.CHECK_IN, rewrite)
    stopping.register(app, MessageKind.CHECK_IN, stop)


def rewrite(session: Session, wish: Wish) -> Draft | None:
    """The check-in with what is open now; None where its owner has answered, has stopped, or has nothing open."""
    asked = session.get(CheckIn, wish.about)
    if asked is None or asked.state not in (CheckInState.ASKED, CheckInState.CANCELLED):
        return None
    link = asked.link
    actions = checkins.open_actions(session, [link.id])[link.id]
    if link.stopped or not actions:
        return None
    if asked.state is CheckInState.CANCELLED and not wish.by_hand:
        return None
    asked.state, asked.asked_at = CheckInState.ASKED, wish.due_at
    return letters.check_in(link, asked, actions, wish.due_at)


def stop(session: Session, about: UUID) -> None:
    """Ends the follow-up of whom a check-in was sent to, as their own page does."""
    asked = session.get(CheckIn, about)
    link = asked.link if asked else None
    if link is not None:
        operations.stop(session, link)
