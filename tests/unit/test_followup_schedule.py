"""When owners of planned actions are asked, over all of their events."""

from dataclasses import replace
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.followup.asking import schedule
from mande.followup.asking.days import Days
from mande.followup.asking.days import weekend
from mande.followup.asking.schedule import LeftOut
from mande.followup.asking.schedule import Part
from mande.followup.asking.schedule import Step
from mande.followup.asking.schedule import Why

ENDED = date(2021, 6, 9)
MONTHS = (1, 3, 6, 12)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
TWO_WEEKS = timedelta(14)


def moment(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def part(zone: str = "UTC", key: str = "A", **values: object) -> Part:
    """An event that ended on 9 June 2021, with one open action that was written down that day."""
    names = ("weekend", "opens", "closes", "quiet")
    days = Days(zone, **{name: values.pop(name) for name in names if name in values})
    return Part(key, days, **{"ended_on": ENDED, "months": MONTHS, "told": [ENDED], **values})


def plan(*parts: Part, now: datetime = LONG_AGO) -> list[Step]:
    return list(schedule.plan(parts, now).steps)


def local(steps: list[Step], zone: str = "UTC") -> list[tuple[str, str]]:
    return [(step.name, step.due_at.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M")) for step in steps]


def when(steps: list[Step]) -> list[tuple[str, str, str]]:
    """Event, step and day."""
    return [(step.key, step.name, f"{step.due_at:%Y-%m-%d}") for step in steps]


def names(steps: list[Step]) -> list[str]:
    return [step.name for step in steps]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2021, 6, 9), 1, date(2021, 7, 9)),
        (date(2021, 1, 31), 1, date(2021, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2020, 2, 29), 48, date(2024, 2, 29)),
        (date(2021, 8, 31), 6, date(2022, 2, 28)),
        (date(2021, 10, 31), 1, date(2021, 11, 30)),
        (date(2021, 12, 15), 12, date(2022, 12, 15)),
        (date(2021, 6, 9), 0, date(2021, 6, 9)),
    ],
)
def test_months_are_added_by_the_calendar_and_clipped_at_the_end_of_the_month(day, months, expected):
    assert schedule.add_months(day, months) == expected


def test_the_four_months_are_asked_at_nine_on_working_days_of_the_owners_zone():
    steps = plan(part("Europe/London"))
    assert local(steps, "Europe/London") == [
        ("month-1", "Fri 2021-07-09 09:00"),
        ("month-3", "Thu 2021-09-09 09:00"),
        ("month-6", "Thu 2021-12-09 09:00"),
        ("month-12", "Thu 2022-06-09 09:00"),
    ]
    # Summer time is over in December: nine in London is then nine in UTC.
    assert [step.due_at.hour for step in steps] == [8, 8, 9, 8]


def test_an_event_has_hours_of_its_own():
    steps = plan(part("Asia/Seoul", months=(1,), opens=time(13, 30), closes=time(18)))
    assert local(steps, "Asia/Seoul") == [("month-1", "Fri 2021-07-09 13:30")]


def test_a_step_that_falls_on_a_weekend_waits_for_the_next_working_day():
    (step,) = plan(part(ended_on=date(2021, 6, 10), months=(1,)))
    assert local([step]) == [("month-1", "Mon 2021-07-12 09:00")]
    assert (step.why, step.wanted_on) == ((Why.REST,), date(2021, 7, 10))


def test_where_the_weekend_is_friday_and_saturday_sunday_is_a_working_day():
    cairo = part("Africa/Cairo", months=(1,), weekend=weekend("EG"))
    assert local(plan(cairo), "Africa/Cairo") == [("month-1", "Sun 2021-07-11 09:00")]


@pytest.mark.parametrize(
    ("country", "days"),
    [("EG", {4, 5}), ("SA", {4, 5}), ("AF", {3, 4}), ("GB", {5, 6}), ("IN", {5, 6}), ("ZZ", {5, 6}), (None, {5, 6}),
     ("", {5, 6}), ("not a country", {5, 6})],
)  # fmt: skip
def test_the_weekend_is_that_of_the_country_where_it_is_known(country, days):
    assert weekend(country) == days


