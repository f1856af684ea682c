"""Published editions: kept for good, told of when their owners take something back."""

import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import validate
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from mande import clock
from mande import db
from mande.config import ROOT
from mande.events.models import Event
from mande.followup import operations as followup
from mande.followup.models import PlannedAction
from mande.followup.models import Visibility
from mande.followup.operations import Intention
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.reports import operations
from mande.reports.editions import edition_commands
from mande.reports.editions import programs
from mande.reports.editions import publishing
from mande.reports.kinds import EditionKind
from mande.reports.models import Edition
from mande.reports.models import EditionAction
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from tests import builders
from tests.integration import published
from tests.integration.published import publish

PAGE = "/staff/events/WP1873v/editions"


@pytest.fixture(autouse=True)
def half_a_year_later(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    published.made_at_once(monkeypatch)
    clock.move_to(published.HALF_A_YEAR_LATER)
    yield
    clock.move_to(None)


@pytest.fixture
def actions(app: Flask, client: FlaskClient) -> dict[str, UUID]:
    """The actions of a closed event, by their words. Somebody of the team is signed in."""
    with db.transaction() as session:
        builders.sign_in(client, builders.make_staff(session, role=StaffRole.MANAGER))
        event, actions = published.event_with_actions(session)
        published.close_survey(session, event)
        return actions


def notices() -> list[Message]:
    with db.reading() as session:
        mine = select(Message).where(Message.kind == MessageKind.TEAM_NOTICE)
        return list(session.scalars(mine.order_by(Message.due_at, Message.id)))


def downloaded(client: FlaskClient, edition: Edition, form: str) -> TestResponse:
    return client.get(f"{PAGE}/{edition.id}.{form}")


def test_what_is_published_is_numbered_kept_byte_for_byte_and_never_changes(
    client: FlaskClient, actions: dict[str, UUID]
) -> None:
    assert "Nothing is published yet" in client.get(PAGE).text
    assert publish(client, "").status_code == 422
    assert publish(client, "partner").status_code == 303
    first = published.edition(EditionKind.PARTNER)
    stored = [downloaded(client, first, form).data for form in ("pdf", "json")]
    assert [sha256(one).hexdigest() for one in stored] == [first.pdf_sha256, first.document_sha256]
    told = json.loads(stored[1])
    validate(told, json.loads((ROOT / "docs" / "report.schema.json").read_text()))
    assert told["published"] == {"number": 1, "note": ""}

    refused = publish(client, "partner")
    assert refused.status_code == 422
    assert "say what this one corrects" in refused.text
    refused = publish(client, "partner", "n" * 1001)
    assert refused.status_code == 422
    assert "n" * 1001 in refused.text
    clock.move_to(published.HALF_A_YEAR_LATER + timedelta(days=9))
    assert publish(client, "partner", "The name of  a ministry\nis right now.").status_code == 303
    assert publish(client, "public").status_code == 303
    second = published.edition(EditionKind.PARTNER, 2)
    assert (second.note, second.published_by) == ("The name of a ministry is right now.", "manager@example.org")
    assert [downloaded(client, first, form).data for form in ("pdf", "json")] == stored

    page = client.get(PAGE).text
    assert "Partner edition 1</b> <span" in page
    assert [what in page for what in (first.pdf_sha256, second.note, "Public edition 1", "(replaced)")] == [True] * 4
    rows = client.get(f"{PAGE}?format=csv").text
    assert rows.count("\n") == 4
    assert "3 editions are published." in client.get("/staff/events/WP1873v").text
    assert client.get(f"/staff/events/WP1873v/editions/{UUID(int=1)}.pdf").status_code == 404
    with db.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "edition published")).all()
    assert sorted(entry.detail["number"] for entry in entries) == [1, 1, 2]

    for attack in (
        update(Edition).values(note="nothing"),
        update(EditionAction).values(named=True),
        delete(EditionAction),
        delete(Edition),
        delete(Event),
    ):
        with pytest.raises(IntegrityError), db.transaction() as session:
            session.execute(attack)
    assert [downloaded(client, first, form).data for form in ("pdf", "json")] == stored


def test_what_is_taken_back_while_the_pdf_is_made_is_not_published(
    client: FlaskClient, actions: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*_given: object) -> bytes:
        withdraw(actions["Train my colleagues"])
        return b"%PDF-"

    monkeypatch.setattr(operations, "as_pdf", slowly)
    waiting = publish(client, "partner", "So that all know.").location

    page = client.get(waiting).text
    assert "something that it tells of has changed" in page
    back = page.partition(f'href="{PAGE}?')[2].partition("#")[0]
    typed = client.get(f"{PAGE}?{back}").text
    assert "So that all know." in typed
    assert "something that it tells of has changed" in typed
    with db.reading() as session:
        assert session.scalars(select(Edition)).all() == []


