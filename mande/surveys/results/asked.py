"""Reads who was asked in a survey, and who of them was reached, as numbers for each combination of its strata."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from mande.events.models import Attendance
from mande.events.models import Meeting
from mande.events.models import Person
from mande.events.models import attendance_meeting
from mande.surveys import strata
from mande.surveys.answering.ballot import Response
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.reach import is_reached
from mande.surveys.results.grouping import Values
from mande.surveys.results.turnout import Numbers


def people(session: Session, survey: Survey, responses: Iterable[Response]) -> dict[Values, Numbers]:
    """The numbers of each combination of the survey's strata, for `turnout.rows`. `responses` are all that were begun.

    To be read before closing destroys what tells it.
    """
    names = survey.strata
    asked, reached = _asked(session, survey)
    started: Counter[Values] = Counter()
    answered: Counter[Values] = Counter()
    for response in responses:
        values = tuple(response.strata.get(name, strata.UNKNOWN) for name in names)
        started[values] += 1
        answered[values] += response.submitted
    return {
        values: Numbers(asked[values], reached[values], started[values], answered[values])
        for values in asked.keys() | started.keys()
    }


def _asked(session: Session, survey: Survey) -> tuple[Counter[Values], Counter[Values]]:
    """How many were asked and how many reached, by their strata as the list of attendees has them now."""
    needed = strata.needed(survey.strata)
    attended = _meetings(session, survey) if "meeting" in needed else {}
    columns: Sequence[Any] = (Attendance.mode, Person.sector, Person.gender, Person.country) if needed else ()
    found = (
        select(Attendance.id, is_reached(), *columns)
        .select_from(Invitation)
        .join(Attendance, Invitation.attendance_id == Attendance.id)
        .join(Person, Attendance.person_id == Person.id)
        .where(Invitation.survey_id == survey.id)
    )
    event = survey.event
    held = tuple((meeting.code, meeting.starts_at) for meeting in event.meetings)

    @lru_cache(maxsize=4096)
    def values(meetings: tuple[str, ...], mode: Any = None, *described: str | None) -> Values:
        known = strata.of(survey.role.value, meetings, held, event.time_zone, mode.value if mode else None, *described)
        return tuple(strata.declared(survey.strata, known).values())

    asked: Counter[Values] = Counter()
    reached: Counter[Values] = Counter()
    for attendance, arrived, *described in session.execute(found):
        person = values(attended.get(attendance, ()), *described)
        asked[person] += 1
        reached[person] += bool(arrived)
    return asked, reached


def _meetings(session: Session, survey: Survey) -> dict[UUID, tuple[str, ...]]:
    """The codes of the meetings that each of those asked attended, in the meetings' order."""
    found = (
        select(attendance_meeting.c.attendance_id, Meeting.code)
        .join(Meeting, attendance_meeting.c.meeting_id == Meeting.id)
        .join(Invitation, Invitation.attendance_id == attendance_meeting.c.attendance_id)
        .where(Invitation.survey_id == survey.id)
        .order_by(Meeting.position)
    )
    attended: dict[UUID, tuple[str, ...]] = {}
    for attendance, code in session.execute(found):
        attended[attendance] = (*attended.get(attendance, ()), code)
    return attended
