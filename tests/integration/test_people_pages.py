"""The pages about people: the directory, a person's page, addresses, own sectors."""

import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from mande import db
from mande.events.models import AgeBand
from mande.events.models import OwnSector
from mande.events.models import Person
from mande.events.models import PersonAddress
from mande.events.records.people import find_by_address
from mande.mail.models import Message
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from tests.builders import attend
from tests.builders import csrf
from tests.builders import make_event
from tests.builders import make_person
from tests.builders import make_staff
from tests.builders import open_survey
from tests.builders import sign_in


@pytest.fixture
def manager(client: FlaskClient) -> FlaskClient:
    """A client whose user is a manager."""
    with db.transaction() as session:
        sign_in(client, make_staff(session))
    return client


def post(client: FlaskClient, path: str, /, **fields: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client), **fields}, follow_redirects=True)


def names(page: str) -> list[str]:
    return re.findall(r'class="who"[^>]*><a href="[^"]+">([^<]+)</a>', page)


def stored(person: Person) -> Person:
    with db.reading() as session:
        found = session.get_one(Person, person.id)
        assert found.addresses is not None
        return found


def test_before_anybody_is_known_the_directory_says_where_people_come_from(manager: FlaskClient) -> None:
    page = manager.get("/staff/people").text

    assert "Nobody is known yet" in page
    assert 'href="/staff/people" aria-current="true"' in page


def test_the_directory_filters_sorts_and_pages(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        zoe = make_person(
            session, name="Zoë Álvarez", country="ES", language="es", sector="media", organisation="Alpha"
        )
        zoe.addresses = [PersonAddress(address="other@elsewhere.example")]
        for code in ("A1", "A2"):
            attend(session, make_event(session, code=code), zoe)
        make_person(
            session, name="Émile Both", country="FR", language="fr", sector=None, discreet=True, organisation="B"
        )
        make_person(session, name="Ada Example", country=None, language=None, sector="state", organisation="Gamma")

    def found(query: str) -> list[str]:
        return names(manager.get(f"/staff/people?{query}").text)

    assert found("") == ["Ada Example", "Émile Both", "Zoë Álvarez"]
    assert found("sort=-name") == ["Zoë Álvarez", "Émile Both", "Ada Example"]
    assert found("sort=-events")[0] == "Zoë Álvarez"
    assert found("sort=organisation")[0] == "Zoë Álvarez"
    for query in (
        "text=alvarez+ZOE",
        "text=other@elsewhere",
        "sector=media",
        "country=ES",
        "language=es",
        "events=2-4",
    ):
        assert found(query) == ["Zoë Álvarez"], query
    assert found("discreet=yes") == found("sector=unknown") == ["Émile Both"]
    assert found("country=unknown") == found("language=unknown") == found("text=gamma") == ["Ada Example"]
    assert found("events=0") == ["Ada Example", "Émile Both"]
    assert "Nobody is like that." in manager.get("/staff/people?text=nobody").text
    with db.transaction() as session:
        for turn in range(48):
            make_person(session, name=f"Person {turn:02}")
    assert len(found("")) == 50
    assert found("page=2") == found("page=99") == ["Zoë Álvarez"]


def test_the_directory_is_exported_without_discreet_people_and_says_so(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        session.add(OwnSector(code="faith", name="Faith groups"))
        make_person(session, name="=Formula()", email="open@example.org", sector="faith")
        make_person(session, name="Hidden Person", email="hidden@example.org", discreet=True)

    assert "1 discreet person is left out" in manager.get("/staff/people").text
    sent = post(manager, "/staff/people/export").get_data(as_text=True)
    assert "'=Formula(),open@example.org" in sent
    assert "Faith groups" in sent
    assert "idden" not in sent
    with db.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "people exported")).one()
        assert entry.detail == {"people": 1, "filtered": False}


def test_a_persons_page_shows_all_that_is_known_and_never_whether_they_answered(
    app: Flask, manager: FlaskClient
) -> None:
    with db.transaction() as session:
        event = make_event(session)
        ada = make_person(session, name="<b>Ada</b>", discreet=True, accessibility="A ramp\nand a loop",
                          age_band=AgeBand.FROM_60, sector="civil_society")  # fmt: skip
        attend(session, event, ada)
        open_survey(session, event)
    page = manager.get(f"/staff/people/{ada.id}").text

    for said in ("&lt;b&gt;Ada&lt;/b&gt;", "A ramp\nand a loop", "60 and over", "Civil society", "Must not be exposed",
                 "WP1873v", "Part One, Part Two", f"person {ada.id.hex[:8]}"):  # fmt: skip
        assert said in page
    assert "nswered" not in page
    assert manager.get(f"/staff/people/{uuid4()}").status_code == 404


