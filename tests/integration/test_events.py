"""Events from files and commands, and the import of attendees, on both databases."""

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func
from sqlalchemy import select

from mande import db
from mande.config import ROOT
from mande.events import commands
from mande.events import files
from mande.events import imports
from mande.events import listings
from mande.events import operations
from mande.events.described import EventFileError
from mande.events.imports import Outcome
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Person
from mande.events.operations import EventNotFoundError
from mande.events.roles import asked_as
from mande.exports import csv_text
from mande.staff.models import AuditEntry
from tests.builders import attend
from tests.builders import make_event
from tests.builders import make_person

YAML = ROOT / "demo" / "WP1873v.yaml"
ATTENDEES = ROOT / "demo" / "WP1873v-attendees.csv"
HEADER = "email,name,role,meetings,country,organisation\n"


@pytest.fixture
def event(app: Flask) -> Event:
    with db.transaction() as session:
        return make_event(session)


def take(event: Event, text: str | bytes, good_rows: bool = False) -> imports.Plan:
    data = text.encode() if isinstance(text, str) else text
    with db.transaction() as session:
        stored = operations.find(session, event.code)
        planned = imports.plan(session, stored, data)
        if good_rows or not planned.refused:
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

    with pytest.raises(EventFileError, match="part-two is no longer in the file, but 2 people"), db.transaction() as s:
        files.load_event(s, tmp_path / "changed.yaml")
    with db.reading() as session:
        assert [meeting.code for meeting in operations.find(session, event.code).meetings] == ["part-one", "part-two"]


def test_an_unknown_code_names_those_that_exist(event: Event) -> None:
    with db.reading() as session:
        assert operations.find(session, " wp1873V ").id == event.id
        with pytest.raises(EventNotFoundError, match="There are: WP1873v"):
            operations.find(session, "WP1")


def test_a_new_row_makes_a_person_and_an_attendance(event: Event) -> None:
    planned = take(event, HEADER + "Ada B <ada@example.org>,,speaker; participant,both,Kenya,A Ministry\n")

    (made,) = people(event)
    assert planned.counts == {"made": 1, "changed": 0, "unchanged": 0, "joined": 0, "refused": 0}
    assert (made.person.name, made.person.country, made.person.organisation) == ("Ada B", "KE", "A Ministry")
    assert listings.held(made) == [Role.SPEAKER, Role.PARTICIPANT]
    assert [meeting.code for meeting in made.meetings] == ["part-one", "part-two"]
    assert made.mode is Mode.ONLINE


def test_taking_a_list_twice_changes_nothing(event: Event) -> None:
    text = HEADER + "a@example.org,Ada,speaker,1,KE,Org\nb@example.org,Bob,,both,,\na@example.org,Ada,partner,2,,\n"
    take(event, text)
    before = csv_text(listings.ATTENDEE_HEADER, [listings.attendee_row(one) for one in people(event)])
    again = take(event, text)

    assert again.counts == {"made": 0, "changed": 0, "unchanged": 2, "joined": 1, "refused": 0}
    assert csv_text(listings.ATTENDEE_HEADER, [listings.attendee_row(one) for one in people(event)]) == before
    assert len(audited("attendees imported")) == 1


def test_what_is_exported_can_be_imported_again_and_changes_nothing(event: Event) -> None:
    with db.transaction() as session:
        stored = operations.find(session, event.code)
        attend(session, stored, make_person(session, name="=Ada+Byron", organisation="@home", country=None))
        attend(session, stored, make_person(session, name="Bob", time_zone="Europe/Oslo"), [Role.PARTNER], [])
    exported = csv_text(listings.ATTENDEE_HEADER, [listings.attendee_row(one) for one in people(event)])

    assert "\n=" not in exported
    assert take(event, exported).counts == {"made": 0, "changed": 0, "unchanged": 2, "joined": 0, "refused": 0}


def test_changes_are_told_field_by_field_and_empty_cells_erase_nothing(event: Event) -> None:
    take(event, HEADER + "a@example.org,Ada,speaker,part-one,KE,Org\n")
    planned = take(event, HEADER + "A@example.org,,partner,all,,New Org\n")

    assert [(one.field, one.before, one.after) for one in planned.reports[0].changes] == [
        ("organisation", "Org", "New Org"),
        ("roles", "speaker", "partner"),
        ("meetings", "part-one", "part-one, part-two"),
    ]
    (changed,) = people(event)
    assert (changed.person.name, changed.person.country) == ("Ada", "KE")
    assert listings.held(changed) == [Role.PARTNER]