def test_what_falls_into_a_quiet_period_moves_to_the_first_working_day_after_it():
    quiet = [(date(2021, 7, 5), date(2021, 7, 9)), (date(2021, 7, 10), date(2021, 7, 12))]
    (step,) = plan(part(months=(1,), quiet=quiet))
    assert local([step]) == [("month-1", "Tue 2021-07-13 09:00")]
    assert step.why == (Why.QUIET,)


def test_an_own_date_whose_week_before_is_quiet_is_asked_about_after_it():
    quiet = [(date(2021, 8, 1), date(2021, 8, 20))]
    assert local(plan(part(months=(), own_dates=[date(2021, 8, 12)], quiet=quiet))) == [
        ("due-2021-08-12", "Mon 2021-08-23 09:00")
    ]


def test_a_week_before_the_owners_own_date_they_are_asked_unless_the_event_asks_earlier_or_never():
    dated = part(own_dates=[date(2021, 8, 12)], months=(1, 3))
    assert local(plan(dated)) == [
        ("month-1", "Fri 2021-07-09 09:00"),
        ("due-2021-08-12", "Thu 2021-08-05 09:00"),
        ("month-3", "Thu 2021-09-09 09:00"),
    ]
    assert local(plan(replace(dated, days_before=2)))[1] == ("due-2021-08-12", "Tue 2021-08-10 09:00")
    assert names(plan(replace(dated, days_before=None))) == ["month-1", "month-3"]


@pytest.mark.parametrize(
    ("own_date", "asked"),
    [
        (date(2021, 7, 30), True),  # asked on 23 July, 14 days after the month
        (date(2021, 7, 29), False),  # 22 July: 13 days after it
        (date(2021, 7, 16), False),  # 9 July: the same day
        (date(2021, 9, 2), True),  # 26 August, 14 days before the third month
        (date(2021, 9, 3), False),
    ],
)
def test_a_month_covers_an_own_date_that_is_closer_than_fourteen_days(own_date, asked):
    found = schedule.plan([part(own_dates=[own_date], months=(1, 3))], LONG_AGO)
    assert (schedule.own_step(own_date) in names(found.steps)) is asked
    assert {"month-1", "month-3"} <= set(names(found.steps))
    assert found.left_out == ({} if asked else {("A", schedule.own_step(own_date)): LeftOut.COVERED})


def test_of_two_own_dates_that_are_close_the_earlier_is_asked_and_covers_the_other():
    own_dates = [date(2021, 8, 20), date(2021, 8, 12), date(2021, 8, 12)]
    assert names(plan(part(own_dates=own_dates, months=(1,)))) == ["month-1", "due-2021-08-12"]


def test_nothing_is_planned_where_nothing_is_open():
    assert plan(part(told=[], own_dates=[date(2022, 1, 1)])) == []


def test_an_event_without_a_meeting_asks_about_own_dates_only():
    assert names(plan(part(ended_on=None, own_dates=[date(2021, 8, 12)]))) == ["due-2021-08-12"]


def test_what_is_past_is_not_planned():
    steps = plan(part(own_dates=[date(2021, 7, 1)]), now=moment("2021-09-09T09:00"))
    assert names(steps) == ["month-6", "month-12"]


def test_an_action_written_down_later_is_asked_about_from_the_next_month_on():
    assert names(plan(part(told=[date(2021, 7, 20)]))) == ["month-3", "month-6", "month-12"]


def test_a_month_waits_until_the_news_of_what_is_open_is_two_weeks_old():
    (step,) = plan(part(told=[date(2021, 7, 5)], months=(1,)))
    assert (local([step]), step.why) == ([("month-1", "Mon 2021-07-19 09:00")], (Why.NEWS,))


def test_the_oldest_news_decides_when_several_actions_are_open():
    assert local(plan(part(told=[date(2021, 7, 5), ENDED], months=(1,)))) == [("month-1", "Fri 2021-07-09 09:00")]


