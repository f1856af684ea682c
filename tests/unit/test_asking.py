"""What one person who has not answered is sent next, and when."""

from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.surveys.mailings import asking
from mande.surveys.mailings.asking import Asked
from mande.surveys.mailings.asking import Span
from mande.surveys.reminders import GAP
from mande.surveys.reminders import is_working
from tests.sendings import LAST_CALL
from tests.sendings import Rule
from tests.sendings import reminders
from tests.unit.test_reminders import moments
from tests.unit.test_reminders import zones

LONDON = ZoneInfo("Europe/London")
AUCKLAND = ZoneInfo("Pacific/Auckland")
# A Thursday, 10:00 in London; 21 days later, in the evening, is a Thursday again.
INVITED = datetime(2021, 6, 10, 9, tzinfo=UTC)
CLOSES = datetime(2021, 7, 1, 22, 59, tzinfo=UTC)
SPAN = Span(CLOSES, LONDON)
USUAL = [*reminders(3, 7, 12), LAST_CALL]
MONDAY, SECOND, THIRD, CALL = (datetime(2021, 6, day, hour, tzinfo=UTC)
                               for day, hour in ((14, 8), (17, 9), (22, 9), (30, 8)))  # fmt: skip


def somebody(*had: tuple[RuleKind, int], written: datetime = INVITED, zone: ZoneInfo = LONDON) -> Asked:
    return Asked(INVITED, zone, frozenset(had), written)


def reminded(*numbers: int) -> list[tuple[RuleKind, int]]:
    return [(RuleKind.REMINDER, number) for number in numbers]


def announced(rules: list[Rule], asked: Asked, span: Span, now: datetime) -> list[tuple[str, int, datetime]]:
    return [(rule.kind.value, rule.number, at) for rule, at in asking.upcoming(rules, asked, span, now)]


def test_who_never_answers_gets_every_reminder_in_working_hours_and_the_last_call_at_the_end() -> None:
    assert announced(USUAL, somebody(), SPAN, INVITED) == [
        ("reminder", 1, MONDAY),  # the third day is a Sunday
        ("reminder", 2, SECOND),
        ("reminder", 3, THIRD),
        ("last_call", 1, CALL),
    ]


@pytest.mark.parametrize(
    ("had", "now", "number"),
    [
        ((), MONDAY - timedelta(minutes=1), None),
        ((), MONDAY, 1),
        ((), SECOND + timedelta(days=1), 2),  # the worker was down: only the latest goes out
        (reminded(1), MONDAY + timedelta(days=1), None),
        (reminded(2), SECOND + timedelta(days=1), None),  # the one that was left out never goes
        (reminded(1, 2, 3), THIRD + timedelta(days=5), None),
    ],
)
def test_only_the_latest_reminder_that_is_due_goes_out_and_none_twice(
    had: list[tuple[RuleKind, int]], now: datetime, number: int | None
) -> None:
    rule = asking.due(reminders(3, 7, 12), somebody(*had), SPAN, now)

    assert (rule.number if rule else None) == number


def test_a_paused_reminder_waits_and_goes_out_when_it_is_resumed() -> None:
    first, *others = reminders(3, 7)
    paused = [replace(first, state=RuleState.PAUSED), *others]

    assert asking.due(paused, somebody(), SPAN, MONDAY) is None
    assert asking.due([first, *others], somebody(), SPAN, MONDAY + timedelta(days=1)) == first


def test_a_skipped_reminder_never_goes_out() -> None:
    skipped = [replace(rule, state=RuleState.SKIPPED) for rule in reminders(3)]

    assert announced(skipped, somebody(), SPAN, INVITED) == []


def test_a_reminder_with_an_hour_of_its_own_keeps_it_where_the_person_is() -> None:
    rule = Rule(RuleKind.REMINDER, days=5, at="14:00")

    assert asking.moment(rule, somebody(zone=AUCKLAND), SPAN) == datetime(2021, 6, 15, 2, tzinfo=UTC)


def test_a_reminder_that_staff_moved_leaves_those_who_are_invited_later_in_their_own_time() -> None:
    moved = Rule(RuleKind.REMINDER, days=3, moved_to=datetime(2021, 6, 16, 10, tzinfo=UTC))
    newcomer = Asked(datetime(2021, 6, 16, 9, tzinfo=UTC), LONDON, frozenset(), datetime(2021, 6, 16, 9, tzinfo=UTC))

    assert asking.moment(moved, somebody(), SPAN) == moved.moved_to
    assert asking.moment(moved, newcomer, SPAN) == datetime(2021, 6, 21, 8, tzinfo=UTC)


def test_nobody_is_asked_again_before_the_event_is_over() -> None:
    postponed = Span(CLOSES, LONDON, over_at=datetime(2021, 6, 18, 15, tzinfo=UTC))

    assert asking.due(USUAL, somebody(), postponed, SECOND) is None
    assert announced(USUAL, somebody(), postponed, INVITED)[0] == ("reminder", 2, postponed.over_at)


