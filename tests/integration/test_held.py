"""What is held about somebody: shown, taken along, deleted, and erased for good."""

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mande import clock
from mande import db
from mande import tokens
from mande.events.importing import uploads
from mande.events.models import Attendance
from mande.events.models import Person
from mande.events.models import PersonAddress
from mande.events.records import erasing
from mande.events.records import merging
from mande.followup import history
from mande.followup import links
from mande.followup import operations
from mande.followup.desk.models import Note
from mande.followup.keeping import wishes
from mande.followup.models import ActionOwner
from mande.followup.models import ActionRequest
from mande.followup.models import CheckIn
from mande.followup.models import ErasureRequest
from mande.followup.models import EvidenceFile
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import RequestKind
from mande.followup.models import Status
from mande.followup.models import Update
from mande.followup.operations import Intention
from mande.followup.operations import Report
from mande.followup.requesting import requests
from mande.followup.requesting.requests import Question
from mande.mail import suppression
from mande.mail.models import Message
from mande.mail.models import MessageKind
from mande.mail.models import MessageState
from mande.mail.models import SuppressionReason
from mande.mail.sending import send_due
from mande.models import metadata
from mande.reports.composing.composed import Composed
from mande.reports.composing.kept import save as save_texts
from mande.reports.kinds import EditionKind
from mande.reports.kinds import RenderingState
from mande.reports.rendering import drafts
from mande.reports.rendering import queue
from mande.staff import audit
from mande.staff.models import AuditEntry
from mande.staff.models import StaffRole
from mande.surveys.models import Invitation
from mande.web import settings
from tests import builders
from tests import files
from tests.integration import respondents
from tests.integration.test_followup_pages import good
from tests.integration.test_followup_pages import sent_to
from tests.smtp import StubServer

NAME, FORMER_NAME = "Zoë O'Quill-Example", "Z. Quill Formerly"
MAIN, FURTHER, FORMER = "zoe.quill@example.org", "zq@ministry.example", "formerly@example.org"
TOLD = (NAME, "O&#39;Quill", "O&#x27;Quill", FORMER_NAME, MAIN, FURTHER, FORMER, "Quill Institute", "wheelchair",
        "Persuade the cabinet", "the cabinet agreed", "evidence-of-it", "Zoë")  # fmt: skip


@pytest.fixture(autouse=True)
def the_day_after_the_event() -> Iterator[None]:
    clock.move_to(datetime(2021, 6, 10, 10, tzinfo=UTC))
    yield
    clock.move_to(None)


def make(session: Any) -> tuple[FollowupLink, PlannedAction]:
    """Somebody of whom every part of the program holds something. Returns their link, and an action that a colleague
    owns too."""
    first = builders.make_event(session, participants=6)
    builders.make_event(session, code="SECOND")
    person = builders.make_person(
        session, NAME, email=MAIN, organisation="Quill Institute", position="Envoy", accessibility="wheelchair",
        country="NO", language="fr",
    )  # fmt: skip
    person.addresses = [PersonAddress(address=FURTHER)]
    same = builders.make_person(session, FORMER_NAME, email=FORMER)
    builders.attend(session, first, person)
    builders.attend(session, builders.make_event(session, code="B2"), same)
    merging.merge(session, person, same, {"email": MAIN})
    builders.open_survey(session, first)
    session.flush()
    link = links.ensure_link(session, first.id, person.id)
    mine = operations.add_action(session, link, Intention("Persuade the cabinet", consent=True))
    other = builders.make_person(session, "Ben Colleague", email="ben@example.org")
    theirs = builders.link_of(session, builders.attend(session, first, other))
    joint = operations.add_action(
        session, theirs, Intention("Write a paper", with_whom=f"{NAME.upper()}, and others", consent=True)
    )
    joint.owners.append(ActionOwner(link=link, since=clock.now()))
    session.flush()
    operations.report_progress(session, link, [
        Report(mine.id, Status.SOME_PROGRESS, "the cabinet agreed"),
        Report(joint.id, Status.WELL_ADVANCED, "the cabinet agreed to read it", evidence="evidence-of-it"),
    ])  # fmt: skip
    session.add(Note(action_id=mine.id, words=f"{NAME} rang", written_at=clock.now(), written_by="sam@example.org"))
    session.add(Note(action_id=joint.id, words=f"Ask {MAIN} too", written_at=clock.now(), written_by="sam@example.org"))
    requests.ask(session, theirs, joint, Question(RequestKind.NAME, NAME, FURTHER))
    requests.ask(session, link, mine, Question(RequestKind.NAME, "Cleo Asked", "cleo@example.org"))
    audit.record(session, "form opened for a person", first.code, {"person": NAME})
    suppression.suppress(session, FURTHER, SuppressionReason.BY_HAND, f"{NAME} wished it")
    history.by_team(session, joint, "sam@example.org", "changed", {"with_whom": ["", NAME]})
    save_texts(session, first, EditionKind.PARTNER, Composed(findings=f"The paper, {NAME} said, is good."), 0)
    draft = queue.ask(session, drafts.WORK, {"kind": "internal", "language": "en", "paper": ""}, first)
    draft.state, draft.ended_at, draft.file = RenderingState.DONE, clock.now(), MAIN.encode()
    return link, joint