def test_news_after_the_months_day_stands_for_it():
    found = schedule.plan([part(told=[date(2021, 7, 12)])], moment("2021-07-12T12:00"))
    assert "month-1" not in names(found.steps)
    assert found.left_out["A", "month-1"] is LeftOut.NEWS


def test_an_own_date_within_two_weeks_of_the_news_is_not_asked():
    told = date(2021, 8, 2)
    assert plan(part(told=[told], own_dates=[told + timedelta(18)], months=())) == []
    assert len(plan(part(told=[told], own_dates=[told + timedelta(21)], months=()))) == 1


def test_after_a_late_question_the_next_month_waits_two_weeks():
    late = part(asked=[moment("2021-09-06T09:00")], settled=["month-1"], months=(1, 3))
    assert local(plan(late, now=moment("2021-09-06T10:00"))) == [("month-3", "Mon 2021-09-20 09:00")]


def test_a_month_that_was_asked_late_is_not_asked_again():
    late = part(asked=[moment("2021-09-20T09:00")], settled=["month-3"], months=(1, 3, 6))
    assert names(plan(late, now=moment("2021-09-20T10:00"))) == ["month-6"]


def test_a_month_that_staff_took_out_stays_out():
    assert names(plan(part(settled=["month-3"]))) == ["month-1", "month-6", "month-12"]


def test_nobody_is_asked_before_the_day_until_which_they_put_it_off():
    (step,) = plan(part(months=(1,), snoozed_until=date(2021, 8, 1)))
    assert (local([step]), step.why) == ([("month-1", "Mon 2021-08-02 09:00")], (Why.SNOOZED, Why.REST))
    assert names(plan(part(months=(1, 3), snoozed_until=date(2021, 10, 1)))) == ["month-3"]


def test_a_day_that_a_zone_skipped_is_no_working_day():
    # Samoa went from Thursday 29 to Saturday 31 December 2011.
    samoa = part("Pacific/Apia", told=[date(2011, 9, 1)], ended_on=date(2011, 9, 30), months=(3,))
    assert local(plan(samoa), "Pacific/Apia") == [("month-3", "Mon 2012-01-02 09:00")]


def test_hours_that_clocks_skip_make_a_day_of_rest():
    # In London there was no time from one to two on Sunday 28 March 2021, which is a working day in Egypt.
    steps = plan(part("Europe/London", ended_on=date(2021, 2, 28), told=[date(2021, 2, 28)], months=(1,),
                      weekend=(4, 5), opens=time(1, 10), closes=time(1, 50)))  # fmt: skip
    assert local(steps, "Europe/London") == [("month-1", "Mon 2021-03-29 01:10")]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2021-07-09T09:30", "2021-07-09T09:30"),
        ("2021-07-09T03:00", "2021-07-09T09:00"),
        ("2021-07-09T17:00", "2021-07-12T09:00"),
        ("2021-07-10T12:00", "2021-07-12T09:00"),
        ("2021-07-11T23:59", "2021-07-12T09:00"),
        ("2021-07-15T12:00", "2021-07-19T09:00"),
    ],
)
def test_what_is_late_goes_out_in_working_hours_outside_quiet_periods_only(now, expected):
    days = Days("Asia/Seoul", quiet=[(date(2021, 7, 14), date(2021, 7, 18))])
    assert days.first_open(moment(now, "Asia/Seoul")) == moment(expected, "Asia/Seoul")


@pytest.mark.parametrize(("name", "meaning"), [("month-3", (3, None)), ("due-2021-09-15", (None, date(2021, 9, 15)))])
def test_a_steps_name_can_be_read_back(name, meaning):
    assert schedule.read_step(name) == meaning


def test_two_events_take_turns_and_each_asks_two_weeks_after_the_other():
    a, b = part(), part(key="B", ended_on=date(2021, 6, 12), told=[date(2021, 6, 12)])
    assert when(plan(b, a)) == [
        ("A", "month-1", "2021-07-09"),
        ("B", "month-1", "2021-07-23"),
        ("A", "month-3", "2021-09-09"),
        ("B", "month-3", "2021-09-23"),
        ("A", "month-6", "2021-12-09"),
        ("B", "month-6", "2021-12-23"),
        ("A", "month-12", "2022-06-09"),
        ("B", "month-12", "2022-06-23"),
    ]
    second = plan(a, b)[1]
    assert (second.wanted_on, second.why, second.near) == (date(2021, 7, 12), (Why.APART,), "A")


