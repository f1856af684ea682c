"""The tracker: what the database finds is what the figures say, and what staff do with what they find."""

import csv
import io
import random
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mande import clock
from mande import db
from mande.events.models import Event
from mande.events.models import Role
from mande.followup import history
from mande.followup.asking import checkins
from mande.followup.desk.models import BulkChange
from mande.followup.desk.models import SavedView
from mande.followup.figures import Tracked
from mande.followup.figures import is_hidden
from mande.followup.figures import track
from mande.followup.models import ENDED
from mande.followup.models import ActionOwner
from mande.followup.models import Channel
from mande.followup.models import CheckIn
from mande.followup.models import CheckInState
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.models import Visibility
from mande.followup.tracking import due_dates
from mande.followup.tracking import exporting
from mande.followup.tracking import finding
from mande.followup.tracking.wanted import Wanted
from mande.staff.models import AuditEntry
from mande.staff.models import StaffMember
from mande.staff.models import StaffRole
from tests import builders
from tests.integration.desk import Desk
from tests.integration.respondents import Page
from tests.integration.respondents import words

# At this moment it is the 9th in Samoa, the 10th in London and, on an island of Kiribati, the 11th.
NOW = datetime(2021, 9, 10, 10, 30, tzinfo=UTC)
ZONES = ("Pacific/Pago_Pago", "Europe/London", "Pacific/Kiritimati")


@pytest.fixture(autouse=True)
def time_stands() -> Iterator[None]:
    clock.move_to(NOW)
    yield
    clock.move_to(None)


def small_world(session: Session, seed: int = 5, actions: int = 25) -> list[Event]:
    """Events in three time zones whose people were asked, answered, disagreed and stopped, by chance."""
    by_chance = random.Random(seed)
    member = builders.make_staff(session, "owner@example.org", name="Olu Owner")
    events = []
    for number, zone in enumerate(ZONES):
        event = builders.make_event(session, f"WP{number}", time_zone=zone, programme="Peace" if number else "")
        events.append(event)
        links = []
        for turn in range(6):
            person = builders.make_person(session, f"Person {turn}", turn, discreet=turn == 5)
            attended = builders.attend(session, event, person, [by_chance.choice(list(Role))])
            links.append(builders.link_of(session, attended))
            links[-1].stopped = by_chance.random() < 0.2
        for link in links:
            for month in range(by_chance.randint(0, 3)):
                state = by_chance.choice([CheckInState.ASKED, *CheckInState])
                due = NOW - timedelta(days=by_chance.choice([1, 13, 15, 60]))
                session.add(CheckIn(link=link, step=f"month-{month}", due_at=due, state=state, asked_at=due))
        for _ in range(actions):
            source = by_chance.choice([*Source, *[Source.OWNER] * 6])
            of_team = source is not Source.OWNER
            action = PlannedAction(
                event_id=event.id, source=source, what=by_chance.choice(["Train", "Écrire", "Publish"]), why="",
                by_when=by_chance.choice([None, *(date(2021, 9, day) for day in range(8, 13)), date(2021, 12, 1)]),
                status=by_chance.choice(list(Status)), theme=by_chance.choice([None, *event.outcomes]),
                help_needed=by_chance.choice(["", "Money"]), with_whom="", created_on=date(2021, 6, 10),
                withdrawn=by_chance.random() < 0.1, for_partners=of_team and by_chance.random() < 0.5,
                staff_id=member.id if of_team and by_chance.random() < 0.5 else None,
                owners=[] if of_team else [
                    ActionOwner(link=link, visibility=by_chance.choice(list(Visibility)), since=NOW,
                                consent=by_chance.random() < 0.7, status=by_chance.choice([None, *Status]))
                    for link in by_chance.sample(links, by_chance.choice([1, 1, 2]))
                ],
            )  # fmt: skip
            session.add(action)
            if action.owners and by_chance.random() < 0.25:
                session.flush()
                action.heard_at = NOW - timedelta(days=by_chance.choice([1, 14, 16, 80]))
                session.add(Update(action_id=action.id, link_id=action.owners[0].link_id, channel=Channel.LINK,
                                   reported_at=action.heard_at, status=action.status))  # fmt: skip
    session.flush()
    return events


