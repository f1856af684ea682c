"""What is said of planned actions, as conditions that the database works out: overdue, gone quiet, contradicted.

They say the same as `figures` says of actions that are loaded. What depends on an action's owners is a selection of
actions, which the database finds from whichever end is shorter.
"""

from collections.abc import Collection
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events.models import Event
from mande.events.models import Person
from mande.followup.figures import QUIET_AFTER
from mande.followup.models import ENDED
from mande.followup.models import ActionOwner
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Update

IS_OPEN = PlannedAction.status.not_in(ENDED)


def days(session: Session) -> dict[str, date]:
    """What day it is now in each time zone that an event has."""
    return {zone: clock.today(zone) for zone in session.scalars(select(Event.time_zone).distinct())}


def is_overdue(today: Mapping[str, date]) -> ColumnElement[bool]:
    """Whether an action is open past its date. `today` is what `days` gives: zones differ by a day, seldom by two."""
    first = min(today.values(), default=date.min)
    late: list[ColumnElement[bool]] = [PlannedAction.by_when < first]
    for day in sorted({one for one in today.values() if one > first}):
        there = select(Event.id).where(Event.time_zone.in_([zone for zone, one in today.items() if one == day]))
        late.append(and_(PlannedAction.by_when < day, PlannedAction.event_id.in_(there)))
    return and_(IS_OPEN, or_(*late))


def of_quiet_owners(event_id: UUID | None = None) -> Select[object]:
    """The actions of owners whom we may ask, were asked two weeks ago or longer, and have said nothing since.

    Who has stopped all follow-up has not gone quiet: they have told us.

    With `event_id` only those of one event are looked at.
    """
    asked = CheckIn.state == CheckInState.ASKED
    if event_id:
        there = select(FollowupLink.id).where(FollowupLink.event_id == event_id)
        quiet = select(CheckIn.link_id).where(CheckIn.link_id.in_(there), _afterwards(asked), *_unheard())
    else:
        quiet = select(CheckIn.link_id).where(asked, *_unheard())
    return of_owners(ActionOwner.consent.is_(True), ActionOwner.link_id.in_(quiet))


def contradicted(event_id: UUID | None = None) -> Select[object]:
    """The actions whose owners, in what each said last, contradict one another. With `event_id` only one event's."""
    statuses = func.count(ActionOwner.status.distinct())
    found = select(ActionOwner.action_id).group_by(ActionOwner.action_id).having(statuses > 1)
    there = select(PlannedAction.id).where(PlannedAction.event_id == event_id)
    return found.where(ActionOwner.action_id.in_(there)) if event_id else found


def of_owners(*owners: ColumnElement[bool]) -> Select[object]:
    """The actions that have an owner like this: conditions on ActionOwner."""
    return select(ActionOwner.action_id).where(*owners)


def is_who(*people: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an owner is such a person: conditions on Person. Step by step, so that few people cost little."""
    found = select(FollowupLink.id).where(FollowupLink.person_id.in_(select(Person.id).where(*people)))
    return ActionOwner.link_id.in_(found)


def is_hidden() -> ColumnElement[bool]:
    """Whether an owner must not be exposed, so that no list which leaves the house tells of the action."""
    discreet = select(Event.id).where(Event.discreet.is_(True))
    of_discreet = of_owners(is_who(Person.discreet.is_(True)))
    return or_(PlannedAction.event_id.in_(discreet), PlannedAction.id.in_(of_discreet))


def quiet_links(session: Session, links: Collection[UUID]) -> set[UUID]:
    """Those of these owners who were asked two weeks ago or longer, and have neither answered nor stopped since."""
    asked = _afterwards(CheckIn.state == CheckInState.ASKED)
    return set(session.scalars(select(CheckIn.link_id).where(CheckIn.link_id.in_(links), asked, *_unheard())))


def _afterwards(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition, to be looked at once rows are found otherwise.

    Without statistics SQLite takes what is "asked" for rarer than one event's links, and reads all there ever was.
    """
    return case((condition, 1), else_=0) == 1


def _unheard() -> list[ColumnElement[bool]]:
    said = select(Update.id).where(Update.link_id == CheckIn.link_id, Update.reported_at >= CheckIn.asked_at)
    stopped = select(FollowupLink.id).where(FollowupLink.id == CheckIn.link_id, FollowupLink.stopped.is_(True))
    stopped = stopped.correlate(CheckIn)
    return [CheckIn.asked_at <= clock.now() - QUIET_AFTER, ~said.exists(), ~stopped.exists()]