def test_of_many_events_at_once_a_month_that_would_have_to_wait_for_the_next_falls_away():
    found = schedule.plan([part(key=key, months=(1, 2)) for key in "ABCD"], LONG_AGO)
    assert when(list(found.steps)) == [
        ("A", "month-1", "2021-07-09"),
        ("B", "month-1", "2021-07-23"),
        ("C", "month-1", "2021-08-06"),
        ("A", "month-2", "2021-08-20"),
        ("B", "month-2", "2021-09-03"),
        ("C", "month-2", "2021-09-17"),
        ("D", "month-2", "2021-10-01"),
    ]
    assert found.left_out == {("D", "month-1"): LeftOut.NEXT}


def test_an_own_date_that_another_event_is_close_to_waits_and_is_not_covered_by_it():
    other = part(key="B", months=(), own_dates=[date(2021, 7, 20)])
    assert when(plan(part(months=(1,)), other)) == [
        ("A", "month-1", "2021-07-09"),
        ("B", "due-2021-07-20", "2021-07-23"),
    ]


def test_what_another_event_has_asked_stands_even_where_nothing_is_open_there_any_more():
    over = part(key="B", told=[], asked=[moment("2021-07-05T09:00")])
    assert when(plan(part(months=(1,)), over)) == [("A", "month-1", "2021-07-19")]


def test_a_moment_that_staff_gave_stands_and_the_others_make_way():
    put_off = part(key="B", months=(3,), moved={"month-3": moment("2021-07-15T15:30")})
    assert local(plan(part(months=(1,)), put_off)) == [
        ("month-3", "Thu 2021-07-15 15:30"),
        ("month-1", "Thu 2021-07-29 09:00"),
    ]


@pytest.mark.parametrize(
    ("values", "expected", "why"),
    [
        ({"quiet": [(date(2021, 7, 14), date(2021, 7, 15))]}, "2021-07-16 09:00", Why.QUIET),
        ({"closes": time(15)}, "2021-07-16 09:00", Why.HOURS),
        ({"asked": [moment("2021-07-06T09:00")]}, "2021-07-20 09:00", Why.APART),
        ({"snoozed_until": date(2021, 7, 21)}, "2021-07-21 09:00", Why.SNOOZED),
    ],
)
def test_not_even_staff_move_a_question_to_when_nobody_may_be_asked(values, expected, why):
    (step,) = plan(part(months=(3,), moved={"month-3": moment("2021-07-15T15:30")}, **values))
    assert f"{step.due_at:%Y-%m-%d %H:%M}" == expected
    assert step.why == (Why.STAFF, why)


def test_what_staff_moved_goes_when_the_event_asks_it_no_more():
    assert plan(part(months=(1,), settled=["month-1"], moved={"month-3": moment("2021-07-15T15:30")})) == []


def test_of_several_late_steps_of_one_event_the_latest_goes_at_once_and_stands_for_the_others():
    now = moment("2021-09-10T12:00")
    late = part(planned={"month-1": moment("2021-07-09T09:00"), "month-3": moment("2021-09-09T09:00")})
    found = schedule.plan([late], now)
    assert (found.steps[0].name, found.steps[0].goes_at) == ("month-3", now)
    assert names(found.steps) == ["month-3", "month-6", "month-12"]
    assert found.left_out == {("A", "month-1"): LeftOut.ASKED}
    assert found.steps[0].why == (Why.LATE,)


def test_of_late_steps_of_two_events_the_older_goes_at_once_and_the_other_two_weeks_later():
    now = moment("2021-07-21T12:00")
    a = part(months=(1,), planned={"month-1": moment("2021-07-20T09:00")})
    b = part(key="B", months=(1,), planned={"month-1": moment("2021-07-19T09:00")})
    steps = plan(a, b, now=now)
    assert [(one.key, one.goes_at, one.due_at) for one in steps] == [
        ("B", now, moment("2021-07-19T09:00")),
        ("A", moment("2021-08-04T09:00"), moment("2021-08-04T09:00")),
    ]


