"""Writing a check-in once more, when the first did not arrive (see `mail.rewriting`)."""

from datetime import datetime
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from mande.followup import operations
from mande.followup.asking import checkins
from mande.followup.asking import diaries
from mande.followup.asking import letters
from mande.followup.asking.diaries import WAS_ASKED
from mande.followup.asking.schedule import APART
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
    """The check-in with what is open now; None where its owner has answered, has stopped, or has nothing open.

    It goes when it is wanted, or at the first moment after that at which its owner may be asked.
    """
    asked = session.get(CheckIn, wish.about)
    if asked is None or asked.state not in (CheckInState.ASKED, CheckInState.CANCELLED):
        return None
    link = asked.link
    actions = checkins.open_actions(session, [link.id])[link.id]
    if link.stopped or not actions:
        return None
    if asked.state is CheckInState.CANCELLED and not wish.by_hand:
        return None
    goes_at = _goes_at(session, asked, wish.due_at)
    asked.state, asked.asked_at = CheckInState.ASKED, goes_at
    return letters.check_in(link, asked, actions, goes_at)


def _goes_at(session: Session, asked: CheckIn, wished: datetime) -> datetime:
    """`wished`, or the first moment after it that no rule of `schedule` forbids, at whichever event others were asked.

    A message that has not gone yet keeps its moment: staff may have chosen it in spite of a quiet period.
    """
    if asked.state is CheckInState.ASKED and asked.asked_at and wished <= asked.asked_at:
        return wished
    (diary,) = diaries.read(session, [asked.link.person_id])
    part = diary.parts[asked.link_id]
    days = part.days
    if part.snoozed_until is not None:
        wished = max(wished, days.opening(part.snoozed_until))
    others = [one.asked_at for some in diary.known.values() for one in some
              if one.id != asked.id and one.state in WAS_ASKED and one.asked_at]  # fmt: skip
    at = days.first_open(wished)
    while close := [one for one in others if abs(days.day_of(one) - days.day_of(at)) < APART]:
        at = days.first_open(days.opening(days.day_of(max(close)) + APART))
    return at


def stop(session: Session, about: UUID) -> None:
    """Ends the follow-up of whom a check-in was sent to, as their own page does."""
    asked = session.get(CheckIn, about)
    link = asked.link if asked else None
    if link is not None:
        operations.stop(session, link)