Takes = Callable[[Tracked], bool]


def is_open(one: Tracked) -> bool:
    return one.action.status not in ENDED


def every(_one: Tracked) -> bool:
    return True


def none(_one: Tracked) -> bool:
    return False


FILTERS: list[tuple[dict[str, str], Takes]] = [
    ({}, every),
    ({"due": "overdue"}, lambda one: one.overdue),
    ({"quiet": "y"}, lambda one: one.quiet),
    ({"conflict": "y"}, lambda one: one.conflicting),
    ({"asking": "yes"}, lambda one: one.may_ask and not one.stopped),
    ({"asking": "no"}, lambda one: one.action.source is Source.OWNER and not one.may_ask),
    ({"asking": "stopped"}, lambda one: one.stopped),
    ({"role": "speaker"}, lambda one: Role.SPEAKER in one.roles),
    ({"sector": "state"}, lambda one: any(person.sector == "state" for person in one.people)),
    ({"country": "unknown"}, lambda one: any(person.country is None for person in one.people)),
    ({"status": "open"}, is_open),
    ({"status": "ended"}, lambda one: not is_open(one)),
    ({"status": "done"}, lambda one: one.action.status is Status.DONE),
    ({"due": "none"}, lambda one: one.action.by_when is None),
    ({"due": "quarter"}, lambda one: one.action.by_when is not None and one.action.by_when.month == 9),
    ({"due_from": "2021-09-10", "due_until": "2021-09-11"}, lambda one: one.action.by_when is not None
     and one.action.by_when.day in (10, 11)),
    ({"theme": "none"}, lambda one: one.action.theme_id is None),
    ({"source": "team"}, lambda one: one.action.source is Source.TEAM),
    ({"staff": "none"}, lambda one: one.action.source is not Source.OWNER and one.action.staff_id is None),
    ({"help": "y"}, lambda one: bool(one.action.help_needed)),
    ({"verified": "none"}, every),
    ({"silent": "2021-09-01"}, lambda one: is_open(one) and (one.action.heard_at is None
     or one.action.heard_at < datetime(2021, 9, 1, tzinfo=UTC))),
    ({"text": "écri person"}, lambda one: one.action.what == "Écrire" and bool(one.people)),
    ({"text": "olu"}, lambda one: one.action.staff_id is not None),
    ({"partner": "Ministry of Foreign Affairs, Norway", "year": "2021"}, every),
    ({"year": "2020"}, none),
    ({"event": "GONE"}, none),
    *(({"visibility": circle.value}, lambda one, circle=circle: one.visibility is circle) for circle in Visibility),
]  # fmt: skip


ORDERS: dict[str, Callable[[Tracked], object]] = {
    "next": lambda one: (not is_open(one), one.action.by_when or date.max),
    "by": lambda one: one.action.by_when or date.max,
    "status": lambda one: list(Status).index(one.action.status),
    "event": lambda one: one.action.event.code,
    "action": lambda one: one.action.what.replace("É", "E"),
    "heard": lambda one: one.action.heard_at or datetime(1, 1, 1, tzinfo=UTC),
    "owner": lambda one: one.people[0].name if one.people else "Olu" if one.action.staff_id else "",
}


def test_what_the_database_finds_sorts_and_counts_is_what_the_figures_say(app: Flask) -> None:
    with db.transaction() as session:
        events = small_world(session)
    with db.reading() as session:
        tracked = {event.code: track(session, event) for event in events}
        everything = [one for of_event in tracked.values() for one in of_event]
        assert sum(one.overdue for one in everything) > 5
        assert sum(one.quiet for one in everything) > 1
        for args, takes in FILTERS:
            found = set(session.scalars(finding.ordered(session, Wanted.read(args))))
            assert found == {one.action.id for one in everything if takes(one)}, args
            if "event" not in args:
                here = set(session.scalars(finding.ordered(session, Wanted.read(args, "WP2"))))
                assert here == {one.action.id for one in tracked["WP2"] if takes(one)}, args
        peace = set(session.scalars(finding.ordered(session, Wanted.read({"programme": "Peace"}))))
        assert peace == {one.action.id for code in ("WP1", "WP2") for one in tracked[code]}
        for loaded in finding.load(session, [one.action.id for one in everything], reported=True):
            assert loaded == next(one for one in everything if one.action.id == loaded.action.id)
        hidden = sum(is_hidden(event, one) for event in events for one in tracked[event.code])
        counted = finding.count(session, Wanted())
        assert (counted.actions, counted.hidden) == (len(everything), hidden)
        assert hidden
        for sort, key in ORDERS.items():
            rows = finding.load(session, session.scalars(finding.ordered(session, Wanted(sort=sort))).all())
            assert [key(one) for one in rows] == sorted(map(key, rows)), sort  # type: ignore[type-var]
        falling = finding.load(session, session.scalars(finding.ordered(session, Wanted(sort="-by"))).all())
        days = [one.action.by_when for one in falling]
        dated = sorted((day for day in days if day), reverse=True)
        assert days == [*dated, *[None] * (len(days) - len(dated))], "what has no date comes last either way"
        _check_timeline(session, everything, tracked["WP1"])
        assert len(exporting.read(session, Wanted())) == len(everything) - hidden


