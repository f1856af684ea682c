"""Who is to be thanked, and thanking them: a job of the clock. Nobody is thanked twice at an event."""

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Iterator
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import exists
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande import db
from mande.events import timing
from mande.events.models import Event
from mande.followup.models import ENDED
from mande.followup.models import ActionOwner
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.followup.models import FormerFollowupLink
from mande.followup.models import PlannedAction
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.reports.editions import publishing
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.thanking import letters
from mande.reports.thanking.over import Course
from mande.reports.thanking.over import over_since

EVERY = 900
# Whoever was asked a last time may still want to say something.
TIME_TO_ANSWER = timedelta(days=14)


def run() -> int:
    """Thanks everybody whose follow-up is over and tells what was published since; returns how many messages go."""
    with db.reading() as session:
        published = select(Edition.event_id).where(Edition.kind == EditionKind.PUBLIC)
        waiting = session.scalars(select(Event.id).where(Event.id.in_(published), _candidate(Event.id))).all()
    queued = 0
    for event_id in waiting:
        with db.transaction() as session:
            queued += thank(session, session.get_one(Event, event_id))
    return queued


def thank(session: Session, event: Event) -> int:
    """Queues thanks to whoever is due at an event; returns how many."""
    edition = publishing.latest(session, event.id, EditionKind.PUBLIC)
    if edition is None:
        return 0
    links = list(_links(session, event))
    over = dict(_over(session, event, {link.id for link in links}))
    due = [link for link in links if link.id in over and over[link.id] <= edition.published_at]
    return outbox.queue(session, [letters.thanks(session, link, edition, clock.now()) for link in due])


def _candidate(event_id: Any) -> ColumnElement[bool]:
    """Whether anybody at an event could be thanked."""
    return _unthanked().where(FollowupLink.event_id == event_id).correlate(Event).exists()


def _links(session: Session, event: Event) -> Iterator[FollowupLink]:
    mine = _unthanked().where(FollowupLink.event_id == event.id).with_for_update(of=FollowupLink, skip_locked=True)
    return iter(session.scalars(mine.options(joinedload(FollowupLink.event), joinedload(FollowupLink.person))).all())


def _unthanked() -> Select[FollowupLink]:
    """The links of owners who let us write to them, have not stopped it, and have not been thanked."""
    former = select(FormerFollowupLink.id).where(FormerFollowupLink.link_id == FollowupLink.id).correlate(FollowupLink)
    thanked = exists().where(
        Message.kind == MessageKind.FOLLOWUP_THANKS,
        or_(Message.about == FollowupLink.id, Message.about.in_(former)),
    )
    agreed = (
        exists()
        .where(ActionOwner.link_id == FollowupLink.id, ActionOwner.consent.is_(True))
        .where(PlannedAction.id == ActionOwner.action_id, PlannedAction.withdrawn.is_(False))
    )
    return select(FollowupLink).where(
        FollowupLink.stopped.is_(False), agreed.correlate(FollowupLink), ~thanked.correlate(FollowupLink)
    )


def _over(session: Session, event: Event, links: Collection[UUID]) -> Iterator[tuple[UUID, datetime]]:
    """Since when the follow-up of these links is over, where it is."""
    now, courses = clock.now(), defaultdict[UUID, list[Course]](list)
    owned = (
        select(ActionOwner.link_id, PlannedAction.status, PlannedAction.heard_at)
        .join(PlannedAction, PlannedAction.id == ActionOwner.action_id)
        .where(ActionOwner.link_id.in_(links), PlannedAction.withdrawn.is_(False))
    )
    for link_id, status, heard_at in session.execute(owned):
        courses[link_id].append(Course(status in ENDED, heard_at))
    planned = set(
        session.scalars(
            select(CheckIn.link_id).where(
                CheckIn.link_id.in_(links),
                or_(
                    CheckIn.state == CheckInState.SCHEDULED,
                    and_(CheckIn.state == CheckInState.ASKED, CheckIn.asked_at > now - TIME_TO_ANSWER),
                ),
            )
        )
    )
    last = _last_step(event)
    for link_id, theirs in courses.items():
        since = over_since(theirs, last, link_id in planned, now)
        if since is not None:
            yield link_id, since


def _last_step(event: Event) -> datetime:
    """The end of the day on which the last check-in of the event falls, by its months."""
    zone = ZoneInfo(event.time_zone)
    ended = max(meeting.ends_at for meeting in event.meetings).astimezone(zone).date()
    day = timing.add_months(ended, max(event.checkin_months, default=0))
    return timing.instant(datetime.combine(day, time(23, 59)), zone)
