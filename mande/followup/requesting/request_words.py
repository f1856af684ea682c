"""How requests to colleagues are called, and why one cannot be made, in the language of the page."""

from flask_babel import gettext as _
from flask_babel import ngettext

from mande.followup.models import RequestKind
from mande.followup.models import RequestState
from mande.followup.requesting.request_rules import MOST_BY_ONE
from mande.followup.requesting.request_rules import MOST_OPEN
from mande.followup.requesting.request_rules import Refusal


def kind(value: RequestKind) -> str:
    labels: dict[RequestKind, str] = {
        RequestKind.JOIN: _("To do this together with you"),
        RequestKind.NAME: _("To be named with this action"),
        RequestKind.TAKE_OVER: _("To take this over from you"),
    }
    return labels[value]


def asked(value: RequestKind) -> str:
    """What somebody was asked, in a list."""
    labels: dict[RequestKind, str] = {
        RequestKind.JOIN: _("asked to join"),
        RequestKind.NAME: _("asked to be named"),
        RequestKind.TAKE_OVER: _("asked to take over"),
    }
    return labels[value]


def state(value: RequestState) -> str:
    labels: dict[RequestState, str] = {
        RequestState.ASKED: _("no answer yet"),
        RequestState.AGREED: _("agreed"),
        RequestState.DECLINED: _("declined"),
        RequestState.WITHDRAWN: _("taken back"),
        RequestState.EXPIRED: _("not answered in time"),
    }
    return labels[value]


def refusal(value: Refusal) -> str:
    labels: dict[Refusal, str] = {
        Refusal.DISCREET: _("A message about this would name people or an event that must not be exposed."),
        Refusal.OWN_ADDRESS: _("This is your own address."),
        Refusal.DECLINED: _("Nobody is asked about this action at this address again."),
        Refusal.ASKED_ALREADY: _("This was asked at this address already. The same is not asked again within 30 days."),
        Refusal.MANY_OPEN: ngettext(
            "%(num)s question about this action has no answer yet. Wait for it, or take it back.",
            "%(num)s questions about this action have no answer yet. Wait for one, or take one back.",
            MOST_OPEN,
        ),
        Refusal.MANY_ASKED: ngettext(
            "You have asked %(num)s colleague, which is the most.",
            "You have asked %(num)s colleagues, which is the most.",
            MOST_BY_ONE,
        ),
    }
    return labels[value]


def too_many() -> str:
    return str(_("You have as many actions as a page can hold. Withdraw one of them, then come back to this link."))
