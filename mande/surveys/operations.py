"""What can be done with the surveys of an event: open, remind, close. One transaction each, opened by the caller."""

from collections import Counter
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from uuid import UUID
from uuid import uuid4

from flask import current_app
from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import event as events_of
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm import joinedload

from mande import clock
from mande import db
from mande import tokens
from mande.events import rules
from mande.events.asking import Asked
from mande.events.kinds import RuleKind
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.events.models import Role
from mande.events.operations import attendees
from mande.events.roles import asked_as
from mande.keyring import Keyring
from mande.mail import outbox
from mande.staff import audit
from mande.surveys import catalogue
from mande.surveys import messages
from mande.surveys.answering import ballot
from mande.surveys.catalogue import Choice
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.models import SurveyKey
from mande.surveys.models import SurveyState
from mande.surveys.models import Wave
from mande.surveys.reminders import zone_of
from mande.surveys.reminding import remind as remind
from mande.surveys.reminding import remind_due as remind_due
from mande.surveys.results import clearing
from mande.surveys.results import closing
from mande.surveys.results.closing import Closed
from mande.surveys.versions import definition_of
from mande.surveys.versions import keep
from mande.web import settings

QUESTIONNAIRES: Mapping[Wave, Mapping[Role, str]] = {
    Wave.EVENT: {Role.PARTICIPANT: "participants", Role.SPEAKER: "speakers", Role.PARTNER: "partners"},
    Wave.FOLLOWUP: {
        Role.PARTICIPANT: "participants-followup",
        Role.SPEAKER: "speakers-followup",
        Role.PARTNER: "partners-followup",
    },
}


class OpeningError(Exception):
    """The surveys cannot be opened. The text says why, and what can be done."""


@dataclass(frozen=True)
class Opened:
    """What opening did: newly invited people by role (0 where all were invited before), and messages queued."""

    invited: dict[Role, int]
    queued: int
    closes_at: datetime


def surveys_of(session: Session, event: Event, *conditions: ColumnElement[bool]) -> list[Survey]:
    """The surveys of an event that were put to people (not imported): by wave, participants', speakers', partners'."""
    found = session.scalars(
        select(Survey)
        .where(Survey.event_id == event.id, Survey.imported.is_(False), *conditions)
        .options(joinedload(Survey.questionnaire), joinedload(Survey.event))
    )
    return sorted(found, key=lambda survey: (list(Wave).index(survey.wave), list(Role).index(survey.role)))


def open_surveys(
    session: Session,
    event: Event,
    roles: Collection[Role] | None = None,
    actor: str | None = None,
    *,
    closes_at: datetime | None = None,
    even_before_the_end: bool = False,
    questionnaires: Mapping[Role, str] | None = None,
    anonymous: bool = True,
    wave: Wave = Wave.EVENT,
    moment: Callable[[Person], datetime] | None = None,
) -> Opened:
    """Asks everybody who attended, each once in a wave, in the role that weighs most; done again, newcomers only.

    `roles` narrows it down to some roles. Of surveys that are opened now, `closes_at` is by default so many days from
    now as the event says, `questionnaires` names the questionnaire of a role (a code or path) where it is not the usual
    one, and `anonymous` cannot be changed afterwards. `moment` says when the invitation of a person goes out; without
    it, now. Raises OpeningError, and DefinitionError where a questionnaire is wrong.
    """
    now = clock.now()
    closes_at = closes_at or now + timedelta(days=event.days_open)
    session.execute(select(Event.id).where(Event.id == event.id).with_for_update(key_share=True))
    existing = {survey.role: survey for survey in surveys_of(session, event, Survey.wave == wave)}
    audience = _audience(session, event, roles)
    _refuse(event, audience, roles, existing, closes_at, even_before_the_end)
    codes = {**QUESTIONNAIRES[wave], **(questionnaires or {})}
    _refuse_imported(session, event, {role: codes[role] for role in audience if role not in existing})
    invited: dict[Role, int] = {}
    drafts: list[outbox.Draft] = []
    ends: list[datetime] = []
    for role, people in audience.items():
        if role in existing and existing[role].state is SurveyState.CLOSED:
            continue
        survey = existing.get(role) or _new_survey(session, event, role, codes[role], (now, closes_at), anonymous, wave)
        asked = _invite(session, event, survey, people)
        invited[role] = len(asked)
        meant = definition_of(survey.questionnaire)
        for invitation in asked:
            due_at = moment(invitation.attendance.person) if moment else now
            drafts.append(messages.invitation(event, survey, meant, invitation, due_at))
        ends.append(survey.closes_at or closes_at)
    queued = outbox.queue(session, drafts)
    for rule in rules.of(event, wave, RuleKind.INVITATION):
        rule.done_at = rule.done_at or now
    for hook in current_app.extensions.get("mande.on_open", []):
        hook(session, event)
    told = {role.value: number for role, number in invited.items()}
    audit.record(session, "surveys opened", event.code, {"invited": told, "closes": max(ends).isoformat()}, actor)
    return Opened(invited, queued, max(ends))


