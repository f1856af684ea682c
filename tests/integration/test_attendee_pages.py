"""The pages about who was at an event, one attendee at a time, and what leaves the house of them."""

import re
from datetime import UTC
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import clock
from mande import db
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Mode
from mande.events.models import OwnSector
from mande.events.models import Person
from mande.events.models import PersonAddress
from mande.events.models import Role
from mande.events.models import StakeholderGroup
from mande.followup import operations as followup
from mande.followup.models import Visibility
from mande.followup.operations import Intention
from mande.reports.document import build
from mande.reports.kinds import EditionKind
from mande.staff.models import AuditEntry
from mande.surveys import operations as surveys
from mande.surveys.answering import responding
from mande.surveys.models import Invitation
from tests.builders import attend
from tests.builders import csrf
from tests.builders import link_of
from tests.builders import make_event
from tests.builders import make_person
from tests.builders import make_staff
from tests.builders import sign_in
from tests.builders import token_of

RATED = "facilitation"
LIST = "/staff/events/WP1873v/attendees"


@pytest.fixture(autouse=True)
def after_the_event() -> Any:
    clock.move_to(datetime(2021, 6, 10, 9, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def manager(client: FlaskClient) -> FlaskClient:
    """A client whose user is a manager."""
    with db.transaction() as session:
        sign_in(client, make_staff(session))
    return client


@pytest.fixture
def event(app: Flask) -> Event:
    """An event with a stakeholder group."""
    with db.transaction() as session:
        event = make_event(session)
        event.groups.append(StakeholderGroup(position=1, name="Donors & banks", sought=3))
        return event


def post(client: FlaskClient, path: str, /, **fields: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client), **fields}, follow_redirects=True)


def only() -> Attendance:
    with db.reading() as session:
        found = session.scalars(select(Attendance)).one()
        assert (found.person, found.roles, found.meetings, found.group) is not None
        return found


def test_one_person_is_added_by_a_form_and_changed_afterwards(manager: FlaskClient, event: Event) -> None:
    (group,) = event.groups
    said = {"email": "Ada@Example.org", "name": "Ada Example", "roles": ["speaker", "participant"], "country": "KE",
            "meetings": ["part-one"], "mode": "online", "group": group.id.hex, "discreet": "y"}  # fmt: skip

    assert "Donors &amp; banks" in manager.get(f"{LIST}/new").text
    assert "Ada Example is on the list." in post(manager, f"{LIST}/new", **said).text
    made = only()
    assert (made.person.email, made.person.country, made.person.discreet) == ("ada@example.org", "KE", True)
    assert ({held.role for held in made.roles}, made.mode) == ({Role.SPEAKER, Role.PARTICIPANT}, Mode.ONLINE)
    assert made.group is not None
    for wrong, told in (
        ({}, "on the list already"),
        ({"email": "x"}, "Enter one e-mail address"),
        ({"name": ""}, "Enter the person"),
        ({"email": "b@example.org", "roles": []}, "Choose at least one role"),
    ):
        refused = post(manager, f"{LIST}/new", **{**said, **wrong})
        assert (refused.status_code, told in refused.text) == (422, True), wrong
    page = manager.get(f"{LIST}/{made.id}").text
    assert re.search(r'name="roles" value="speaker" checked', page)
    changed = {"roles": ["partner"], "meetings": ["part-one", "part-two"], "mode": "", "group": ""}
    assert post(manager, f"{LIST}/{made.id}", **changed).status_code == 200
    after = only()
    assert ([held.role for held in after.roles], after.mode, after.group) == ([Role.PARTNER], None, None)
    assert len(after.meetings) == 2
    assert post(manager, f"{LIST}/{made.id}", **{**changed, "roles": []}).status_code == 422
    with db.reading() as session:
        told = session.scalars(select(AuditEntry.detail).where(AuditEntry.subject == "WP1873v")).all()
        assert "ada" not in str(told).lower()


def test_somebody_known_is_found_by_any_address_and_only_filled_in(manager: FlaskClient, event: Event) -> None:
    with db.transaction() as session:
        ada = make_person(session, name="Ada Known", country="GB", position=None)
        ada.addresses = [PersonAddress(address="ada@home.example")]
    said = {"email": "ada@home.example", "name": "Other", "country": "KE", "position": "Envoy", "roles": "speaker"}
    post(manager, f"{LIST}/new", **said)

    person = only().person
    assert (person.id, person.name, person.country, person.position) == (ada.id, "Ada Known", "GB", "Envoy")


def test_the_list_shows_groups_needs_and_discreet_people_whom_the_file_leaves_out(
    manager: FlaskClient, event: Event
) -> None:
    with db.transaction() as session:
        session.add(OwnSector(code="faith", name="Faith & belief"))
        kept = session.get_one(Event, event.id)
        ada = attend(session, kept, make_person(session, name="Ada", accessibility="A ramp", sector="faith"))
        ada.group = kept.groups[0]
        attend(session, kept, make_person(session, name="Bob", discreet=True))
        group = kept.groups[0].id.hex

    def names(query: str) -> list[str]:
        return re.findall(r'data-label="Name"><a [^>]+>(\w+)<', manager.get(f"{LIST}?{query}").text)

    page = manager.get(LIST).text
    for said in (
        "1 with accessibility needs",
        "1 discreet person is left out",
        "Faith &amp; belief",
        "Donors &amp; banks",
    ):
        assert said in page, said
    assert names(f"group={group}") == names("sector=faith") == names("discreet=no") == ["Ada"]
    assert names("group=none") == names("discreet=yes") == ["Bob"]
    sent = manager.get(f"{LIST}?format=csv").get_data(as_text=True)
    assert "Faith & belief" in sent
    assert "Donors & banks" in sent
    assert ("ramp" in sent, "Bob" in sent) == (False, False)
    with db.transaction() as session:
        session.get_one(Event, event.id).discreet = True
    assert "cannot be downloaded" in manager.get(LIST).text
    assert manager.get(f"{LIST}?format=csv").status_code == 403