def test_the_team_is_told_which_editions_hold_what_an_owner_has_taken_back(
    app: Flask, client: FlaskClient, actions: dict[str, UUID]
) -> None:
    for kind in EditionKind:
        publish(client, kind.value)
    with db.reading() as session:
        held = {(row.edition.kind.value, row.action_id, row.named) for row in session.scalars(select(EditionAction))}
    papers = {("partner", action_id, False) for words, action_id in actions.items() if "paper" in words}
    named = {("partner", actions["Train my colleagues"], True)}
    assert held == papers | named | {("internal", action_id, True) for action_id in actions.values()}
    assert "Taken back" not in client.get(PAGE).text

    change("Train my colleagues", actions, Visibility.PARTNERS_WITHOUT_NAME)
    change("Write paper 1", actions, Visibility.TEAM)
    change("Write paper 2", actions, Visibility.PARTNERS_BY_NAME)
    withdraw(actions["Write paper 3"])
    withdraw(actions["Speak to the minister"])
    page = client.get(PAGE).text
    shown = [line.split("</b>")[0] for line in page.split("<li><b>")[1:]]
    assert sorted(shown) == ["Internal edition 1"] * 2 + ["Partner edition 1"] * 3
    assert "An action was omitted at its owner’s wish" not in page
    assert "2 actions were omitted" not in page
    assert "3 actions were omitted at their owners’ wish. Names were taken out" in page
    assert "Owners have taken back what published editions hold" in client.get("/staff/events/WP1873v").text
    about = client.get(f"/staff/events/WP1873v/actions/{actions['Train my colleagues']}").text
    assert "now without its owner’s name" in about

    told = notices()
    assert [message.to_address for message in told] == ["robin@example.org"] * 4
    words = " ".join(f"{message.subject} {message.text}" for message in told)
    assert "Train my colleagues" not in words
    assert "paper" not in words
    assert [part in words for part in ("Partner edition 1, of 15 December 2021", PAGE)] == [True, True]
    change("Train my colleagues", actions, Visibility.PARTNERS_BY_NAME)
    change("Train my colleagues", actions, Visibility.PARTNERS_WITHOUT_NAME)
    assert len(notices()) == 4, "the same fact is told once"

    publish(client, "partner", "3 actions were omitted at their owners’ wish.")
    second = published.edition(EditionKind.PARTNER, 2)
    document = downloaded(client, second, "json").json
    assert document is not None
    told_of = {one["what"]: one["owner"] for one in document["actions"]["examples"]}
    assert "Write paper 1" not in told_of
    assert "Owner of Train my colleagues" not in str(document)
    with db.reading() as session:
        event = session.scalars(select(Event)).one()
        assert publishing.latest(session, event.id, EditionKind.PARTNER).id == second.id


def test_editions_are_numbered_in_each_language_and_can_be_made_again_byte_for_byte(
    app: Flask, client: FlaskClient, actions: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(edition_commands.edition, list(arguments))
        return done.exit_code, done.output

    monkeypatch.setattr(edition_commands, "create_app", lambda: app)
    for language in ("en", "fr", "fr"):
        publish(client, "partner", "The same once more.", language=language)
    assert published.edition(EditionKind.PARTNER, 2, language="fr").document_sha256 in client.get(PAGE).text
    assert (
        json.loads(downloaded(client, published.edition(EditionKind.PARTNER, language="fr"), "json").data)["language"]
        == "fr"
    )
    assert "(replaced)" in client.get(PAGE).text
    with db.reading() as session:
        event = session.scalars(select(Event)).one()
        found = [publishing.latest(session, event.id, EditionKind.PARTNER, one) for one in ("en", "fr", "es", None)]
        assert [(one.language, one.number) for one in found if one] == [("en", 1), ("fr", 2), ("fr", 2), ("fr", 2)]

    assert run("list", "WP1873v")[1].count("Partner edition") == 3
    code, said = run("verify", "WP1873v")
    assert (code, said.count("the same bytes"), "3 verified, 0 wrong" in said) == (0, 3, True)
    monkeypatch.setattr(operations, "as_pdf", lambda *_given, **_named: b"%PDF-other")
    assert run("verify")[0] == 1
    monkeypatch.setattr(programs, "made_with", lambda: "weasyprint 99.0")
    code, said = run("verify", "--programs")
    assert (code, said.count("made by other programs"), said.count("(now 99.0)")) == (0, 3, 3)
    with db.transaction() as session:
        session.add(spoilt(session.get_one(Event, event.id)))
    code, said = run("verify")
    assert (code, "Public edition 1: SPOILT" in said, "4 verified, 1 wrong" in said) == (1, True, True)
    assert "There are: WP1873v" in run("verify", "NONE")[1]


def spoilt(event: Event) -> Edition:
    """A published edition whose PDF is another one than when it was published."""
    return Edition(
        event_id=event.id, kind=EditionKind.PUBLIC, number=1, language="en", published_at=clock.now(),
        published_by="sam@example.org", document="{}", document_sha256=sha256(b"{}").hexdigest(), pdf=b"%PDF-spoilt",
        pdf_sha256=sha256(b"%PDF-").hexdigest(),
    )  # fmt: skip


def test_of_a_discreet_event_the_notice_names_nothing(client: FlaskClient, actions: dict[str, UUID]) -> None:
    publish(client, "partner")
    with db.transaction() as session:
        session.execute(update(Event).values(discreet=True))
    withdraw(actions["Train my colleagues"])

    (message,) = notices()
    assert message.sender_name == "Secretariat"
    said = f"{message.subject} {message.text} {message.html}"
    assert not [name for name in ("WP1873v", "diplomacy", "Example House", "Ministry", "colleagues") if name in said]


def change(words: str, actions: dict[str, UUID], visibility: Visibility) -> None:
    with db.transaction() as session:
        action = session.get_one(PlannedAction, actions[words])
        followup.change_action(session, action, action.owners[0].link, Intention(words, None, "", "", visibility, True))


def withdraw(action_id: UUID) -> None:
    with db.transaction() as session:
        action = session.get_one(PlannedAction, action_id)
        followup.withdraw_action(session, action, action.owners[0].link)
