"""The figures of planned actions, from the database to the page and the files."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC
from datetime import date
from datetime import datetime

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select

from mande import clock
from mande import db
from mande import workbooks
from mande.events.models import Event
from mande.events.operations import attendees
from mande.followup import operations
from mande.followup.desk.models import Outcome
from mande.followup.desk.models import Verification
from mande.followup.figures import reading
from mande.followup.figures.overview import overview
from mande.followup.models import ActionOwner
from mande.followup.models import Channel
from mande.followup.models import Contribution
from mande.followup.models import PlannedAction
from mande.followup.models import Source
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.models import Verified
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.reports.actions import progress
from mande.reports.composing.composed import Composed
from mande.reports.kinds import EditionKind
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from tests import builders

PAGE = "/staff/events/WP1873v/actions/figures"


@pytest.fixture(autouse=True)
def time_moves() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def event(app: Flask) -> Event:
    """Twelve actions of eleven people, one of them a joint one, and what came of them in seven months."""
    with db.transaction() as session:
        event = builders.make_event(session, participants=8, speakers=4, programme="Diplomacy")
        people = attendees(session, event)
        planned = []
        for number in range(12):
            link = builders.link_of(session, people[max(0, number - 1)])
            action = operations.add_action(session, link, Intention(f"Action {number}", consent=True))
            action.theme_id = event.outcomes[number % 2].id
            planned.append(action)
        planned[5].owners.append(ActionOwner(link=builders.link_of(session, people[7]), since=clock.now()))
        gone = operations.add_action(session, builders.link_of(session, people[11]), Intention("Taken back"))
        operations.withdraw_action(session, gone, gone.owners[0].link)
        session.add(
            PlannedAction(
                event_id=event.id, source=Source.RECOMMENDATION, what="Translate the note", for_partners=True,
                created_on=date(2021, 6, 10), status=Status.NOT_STARTED, with_whom="", help_needed="", why="",
            )
        )  # fmt: skip
    tell(datetime(2021, 7, 14, 10, tzinfo=UTC), *[(number, Status.SOME_PROGRESS) for number in range(8)])
    tell(datetime(2021, 9, 14, 10, tzinfo=UTC), *[(number, Status.DONE) for number in range(6)])
    tell(datetime(2021, 12, 14, 10, tzinfo=UTC), (6, Status.NO_LONGER_PLANNED), (7, Status.WELL_ADVANCED))
    with db.transaction() as session:
        first = session.scalars(select(PlannedAction).where(PlannedAction.what == "Action 0")).one()
        first.verified = Verified.SUBSTANTIAL
        session.add(
            Verification(action_id=first.id, level=Verified.SUBSTANTIAL, source="A call", verified_at=clock.now(),
                         verified_by="sam@example.org", verified_by_name="Sam")
        )  # fmt: skip
        for shown, what in ((True, "Training has changed"), (False, "Kept in the house")):
            session.add(
                Outcome(event_id=event.id, what_changed=what, who_changed="A ministry", for_partners=shown,
                        could_confirm="Ann Witness", written_at=clock.now(), written_by="sam@example.org")
            )  # fmt: skip
    clock.move_to(datetime(2022, 1, 20, 10, tzinfo=UTC))
    return event


def tell(at: datetime, *told: tuple[int, Status]) -> None:
    clock.move_to(at)
    with db.transaction() as session:
        for number, status in told:
            action = session.scalars(select(PlannedAction).where(PlannedAction.what == f"Action {number}")).one()
            report = Report(action.id, status, contribution=Contribution.MUCH)
            operations.report_progress(session, action.owners[0].link, [report])


def page(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    text = response.get_data(as_text=True)
    assert response.status_code == 200, text
    html5lib.HTMLParser(strict=True).parse(text)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    return text


def test_figures_of_an_event_are_read_in_a_few_queries_and_say_what_was_known_when(event: Event) -> None:
    with db.transaction() as session:
        # A call of an earlier day, written down now: it counts for the day on which the team was told.
        action = session.scalars(select(PlannedAction).where(PlannedAction.what == "Action 9")).one()
        told = Update(
            action_id=action.id, channel=Channel.TELEPHONE, recorded_by="sam@example.org", reported_at=clock.now(),
            happened_on=date(2021, 7, 2), status=Status.DONE,
        )  # fmt: skip
        operations.keep_report(action, told)
    statements: list[str] = []
    with db.reading() as session:
        bind = session.get_bind()
        sqlalchemy_event.listen(bind, "before_cursor_execute", lambda *args: statements.append(args[2]))
        found = overview(session, Event.code == event.code, reading.OWNERS_OWN)
        teams = overview(session, Event.code == event.code, reading.THE_TEAMS)
    rows = {one.months: one for one in found.standings}

    assert len(statements) <= 22
    assert (found.actions, found.owners, found.joint, found.withdrawn) == (12, 11, 1, 1)
    assert {month: (row.said[Status.DONE], row.unknown) for month, row in rows.items()} == {
        1: (1, 3),
        3: (7, 3),
        6: (7, 3),
    }
    assert rows[6].said[Status.NO_LONGER_PLANNED] == rows[6].said[Status.WELL_ADVANCED] == 1
    assert [rows[month].verified[Verified.SUBSTANTIAL] for month in (1, 3, 6)] == [0, 0, 1]
    assert (found.completion.median, found.completion.unheard) == (96, 3)
    assert found.contribution[Contribution.MUCH] == 8
    assert {by: sum(len(group.courses) for group in groups) for by, groups in found.groups.items()}["theme"] == 12
    assert all(group.owners >= event.k for groups in found.groups.values() for group in groups)
    assert (teams.actions, teams.owners, teams.groups) == (1, 0, {})


def test_staff_see_them_of_an_event_a_programme_and_a_year_and_take_them_along(
    client: FlaskClient, event: Event
) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER))
        builders.make_event(session, code="EMPTY", programme="Another")

    shown = page(client, PAGE)
    assert "actions, of 11 people" in " ".join(re.sub(r"<[^>]+>", "", shown).split())
    assert "After 12 months" not in shown
    assert '<svg class="curve"' in shown
    assert "A note of recommendations" in shown
    assert "Unknown means that nothing was heard by then" in shown
    for many in ("/staff/actions/figures", "/staff/actions/figures?programme=Diplomacy&year=2021"):
        assert "actions, of 11 people" in " ".join(re.sub(r"<[^>]+>", "", page(client, many)).split())
    for none in ("/staff/events/EMPTY/actions/figures", "/staff/actions/figures?year=2019&programme=<b>"):
        assert "There are no actions to count yet" in page(client, none)
    assert "no action has been done or dropped yet" in page(client, f"{PAGE}?whose=team").lower()

    token = builders.csrf(client)
    told = client.post(f"{PAGE}/export", data={"csrf_token": token, "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(told.get_data().decode("utf-8-sig"))))
    done = next(row for row in rows if (row["figure"], row["group"], row["what"]) == ("standing", "6 months", "Done"))
    assert (done["number"], done["of"], done["share"], done["owners"]) == ("6", "12", "0.5", "11")
    assert not any("Participant 1" in value or "Action" in value for row in rows for value in row.values())
    book = client.post("/staff/actions/figures/export", data={"csrf_token": token, "format": "xlsx", "year": "2021"})
    assert "completion" in workbooks.read(book.get_data())
    assert client.post(f"{PAGE}/export", data={"csrf_token": token, "format": "doc"}).status_code == 400
    with db.reading() as session:
        taken = session.scalars(select(AuditEntry).where(AuditEntry.action == "figures of actions exported")).all()
    assert {entry.subject for entry in taken} == {"WP1873v", "actions"}


def test_a_report_tells_partners_of_standing_themes_outcomes_and_what_the_team_released(event: Event) -> None:
    with db.reading() as session:
        event = session.scalars(select(Event)).one()
        made = {edition: progress.actions(session, event, edition) for edition in ("internal", "partner", "public")}
        kinds = {edition: EditionKind(edition) for edition in made}
        held = {edition: set(progress.held(session, event, kinds[edition], Composed()).values()) for edition in made}
    internal, partner, public = made.values()

    assert [one["total"] for one in made.values()] == [12, 12, 12]
    assert [row["months"] for row in partner["standing"]] == [1, 3, 6]
    assert "theme" in {one["by"] for one in internal["breakdowns"]}
    assert {one["by"] for one in partner["breakdowns"]} == {"theme"}
    assert {member for one in partner["breakdowns"] for group in one["groups"] for member in group["members"]} == {
        "1",
        "2",
    }
    assert partner["completion"]["points"]
    assert public["completion"] is None
    assert next(one for one in partner["examples"] if one["what"] == "Action 0")["verified"] == "substantial"
    assert {one["status"] for one in partner["examples"]} >= {"unknown", "done"}
    assert [[one["what_changed"] for one in said["outcomes"]] for said in made.values()] == [
        ["Kept in the house", "Training has changed"], ["Training has changed"], []
    ]  # fmt: skip
    assert [[one["source"] for one in said["team"]] for said in made.values()] == [["recommendation"]] * 2 + [[]]
    assert "Ann Witness" not in repr(made)
    assert held == {"internal": {True, False}, "partner": {False}, "public": set()}
