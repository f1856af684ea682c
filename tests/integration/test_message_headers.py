"""What is in the head of every message that Mande sends, and what must not be anywhere in one."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from mande import clock
from mande import create_app
from mande import db
from mande import tokens
from mande.config import Settings
from mande.events.kinds import Wave
from mande.events.models import Attendance
from mande.events.models import Event
from mande.events.models import Partner
from mande.events.models import Person
from mande.events.models import Role
from mande.followup.asking import letters
from mande.followup.keeping import letters as erasure_letters
from mande.followup.models import ActionRequest
from mande.followup.models import CheckIn
from mande.followup.models import ErasureRequest
from mande.followup.models import FollowupLink
from mande.followup.models import PlannedAction
from mande.followup.models import RequestKind
from mande.followup.requesting import request_letters
from mande.keyring import fingerprint
from mande.mail import outbox
from mande.mail import verp
from mande.mail.models import Message
from mande.mail.outbox import Draft
from mande.mail.sending import send_due
from mande.surveys import messages
from mande.surveys.models import Invitation
from mande.surveys.models import Survey
from mande.surveys.questionnaires import definition
from tests.conftest import make_settings
from tests.integration.respondents import SAMPLE
from tests.smtp import LINK_KEY
from tests.smtp import StubServer

GOLDEN = Path(__file__).parent / "golden" / "headers.txt"
NOW = datetime(2021, 6, 10, 9, tzinfo=UTC)
NONCE, LINK = b"n" * 16, UUID(int=7)
FIRST = "<first@mande.test>"
NAMING = ("The future", "WP1873v", "Wilton", "Robin", "Ministry", "Train twelve")


@pytest.fixture
def sending_app(settings: Settings, smtp: StubServer) -> Iterator[Flask]:
    mail = smtp.settings(sender_name="Wilton Park", bounce_address="bounces@mande.test")
    app = create_app(replace(settings, base_url="https://mande.test", mail=mail))
    clock.move_to(NOW)
    with app.app_context():
        yield app
    clock.move_to(None)


def sent(smtp: StubServer, *drafts: Draft) -> list[Any]:
    """The messages as they arrive, in order."""
    smtp.accepted.clear()
    smtp.sources.clear()
    smtp.return_paths.clear()
    with db.transaction() as session:
        outbox.queue(session, drafts)
    for _round in drafts:
        send_due(1)
    return smtp.accepted


def every_kind(discreet: bool, language: str = "en") -> list[Draft]:
    """One message of each kind that asks somebody, none in the database but these."""
    event = Event(
        id=UUID(int=1), code="WP1873v", title="The future of international diplomacy", convenor="Wilton Park",
        time_zone="Europe/London", manager_name="Robin Møller", manager_email="robin@example.org", discreet=discreet,
        partners=[Partner(name="Ministry of Foreign Affairs")],
    )  # fmt: skip
    person = Person(name="Ana Example", email="ana@Example.org", language=language, discreet=False)
    attendance = Attendance(event=event, person=person)
    survey = Survey(role=Role.PARTICIPANT, wave=Wave.EVENT, anonymous=True, closes_at=NOW.replace(day=24))
    key = fingerprint(LINK_KEY)
    asked = Invitation(id=LINK, attendance=attendance, nonce=NONCE, link_key=key)
    link = FollowupLink(id=LINK, event=attendance.event, person=attendance.person, nonce=NONCE, link_key=key)
    check_in = CheckIn(id=LINK, step="month-3")
    action = PlannedAction(what="Train twelve colleagues", by_when=date(2021, 9, 1))
    asked_too = ActionRequest(
        id=LINK, kind=RequestKind.JOIN, to_name=person.name, to_address="ana@example.org", nonce=NONCE, link_key=key,
        asked_by=link, action=action,
    )  # fmt: skip
    wish = ErasureRequest(
        id=LINK, event=event, person=person, nonce=NONCE, link_key=key, asked_at=NOW.replace(minute=9)
    )  # fmt: skip
    about = (event, survey, replace(definition.load(SAMPLE), languages=("en", "fr", "ar")), asked)
    moments = [NOW.replace(minute=minute) for minute in range(7)]
    clock.move_to(NOW.replace(minute=10))
    return [
        messages.invitation(*about, moments[0]),
        messages.reminder(*about, moments[1], 1, FIRST, last=False),
        messages.last_call(*about, moments[2], 1, FIRST),
        messages.thank_you(*about, moments[3]),
        letters.check_in(link, check_in, [action], moments[4]),
        request_letters.question(asked_too, person, moments[5]),
        request_letters.answered(asked_too, link, moments[6]),
        erasure_letters.erasure(wish),
    ]


def test_the_head_of_every_message_to_whoever_is_asked_is_as_it_was_agreed(
    sending_app: Flask, smtp: StubServer
) -> None:
    found = []
    for discreet in (False, True):
        drafts = every_kind(discreet)
        sent(smtp, *(replace(draft, about=UUID(int=int(discreet))) for draft in drafts))
        found += [f"{draft.kind.value}{', discreet' * discreet}\n\n{head(source)}"
                  for draft, source in zip(drafts, smtp.sources, strict=True)]  # fmt: skip

    if os.environ.get("MANDE_GOLDEN") == "write":
        GOLDEN.write_text("\n".join(found))
    assert "\n".join(found) == GOLDEN.read_text()


def head(source: bytes) -> str:
    """The headers of a message, word for word but for what is different each time."""
    text = source.partition(b"\r\n\r\n")[0].decode().replace("\r\n", "\n") + "\n"
    for pattern, name in (
        (tokens.derive(LINK_KEY, LINK, NONCE), "{token}"),
        (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "{id}"),
        (r"bounces\+[a-z2-7]{36}", "bounces+{message}"),
        (r"=_[0-9a-f]{32}", "{boundary}"),
        (r"Subject: .*(\n .*)*", "Subject: {subject}"),
        (r"2021 09:1\d:\d\d", "2021 {time}"),
    ):
        text = re.sub(pattern, name, text)
    return text


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_a_discreet_message_holds_nothing_that_names_the_event_or_anybody_who_convened_it(
    tmp_path: Path, language: str
) -> None:
    with create_app(make_settings(f"sqlite:///{tmp_path / 'unused.db'}")).app_context():
        drafts = every_kind(discreet=True, language=language)

    for draft in drafts:
        assert (draft.sender_name, draft.reply_to.name) == ("Secretariat", "Secretariat")
        words = f"{draft.subject} {draft.text} {draft.html}".lower()
        assert not [name for name in NAMING if name.lower() in words]
        assert "secretariat" in words


def test_each_message_comes_back_to_an_address_that_tells_which_it_is(sending_app: Flask, smtp: StubServer) -> None:
    sent(smtp, *every_kind(discreet=False))

    key = verp.key_of("t" * 64)
    with db.reading() as session:
        ids = {message.message_id: message.id for message in session.query(Message)}
    told = [verp.read("bounces@mande.test", path, key) for path in smtp.return_paths]
    assert told == [ids[message["Message-ID"]] for message in smtp.accepted]


def test_without_a_mailbox_for_bounces_messages_come_back_to_the_sender(mailing_app: Flask, smtp: StubServer) -> None:
    (reminder,) = sent(smtp, every_kind(discreet=False)[1])

    assert smtp.return_paths == ["surveys@mande.test"]
    assert "mailto:" not in reminder["List-Unsubscribe"]
    # One click is for secure addresses only, and this installation has none.
    assert "List-Unsubscribe-Post" not in reminder