def close_surveys(
    session: Session,
    event: Event,
    roles: Collection[Role] | None = None,
    actor: str | None = None,
    *,
    leave_out_broken: bool = False,
) -> list[Closed]:
    """Closes the event's open surveys, for good: see `closing`. All of them are closed, or none.

    When the transaction is committed, what was destroyed is cleared out of the database's files too. Raises
    ClosingError, and KeyringError where the operator's key is lacking.
    """
    wanted = [Survey.role.in_(roles)] if roles is not None else []
    return _close(session, surveys_of(session, event, _open(), *wanted), actor, leave_out_broken)


def due_to_close(session: Session) -> list[Survey]:
    """The open surveys whose closing date has passed."""
    due = select(Survey).where(_open(), Survey.closes_at <= clock.now()).order_by(Survey.closes_at, Survey.id)
    return list(session.scalars(due.options(joinedload(Survey.questionnaire), joinedload(Survey.event))))


def asking() -> Asked:
    """Finds what has been asked at each event that has a survey, an imported one too: see `mande.events.asking`."""
    return select(
        Survey.event_id,
        func.max(Survey.closes_at).filter(_open()),
        func.count().filter(Survey.state == SurveyState.CLOSED),
    ).group_by(Survey.event_id)


def response_rates(session: Session, event: Event, wave: Wave = Wave.EVENT) -> dict[Role, tuple[int, int]]:
    """How many of those invited have answered, by role: (answered, invited). Of imports, nothing."""
    counted = (
        select(Invitation.survey_id, func.count(), func.count().filter(Invitation.answered))
        .join(Survey)
        .where(Survey.event_id == event.id)
        .group_by(Invitation.survey_id)
    )
    live = {survey: (answered, invited) for survey, invited, answered in session.execute(counted)}
    return {
        survey.role: (survey.answered or 0, survey.invited or 0)
        if survey.state is SurveyState.CLOSED
        else live.get(survey.id, (0, 0))
        for survey in surveys_of(session, event, Survey.wave == wave)
    }


def rotate_operator_key(session: Session, keyring: Keyring) -> int:
    """Wraps the keys of all open surveys under the newest operator's key; returns how many there are.

    Raises KeyringError where a key that is still needed is not on the ring, BoxError where a wrapped key is damaged.
    """
    keys = list(session.scalars(select(SurveyKey).with_for_update()))
    for key in keys:
        private_key = ballot.unwrap(key.wrapped, keyring.find(key.operator_key))
        key.wrapped, key.operator_key = ballot.wrap(private_key, keyring.newest), keyring.fingerprint
    session.flush()
    return len(keys)


def newcomers(session: Session, event: Event, wave: Wave = Wave.EVENT) -> dict[Role, int]:
    """How many at the event would be invited if its surveys were opened now, by role. Where all were, it is empty."""
    known = set(session.scalars(_invited_at(event, wave)))
    of_wave = Survey.wave == wave
    closed = {survey.role for survey in surveys_of(session, event, of_wave, Survey.state == SurveyState.CLOSED)}
    new = Counter(
        role
        for role, people in _audience(session, event, None).items()
        for attendance in people
        if attendance.id not in known and role not in closed
    )
    return dict(new)


def questionnaires_of(session: Session, event: Event, wave: Wave) -> dict[Role, Choice]:
    """With what those in each role can be asked. `usual` is what the event says, else what suits its meetings."""
    known, formats = catalogue.newest(session), {meeting.format.value for meeting in event.meetings}
    own = event.questionnaires.get(wave.value, {})
    found = {}
    for role in Role:
        suited = catalogue.choice(known, role.value, wave.value, formats, QUESTIONNAIRES[wave][role])
        found[role] = replace(suited, usual=own[role.value]) if own.get(role.value) in known else suited
    return found


def end_of_day(day: date | None, event: Event) -> datetime | None:
    """The last minute of a day where the event is; None stays None."""
    return datetime.combine(day, time(23, 59), zone_of(event.time_zone)) if day else None


def _invited_at(event: Event, wave: Wave) -> Select[UUID]:
    return select(Invitation.attendance_id).join(Survey).where(Survey.event_id == event.id, Survey.wave == wave)


def _open() -> ColumnElement[bool]:
    return Survey.state == SurveyState.OPEN


def _audience(session: Session, event: Event, roles: Collection[Role] | None) -> dict[Role, list[Attendance]]:
    audience: dict[Role, list[Attendance]] = {role: [] for role in Role if roles is None or role in roles}
    for attendance in attendees(session, event):
        role = asked_as([held.role for held in attendance.roles])
        if role in audience:
            audience[role].append(attendance)
    return {role: people for role, people in audience.items() if people}


