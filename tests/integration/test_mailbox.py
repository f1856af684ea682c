from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTP

import pytest
from flask.testing import FlaskClient

from mande.mail import mime
from mande.mail.catcher import Catcher
from mande.mail.catcher_views import create_mailbox

HTML = (
    '<!doctype html><html><head></head><body><p>Dear Ana</p><a class="button" href="http://mande.test/r/abc">Answer</a>'
)
LONG_NAME = "نور الهاشمي بن عبد الرحمن آل سعود المحترم الدكتور السفير فوق العادة"


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[Catcher]:
    catcher = Catcher(tmp_path / "mail")
    catcher.start()
    yield catcher
    catcher.stop()


@pytest.fixture
def mailbox(catcher: Catcher) -> FlaskClient:
    app = create_mailbox(catcher.folder)
    app.testing = True
    return app.test_client()


def message(
    name: str = "Ana Example", to: str = "ana@example.org", subject: str = "Hello", kind: str = "invitation"
) -> bytes:
    headers = [
        mime.mailbox_header("From", "Example House", "surveys@mande.test"),
        mime.mailbox_header("To", name, to, not to.isascii()),
        mime.mailbox_header("Reply-To", "Robin", "robin@example.org"),
        mime.header("Subject", subject),
        mime.header("Date", "Thu, 10 Jun 2021 08:05:00 +0000"),
        mime.header("X-Mande-Kind", kind),
    ]
    return mime.assemble(headers, "Dear Ana,\n\nAnswer:\nhttp://mande.test/r/abc\n", HTML)


def deliver(catcher: Catcher, *messages: bytes, to: str = "ana@example.org") -> None:
    with SMTP("127.0.0.1", catcher.smtp_port, timeout=5) as smtp:
        for each in messages:
            smtp.sendmail("surveys@mande.test", [to], each)


def test_what_is_caught_is_kept_as_a_file_and_read_back_the_newest_first(catcher: Catcher) -> None:
    deliver(catcher, message(subject="First"), message(subject="Zweite – Nachricht", name=LONG_NAME))

    newest, oldest = catcher.messages()

    assert (oldest.subject, newest.subject) == ("First", "Zweite – Nachricht")
    assert newest.to == f"{LONG_NAME} <ana@example.org>"
    assert newest.sender == "Example House <surveys@mande.test>"
    assert newest.reply_to == "Robin <robin@example.org>"
    assert newest.kind == "invitation"
    assert f"{newest.date:%Y-%m-%d %H:%M}" == "2021-06-10 08:05"
    assert newest.text == "Dear Ana,\n\nAnswer:\nhttp://mande.test/r/abc\n"
    assert newest.html == f"{HTML}\n"
    assert newest.source.startswith("Delivered-To: ana@example.org\r\nFrom: ")
    assert sorted(path.suffix for path in catcher.folder.iterdir()) == [".eml", ".eml"]
    assert catcher.folder.stat().st_mode & 0o077 == 0


def test_a_catcher_started_again_goes_on_after_what_it_caught_before(tmp_path: Path) -> None:
    for subject in ("First", "Second"):
        catcher = Catcher(tmp_path)
        catcher.start()
        deliver(catcher, message(subject=subject))
        catcher.stop()

    assert [caught.subject for caught in catcher.messages()] == ["Second", "First"]


def test_mail_of_others_that_has_no_html_no_date_and_broken_headers_is_shown_too(
    catcher: Catcher, mailbox: FlaskClient
) -> None:
    deliver(catcher, b"Message-ID: <[broken\r\nDate: yesterday\r\nFrom: \xff\r\n\r\nHello there\r\n")

    assert b"(no subject)" in mailbox.get("/").data
    page = mailbox.get(f"/message/{catcher.messages()[0].id}")
    assert page.status_code == 200
    assert b"Hello there" in page.data


def test_an_address_beyond_ascii_is_shown_as_it_is(catcher: Catcher, mailbox: FlaskClient) -> None:
    with SMTP("127.0.0.1", catcher.smtp_port, timeout=5) as smtp:
        smtp.sendmail("surveys@mande.test", ["jürgen@example.org"], message(to="jürgen@example.org"), ["SMTPUTF8"])

    assert "jürgen@example.org" in mailbox.get("/").text


def test_an_empty_mailbox_says_what_will_come(mailbox: FlaskClient) -> None:
    page = mailbox.get("/").text

    assert "0 messages" in page
    assert "They arrive when the worker sends what is due" in page


def test_the_list_can_be_narrowed_by_recipient_subject_and_kind(catcher: Catcher, mailbox: FlaskClient) -> None:
    deliver(
        catcher,
        message(name="Ana Silva", subject="Your view"),
        message(name="José Çelik", subject="Your view"),
        message(name="José Çelik", subject="Still open", kind="reminder"),
    )

    assert "3 messages, the newest first" in mailbox.get("/").text
    assert "2 of 3 messages" in mailbox.get("/", query_string={"q": "josé"}).text
    assert "1 of 3 messages" in mailbox.get("/", query_string={"q": "JOSÉ view"}).text
    assert "1 of 3 messages" in mailbox.get("/", query_string={"kind": "reminder"}).text
    assert "No message is like that" in mailbox.get("/", query_string={"q": "silva", "kind": "reminder"}).text


def test_a_message_is_shown_with_its_headers_and_its_three_faces(catcher: Catcher, mailbox: FlaskClient) -> None:
    deliver(catcher, message(subject="<b>Bold</b>"))
    address = f"/message/{catcher.messages()[0].id}"

    page = mailbox.get(address).text
    for shown in ("Example House &lt;surveys@mande.test&gt;", "Ana Example &lt;ana@example.org&gt;",
                  "Robin &lt;robin@example.org&gt;", "&lt;b&gt;Bold&lt;/b&gt;", "Thu 10 June 2021, 08:05 UTC",
                  "Invitation", f'<iframe src="{address}/body"'):  # fmt: skip
        assert shown in page
    text = mailbox.get(f"{address}/text").text
    assert (
        '<a href="http://mande.test/r/abc" rel="noopener noreferrer" target="_blank">http://mande.test/r/abc</a>'
        in text
    )
    assert "Content-Transfer-Encoding: quoted-printable" in mailbox.get(f"{address}/source").text


def test_the_html_of_a_message_is_framed_so_that_it_can_run_and_load_nothing(
    catcher: Catcher, mailbox: FlaskClient
) -> None:
    deliver(catcher, message())
    address = f"/message/{catcher.messages()[0].id}"

    body = mailbox.get(f"{address}/body")
    policy = body.headers["Content-Security-Policy"]
    assert '<a target="_blank" rel="noreferrer" class="button" href="http://mande.test/r/abc">' in body.text
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "allow-scripts" not in policy
    assert "script-src" not in policy
    assert body.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert body.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-src 'self'" in mailbox.get(address).headers["Content-Security-Policy"]


@pytest.mark.parametrize("id_", ["000009-deadbeef", "..%2f..%2fsecret", "000001-xyz", "x"])
def test_what_is_not_in_the_mailbox_is_not_found(mailbox: FlaskClient, catcher: Catcher, id_: str) -> None:
    (catcher.folder.parent / "secret.eml").write_bytes(message())

    for path in (f"/message/{id_}", f"/message/{id_}/body", f"/message/{id_}/source"):
        assert mailbox.get(path).status_code == 404
