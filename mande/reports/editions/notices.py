"""Telling an event's programme manager that an owner took back what published editions hold. Never in its words."""

from collections.abc import Collection
from collections.abc import Iterable
from itertools import groupby
from urllib.parse import quote
from uuid import UUID
from uuid import uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import languages
from mande.events.models import Event
from mande.mail import outbox
from mande.mail.composing import compose
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Mailbox
from mande.reports.editions import holding
from mande.reports.editions import words
from mande.reports.editions.holding import Held
from mande.reports.editions.withdrawn import TakenBack
from mande.reports.models import Edition
from mande.reports.models import EditionAction
from mande.web import settings


def tell(session: Session, actions: Collection[UUID]) -> None:
    """Writes one message for each of these actions that editions hold and that less may be shown of: see `telling`."""
    concerned = (
        select(Event)
        .where(Event.id.in_(select(Edition.event_id).join(EditionAction).where(EditionAction.action_id.in_(actions))))
        .order_by(Event.code)
    )
    for event in session.scalars(concerned).all():
        taken_back = [one for one in holding.withdrawn(session, event) if one.action_id in actions]
        taken_back.sort(key=lambda one: one.action_id)
        outbox.queue(session, [notice(event, list(some)) for _, some in groupby(taken_back, _action_of)])


def notice(event: Event, taken_back: Iterable[Held]) -> Draft:
    """The message about one action. Of the same editions and the same wish there is never a second one."""
    held = list(taken_back)
    wish = min((one.taken_back for one in held if one.taken_back), key=list(TakenBack).index)
    fact = " ".join(sorted(f"{one.edition.id.hex} {one.taken_back}" for one in held))
    manager = Mailbox(event.manager_name, event.manager_email)
    neutral = settings().mail.discreet_sender_name
    composed = (
        compose("withdrawn_notice_discreet", languages.SOURCE, name=event.manager_name, sender=neutral)
        if event.discreet
        else compose(
            "withdrawn_notice",
            languages.SOURCE,
            name=event.manager_name,
            code=event.code,
            title=event.title,
            wish=wish.value,
            editions=[(words.called(one.edition), one.edition.published_at) for one in held],
            zone=event.time_zone,
            address=f"{settings().base_url}/staff/events/{quote(event.code)}/editions",
        )
    )
    return Draft(
        about=uuid5(held[0].action_id, fact),
        kind=MessageKind.TEAM_NOTICE,
        to=manager,
        reply_to=Mailbox(neutral, event.manager_email) if event.discreet else manager,
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=clock.now(),
        language=composed.language,
        event_id=event.id,
        sender_name=neutral if event.discreet else None,
    )


def _action_of(one: Held) -> UUID:
    return one.action_id
