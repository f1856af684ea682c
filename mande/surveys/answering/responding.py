"""What a respondent can do, with nothing but the link: look, start, save, submit, withdraw.

Each call after `visit` belongs in the transaction of its `visit`: in a transaction that writes, `visit` locks the
invitation, so that two windows of one person, or an answer and the closing of the survey, follow one another. What
pages ask for all the time needs a plain connection and no more; a session will do as well.
"""

from collections.abc import Callable
from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from mande import languages
from mande import tokens
from mande.events.models import Event
from mande.mail import outbox
from mande.surveys import strata
from mande.surveys import versions
from mande.surveys.answering import ballot
from mande.surveys.answering import paging
from mande.surveys.answering import stopping
from mande.surveys.answering import visits
from mande.surveys.answering.ballot import Response
from mande.surveys.answering.ballot import Route
from mande.surveys.answering.stopping import ASKING
from mande.surveys.answering.visits import Asked
from mande.surveys.answering.visits import AskedEvent
from mande.surveys.models import BallotBox
from mande.surveys.models import Channel
from mande.surveys.models import Invitation
from mande.surveys.questionnaires import placeholders
from mande.surveys.questionnaires.answers import Answers
from mande.surveys.questionnaires.conditions import Facts
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.questionnaires.definition import Meeting
from mande.surveys.questionnaires.definition import for_person
from mande.surveys.questionnaires.definition import spoken
from mande.surveys.reminders import zone_of


@dataclass
class Visit:
    """A person at their questionnaire. `response` is what they have saved; `strata` is what goes with it.

    `definition` is what this person may be asked, its texts as they are read; `facts` then decide what is asked.
    `sector` is what the sector among the strata is called, where it is one of the installation's own.
    """

    token: str
    invitation: Asked
    definition: Definition
    facts: Facts
    response: Response | None
    strata: dict[str, str]
    sector: str = ""

    @property
    def answers(self) -> Answers:
        return self.response.answers if self.response else {}


def visit(bind: Session | Connection, token: str, whole: bool = False) -> Visit | None:
    """Whoever holds the link with this token, as typed, or None: no open survey has this link.

    Everything that a page needs is loaded: survey, questionnaire, event, attendance, person; the event's meetings and
    partners only if `whole`, or where there is no response yet, whose strata have to be worked out. Raises
    ballot.BoxError where the box of this link is damaged.
    """
    connection = _connection(bind)
    well_formed = tokens.normalise(token)
    found = visits.find(connection, well_formed) if well_formed else None
    if well_formed is None or found is None:
        return None
    invitation, box = found
    definition = versions.known(connection, invitation.survey.questionnaire_id, invitation.survey.digest)
    if whole or box is None or definition.has_braces or definition.uses_attendance:
        invitation = visits.whole(connection, invitation)
    if "role" in definition.facts_used:
        invitation = visits.with_roles(connection, invitation)
    response = ballot.open_with_link(box, well_formed) if box else None
    stored = response.strata if response else _strata(invitation)
    return Visit(
        token=well_formed,
        invitation=invitation,
        definition=_asked_of(definition, invitation),
        facts=_facts(invitation),
        response=response,
        strata=stored,
        sector=visits.own_sector(connection, strata.value(stored, "sector") or ""),
    )


def start(bind: Session | Connection, visit: Visit, route: Route = "full") -> None:
    """Opens an empty box for this person. Where there is one already, its answers stay and the route is changed."""
    _put(bind, visit, replace(_current(visit), route=route))


def save(bind: Session | Connection, visit: Visit, answers: Answers, replacing: Collection[str]) -> None:
    """Puts `answers` in the box: what was there under the codes `replacing` goes, and so does what is no longer asked;
    everything else stays.
    """
    current = _current(visit)
    kept = {code: value for code, value in current.answers.items() if code not in replacing}
    asked = paging.kept(visit.definition, kept | answers, visit.facts)
    unasked = _unasked(visit, asked) if current.submitted else current.unasked
    _put(bind, visit, replace(current, answers=asked, unasked=unasked))


