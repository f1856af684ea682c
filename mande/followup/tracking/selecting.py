"""Which planned actions are wanted: a filter as conditions that the database works out."""

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import false
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events.browsing.event_list import in_year
from mande.events.models import Attendance
from mande.events.models import AttendanceRole
from mande.events.models import Event
from mande.events.models import Partner
from mande.events.models import Person
from mande.events.models import Role
from mande.events.models import event_partner
from mande.followup.links import of_attendance
from mande.followup.models import ENDED
from mande.followup.models import ActionOwner
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Verified
from mande.followup.models import Visibility
from mande.followup.tracking import conditions
from mande.followup.tracking import wanted as asking
from mande.followup.tracking.conditions import IS_OPEN
from mande.followup.tracking.wanted import Wanted
from mande.searching import holds
from mande.searching import words
from mande.staff.models import StaffMember

SOON = timedelta(days=30)


def conditions_of(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions for an action to be wanted."""
    found = [_mentions(word) for word in words(wanted.text)]
    # Its id as a value: the database can tell then how few actions there are.
    event_id = session.scalar(select(Event.id).where(Event.code == wanted.event)) if wanted.event else None
    if wanted.event:
        found.append(PlannedAction.event_id == event_id if event_id else false())
    found += _of_events(session, wanted)
    found += _standing(wanted)
    found += _dated(session, wanted)
    found += _owned(wanted)
    found += _heard(wanted, event_id)
    found += _asked(wanted)
    return found


def _of_events(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    of_events: list[ColumnElement[bool]] = []
    if wanted.programme:
        of_events.append(Event.programme == wanted.programme)
    if wanted.partner:
        named = select(event_partner.c.event_id).join(Partner).where(Partner.name == wanted.partner)
        of_events.append(Event.id.in_(named))
    if wanted.year:
        of_events.append(in_year(session, int(wanted.year)))
    if of_events:
        found.append(PlannedAction.event_id.in_(select(Event.id).where(*of_events)))
    if wanted.theme in (asking.NONE, asking.ANY):
        found.append(PlannedAction.theme_id.is_(None) if wanted.theme == asking.NONE
                     else PlannedAction.theme_id.is_not(None))  # fmt: skip
    elif wanted.theme:
        found.append(PlannedAction.theme_id == UUID(wanted.theme))
    return found


def _standing(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.status == asking.WITHDRAWN:
        # Of what its owner withdrew no word is left.
        found = [PlannedAction.withdrawn.is_(True), PlannedAction.source != Source.OWNER]
    else:
        found = [PlannedAction.withdrawn.is_(False)]
    if wanted.status in (asking.OPEN, asking.ENDED):
        found.append(IS_OPEN if wanted.status == asking.OPEN else PlannedAction.status.in_(ENDED))
    elif wanted.status in list(Status):
        found.append(PlannedAction.status == Status(wanted.status))
    if wanted.verified:
        level = None if wanted.verified == asking.NONE else Verified(wanted.verified)
        found.append(PlannedAction.verified.is_(None) if level is None else PlannedAction.verified == level)
    if wanted.source:
        found.append(PlannedAction.source == Source(wanted.source))
    if wanted.staff:
        mine = PlannedAction.staff_id
        of_team = PlannedAction.source != Source.OWNER
        found.append(and_(of_team, mine.is_(None)) if wanted.staff == asking.NONE else mine == UUID(wanted.staff))
    if wanted.help:
        found.append(PlannedAction.help_needed != "")
    return found


def _dated(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    by_when, today = PlannedAction.by_when, clock.now().date()
    found: list[ColumnElement[bool]] = []
    if first := asking.day(wanted.due_from):
        found.append(by_when >= first)
    if last := asking.day(wanted.due_until):
        found.append(by_when <= last)
    match wanted.due:
        case asking.OVERDUE:
            found.append(conditions.is_overdue(conditions.days(session)))
        case asking.SOON:
            found += [IS_OPEN, by_when.between(today, today + SOON)]
        case asking.QUARTER:
            found.append(by_when.between(*quarter(today)))
        case asking.NONE:
            found.append(by_when.is_(None))
    return found


def quarter(today: date) -> tuple[date, date]:
    """The first and the last day of the quarter in which a day is."""
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    return first, (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)


def _owned(wanted: Wanted) -> list[ColumnElement[bool]]:
    people: list[ColumnElement[bool]] = []
    for name in ("sector", "country"):
        if value := getattr(wanted, name):
            column = getattr(Person, name)
            people.append(column.is_(None) if value == asking.UNKNOWN else column == value)
    owners = [conditions.is_who(*people)] if people else []
    if wanted.role:
        owners.append(_attended_as(Role(wanted.role)))
    found: list[ColumnElement[bool]] = [PlannedAction.id.in_(conditions.of_owners(*owners))] if owners else []
    if wanted.visibility:
        found.append(_seen_by(Visibility(wanted.visibility)))
    return found


def _attended_as(role: Role) -> ColumnElement[bool]:
    held = (
        select(FollowupLink.id)
        .join(Attendance, of_attendance(Attendance))
        .join(AttendanceRole, AttendanceRole.attendance_id == Attendance.id)
        .where(AttendanceRole.role == role)
    )
    return ActionOwner.link_id.in_(held)


def _seen_by(circle: Visibility) -> ColumnElement[bool]:
    """Whether this is the circle that may see it: the most careful that an owner chose, or what the team did."""

    def chose(one: Visibility) -> ColumnElement[bool]:
        return PlannedAction.id.in_(select(ActionOwner.action_id).where(ActionOwner.visibility == one))

    owned, shown = PlannedAction.source == Source.OWNER, PlannedAction.for_partners.is_(True)
    nobodys = PlannedAction.id.not_in(select(ActionOwner.action_id))
    if circle is Visibility.TEAM:
        return or_(and_(owned, or_(chose(circle), nobodys)), and_(~owned, ~shown))
    without_name = chose(Visibility.PARTNERS_WITHOUT_NAME)
    if circle is Visibility.PARTNERS_WITHOUT_NAME:
        return and_(owned, without_name, ~chose(Visibility.TEAM))
    return or_(and_(owned, chose(circle), ~chose(Visibility.TEAM), ~without_name), and_(~owned, shown))


def _heard(wanted: Wanted, event_id: UUID | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.quiet:
        found += [IS_OPEN, PlannedAction.id.in_(conditions.of_quiet_owners(event_id))]
    if wanted.conflict:
        found.append(PlannedAction.id.in_(conditions.contradicted(event_id)))
    if since := asking.day(wanted.silent):
        begin = datetime.combine(since, time(), UTC)
        heard, written = PlannedAction.heard_at, PlannedAction.created_on
        found += [IS_OPEN, written < since, or_(heard.is_(None), heard < begin)]
    return found


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    if not wanted.asking:
        return []
    stopped = select(FollowupLink.id).where(FollowupLink.stopped.is_(True))
    goes_on = PlannedAction.id.in_(conditions.of_owners(ActionOwner.link_id.not_in(stopped)))
    agreed = PlannedAction.id.in_(conditions.of_owners(ActionOwner.consent.is_(True)))
    ways = {asking.MAY_ASK: and_(agreed, goes_on), asking.NOT_AGREED: ~agreed, asking.STOPPED: ~goes_on}
    return [PlannedAction.source == Source.OWNER, ways[wanted.asking]]


def _mentions(word: str) -> ColumnElement[bool]:
    """Whether an action, an owner of it or its event speaks of a word."""
    action = PlannedAction
    # In one piece: to compare each column on its own takes four times as long.
    written = action.what + " " + action.why + " " + action.with_whom + " " + action.help_needed
    told = Person.name + " " + Person.email + " " + func.coalesce(Person.organisation, "")
    events = select(Event.id).where(or_(holds(Event.code, word), holds(Event.title, word)))
    return or_(
        holds(written, word),
        action.id.in_(conditions.of_owners(conditions.is_who(holds(told, word)))),
        action.staff_id.in_(select(StaffMember.id).where(holds(StaffMember.name, word))),
        action.event_id.in_(events),
    )
