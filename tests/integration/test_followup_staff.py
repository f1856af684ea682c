"""What the team sees of planned actions, and what partners may."""

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
from sqlalchemy import select

from mande import clock
from mande import db
from mande.events.models import Event
from mande.events.models import Role
from mande.followup import operations
from mande.followup import panel
from mande.followup.desk import team_actions
from mande.followup.desk.team_actions import Planned
from mande.followup.models import Contribution
from mande.followup.models import PlannedAction
from mande.followup.models import Status
from mande.followup.models import Visibility
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.reports.actions import progress
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from tests import builders

PAGE = "/staff/events/WP1873v/actions"


@pytest.fixture(autouse=True)
def time_moves() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def event(app: Flask) -> Event:
    """An event whose people have said and done different things, two months later."""
    with db.transaction() as session:
        event = builders.make_event(session)
        builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER)

        def plan(name: str, what: str, role: Role = Role.PARTICIPANT, **values: object) -> PlannedAction:
            person = builders.make_person(session, name, organisation=f"Office of {name}")
            attendance = builders.attend(session, event, person, [role])
            return operations.add_action(session, builders.link_of(session, attendance), Intention(what, **values))

        plan("Zoe Team", "Secret plan", visibility=Visibility.TEAM, by_when=date(2021, 7, 1), with_whom="A spy")
        named = plan(
            "Ana Named",
            "=HYPERLINK(evil)",
            Role.SPEAKER,
            visibility=Visibility.PARTNERS_BY_NAME,
            consent=True,
            with_whom="Quiet Friend",
            help_needed="Private help",
        )
        plan("Bo Nameless", "Nameless plan", consent=True)
        gone = plan("Cy Gone", "Withdrawn words", consent=True)
        told = Report(named.id, Status.SOME_PROGRESS, "Half done", Contribution.MUCH, "https://example.org/proof")
        operations.report_progress(session, named.owners[0].link, [told])
        operations.withdraw_action(session, gone, gone.owners[0].link)
    clock.move_to(datetime(2021, 7, 9, 10, tzinfo=UTC))
    with db.transaction() as session:
        assert operations.queue_due_check_ins(session) == 2
    clock.move_to(datetime(2021, 8, 9, 10, tzinfo=UTC))
    report(app, "Ana Named", Status.WELL_ADVANCED)
    return event


def report(app: Flask, name: str, status: Status) -> None:
    with db.transaction() as session:
        action = next(one for one in session.scalars(select(PlannedAction)) if one.owners[0].link.person.name == name)
        link = action.owners[0].link
        operations.report_progress(session, link, [Report(action.id, status)])


@pytest.fixture
def viewer(client: FlaskClient, event: Event) -> FlaskClient:
    with db.reading() as session:
        from mande.staff.models import StaffMember

        builders.sign_in(client, session.scalars(select(StaffMember)).one())
    return client


