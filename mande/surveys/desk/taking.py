"""What can be done when somebody of the team takes answers down. One transaction each, opened by the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_bytes
from typing import Any
from uuid import UUID
from uuid import uuid4

from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import tokens
from mande.events.discretion import is_discreet
from mande.events.models import Attendance
from mande.events.models import Mode
from mande.events.models import Person
from mande.events.records.people import number
from mande.staff import audit
from mande.surveys import strata
from mande.surveys.answering import ballot
from mande.surveys.answering import paging
from mande.surveys.answering import responding
from mande.surveys.answering.ballot import Response
from mande.surveys.answering.responding import Visit
from mande.surveys.models import BallotBox
from mande.surveys.models import Channel
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyState
from mande.surveys.questionnaires import audience
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.versions import definition_of
from mande.web import settings

AT_MOST = 50


class TakingError(Exception):
    """The answers cannot be taken down. The text says why, and what can be done."""


@dataclass(frozen=True)
class Room:
    """How many sheets without a name a survey may still take: never more than people who have not answered."""

    invited: int
    answered: int
    sheets: int

    @property
    def left(self) -> int:
        return max(0, self.invited - self.answered - self.sheets)


def waiting(session: Session, survey: Survey, text: str) -> list[Invitation]:
    """Those who have not answered and whose name, address or organisation holds `text`; the first AT_MOST by name."""
    sought = text.strip().lower()
    query = (
        select(Invitation)
        .join(Invitation.attendance)
        .join(Attendance.person)
        .where(Invitation.survey_id == survey.id, Invitation.answered.is_(False))
        .options(joinedload(Invitation.attendance).joinedload(Attendance.person))
        .order_by(func.lower(Person.name), Invitation.id)
        .limit(AT_MOST)
    )
    if sought:
        columns = (Person.name, Person.email, Person.organisation)
        query = query.where(or_(*(func.lower(column).contains(sought, autoescape=True) for column in columns)))
    return list(session.scalars(query))


def opened(session: Session, survey: Survey, invitation_id: UUID) -> Visit:
    """The person at their questionnaire, by a link that nobody sees. Raises TakingError where it is not to be opened:
    they have begun, or answered, by themselves, and what they said is theirs.
    """
    invitation = session.get(Invitation, invitation_id)
    if survey.state is not SurveyState.OPEN or invitation is None or invitation.survey_id != survey.id:
        raise TakingError("This questionnaire is closed, or the person was not asked.")
    if invitation.answered:
        raise TakingError(
            "This person has answered already. They can change their answers by the link in their e-mail."
        )
    if invitation.nonce is None or invitation.link_key is None:
        raise TakingError("This person has no link any more.")
    token = tokens.derive(settings().link_keys.find(invitation.link_key), invitation.id, invitation.nonce)
    visit = responding.visit(session, token, whole=True)
    if visit is None:
        raise TakingError("This questionnaire is closed.")
    if visit.response is not None:
        raise TakingError(
            "This person has begun to answer by the link in their e-mail. Nobody else can open what they have saved: "
            "ask them to go on there, or to delete it there first."
        )
    return visit


def record_opening(session: Session, visit: Visit, channel: Channel) -> None:
    """Writes down that a form was opened on somebody's behalf; what was answered, and whether, is written nowhere."""
    survey = visit.invitation.survey
    whose = session.get_one(Attendance, visit.invitation.attendance_id)
    # The audit trail can be downloaded, and is then a list that leaves the house.
    name = number(whose.person) if is_discreet(whose.event, whose.person) else whose.person.name
    detail = {"role": survey.role.value, "channel": channel.value, "person": name}
    audit.record(session, "form opened for a person", survey.event.code, detail)


def take_down(session: Session, visit: Visit, answers: dict[str, Any], channel: Channel) -> None:
    """Puts the answers into the person's box and submits them. Only the invitation says how they came.

    Raises TakingError where nothing that is asked was answered.
    """
    asked = paging.kept(visit.definition, answers, visit.facts)
    if not asked:
        raise TakingError("Nothing was answered.")
    responding.save(session, visit, asked, ())
    responding.submit(session, visit, channel)


def room(session: Session, survey: Survey) -> Room:
    counted = select(func.count(), func.count().filter(Invitation.answered)).where(Invitation.survey_id == survey.id)
    invited, answered = session.execute(counted).one()
    return Room(invited, answered, survey.sheets)


def of_everybody(survey: Survey) -> Definition:
    """What a sheet can hold: repeated sections are there for each meeting of the event."""
    meetings = [Meeting(meeting.code, meeting.title) for meeting in survey.event.meetings]
    return for_person(definition_of(survey.questionnaire), meetings)


def take_sheet(
    session: Session,
    survey: Survey,
    answers: dict[str, Any],
    meetings: Sequence[str],
    mode: Mode | None,
    sector: str | None,
) -> None:
    """Puts a sheet without a name into a box of its own, to which nobody holds a key but the survey.

    `sector` is the code of a known one, None where the sheet says nothing.
    Raises TakingError where there are as many sheets and answers as people, or nothing was answered.
    """
    locked = select(Survey).where(Survey.id == survey.id).with_for_update(key_share=True)
    survey = session.scalars(locked.execution_options(populate_existing=True)).one()
    if survey.state is not SurveyState.OPEN or survey.public_key is None:
        raise TakingError("This questionnaire is closed.")
    if not survey.anonymous:
        raise TakingError("This questionnaire is not anonymous: find the person whose name the sheet bears.")
    if not room(session, survey).left:
        raise TakingError("There are as many answers and sheets as people who were asked: this one is one too many.")
    facts = Facts((survey.role.value,), tuple(meetings), mode.value if mode else None)
    held = [meeting.code for meeting in survey.event.meetings]
    elsewhere = [f"@{code}" for code in held if code not in meetings]
    known = for_person(definition_of(survey.questionnaire), [Meeting(code, "") for code in held if code in meetings])
    about = {code: value for code, value in answers.items() if audience.meeting(code) in ("", *meetings)}
    asked = paging.kept(known, about, facts)
    if not asked:
        raise TakingError("Nothing was answered.")
    response = Response(
        answers=asked,
        strata=_strata(survey, meetings, mode, sector),
        submitted=True,
        unasked=[*paging.unasked(known, asked, facts), *elsewhere],
    )
    # A link that is nowhere: what made it is forgotten at once.
    token = tokens.derive(token_bytes(32), uuid4(), tokens.new_nonce())
    box = ballot.seal(response, token, survey.public_key)
    session.add(
        BallotBox(
            locator=box.locator,
            survey_id=survey.id,
            sealed=box.sealed,
            key_for_link=box.key_for_link,
            key_for_survey=box.key_for_survey,
        )
    )
    survey.sheets += 1
    audit.record(session, "sheet taken down", survey.event.code, {"role": survey.role.value})


def _strata(survey: Survey, meetings: Sequence[str], mode: Mode | None, sector: str | None) -> dict[str, str]:
    event = survey.event
    known = strata.of(
        survey.role.value,
        meetings,
        [(meeting.code, meeting.starts_at) for meeting in event.meetings],
        event.time_zone,
        mode.value if mode else None,
        sector,
    )
    return strata.declared(survey.strata, known)
