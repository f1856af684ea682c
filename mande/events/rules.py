"""What an event sends by itself unless its staff decide otherwise, and its reminders as a list of days. Pure of I/O."""

from collections.abc import Sequence

from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.events.kinds import Wave
from mande.events.models import Event
from mande.events.models import MessageRule

REMINDER_DAYS = (3, 7, 12)


def standard(wave: Wave, reminder_days: Sequence[int] = REMINDER_DAYS) -> list[MessageRule]:
    """The rules of a new event. Invitations wait until staff say that they may go: the list may not be complete."""
    first = (
        MessageRule(wave=wave, kind=RuleKind.INVITATION, number=1, minutes=120, state=RuleState.PAUSED)
        if wave is Wave.EVENT
        else MessageRule(wave=wave, kind=RuleKind.INVITATION, number=1, months=6, at="09:00", state=RuleState.PAUSED)
    )
    return [
        first,
        *reminders(wave, reminder_days),
        MessageRule(wave=wave, kind=RuleKind.LAST_CALL, number=1, days=1, at="09:00", state=RuleState.ON),
        MessageRule(wave=wave, kind=RuleKind.THANK_YOU, number=1, days=2, at="09:00", state=RuleState.ON),
    ]


def reminders(wave: Wave, days: Sequence[int]) -> list[MessageRule]:
    """Reminders so many days after the invitation, numbered from 1."""
    return [
        MessageRule(wave=wave, kind=RuleKind.REMINDER, number=number, days=after, state=RuleState.ON)
        for number, after in enumerate(sorted(days), start=1)
    ]


def of(event: Event, wave: Wave, kind: RuleKind) -> list[MessageRule]:
    """An event's rules of one kind, by number."""
    found = (rule for rule in event.rules if rule.wave is wave and rule.kind is kind)
    return sorted(found, key=lambda rule: rule.number)


def reminder_days(event: Event, wave: Wave = Wave.EVENT) -> tuple[int, ...]:
    """After how many days those who have not answered are reminded, in order."""
    return tuple(sorted(rule.days for rule in of(event, wave, RuleKind.REMINDER)))


def set_reminder_days(event: Event, wave: Wave, days: Sequence[int]) -> None:
    """Gives an event reminders on these days. Those that stay keep their number, by which the outbox knows them."""
    known = of(event, wave, RuleKind.REMINDER)
    others = [rule for rule in known if rule.days not in days]
    lacking = sorted(set(days) - {rule.days for rule in known})
    for rule, after in zip(others, lacking, strict=False):
        rule.days, rule.moved_to = after, None
    for surplus in others[len(lacking) :]:
        event.rules.remove(surplus)
    following = max((rule.number for rule in known), default=0) + 1
    for number, after in enumerate(lacking[len(others) :], start=following):
        event.rules.append(
            MessageRule(wave=wave, kind=RuleKind.REMINDER, number=number, days=after, state=RuleState.ON)
        )