def test_discreet_owners_are_in_no_file_of_actions_and_named_in_no_report(
    app: Flask, manager: FlaskClient, event: Event
) -> None:
    with db.transaction() as session:
        kept = session.get_one(Event, event.id)
        for name, discreet in (("Openly Named", False), ("Hidden Person", True)):
            owner = attend(session, kept, make_person(session, name=name, discreet=discreet))
            openly = Intention(f"Action of {name[0]}", visibility=Visibility.PARTNERS_BY_NAME, consent=True)
            followup.add_action(session, link_of(session, owner), openly)
        surveys.open_surveys(session, kept)
        surveys.close_surveys(session, kept)
        internal, partner = (
            build(session, kept, kind)["actions"]["examples"] for kind in (EditionKind.INTERNAL, EditionKind.PARTNER)
        )
        assert {one["what"]: one["owner"] for one in internal} == {"Action of O": "Openly Named", "Action of H": None}
        # One alone who is not named is not hidden well: see `reports.actions.progress`.
        assert [one["owner"] for one in partner] == ["Openly Named"]
    page = manager.get("/staff/events/WP1873v/actions").text
    assert "1 action of a discreet person is left out" in page
    sent = post(manager, "/staff/events/WP1873v/actions/export").get_data(as_text=True)
    assert ("Openly Named" in sent, "Hidden" in sent) == (True, False)
    with db.transaction() as session:
        session.get_one(Event, event.id).discreet = True
    assert "cannot be downloaded" in manager.get("/staff/events/WP1873v/actions").text
    assert post(manager, "/staff/events/WP1873v/actions/export").status_code == 403


def test_a_persons_page_lists_their_actions_with_how_far_they_have_come(manager: FlaskClient, event: Event) -> None:
    with db.transaction() as session:
        owner = attend(session, session.get_one(Event, event.id))
        followup.add_action(session, link_of(session, owner), Intention("Write to <ministers>"))
        gone = followup.add_action(session, link_of(session, owner), Intention("Taken back"))
        followup.withdraw_action(session, gone, gone.owners[0].link)
    page = manager.get(f"/staff/people/{owner.person_id}").text

    assert "Write to &lt;ministers&gt;" in page
    assert "badge not_started" in page
    assert page.count("/actions/") == 1


def test_taking_somebody_off_the_list_is_confirmed_or_mail_to_them_is_stopped_instead(
    manager: FlaskClient, event: Event
) -> None:
    with db.transaction() as session:
        kept = session.get_one(Event, event.id)
        asked = attend(session, kept, make_person(session, name="Ada"))
        surveys.open_surveys(session, kept)
        late = attend(session, kept, make_person(session, name="Bob"))
    assert "Ada stays on the list for now" in manager.get(f"{LIST}/{asked.id}/remove").text
    assert "stays on the list until it closes" in post(manager, f"{LIST}/{asked.id}/remove").text
    assert "Nothing more is sent to Ada" in post(manager, f"{LIST}/{asked.id}/stop-mail").text
    assert "Take Bob off the list?" in manager.get(f"{LIST}/{late.id}/remove").text
    assert "Bob is no longer on the list." in post(manager, f"{LIST}/{late.id}/remove").text
    assert only().id == asked.id
    with db.reading() as session:
        assert session.scalars(select(Invitation.stopped)).one()
        assert session.get(Person, late.person_id) is not None
    assert manager.get(f"{LIST}/{late.id}/remove").status_code == 404


def test_an_own_sector_is_called_as_it_was_typed_where_respondents_and_readers_of_reports_see_it(
    app: Flask, manager: FlaskClient, client: FlaskClient, event: Event
) -> None:
    with db.transaction() as session:
        session.add(OwnSector(code="faith", name="Faith & belief"))
        kept = session.get_one(Event, event.id)
        for number in range(12):
            attend(session, kept, make_person(session, sector="faith" if number < 6 else "media"))
        surveys.open_surveys(session, kept)
        invitations = session.scalars(select(Invitation).join(Attendance).join(Person).order_by(Person.sector)).all()
        tokens = [token_of(one) for one in invitations]
        role = invitations[0].survey.role.value
    assert "Faith &amp; belief" in client.get(f"/r/{tokens[0]}?lang=fr").text
    assert "Faith &amp; belief" in manager.get(f"/staff/events/WP1873v/surveys/{role}/event/sheet").text
    with db.transaction() as session:
        for token in tokens:
            visit = responding.visit(session, token)
            assert visit is not None
            responding.save(session, visit, {RATED: "5"}, ())
            responding.submit(session, visit)
        kept = session.get_one(Event, event.id)
        surveys.close_surveys(session, kept)
        report = build(session, kept, EditionKind.INTERNAL)
    labels = [
        group["label"] for question in report["questions"] for breakdown in question["breakdowns"]
        if breakdown["by"] == "sector" for group in breakdown["groups"]
    ]  # fmt: skip
    assert set(labels) == {"Media", "Faith & belief"}
