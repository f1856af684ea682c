"""How statuses, shares of the event and circles of readers are called, in the language of the page."""

from flask_babel import gettext as _
from flask_babel import ngettext

from mande.events.models import Role
from mande.followup.asking import schedule
from mande.followup.models import CheckInState
from mande.followup.models import Contribution
from mande.followup.models import Status
from mande.followup.models import Visibility
from mande.web import day


def status(value: Status) -> str:
    labels: dict[Status, str] = {
        Status.NOT_STARTED: _("Not started"),
        Status.SOME_PROGRESS: _("Some progress"),
        Status.WELL_ADVANCED: _("Well advanced"),
        Status.DONE: _("Done"),
        Status.NO_LONGER_PLANNED: _("No longer planned"),
    }
    return labels[value]


def contribution(value: Contribution) -> str:
    labels: dict[Contribution, str] = {
        Contribution.NOT_AT_ALL: _("Not at all"),
        Contribution.A_LITTLE: _("A little"),
        Contribution.SOMEWHAT: _("Somewhat"),
        Contribution.MUCH: _("Much"),
        Contribution.DECISIVE: _("It was decisive"),
    }
    return labels[value]


def visibility(value: Visibility) -> str:
    labels: dict[Visibility, str] = {
        Visibility.TEAM: _("Only the programme team"),
        Visibility.PARTNERS_BY_NAME: _("The team, and the partners of the event with my name"),
        Visibility.PARTNERS_WITHOUT_NAME: _("The team, and the partners of the event without my name"),
    }
    return labels[value]


def role(value: Role) -> str:
    labels: dict[Role, str] = {
        Role.PARTICIPANT: _("Participant"),
        Role.SPEAKER: _("Speaker"),
        Role.PARTNER: _("Partner"),
    }
    return labels[value]


def check_in(value: CheckInState) -> str:
    labels: dict[CheckInState, str] = {
        CheckInState.SCHEDULED: _("planned"),
        CheckInState.ASKED: _("asked, no answer yet"),
        CheckInState.ANSWERED: _("answered"),
        CheckInState.CANCELLED: _("not asked"),
    }
    return labels[value]


def step(name: str) -> str:
    """What a check-in is for: "month-3" or "due-2021-09-15"."""
    months, own_date = schedule.read_step(name)
    if own_date:
        return str(_("a week before %(day)s", day=day(own_date)))
    return str(ngettext("%(num)s month after the event", "%(num)s months after the event", months or 0))