def good(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    page = response.get_data(as_text=True)
    assert response.status_code == status, page
    html5lib.HTMLParser(strict=True).parse(page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    return page


def test_the_summary_counts_what_is_not_withdrawn(event: Event) -> None:
    with db.reading() as session:
        found = operations.summary(session, event)
    assert (found.actions, found.owners, found.withdrawn) == (3, 3, 1)
    assert list(found.by_status.items()) == [
        (Status.NOT_STARTED, 2),
        (Status.SOME_PROGRESS, 0),
        (Status.WELL_ADVANCED, 1),
        (Status.DONE, 0),
        (Status.NO_LONGER_PLANNED, 0),
    ]
    assert (found.overdue, found.quiet, found.unheard) == (1, 1, 2)
    assert (found.asked, found.answered) == (2, 1)
    assert found.contribution[Contribution.MUCH] == 1


def test_partners_see_names_only_where_owners_chose_so(event: Event) -> None:
    with db.reading() as session:
        seen = progress.actions(session, event, "partner")
    assert [(one["what"], one["owner"], one["organisation"]) for one in seen["examples"]] == [
        ("=HYPERLINK(evil)", "Ana Named", "Office of Ana Named")
    ]
    assert (seen["total"], seen["owners"], seen["overdue"]) == (1, 1, 0)
    everything = repr(seen)
    for hidden in ("Secret plan", "Zoe", "A spy", "Bo Nameless", "Quiet Friend", "Private help", "Withdrawn words"):
        assert hidden not in everything


def test_evidence_that_could_give_a_name_away_is_shown_with_names_only(event: Event) -> None:
    with db.transaction() as session:
        event = session.merge(event)
        for name in ("Di", "Ed", "Flo", "Gus"):
            attendance = builders.attend(session, event, builders.make_person(session, name))
            operations.add_action(session, builders.link_of(session, attendance), Intention(f"Plan of {name}"))
        action = next(one for one in session.scalars(select(PlannedAction)) if one.what == "Nameless plan")
        told = Report(action.id, Status.DONE, "It is done", None, "https://example.org/bo")
        operations.report_progress(session, action.owners[0].link, [told])
    with db.reading() as session:
        partner, team = (progress.actions(session, event, edition)["examples"] for edition in ("partner", "internal"))
    seen = {one["what"]: one for one in partner}
    named, nameless = seen["=HYPERLINK(evil)"], seen["Nameless plan"]
    assert (named["evidence"], named["what_changed"]) == ("https://example.org/proof", "Half done")
    assert (nameless["owner"], nameless["evidence"], nameless["what_changed"]) == (None, "", "It is done")
    assert {one["evidence"] for one in team} == {"", "https://example.org/proof", "https://example.org/bo"}


def test_an_owner_who_narrows_the_circle_disappears_from_what_partners_see(event: Event) -> None:
    with db.transaction() as session:
        action = next(one for one in session.scalars(select(PlannedAction)) if one.what.startswith("="))
        operations.change_action(
            session, action, action.owners[0].link, Intention(action.what, visibility=Visibility.TEAM)
        )
    with db.reading() as session:
        assert progress.actions(session, event, "partner")["counted"] is False


def test_the_panel_on_the_events_page_tells_how_far_actions_have_come(app: Flask, event: Event) -> None:
    with app.test_request_context("/staff/"), db.reading() as session:
        shown = panel.render(session, event)
    assert "3 actions, of 3 people" in shown
    assert "2 asked, 1 answered" in shown
    assert "1 is overdue" in shown
    assert "1 has gone quiet" in shown
    assert f'href="{PAGE}"' in shown
    assert "of the team" not in shown
    with db.transaction() as session:
        planned = session.scalars(select(PlannedAction).where(PlannedAction.what == "Nameless plan")).one()
        planned.owners[0].link.stopped = True
        team_actions.add(session, session.merge(event), Planned("Share the slides"), "manager@example.org")
    with app.test_request_context("/staff/"), db.reading() as session:
        shown = panel.render(session, event)
    counts = "3 actions, of 3 people. 1 recommendation or action of the team. Check-ins: 2 asked, 1 answered."
    assert counts in " ".join(shown.split())
    assert "gone quiet" not in shown, "who has stopped has told us so"


def test_a_panel_without_actions_says_so(app: Flask) -> None:
    with db.transaction() as session:
        event = builders.make_event(session)
    with app.test_request_context("/staff/"), db.reading() as session:
        assert "Nobody has written down an action yet" in panel.render(session, event)


def test_a_viewer_reads_the_list_and_each_action_with_its_history(viewer: FlaskClient) -> None:
    page = good(viewer, PAGE)
    assert "3 actions" in page
    assert "Withdrawn words" not in page
    for address in re.findall(rf'href="({PAGE}/[0-9a-f-]{{36}})"', page):
        good(viewer, address)
    address = re.search(rf'href="({PAGE}/[^"]+)"[^>]*>=HYPERLINK', page).group(1)
    history = good(viewer, address)
    assert history.index("Well advanced") < history.index("Some progress")
    assert "Half done" in history
    assert "1 month after the event" in history
    assert "answered" in history


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("due=overdue", "Secret plan"),
        ("quiet=y", "Nameless plan"),
        ("role=speaker", "=HYPERLINK"),
        ("status=well_advanced", "=HYPERLINK"),
    ],
)
def test_filters_narrow_the_list(viewer: FlaskClient, query: str, shown: str) -> None:
    page = good(viewer, f"{PAGE}?{query}")
    assert "1 of 3 actions" in page
    assert shown in page


def test_the_list_can_be_sorted_from_its_heads(viewer: FlaskClient) -> None:
    page = good(viewer, f"{PAGE}?sort=-owner&overdue=")
    assert page.index("Zoe Team") < page.index("Bo Nameless") < page.index("Ana Named")
    assert 'aria-sort="descending"' in page
    assert f'href="{PAGE}?sort=by"' in page


def test_the_file_runs_no_formula_and_who_took_it_is_written_down(viewer: FlaskClient) -> None:
    response = viewer.post(f"{PAGE}/export", data={"csrf_token": builders.csrf(viewer), "role": "speaker"})
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == "attachment; filename=WP1873v-actions.csv"
    (row,) = csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig")))
    assert row["owner"] == "Ana Named"
    assert not row["action"].startswith("=")
    assert row["status"] == "well_advanced"
    assert row["what changed"] == "Half done"
    with db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "actions exported")).one()
    assert (entry.actor, entry.subject) == ("viewer@example.org", "WP1873v")
    assert entry.detail == {"actions": 1, "role": "speaker"}


def test_the_file_cannot_be_taken_by_following_a_link(viewer: FlaskClient) -> None:
    assert viewer.get(f"{PAGE}/export").status_code in (404, 405)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/00000000-0000-0000-0000-000000000000"])
def test_nobody_sees_actions_without_signing_in(client: FlaskClient, event: Event, path: str) -> None:
    response = client.get(path)
    assert response.status_code in (302, 303)
    assert "/staff/sign-in" in response.headers["Location"]


def test_an_action_of_another_event_or_none_is_not_found(viewer: FlaskClient, event: Event) -> None:
    with db.transaction() as session:
        other = builders.make_event(session, code="WP2")
        action = operations.add_action(
            session, builders.link_of(session, builders.attend(session, other)), Intention("Elsewhere")
        )
    good(viewer, f"{PAGE}/{action.id}", 404)
    good(viewer, "/staff/events/NOWHERE/actions", 404)
