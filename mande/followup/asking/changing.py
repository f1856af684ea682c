"""What staff do with check-ins: put them off, give them their own day back, skip them, take that back, ask by hand.

Each holds the people concerned and makes their schedule anew, over all of their events.
"""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande.events.models import Event
from mande.followup.asking import checkins
from mande.followup.asking import diaries
from mande.followup.asking.diaries import Diary
from mande.followup.asking.schedule import APART
from mande.followup.asking.schedule import Step
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.mail.models import Suppression
from mande.staff import audit

FURTHEST = timedelta(days=3 * 366)
NOTHING: Mapping[str, str] = MappingProxyType({})
CAN_COME = (CheckInState.SCHEDULED, CheckInState.SKIPPED)


class Hindrance(StrEnum):
    """Why nothing could be done with a check-in."""

    OVER = "over"
    STOPPED = "stopped"
    NOTHING_OPEN = "nothing_open"
    UNREACHABLE = "unreachable"
    SNOOZED = "snoozed"
    ASKED = "asked"
    QUIET = "quiet"
    PAST = "past"


@dataclass(frozen=True)
class Refused:
    """A check-in that was left as it is. `told` is the day, or the moment, that says why; `at` the event that asked."""

    name: str
    why: Hindrance
    told: object = None
    at: str = ""


@dataclass(frozen=True)
class Done:
    """With how many something was done, how many of them come at another time than wished, and what was refused."""

    number: int
    elsewhere: int = 0
    refused: Sequence[Refused] = field(default_factory=list)


def put_off(session: Session, event: Event, wanted: Collection[UUID], wall: datetime) -> Done:
    """Lets check-ins come at `wall` (naive), each by its owner's own clocks, or at the first moment after it at which
    nothing forbids it. What was skipped comes again by that."""
    chosen, read = _held(session, event, wanted)
    taken, refused = [], []
    for check_in in chosen:
        moment = wall.replace(tzinfo=ZoneInfo(checkins.zone_of(check_in.link)))
        if hindrance := _lasting(check_in, read):
            refused.append(hindrance)
        elif not clock.now() < moment <= clock.now() + FURTHEST:
            refused.append(Refused(check_in.link.person.name, Hindrance.PAST))
        else:
            check_in.state, check_in.moved_to = CheckInState.SCHEDULED, moment
            check_in.due_at = moment
            taken.append((check_in, moment))
    _renew(session, event, "check-ins put off", [one for one, _at in taken], {"to": f"{wall:%Y-%m-%d %H:%M}"})
    return Done(len(taken), sum(one.due_at != moment for one, moment in taken), refused)


def give_back(session: Session, event: Event, wanted: Collection[UUID]) -> Done:
    """Lets check-ins that were put off come on their own days again; what has passed meanwhile comes at once."""
    chosen, _read = _held(session, event, wanted)
    moved = [one for one in chosen if one.state is CheckInState.SCHEDULED and one.moved_to]
    for check_in in moved:
        check_in.moved_to = None
    _renew(session, event, "check-ins back on their own days", moved)
    return Done(len(moved), refused=_over(chosen, moved))


def skip(session: Session, event: Event, wanted: Collection[UUID]) -> Done:
    """Takes check-ins out of the schedule."""
    chosen, _read = _held(session, event, wanted)
    planned = [one for one in chosen if one.state is CheckInState.SCHEDULED]
    for check_in in planned:
        check_in.state = CheckInState.SKIPPED
    _renew(session, event, "check-ins skipped", planned)
    return Done(len(planned), refused=_over(chosen, planned))


def take_back(session: Session, event: Event, wanted: Collection[UUID]) -> Done:
    """Puts skipped check-ins back into the schedule. One whose day has passed comes at once, unless a later question at
    the event, or all the news, stands for it."""
    chosen, read = _held(session, event, wanted)
    skipped, refused = [], []
    for check_in in chosen:
        if check_in.state is not CheckInState.SKIPPED:
            refused.append(Refused(check_in.link.person.name, Hindrance.OVER))
        elif hindrance := _lasting(check_in, read):
            refused.append(hindrance)
        else:
            check_in.state = CheckInState.SCHEDULED
            skipped.append(check_in)
    _renew(session, event, "check-ins no longer skipped", skipped)
    return Done(len(skipped), refused=refused)


