"""What a respondent can do, with nothing but the link: look, start, save, submit, withdraw.

Each call after `visit` belongs in the transaction of its `visit`: in a transaction that writes, `visit` locks the
invitation, so that two windows of one person, or an answer and the closing of the survey, follow one another.
"""

from collections.abc import Callable
from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from sqlalchemy import delete
from sqlalchemy import update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from mande import tokens
from mande.mail import outbox
from mande.mail.models import MessageKind
from mande.surveys import ballot
from mande.surveys import strata
from mande.surveys import versions
from mande.surveys import visits
from mande.surveys.answers import Answers
from mande.surveys.ballot import Response
from mande.surveys.ballot import Route
from mande.surveys.definition import Definition
from mande.surveys.models import BallotBox
from mande.surveys.models import Invitation
from mande.surveys.visits import Asked

ASKING = (MessageKind.INVITATION, MessageKind.REMINDER)


@dataclass
class Visit:
    """A person at their questionnaire. `response` is what they have saved; `strata` is what goes with it."""

    token: str
    invitation: Asked
    definition: Definition
    response: Response | None
    strata: dict[str, str]


def visit(session: Session, token: str, whole: bool = False) -> Visit | None:
    """Whoever holds the link with this token, as typed, or None: no open survey has this link.

    Everything that a page needs is loaded: survey, questionnaire, event, attendance, person; the event's meetings and
    partners only if `whole`, or where there is no response yet, whose strata have to be worked out. Raises
    ballot.BoxError where the box of this link is damaged.
    """
    well_formed = tokens.normalise(token)
    found = visits.find(session, well_formed) if well_formed else None
    if well_formed is None or found is None:
        return None
    invitation, box = found
    if whole or box is None:
        invitation = visits.whole(session, invitation)
    response = ballot.open_with_link(box, well_formed) if box else None
    return Visit(
        token=well_formed,
        invitation=invitation,
        definition=versions.known(session, invitation.survey.questionnaire_id, invitation.survey.digest),
        response=response,
        strata=response.strata if response else _strata(invitation),
    )


def start(session: Session, visit: Visit, route: Route = "full") -> None:
    """Opens an empty box for this person. Where there is one already, its answers stay and the route is changed."""
    _put(session, visit, replace(_current(visit), route=route))


def save(session: Session, visit: Visit, answers: Answers, replacing: Collection[str]) -> None:
    """Puts `answers` in the box: what was there under the codes `replacing` goes, everything else stays."""
    current = _current(visit)
    kept = {code: value for code, value in current.answers.items() if code not in replacing}
    _put(session, visit, replace(current, answers=kept | answers))


def submit(session: Session, visit: Visit) -> None:
    """Makes the response count. It may still be changed, and submitted again, until the survey closes."""
    _put(session, visit, replace(_current(visit), submitted=True))
    _mark(session, visit, answered=True)
    _ask_no_more(session, visit, "answered")


def withdraw(session: Session, visit: Visit) -> None:
    """Destroys the response. The person is not reminded again, but may start anew with the same link."""
    session.execute(delete(BallotBox).where(BallotBox.locator == tokens.locator(visit.token)))
    visit.response = None
    _mark(session, visit, answered=False)
    stop_reminders(session, visit)


def stop_reminders(session: Session, visit: Visit) -> None:
    """The person does not want to be asked again. The link goes on working."""
    _mark(session, visit, stopped=True)
    _ask_no_more(session, visit, "not wanted")


def _mark(session: Session, visit: Visit, **values: bool) -> None:
    session.execute(update(Invitation).where(Invitation.id == visit.invitation.id).values(**values))


def _ask_no_more(session: Session, visit: Visit, why: str) -> None:
    outbox.cancel(session, [visit.invitation.id], ASKING, why)


def _strata(invitation: Asked) -> dict[str, str]:
    """What the survey declared, worked out from the attendance; a response keeps what it was started with."""
    survey, attendance = invitation.survey, invitation.attendance
    person = attendance.person
    return strata.declared(
        survey.strata,
        {
            "role": survey.role.value,
            "meeting": strata.meeting(
                [meeting.code for meeting in attendance.meetings], [meeting.code for meeting in survey.event.meetings]
            ),
            "sector": person.sector.value if person.sector else strata.UNKNOWN,
            "gender": strata.gender(person.gender),
            "mode": attendance.mode.value if attendance.mode else strata.UNKNOWN,
        },
    )


def _current(visit: Visit) -> Response:
    if visit.response is not None:
        return visit.response
    survey = visit.invitation.survey
    return Response(strata=visit.strata, invitation=None if survey.anonymous else visit.invitation.id)


def _put(session: Session, visit: Visit, response: Response) -> None:
    survey = visit.invitation.survey
    if survey.public_key is None:
        raise ValueError("a survey without a public key takes no answers")
    box = ballot.seal(response, visit.token, survey.public_key)
    session.connection().execute(
        _PUT[session.get_bind().dialect.name],
        {
            "locator": box.locator,
            "survey_id": survey.id,
            "sealed": box.sealed,
            "key_for_link": box.key_for_link,
            "key_for_survey": box.key_for_survey,
        },
    )
    visit.response = response


def _put_statement(insert: Callable[..., Any]) -> Any:
    statement = insert(BallotBox.__table__)
    changed = {name: statement.excluded[name] for name in ("sealed", "key_for_link", "key_for_survey")}
    return statement.on_conflict_do_update(index_elements=[BallotBox.locator], set_=changed)


_PUT = {"sqlite": _put_statement(sqlite.insert), "postgresql": _put_statement(postgresql.insert)}
