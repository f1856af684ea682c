"""Check-ins: planning them, asking those that are due, and counting them as answered.

Whoever plans or asks holds the people concerned, so that what happens to one of them at two events follows one another.
They are locked in the order of their ids, after the links that a transaction holds already; the worker waits for no
lock at all, but leaves out whoever is held. So nobody waits in a circle.
"""

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Hashable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.models import Person
from mande.events.timing import zone_of as zone_among
from mande.followup.asking import diaries
from mande.followup.asking import letters
from mande.followup.asking.diaries import MAY_BE_ASKED
from mande.followup.asking.diaries import WAS_ASKED as WAS_ASKED
from mande.followup.asking.diaries import Diary
from mande.followup.asking.schedule import Step
from mande.followup.models import ActionOwner
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.mail import outbox
from mande.mail import rewriting
from mande.mail import wordings
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import Suppression

PEOPLE_AT_ONCE = 200
SOONEST_FIRST = (PlannedAction.by_when.is_(None), PlannedAction.by_when, PlannedAction.created_on, PlannedAction.id)


def zone_of(link: FollowupLink) -> str:
    """The time zone of the person, or the event's where theirs is not known."""
    return zone_among(link.person.time_zone, link.event.time_zone).key


def open_actions(session: Session, links: Collection[UUID]) -> dict[UUID, list[PlannedAction]]:
    """The actions that their owners may be asked about, by link: open, not withdrawn, and with the owner's consent."""
    found: dict[UUID, list[PlannedAction]] = defaultdict(list)
    for owner in session.scalars(
        select(ActionOwner)
        .join(ActionOwner.action)
        .where(ActionOwner.link_id.in_(links), *MAY_BE_ASKED)
        .options(contains_eager(ActionOwner.action).selectinload(PlannedAction.updates))
        .order_by(*SOONEST_FIRST)
    ):
        found[owner.link_id].append(owner.action)
    return found


def schedule_check_ins(session: Session, wanted: Collection[UUID]) -> None:
    """Brings the planned check-ins of whoever has these links in line with what is open now, at all of their events.

    Check-ins that were asked stay as they are. One that is overdue stays for the worker, unless nothing is open any
    more or all that is open has been reported on since. Messages that have not gone are taken back with theirs. Name
    all links that one change concerns in one call: people are locked in order.
    """
    everybody = sorted(set(session.scalars(select(FollowupLink.person_id).where(FollowupLink.id.in_(wanted)))))
    for start in range(0, len(everybody), PEOPLE_AT_ONCE):
        plan_for(session, everybody[start : start + PEOPLE_AT_ONCE])


def plan_for(session: Session, people: Collection[UUID]) -> None:
    """The same for some people, by their ids."""
    session.flush()
    lock(session, people)
    over: list[CheckIn] = []
    for diary in diaries.read(session, people):
        _apply(session, diary, diary.plan().steps)
        over += _nothing_left(diary)
    _take_back(session, over, "nothing left to ask about")
    session.flush()


def lock(session: Session, people: Collection[UUID]) -> None:
    """Lets nobody else plan or ask for these people until the transaction ends."""
    mine = select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
    session.execute(mine.with_for_update(key_share=True))


def _apply(session: Session, diary: Diary, steps: Sequence[Step]) -> dict[Step, CheckIn]:
    """Writes down a plan: what is to come is scheduled, what is over cancelled. Returns the check-in of each step."""
    now, found = clock.now(), {}
    by_step: dict[tuple[Hashable, str], CheckIn] = {
        (one.link_id, one.step): one for check_ins in diary.known.values() for one in check_ins
    }
    for step in steps:
        check_in = by_step.get((step.key, step.name))
        if check_in is None:
            check_in = CheckIn(link_id=step.key, step=step.name)
            session.add(check_in)
        if check_in.state is not CheckInState.SCHEDULED:
            check_in.state, check_in.asked_at = CheckInState.SCHEDULED, None
        if check_in.due_at != step.due_at:
            check_in.due_at = step.due_at
        found[step] = check_in
    wanted = {(step.key, step.name) for step in steps}
    for key, check_in in by_step.items():
        if check_in.state is CheckInState.SCHEDULED and key not in wanted:
            if check_in.due_at > now:
                session.delete(check_in)
            else:
                check_in.state = CheckInState.CANCELLED
    return found


def _nothing_left(diary: Diary) -> list[CheckIn]:
    """What was asked at events where nothing is open any more, or whose owner has stopped."""
    return [
        one for link, part in diary.parts.items() if not part.told for one in diary.known[link]
        if one.state is CheckInState.ASKED
    ]  # fmt: skip


