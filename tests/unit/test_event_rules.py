"""The reminders of an event as a list of days."""

import pytest

from mande.events import rules
from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.events.kinds import Wave
from mande.events.models import Event


@pytest.mark.parametrize(
    ("before", "wanted", "numbers"),
    [
        ([3, 7, 12], [3, 7, 12], {3: 1, 7: 2, 12: 3}),
        ([3, 7, 12], [3, 5, 7, 12], {3: 1, 5: 4, 7: 2, 12: 3}),
        ([3, 7, 12], [3, 12], {3: 1, 12: 3}),
        ([3, 7, 12], [3, 8, 12], {3: 1, 8: 2, 12: 3}),
        ([3, 7], [1, 2, 4], {1: 1, 2: 2, 4: 3}),
        ([3, 7], [], {}),
        ([], [5], {5: 1}),
    ],
)
def test_reminders_that_stay_keep_the_number_by_which_the_outbox_knows_them(
    before: list[int], wanted: list[int], numbers: dict[int, int]
) -> None:
    event = Event(rules=rules.reminders(Wave.EVENT, before))
    for rule in event.rules:
        rule.state = RuleState.PAUSED

    rules.set_reminder_days(event, Wave.EVENT, wanted)

    assert rules.reminder_days(event) == tuple(wanted)
    found = rules.of(event, Wave.EVENT, RuleKind.REMINDER)
    assert {rule.days: rule.number for rule in found} == numbers
    for rule in found:
        assert rule.state is (RuleState.PAUSED if rule.number <= len(before) else RuleState.ON)


def test_a_new_event_invites_nobody_until_its_staff_say_so() -> None:
    for wave in Wave:
        standard = rules.standard(wave)
        assert {rule.kind: rule.state for rule in standard}[RuleKind.INVITATION] is RuleState.PAUSED
        assert {rule.kind for rule in standard} == set(RuleKind)
