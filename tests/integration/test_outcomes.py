"""Outcomes: written down, linked with actions of several events, listed, exported, and taken out again."""

import io
from datetime import UTC
from datetime import datetime

import html5lib
import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import clock
from mande import db
from mande.followup import history
from mande.followup import operations
from mande.followup.desk.models import Outcome
from mande.followup.models import PlannedAction
from mande.followup.operations import Intention
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from tests import builders

NEW = "/staff/events/WP1873v/outcomes/new"


@pytest.fixture(autouse=True)
def a_year_later() -> object:
    clock.move_to(datetime(2022, 6, 9, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


@pytest.fixture
def actions(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Actions at two events, by their words; a manager is signed in."""
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session))
        for code, what in (("WP1873v", "Train colleagues"), ("WP1873v", "Write a guide"), ("WP9", "Fund Élan")):
            known = session.scalars(
                select(PlannedAction.event_id).where(PlannedAction.what == "Train colleagues")
            ).all()
            event = builders.make_event(session, code=code) if code == "WP9" or not known else None
            owner = builders.attend(session, event) if event else session.scalars(select(builders.Attendance)).first()
            operations.add_action(session, builders.link_of(session, owner), Intention(what, consent=True))
    with db.reading() as session:
        return {one.what: str(one.id) for one in session.scalars(select(PlannedAction))}


def good(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    html5lib.HTMLParser(strict=True).parse(response.text)
    return response.text


def test_an_outcome_is_written_down_with_actions_of_two_events_and_told_wherever_it_belongs(
    actions: dict[str, str], client: FlaskClient
) -> None:
    assert "An outcome is a change" in good(client, "/staff/outcomes")
    trained, guide, elan = (actions[one] for one in ("Train colleagues", "Write a guide", "Fund Élan"))
    here = f"/staff/events/WP1873v/actions/{trained}"
    assert f"{NEW}?action={trained}" in good(client, here)
    page = good(client, f"{NEW}?action={trained}")
    assert (f'value="{trained}" checked' in page, f'value="{guide}" checked' in page) == (True, False)

    typed = {
        "csrf_token": builders.csrf(client),
        "what_changed": "The academy teaches <online> mediation",
        "who_changed": "The diplomatic academy",
        "changed_on": "2022-03-01",
        "contribution": "much",
        "could_confirm": "Its director, Zora Secret",
        "confirmed_on": "2022-05-01",
        "under": "",
        "action": [trained],
    }
    found = client.post(NEW, data={**typed, "text": "elan", "find": "y"}).text
    assert "The academy teaches &lt;online&gt; mediation" in found
    assert (f'value="{trained}" checked' in found, f'value="{elan}"' in found) == (True, True)
    wrong = client.post(NEW, data={**typed, "what_changed": "", "changed_on": "2022-07-01"})
    assert wrong.status_code == 422
    assert all(words in wrong.text for words in ("Say what changed", "yet to come", "Zora Secret", "2022-07-01"))
    with db.reading() as session:
        assert session.scalars(select(Outcome)).all() == []

    done = client.post(NEW, data={**typed, "action": [trained, elan]}, follow_redirects=True)
    assert "The outcome is written down" in done.text
    with db.reading() as session:
        (outcome,) = session.scalars(select(Outcome))
        own = f"/staff/outcomes/{outcome.id}"
        told = [one.what for one in history.of(session, outcome.actions[0].id)]
        assert told == ["written down", "outcome noted"]
    shown = good(client, own)
    assert all(words in shown for words in ("Fund Élan", "Train colleagues", "Zora Secret", "confirmed"))
    assert "academy teaches" in good(client, here)
    for asked, there in (("event=WP9", True), ("event=WP0", False), ("contribution=much&confirmed=yes", True),
                         ("confirmed=no", False), ("text=ACADEMY", True), ("year=2021", True), ("year=1999", False),
                         ("partners=yes", False), ("sort=what", True), ("sort=nonsense", True)):  # fmt: skip
        assert ("academy teaches" in good(client, f"/staff/outcomes?{asked}")) == there, asked

    export = {"csrf_token": typed["csrf_token"], "confirmed": "yes"}
    file = client.post("/staff/outcomes/export", data=export).text
    assert ("academy teaches" in file, "Zora Secret" in file) == (True, False)
    book = client.post("/staff/outcomes/export", data={**export, "format": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(book.data)).active.iter_rows(values_only=True))
    assert (rows[0][0], rows[1][0], len(rows)) == ("event", "WP1873v", 2)

    client.post(f"{own}/edit", data={**typed, "what_changed": "It teaches mediation", "action": [elan]})
    with db.transaction() as session:
        mine = session.scalars(select(PlannedAction).where(PlannedAction.what == "Fund Élan")).one()
        (outcome,) = session.scalars(select(Outcome))
        assert (outcome.what_changed, [one.what for one in outcome.actions]) == ("It teaches mediation", ["Fund Élan"])
        # What its owner withdraws leaves the outcome, whose account is the team's.
        operations.withdraw_action(session, mine, mine.owners[0].link)
    assert "None is named" in good(client, own)
    assert client.get(f"{own}/delete").status_code == 200
    client.post(f"{own}/delete", data={"csrf_token": typed["csrf_token"]})
    with db.reading() as session:
        assert session.scalars(select(Outcome)).all() == []
        audited = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("outcome%"))).all()
    assert sorted(audited) == sorted(
        ["outcome written down", "outcomes exported", "outcomes exported", "outcome changed", "outcome deleted"]
    )


def test_outcomes_of_discreet_events_leave_the_house_in_no_file_and_viewers_write_none(
    app: Flask, client: FlaskClient
) -> None:
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.VIEWER))
        event = builders.make_event(session, discreet=True)
        session.add(Outcome(event_id=event.id, what_changed="A quiet change", who_changed="Them", significance="",
                            how_contributed="", could_confirm="", for_partners=False, written_at=clock.now(),
                            written_by="robin@example.org"))  # fmt: skip
    assert "A quiet change" in client.get("/staff/outcomes").text
    assert (
        "A quiet change" not in client.post("/staff/outcomes/export", data={"csrf_token": builders.csrf(client)}).text
    )
    assert client.get(NEW).status_code == 403
