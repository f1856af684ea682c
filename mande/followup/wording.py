"""How statuses, shares of the event and circles of readers are called, in the language of the page."""

from flask_babel import gettext as _
from flask_babel import ngettext

from mande.events.models import Role
from mande.followup.asking import schedule
from mande.followup.models import CheckInState
from mande.followup.models import Contribution
from mande.followup.models import Status
from mande.followup.models import Verified
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


def verified(value: Verified) -> str:
    labels: dict[Verified, str] = {
        Verified.NO_EVIDENCE: _("No evidence found"),
        Verified.NOT_STARTED: _("Not started"),
        Verified.LIMITED: _("Limited"),
        Verified.SUBSTANTIAL: _("Substantial"),
        Verified.COMPLETE: _("Complete"),
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
        CheckInState.SKIPPED: _("skipped by the team"),
        CheckInState.CANCELLED: _("not asked"),
    }
    return labels[value]


def step(name: str) -> str:
    """What a check-in is for: "month-3" or "due-2021-09-15"."""
    months, own_date = schedule.read_step(name)
    if own_date:
        return str(_("before %(day)s", day=day(own_date)))
    return str(ngettext("%(num)s month after the event", "%(num)s months after the event", months or 0))


def change(what: str) -> str:
    """What was done, as a history tells it; what has no words here says it in its own."""
    labels: dict[str, str] = {
        "written down": _("wrote it down"),
        "changed": _("changed it"),
        "left": _("no longer owns it"),
        "withdrawn": _("withdrew it"),
        "put back": _("took it up again"),
        "recorded": _("recorded what was told"),
        "verified": _("verified it"),
        "note added": _("wrote a note"),
        "note changed": _("changed a note"),
        "note deleted": _("deleted a note"),
        "joined": _("owns it too"),
        "handed over": _("handed it over"),
        "colleague asked": _("asked a colleague"),
        "question taken back": _("took a question to a colleague back"),
        "question not answered in time": _("ended a question that a colleague did not answer in time"),
        "colleague agreed to be named": _("noted that a colleague agreed to be named"),
        "colleague no longer named": _("noted that a colleague is no longer named"),
        "colleague declined": _("noted that a colleague declined"),
        "outcome noted": _("wrote down an outcome to which it led"),
        "outcome taken away": _("took an outcome away from it"),
        "file added": _("added a file"),
        "file removed": _("removed a file"),
        "theme removed": _("removed the intended outcome that it was grouped under"),
    }
    return labels.get(what, what)
