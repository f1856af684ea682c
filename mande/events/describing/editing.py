"""Making, changing and copying events on the page: the descriptions that files hold, checked and stored alike."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import fields
from dataclasses import replace
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events import operations
from mande.events.describing import storing
from mande.events.describing.checked import Problem
from mande.events.describing.described import CODE
from mande.events.describing.described import DescribedEvent
from mande.events.describing.described import DescribedMeeting
from mande.events.describing.described import EventFileError
from mande.events.models import Event
from mande.events.models import MessageRule
from mande.events.models import Partner
from mande.staff import audit

RULE = ("wave", "kind", "number", "months", "days", "at", "minutes", "state")
_OFFERED = 1000


def make(session: Session, described: DescribedEvent) -> Event:
    """A new event. Raises EventFileError, also where its code is taken."""
    _refuse_taken(session, described.code)
    return storing.save(session, described)


def change(session: Session, event: Event, described: DescribedEvent) -> Event:
    """The event, brought up to date. Raises EventFileError."""
    return storing.save(session, described, event=event)


def fingerprint(event: Event) -> str:
    """Tells two states of an event's description apart: whoever saves a form says which one they saw."""
    described = storing.stored(event)
    told = repr([(one.name, getattr(described, one.name)) for one in fields(described)])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def copy(session: Session, event: Event, code: str, first_day: date) -> Event:
    """A new event like this one, without its people: its meetings begin on `first_day`, at the same times of day, as
    many days apart.

    The rules by which it sends are those of the other, as paused or skipped as they were. Raises EventFileError.
    """
    problems = [] if CODE.fullmatch(code) else [Problem("code", "", "code", _NO_CODE)]
    if problems:
        raise EventFileError(problems)
    _refuse_taken(session, code)
    before = storing.stored(event)
    meetings = _moved(before.meetings, first_day, ZoneInfo(before.time_zone))
    described = replace(before, code=code, meetings=meetings, reminder_days=None)
    made = storing.save(session, described)
    made.rules.clear()
    # What every new event has makes way first: rows are inserted before others are deleted.
    session.flush()
    made.rules.extend(MessageRule(**{name: getattr(rule, name) for name in RULE}) for rule in event.rules)
    made.questionnaires = {wave: dict(chosen) for wave, chosen in event.questionnaires.items()}
    session.flush()
    audit.record(session, "event copied", made.code, {"from": event.code})
    return made


def suggested_code(session: Session, code: str) -> str:
    """A code for a copy that no event has yet: WP1873v gives WP1873v-2, and that WP1873v-3."""
    stem, number = code, 2
    if found := re.fullmatch(r"(.+)-(\d{1,3})", code):
        stem, number = found[1], int(found[2]) + 1
    while operations.get(session, f"{stem[:35]}-{number}") is not None:
        number += 1
    return f"{stem[:35]}-{number}"


def programmes(session: Session) -> Sequence[str]:
    """The programmes that events belong to, by name."""
    known = select(Event.programme).distinct().where(Event.programme != "").order_by(Event.programme)
    return session.scalars(known.limit(_OFFERED)).all()


def partners(session: Session) -> Sequence[str]:
    """The partners that events have or had, by name."""
    return session.scalars(select(Partner.name).order_by(Partner.name).limit(_OFFERED)).all()


_NO_CODE = "may hold only letters, digits, dots, hyphens and underscores, and at most 40 of them"


def _refuse_taken(session: Session, code: str) -> None:
    if operations.get(session, code) is not None:
        raise EventFileError([Problem("code", "", "code", f"{code} is that of another event")])


def _moved(meetings: Sequence[DescribedMeeting], first_day: date, zone: ZoneInfo) -> tuple[DescribedMeeting, ...]:
    """The meetings so many days later or earlier that the first begins on `first_day`, by the clocks of `zone`."""
    if not meetings:
        return ()
    days = first_day - min(one.starts_at for one in meetings).astimezone(zone).date()
    try:
        return tuple(_later(one, days, zone) for one in meetings)
    except OverflowError:
        raise EventFileError([Problem("first_day", "", "", f"{first_day} is too far away")]) from None


def _later(meeting: DescribedMeeting, days: timedelta, zone: ZoneInfo) -> DescribedMeeting:
    starts, ends = (_shifted(moment, days, zone) for moment in (meeting.starts_at, meeting.ends_at))
    # Where clocks skip the end's hour on the new day, the meeting keeps its length.
    lasting = meeting.ends_at - meeting.starts_at
    return replace(meeting, starts_at=starts, ends_at=ends if ends > starts else starts + lasting)


def _shifted(moment: datetime, days: timedelta, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    return datetime.combine(local.date() + days, local.time(), zone).astimezone(UTC)
