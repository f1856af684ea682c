"""Whom a questionnaire would be put to at an event: the numbers that advice goes by. Never who."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.operations import attendees
from mande.events.roles import asked_as
from mande.surveys import strata
from mande.surveys.authoring.advice import Audience


def of_event(session: Session, event: Event, data: Mapping[str, Any]) -> Audience:
    """Those at `event` whom a questionnaire, given as raw data, would ask, in the groups of the strata it declares."""
    role, declared = data.get("role"), data.get("strata")
    people = [one for one in attendees(session, event) if asked_as([held.role for held in one.roles]) == role]
    known = (*strata.SINGLE[1:], *strata.CROSSED)
    names = [name for name in declared if name in known] if isinstance(declared, list) else []
    names = list(dict.fromkeys([*names, *strata.needed(names)]))
    values = [strata.declared(names, _strata(one, event)) for one in people]
    combined = Counter(tuple(one.values()) for one in values)
    return Audience(
        people=len(people),
        k=event.k,
        groups={name: dict(Counter(one[name] for one in values).most_common()) for name in names},
        meetings=tuple(meeting.code for meeting in event.meetings),
        event=event.code,
        alone=sum(number == 1 for number in combined.values()) if names else 0,
    )


def _strata(attendance: Attendance, event: Event) -> dict[str, str]:
    person = attendance.person
    return strata.of(
        asked_as([held.role for held in attendance.roles]).value,
        [meeting.code for meeting in attendance.meetings],
        [(meeting.code, meeting.starts_at) for meeting in event.meetings],
        event.time_zone,
        attendance.mode.value if attendance.mode else None,
        person.sector,
        person.gender,
        person.country,
    )