def submit(bind: Session | Connection, visit: Visit, channel: Channel = Channel.LINK) -> None:
    """Makes the response count. It may still be changed, and submitted again, until the survey closes.

    `channel` is how it came: only the invitation keeps it, until then.
    """
    unasked = _unasked(visit, visit.answers)
    _put(bind, visit, replace(_current(visit), submitted=True, unasked=unasked))
    _mark(bind, visit, answered=True, channel=channel)
    outbox.cancel(bind, [visit.invitation.id], ASKING, "answered")


def withdraw(bind: Session | Connection, visit: Visit) -> None:
    """Destroys the response. The person is not reminded again, but may start anew with the same link."""
    bind.execute(delete(BallotBox).where(BallotBox.locator == tokens.locator(visit.token)))
    visit.response = None
    _mark(bind, visit, answered=False, channel=Channel.LINK)
    stopping.stop(bind, visit.invitation.id)


def _unasked(visit: Visit, answers: Answers) -> list[str]:
    """What this person was not asked: questions, and "@meeting" for each meeting that they did not attend."""
    held = visit.invitation.survey.event.meetings
    elsewhere = [f"@{meeting.code}" for meeting in held if meeting.code not in visit.facts.meetings]
    return [*paging.unasked(visit.definition, answers, visit.facts), *elsewhere]


def _mark(bind: Session | Connection, visit: Visit, **values: bool | Channel) -> None:
    bind.execute(update(Invitation).where(Invitation.id == visit.invitation.id).values(**values))


def _asked_of(definition: Definition, invitation: Asked) -> Definition:
    """What this person may be asked, as they read it."""
    event = invitation.survey.event
    mine = for_person(definition, [Meeting(one.code, one.title) for one in invitation.attendance.meetings])
    if not mine.has_braces:
        return mine
    return spoken(mine, _values(event, definition.languages))


@lru_cache(maxsize=64)
def _values(event: AskedEvent, spoken_in: tuple[str, ...]) -> dict[str, dict[str, str]]:
    return {language: placeholder_values(event, language) for language in spoken_in}


def placeholder_values(event: AskedEvent | Event, language: str) -> dict[str, str]:
    """What the placeholders of a text stand for."""
    zone = zone_of(event.time_zone)
    days = [moment.astimezone(zone).date() for one in event.meetings for moment in (one.starts_at, one.ends_at)]
    return {
        "event": languages.isolated(event.title, language),
        "convenor": languages.isolated(event.convenor, language),
        "partners": placeholders.listed([partner.name for partner in event.partners], language),
        "dates": placeholders.dates(min(days), max(days), language) if days else "",
    }


def _facts(invitation: Asked) -> Facts:
    attendance = invitation.attendance
    return Facts(
        roles=tuple(role.value for role in attendance.roles),
        meetings=tuple(meeting.code for meeting in attendance.meetings),
        mode=attendance.mode.value if attendance.mode else None,
    )


def _strata(invitation: Asked) -> dict[str, str]:
    """What the survey declared, worked out from the attendance; a response keeps what it was started with."""
    survey, attendance, person = invitation.survey, invitation.attendance, invitation.attendance.person
    known = strata.of(
        survey.role.value,
        [meeting.code for meeting in attendance.meetings],
        [(meeting.code, meeting.starts_at) for meeting in survey.event.meetings],
        survey.event.time_zone,
        attendance.mode.value if attendance.mode else None,
        person.sector,
        person.gender,
        person.country,
    )
    return strata.declared(survey.strata, known)


def _connection(bind: Session | Connection) -> Connection:
    return bind.connection() if isinstance(bind, Session) else bind


def _current(visit: Visit) -> Response:
    if visit.response is not None:
        return visit.response
    survey = visit.invitation.survey
    return Response(strata=visit.strata, invitation=None if survey.anonymous else visit.invitation.id)


def _put(bind: Session | Connection, visit: Visit, response: Response) -> None:
    survey = visit.invitation.survey
    if survey.public_key is None:
        raise ValueError("a survey without a public key takes no answers")
    box = ballot.seal(response, visit.token, survey.public_key)
    connection = _connection(bind)
    connection.execute(
        _PUT[connection.dialect.name],
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