def test_a_late_step_goes_in_the_morning_after_a_weekend_but_waits_for_the_end_of_a_quiet_period():
    saturday, due = moment("2021-07-10T03:00"), {"month-1": moment("2021-07-09T09:00")}
    (step,) = plan(part(months=(1,), planned=due), now=saturday)
    assert (step.due_at, step.goes_at) == (due["month-1"], moment("2021-07-12T09:00"))
    (step,) = plan(part(months=(1,), planned=due, quiet=[(date(2021, 7, 10), date(2021, 7, 16))]), now=saturday)
    assert (step.due_at, step.goes_at) == (moment("2021-07-19T09:00"), moment("2021-07-19T09:00"))


def test_a_late_step_that_was_reported_on_meanwhile_is_not_asked():
    late = part(months=(1,), told=[date(2021, 7, 12)], planned={"month-1": moment("2021-07-09T09:00")})
    found = schedule.plan([late], moment("2021-07-14T12:00"))
    assert (list(found.steps), found.left_out) == ([], {("A", "month-1"): LeftOut.NEWS})


def test_what_had_to_wait_is_not_lost_when_there_is_nothing_to_wait_for_any_more():
    waited = part(months=(1,), planned={"month-1": moment("2021-07-26T09:00")})
    (step,) = plan(waited, now=moment("2021-07-14T12:00"))
    assert step.due_at == moment("2021-07-14T12:00")


ZONES = st.sampled_from(
    ["UTC", "Europe/London", "Africa/Nairobi", "Asia/Kolkata", "America/Mexico_City", "Pacific/Auckland",
     "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Asia/Tehran", "Australia/Lord_Howe"]
)  # fmt: skip
# The last years of the first decade and the first of the second: Samoa's missing day lies between them.
DAYS = st.one_of(st.dates(date(2011, 1, 1), date(2012, 2, 1)), st.dates(date(2020, 1, 1), date(2032, 12, 31)))
WEEKENDS = st.sampled_from([(5, 6), (4, 5), (3, 4), (4,)])
HOURS = st.sampled_from([(9, 17), (0, 1), (1, 3), (8, 9), (13, 23), (22, 23)])


@st.composite
def situations(draw: st.DrawFn, most: int = 6) -> tuple[list[Part], datetime]:
    """A person at one to six events, with any history, and a moment at which the schedule is made."""
    centre, zone, rest = draw(DAYS), draw(ZONES), draw(WEEKENDS)
    near = st.integers(-60, 400).map(lambda days: centre + timedelta(days))
    moments = st.builds(lambda day, minute: datetime.combine(day, time(), UTC) + timedelta(minutes=minute), near,
                        st.integers(0, 1439))  # fmt: skip
    house = draw(st.lists(near.map(lambda day: (day, day + timedelta(12))), max_size=2))
    parts = []
    for number in range(draw(st.integers(1, most))):
        opens, closes = draw(HOURS)
        quiet = [*house, *draw(st.lists(near.map(lambda day: (day, day + timedelta(5))), max_size=1))]
        months, own_dates = draw(st.lists(st.integers(1, 14), max_size=4)), draw(st.lists(near, max_size=2))
        steps = [*map(schedule.month_step, months), *map(schedule.own_step, own_dates)]
        some = st.lists(st.sampled_from(steps), unique=True, max_size=2) if steps else st.just([])
        settled = draw(some)
        waiting = [name for name in draw(some) if name not in settled]
        parts.append(
            Part(
                key=str(number),
                days=Days(zone, rest, time(opens), time(closes), quiet),
                ended_on=draw(near),
                months=months,
                told=draw(st.lists(near, min_size=1, max_size=2)),
                own_dates=own_dates,
                days_before=draw(st.sampled_from([None, 1, 7])),
                asked=draw(st.lists(moments, max_size=2)),
                settled=settled,
                planned={name: draw(moments) for name in waiting},
                moved={name: draw(moments) for name in waiting[:1]} if draw(st.booleans()) else {},
                snoozed_until=draw(st.none() | near),
            )
        )
    return parts, draw(moments)


