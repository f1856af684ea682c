"""Check-ins: planning them, asking those that are due, and counting them as answered."""

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.models import Event
from mande.followup.asking import letters
from mande.followup.asking import schedule
from mande.followup.asking.schedule import Owner
from mande.followup.models import ENDED
from mande.followup.models import ActionOwner
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.mail import outbox
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import Suppression
from mande.surveys.reminders import zone_of as zone_among

PEOPLE_AT_ONCE = 200
SOONEST_FIRST = (PlannedAction.by_when.is_(None), PlannedAction.by_when, PlannedAction.created_on, PlannedAction.id)
WAS_ASKED = (CheckInState.ASKED, CheckInState.ANSWERED)


def zone_of(link: FollowupLink) -> str:
    """The time zone of the person, or the event's where theirs is not known."""
    return zone_among(link.person.time_zone, link.event.time_zone).key


def open_actions(session: Session, links: Collection[UUID]) -> dict[UUID, list[PlannedAction]]:
    """The actions that their owners may be asked about, by link: open, not withdrawn, and with the owner's consent."""
    found: dict[UUID, list[PlannedAction]] = defaultdict(list)
    for owner in session.scalars(
        select(ActionOwner)
        .join(ActionOwner.action)
        .where(
            ActionOwner.link_id.in_(links),
            ActionOwner.consent.is_(True),
            PlannedAction.withdrawn.is_(False),
            PlannedAction.status.not_in(ENDED),
        )
        .options(contains_eager(ActionOwner.action).selectinload(PlannedAction.updates))
        .order_by(*SOONEST_FIRST)
    ):
        found[owner.link_id].append(owner.action)
    return found


def schedule_check_ins(session: Session, wanted: Collection[UUID]) -> None:
    """Brings the planned check-ins of these links in line with what is open now.

    Check-ins that were asked stay as they are. One that is overdue stays for the worker, unless nothing is open any
    more or all that is open has been reported on since. Messages that have not gone are taken back with theirs.
    """
    actions = open_actions(session, wanted)
    known: dict[UUID, list[CheckIn]] = defaultdict(list)
    for check_in in session.scalars(select(CheckIn).where(CheckIn.link_id.in_(wanted))):
        known[check_in.link_id].append(check_in)
    for link in _links(session, wanted):
        _schedule(session, link, [] if link.stopped else actions[link.id], known[link.id])
    session.flush()


def _schedule(session: Session, link: FollowupLink, actions: Sequence[PlannedAction], known: Sequence[CheckIn]) -> None:
    now = clock.now()
    owner = _owner(link, actions, known)
    steps = {step.name: step for step in schedule.plan(_ended_on(link.event), link.event.checkin_months,
                                                       owner, now)}  # fmt: skip
    by_step = {check_in.step: check_in for check_in in known}
    for name, step in steps.items():
        check_in = by_step.get(name) or CheckIn(link_id=link.id, step=name)
        check_in.due_at, check_in.state = step.due_at, CheckInState.SCHEDULED
        session.add(check_in)
    still_wanted = actions and min(owner.told) + schedule.APART <= _day(now, owner.zone)
    for check_in in known:
        if check_in.state is CheckInState.SCHEDULED and check_in.step not in steps:
            if check_in.due_at > now:
                session.delete(check_in)
            elif not still_wanted:
                check_in.state = CheckInState.CANCELLED
    if not actions:
        _take_back(session, [one for one in known if one.state is CheckInState.ASKED], "nothing left to ask about")


def _owner(link: FollowupLink, actions: Sequence[PlannedAction], known: Iterable[CheckIn]) -> Owner:
    zone = zone_of(link)
    asked = [one for one in known if one.state in WAS_ASKED]
    return Owner(
        zone=zone,
        told=[max([one.created_on, *(_day(each.reported_at, zone) for each in one.updates)]) for one in actions],
        own_dates=[one.by_when for one in actions if one.by_when],
        asked=[_day(one.asked_at, zone) for one in asked if one.asked_at],
        settled=[one.step for one in asked],
        weekend=schedule.weekend(link.person.country),
    )


def answer_latest(session: Session, link_id: UUID) -> CheckIn | None:
    """Marks the check-in that was asked last as answered, and takes its message back if it has not gone yet.

    None where no question is open: people may report of their own accord.
    """
    latest = session.scalars(
        select(CheckIn)
        .where(CheckIn.link_id == link_id, CheckIn.state == CheckInState.ASKED)
        .order_by(CheckIn.asked_at.desc(), CheckIn.due_at.desc())
        .limit(1)
    ).one_or_none()
    if latest is None:
        return None
    latest.state = CheckInState.ANSWERED
    outbox.cancel(session, [latest.id], [MessageKind.CHECK_IN], "answered")
    return latest


