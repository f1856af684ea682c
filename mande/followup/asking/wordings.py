"""What staff may put into words of their own about planned actions: the check-in, and its neutral form."""

from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from mande import clock
from mande.events.models import Event
from mande.events.models import Person
from mande.followup.asking import letters
from mande.followup.asking import schedule
from mande.mail import wordings
from mande.mail.wordings import Placeholder
from mande.mail.wordings import Wording
from mande.surveys.wordings import CONVENOR
from mande.surveys.wordings import EVENT
from mande.surveys.wordings import MANAGER
from mande.surveys.wordings import NAME
from mande.surveys.wordings import SENDER
from mande.web import settings

OCCASION = Placeholder(
    "occasion", _("a sentence of ours: why we ask today, and that a list of what they planned follows"), sentence=True
)
ACTIONS = Placeholder("actions", _("the list of what the person planned, in their own words"), sentence=True)
MONTHS = 3


@dataclass(frozen=True)
class Example:
    """A planned action to show the message with: what people have really planned is not for trying things out."""

    what: str
    by_when: date | None = None
    short: str = "00000000"


def init_app(app: Flask) -> None:
    placeholders = (NAME, EVENT, MANAGER, CONVENOR, OCCASION, ACTIONS)
    wordings.register(
        app,
        Wording("check_in", _("Check-in about planned actions"), placeholders, _sample, _language),
        Wording("check_in_discreet", _("Discreet check-in"), (NAME, SENDER), _neutral_sample, _language, discreet=True),
    )


def _sample(_session: Session, event: Event, person: Person) -> dict[str, Any]:
    soon = clock.now().date() + timedelta(days=60)
    actions = [Example("Train five colleagues in online mediation", soon), Example("Write to both ministries")]
    return letters.values_of(event, person, schedule.month_step(MONTHS), actions)


def _neutral_sample(_session: Session, _event: Event, person: Person) -> dict[str, Any]:
    return {"name": person.name, "sender": settings().mail.discreet_sender_name}


def _language(_session: Session, _event: Event, person: Person) -> str:
    return letters.language_for(person)