def found(words: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Where in any column of any table one of the words stands."""
    hits = []
    with db.reading() as session:
        for table in metadata.sorted_tables:
            for row in session.execute(select(table)).mappings():
                for column, value in row.items():
                    text = json.dumps(value, ensure_ascii=False, default=str).lower()
                    if isinstance(value, bytes):
                        text = value.decode("latin-1").lower()
                    hits += [(table.name, str(column), word) for word in words if word.lower() in text]
    return hits


def evidence() -> list[bytes]:
    return [path.read_bytes() for path in (settings().var / "evidence").glob("*")]


def lying_at() -> list[str]:
    return [path.name for path in (settings().var / "evidence").glob("*")]


def link_in(message: Any) -> str:
    """The address in a message that arrived, as a path."""
    text = message.get_body(("plain",)).get_content()
    address = re.search(r"http://mande\.test(/\S+)", text)
    assert address is not None, text
    return address[1]


def test_all_that_is_held_is_shown_and_taken_along_deleted_here_and_erased_everywhere(
    mailing_app: Flask, smtp: StubServer
) -> None:
    client = mailing_app.test_client()
    with db.transaction() as session:
        link, joint = make(session)
        token = links.token_of(link)
        mine = next(one for one in operations.actions_of(session, link.id) if one.id != joint.id)
        of_colleague = next(one.link for one in joint.owners if one.link_id != link.id)
        colleague = links.token_of(of_colleague)
    for action in (mine, joint):
        sent = {"files": [(io.BytesIO(files.PDF), "evidence-of-it.pdf")]}
        sent_to(client.post(f"/a/{token}/actions/{action.id}/files", data=sent))
    upload = uploads.keep("WP1873v", link.person_id, "list.csv", json.dumps([["", "utf-8", ",", [[MAIN]]]]).encode())
    assert len(evidence()) == 2

    # What is held is shown, in the person's language and as data, and never whether they have answered.
    page = good(client.get(f"/a/{token}/held?lang=en"))
    shown = (
        NAME.replace("'", "&#39;"), MAIN, FURTHER, FORMER, "Quill Institute", "wheelchair", "Persuade the cabinet",
        "evidence-of-it.pdf", "Ben Colleague", "Cleo Asked", "Other events at which you are known: 1", "2 notes",
    )  # fmt: skip
    for words in shown:
        assert words in page, words
    assert "answered" not in page.lower().replace("whether you have answered", "")
    in_french = good(client.get(f"/a/{token}/held?lang=fr"))
    assert [words in in_french for words in ("inscription de l’action", "1\u202fko", "wrote it down")] == [
        True,
        True,
        False,
    ]
    taken = client.get(f"/a/{token}/held.json")
    assert taken.headers["Content-Disposition"].startswith('attachment; filename="held.json"')
    told = json.loads(taken.data)
    assert told["person"]["entries"][0]["further_addresses"] == [FORMER, FURTHER]
    assert {one["what"] for one in told["actions"]["entries"]} == {"Persuade the cabinet", "Write a paper"}
    assert [one["wave"] for one in told["questionnaires"]["entries"]] == ["event"]

    # What they wrote here goes at once; the action that somebody else owns too stays theirs.
    assert "1 action of yours" in good(client.get(f"/a/{token}/held/delete?lang=en"))
    sent_to(client.post(f"/a/{token}/held/delete"))
    assert not evidence()
    assert found(("Persuade the cabinet", "the cabinet agreed", "evidence-of-it")) == []
    with db.reading() as session:
        kept = session.get_one(PlannedAction, joint.id)
        assert (kept.what, kept.status, len(kept.owners)) == ("Write a paper", Status.WELL_ADVANCED, 1)
        assert session.get_one(PlannedAction, mine.id).withdrawn
        assert session.get_one(FollowupLink, link.id).stopped
        assert not session.scalars(select(CheckIn).where(CheckIn.link_id == link.id)).all()
    assert "is deleted" in good(client.get(f"/a/{token}/held?lang=en&said=deleted"))

    # To erase everything a message goes to the address of record. Nobody can fill the mailbox with such messages.
    with db.transaction() as session:
        operations.add_action(session, session.get_one(FollowupLink, link.id), Intention("Persuade the cabinet"))
    data = {"files": [(io.BytesIO(files.PDF), "of a colleague.pdf")]}
    sent_to(client.post(f"/a/{colleague}/actions/{joint.id}/files", data=data))
    smtp.accepted.clear()
    send_due()
    smtp.accepted.clear()
    assert "said=sent" in sent_to(client.post(f"/a/{token}/held/erase"))
    assert "said=already" in sent_to(client.post(f"/a/{token}/held/erase"))
    send_due()
    (message,) = smtp.accepted
    assert message["To"].endswith(f"<{MAIN}>")
    address = link_in(message)
    assert "Nothing is erased yet" in good(client.get(f"/a/{token}/held/erase?lang=en&said=sent"))

    before, lying = respondents.dump(), evidence()
    assert "Erase all that is held about me" in good(client.get(f"{address}?lang=en"))
    of_action = f"actions/{joint.id}/files"
    for path in ("held", "held.json", "held/delete", "held/erase", of_action, f"{of_action}/{lying_at()[0]}/delete"):
        assert client.get(f"/a/{token}/{path}").status_code in (200, 404, 405)
    # Programs that read mail follow every link: nothing came of it.
    assert (respondents.dump(), evidence()) == (before, lying)
    erased = sent_to(client.post(address))
    assert "It is erased" in good(client.get(f"{erased}?lang=en"))

    assert found(TOLD) == []
    assert uploads.find(upload.id, "WP1873v", link.person_id) is None
    assert client.get(f"/a/{token}").status_code == 404
    assert client.get(address).status_code == 404
    with db.reading() as session:
        person = session.get_one(Person, link.person_id)
        assert (person.name, person.organisation, person.language) == ("–", None, None)
        (attended,) = session.scalars(
            select(Attendance).where(Attendance.person_id == person.id, Attendance.event_id == link.event_id)
        )
        assert [role.role for role in attended.roles] == ["participant"]
        assert len(attended.meetings) == 2
        assert session.get_one(PlannedAction, joint.id).with_whom == "–, and others"
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "person erased"))
        assert (entry.actor, entry.detail) == (wishes.BY_THEMSELVES, {})
        # Their sealed answers, if there are any, are still theirs to withdraw; nobody writes to them about it any more.
        (asked,) = session.scalars(select(Invitation).where(Invitation.attendance_id == attended.id))
        assert asked.stopped
        assert asked.nonce is not None
        assert asked.link_key is not None
        answering = tokens.derive(settings().link_keys.find(asked.link_key), asked.id, asked.nonce)
        assert not session.scalars(select(ErasureRequest)).all()
    assert client.get(f"/r/{answering}").status_code == 200
    smtp.accepted.clear()
    send_due()
    assert not [one for one in smtp.accepted if "erased.invalid" in str(one["To"])]
    # What is of others is as it was.
    of_others = {row[:2] for row in found(("Ben Colleague", "of a colleague"))}
    assert of_others >= {("person", "name"), ("evidence_file", "name")}
    assert len(evidence()) == 1
    assert client.get(f"/a/{colleague}").status_code == 200


def test_a_wish_to_be_erased_ends_by_itself_and_a_page_tells_where_no_message_can_go(
    app: Flask, client: FlaskClient
) -> None:
    with db.transaction() as session:
        link, _joint = make(session)
        token = links.token_of(link)
    sent_to(client.post(f"/a/{token}/held/erase"))
    with db.reading() as session:
        (wish,) = session.scalars(select(ErasureRequest))
        address = f"/d/{tokens.derive(settings().link_keys.newest, wish.id, wish.nonce)}"
    assert client.get(address).status_code == 200

    clock.move_to(clock.now() + timedelta(hours=2))
    sent_to(client.post(f"/a/{token}/held/erase"))
    assert client.get(address).status_code == 404
    with db.reading() as session:
        states = session.scalars(select(Message.state).where(Message.kind == MessageKind.ERASURE)).all()
        assert sorted(states) == [MessageState.CANCELLED, MessageState.QUEUED]
    clock.move_to(clock.now() + wishes.LIFE)
    assert wishes.sweep() == 1
    assert wishes.sweep() == 0
    with db.transaction() as session:
        suppression.suppress(session, MAIN, SuppressionReason.BOUNCED, "no such user")
    assert "said=unreachable" in (location := sent_to(client.post(f"/a/{token}/held/erase")))
    assert "robin@example.org" in good(client.get(f"{location}&lang=en"))
    assert found((MAIN,))


def test_staff_erase_a_person_by_typing_their_address_and_viewers_cannot(app: Flask, client: FlaskClient) -> None:
    with db.transaction() as session:
        link, joint = make(session)
        member = builders.make_staff(session, "viewer@example.org", StaffRole.VIEWER)
        manager = builders.make_staff(session, "manager@example.org")
    address = f"/staff/people/{link.person_id}/erase"
    builders.sign_in(client, member)
    assert client.get(address).status_code == 403
    builders.sign_in(client, manager)
    assert MAIN in client.get(address).get_data(as_text=True)

    def press(typed: str) -> Any:
        return client.post(address, data={"address": typed, "csrf_token": builders.csrf(client)})

    refused = press("somebody@else.example")
    assert refused.status_code == 422
    assert "somebody@else.example" in refused.get_data(as_text=True)
    assert found((MAIN,))
    assert press(f" {MAIN.upper()} ").status_code == 303

    assert found(TOLD) == []
    page = client.get(f"/staff/people/{link.person_id}").get_data(as_text=True)
    assert "was erased at their wish" in page
    assert "erased already" in client.get(address).get_data(as_text=True)
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "person erased"))
        assert entry.actor == "manager@example.org"
        assert session.scalars(select(ActionRequest.to_name)).all() == [""]
        assert session.scalars(select(Update.what_changed).where(Update.action_id == joint.id)).all() == [""]
        assert not session.scalars(select(EvidenceFile)).all()


def test_of_two_people_of_one_name_the_other_keeps_it_and_nothing_is_guessed(app: Flask) -> None:
    with db.transaction() as session:
        first, second = (builders.make_person(session, "Ann Same", email=f"{one}@example.org") for one in ("a", "b"))
        audit.record(session, "list looked at", "WP1873v", {"about": ["Ann Same spoke", "a@example.org"]})
        other = second.id
        erasing.erase(session, first)
    with db.reading() as session:
        assert session.get_one(Person, other).name == "Ann Same"
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "list looked at"))
        assert entry.detail == {"about": ["Ann Same spoke", "–"]}
