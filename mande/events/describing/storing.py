"""An event's description in the database: made, brought up to date, and told again in the words of a description."""

from dataclasses import fields
from typing import Any

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events import marking
from mande.events import moving
from mande.events import operations
from mande.events import rules
from mande.events.asking import asking
from mande.events.describing import outcomes
from mande.events.describing.checked import Problem
from mande.events.describing.described import DescribedEvent
from mande.events.describing.described import DescribedGroup
from mande.events.describing.described import DescribedMeeting
from mande.events.describing.described import EventFileError
from mande.events.kinds import Wave
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Meeting
from mande.events.models import Partner
from mande.events.models import StakeholderGroup
from mande.events.models import attendance_meeting
from mande.staff import audit

PLAIN = (
    *("code", "title", "summary", "convenor", "programme", "time_zone", "manager_name", "manager_email"),
    *("dac_code", "crs_code", "oda_eligible", "oda_share", "k", "days_open", "discreet"),
    *("checkin_days_before", "checkin_from", "checkin_until"),
)
LISTS = ("objectives", "checkin_months")


def save(session: Session, described: DescribedEvent, actor: str | None = None, event: Event | None = None) -> Event:
    """Makes or updates the event with this code, or `event`, which may get another code by it.

    Raises EventFileError where a meeting or a group that people belong to is no longer described, where k falls below
    what people were told, or where another event has the code.
    """
    known = operations.get(session, described.code)
    if event is not None and known is not None and known.id != event.id:
        raise EventFileError([Problem("code", "", "code", f"{described.code} is that of another event")])
    event = event or known
    before = stored(event) if event else None
    if event is None:
        event = Event(meetings=[], outcomes=[], partners=[], groups=[])
        event.rules = [rule for wave in Wave for rule in rules.standard(wave)]
    else:
        _refuse(session, event, described)
    for name in PLAIN:
        _set(event, name, getattr(described, name))
    for name in LISTS:
        _set(event, name, list(getattr(described, name)))
    _reminders(event, before, described.reminder_days)
    event.partners = sorted(
        (_partner(session, name, country) for name, country in described.partners), key=lambda partner: partner.name
    )
    session.add(event)
    _meetings(session, event, described.meetings)
    _groups(session, event, described.groups)
    lost = outcomes.losses(session, event, described.outcomes) if before else []
    outcomes.store(session, event, described.outcomes, actor or audit.doer())
    session.flush()
    changed = differing(before, stored(event))
    if before and "discreet" in changed:
        marking.align(session)
    if before and moving.DATES & set(changed):
        moving.follow(session, event)
    if changed:
        _record(session, before, event, changed, lost, actor)
    return event


def stored(event: Event) -> DescribedEvent:
    """What the database says of an event, in the words of a description."""
    values: dict[str, Any] = {name: getattr(event, name) for name in PLAIN}
    values.update((name, tuple(getattr(event, name))) for name in LISTS)
    return DescribedEvent(
        **values,
        reminder_days=rules.reminder_days(event),
        partners=tuple((partner.name, partner.country) for partner in event.partners),
        outcomes=tuple(one.text for one in event.outcomes),
        groups=tuple(DescribedGroup(group.name, group.sought, group.name) for group in event.groups),
        meetings=tuple(
            DescribedMeeting(one.code, one.title, one.starts_at, one.ends_at, one.format, tuple(one.topics), one.place)
            for one in event.meetings
        ),
    )


def differing(before: DescribedEvent | None, after: DescribedEvent) -> list[str]:
    """The names of what two descriptions say differently; all of them where there was none before."""
    return [
        one.name for one in fields(after) if before is None or getattr(before, one.name) != getattr(after, one.name)
    ]


def _record(
    session: Session,
    before: DescribedEvent | None,
    event: Event,
    changed: list[str],
    lost: list[str],
    actor: str | None,
) -> None:
    if before is None:
        audit.record(session, "event made", event.code, actor=actor)
        return
    renamed = {} if before.code == event.code else {"code before": before.code}
    told = {"lost": lost} if lost else {}
    audit.record(session, "event changed", event.code, {"fields": changed, **renamed, **told}, actor)