def test_a_persons_fields_are_changed_and_wrong_ones_named(app: Flask, manager: FlaskClient) -> None:
    with db.transaction() as session:
        ada = make_person(session, name="Ada", email="ada@example.org")
        make_person(session, name="Bob Other", email="bob@example.org")
    address = f"/staff/people/{ada.id}/edit"
    said = {"organisation": "", "name": " Ada  Example ", "email": "ada@example.org", "country": "KE",
            "sector": "academia", "gender": "Non-binary", "age_band": "30_to_44", "language": "français",
            "time_zone": "europe/oslo", "accessibility": "Step-free\r\naccess", "discreet": "y"}  # fmt: skip

    assert 'value="GB" selected' in manager.get(address).text
    assert post(manager, address, **said).status_code == 200
    kept = stored(ada)
    assert (kept.name, kept.country, kept.sector, kept.gender) == ("Ada Example", "KE", "academia", "Non-binary")
    assert (kept.age_band, kept.language, kept.time_zone) == (AgeBand.FROM_30_TO_44, "fr", "Europe/Oslo")
    assert (kept.accessibility, kept.discreet, kept.organisation) == ("Step-free\naccess", True, None)
    for wrong, told in (
        ({"name": " \x00 "}, "Enter"),
        ({"language": "Klingonish"}, "No such language"),
        ({"time_zone": "Mars/Base"}, "No such time zone"),
        ({"country": "ZZ"}, "Not a valid choice"),
        ({"email": "nobody"}, "Enter one e-mail address"),
        ({"email": "BOB@example.org"}, "is an address of Bob Other"),
        ({"gender": "x" * 61}, "Use at most 60 characters"),
    ):
        refused = post(manager, address, **{**said, **wrong})
        assert refused.status_code == 422, wrong
        assert told in refused.text, wrong
    assert stored(ada).email == "ada@example.org"
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "person changed"))
        assert "ada" not in str(entry.detail).lower()
        assert "language" in entry.detail["fields"]


def test_further_addresses_are_added_made_main_and_removed_and_belong_to_one_person(
    app: Flask, manager: FlaskClient
) -> None:
    with db.transaction() as session:
        event = make_event(session)
        ada = make_person(session, name="Ada", email="old@example.org")
        attend(session, event, ada)
        open_survey(session, event)
        bob = make_person(session, name="Bob", organisation="Beta", email="bob@example.org")
        bob.addresses = [PersonAddress(address="robert@example.org")]
    at = f"/staff/people/{ada.id}/addresses"

    assert post(manager, at, address="Ada <NEW@Example.org>").status_code == 200
    for taken in ("bob@example.org", "robert@example.org"):
        refused = post(manager, at, address=taken)
        assert (refused.status_code, "is an address of Bob (Beta)" in refused.text) == (422, True)
    assert post(manager, at, address="a@example.org, b@example.org").status_code == 422
    assert post(manager, f"{at}/main", address="elsewhere@example.org").status_code == 422
    assert post(manager, f"{at}/main", address="new@example.org").status_code == 200
    kept = stored(ada)
    assert (kept.email, [one.address for one in kept.addresses]) == ("new@example.org", ["old@example.org"])
    with db.reading() as session:
        assert session.scalars(select(Message.to_address)).one() == "new@example.org"
        found = find_by_address(session, ["OLD@example.org", "new@example.org", "robert@example.org", "no@example.org"])
        assert {address: one.name for address, one in found.items()} == {
            "old@example.org": "Ada", "new@example.org": "Ada", "robert@example.org": "Bob",
        }  # fmt: skip
    assert post(manager, f"{at}/remove", address="new@example.org").status_code == 422
    assert post(manager, f"{at}/remove", address="old@example.org").status_code == 200
    assert stored(ada).addresses == []


def test_an_administrator_keeps_the_installations_own_sectors(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        sign_in(client, make_staff(session, role=StaffRole.ADMINISTRATOR))
    at = "/staff/people/sectors"
    assert "None yet" in client.get(at).text
    assert post(client, at, name=" Faith   groups ").status_code == 200
    with db.transaction() as session:
        ada = make_person(session, name="Ada", sector="faith-groups")
    for name in ("", "FAITH groups", "Civil society", "media", "x" * 101):
        assert post(client, at, name=name).status_code == 422, name
    assert post(client, f"{at}/faith-groups", name="Faith & belief").status_code == 200
    for address in ("/staff/people", f"/staff/people/{ada.id}", f"/staff/people/{ada.id}/edit"):
        assert "Faith &amp; belief" in client.get(address).text, address
    assert "its 1 person" in client.get(f"{at}/faith-groups/remove").text
    post(client, f"{at}/faith-groups/remove", instead="civil_society")
    assert stored(ada).sector == "civil_society"
    assert client.get(f"{at}/faith-groups/remove").status_code == 404


def test_viewers_look_and_change_nothing(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        sign_in(client, make_staff(session, role=StaffRole.VIEWER))
        ada, bob = make_person(session, name="Ada"), make_person(session, name="Bob")
    page = client.get(f"/staff/people/{ada.id}").text

    assert "Make main" not in page
    assert "/edit" not in page
    assert "Download" not in client.get("/staff/people").text
    for address in (f"/staff/people/{ada.id}/edit", "/staff/people/duplicates", "/staff/people/sectors",
                    f"/staff/people/{ada.id}/merge/{bob.id}"):  # fmt: skip
        assert client.get(address).status_code == 403, address
    merge = f"/staff/people/{ada.id}/merge/{bob.id}"
    for address in ("/staff/people/export", f"/staff/people/{ada.id}/addresses", merge):
        assert post(client, address).status_code == 403, address
