"""Events from files and commands, on both databases."""

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import db
from mande.config import ROOT
from mande.events import commands
from mande.events import operations
from mande.events.attendees import listings
from mande.events.describing import files
from mande.events.describing.described import EventFileError
from mande.events.importing import imports
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.operations import EventNotFoundError
from mande.events.roles import asked_as
from mande.staff.models import AuditEntry
from tests.builders import make_event

YAML = ROOT / "demo" / "WP1873v.yaml"
ATTENDEES = ROOT / "demo" / "WP1873v-attendees.csv"


@pytest.fixture
def event(app: Flask) -> Event:
    with db.transaction() as session:
        return make_event(session)


def take(event: Event, data: bytes) -> imports.Plan:
    with db.transaction() as session:
        stored = operations.find(session, event.code)
        planned = imports.plan(session, stored, data)
        imports.carry_out(session, stored, planned, "list.csv")
    return planned


def people(event: Event) -> list[Attendance]:
    with db.reading() as session:
        return operations.attendees(session, event)


def audited(action: str) -> list[AuditEntry]:
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_the_demonstrations_event_and_list_are_what_its_readme_says(app: Flask) -> None:
    with db.transaction() as session:
        event = files.load_event(session, YAML)
    planned = take(event, ATTENDEES.read_bytes())

    assert planned.refused == []
    found = people(event)
    by_meeting = Counter(meeting.code for one in found for meeting in one.meetings)
    assert (len(found), by_meeting) == (36, {"part-one": 25, "part-two": 25})
    assert sum(len(one.meetings) == 2 for one in found) == 14
    held = Counter(role.role for one in found for role in one.roles)
    asked = Counter(asked_as(listings.held(one)) for one in found)
    assert held == {Role.PARTICIPANT: 24, Role.SPEAKER: 8, Role.PARTNER: 6}
    assert asked == {Role.PARTICIPANT: 22, Role.SPEAKER: 8, Role.PARTNER: 6}
    assert all(one.person.email.endswith(".example") and one.mode is Mode.ONLINE for one in found)
    assert sum(one.person.language == "fr" for one in found) >= 4
    assert {None} < {one.person.sector for one in found}


def test_loading_an_event_twice_changes_nothing(app: Flask) -> None:
    with db.transaction() as session:
        first = files.load_event(session, YAML)
    with db.transaction() as session:
        second = files.load_event(session, YAML)

    assert first.id == second.id
    assert [meeting.id for meeting in first.meetings] == [meeting.id for meeting in second.meetings]
    assert (len(audited("event made")), audited("event changed")) == (1, [])


def test_an_event_is_brought_up_to_date_in_place(app: Flask, tmp_path: Path) -> None:
    with db.transaction() as session:
        event = files.load_event(session, YAML)
    take(event, ATTENDEES.read_bytes())
    text = YAML.read_text().replace("k: 5", "k: 7").replace("in an online world", "online")
    parts = text.split("  - code: part-")
    end = parts[2].index("dac_code")
    swapped = f"{parts[0]}  - code: part-{parts[2][:end]}  - code: part-{parts[1]}{parts[2][end:]}"
    (tmp_path / "changed.yaml").write_text(swapped)
    with db.transaction() as session:
        files.load_event(session, tmp_path / "changed.yaml")

    with db.reading() as session:
        changed = operations.find(session, "WP1873v")
    assert (changed.id, changed.k, changed.title) == (event.id, 7, "The future of international diplomacy online")
    assert [meeting.code for meeting in changed.meetings] == ["part-two", "part-one"]
    assert len(people(changed)) == 36
    assert audited("event changed")[0].detail == {"fields": ["title", "meetings", "k"]}


def test_a_meeting_that_people_attended_cannot_vanish_from_the_file(app: Flask, tmp_path: Path) -> None:
    with db.transaction() as session:
        event = make_event(session, participants=3)
    text = YAML.read_text().replace("code: part-two", "code: part-zwei")
    (tmp_path / "changed.yaml").write_text(text)

    with pytest.raises(EventFileError, match="part-two is no longer described, but 2 people"), db.transaction() as s:
        files.load_event(s, tmp_path / "changed.yaml")
    with db.reading() as session:
        assert [meeting.code for meeting in operations.find(session, event.code).meetings] == ["part-one", "part-two"]


def test_an_unknown_code_names_those_that_exist(event: Event) -> None:
    with db.reading() as session:
        assert operations.find(session, " wp1873V ").id == event.id
        with pytest.raises(EventNotFoundError, match="There are: WP1873v"):
            operations.find(session, "WP1")


@pytest.fixture
def runner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs commands on the test's database."""
    monkeypatch.setattr("mande.startup.ready_app", lambda: app)
    return CliRunner()


def test_commands_set_up_and_list_events(runner: CliRunner) -> None:
    assert "There is no event yet" in runner.invoke(commands.events, ["list"]).output
    loaded = runner.invoke(commands.events, ["load", str(YAML)])
    added = runner.invoke(commands.events, ["add", "T-1", "--title", "Training", "--date", "2019-12-31"])
    again = runner.invoke(commands.events, ["add", "t-1", "--title", "Training"])

    assert (loaded.exit_code, added.exit_code, again.exit_code) == (0, 0, 1)
    assert "already" in again.output
    lines = runner.invoke(commands.events, ["list"]).output.splitlines()
    assert [line.split()[:3] for line in lines] == [["WP1873v", "2021-06-07", "0"], ["T-1", "2019-12-31", "0"]]


def test_a_command_says_what_is_wrong_in_a_sentence(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("code: X\ntitel: Y\n")
    wrong = runner.invoke(commands.events, ["load", str(tmp_path / "bad.yaml")])

    assert wrong.exit_code == 1
    assert "did you mean title?" in wrong.output
    assert "Traceback" not in wrong.output


def test_no_respondent_page_sets_a_cookie_because_of_staff_pages(client: FlaskClient) -> None:
    for path in ("/health", "/r/aaaaaaaaaaaaaaaaaaaaaaaaaa"):
        assert "Set-Cookie" not in client.get(path).headers
