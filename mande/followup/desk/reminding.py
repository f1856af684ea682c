"""One e-mail to a member of the team on the morning on which reminders fall due, listing all that is due.

It leads to the page of their reminders, for which they sign in: it carries no token. Of what must not be exposed it
says only that there is something.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload
from sqlalchemy.orm import selectinload

from mande import clock
from mande import db
from mande import tokens
from mande.events.discretion import is_discreet
from mande.followup.desk import team_reminders
from mande.followup.desk.models import TeamReminder
from mande.followup.models import ActionOwner
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.mail import outbox
from mande.mail import rewriting
from mande.mail.composing import compose
from mande.mail.models import MessageKind
from mande.mail.outbox import Draft
from mande.mail.outbox import Link
from mande.mail.outbox import Mailbox
from mande.mail.rewriting import Wish
from mande.staff.models import StaffMember
from mande.web import settings

PATH = "/staff/reminders"
AT_ONCE = 500


@dataclass(frozen=True)
class Listed:
    """A reminder as the message tells it. `words` are None where they could expose somebody."""

    on_day: date
    words: str | None
    what: str
    code: str


def init_app(app: Flask) -> None:
    rewriting.register(app, MessageKind.TEAM_NOTICE, rewrite)


def run() -> int:
    """Writes the messages of this morning; returns how many."""
    with db.transaction() as session:
        return queue_due(session)


def queue_due(session: Session) -> int:
    """Writes one message to each member for whom a reminder has fallen due that they were not told of."""
    now = clock.now()
    latest = (now + team_reminders.FURTHEST_AHEAD).date()
    untold = (
        select(TeamReminder)
        .join(TeamReminder.action)
        .join(TeamReminder.member)
        .where(
            TeamReminder.done_at.is_(None),
            TeamReminder.told_at.is_(None),
            TeamReminder.on_day <= latest,
            PlannedAction.withdrawn.is_(False),
            StaffMember.active.is_(True),
        )
        .options(joinedload(TeamReminder.action).joinedload(PlannedAction.event), joinedload(TeamReminder.member))
        .order_by(TeamReminder.on_day, TeamReminder.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=TeamReminder)
    )
    told: dict[StaffMember, list[TeamReminder]] = defaultdict(list)
    for reminder in session.scalars(untold):
        if team_reminders.has_rung(reminder, now):
            reminder.told_at = now
            told[reminder.member].append(reminder)
    session.flush()
    drafts = [_draft(session, member, reminders[0]) for member, reminders in told.items()]
    return outbox.queue(session, drafts)


def rewrite(session: Session, wish: Wish) -> Draft | None:
    """The message with what is due now; None where nothing is, or the member has left."""
    about = session.get(TeamReminder, wish.about)
    if about is None or not about.member.active:
        return None
    return _draft(session, about.member, about) if _due(session, about.member) else None


def _draft(session: Session, member: StaffMember, about: TeamReminder) -> Draft:
    listed = [_listed(one) for one in _due(session, member)]
    composed = compose("team_notice", "en", name=member.name, reminders=listed, number=len(listed))
    mailbox = Mailbox(member.name, member.email)
    # The path holds no mark for a token: the page asks for a password.
    ring = settings().link_keys
    return Draft(
        about=about.id,
        kind=MessageKind.TEAM_NOTICE,
        to=mailbox,
        reply_to=mailbox,
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        due_at=clock.now(),
        link=Link(PATH, member.id, tokens.new_nonce(), ring.fingerprint),
    )


def _due(session: Session, member: StaffMember) -> Sequence[TeamReminder]:
    """All that is due and not done, also what they were told of on earlier mornings."""
    owners = selectinload(PlannedAction.owners).joinedload(ActionOwner.link).joinedload(FollowupLink.person)
    now = clock.now()
    mine = [
        one
        for one in team_reminders.open_ones(session, member.id)
        if team_reminders.has_rung(one, now) and not one.action.withdrawn
    ]
    actions = [one.action_id for one in mine]
    session.scalars(select(PlannedAction).where(PlannedAction.id.in_(actions)).options(owners)).all()
    return mine


def _listed(reminder: TeamReminder) -> Listed:
    action, event = reminder.action, reminder.action.event
    hidden = event.discreet or any(is_discreet(event, owner.link.person) for owner in action.owners)
    return Listed(reminder.on_day, None if hidden else reminder.words, action.what, event.code)
