"""What staff may put into words of their own: the thanks to owners of actions, and their neutral form."""

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from mande.events.models import Event
from mande.events.models import Person
from mande.followup.asking.letters import language_for
from mande.mail import wordings
from mande.mail.wordings import Placeholder
from mande.mail.wordings import Wording
from mande.reports.thanking import letters
from mande.surveys.wordings import CONVENOR
from mande.surveys.wordings import EVENT
from mande.surveys.wordings import MANAGER
from mande.surveys.wordings import NAME
from mande.surveys.wordings import SENDER
from mande.web import settings

FIGURES = Placeholder(
    "figures", _("a sentence of ours: how many actions were planned, and how many are done"), sentence=True
)
EXAMPLE = {"actions": {"counted": True, "total": 34, "owners": 18, "statuses": [{"codes": ["done"], "count": 21}]}}


def init_app(app: Flask) -> None:
    placeholders = (NAME, EVENT, MANAGER, CONVENOR, FIGURES)
    wordings.register(
        app,
        Wording("followup_thanks", _("Thanks for following up"), placeholders, _sample, _language),
        Wording("followup_thanks_discreet", _("Discreet thanks for following up"), (NAME, SENDER), _neutral_sample,
                _language, discreet=True),
    )  # fmt: skip


def _sample(_session: Session, event: Event, person: Person) -> dict[str, Any]:
    return letters.values_of(event, person, EXAMPLE)


def _neutral_sample(_session: Session, _event: Event, person: Person) -> dict[str, Any]:
    return {"name": person.name, "sender": settings().mail.discreet_sender_name}


def _language(_session: Session, _event: Event, person: Person) -> str:
    return language_for(person)
