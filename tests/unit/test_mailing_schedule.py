"""When what goes out by rule falls due, and how it stands: in every zone, through every change of clocks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.events.kinds import RuleKind
from mande.events.kinds import RuleState
from mande.surveys.mailings import schedule
from mande.surveys.mailings.schedule import GRACE
from mande.surveys.mailings.schedule import Lacking
from mande.surveys.mailings.schedule import Life
from mande.surveys.mailings.schedule import Planned
from mande.surveys.mailings.schedule import State
from tests.sendings import EVERYTHING
from tests.sendings import INVITATION
from tests.sendings import LAST_CALL
from tests.sendings import THANKS
from tests.sendings import Rule
from tests.sendings import reminders
from tests.unit.test_reminders import moments
from tests.unit.test_reminders import zones

LONDON = ZoneInfo("Europe/London")
ENDS = datetime(2021, 6, 9, 14, 30, tzinfo=UTC)
BEFORE = ENDS - timedelta(days=10)
OPENED = datetime(2021, 6, 10, 9, tzinfo=UTC)
CLOSES = datetime(2021, 7, 1, 22, 59, tzinfo=UTC)


def planned(rules: Sequence[Rule], life: Life, now: datetime, zone: ZoneInfo = LONDON) -> list[Planned[Rule]]:
    return schedule.plan(rules, life, zone, now)


def shown(found: list[Planned[Rule]], zone: ZoneInfo = LONDON) -> list[str]:
    return [
        f"{one.rule.kind} {one.due.astimezone(zone) if one.due else '–':%a %d %b %H:%M} {one.state}" for one in found
    ]


def test_everything_follows_from_the_end_of_the_last_meeting() -> None:
    assert shown(planned(EVERYTHING, Life(ends_at=ENDS), BEFORE)) == [
        "invitation Wed 09 Jun 17:30 planned",
        "reminder Mon 14 Jun 09:00 planned",
        "reminder Thu 17 Jun 09:00 planned",
        "reminder Tue 22 Jun 09:00 planned",
        "last_call Tue 29 Jun 09:00 planned",
        "thank_you Fri 02 Jul 09:00 planned",
    ]


def test_when_the_event_moves_everything_that_is_not_sent_moves_with_it() -> None:
    later = timedelta(days=14)
    first, moved = (planned(EVERYTHING, Life(ends_at=ends), BEFORE) for ends in (ENDS, ENDS + later))

    assert [one.due + later for one in first if one.due] == [one.due for one in moved]


def test_once_opened_all_is_counted_from_what_has_really_happened() -> None:
    life = Life(ends_at=ENDS, opened_at=OPENED, closes_at=CLOSES)

    assert shown(planned(EVERYTHING, life, OPENED))[:2] == [
        "invitation Thu 10 Jun 10:00 sent",
        "reminder Mon 14 Jun 09:00 planned",
    ]
    closed = replace(life, closed_at=datetime(2021, 6, 20, 12, tzinfo=UTC))
    assert shown(planned([THANKS], closed, OPENED)) == ["thank_you Tue 22 Jun 09:00 planned"]


# What an event's clocks do, and when a message counted from 2 hours, so many months or days after its end then falls
# due. Wall times are those of the zone; what clocks skip is taken as if they had not, of what they repeat the first.
WALLS = [
    ("in summer", "Europe/London", "2021-06-09T15:30", {"minutes": 120}, "2021-06-09T16:30Z"),
    ("it ends after midnight", "Europe/London", "2021-06-10T00:30", {"days": 1, "at": "09:00"}, "2021-06-11T08:00Z"),
    ("two hours after midnight", "Europe/London", "2021-06-10T00:30", {"minutes": 120}, "2021-06-10T01:30Z"),
    ("into a gap", "Europe/London", "2021-03-27T15:00", {"days": 1, "at": "01:30"}, "2021-03-28T01:30Z"),
    ("over a gap, by hours", "Europe/London", "2021-03-28T00:30", {"minutes": 120}, "2021-03-28T02:30Z"),
    ("over a gap, by days", "Europe/London", "2021-03-27T15:00", {"days": 1}, "2021-03-28T14:00Z"),
    ("into a fold", "Europe/London", "2021-10-30T15:00", {"days": 1, "at": "01:30"}, "2021-10-31T00:30Z"),
    ("over a fold, by hours", "Europe/London", "2021-10-31T00:30", {"minutes": 120}, "2021-10-31T01:30Z"),
    ("by half an hour", "Australia/Lord_Howe", "2021-10-02T12:00", {"days": 1, "at": "02:15"}, "2021-10-02T15:45Z"),
    ("from a leap day", "Europe/London", "2024-02-29T15:00", {"months": 12, "at": "09:00"}, "2025-02-28T09:00Z"),
    ("to a leap day", "Europe/London", "2024-01-31T15:00", {"months": 1, "at": "09:00"}, "2024-02-29T09:00Z"),
    ("half a year later", "Europe/London", "2021-08-31T15:00", {"months": 6, "at": "09:00"}, "2022-02-28T09:00Z"),
    ("no change of clocks", "Africa/Nairobi", "2021-03-27T15:00", {"days": 7, "at": "09:00"}, "2021-04-03T06:00Z"),
    ("no change any more", "America/Sao_Paulo", "2021-10-16T15:00", {"days": 1, "at": "00:30"}, "2021-10-17T03:30Z"),
    ("a gap at midnight", "America/Sao_Paulo", "2018-11-03T15:00", {"days": 1, "at": "00:30"}, "2018-11-04T03:30Z"),
    ("Samoa had no 30 December", "Pacific/Apia", "2011-12-29T15:00", {"days": 1, "at": "09:00"}, "2011-12-30T19:00Z"),
    ("thirteen hours ahead", "Pacific/Tongatapu", "2021-06-10T00:30", {"days": 1, "at": "09:00"}, "2021-06-10T20:00Z"),
    ("fourteen hours ahead", "Pacific/Kiritimati", "2021-06-10T08:00", {"days": 2, "at": "09:00"}, "2021-06-11T19:00Z"),
    ("by 5 hours 45", "Asia/Kathmandu", "2021-06-10T08:00", {"days": 1, "at": "09:00"}, "2021-06-11T03:15Z"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "ends", "offset", "due"), [row[1:] for row in WALLS], ids=[row[0] for row in WALLS])
def test_an_invitation_falls_due_by_the_clocks_of_its_event(
    zone: str, ends: str, offset: dict[str, int | str], due: str
) -> None:
    rule = Rule(RuleKind.INVITATION, **offset)  # type: ignore[arg-type]
    ends_at = datetime.fromisoformat(ends).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

    [found] = planned([rule], Life(ends_at=ends_at), ends_at, ZoneInfo(zone))

    assert found.due == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("closes", "call"),
    [
        ("2021-03-28T23:59", "2021-03-26T09:00"),  # the day on which clocks go forward is a Sunday
        ("2021-03-30T23:59", "2021-03-29T08:00"),
        ("2021-11-02T23:59", "2021-11-01T09:00"),
        ("2024-03-01T23:59", "2024-02-29T09:00"),
    ],
)
def test_a_last_call_goes_out_on_the_morning_before_the_closing(closes: str, call: str) -> None:
    closes_at = datetime.fromisoformat(closes).replace(tzinfo=LONDON).astimezone(UTC)
    life = Life(opened_at=closes_at - timedelta(days=21), closes_at=closes_at)

    [found] = planned([LAST_CALL], life, closes_at - timedelta(days=9))

    assert found.due == datetime.fromisoformat(f"{call}+00:00")


@pytest.mark.parametrize(
    ("opened", "zone", "closing"),
    [
        ("2021-06-09T16:30+00:00", "Europe/London", "2021-06-30T22:59+00:00"),
        ("2021-03-07T23:30+00:00", "Europe/London", "2021-03-28T22:59+00:00"),
        ("2021-06-09T16:30+00:00", "Pacific/Kiritimati", "2021-07-01T09:59+00:00"),
        ("2011-12-09T16:30+00:00", "Pacific/Apia", "2011-12-31T09:59+00:00"),
    ],
)
def test_surveys_close_at_the_end_of_a_day_where_the_event_is(opened: str, zone: str, closing: str) -> None:
    found = schedule.closing(datetime.fromisoformat(opened), 21, ZoneInfo(zone))

    assert found == datetime.fromisoformat(closing)


def state(rule: Rule, life: Life, now: datetime) -> tuple[State, Lacking | None]:
    [found] = [one for one in planned([INVITATION, rule] if rule.kind is not RuleKind.INVITATION else [rule], life, now)
               if one.rule == rule]  # fmt: skip
    return found.state, found.lacking


PAUSED = replace(INVITATION, state=RuleState.PAUSED)
DUE = ENDS + timedelta(hours=2)
ENDED = Life(ends_at=ENDS)
RUNNING = Life(ends_at=ENDS, opened_at=OPENED, closes_at=CLOSES)
CLOSED = replace(RUNNING, closed_at=CLOSES)


@pytest.mark.parametrize(
    ("rule", "life", "now", "expected"),
    [
        (INVITATION, ENDED, DUE, (State.PLANNED, None)),
        (INVITATION, ENDED, DUE + GRACE - timedelta(seconds=1), (State.PLANNED, None)),
        (INVITATION, ENDED, DUE + GRACE, (State.MISSED, None)),
        (PAUSED, ENDED, DUE, (State.PAUSED, None)),
        (PAUSED, ENDED, DUE + 2 * GRACE, (State.PAUSED, None)),
        (INVITATION, Life(), DUE, (State.WAITING, Lacking.DATES)),
        (INVITATION, replace(ENDED, has_people=False), BEFORE, (State.PLANNED, None)),
        (INVITATION, replace(ENDED, has_people=False), DUE, (State.WAITING, Lacking.PEOPLE)),
        (INVITATION, replace(ENDED, is_held_up=True), DUE, (State.WAITING, Lacking.EARLIER_WAVE)),
        (PAUSED, RUNNING, DUE, (State.SENT, None)),
        (replace(INVITATION, moved_to=BEFORE), Life(), BEFORE, (State.PLANNED, None)),
        (replace(THANKS, state=RuleState.SKIPPED), CLOSED, CLOSES, (State.SKIPPED, None)),
        (THANKS, ENDED, BEFORE, (State.PLANNED, None)),
        (THANKS, ENDED, DUE + GRACE, (State.WAITING, Lacking.OPENING)),
        (THANKS, CLOSED, CLOSES + timedelta(days=3), (State.PLANNED, None)),
        (THANKS, CLOSED, CLOSES + timedelta(days=10), (State.MISSED, None)),
        (replace(THANKS, done_at=CLOSES + timedelta(days=2)), CLOSED, CLOSES + timedelta(days=99), (State.SENT, None)),
        (LAST_CALL, RUNNING, OPENED, (State.PLANNED, None)),
        (LAST_CALL, CLOSED, CLOSES, (State.OVER, None)),
        (LAST_CALL, Life(), BEFORE, (State.WAITING, Lacking.OPENING)),
        (reminders(60)[0], RUNNING, OPENED, (State.OVER, None)),
        (replace(reminders(3)[0], state=RuleState.PAUSED), RUNNING, OPENED, (State.PAUSED, None)),
    ],
)
def test_how_a_rule_stands_and_what_it_waits_for(
    rule: Rule, life: Life, now: datetime, expected: tuple[State, Lacking | None]
) -> None:
    assert state(rule, life, now) == expected


def test_what_follows_an_invitation_that_is_paused_or_missing_waits_for_the_opening() -> None:
    follows = [*reminders(3), LAST_CALL, THANKS]

    for rules in ([PAUSED, *follows], follows):
        found = planned(rules, ENDED, BEFORE)
        assert {(one.state, one.lacking) for one in found if one.rule.kind is not RuleKind.INVITATION} == {
            (State.WAITING, Lacking.OPENING)
        }


def test_only_what_is_planned_and_due_goes_out() -> None:
    for now, goes in ((DUE - timedelta(seconds=1), False), (DUE, True), (DUE + GRACE, False)):
        [one] = planned([INVITATION], ENDED, now)
        assert one.goes_out(now) is goes
    [paused] = planned([PAUSED], ENDED, DUE)
    assert not paused.goes_out(DUE)


@given(ends=moments, zone=zones, days_open=st.integers(5, 60), passed=st.integers(-40, 40))
@settings(max_examples=120, deadline=None)
def test_invitations_come_before_reminders_and_the_last_call_and_thanks_after_the_closing(
    ends: datetime, zone: ZoneInfo, days_open: int, passed: int
) -> None:
    life = Life(ends_at=ends, days_open=days_open)
    now = ends + timedelta(days=passed)
    found = planned(EVERYTHING, life, now, zone)
    closes_at = schedule.closing(max(now, ends + timedelta(hours=2)), days_open, zone)

    dated = [one for one in found if one.due]
    assert [one.due for one in dated] == sorted(one.due for one in dated if one.due)
    assert dated[0].rule == INVITATION
    assert dated[-1].rule == THANKS
    for one in dated:
        assert one.due is not None
        assert (one.due < closes_at) is (one.rule.kind is not RuleKind.THANK_YOU)


@given(ends=moments, zone=zones, moved=st.integers(1, 2000), now=st.integers(-400, 400))
@settings(max_examples=100, deadline=None)
def test_an_event_that_moves_later_never_brings_a_message_forward(
    ends: datetime, zone: ZoneInfo, moved: int, now: int
) -> None:
    at = ends + timedelta(hours=now)
    before = {one.rule: one.due for one in planned(EVERYTHING, Life(ends_at=ends), at, zone)}
    after = {one.rule: one.due for one in planned(EVERYTHING, Life(ends_at=ends + timedelta(hours=moved)), at, zone)}

    for rule, due in before.items():
        later = after[rule]
        # The last call goes back to a Friday where the day before the closing is none to work on.
        slack = timedelta(days=4) if rule == LAST_CALL else timedelta(0)
        assert due is None or later is None or later >= due - slack
