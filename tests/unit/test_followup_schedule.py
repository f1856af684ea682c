"""When owners of planned actions are asked."""

from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.followup.asking import schedule
from mande.followup.asking.schedule import Owner

ENDED = date(2021, 6, 9)
MONTHS = (1, 3, 6, 12)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def local(steps: list[schedule.Step], zone: str) -> list[tuple[str, str]]:
    return [(step.name, step.due_at.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M")) for step in steps]


def plan(owner: Owner, ended_on: date = ENDED, months: tuple[int, ...] = MONTHS, now: datetime = LONG_AGO) -> list:
    return schedule.plan(ended_on, months, owner, now)


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
    steps = plan(Owner("Europe/London", told=[date(2021, 6, 9)]))
    assert local(steps, "Europe/London") == [
        ("month-1", "Fri 2021-07-09 09:00"),
        ("month-3", "Thu 2021-09-09 09:00"),
        ("month-6", "Thu 2021-12-09 09:00"),
        ("month-12", "Thu 2022-06-09 09:00"),
    ]
    # Summer time is over in December: nine in London is then nine in UTC.
    assert [step.due_at.hour for step in steps] == [8, 8, 9, 8]


def test_a_step_that_falls_on_a_weekend_waits_for_the_next_working_day():
    steps = plan(Owner("Europe/London", told=[date(2021, 6, 5)]), ended_on=date(2021, 6, 10), months=(1,))
    assert local(steps, "Europe/London") == [("month-1", "Mon 2021-07-12 09:00")]


def test_where_the_weekend_is_friday_and_saturday_sunday_is_a_working_day():
    cairo = Owner("Africa/Cairo", told=[ENDED], weekend=schedule.weekend("EG"))
    assert local(plan(cairo, months=(1,)), "Africa/Cairo") == [("month-1", "Sun 2021-07-11 09:00")]


@pytest.mark.parametrize(
    ("country", "days"),
    [("EG", {4, 5}), ("SA", {4, 5}), ("AF", {3, 4}), ("GB", {5, 6}), ("IN", {5, 6}), ("ZZ", {5, 6}), (None, {5, 6}),
     ("", {5, 6}), ("not a country", {5, 6})],
)  # fmt: skip
def test_the_weekend_is_that_of_the_country_where_it_is_known(country, days):
    assert schedule.weekend(country) == days


def test_a_week_before_the_owners_own_date_they_are_asked():
    owner = Owner("UTC", told=[ENDED], own_dates=[date(2021, 8, 12)])
    assert local(plan(owner, months=(1, 3)), "UTC") == [
        ("month-1", "Fri 2021-07-09 09:00"),
        ("due-2021-08-12", "Thu 2021-08-05 09:00"),
        ("month-3", "Thu 2021-09-09 09:00"),
    ]


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
    steps = plan(Owner("UTC", told=[ENDED], own_dates=[own_date]), months=(1, 3))
    assert (schedule.own_step(own_date) in [step.name for step in steps]) is asked
    assert {"month-1", "month-3"} <= {step.name for step in steps}


def test_of_two_own_dates_that_are_close_the_earlier_is_asked_and_covers_the_other():
    own_dates = [date(2021, 8, 20), date(2021, 8, 12), date(2021, 8, 12)]
    steps = plan(Owner("UTC", told=[ENDED], own_dates=own_dates), months=(1,))
    assert [step.name for step in steps] == ["month-1", "due-2021-08-12"]


def test_nothing_is_planned_where_nothing_is_open():
    assert plan(Owner("UTC", told=[], own_dates=[date(2022, 1, 1)])) == []


def test_what_is_past_is_not_planned():
    now = datetime(2021, 9, 9, 9, tzinfo=UTC)
    steps = plan(Owner("UTC", told=[ENDED], own_dates=[date(2021, 7, 1)]), now=now)
    assert [step.name for step in steps] == ["month-6", "month-12"]


def test_an_action_written_down_later_is_asked_about_from_the_next_month_on():
    steps = plan(Owner("UTC", told=[date(2021, 7, 20)]))
    assert [step.name for step in steps] == ["month-3", "month-6", "month-12"]


def test_a_month_waits_until_the_news_of_what_is_open_is_two_weeks_old():
    steps = plan(Owner("UTC", told=[date(2021, 7, 5)]), months=(1,))
    assert local(steps, "UTC") == [("month-1", "Mon 2021-07-19 09:00")]


def test_the_oldest_news_decides_when_several_actions_are_open():
    steps = plan(Owner("UTC", told=[date(2021, 7, 5), ENDED]), months=(1,))
    assert local(steps, "UTC") == [("month-1", "Fri 2021-07-09 09:00")]


def test_news_after_the_months_day_stands_for_it():
    steps = plan(Owner("UTC", told=[date(2021, 7, 12)]), now=datetime(2021, 7, 12, 12, tzinfo=UTC))
    assert "month-1" not in [step.name for step in steps]


def test_an_own_date_within_two_weeks_of_the_news_is_not_asked():
    told = date(2021, 8, 2)
    assert plan(Owner("UTC", told=[told], own_dates=[told + timedelta(18)]), months=()) == []
    assert len(plan(Owner("UTC", told=[told], own_dates=[told + timedelta(21)]), months=())) == 1


def test_after_a_late_question_the_next_month_waits_two_weeks():
    owner = Owner("UTC", told=[ENDED], asked=[date(2021, 9, 6)], settled=["month-1"])
    steps = plan(owner, months=(1, 3), now=datetime(2021, 9, 6, 10, tzinfo=UTC))
    assert local(steps, "UTC") == [("month-3", "Mon 2021-09-20 09:00")]


def test_a_month_that_was_asked_late_is_not_asked_again():
    owner = Owner("UTC", told=[ENDED], asked=[date(2021, 9, 20)], settled=["month-3"])
    steps = plan(owner, months=(1, 3, 6), now=datetime(2021, 9, 20, 10, tzinfo=UTC))
    assert [step.name for step in steps] == ["month-6"]


def test_a_day_that_a_zone_skipped_is_no_working_day():
    # Samoa went from Thursday 29 to Saturday 31 December 2011.
    owner = Owner("Pacific/Apia", told=[date(2011, 9, 1)])
    steps = plan(owner, ended_on=date(2011, 9, 30), months=(3,))
    assert local(steps, "Pacific/Apia") == [("month-3", "Mon 2012-01-02 09:00")]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2021-07-09T09:30", "2021-07-09T09:30"),
        ("2021-07-09T03:00", "2021-07-09T09:00"),
        ("2021-07-09T17:00", "2021-07-12T09:00"),
        ("2021-07-10T12:00", "2021-07-12T09:00"),
        ("2021-07-11T23:59", "2021-07-12T09:00"),
    ],
)
def test_what_is_late_goes_out_in_working_hours_only(now, expected):
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Asia/Seoul"))
    found = schedule.working_moment(moment, "Asia/Seoul", schedule.SATURDAY_AND_SUNDAY)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.mark.parametrize(("name", "meaning"), [("month-3", (3, None)), ("due-2021-09-15", (None, date(2021, 9, 15)))])