def answer_latest(session: Session, link_id: UUID) -> CheckIn | None:
    """Marks the check-in that was asked last as answered, and takes its message back if it has not gone yet.

    None where no question is open: people may report of their own accord.
    """
    lock(session, session.scalars(select(FollowupLink.person_id).where(FollowupLink.id == link_id)).all())
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
    """Asks up to `limit` people for whom a check-in is due, each once. Several workers may do so at the same time: each
    holds its people, and leaves out those whom somebody else holds.

    The schedule is made anew first, with what holds now: a check-in that may not go today, because another event asked
    within 14 days, or because days have become quiet, is moved. One whose owner has nothing open, has stopped, or
    cannot be written to, is cancelled; so is all but the latest of several at one event.
    """
    people = _due_people(session, limit)
    if not people:
        return Asked(0, 0)
    held = _held_links(session, people)
    read = [one for one in diaries.read(session, people) if _due_links(one) <= held]
    goes: list[tuple[CheckIn, Step]] = []
    earlier: list[CheckIn] = []
    for diary in read:
        asked = [one for some in diary.known.values() for one in some if one.state is CheckInState.ASKED]
        kept = _apply(session, diary, diary.plan().steps)
        now = [(check_in, step) for step, check_in in kept.items() if step.due_at <= clock.now()]
        links = {step.key for _check_in, step in now}
        earlier += [one for one in asked if one.link_id in links]
        goes += now
    session.flush()
    return Asked(len(read), send(session, goes, earlier))


def send(session: Session, goes: Sequence[tuple[CheckIn, Step]], earlier: Sequence[CheckIn] = ()) -> int:
    """Asks: queues the message of each check-in for the moment of its step, and returns how many will be sent.

    `earlier` are questions at the same events whose messages are not needed any more. A check-in to an address that
    takes no mail is cancelled.
    """
    links = {link.id: link for link in _links(session, {check_in.link_id for check_in, _step in goes})}
    actions = open_actions(session, links)
    wordings.prepare(session, {link.event_id for link in links.values()})
    unreachable = _suppressed(session, [link.person.email for link in links.values()])
    drafts: list[outbox.Draft] = []
    for check_in, step in goes:
        link = links[check_in.link_id]
        if link.person.email in unreachable:
            check_in.state = CheckInState.CANCELLED
        else:
            check_in.state, check_in.asked_at = CheckInState.ASKED, step.goes_at
        drafts.append(letters.check_in(link, check_in, actions[link.id], step.goes_at))
    session.flush()
    _take_back(session, earlier, "asked anew")
    return _taken_up_again(session, goes) + outbox.queue(session, drafts)


def _taken_up_again(session: Session, goes: Sequence[tuple[CheckIn, Step]]) -> int:
    """Queues anew the messages of those that were asked before, and taken back before they left; returns how many.

    A check-in has one message for good: another would not be written.
    """
    asked = {check_in.id: step.goes_at for check_in, step in goes if check_in.state is CheckInState.ASKED}
    former = select(Message).where(
        Message.about.in_(asked), Message.kind == MessageKind.CHECK_IN, Message.state == MessageState.CANCELLED
    )
    return sum(rewriting.rewrite(session, one, asked[one.about]) for one in session.scalars(former).all())


def _due_people(session: Session, limit: int) -> set[UUID]:
    """Some people for whom a check-in is due, the longest due first. They are locked."""
    some = (
        select(Person.id)
        .join(FollowupLink, FollowupLink.person_id == Person.id)
        .join(CheckIn, CheckIn.link_id == FollowupLink.id)
        .where(CheckIn.state == CheckInState.SCHEDULED, CheckIn.due_at <= clock.now())
        .order_by(CheckIn.due_at, CheckIn.id)
        .limit(limit)
        .with_for_update(of=Person, key_share=True, skip_locked=True)
    )
    return set(session.scalars(some))


def _held_links(session: Session, people: Collection[UUID]) -> set[UUID]:
    """Those of their links that nobody else holds, such as an owner who is reporting just now. They are locked."""
    mine = select(FollowupLink.id).where(FollowupLink.person_id.in_(people)).order_by(FollowupLink.id)
    return set(session.scalars(mine.with_for_update(skip_locked=True)))


def _due_links(diary: Diary) -> set[UUID]:
    now = clock.now()
    return {link for link, part in diary.parts.items() if any(at <= now for at in part.planned.values())}


def _take_back(session: Session, asked: Collection[CheckIn], why: str) -> None:
    """Cancels those check-ins whose message has not gone yet, and their messages."""
    if not asked:
        return
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


def _links(session: Session, wanted: Collection[UUID]) -> Sequence[FollowupLink]:
    found = select(FollowupLink).where(FollowupLink.id.in_(wanted))
    return session.scalars(found.options(joinedload(FollowupLink.event), joinedload(FollowupLink.person))).all()


def _suppressed(session: Session, addresses: Collection[str]) -> set[str]:
    return set(session.scalars(select(Suppression.address).where(Suppression.address.in_(addresses))))