def ask_now(session: Session, event: Event, wanted: Collection[UUID], in_quiet: bool = False) -> Done:
    """Asks at once, or as soon as working hours begin where somebody is. What comes within 14 days after makes way.

    Quiet periods hinder it unless staff say that they know (`in_quiet`); whatever else forbids a question hinders it.
    """
    chosen, read = _held(session, event, wanted)
    goes: list[tuple[CheckIn, Step]] = []
    refused: list[Refused] = []
    suppressed = _suppressed(session, {one.link.person.email for one in chosen})
    people: set[UUID] = set()
    for check_in in chosen:
        person = check_in.link.person
        diary = read[person.id]
        days = diary.parts[check_in.link_id].days
        moment = replace(days, quiet=()).first_open(clock.now())
        if hindrance := _lasting(check_in, read) or _now(session, check_in, diary, moment, in_quiet):
            refused.append(hindrance)
        elif person.email in suppressed:
            refused.append(Refused(person.name, Hindrance.UNREACHABLE))
        elif person.id in people:
            refused.append(Refused(person.name, Hindrance.ASKED, days.day_of(moment), event.code))
        else:
            people.add(person.id)
            goes.append((check_in, Step(check_in.link_id, check_in.step, check_in.due_at, moment, days.day_of(moment))))
    checkins.send(session, goes)
    _renew(session, event, "check-ins asked by hand", [one for one, _step in goes])
    return Done(len(goes), refused=refused)


def _held(session: Session, event: Event, wanted: Collection[UUID]) -> tuple[list[CheckIn], dict[UUID, Diary]]:
    """The check-ins of the event that are wanted, by name and day, and the diaries of their people, who are locked."""
    mine = (
        select(CheckIn)
        .join(CheckIn.link)
        .where(FollowupLink.event_id == event.id, CheckIn.id.in_(wanted))
        .options(
            joinedload(CheckIn.link).joinedload(FollowupLink.person),
            joinedload(CheckIn.link).joinedload(FollowupLink.event),
        )
    )
    links = select(CheckIn.link_id).join(CheckIn.link).where(FollowupLink.event_id == event.id, CheckIn.id.in_(wanted))
    held = select(FollowupLink.person_id).where(FollowupLink.id.in_(links)).order_by(FollowupLink.id)
    people = set(session.scalars(held.with_for_update()))
    checkins.lock(session, people)
    read = {diary.person_id: diary for diary in diaries.read(session, people)}
    chosen = session.scalars(mine).all()
    return sorted(chosen, key=lambda one: (one.link.person.name, one.due_at, one.id)), read


def _lasting(check_in: CheckIn, read: dict[UUID, Diary]) -> Refused | None:
    """What hinders a check-in whenever it is to come."""
    person, link = check_in.link.person, check_in.link
    if check_in.state not in CAN_COME:
        return Refused(person.name, Hindrance.OVER)
    if link.stopped:
        return Refused(person.name, Hindrance.STOPPED)
    if not read[person.id].parts[link.id].told:
        return Refused(person.name, Hindrance.NOTHING_OPEN)
    return None


def _now(session: Session, check_in: CheckIn, diary: Diary, moment: datetime, in_quiet: bool) -> Refused | None:
    """What hinders a question at this moment."""
    name, part = check_in.link.person.name, diary.parts[check_in.link_id]
    day = part.days.day_of(moment)
    if part.snoozed_until is not None and day < part.snoozed_until:
        return Refused(name, Hindrance.SNOOZED, part.snoozed_until)
    asked = [(at, link) for link, other in diary.parts.items() for at in other.asked
             if abs(part.days.day_of(at) - day) < APART]  # fmt: skip
    if asked:
        at, link = max(asked)
        code = session.scalar(select(Event.code).join(FollowupLink).where(FollowupLink.id == link))
        return Refused(name, Hindrance.ASKED, part.days.day_of(at), code or "")
    until = part.days.quiet_until(day)
    return Refused(name, Hindrance.QUIET, until) if until and not in_quiet else None


def _renew(
    session: Session, event: Event, what: str, changed: Sequence[CheckIn], detail: Mapping[str, str] = NOTHING
) -> None:
    if changed:
        checkins.plan_for(session, sorted({one.link.person_id for one in changed}))
        audit.record(session, what, event.code, {"check-ins": len(changed), **detail})


def _over(chosen: Iterable[CheckIn], done: Collection[CheckIn]) -> list[Refused]:
    return [Refused(one.link.person.name, Hindrance.OVER) for one in chosen if one not in done]


def _suppressed(session: Session, addresses: Collection[str]) -> set[str]:
    return set(session.scalars(select(Suppression.address).where(Suppression.address.in_(addresses))))