def test_a_steps_name_can_be_read_back(name, meaning):
    assert schedule.read_step(name) == meaning


ZONES = st.sampled_from(
    ["UTC", "Europe/London", "Africa/Nairobi", "Asia/Kolkata", "America/Mexico_City", "Pacific/Auckland",
     "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Asia/Tehran", "Australia/Lord_Howe"]
)  # fmt: skip
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
WEEKENDS = st.sampled_from([{5, 6}, {4, 5}, {3, 4}, {4}])


@st.composite
def situations(draw: st.DrawFn) -> tuple[date, list[int], Owner, datetime]:
    ended_on = draw(DAYS)
    near = st.integers(-60, 500).map(lambda days: ended_on + timedelta(days))
    owner = Owner(
        zone=draw(ZONES),
        told=draw(st.lists(near, min_size=1, max_size=4)),
        own_dates=draw(st.lists(near, max_size=6)),
        asked=draw(st.lists(near, max_size=3)),
        weekend=draw(WEEKENDS),
    )
    months = draw(st.lists(st.integers(1, 24), max_size=6))
    now = datetime.combine(draw(near), datetime.min.time(), UTC)
    return ended_on, months, owner, now


@settings(max_examples=150, deadline=None)
@given(situations())
def test_no_two_questions_are_closer_than_fourteen_days_and_each_is_at_nine_on_a_working_day(situation):
    ended_on, months, owner, now = situation
    zone = ZoneInfo(owner.zone)
    steps = schedule.plan(ended_on, months, owner, now)
    moments = [step.due_at.astimezone(zone) for step in steps]
    days = [moment.date() for moment in moments]
    assert all((moment.hour, moment.minute) == (9, 0) for moment in moments)
    assert all(day.weekday() not in owner.weekend for day in days)
    assert all(later - earlier >= timedelta(14) for earlier, later in pairwise(days))
    assert all(abs(day - other) >= timedelta(14) for day in days for other in owner.asked)
    assert all(step.due_at > now for step in steps)
    assert all(day >= min(owner.told) + timedelta(14) for day in days)
    assert len({step.name for step in steps}) == len(steps)


@settings(max_examples=100, deadline=None)
@given(situations())
def test_a_month_is_never_asked_before_its_day_and_never_three_weeks_after(situation):
    ended_on, _months, owner, now = situation
    for step in schedule.plan(ended_on, (1, 3, 6, 12), owner, now):
        count, own_date = schedule.read_step(step.name)
        day = step.due_at.astimezone(ZoneInfo(owner.zone)).date()
        if count:
            wait = day - schedule.add_months(ended_on, count)
            assert timedelta(0) <= wait
            # Fourteen days after the news or the last question, and a weekend.
            assert wait <= timedelta(18)
        else:
            assert own_date - timedelta(7) <= day < own_date


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(0, 60))
def test_adding_months_keeps_the_day_or_takes_the_months_last(day, months):
    later = schedule.add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(1)).day == 1)