def _check_timeline(session: Session, everything: list[Tracked], one_event: list[Tracked]) -> None:
    shown = due_dates.timeline(session, Wanted(month="2021-01"))
    later = due_dates.timeline(session, Wanted(month="2022-01", event="WP1"))
    september, december = shown.months[8], shown.months[11]
    due = [one for one in everything if one.action.by_when and one.action.by_when.month == 9]
    assert september.due == len(due)
    assert september.numbers["overdue"] == sum(one.overdue for one in due)
    assert september.due + december.due + shown.undated == len(everything)
    days = sorted(one.action.by_when for one in due if one.action.by_when)
    assert [one.action.by_when for one in shown.listed[date(2021, 9, 1)]] == days[: due_dates.LISTED]
    assert (later.earlier + later.undated, later.later) == (len(one_event), 0)


def told(page: Page) -> str:
    """All that a page says."""
    return words(page.root)


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> Desk:
    """A manager, and an event with three actions: two of the team, one of somebody who attended."""
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
        builders.make_staff(session, "other@example.org", name="Olu Other")
        event = builders.make_event(session)
        link = builders.link_of(session, builders.attend(session, event))
        for what, source, by_when in (
            ("Publish the note", Source.RECOMMENDATION, date(2021, 9, 1)),
            ("=Call embassies", Source.TEAM, None),
            ("Train staff", Source.OWNER, None),
        ):
            owners = [ActionOwner(link=link, since=NOW, consent=True)] if source is Source.OWNER else []
            session.add(PlannedAction(event=event, source=source, what=what, by_when=by_when, owners=owners,
                                      status=Status.NOT_STARTED, created_on=date(2021, 6, 10)))  # fmt: skip
        session.flush()
        checkins.schedule_check_ins(session, [link.id])
    return Desk(client)


def stored(what: str) -> PlannedAction:
    with db.reading() as session:
        return session.scalars(select(PlannedAction).where(PlannedAction.what == what)).one()


LIST = "/staff/events/WP1873v/actions"


def test_several_actions_are_changed_at_once_after_a_look_and_changed_back(desk: Desk) -> None:
    ids = {what: stored(what).id.hex for what in ("Publish the note", "=Call embassies", "Train staff")}
    page = desk.get(LIST)
    assert "Tick the actions that you want to change first" in told(desk.press(page, "Change those ticked…"))
    choice = desk.press(page, "Change those ticked…", action=list(ids.values()))
    assert "Change 3 actions" in told(choice)
    assert "2 of them are the team's own" in told(choice)

    wrong = desk.press(choice, "See what will change", what="shift", days="two weeks")
    assert wrong.response.status_code == 422
    assert 'value="two weeks"' in wrong.source
    preview = desk.press(wrong, "See what will change", days="14")
    assert "1 action changes." in told(preview)
    assert "1 is somebody's own: that is for its owner to change." in told(preview)
    assert "1 has no date to move." in told(preview)
    assert stored("Publish the note").by_when == date(2021, 9, 1), "looking changes nothing"

    done = desk.press(preview, "Change 1 action")
    assert stored("Publish the note").by_when == date(2021, 9, 15)
    again = desk.press(done, "Undo")
    assert "1 action is as it was before." in told(again)
    assert stored("Publish the note").by_when == date(2021, 9, 1)
    with db.reading() as session:
        changes = [(one.what, one.by, one.detail) for one in history.of(session, stored("Publish the note").id)]
        taken = [one.action for one in session.scalars(select(AuditEntry).order_by(AuditEntry.at))]
    assert changes == [
        ("changed", "manager@example.org", {"by_when": ["2021-09-01", "2021-09-15"]}),
        ("changed", "manager@example.org", {"by_when": ["2021-09-15", "2021-09-01"]}),
    ]
    assert taken == ["actions changed", "change of actions undone"]