def _refuse(
    event: Event,
    audience: Mapping[Role, Sequence[Attendance]],
    roles: Collection[Role] | None,
    existing: Mapping[Role, Survey],
    closes_at: datetime,
    even_before_the_end: bool,
) -> None:
    now = clock.now()
    lacking = [role for role in roles or () if role not in audience]
    if not audience or lacking:
        who = " or ".join(f"{role.value}s" for role in lacking) or "attendees"
        raise OpeningError(
            f"{event.code} has no {who} yet: there is nobody to ask. See `mande attendees import --help`."
        )
    closed = [role for role in audience if role in existing and existing[role].state is SurveyState.CLOSED]
    if (roles is not None and closed) or len(closed) == len(audience):
        who = " and ".join(f"{role.value}s" for role in closed)
        raise OpeningError(f"The survey of {who} of {event.code} is closed. That is final: it cannot be opened again.")
    if closes_at <= now:
        raise OpeningError("The closing date has passed already. Choose one in the future.")
    last = event.ends_at or now
    if last > now and not even_before_the_end:
        raise OpeningError(
            f"{event.code} is not over: its last meeting ends on {last:%d %B %Y at %H:%M} UTC. To ask people before "
            "that, say so: `mande survey open --even-before-the-end`, or the tick box on the event's page."
        )


def _refuse_imported(session: Session, event: Event, codes: Mapping[Role, str]) -> None:
    """Refuses to ask with a questionnaire, of whatever version, whose answers were imported: reports would mix them."""
    imported = (
        select(Survey).where(Survey.event_id == event.id, Survey.imported).options(joinedload(Survey.questionnaire))
    )
    answered = {survey.questionnaire.code: survey.answered for survey in session.scalars(imported)}
    meant = {role: catalogue.find(session, code).code for role, code in codes.items()}
    taken = [role for role, code in meant.items() if code in answered]
    if not taken:
        return
    found = " and ".join(f"to {meant[role]} ({answered[meant[role]]} of them)" for role in taken)
    others = " ".join(f"--role {role.value}" for role in codes if role not in taken)
    instead = (
        f"ask the other roles alone: mande survey open {event.code} {others}" if others else "ask in another event"
    )
    raise OpeningError(
        f"Answers {found} have been imported into {event.code}. What is counted cannot be added to, so nobody was "
        f"invited. To ask all the same, {instead}."
    )


def _new_survey(
    session: Session,
    event: Event,
    role: Role,
    code: str,
    period: tuple[datetime, datetime],
    anonymous: bool,
    wave: Wave,
) -> Survey:
    meant = catalogue.find(session, code)
    if meant.role != role.value:
        raise OpeningError(f"The questionnaire {meant.code} is for {meant.role}s, not for {role.value}s.")
    if meant.wave != wave.value:
        when = "months later" if meant.wave == Wave.FOLLOWUP else "right after the event"
        raise OpeningError(f"The questionnaire {meant.code} is meant for asking {when}.")
    questionnaire = keep(session, meant)
    public_key, private_key = ballot.new_survey_key()
    keyring = settings().operator_keys
    survey = Survey(
        id=uuid4(),
        event_id=event.id,
        questionnaire_id=questionnaire.id,
        role=role,
        wave=wave,
        anonymous=anonymous,
        strata=list(meant.strata),
        k=event.k,
        state=SurveyState.OPEN,
        opens_at=period[0],
        closes_at=period[1],
        public_key=public_key,
    )
    session.add(survey)
    session.flush()
    wrapped = ballot.wrap(private_key, keyring.newest)
    session.add(SurveyKey(survey_id=survey.id, wrapped=wrapped, operator_key=keyring.fingerprint))
    return survey


def _invite(session: Session, event: Event, survey: Survey, people: Sequence[Attendance]) -> list[Invitation]:
    """Invitations for those who have none in this wave of the event, whatever the role in which they were asked."""
    known = set(session.scalars(_invited_at(event, survey.wave)))
    link_keys = settings().link_keys
    invitations = []
    for attendance in people:
        if attendance.id in known:
            continue
        invitation = Invitation(id=uuid4(), survey=survey, attendance=attendance, nonce=tokens.new_nonce())
        token = tokens.derive(link_keys.newest, invitation.id, invitation.nonce or b"")
        invitation.token_digest, invitation.link_key = tokens.digest(token), link_keys.fingerprint
        invitations.append(invitation)
    session.add_all(invitations)
    session.flush()
    return invitations


def _close(session: Session, surveys: Sequence[Survey], actor: str | None, leave_out_broken: bool) -> list[Closed]:
    keyring = settings().operator_keys
    done = []
    for survey in surveys:
        closed = closing.close(session, survey, keyring, leave_out_broken)
        if closed is None:
            continue
        detail = {"role": survey.role.value, "invited": closed.invited, "answered": closed.answered}
        audit.record(session, clearing.CLOSED, survey.event.code, {**detail, "left_out": closed.left_out}, actor)
        done.append(closed)
    if done:
        database = db.database()
        events_of.listen(session, "after_commit", lambda _session: clearing.clear(database), once=True)
    return done
