"""What statuses and shares of the event are called in the language of a page, by the codes that a document holds."""

from collections.abc import Sequence
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from mande.followup import wording
from mande.followup.models import Contribution
from mande.followup.models import Status
from mande.followup.models import Verified
from mande.reports.wording import NOT_KNOWN
from mande.reports.wording import UNKNOWN


def status_of(codes: Sequence[str]) -> str:
    """One status, or those that a document counts together: “Some progress or well advanced”."""
    return _either([_("Nothing heard yet") if code == UNKNOWN else wording.status(Status(code)) for code in codes])


def contribution_of(codes: Sequence[str]) -> str:
    """One share of the event in what changed, or those that a document counts together."""
    return _either([wording.contribution(Contribution(code)) for code in codes])


def verified_of(level: str) -> str:
    """What the team found when it looked into an action."""
    return wording.verified(Verified(level))


def theme_of(group: dict[str, Any]) -> str:
    """A theme in the event's own words, or several that a document counts together."""
    label: str = group["label"]
    if UNKNOWN not in group["members"]:
        return label
    return label.removesuffix(NOT_KNOWN["theme"]) + str(_("Under no theme"))


def _either(labels: Sequence[str]) -> str:
    first, *others = labels
    return str(format_list([first, *(one[:1].lower() + one[1:] for one in others)], style="or", locale=get_locale()))
