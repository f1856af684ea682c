"""What staff read about rules: what goes out, when it is set to, and how it stands."""

from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta

import flask_babel
from babel.dates import format_date

from mande import clock
from mande.events.kinds import Role
from mande.events.kinds import RuleKind
from mande.events.kinds import Wave
from mande.events.models import MessageRule
from mande.surveys.mailings.schedule import Lacking
from mande.surveys.mailings.schedule import State
from mande.surveys.mailings.timeline import Entry
from mande.surveys.reminders import BY_HAND
from mande.surveys.reminders import zone_of

# A worker looks every minute.
OVERDUE = timedelta(minutes=10)

# flask_babel has no types.
_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext

HEADER = (
    "wave", "message", "set to", "state", "from", "until",
    *(f"{what}: {role.value}s" for what in ("sent", "to come") for role in Role), "waiting", "not arrived",
)  # fmt: skip


def name(entry: Entry) -> str:
    """Reminder 2, Last call."""
    if entry.kind is RuleKind.REMINDER:
        if entry.by_hand:
            return _("Reminder by hand %(number)s", number=entry.number - BY_HAND)
        return _("Reminder") if entry.rule else _("Reminder, removed since")
    return kind(entry.kind)


def kind(what: RuleKind) -> str:
    return {
        RuleKind.INVITATION: _("Invitation"),
        RuleKind.REMINDER: _("Reminder"),
        RuleKind.LAST_CALL: _("Last call"),
        RuleKind.THANK_YOU: _("Thanks"),
    }[what]


def wave(what: Wave) -> str:
    return {Wave.EVENT: _("After the event"), Wave.FOLLOWUP: _("Follow-up, months later")}[what]


def state(what: State) -> str:
    return {
        State.PLANNED: _("planned"),
        State.WAITING: _("waiting"),
        State.PAUSED: _("paused"),
        State.SKIPPED: _("skipped"),
        State.UNDER_WAY: _("going out"),
        State.SENT: _("sent"),
        State.MISSED: _("missed"),
        State.OVER: _("not needed"),
    }[what]


def why(entry: Entry) -> str:
    """What the state means here, and what can be done; empty where it explains itself."""
    lacking = {
        Lacking.DATES: _("The event has no meeting yet, and so no date to count from."),
        Lacking.PEOPLE: _("Nobody is on the list of attendees yet."),
        Lacking.EARLIER_WAVE: _("The questionnaires after the event are still open."),
        Lacking.OPENING: _("It follows the invitation, which is not planned to go out by itself."),
    }
    if entry.lacking:
        return lacking[entry.lacking]
    if entry.state is State.MISSED:
        return _("It is more than a week late, and does not go out by itself any more: send it now, or skip it.")
    if entry.state is State.PAUSED and entry.kind is RuleKind.INVITATION:
        return _("Nobody is invited by itself. Resume it when the list of attendees is as it should be.")
    if entry.state is State.PLANNED and entry.first and entry.first + OVERDUE < clock.now():
        return _("It is overdue: no worker runs, or something hinders it. Send it now to see what.")
    if entry.state is State.OVER:
        return _("Nobody was left to write to in time, or its moment comes after the closing.")
    if entry.kind is RuleKind.INVITATION and entry.state is State.SENT and entry.rule:
        on = entry.rule.state.value == "on"
        return _("Whoever is added to the list is invited in working hours, while it is open.") if on else _(
            "Whoever is added to the list is invited only when you say so on the event's page."
        )  # fmt: skip
    return ""


def setting(rule: MessageRule, zone: str) -> str:
    """When a rule is set to go out: 3 days after the invitation, at 09:00 where they are."""
    if rule.moved_to is not None:
        return _("moved to %(moment)s", moment=when(rule.moved_to, zone))
    far = [
        *([ngettext("%(num)d month", "%(num)d months", rule.months)] if rule.months else []),
        *([ngettext("%(num)d day", "%(num)d days", rule.days)] if rule.days else []),
        *([_minutes(rule.minutes)] if rule.minutes else []),
    ]
    distance = " ".join(far)
    told = {
        RuleKind.INVITATION: _("%(far)s after the last meeting", far=distance),
        RuleKind.REMINDER: _("%(far)s after their invitation", far=distance),
        RuleKind.LAST_CALL: _("%(far)s before the closing", far=distance),
        RuleKind.THANK_YOU: _("%(far)s after the closing", far=distance),
    } if far else {
        RuleKind.INVITATION: _("at the end of the last meeting"),
        RuleKind.REMINDER: _("at once"),
        RuleKind.LAST_CALL: _("on the day of the closing"),
        RuleKind.THANK_YOU: _("at the closing"),
    }  # fmt: skip
    if rule.at is None:
        return told[rule.kind]
    if rule.kind is RuleKind.REMINDER:
        return _("%(far)s, at %(hour)s where they are", far=told[rule.kind], hour=rule.at)
    return _("%(far)s, at %(hour)s", far=told[rule.kind], hour=rule.at)


def when(moment: datetime, zone: str) -> str:
    """Tue 15 June 2021, 09:00 (BST)."""
    local = moment.astimezone(zone_of(zone))
    return f"{day(local)}, {local:%H:%M} ({local.tzname()})"


def local(moment: datetime | None, zone: str) -> str:
    """What a field for a date and an hour holds: 2021-06-15T09:00."""
    return f"{moment.astimezone(zone_of(zone)):%Y-%m-%dT%H:%M}" if moment else ""


def day(local: datetime) -> str:
    return str(format_date(local, "EEE d MMMM y", locale="en_GB"))


def where_they_are(entry: Entry, zone: str) -> str:
    """The hours on the clocks of those to whom it is to go; empty where all of them have the event's."""
    if entry.local is None or all(turn.zone.key == zone_of(zone).key for turn in entry.turns):
        return ""
    first, last, zones = entry.local
    if first == last:
        told = f"{first:%H:%M}"
    elif first.date() == last.date():
        told = f"{first:%H:%M}–{last:%H:%M}"
    else:
        told = f"{day(first)}, {first:%H:%M} – {day(last)}, {last:%H:%M}"
    return ngettext("%(hours)s where they are", "%(hours)s where they are, in %(num)d time zones", zones, hours=told)


def row(entry: Entry, zone: str) -> list[object]:
    """A line of the timeline as a row of a file; columns as HEADER."""
    moments = [moment.astimezone(zone_of(zone)).isoformat() if moment else "" for moment in (entry.first, entry.last)]
    numbers = [counted[role] for counted in (entry.written.sent, entry.coming) for role in Role]
    return [
        entry.wave.value, name(entry), setting(entry.rule, zone) if entry.rule else "", state(entry.state), *moments,
        *numbers, sum(entry.written.queued.values()), entry.written.troubled,
    ]  # fmt: skip


def rows(entries: Sequence[Entry], zone: str) -> list[list[object]]:
    return [row(entry, zone) for entry in entries]


def _minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return ngettext("%(num)d hour", "%(num)d hours", hours)
    return ngettext("%(num)d minute", "%(num)d minutes", minutes)
