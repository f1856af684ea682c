"""How the team's own pages call things: channels, circles of readers, sources, and what is in an action's history."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from mande.followup import wording
from mande.followup.models import Channel
from mande.followup.models import Contribution
from mande.followup.models import RequestKind
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Verified
from mande.followup.models import Visibility
from mande.web import day


def channel(value: Channel) -> str:
    """How the team heard of it, after "reported" or "told"."""
    labels: dict[Channel, str] = {
        Channel.LINK: _("by their own link"),
        Channel.TELEPHONE: _("by telephone"),
        Channel.MEETING: _("at a meeting"),
        Channel.EMAIL: _("by e-mail"),
        Channel.OTHER: _("in another way"),
    }
    return labels[value]


def told_by(value: Channel) -> str:
    """A channel to choose when something is recorded."""
    labels: dict[Channel, str] = {
        Channel.TELEPHONE: _("A telephone call"),
        Channel.MEETING: _("A meeting"),
        Channel.EMAIL: _("An e-mail"),
        Channel.OTHER: _("Another way"),
    }
    return labels[value]


def visibility(value: Visibility) -> str:
    labels: dict[Visibility, str] = {
        Visibility.TEAM: _("The team only"),
        Visibility.PARTNERS_BY_NAME: _("Partners too, with the owner's name"),
        Visibility.PARTNERS_WITHOUT_NAME: _("Partners too, without the owner's name"),
    }
    return labels[value]


def source(value: Source) -> str:
    labels: dict[Source, str] = {
        Source.OWNER: _("Planned by somebody who attended"),
        Source.TEAM: _("An action of the team"),
        Source.RECOMMENDATION: _("A recommendation of the event"),
    }
    return labels[value]


def request(value: RequestKind) -> str:
    labels: dict[RequestKind, str] = {
        RequestKind.JOIN: _("to own it too"),
        RequestKind.NAME: _("to be named with it"),
        RequestKind.TAKE_OVER: _("to take it over"),
    }
    return labels[value]


def field(name: str) -> str:
    """What a field of a history is called."""
    labels: dict[str, str] = {
        "what": _("What"),
        "why": _("Why"),
        "by_when": _("Due"),
        "with_whom": _("With whom"),
        "help_needed": _("Help needed"),
        "visibility": _("Who may see it"),
        "consent": _("May be asked"),
        "status": _("Status"),
        "verified": _("Verified"),
        "theme": _("Theme"),
        "staff": _("Owner on the team"),
        "for_partners": _("Shown to partners"),
        "source": _("What it is"),
        "channel": _("Told"),
        "happened_on": _("On"),
        "kind": _("The question"),
        "file": _("File"),
    }
    return labels.get(name, name.replace("_", " ").capitalize())


def value(name: str, told: Any) -> str:
    """A value out of a history, in words; "–" where there was none."""
    if told is None or told == "":
        return "–"
    if isinstance(told, bool):
        return str(_("yes") if told else _("no"))
    try:
        return _READ[name](str(told)) if name in _READ else str(told)
    except ValueError:
        return str(told)


_READ: dict[str, Any] = {
    "by_when": lambda told: day(date.fromisoformat(told)),
    "happened_on": lambda told: day(date.fromisoformat(told)),
    "status": lambda told: wording.status(Status(told)),
    "verified": lambda told: wording.verified(Verified(told)),
    "visibility": lambda told: visibility(Visibility(told)),
    "contribution": lambda told: wording.contribution(Contribution(told)),
    "channel": lambda told: channel(Channel(told)),
    "source": lambda told: source(Source(told)),
    "kind": lambda told: request(RequestKind(told)),
}