def test_undoing_leaves_alone_what_was_changed_since_and_happens_once(desk: Desk) -> None:
    with db.reading() as session:
        first, second = (one.id for one in session.scalars(select(Event)).one().outcomes)
    choice = desk.press(desk.get(LIST), "Change those ticked…", action=[stored("Train staff").id.hex,
                                                                       stored("Publish the note").id.hex])  # fmt: skip
    desk.press(desk.press(choice, "See what will change", what="theme", theme=first.hex), "Change 2 actions")
    assert stored("Train staff").theme_id == stored("Publish the note").theme_id == first
    with db.transaction() as session:
        session.get_one(PlannedAction, stored("Train staff").id).theme_id = second
    page = desk.get("/staff/actions/changes")
    undone = desk.press(page, next(one for one in desk.buttons(page) if one.startswith("Undo")))
    assert "1 action is as it was before. 1 was changed again since, and stays as it is." in told(undone)
    assert (stored("Train staff").theme_id, stored("Publish the note").theme_id) == (second, None)
    with db.reading() as session:
        kept = session.scalars(select(BulkChange)).one()
    data = {"csrf_token": builders.csrf(desk.client)}
    twice = desk.client.post(f"/staff/actions/changes/{kept.id}/undo", data=data, follow_redirects=True)
    assert "had been undone already" in twice.get_data(as_text=True)


def test_all_that_is_found_can_be_withdrawn_and_owned_by_a_member_and_a_viewer_can_do_neither(desk: Desk) -> None:
    data = {"csrf_token": builders.csrf(desk.client), "everything": "y", "source": "team", "back": "//evil.example"}
    with db.reading() as session:
        member = session.scalars(select(StaffMember).where(StaffMember.name == "Olu Other")).one()
    found = desk.client.post("/staff/actions/changes/choose", data=data).get_data(as_text=True)
    assert "Change 1 action" in found
    assert "evil.example" not in found
    ids = stored("=Call embassies").id.hex
    for change in ({"what": "member", "member": member.id.hex}, {"what": "withdraw"}):
        desk.client.post("/staff/actions/changes", data={**data, "ids": ids, **change})
    assert (stored("=Call embassies").staff_id, stored("=Call embassies").withdrawn) == (member.id, True)
    assert "=Call embassies" not in told(desk.get(f"{LIST}?staff={member.id.hex}"))
    assert "=Call embassies" in told(desk.get(f"{LIST}?status=withdrawn"))
    assert desk.client.post("/staff/actions/changes", data={**data, "ids": ids, "what": "x"}).status_code == 400
    assert desk.client.post("/staff/actions/changes", data={**data, "ids": ids, "what": "member",
                                                            "member": ids}).status_code == 400  # fmt: skip
    with db.transaction() as session:
        session.get_one(StaffMember, member.id).role = StaffRole.VIEWER
    builders.sign_in(desk.client, member)
    data["csrf_token"] = builders.csrf(desk.client)
    assert "Change those ticked" not in told(desk.get(LIST))
    assert desk.client.post("/staff/actions/changes/choose", data=data).status_code == 403


def test_a_card_of_the_team_can_be_moved_and_an_owners_cannot(desk: Desk) -> None:
    board = desk.get(f"{LIST}?view=board")
    assert "Record what they told you" in told(board)
    moved = desk.press(board, "Move: Publish the note", status="done")
    assert "It stands under “Done” now." in told(moved)
    assert stored("Publish the note").status is Status.DONE
    with db.reading() as session:
        update = session.scalars(select(Update)).one()
    assert (update.status, update.recorded_by) == (Status.DONE, "manager@example.org")
    data = {"csrf_token": builders.csrf(desk.client), "status": "done"}
    address = f"/staff/actions/{stored('Train staff').id}/status"
    assert desk.client.post(address, data=data).status_code == 403
    assert stored("Train staff").status is Status.NOT_STARTED
    assert desk.client.post(address, data={**data, "status": "perhaps"}).status_code == 400


