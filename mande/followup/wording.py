"""How statuses, shares of the event and circles of readers are called, in the language of the page."""

from flask_babel import gettext as _

from mande.events.models import Role
from mande.followup.models import CheckInState
from mande.followup.models import Contribution
from mande.followup.models import Status
from mande.followup.models import Visibility


def status(value: Status) -> str:
    return {
        Status.NOT_STARTED: _("Not started"),
        Status.SOME_PROGRESS: _("Some progress"),
        Status.WELL_ADVANCED: _("Well advanced"),
        Status.DONE: _("Done"),
        Status.NO_LONGER_PLANNED: _("No longer planned"),
    }[value]


def contribution(value: Contribution) -> str:
    return {
        Contribution.NOT_AT_ALL: _("Not at all"),
        Contribution.A_LITTLE: _("A little"),
        Contribution.SOMEWHAT: _("Somewhat"),
        Contribution.MUCH: _("Much"),
        Contribution.DECISIVE: _("It was decisive"),
    }[value]


def visibility(value: Visibility) -> str:
    return {
        Visibility.TEAM: _("Only the programme team"),
        Visibility.PARTNERS_BY_NAME: _("The team, and the partners of the event with my name"),
        Visibility.PARTNERS_WITHOUT_NAME: _("The team, and the partners of the event without my name"),
    }[value]


def role(value: Role) -> str:
    return {
        Role.PARTICIPANT: _("Participant"),
        Role.SPEAKER: _("Speaker"),
        Role.PARTNER: _("Partner"),
    }[value]


def check_in(value: CheckInState) -> str:
    return {
        CheckInState.SCHEDULED: _("planned"),
        CheckInState.ASKED: _("asked, no answer yet"),
        CheckInState.ANSWERED: _("answered"),
        CheckInState.CANCELLED: _("not asked"),
    }[value]


def step(name: str) -> str:
    """What a check-in is for: "month-3" or "due-2021-09-15"."""
    kind, _dash, rest = name.partition("-")
    if kind == "month":
        return _("%(months)s months after the event", months=rest) if rest != "1" else _("1 month after the event")
    return _("a week before the owner's date")
