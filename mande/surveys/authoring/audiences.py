"""Whom a questionnaire would be put to at an event: the numbers that advice goes by. Never who."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.operations import attendees
from mande.events.roles import asked_as
from mande.surveys import strata
from mande.surveys.authoring.advice import Audience

KNOWN = ("meeting", "sector", "gender", "mode")


def of_event(session: Session, event: Event, data: Mapping[str, Any]) -> Audience:
    """Those at `event` whom a questionnaire, given as raw data, would ask, in the groups of the strata it declares."""
    role, declared = data.get("role"), data.get("strata")
    people = [one for one in attendees(session, event) if asked_as([held.role for held in one.roles]) == role]
    held = [meeting.code for meeting in event.meetings]
    names = [name for name in declared if name in KNOWN] if isinstance(declared, list) else []
    values = [strata.declared(names, _strata(one, held)) for one in people]
    combined = Counter(tuple(one.values()) for one in values)
    return Audience(
        people=len(people),
        k=event.k,
        groups={name: dict(Counter(one[name] for one in values).most_common()) for name in names},
        meetings=tuple(held),
        event=event.code,
        alone=sum(number == 1 for number in combined.values()) if names else 0,
    )


def _strata(attendance: Attendance, held: Sequence[str]) -> dict[str, str]:
    person = attendance.person
    return {
        "meeting": strata.meeting([meeting.code for meeting in attendance.meetings], held),
        "sector": person.sector.value if person.sector else strata.UNKNOWN,
        "gender": strata.gender(person.gender),
        "mode": attendance.mode.value if attendance.mode else strata.UNKNOWN,
    }
