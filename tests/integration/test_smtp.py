"""The connection itself: encryption, signing in, and what the server is told about us."""

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from mande.mail.errors import RefusedError
from mande.mail.errors import UnusableError
from mande.mail.smtp import Connection
from tests.smtp import StubServer

MESSAGE = b"Subject: Hello\r\n\r\n.A line that begins with a dot\r\n"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody trusts, and its key, in one file."""
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    certificate.write_text(certificate.read_text() + key.read_text())
    return certificate


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


@pytest.fixture
def plain() -> Iterator[StubServer]:
    with StubServer() as server:
        yield server


def test_a_message_goes_over_starttls(server_tls: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with StubServer(tls_context=server_tls, require_starttls=True) as server:
        with Connection(server.settings(security="starttls"), trusting) as connection:
            connection.send("ana@example.org", MESSAGE)

        assert server.sources == [MESSAGE]


def test_a_message_goes_over_tls_from_the_first_byte(server_tls: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with StubServer(ssl_context=server_tls) as server:
        with Connection(server.settings(security="tls"), trusting) as connection:
            connection.send("ana@example.org", MESSAGE)

        assert server.sources == [MESSAGE]


def test_nothing_is_sent_in_the_clear_where_starttls_is_required(plain: StubServer) -> None:
    with (
        Connection(plain.settings(security="starttls")) as connection,
        pytest.raises(UnusableError, match=r"STARTTLS .*MANDE_SMTP_SECURITY"),
    ):
        connection.send("ana@example.org", MESSAGE)

    assert plain.mails == 0


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_whose_certificate_is_not_trusted_gets_nothing(server_tls: ssl.SSLContext, security: str) -> None:
    options = {"tls_context": server_tls} if security == "starttls" else {"ssl_context": server_tls}
    with StubServer(**options) as server:
        with (
            Connection(server.settings(security=security)) as connection,
            pytest.raises(UnusableError, match="CERTIFICATE_VERIFY_FAILED"),
        ):
            connection.send("ana@example.org", MESSAGE)

        assert server.mails == 0


def test_signing_in_happens_before_a_message_and_a_wrong_password_is_said(
    server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    def check(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"mande", b"right"), handled=False)

    with StubServer(tls_context=server_tls, auth_required=True, authenticator=check) as server:
        with Connection(server.settings(security="starttls", user="mande", password="right"), trusting) as connection:
            connection.send("ana@example.org", MESSAGE)
        assert len(server.accepted) == 1

        wrong = Connection(server.settings(security="starttls", user="mande", password="wrong"), trusting)
        with pytest.raises(UnusableError, match="does not accept MANDE_SMTP_USER") as problem:
            wrong.check()
        assert "wrong" not in str(problem.value)


def test_a_server_that_needs_signing_in_takes_nothing_without(
    server_tls: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with (
        StubServer(
            tls_context=server_tls, auth_required=True, authenticator=lambda *_: AuthResult(success=False)
        ) as server,
        Connection(server.settings(security="starttls"), trusting) as connection,
        pytest.raises(UnusableError, match=r"takes nothing from surveys@mande.test: 530"),
    ):
        connection.send("ana@example.org", MESSAGE)


def test_the_server_is_told_the_domain_of_the_sender_and_not_the_name_of_the_machine(plain: StubServer) -> None:
    with Connection(plain.settings()) as connection:
        connection.send("ana@example.org", MESSAGE)

    assert plain.greetings == ["mande.test"]


def test_a_check_sends_nothing(plain: StubServer) -> None:
    with Connection(plain.settings()) as connection:
        connection.check()

    assert (plain.connections, plain.mails) == (1, 0)


def test_a_connection_that_is_never_used_is_never_opened(plain: StubServer) -> None:
    with Connection(plain.settings()):
        pass

    assert plain.connections == 0


def test_a_server_that_takes_commands_together_gets_them_so_and_its_replies_stay_in_order(
    plain: StubServer,
) -> None:
    plain.pipelining = True
    plain.refuse("gone@example.org", "550 5.1.1 No such user")
    plain.refuse_message("unwanted@example.org", "554 Not wanted")
    plain.refuse_sender(4, "421 4.7.0 Too many messages on this connection")
    sent: list[str] = []
    with Connection(plain.settings()) as connection:
        for name in ("ana", "gone", "unwanted", "bob", "jürgen"):
            try:
                connection.send(f"{name}@example.org", MESSAGE)
            except RefusedError as error:
                sent.append(str(error))

    assert plain.recipients == ["ana@example.org", "bob@example.org", "jürgen@example.org"]
    assert sent == ["550 5.1.1 No such user", "554 Not wanted"]
    assert plain.connections == 2


def test_a_server_that_takes_several_commands_at_once_and_no_sender_of_ours_cannot_be_used(plain: StubServer) -> None:
    plain.pipelining = True
    plain.refuse_sender(1, "550 We do not know you")
    with Connection(plain.settings()) as connection:
        with pytest.raises(UnusableError, match="550 We do not know you"):
            connection.send("ana@example.org", MESSAGE)
        connection.send("ana@example.org", MESSAGE)

    assert plain.recipients == ["ana@example.org"]
