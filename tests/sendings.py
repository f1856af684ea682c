"""Rules by which messages go out, made in one line each, for what is worked out without a database."""

from dataclasses import dataclass
from datetime import datetime

from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState


@dataclass(frozen=True)
class Rule:
    """A rule as `mande.surveys.mailings` asks for it."""

    kind: RuleKind
    number: int = 1
    months: int = 0
    days: int = 0
    at: str | None = None
    minutes: int = 0
    state: RuleState = RuleState.ON
    moved_to: datetime | None = None
    done_at: datetime | None = None


def reminders(*days: int) -> list[Rule]:
    return [Rule(RuleKind.REMINDER, number, days=after) for number, after in enumerate(days, start=1)]


LAST_CALL = Rule(RuleKind.LAST_CALL, days=1, at="09:00")
INVITATION = Rule(RuleKind.INVITATION, minutes=120)
THANKS = Rule(RuleKind.THANK_YOU, days=2, at="09:00")
EVERYTHING = [INVITATION, *reminders(3, 7, 12), LAST_CALL, THANKS]
