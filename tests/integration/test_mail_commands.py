from datetime import timedelta

import pytest
from click.testing import CliRunner
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from mande import clock
from mande import db
from mande import startup
from mande.cli import mande
from mande.mail import outbox
from mande.mail.claiming import Claims
from mande.mail.models import Message
from mande.mail.models import MessageState
from tests.smtp import StubServer
from tests.smtp import content
from tests.smtp import make_draft


@pytest.fixture
def run(mailing_app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Runs `mande mail ...` on the application of the test."""
    monkeypatch.setattr(startup, "ready_app", lambda *_settings: mailing_app)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(mande, ["mail", *arguments])

    yield run
    clock.move_to(None)


def queue(*addresses: str) -> None:
    with db.transaction() as session:
        outbox.queue(session, [make_draft(address) for address in addresses])


def test_send_sends_what_is_due_and_tells_what_became_of_it(run, smtp: StubServer) -> None:
    smtp.refuse("gone@example.org", "550 No such user")
    smtp.greylist("later@example.org")
    queue("ana@example.org", "gone@example.org", "later@example.org")

    result = run("send")

    assert result.exit_code == 0
    assert "1 sent, 1 to be tried again, 1 failed, 0 held back." in result.output


def test_send_takes_up_what_a_stopped_program_left_half_way(run, smtp: StubServer) -> None:
    queue("ana@example.org")
    with db.plain_transactions() as connection:
        Claims(connection).take()
    clock.move_to(clock.now() + timedelta(minutes=6))

    result = run("send")

    assert "1 were left half-way" in result.output
    assert smtp.recipients == ["ana@example.org"]


def test_send_fails_where_the_server_takes_nothing(run, smtp: StubServer) -> None:
    smtp.refuse_sender(1, "550 We do not know you")
    queue("ana@example.org")

    result = run("send")

    assert result.exit_code == 1
    assert "mande mail test ADDRESS" in result.output


def test_again_gives_what_failed_a_fresh_start(run, smtp: StubServer) -> None:
    smtp.refuse("ana@example.org", "554 Relay access denied")
    queue("ana@example.org")
    run("send")

    result = run("again")

    assert "1 will be sent again" in result.output
    with db.reading() as session:
        assert session.scalars(select(Message.state)).one() is MessageState.RETRYING


def test_states_counts_all_messages(run) -> None:
    assert "No message has been written yet." in run("states").output
    queue("ana@example.org", "jose@example.org")
    run("send")

    assert run("states").output == "invitation: 2 sent\n"


def test_test_sends_one_message_and_leaves_no_trace(run, smtp: StubServer) -> None:
    result = run("test", "operator@bücher.example")

    assert result.exit_code == 0
    assert "took a message to operator@bücher.example from surveys@mande.test" in result.output
    assert smtp.recipients == ["operator@xn--bcher-kva.example"]
    assert "Mande can send mail" in content(smtp.accepted[0], "plain")
    assert run("states").output == "No message has been written yet.\n"


@pytest.mark.parametrize(
    ("address", "complaint"), [("nobody", "not an e-mail address"), ("no@example.org", "550 Not here")]
)
def test_test_says_what_is_wrong(run, smtp: StubServer, address: str, complaint: str) -> None:
    smtp.refuse("no@example.org", "550 Not here")

    result = run("test", address)

    assert result.exit_code == 1
    assert complaint in result.output


@pytest.mark.parametrize("command", ["send", "states", "again", "test"])
def test_each_command_explains_itself(run, command: str) -> None:
    assert "Usage: mande mail" in run(command, "--help").output
