"""What staff type into the form of a rule. Pure but for the words."""

from collections.abc import Mapping
from datetime import datetime
from datetime import time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from mande.events import timing
from mande.events.kinds import RuleKind
from mande.surveys.mailings.changing import ChangeError
from mande.surveys.mailings.changing import Timing

MOST = {"months": 24, "days": 365, "minutes": 7 * 24 * 60}


def read(sent: Mapping[str, str], kind: RuleKind, zone: ZoneInfo) -> Timing:
    """When a rule is to fall due: `months`, `days`, `at` ("09:00") or `minutes`, or exactly at `moved` in `zone`.

    Raises ChangeError, which says what is wrong.
    """
    at = _hour(sent.get("at", ""))
    return Timing(
        months=_number(sent, "months") if kind is RuleKind.INVITATION else 0,
        days=_number(sent, "days"),
        at=at,
        minutes=_number(sent, "minutes") if kind is RuleKind.INVITATION and at is None else 0,
        moved_to=_moment(sent.get("moved", ""), zone),
    )


def _number(sent: Mapping[str, str], name: str) -> int:
    text = sent.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= MOST[name]):
        raise ChangeError(
            _("%(text)s is not a number of %(what)s from 0 to %(most)s.", text=text, what=name, most=MOST[name])
        )
    return int(text)


def _hour(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return f"{time.fromisoformat(text.strip()):%H:%M}"
    except ValueError:
        raise ChangeError(_("%(text)s is not an hour. Write it as 09:00.", text=text)) from None


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    if not text.strip():
        return None
    try:
        wall = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ChangeError(_("%(text)s is not a date and an hour. Write it as 2021-06-15T09:00.", text=text)) from None
    try:
        return timing.instant(wall.replace(tzinfo=None), zone)
    except OverflowError:
        raise ChangeError(_("%(text)s is too far away.", text=text)) from None
