"""The panel "Messages" on an event's page: how many are in which state, and whom nothing could be delivered to.

It names people only where delivery was given up. Who has had no reminder, has had one cancelled, or waits for another
try, stays untold: from that one could tell who has answered.
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
from mande.mail import undelivered
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import SuppressionReason
from mande.mail.reasons import Reason

KINDS = {
    MessageKind.INVITATION: _("Invitations"),
    MessageKind.REMINDER: _("Reminders"),
    MessageKind.LAST_CALL: _("Last calls"),
    MessageKind.THANK_YOU: _("Thanks"),
    MessageKind.CHECK_IN: _("Check-ins"),
    MessageKind.REQUEST: _("Questions to colleagues"),
    MessageKind.ERASURE: _("Questions whether to erase"),
    MessageKind.FOLLOWUP_THANKS: _("Thanks for following up"),
    MessageKind.TEAM_NOTICE: _("Notices to the team"),
    MessageKind.EDITION: _("News of editions for partners"),
    MessageKind.FEEDBACK: _("What respondents said together"),
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
# What is wrong, in plain words, and what to do about it.
REASONS = {
    Reason.NO_SUCH_ADDRESS: (
        _("There is no such address"),
        _("Look for a typing error, or ask the person by another way."),
    ),
    Reason.SWITCHED_OFF: (
        _("The mailbox is switched off"),
        _("The person may have left. Their organisation will know."),
    ),
    Reason.MAILBOX_FULL: (
        _("The mailbox is full"),
        _("It was tried for three days. Ask the person by another way, or send again later."),
    ),
    Reason.DOMAIN_UNKNOWN: (
        _("There is no such place for mail"),
        _("Look for a typing error in what follows the @."),
    ),
    Reason.REFUSED: (
        _("Refused as unwanted"),
        _("The address may be right: the other server does not take this mail. Tell whoever runs Mande, and ask the "
          "person by another way meanwhile."),
    ),
    Reason.RELAY: (
        _("Our own mail server refused it"),
        _("Nothing is wrong with the address. Whoever runs Mande has to mend its mail server; then send again."),
    ),
    Reason.TOO_LARGE: (_("Too large for the mailbox"), _("Shorten the message, then send again.")),
    Reason.UNREACHABLE: (
        _("The other server could not be reached"),
        _("Check what follows the @. If it is right, send again later."),
    ),
    Reason.LATER: (_("Put off again and again"), _("Send again later, or ask the person by another way.")),
    Reason.OTHER: (_("Not delivered"), _("The other server's own words may say more.")),
}  # fmt: skip
STOPPED = {
    SuppressionReason.BOUNCED: _("A message to it came back"),
    SuppressionReason.COMPLAINED: _("Called our message unwanted"),
    SuppressionReason.BY_HAND: _("Stopped by hand"),
}
# Shown even where there is none of them.
ALWAYS = (MessageState.QUEUED, MessageState.SENT, MessageState.FAILED)
LISTED = 10


class AnEvent(Protocol):
    """An event, as far as this panel knows it."""

    @property
    def id(self) -> UUID: ...

    @property
    def code(self) -> str: ...


def render(session: Session, event: AnEvent) -> Markup:
    """The panel as HTML: how many messages of each kind are in each state, and which did not arrive, and why."""
    counts = outbox.states(session, event.id)
    shown = {state: label for state, label in STATES.items()
             if state in ALWAYS or any(counts[kind].get(state) for kind in counts)}  # fmt: skip
    lines = undelivered.unreached(session, event.id)
    return Markup(  # noqa: S704 (the template escapes what it shows)
        render_template(
            "mail/panel.html",
            counts=counts,
            kinds={kind: label for kind, label in KINDS.items() if kind in counts},
            states=shown,
            lines=lines[:LISTED],
            total=len(lines),
            again=undelivered.waiting_again(session, event.id),
            reasons=REASONS,
            stopped=STOPPED,
            event=event,
            held=_held(session, event.id),
        )
    )


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
