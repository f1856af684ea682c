"""Taking attendee lists into events: what is written, on both databases, and what the command says."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func
from sqlalchemy import select

from mande import db
from mande import workbooks
from mande.config import ROOT
from mande.events import operations
from mande.events.attendees import attendee_commands
from mande.events.attendees import listings
from mande.events.importing import imports
from mande.events.importing import remembering
from mande.events.importing.imports import Outcome
from mande.events.importing.layouts import Wish
from mande.events.kinds import AgeBand
from mande.events.kinds import Mode
from mande.events.kinds import Role
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import ImportLayout
from mande.events.models import OwnSector
from mande.events.models import Person
from mande.events.models import PersonAddress
from mande.events.models import StakeholderGroup
from mande.events.records import sectors
from mande.exports import csv_text
from mande.staff.models import AuditEntry
from tests.builders import attend
from tests.builders import make_event
from tests.builders import make_person

ATTENDEES = ROOT / "demo" / "WP1873v-attendees.csv"
MESSY = ROOT / "tests" / "data" / "attendees" / "messy.csv"
HEADER = "email,name,role,meetings,country,organisation\n"
NOTHING_SAID = Wish()


@pytest.fixture
def event(app: Flask) -> Event:
    with db.transaction() as session:
        return make_event(session)


def take(event: Event, text: str | bytes, good_rows: bool = False, wish: Wish = NOTHING_SAID) -> imports.Plan:
    data = text.encode() if isinstance(text, str) else text
    with db.transaction() as session:
        stored = operations.find(session, event.code)
        planned = imports.plan(session, stored, data, wish)
        if good_rows or not planned.refused:
            imports.carry_out(session, stored, planned, "list.csv")
    return planned


def told(planned: imports.Plan) -> dict[str, int]:
    return {outcome: number for outcome, number in planned.counts.items() if number}


def people(event: Event) -> list[Attendance]:
    with db.reading() as session:
        return operations.attendees(session, event)


def rows_of(event: Event) -> list[list[str]]:
    with db.reading() as session:
        known = sectors.known(session)
    return [listings.attendee_row(one, known) for one in people(event)]


def audited(action: str) -> list[AuditEntry]:
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def addresses() -> dict[str, str]:
    """Further addresses, by the main one."""
    with db.reading() as session:
        found = session.execute(select(PersonAddress.address, Person.email).join(Person))
        return {row.address: row.email for row in found}


def test_a_new_row_makes_a_person_and_an_attendance(event: Event) -> None:
    planned = take(event, HEADER + "Ada B <ada@example.org>,,speaker; participant,both,Kenya,A Ministry\n")

    (made,) = people(event)
    assert told(planned) == {"made": 1}
    assert (made.person.name, made.person.country, made.person.organisation) == ("Ada B", "KE", "A Ministry")
    assert operations.held(made) == [Role.SPEAKER, Role.PARTICIPANT]
    assert [meeting.code for meeting in made.meetings] == ["part-one", "part-two"]
    assert made.mode is Mode.ONLINE


def test_taking_a_list_twice_changes_nothing(event: Event) -> None:
    text = HEADER + "a@example.org,Ada,speaker,1,KE,Org\nb@example.org,Bob,,both,,\na@example.org,Ada,partner,2,,\n"
    take(event, text)
    before = csv_text(listings.ATTENDEE_HEADER, rows_of(event))
    again = take(event, text)

    assert told(again) == {"unchanged": 2, "joined": 1}
    assert csv_text(listings.ATTENDEE_HEADER, rows_of(event)) == before
    assert len(audited("attendees imported")) == 1


def test_what_is_exported_can_be_imported_again_and_changes_nothing(event: Event) -> None:
    with db.transaction() as session:
        stored = operations.find(session, event.code)
        attend(session, stored, make_person(session, name="=Ada+Byron", organisation="@home", country=None))
        attend(session, stored, make_person(session, name="Bob", time_zone="Europe/Oslo"), [Role.PARTNER], [])
    exported = csv_text(listings.ATTENDEE_HEADER, rows_of(event))

    assert "\n=" not in exported
    assert told(take(event, exported)) == {"unchanged": 2}


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
    assert operations.held(changed) == [Role.PARTNER]


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
        "file": "list.csv", "made": 1, "changed": 0, "unchanged": 0, "joined": 0, "left_out": 0, "refused": 1,
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
    assert ([meeting.code for meeting in made.meetings], operations.held(made)) == (["part-one"], [Role.PARTICIPANT])


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

    first = runner.invoke(attendee_commands.attendees, ["import", *run])
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

    second = runner.invoke(attendee_commands.attendees, ["import", *run, "--good-rows"])
    assert (second.exit_code, len(people(event))) == (1, 1)
    assert "Imported: 1 made, 1 refused." in second.output


def test_a_dry_run_writes_nothing(runner: CliRunner, event: Event, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(HEADER + "a@example.org,Ada,,1,,\n")
    result = runner.invoke(attendee_commands.attendees, ["import", event.code, str(path), "--dry-run"])

    assert (result.exit_code, people(event)) == (0, [])
    assert "this was a dry run. 1 made" in result.output


def test_a_messy_list_is_taken_and_taking_it_twice_changes_nothing(event: Event) -> None:
    with db.transaction() as session:
        stored = operations.find(session, event.code)
        stored.groups = [StakeholderGroup(position=1, name="Young diplomats"),
                         StakeholderGroup(position=2, name="Host communities")]  # fmt: skip
        session.add(OwnSector(code="faith", name="Faith communities"))
    wish = Wish(columns={"Delegate": "name"})
    first = take(event, MESSY.read_bytes(), good_rows=True, wish=wish)
    before = rows_of(event)
    second = take(event, MESSY.read_bytes(), good_rows=True, wish=wish)

    assert told(first) == {"made": 21, "joined": 2, "left_out": 5, "refused": 10}
    assert told(second) == {"unchanged": 21, "joined": 2, "left_out": 5, "refused": 10}
    assert rows_of(event) == before
    found = {one.person.email: one for one in people(event)}
    ada, eloise = found["ada.example@mfa.example"], found["eloise@asso.example"]
    assert (ada.person.age_band, ada.group_id is not None, ada.person.discreet) == (AgeBand.FROM_45_TO_59, True, False)
    assert (eloise.person.accessibility, eloise.person.discreet) == ("Rampe d'accès", True)
    assert found["faith@x.example"].person.sector == "faith"
    assert addresses()["eloise.d@perso.example"] == "eloise@asso.example"


def test_somebody_named_by_a_further_address_is_known_and_keeps_the_main_one(event: Event) -> None:
    take(event, HEADER + "a@example.org; ada@home.example,Ada,,1,,Org\n")
    planned = take(event, HEADER + "ADA@home.example,Ada,,both,,New Org\nada@home.example a@new.example,,,,,\n")

    assert told(planned) == {"changed": 1, "joined": 1}
    assert planned.reports[0].known_as == "a@example.org"
    (one,) = people(event)
    assert (one.person.email, one.person.organisation, len(one.meetings)) == ("a@example.org", "New Org", 2)
    assert addresses() == {"ada@home.example": "a@example.org", "a@new.example": "a@example.org"}


def test_two_rows_that_name_one_known_person_by_different_addresses_are_joined(event: Event) -> None:
    take(event, HEADER + "a@example.org; ada@home.example,Ada,,1,,\n")
    planned = take(event, HEADER + "ada@home.example,Ada,,1,,\na@example.org,Ada,,2,,\n")

    assert told(planned) == {"changed": 1, "joined": 1}
    assert [len(one.meetings) for one in people(event)] == [2]


def test_addresses_of_different_people_in_one_row_are_refused(event: Event) -> None:
    take(event, HEADER + "a@example.org,Ada,,1,,\nb@example.org,Bob,,1,,\n")
    planned = take(event, HEADER + "a@example.org; b@example.org,Ada,,1,,\n")

    assert "Ada <a@example.org> and Bob <b@example.org>" in planned.reports[0].reasons[0]


def test_a_list_marks_people_discreet_and_never_takes_that_away(event: Event) -> None:
    take(event, "email,name,meetings,at risk\na@example.org,Ada,1,yes\n")
    planned = take(event, "email,name,meetings,at risk\na@example.org,Ada,1,no\n")

    assert told(planned) == {"unchanged": 1}
    assert people(event)[0].person.discreet


def test_what_is_said_of_the_whole_list_holds_where_rows_are_silent(event: Event) -> None:
    take(event, "email,name\na@example.org,Ada\n", wish=Wish(meetings=("part-one",), role=Role.SPEAKER))
    take(event, "email,name\na@example.org,Ada\nb@example.org,Bob\n", wish=Wish(meetings=("part-two",)))

    ada, bob = people(event)
    assert ([one.code for one in ada.meetings], operations.held(ada)) == (["part-one", "part-two"], [Role.SPEAKER])
    assert ([one.code for one in bob.meetings], operations.held(bob)) == (["part-two"], [Role.PARTICIPANT])


def test_the_command_takes_a_workbook_with_what_is_said_of_its_columns_and_remembers_that(
    runner: CliRunner, event: Event, tmp_path: Path
) -> None:
    list_of = [["Conference"], ["Delegate", "Mail"], ["EXAMPLE, Ada", "a@example.org"], ["Bob", "b@example"]]
    path, refused = tmp_path / "list.xlsx", tmp_path / "refused.xlsx"
    path.write_bytes(workbooks.write({"Invited": list_of, "Came": list_of, "Cover": [["Hello"]]}))
    run = ["import", event.code, str(path), "--good-rows"]

    unclear = runner.invoke(attendee_commands.attendees, run)
    assert "Several sheets hold a list: Invited, Came." in unclear.output
    for option, said in ((["--column", "Name"], "not of the form"), (["--meetings", "part-nine"], "is none of"),
                         (["--sheet", "Nope"], "no sheet"),
                         (["--column", "Shoe=name"], "no column “Shoe”")):  # fmt: skip
        result = runner.invoke(attendee_commands.attendees, [*run, "--sheet", "Came", *option])
        assert (result.exit_code, said in result.output) == (1, True), result.output

    options = ["--sheet", "came", "--column", "Delegate=name", "--meetings", "all", "--role", "speaker"]
    result = runner.invoke(attendee_commands.attendees, [*run, *options, "--refused", str(refused)])
    assert "The names of the columns are taken from row 2." in result.output
    assert "Imported: 1 made, 1 refused." in result.output
    assert [(one.person.name, operations.held(one)) for one in people(event)] == [("Ada Example", [Role.SPEAKER])]
    assert workbooks.read(refused.read_bytes())["refused"][0] == ["what is wrong", "Delegate", "Mail"]
    with db.reading() as session:
        (known,) = session.scalars(select(ImportLayout))
        assert remembering.find(session, [known.digest]) == {known.digest: {"Delegate": "name", "Mail": "email"}}
    again = runner.invoke(attendee_commands.attendees, [*run, "--sheet", "Came", "--dry-run"])
    assert "said of the last list of this kind" in again.output
    assert "unchanged  Ada Example" in again.output


def test_a_command_about_an_unknown_event_says_so_in_a_sentence(runner: CliRunner) -> None:
    unknown = runner.invoke(attendee_commands.attendees, ["import", "NOPE", str(ATTENDEES)])

    assert unknown.exit_code == 1
    assert "There is no event 'NOPE'" in unknown.output
    assert "Traceback" not in unknown.output