@settings(max_examples=40)
@given(situations())
def test_nobody_is_asked_twice_within_two_weeks_nor_out_of_hours_nor_what_is_settled(situation):
    parts, now = situation
    of = {one.key: one for one in parts}
    steps = plan(*parts, now=now)
    for step in steps:
        days, there = of[step.key].days, step.goes_at.astimezone(ZoneInfo(of[step.key].days.zone))
        assert there.weekday() not in days.weekend
        assert days.opens <= there.time() < days.closes
        assert not any(starts <= there.date() <= ends for starts, ends in days.quiet)
        assert there.date() >= min(of[step.key].told) + TWO_WEEKS
        assert there.date() >= (of[step.key].snoozed_until or date.min)
        assert step.goes_at >= max(now, step.due_at)
        assert step.name not in of[step.key].settled
        assert all(abs(there.date() - days.day_of(at)) >= TWO_WEEKS for one in parts for at in one.asked)
    zone = ZoneInfo(parts[0].days.zone)
    days = [step.goes_at.astimezone(zone).date() for step in steps]
    assert all(later - earlier >= TWO_WEEKS for earlier, later in pairwise(days))
    assert len({(step.key, step.name) for step in steps}) == len(steps)


@settings(max_examples=40)
@given(situations())
def test_a_schedule_that_is_made_again_right_after_is_the_same(situation):
    parts, now = situation
    first = plan(*parts, now=now)
    kept = [
        replace(one, planned={step.name: step.due_at for step in first if step.key == one.key},
                moved={step.name: one.moved[step.name] for step in first
                       if step.key == one.key and step.name in one.moved})
        for one in parts
    ]  # fmt: skip
    assert [(step.key, step.name, step.due_at) for step in plan(*kept, now=now)] == [
        (step.key, step.name, step.due_at) for step in first
    ]


@settings(max_examples=25)
@given(situations(most=3), st.lists(st.integers(1, 40 * 24 * 60), min_size=8, max_size=8))
def test_a_worker_that_looks_at_any_time_asks_everybody_in_turn_and_nothing_twice(situation, pauses):
    parts, now = situation
    asked: list[tuple[str, str, datetime]] = []
    for pause in pauses:
        steps = plan(*parts, now=now)
        goes = [step for step in steps if step.due_at <= now]
        assert len(goes) <= 1
        asked += [(step.key, step.name, step.goes_at) for step in goes]
        parts = [
            replace(
                one,
                asked=[*one.asked, *(step.goes_at for step in goes if step.key == one.key)],
                settled=[*one.settled, *(step.name for step in goes if step.key == one.key)],
                planned={step.name: step.due_at for step in steps if step.key == one.key and step not in goes},
                moved={name: at for name, at in one.moved.items() if name not in [step.name for step in goes]},
            )
            for one in parts
        ]
        now += timedelta(minutes=pause)
    zone = ZoneInfo(parts[0].days.zone)
    days = [at.astimezone(zone).date() for _key, _name, at in asked]
    assert all(later - earlier >= TWO_WEEKS for earlier, later in pairwise(days))
    assert len({(key, name) for key, name, _at in asked}) == len(asked)


@settings(max_examples=50)
@given(situations(most=1))
def test_a_month_is_never_asked_before_its_day_nor_after_the_next_months(situation):
    (one,), now = situation
    for step in plan(replace(one, moved={}), now=now):
        day = one.days.day_of(step.goes_at)
        assert day >= step.wanted_on
        count, _own_date = schedule.read_step(step.name)
        later = [schedule.add_months(one.ended_on, other) for other in one.months if count and other > count
                 and schedule.month_step(other) not in one.settled]  # fmt: skip
        # A question that is late goes at once, whatever month has come meanwhile.
        assert step.due_at <= now or all(day < other for other in later)


@settings(max_examples=60)
@given(DAYS, st.integers(0, 60))
def test_adding_months_keeps_the_day_or_takes_the_months_last(day, months):
    later = schedule.add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(1)).day == 1)
