"""The panel "Messages by state" on an event's page, and what is told there about those that did not arrive.

It names people only where delivery went wrong. Who has had no reminder, or has had one cancelled, stays untold: that
would tell who has answered.
"""

from typing import Protocol
from uuid import UUID

from flask import render_template
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState

KINDS = {
    MessageKind.INVITATION: _("Invitations"),
    MessageKind.REMINDER: _("Reminders"),
    MessageKind.CHECK_IN: _("Check-ins"),
}
STATES = {
    MessageState.QUEUED: _("Waiting"),
    MessageState.SENDING: _("Being sent"),
    MessageState.SENT: _("Sent"),
    MessageState.RETRYING: _("To be tried again"),
    MessageState.FAILED: _("Failed"),
    MessageState.BOUNCED: _("Came back"),
    MessageState.CANCELLED: _("Cancelled"),
}
# Shown even where there is none of them.
ALWAYS = (MessageState.QUEUED, MessageState.SENT, MessageState.FAILED)
TROUBLE = (MessageState.RETRYING, MessageState.FAILED, MessageState.BOUNCED)
LISTED = 20


class HasId(Protocol):
    """An event, as far as this panel knows it. Its `time_zone` is used where it has one."""

    @property
    def id(self) -> UUID: ...


def render(session: Session, event: HasId) -> Markup:
    """The panel as HTML: how many messages of each kind are in each state, and which did not arrive, and why."""
    counts = outbox.states(session, event.id)
    shown = {state: label for state, label in STATES.items()
             if state in ALWAYS or any(counts[kind].get(state) for kind in counts)}  # fmt: skip
    troubled = _troubled(session, event.id)
    return Markup(  # noqa: S704 (the template escapes what it shows)
        render_template(
            "mail/panel.html",
            counts=counts,
            kinds={kind: label for kind, label in KINDS.items() if kind in counts},
            states=shown,
            troubled=troubled[:LISTED],
            more=len(troubled) > LISTED,
            labels=STATES,
            held=_held(session, event.id),
            zone=getattr(event, "time_zone", "UTC"),
        )
    )


def _troubled(session: Session, event_id: UUID) -> list[Message]:
    """Messages that did not arrive, those given up first; one more than are listed, to know that there are more."""
    wrong = (
        select(Message)
        .where(Message.event_id == event_id, Message.state.in_(TROUBLE))
        .order_by(Message.state == MessageState.RETRYING, Message.to_name, Message.id)
        .limit(LISTED + 1)
    )
    return list(session.scalars(wrong))


def _held(session: Session, event_id: UUID) -> str | None:
    """Why messages that are due were put back untried, where that is so: the mail server takes nothing."""
    waiting = (
        select(Message.problem)
        .where(
            Message.event_id == event_id,
            Message.state == MessageState.QUEUED,
            Message.problem.is_not(None),
            Message.due_at <= clock.now(),
        )
        .limit(1)
    )
    return session.scalar(waiting)
