"""The ways by which what came back comes in: a mailbox, a mail server's pipe, HTTP."""

import io
import os
import ssl
import subprocess
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from mande import create_app
from mande import db
from mande import startup
from mande.cli import mande
from mande.config import InboxSettings
from mande.config import Settings
from mande.config import SettingsError
from mande.mail import outbox
from mande.mail.incoming import commands
from mande.mail.incoming import inbox
from mande.mail.incoming import reading
from mande.mail.incoming import receiving
from mande.mail.incoming.inbox import UnusableInboxError
from mande.mail.kinds import IncomingKind
from mande.mail.models import Message
from mande.mail.models import MessageState
from tests.inboxes import ImapServer
from tests.inboxes import MailboxServer
from tests.inboxes import PopServer
from tests.integration import bounced
from tests.integration.bounced import sample
from tests.integration.bounced import state_of
from tests.smtp import make_draft

TOKEN = "a token of some length, for tests"
Start = Callable[[InboxSettings], Flask]


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Starts an application with these settings of its inbox, in its context."""
    contexts = []

    def start(in_use: InboxSettings) -> Flask:
        mail = replace(settings.mail, bounce_address=bounced.BOUNCES)
        app = create_app(replace(settings, mail=mail, inbox=replace(in_use, token=TOKEN)))
        app.testing = True
        contexts.append(app.app_context())
        contexts[-1].push()
        return app

    yield start
    for context in reversed(contexts):
        context.pop()


def send_one(address: str = "ana@example.org") -> Message:
    with db.transaction() as session:
        draft = make_draft(address)
        outbox.queue(session, [draft])
        bounced.mark_sent(session)
    with db.reading() as session:
        return session.scalars(select(Message).where(Message.about == draft.about)).one()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inbox")
    both = folder / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", both],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_text(both.read_text() + (folder / "key.pem").read_text())
    return both


SERVERS = pytest.mark.parametrize("make", [ImapServer, PopServer])


@SERVERS
def test_what_is_new_in_the_mailbox_is_worked_on_and_what_people_wrote_stays_unread(
    start: Start, make: type[MailboxServer]
) -> None:
    with make() as server:
        app = start(server.settings(move_to="Done" if make is ImapServer else ""))
        about = send_one()
        server.put(sample("postfix-no-such-user", about, app), sample("reply", about, app), b"\x00\xff broken\n")

        assert inbox.read_inbox() == 3
        assert inbox.read_inbox() == 0

        assert state_of(about.id) is MessageState.BOUNCED
        (left,) = server.messages.values()
        assert b"Dear Robin" in left.raw
        assert "\\Seen" not in left.flags
        if make is ImapServer:
            assert len(server.folders["Done"]) == 2
        with db.reading() as session:
            assert receiving.counts(session) == {
                IncomingKind.FAILED: 1, IncomingKind.REPLY: 1, IncomingKind.UNKNOWN: 1,
            }  # fmt: skip


@SERVERS
def test_when_the_connection_breaks_the_rest_is_fetched_the_next_time_and_nothing_counts_twice(
    start: Start, make: type[MailboxServer]
) -> None:
    with make() as server:
        app = start(server.settings())
        first, second = send_one("ana@example.org"), send_one("jose@example.org")
        server.put(
            sample("gmail-no-such-user", first, app), sample("gmail-no-such-user", second, app).replace(b"-1@", b"-2@")
        )
        server.drop_at = "STORE DELE"  # when the first was worked on, and before the server knows

        with pytest.raises(UnusableInboxError):
            inbox.fetch_all()
        assert (state_of(first.id), state_of(second.id)) == (MessageState.BOUNCED, MessageState.SENT)

        assert inbox.fetch_all() == 2
        assert state_of(second.id) is MessageState.BOUNCED
        with db.reading() as session:
            assert receiving.counts(session) == {IncomingKind.FAILED: 2}


@SERVERS
@pytest.mark.parametrize("implicit", [True, False])
def test_the_mailbox_is_read_over_tls_and_its_certificate_is_checked(
    certificate: Path, make: type[MailboxServer], implicit: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with make(context, implicit) as server:
        in_use = server.settings(security="tls" if implicit else "starttls")

        with inbox.opened(in_use, ssl.create_default_context(cafile=certificate)) as box:
            assert box.new(10) == []
        with pytest.raises(UnusableInboxError, match="certificate"), inbox.opened(in_use):
            pass


@SERVERS
def test_no_password_goes_over_an_open_line_and_a_wrong_one_is_said_to_be(
    make: type[MailboxServer],
) -> None:
    with make() as server:
        with pytest.raises(UnusableInboxError), inbox.opened(server.settings(security="starttls")):
            pass
        assert not any(word in " ".join(server.said) for word in ("LOGIN", "PASS"))

        with (
            pytest.raises(UnusableInboxError, match="wrong password") as refused,
            inbox.opened(server.settings(password="another")),
        ):
            pass
        assert "another" not in str(refused.value)


def test_a_mailbox_that_cannot_be_reached_stops_no_other_job(start: Start) -> None:
    start(InboxSettings("imap", "127.0.0.1", 1, "none", "u", "secret word"))

    assert inbox.read_inbox() == 0


def test_a_folder_is_named_as_imap_writes_it() -> None:
    with ImapServer() as server:
        with (
            pytest.raises(UnusableInboxError, match="no such folder"),
            inbox.opened(server.settings(folder='Zurück & "mehr"')),
        ):
            pass
        assert any(said.endswith('SELECT "Zur&APw-ck &- \\"mehr\\""') for said in server.said)


def test_a_mail_server_hands_a_message_over_by_http(start: Start) -> None:
    app = start(InboxSettings())
    about, client = send_one(), app.test_client()
    raw = sample("exim-plain", about, app)
    shown = {"Authorization": f"Bearer {TOKEN}"}

    assert client.post("/mail/incoming", data=raw, content_type="message/rfc822").status_code == 401
    assert client.post("/mail/incoming", data=raw, headers={"Authorization": "Bearer x"}).status_code == 401
    assert client.post("/mail/incoming", data=b" ", headers=shown).status_code == 400
    assert client.get("/mail/incoming", headers=shown).status_code == 405
    too_long = b"x" * (reading.LONGEST + 1)
    assert client.post("/mail/incoming", data=too_long, headers=shown).status_code == 413
    assert state_of(about.id) is MessageState.SENT

    answer = client.post("/mail/incoming", data=raw, content_type="message/rfc822", headers=shown)

    assert (answer.status_code, answer.data) == (204, b"")
    assert "Set-Cookie" not in answer.headers
    assert state_of(about.id) is MessageState.BOUNCED


def test_a_form_with_the_message_and_its_recipient_will_do(start: Start) -> None:
    app = start(InboxSettings())
    client, shown = app.test_client(), {"Authorization": f"Bearer {TOKEN}"}
    for field in ("message", "something-else"):
        about = send_one(f"{field}@example.org")
        raw = sample("unsubscribe", about, app)
        recipient = raw.partition(b"To: <")[2].partition(b">")[0].decode()
        form = {
            field: (io.BytesIO(raw.replace(recipient.encode(), b"x@y.example")), "mail.eml"),
            "recipient": recipient,
        }

        assert client.post("/mail/incoming", data=form, headers=shown).status_code == 204

    with db.reading() as session:
        assert receiving.counts(session) == {IncomingKind.STOP: 2}


def test_there_is_no_entry_by_http_unless_it_is_set_up(app: Flask) -> None:
    assert app.test_client().post("/mail/incoming", data=b"x").status_code == 404


def test_a_mail_server_s_pipe_hands_a_message_over(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    app = start(InboxSettings())
    monkeypatch.setattr(startup, "ready_app", lambda *_settings: app)
    about = send_one()
    raw = sample("qmail-no-such-user", about, app)

    def receive(message: bytes, **environment: str) -> int:
        return CliRunner().invoke(mande, ["mail", "receive"], input=message, env=environment).exit_code

    assert receive(b"") == commands.NO_MESSAGE
    assert receive(raw) == 0
    assert state_of(about.id) is MessageState.BOUNCED


@pytest.mark.parametrize(
    "error", [SettingsError("MANDE_SECRET_KEY is missing"), OperationalError("SELECT", {}, OSError("no database"))]
)
def test_whatever_is_wrong_with_us_the_mail_server_keeps_the_message(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(startup, "ready_app", fail)

    assert CliRunner().invoke(mande, ["mail", "receive"], input=b"Subject: x\n\n").exit_code == os.EX_TEMPFAIL


def test_the_mailbox_can_be_read_by_hand_and_by_a_server_without_marks_too(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ImapServer() as server:
        server.keeps_marks = False
        app = start(server.settings())
        monkeypatch.setattr(startup, "ready_app", lambda *_settings: app)
        server.put(b"From: a@example.org\nSubject: Hello\n\nHello\n")

        results = [CliRunner().invoke(mande, ["mail", "fetch"]) for _turn in range(2)]
        checked = CliRunner().invoke(mande, ["check"])

    assert "Inbox: 127.0.0.1:" in checked.output
    assert "Inbox: The mailbox at 127.0.0.1" in CliRunner().invoke(mande, ["check"]).output
    assert [result.output.splitlines()[-1] for result in results] == ["1 worked on.", "0 worked on."]
