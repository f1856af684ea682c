"""The words for staff about check-ins: why one comes when it comes, or does not come. English only."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import flask_babel
from babel.dates import format_date

from mande.followup import wording
from mande.followup.asking.changing import Done
from mande.followup.asking.changing import Hindrance
from mande.followup.asking.changing import Refused
from mande.followup.asking.overview import Line
from mande.followup.asking.schedule import LeftOut
from mande.followup.asking.schedule import Why
from mande.followup.asking.schedule import read_step
from mande.followup.models import CheckInState
from mande.mail import outbox
from mande.mail.models import MessageState
from mande.web import day

A_WEEK = 7
HEADER = ("person", "email", "organisation", "check-in", "own day", "state", "at", "time zone", "remark")

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


def when(moment: datetime, zone: str) -> str:
    """Fri 9 July 2021, 09:00 (BST), by the clocks of `zone`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{format_date(local, 'EEE d MMMM y', locale='en_GB')}, {local:%H:%M} ({local.tzname()})"


def what(name: str, days_before: int | None) -> str:
    """Why somebody is asked at all: 3 months after the event, 7 days before their own date."""
    months, own_date = read_step(name)
    if months is not None:
        return wording.step(name)
    if days_before is None:
        return _("a date of their own, %(day)s", day=day(own_date))
    if days_before == A_WEEK:
        return _("a week before their own date, %(day)s", day=day(own_date))
    return ngettext(
        "%(num)s day before their own date, %(day)s",
        "%(num)s days before their own date, %(day)s",
        days_before,
        day=day(own_date),
    )


def remark(line: Line) -> str:
    """What there is to say of a check-in beyond when and whether: what moved it, why it was not asked, how it went."""
    if line.state is CheckInState.SCHEDULED:
        return " ".join(_moved(line))
    if line.state is CheckInState.CANCELLED:
        return _not_asked(line)
    if line.state is CheckInState.SKIPPED:
        return _("The team has taken it out.")
    return _delivered(line)


def _moved(line: Line) -> Iterator[str]:
    if line.step is None:
        yield _("It is about to be planned anew.")
        return
    told = {
        Why.LATE: _("It is late, and goes out as soon as a worker runs in the hours of the event."),
        Why.STAFF: _("The team has put it off."),
        Why.REST: _("Its own day, %(day)s, is a day of rest.", day=day(line.step.wanted_on)),
        Why.QUIET: _("Its own day, %(day)s, is in a quiet period.", day=day(line.step.wanted_on)),
        Why.HOURS: _("Its time came outside the hours of the event."),
        Why.SNOOZED: _("They have asked not to be asked before."),
        Why.NEWS: _("It waits until two weeks after they last told how far they are."),
        Why.APART: _("It keeps two weeks from the check-in of %(code)s.", code=line.near),
    }
    if Why.STAFF in line.step.why:
        # Then its own day is not what decided.
        told[Why.REST] = _("The moment that was chosen is on a day of rest.")
        told[Why.HOURS] = _("The moment that was chosen is outside the hours of the event.")
        told[Why.QUIET] = _("The moment that was chosen is in a quiet period.")
    for why in line.step.why:
        yield told[why]


def _not_asked(line: Line) -> str:
    problem = line.message.problem if line.message else None
    if problem and problem.startswith(outbox.NOTHING_SENT):
        return _("%(problem)s.", problem=problem)
    if line.message and problem:
        return _("The message was taken back before it left: %(why)s.", why=problem)
    if line.link.stopped:
        return _("They have stopped all follow-up.")
    if not line.has_open:
        return _("There was nothing left that they may be asked about.")
    told = {
        LeftOut.NEWS: _("They told how far they are of their own accord."),
        LeftOut.ASKED: _("A later check-in stood for it."),
        LeftOut.NEXT: _("It would have had to wait until the next month's, which asks about the same."),
        LeftOut.COVERED: _("Another check-in of this event, less than two weeks away, asks about all of it."),
        LeftOut.PAST: _("Its day had passed before there was anything to ask about."),
    }
    return told[line.left_out] if line.left_out else _("It was not needed any more.")


def _delivered(line: Line) -> str:
    told = {
        MessageState.QUEUED: _("The message waits to leave."),
        MessageState.SENDING: _("The message is leaving."),
        MessageState.RETRYING: _("The message could not be handed over yet; it is tried again."),
        MessageState.FAILED: _("The message could not be sent."),
        MessageState.BOUNCED: _("The message did not arrive."),
    }
    return told.get(line.message.state, "") if line.message else ""


def refused(one: Refused) -> str:
    """Why nothing was done with a check-in."""
    told: dict[Hindrance, Callable[[], str]] = {
        Hindrance.OVER: lambda: _("%(name)s: this check-in is over, or is not in that state.", name=one.name),
        Hindrance.STOPPED: lambda: _("%(name)s has stopped all follow-up.", name=one.name),
        Hindrance.NOTHING_OPEN: lambda: _("%(name)s has nothing open about which they may be asked.", name=one.name),
        Hindrance.UNREACHABLE: lambda: _("%(name)s: the address takes no mail.", name=one.name),
        Hindrance.SNOOZED: lambda: _("%(name)s has asked not to be asked before %(day)s.", name=one.name,
                                     day=day(one.told)),
        Hindrance.ASKED: lambda: _("%(name)s is asked once in two weeks at most: %(code)s asks on %(day)s.",
                                   name=one.name, code=one.at, day=day(one.told)),
        Hindrance.QUIET: lambda: _("%(name)s: it is a quiet period until %(day)s. Tick the box to ask all the same.",
                                   name=one.name, day=day(one.told)),
        Hindrance.PAST: lambda: _("%(name)s: that moment has passed where they are, or is more than three years away.",
                                  name=one.name),
    }  # fmt: skip
    return told[one.why]()


def done(what: str, result: Done) -> str:
    """What was done, in one sentence."""
    told = {
        "put_off": lambda: ngettext("%(num)d check-in is put off.", "%(num)d check-ins are put off.", result.number),
        "give_back": lambda: ngettext("%(num)d check-in is back on its own day.",
                                      "%(num)d check-ins are back on their own days.", result.number),
        "skip": lambda: ngettext("%(num)d check-in is skipped.", "%(num)d check-ins are skipped.", result.number),
        "take_back": lambda: ngettext("%(num)d check-in is no longer skipped.",
                                      "%(num)d check-ins are no longer skipped.", result.number),
        "ask_now": lambda: ngettext("%(num)d check-in goes out now, or as soon as working hours begin where they are.",
                                    "%(num)d check-ins go out now, or as soon as working hours begin where they are.",
                                    result.number),
    }  # fmt: skip
    said = told[what]()
    if result.elsewhere:
        said += " " + ngettext(
            "%(num)d of them comes later than that: the list says why.",
            "%(num)d of them come later than that: the list says why.",
            result.elsewhere,
        )
    return said


def rows(lines: Sequence[Line], days_before: int | None) -> Iterator[list[Any]]:
    """One row for each line, under HEADER. Moments are in ISO 8601 by the person's own clocks."""
    for line in lines:
        own = line.step.wanted_on.isoformat() if line.step else ""
        at = line.at.astimezone(ZoneInfo(line.zone)).isoformat(timespec="minutes")
        yield [
            line.person.name, line.person.email, line.person.organisation or "", what(line.name, days_before), own,
            wording.check_in(line.state), at, line.zone, remark(line),
        ]  # fmt: skip
