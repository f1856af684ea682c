"""The tracker's filters, changes of several actions, months and rows: what needs neither pages nor a database."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from mande.events.models import Event
from mande.events.models import Person
from mande.events.models import Role
from mande.followup.figures import Tracked
from mande.followup.models import ActionOwner
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Visibility
from mande.followup.tracking import changing
from mande.followup.tracking import months
from mande.followup.tracking import selecting
from mande.followup.tracking import tracker
from mande.followup.tracking.changing import Change
from mande.followup.tracking.changing import ChangeError
from mande.followup.tracking.changing import Kind
from mande.followup.tracking.changing import Reason
from mande.followup.tracking.months import Stand
from mande.followup.tracking.wanted import Wanted

HERE, ELSEWHERE, THEME, MEMBER = (UUID(int=number) for number in range(1, 5))
DAY = date(2021, 9, 1)
NAMES = ("text", "event", "year", "status", "due", "due_from", "silent", "theme", "staff", "role", "quiet", "sort",
         "view", "month", "page", "visibility")  # fmt: skip
TEXTS = ("", "open", "done", "overdue", "2021-06-07", "2021-06", "2021", "none", "any", THEME.hex, "speaker",
         "y", "-by", "next", "-next", "board", "7", "-1", "²", "partners_by_name", "rm -rf", " é ")  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(TEXTS)))
def test_the_address_of_a_list_says_what_it_shows_whatever_was_asked(args: dict[str, str]) -> None:
    wanted = Wanted.read(args)
    assert Wanted.read({**wanted.asked(), "page": str(wanted.number)}) == wanted
    assert wanted.filters.items() <= wanted.asked().items()


def test_what_cannot_be_understood_asks_for_nothing() -> None:
    nonsense = {
        "status": "x",
        "role": "x",
        "sort": "rm",
        "theme": "x",
        "due_from": "soon",
        "year": "MMXXI",
        "page": "x",
    }
    assert Wanted.read(nonsense) == Wanted()
    assert Wanted.read({"event": "OTHER"}, "WP1873v").event == "WP1873v"
    assert Wanted(sort="by").asked(sort="-by", page="2") == {"sort": "-by", "page": "2"}
    assert Wanted(text="a", role="speaker", quiet="y", sort="by").folded == 2


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2021, 1, 1), date(2021, 1, 1), date(2021, 3, 31)),
        (date(2024, 2, 29), date(2024, 1, 1), date(2024, 3, 31)),
        (date(2021, 12, 31), date(2021, 10, 1), date(2021, 12, 31)),
    ],
)
def test_a_quarter_runs_from_its_first_day_to_its_last(today: date, first: date, last: date) -> None:
    assert selecting.quarter(today) == (first, last)


@dataclass
class Action:
    """As far as changes of several actions look at one."""

    source: Source = Source.TEAM
    status: Status = Status.NOT_STARTED
    by_when: date | None = DAY
    theme_id: UUID | None = None
    staff_id: UUID | None = None
    withdrawn: bool = False
    event_id: UUID = HERE


def outcome(action: Action, change: Change) -> object:
    """What the change does to the action, or why it leaves it out."""
    plan = changing.plan([action], change, HERE)
    assert len(plan.steps) + sum(plan.left_out.values()) == 1
    return plan.steps[0].becomes if plan.steps else next(iter(plan.left_out))


@pytest.mark.parametrize(
    ("action", "change", "expected"),
    [
        (Action(Source.OWNER), Change(Kind.THEME, theme=THEME), THEME),
        (Action(theme_id=THEME), Change(Kind.THEME, theme=THEME), Reason.SAME),
        (Action(event_id=ELSEWHERE), Change(Kind.THEME, theme=THEME), Reason.OTHER_EVENT),
        (Action(event_id=ELSEWHERE, theme_id=THEME), Change(Kind.THEME), None),
        (Action(Source.OWNER), Change(Kind.DAY, day=DAY), Reason.OWNERS),
        (Action(), Change(Kind.DAY, day=date(2022, 1, 1)), date(2022, 1, 1)),
        (Action(), Change(Kind.DAY), None),
        (Action(status=Status.DONE), Change(Kind.DAY), Reason.ENDED),
        (Action(), Change(Kind.SHIFT, days=-31), date(2021, 8, 1)),
        (Action(by_when=None), Change(Kind.SHIFT, days=7), Reason.NO_DATE),
        (Action(by_when=date(9999, 12, 1)), Change(Kind.SHIFT, days=60), Reason.TOO_FAR),
        (Action(Source.RECOMMENDATION), Change(Kind.MEMBER, member=MEMBER), MEMBER),
        (Action(Source.OWNER), Change(Kind.MEMBER, member=MEMBER), Reason.OWNERS),
        (Action(), Change(Kind.WITHDRAW), True),
        (Action(Source.OWNER), Change(Kind.WITHDRAW), Reason.OWNERS),
        (Action(withdrawn=True), Change(Kind.WITHDRAW), Reason.WITHDRAWN),
        (Action(withdrawn=True), Change(Kind.THEME, theme=THEME), Reason.WITHDRAWN),
    ],
)
def test_a_change_takes_what_the_team_may_change_and_says_why_it_leaves_the_rest(
    action: Action, change: Change, expected: object
) -> None:
    assert outcome(action, change) == expected


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, "what"),
        ({"what": "status"}, "what"),
        ({"what": "theme", "theme": ""}, "theme"),
        ({"what": "member", "member": "x"}, "member"),
        ({"what": "day", "day": "tomorrow"}, "day"),
        ({"what": "shift", "days": "0"}, "days"),
        ({"what": "shift", "days": "two"}, "days"),
        ({"what": "shift", "days": "99999"}, "days"),
    ],
)
def test_what_is_no_change_is_refused_at_its_field(typed: dict[str, str], wrong: str) -> None:
    with pytest.raises(ChangeError) as told:
        changing.read(typed)
    assert (told.value.name, bool(told.value.text)) == (wrong, True)


@pytest.mark.parametrize(
    "change",
    [
        Change(Kind.THEME, theme=THEME),
        Change(Kind.THEME),
        Change(Kind.DAY, day=DAY),
        Change(Kind.DAY),
        Change(Kind.SHIFT, days=-7),
        Change(Kind.MEMBER, member=MEMBER),
        Change(Kind.WITHDRAW),
    ],
)
def test_a_change_is_read_as_it_was_asked(change: Change) -> None:
    assert changing.read(change.asked()) == change


@settings(max_examples=100, deadline=None)
@given(
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.lists(st.tuples(st.integers(2020, 2022), st.integers(1, 12), st.sampled_from(Stand), st.integers(1, 50))),
)
def test_a_bar_has_a_piece_for_each_stand_and_none_is_longer_than_the_fullest_month(
    day: date, counted: list[tuple[int, int, Stand, int]]
) -> None:
    shown = months.lay_out(months.beginning("2021-01", day), counted)
    assert [month.first for month in shown] == [date(2021, number, 1) for number in range(1, 13)]
    assert sum(month.due for month in shown) == sum(one[3] for one in counted if one[0] == 2021)
    for month in shown:
        assert sum(piece.number for piece in month.pieces) == month.due
        ends = [round(piece.start + piece.width, 2) for piece in month.pieces]
        assert ends == sorted(ends)
        assert all(end <= 100.01 for end in ends)
    fullest = max(shown, key=lambda month: month.due)
    assert not fullest.due or sum(piece.width for piece in fullest.pieces) == pytest.approx(100, abs=0.01)


def test_a_timeline_begins_three_months_ago_unless_asked_otherwise_and_stays_within_the_calendar() -> None:
    assert months.beginning("", date(2021, 2, 28)) == date(2020, 11, 1)
    assert months.beginning("2019-12", DAY) == date(2019, 12, 1)
    assert len(months.lay_out(months.beginning("9999-12", DAY), [])) == 12
    assert months.shifted(date(1, 1, 1), -12) == date(1, 1, 1)
    assert [month.last for month in months.lay_out(date(2021, 1, 1), [])][:2] == [date(2021, 1, 31), date(2021, 2, 28)]


def test_a_row_of_the_file_has_a_cell_for_each_column() -> None:
    link = FollowupLink(person=Person(name="Ada", email="ada@example.org", organisation=None))
    event = Event(code="WP1", programme="")
    values = {"event": event, "status": Status.DONE, "created_on": DAY, "updates": [], "why": "", "with_whom": "",
              "help_needed": ""}  # fmt: skip
    owner = ActionOwner(link=link, consent=True, visibility=Visibility.TEAM)
    owned = PlannedAction(what="Train", source=Source.OWNER, owners=[owner], **values)
    team = PlannedAction(what="Publish", source=Source.RECOMMENDATION, owners=[], staff_id=MEMBER, **values)
    roles = (Role.SPEAKER, Role.PARTICIPANT)
    rows = list(
        tracker.rows(
            [Tracked(owned, roles, True, False, stopped=False), Tracked(team, (), False, False, stopped=False)],
            {MEMBER: "Sam"},
        )
    )
    assert [len(row) for row in rows] == [len(tracker.HEADER)] * 2
    ada, sam = (dict(zip(tracker.HEADER, row, strict=True)) for row in rows)
    assert (ada["owner"], ada["roles"], ada["overdue"], ada["may be asked"]) == (
        "Ada",
        "speaker participant",
        "yes",
        "yes",
    )
    assert (sam["owner"], sam["owner on the team"], sam["source"]) == ("", "Sam", "recommendation")