def test_views_are_saved_shared_renamed_and_say_when_their_event_is_gone(desk: Desk) -> None:
    page = desk.get(f"{LIST}?status=open&due=overdue&sort=-by")
    nameless = desk.press(page, "Save the view", name=" ")
    assert nameless.response.status_code == 422
    assert "Give the view a name." in told(nameless)
    kept = desk.press(nameless, "Save the view", name="Late here", shared="y")
    assert "The list is saved as “Late here”." in told(kept)
    desk.press(desk.get("/staff/actions?view=board"), "Save the view", name="Board")
    assert "shows this list now" in told(desk.press(desk.get("/staff/actions?quiet=y"), "Save the view", name="Board"))
    with db.reading() as session:
        views = {one.name: (one.asked, one.shared) for one in session.scalars(select(SavedView))}
        other = session.scalars(select(StaffMember).where(StaffMember.name == "Olu Other")).one()
    assert views == {
        "Late here": ({"event": "WP1873v", "status": "open", "due": "overdue", "sort": "-by"}, True),
        "Board": ({"quiet": "y"}, False),
    }
    manage = desk.get("/staff/actions/views")
    taken = desk.press(manage, "SaveBoard", name="Late here")
    assert taken.response.status_code == 422
    assert "You have another view of this name." in told(taken)
    desk.press(manage, "SaveBoard", name="Silence")
    desk.press(desk.get("/staff/actions/views"), "DeleteSilence")
    builders.sign_in(desk.client, other)
    assert "Late here" in told(desk.get("/staff/actions"))
    with db.transaction() as session:
        session.execute(SavedView.__table__.update().values(asked={"event": "GONE", "status": "open"}))
    page = desk.get("/staff/actions")
    assert "(its event is gone)" in told(page)
    assert 'href="/staff/actions?event=GONE&amp;status=open"' in page.source
    assert "There is no event with the code GONE" in told(desk.get("/staff/actions?event=GONE&status=open"))


def test_the_file_names_nobody_discreet_runs_no_formula_and_may_be_a_workbook(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        other = builders.make_event(session, code="SECRET", discreet=True)
        session.add(PlannedAction(event=other, source=Source.TEAM, what="Hidden plan", status=Status.DONE,
                                  created_on=date(2021, 6, 10)))  # fmt: skip
        person = builders.make_person(session, "Dan Discreet", discreet=True)
        event = session.scalars(select(Event).where(Event.code == "WP1873v")).one()
        owner = ActionOwner(link=builders.link_of(session, builders.attend(session, event, person)), since=NOW)
        session.add(PlannedAction(event=event, what="Quiet plan", owners=[owner], status=Status.DONE,
                                  created_on=date(2021, 6, 10)))  # fmt: skip
    assert "2 actions of discreet people are left out" in told(desk.get("/staff/actions"))
    data = {"csrf_token": builders.csrf(desk.client), "text": "a", "sort": "action"}
    taken = desk.client.post("/staff/actions/export", data=data)
    rows = list(csv.DictReader(io.StringIO(taken.get_data().decode("utf-8-sig"))))
    assert [row["action"] for row in rows] == ["'=Call embassies", "Publish the note", "Train staff"]
    book = desk.client.post("/staff/actions/export", data={**data, "format": "xlsx"}).get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert [[cell.data_type for cell in row if cell.value == "=Call embassies"] for row in sheet.iter_rows()].count(
        ["s"]
    ) == 1
    with db.reading() as session:
        detail = session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "actions exported")).first()
    assert detail == {"actions": 3}, "what was looked for may be a name"
    assert desk.client.post("/staff/events/SECRET/actions/export", data=data).status_code == 403
    monkeypatch.setattr(exporting, "MOST", 2)
    assert "A file holds at most 2 actions" in told(desk.get("/staff/actions"))
    assert desk.client.post("/staff/actions/export", data=data).status_code == 400