def _refuse(session: Session, event: Event, described: DescribedEvent) -> None:
    problems = [*_lost_meetings(session, event, described), *_lost_groups(session, event, described)]
    asked = asking(session, [event])[event.id]
    if described.k < event.k and (asked.closed or asked.open_until):
        what = f"is {described.k}; people were asked when it was {event.k} and told so: it may rise, and not fall"
        problems.append(Problem("k", "", "k", what))
    if problems:
        raise EventFileError(problems)


def _lost_meetings(session: Session, event: Event, described: DescribedEvent) -> list[Problem]:
    kept = {one.code for one in described.meetings}
    problems = []
    for meeting in event.meetings:
        attended = select(func.count()).where(attendance_meeting.c.meeting_id == meeting.id)
        if meeting.code not in kept and (people := session.scalar(attended)):
            what = (
                f"the meeting {meeting.code} is no longer described, but {people} people attended it: "
                "keep it, or keep its code if it was renamed"
            )
            problems.append(Problem("meetings", "", "", what))
    return problems


def _lost_groups(session: Session, event: Event, described: DescribedEvent) -> list[Problem]:
    kept = {name for one in described.groups for name in (one.name, one.was)}
    problems = []
    for group in event.groups:
        members = select(func.count()).where(Attendance.group_id == group.id)
        if group.name not in kept and (people := session.scalar(members)):
            what = (
                f"the stakeholder group {group.name} is no longer described, but {people} people belong to it: "
                "keep it, or say `was` if it was renamed"
            )
            problems.append(Problem("stakeholder_groups", "", "", what))
    return problems


def _set(row: Any, name: str, value: Any) -> None:
    # Only what differs is set, so that a second loading of one file finds nothing to write.
    if getattr(row, name) != value:
        setattr(row, name, value)


def _reminders(event: Event, before: DescribedEvent | None, days: tuple[int, ...] | None) -> None:
    if days is None or (before is not None and before.reminder_days == days):
        return
    for wave in Wave:
        rules.set_reminder_days(event, wave, days)


def _partner(session: Session, name: str, country: str | None) -> Partner:
    partner = session.scalars(select(Partner).where(Partner.name == name)).one_or_none()
    if partner is None:
        partner = Partner(name=name)
        session.add(partner)
    if country is not None:
        _set(partner, "country", country)
    return partner


def _meetings(session: Session, event: Event, described: tuple[DescribedMeeting, ...]) -> None:
    known = {meeting.code: meeting for meeting in event.meetings}
    gone = [meeting for code, meeting in known.items() if code not in {one.code for one in described}]
    for meeting in gone:
        event.meetings.remove(meeting)
    if gone:
        # What is deleted makes way first: rows are inserted before others are deleted.
        session.flush()
    kept = [(one, known[one.code]) for one in described if one.code in known]
    if any(meeting.position != described.index(one) + 1 for one, meeting in kept):
        # Two meetings that change places would stand in one place for a moment: all step aside first.
        for meeting in event.meetings:
            meeting.position += 1_000_000
        session.flush()
    for position, one in enumerate(described, start=1):
        found = known.get(one.code)
        meeting = found or Meeting(code=one.code, topics=[])
        for name in ("title", "starts_at", "ends_at", "format", "place"):
            _set(meeting, name, getattr(one, name))
        _set(meeting, "position", position)
        _set(meeting, "topics", list(one.topics))
        if found is None:
            event.meetings.append(meeting)
    event.meetings.sort(key=lambda meeting: meeting.position)


def _groups(session: Session, event: Event, described: tuple[DescribedGroup, ...]) -> None:
    known = {group.name: group for group in event.groups}
    # A group is found by what it was called before, else by its name.
    found = [(one, known.pop(one.was, None) or known.pop(one.name, None)) for one in described]
    for gone in known.values():
        event.groups.remove(gone)
    renamed = [group for one, group in found if group is not None and group.name != one.name]
    for group in renamed:
        # Two groups that change names would share one for a moment: all step aside first.
        group.name = str(group.id)
    if known or renamed:
        session.flush()
    for position, (one, kept) in enumerate(found, start=1):
        if kept is None:
            event.groups.append(StakeholderGroup(name=one.name, sought=one.sought, position=position))
            continue
        for name, value in (("name", one.name), ("sought", one.sought), ("position", position)):
            _set(kept, name, value)
    event.groups.sort(key=lambda group: group.position)