def next_check_in(session: Session, link_id: UUID) -> datetime | None:
    """When somebody will be asked next, if at all."""
    planned = select(func.min(CheckIn.due_at)).where(
        CheckIn.link_id == link_id, CheckIn.state == CheckInState.SCHEDULED, CheckIn.due_at > clock.now()
    )
    return session.scalars(planned).one()


def history(session: Session, link_id: UUID) -> list[CheckIn]:
    """All check-ins of one link, in order of time."""
    return list(session.scalars(select(CheckIn).where(CheckIn.link_id == link_id).order_by(CheckIn.due_at)))


def queue_due_check_ins(session: Session) -> int:
    """Asks everybody for whom a check-in is due, one message each; returns how many messages were queued."""
    queued = 0
    while (asked := ask_some(session)).people:
        queued += asked.queued
    return queued


@dataclass(frozen=True)
class Asked:
    """How many people had a check-in that was due, and how many messages were queued for them."""

    people: int
    queued: int


def ask_some(session: Session, limit: int = PEOPLE_AT_ONCE) -> Asked:
    """Asks up to `limit` people whose check-ins are due. Several workers may do so at once: each locks its people.

    Where several check-ins of one person are due, because the worker was late, only the latest is asked. One whose
    owner has nothing open, has stopped, or cannot be written to, is cancelled.
    """
    now = clock.now()
    is_due = (CheckIn.state == CheckInState.SCHEDULED) & (CheckIn.due_at <= now)
    some = select(CheckIn.link_id).where(is_due).order_by(CheckIn.due_at, CheckIn.id).limit(limit)
    wanted = set(session.scalars(some))
    if not wanted:
        return Asked(0, 0)
    links = {link.id: link for link in _links(session, wanted, lock=True)}
    due: dict[UUID, list[CheckIn]] = defaultdict(list)
    for check_in in session.scalars(select(CheckIn).where(is_due, CheckIn.link_id.in_(links)).order_by(CheckIn.due_at)):
        due[check_in.link_id].append(check_in)
    actions = open_actions(session, due)
    unreachable = _suppressed(session, [links[one].person.email for one in due])
    drafts: list[outbox.Draft] = []
    asked: dict[UUID, CheckIn] = {}
    for link_id, check_ins in due.items():
        link, latest = links[link_id], check_ins[-1]
        for check_in in check_ins:
            check_in.state = CheckInState.CANCELLED
        if link.stopped or not actions[link_id]:
            continue
        goes_at = _goes_at(link, now)
        if link.person.email not in unreachable:
            latest.state, latest.asked_at = CheckInState.ASKED, goes_at
            asked[link_id] = latest
        drafts.append(letters.check_in(link, latest, actions[link_id], goes_at))
    session.flush()
    earlier = select(CheckIn).where(CheckIn.link_id.in_(asked), CheckIn.state == CheckInState.ASKED)
    latest_ids = {check_in.id for check_in in asked.values()}
    _take_back(session, [one for one in session.scalars(earlier) if one.id not in latest_ids], "asked anew")
    queued = outbox.queue(session, drafts)
    schedule_check_ins(session, [one for one, check_in in asked.items() if _late(links[one], check_in)])
    return Asked(len(due), queued)


def _late(link: FollowupLink, check_in: CheckIn) -> bool:
    """Whether a check-in was asked on another day than planned, so that what comes after it may have to move."""
    zone = zone_of(link)
    return check_in.asked_at is not None and _day(check_in.asked_at, zone) != _day(check_in.due_at, zone)


def _goes_at(link: FollowupLink, now: datetime) -> datetime:
    return schedule.working_moment(now, zone_of(link), schedule.weekend(link.person.country))


def _take_back(session: Session, asked: Collection[CheckIn], why: str) -> None:
    """Cancels those check-ins whose message has not gone yet, and their messages."""
    unsent = set(
        session.scalars(
            select(Message.about).where(
                Message.about.in_([one.id for one in asked]),
                Message.kind == MessageKind.CHECK_IN,
                Message.state.in_(outbox.UNSENT),
            )
        )
    )
    outbox.cancel(session, unsent, [MessageKind.CHECK_IN], why)
    for check_in in asked:
        if check_in.id in unsent:
            check_in.state = CheckInState.CANCELLED
    session.flush()


def _links(session: Session, wanted: Collection[UUID], lock: bool = False) -> list[FollowupLink]:
    found = (
        select(FollowupLink)
        .where(FollowupLink.id.in_(wanted))
        .options(joinedload(FollowupLink.event).selectinload(Event.meetings), joinedload(FollowupLink.person))
    )
    if lock:
        found = found.with_for_update(skip_locked=True, of=FollowupLink)
    return list(session.scalars(found))


def _suppressed(session: Session, addresses: Collection[str]) -> set[str]:
    return set(session.scalars(select(Suppression.address).where(Suppression.address.in_(addresses))))


def _ended_on(event: Event) -> date:
    """The day on which the last meeting ended, where the event was."""
    return _day(max(meeting.ends_at for meeting in event.meetings), event.time_zone)


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