def test_nothing_is_imported_where_a_row_is_refused(event: Event) -> None:
    planned = take(event, HEADER + "a@example.org,Ada,,1,,\nnobody,Bob,,1,,\n")

    assert [report.outcome for report in planned.reports] == [Outcome.MADE, Outcome.REFUSED]
    assert people(event) == []
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_the_good_rows_are_imported_if_asked_for(event: Event) -> None:
    take(event, HEADER + "a@example.org,Ada,,1,,\nnobody,Bob,,1,,\n", good_rows=True)

    assert [one.person.name for one in people(event)] == ["Ada"]
    assert audited("attendees imported")[0].detail == {
        "file": "list.csv", "made": 1, "changed": 0, "unchanged": 0, "joined": 0, "refused": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "reason"),
    [("a@example.org,,,1,,", "there is no name"), ("a@example.org,Ada,,,,", "which meetings"),
     (",Ada,,1,,", "no e-mail address")],
)  # fmt: skip
def test_a_new_person_needs_address_name_and_meetings(event: Event, row: str, reason: str) -> None:
    assert reason in take(event, HEADER + row + "\n").reports[0].reasons[0]


def test_somebody_known_from_another_event_needs_no_name(event: Event) -> None:
    with db.transaction() as session:
        other = make_event(session, code="OTHER")
        person = attend(session, other, make_person(session, name="Ada", email="ada@example.org")).person
    planned = take(event, HEADER + "ada@example.org,,,all,,\n")

    assert planned.reports[0].outcome is Outcome.MADE
    assert "known from another event" in planned.reports[0].notices
    assert people(event)[0].person.id == person.id


def test_one_name_with_two_addresses_is_pointed_out(event: Event) -> None:
    take(event, HEADER + "a@example.org,Ada Byron,,1,,\n")
    planned = take(event, HEADER + "ada@example.org,ADA  BYRON,,1,,\n")

    assert "as a@example.org" in planned.reports[0].notices[0]


def test_an_event_of_one_meeting_needs_no_word_about_meetings(app: Flask) -> None:
    with db.transaction() as session:
        event = make_event(session, code="ONE")
        del event.meetings[1]
    take(event, "email,name\na@example.org,Ada\n")

    (made,) = people(event)
    assert ([meeting.code for meeting in made.meetings], listings.held(made)) == (["part-one"], [Role.PARTICIPANT])


def test_a_list_of_thousands_takes_a_handful_of_statements(event: Event) -> None:
    text = HEADER + "".join(f"p{number}@example.org,Person {number},,both,KE,Org\n" for number in range(1000))
    take(event, text)
    statements: list[str] = []
    engine = db.database().engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    planned = take(event, text)

    assert planned.counts["unchanged"] == 1000
    assert len(statements) < 30


@pytest.fixture
def runner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs commands on the test's database."""
    monkeypatch.setattr("mande.startup.ready_app", lambda: app)
    return CliRunner()


def test_the_import_command_tells_row_by_row_and_exits_with_1_where_a_row_is_refused(
    runner: CliRunner, event: Event, tmp_path: Path
) -> None:
    path, refused = tmp_path / "list.csv", tmp_path / "refused.csv"
    path.write_bytes(("Shoe size," + HEADER + '44,a@example.org,Zoë,,1,,\n,=cmd,Bob,,1,,"x, y"\n').encode("cp1252"))
    run = [event.code, str(path), "--refused", str(refused)]

    first = runner.invoke(commands.attendees, ["import", *run])
    assert first.exit_code == 1
    assert "made       Zoë <a@example.org>" in first.output
    assert "row    3  refused" in first.output
    assert "“=cmd” is not an e-mail address" in first.output
    assert "Ignored columns: Shoe size" in first.output
    assert "Windows-1252" in first.output
    assert "Nothing was imported" in first.output
    assert people(event) == []
    assert refused.read_text("utf-8-sig").splitlines() == [
        "what is wrong,Shoe size,email,name,role,meetings,country,organisation",
        '“=cmd” is not an e-mail address,,\'=cmd,Bob,,1,,"x, y"',
    ]

    second = runner.invoke(commands.attendees, ["import", *run, "--good-rows"])
    assert (second.exit_code, len(people(event))) == (1, 1)
    assert "Imported: 1 made, 1 refused." in second.output


def test_a_dry_run_writes_nothing(runner: CliRunner, event: Event) -> None:
    result = runner.invoke(commands.attendees, ["import", event.code, str(ATTENDEES), "--dry-run"])

    assert (result.exit_code, people(event)) == (0, [])
    assert "36 made" in result.output


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
    unknown = runner.invoke(commands.attendees, ["import", "NOPE", str(ATTENDEES)])

    assert wrong.exit_code == unknown.exit_code == 1
    assert "did you mean title?" in wrong.output
    assert "There is no event 'NOPE'" in unknown.output
    assert "Traceback" not in wrong.output + unknown.output


def test_no_respondent_page_sets_a_cookie_because_of_staff_pages(client: FlaskClient) -> None:
    for path in ("/health", "/r/aaaaaaaaaaaaaaaaaaaaaaaaaa"):
        assert "Set-Cookie" not in client.get(path).headers