@pytest.mark.parametrize(
    ("closes", "call"),
    [
        # The day before is a Wednesday, a Saturday, a Sunday: of those the Friday.
        (CLOSES, CALL),
        (datetime(2021, 7, 4, 22, 59, tzinfo=UTC), datetime(2021, 7, 2, 8, tzinfo=UTC)),
        (datetime(2021, 7, 5, 7, tzinfo=UTC), datetime(2021, 7, 2, 8, tzinfo=UTC)),
    ],
)
def test_a_last_call_reaches_everybody_in_working_hours_before_the_closing(closes: datetime, call: datetime) -> None:
    assert asking.moment(LAST_CALL, somebody(), Span(closes, LONDON)) == call


def test_a_last_call_takes_the_place_of_a_reminder_on_the_same_day_and_ends_the_reminders() -> None:
    rules = [*reminders(3, 20), LAST_CALL]

    assert announced(rules, somebody(), SPAN, INVITED) == [("reminder", 1, MONDAY), ("last_call", 1, CALL)]
    called = somebody((RuleKind.LAST_CALL, 1), written=CALL)
    assert asking.due(rules, called, SPAN, CALL + timedelta(days=1, hours=2)) is None


@pytest.mark.parametrize(
    ("rules", "number", "follows"),
    [
        (reminders(3, 7), 1, True),
        (reminders(3, 7), 2, False),
        (USUAL, 3, True),  # the last call
        ([*reminders(3, 7)[:1], replace(reminders(3, 7)[1], state=RuleState.SKIPPED)], 1, False),
        ([*reminders(3, 7)[:1], replace(reminders(3, 7)[1], state=RuleState.PAUSED)], 1, True),
        (reminders(3, 60), 1, False),  # that one would come after the closing
    ],
)
def test_a_reminder_is_the_last_only_if_nothing_can_follow(rules: list[Rule], number: int, follows: bool) -> None:
    given = rules[number - 1]
    now = asking.moment(given, somebody(), SPAN)
    assert now is not None

    assert asking.may_follow(rules, given, somebody(), SPAN, now) is follows


RULES = st.builds(
    Rule,
    kind=st.sampled_from([RuleKind.REMINDER, RuleKind.LAST_CALL]),
    number=st.integers(1, 99),
    days=st.integers(0, 25),
    at=st.sampled_from([None, "00:30", "02:30", "09:00", "16:59", "23:00"]),
    state=st.sampled_from(RuleState),
)


@given(
    invited=moments,
    zone=zones,
    own=zones,
    rules=st.lists(RULES, max_size=6, unique_by=lambda rule: (rule.kind, rule.number)),
    open_for=st.integers(1, 30),
    over=st.integers(-5, 5),
)
@settings(max_examples=150, deadline=None)
def test_whatever_the_rules_nobody_gets_two_messages_within_a_day_or_one_twice_or_at_night_or_after_the_closing(
    invited: datetime, zone: ZoneInfo, own: ZoneInfo, rules: list[Rule], open_for: int, over: int
) -> None:
    span = Span(invited + timedelta(days=open_for), zone, invited + timedelta(days=over))
    found = asking.upcoming(rules, Asked(invited, own, frozenset(), invited), span, invited)

    sent = [invited, *(at for _rule, at in found)]
    assert all(later - earlier >= GAP for earlier, later in pairwise(sent))
    assert len({(rule.kind, rule.number) for rule, _at in found}) == len(found)
    assert all(rule.state is RuleState.ON for rule, _at in found)
    for _rule, at in found:
        assert is_working(at, own)
        assert span.over_at is not None
        assert span.over_at <= at < span.closes_at
    calls = [index for index, (rule, _at) in enumerate(found) if rule.kind is RuleKind.LAST_CALL]
    assert calls in ([], [len(found) - 1])


@given(invited=moments, zone=zones, days=st.lists(st.integers(1, 60), min_size=1, max_size=5, unique=True))
@settings(max_examples=100, deadline=None)
def test_a_reminder_falls_on_or_after_its_day_by_the_calendar_of_the_person(
    invited: datetime, zone: ZoneInfo, days: list[int]
) -> None:
    asked = Asked(invited, zone, frozenset(), invited)
    turns = [asking.moment(rule, asked, Span(invited + timedelta(days=99), zone)) for rule in reminders(*sorted(days))]

    for after, at in zip(sorted(days), turns, strict=True):
        assert at is not None
        assert is_working(at, zone)
        assert (at.astimezone(zone).date() - invited.astimezone(zone).date()).days >= after
    assert turns == sorted(turns)  # type: ignore[type-var]


def test_a_reminder_keeps_the_local_time_of_day_when_the_clocks_change() -> None:
    friday = datetime(2021, 3, 26, 10, 30, tzinfo=LONDON)  # clocks go forward on Sunday 28 March
    asked = Asked(friday, LONDON, frozenset(), friday)

    at = asking.moment(reminders(3)[0], asked, Span(friday + timedelta(days=20), LONDON))
    assert at == datetime(2021, 3, 29, 9, 30, tzinfo=UTC)


def test_a_reminder_that_falls_in_the_recipients_night_waits_for_their_morning() -> None:
    noon_in_london = datetime(2021, 6, 7, 11, tzinfo=UTC)
    asked = Asked(noon_in_london, AUCKLAND, frozenset(), noon_in_london)

    at = asking.moment(reminders(3)[0], asked, SPAN)
    assert at == datetime(2021, 6, 11, 9, tzinfo=AUCKLAND).astimezone(UTC)
