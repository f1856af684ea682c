"""What staff may put into words of their own about surveys: which messages, and what they can say."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande.events import roles
from mande.events.kinds import Role
from mande.events.kinds import Wave
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.mail import wordings
from mande.mail.wordings import Placeholder
from mande.mail.wordings import Wording
from mande.surveys import catalogue
from mande.surveys import messages
from mande.surveys import operations
from mande.surveys.models import Survey
from mande.surveys.questionnaires.definition import Definition
from mande.surveys.versions import definition_of

NAME = Placeholder("name", _("the person's name"))
EVENT = Placeholder("event", _("the event's title"), value="title")
MANAGER = Placeholder("manager", _("the name of the event's manager"))
CONVENOR = Placeholder("convenor", _("the convenor of the event"))
SENDER = Placeholder("sender", _("the neutral name from which discreet messages come"))
MINUTES = Placeholder("minutes", _("how many minutes the questionnaire takes, as a figure"))
CLOSES = Placeholder("closes", _("the day on which the questionnaire closes"))
OPENING = Placeholder(
    "opening", _("a sentence of ours: thanks, and what we would like to know, by the person's role"), sentence=True
)
TIME = Placeholder(
    "time", _("a sentence of ours: how long it takes, and the short way where there is one"), sentence=True
)
PROMISE = Placeholder(
    "promise",
    _("a sentence of ours: whether answers are anonymous or carry a name. Words of your own may be wrong one day"),
    sentence=True,
)
UNTIL = Placeholder("until", _("a sentence of ours: until when one can answer"), sentence=True)
LAST_TIME = Placeholder(
    "last_time", _("a sentence of ours, in the last reminder only: we do not ask again"), sentence=True
)
LINK_ENDS = Placeholder("link_ends", _("a sentence of ours: until when the person's link works"), sentence=True)

_SIGNED = (NAME, EVENT, MANAGER, CONVENOR)
_ASKING = (*_SIGNED, MINUTES, CLOSES, TIME, PROMISE, UNTIL)
_NEUTRAL = (NAME, SENDER)
_ASKING_NEUTRALLY = (*_NEUTRAL, MINUTES, TIME, PROMISE, LINK_ENDS)


def init_app(app: Flask) -> None:
    first, later = Wave.EVENT, Wave.FOLLOWUP
    wordings.register(
        app,
        _wording("invitation", _("Invitation"), (*_ASKING, OPENING), first),
        _wording("reminder", _("Reminder"), (*_ASKING, LAST_TIME), first),
        _wording("last_call", _("Last call"), _ASKING, first),
        _wording("thank_you", _("Thanks, after the closing"), _SIGNED, first, has_link=False),
        _wording("invitation_followup", _("Follow-up, months later: invitation"), _ASKING, later),
        _wording("reminder_followup", _("Follow-up, months later: reminder"), (*_ASKING, LAST_TIME), later),
        _wording("last_call_followup", _("Follow-up, months later: last call"), _ASKING, later),
        _wording("invitation_discreet", _("Discreet invitation"), _ASKING_NEUTRALLY, first, discreet=True),
        _wording("reminder_discreet", _("Discreet reminder"), (*_ASKING_NEUTRALLY, LAST_TIME), first, discreet=True),
        _wording("last_call_discreet", _("Discreet last call"), _ASKING_NEUTRALLY, first, discreet=True),
        _wording("thank_you_discreet", _("Discreet thanks"), _NEUTRAL, first, has_link=False, discreet=True),
    )


def _wording(
    name: str,
    label: LazyString,
    placeholders: tuple[Placeholder, ...],
    wave: Wave,
    has_link: bool = True,
    discreet: bool = False,
) -> Wording:
    def sample(session: Session, event: Event, person: Person) -> dict[str, Any]:
        survey, definition = _survey(session, event, _role(session, event, person), wave)
        return {**messages.values_of(event, survey, definition, person, discreet), "last": True}

    def language(session: Session, event: Event, person: Person) -> str:
        _asked, definition = _survey(session, event, _role(session, event, person), wave)
        return messages.language_for(person, definition)

    return Wording(name, label, placeholders, sample, language, has_link, discreet)


def _role(session: Session, event: Event, person: Person) -> Role:
    theirs = select(Attendance).where(Attendance.event_id == event.id, Attendance.person_id == person.id)
    attendance = session.scalars(theirs).one_or_none()
    return roles.asked_as([one.role for one in attendance.roles]) if attendance else Role.PARTICIPANT


def _survey(session: Session, event: Event, role: Role, wave: Wave) -> tuple[Survey, Definition]:
    """The survey in which those in a role are asked or, before that, one as it would be."""
    for survey in operations.surveys_of(session, event, Survey.role == role, Survey.wave == wave):
        return survey, definition_of(survey.questionnaire)
    usual = operations.questionnaires_of(session, event, wave)[role].usual
    closes_at = clock.now() + timedelta(days=event.days_open)
    return Survey(role=role, wave=wave, anonymous=True, closes_at=closes_at), catalogue.find(session, usual)
