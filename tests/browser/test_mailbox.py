"""The demonstration's mailbox as somebody sees it: scripts off, links that lead out of it."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect
from werkzeug.serving import make_server

from mande.mail import mime
from mande.mail.catcher_views import create_mailbox
from tests.browser import looking
from tests.browser.conftest import open_page


class Destination(BaseHTTPRequestHandler):
    """Where a link of a message leads. Remembers the headers with which it was asked."""

    seen: list[dict[str, str]]

    def do_GET(self) -> None:
        self.seen.append(dict(self.headers))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Arrived</title><form action=/><button>Start</button></form>")

    def log_message(self, *_arguments: object) -> None:
        """Says nothing."""


@pytest.fixture
def destination() -> Iterator[str]:
    Destination.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Destination)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def mailbox(tmp_path: Path, destination: str) -> Iterator[str]:
    """The address of a mailbox that holds one message, whose HTML also tries what it must not be able to."""
    html = (
        f'<!doctype html><html lang="en"><head><title>Hello</title></head><body><p>Dear Ana</p>'
        f'<p><a href="{destination}/r/abc">Answer</a></p><img src="{destination}/pixel" alt="">'
        "<script>document.title = 'ran'; parent.document.title = 'ran'</script></body></html>"
    )
    headers = [
        mime.mailbox_header("From", "Example House", "surveys@mande.test"),
        mime.mailbox_header("To", "Ana Silva", "ana@example.org"),
        mime.header("Subject", "Your view of the meeting"),
        mime.header("Date", "Thu, 10 Jun 2021 08:05:00 +0000"),
    ]
    text = f"Dear Ana\n{destination}/r/abc\n"
    (tmp_path / "000001-0123abcd.eml").write_bytes(mime.assemble(headers, text, html))
    server = make_server("127.0.0.1", 0, create_mailbox(tmp_path), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with open_page(browser, java_script_enabled=False) as page:
        yield page


def test_a_message_is_read_and_its_link_opens_a_new_tab_that_does_not_know_where_from(
    page: Page, mailbox: str, destination: str
) -> None:
    page.goto(mailbox)
    looking.press(page, page.get_by_role("link", name="Your view of the meeting"))
    expect(page.get_by_text("Ana Silva <ana@example.org>")).to_be_visible()

    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Answer").click()

    tab = opened.value
    expect(tab).to_have_url(f"{destination}/r/abc")
    expect(tab).to_have_title("Arrived")
    looking.press_button(tab, "Start")
    assert all("Referer" not in headers or mailbox not in headers["Referer"] for headers in Destination.seen)


def test_a_message_runs_no_script_and_fetches_nothing(browser: Browser, mailbox: str) -> None:
    with open_page(browser) as page:
        page.goto(f"{mailbox}/message/000001-0123abcd")
        expect(page.frame_locator("iframe").get_by_text("Dear Ana")).to_be_visible()
        page.wait_for_load_state("networkidle")

        expect(page).to_have_title("Your view of the meeting – Mailbox of the demonstration")
        assert Destination.seen == []


def test_the_plain_text_leads_out_as_well(page: Page, mailbox: str, destination: str) -> None:
    page.goto(f"{mailbox}/message/000001-0123abcd")
    looking.press(page, page.get_by_role("link", name="Plain text"))

    with page.expect_popup() as opened:
        page.get_by_role("link", name=f"{destination}/r/abc").click()

    expect(opened.value).to_have_title("Arrived")


@pytest.mark.parametrize("path", ["/", "/message/000001-0123abcd", "/message/000001-0123abcd/text",
                                  "/message/000001-0123abcd/source", "/?q=nothing"])  # fmt: skip
def test_the_pages_have_no_flaw_that_axe_can_find_and_fit_a_small_screen(
    browser: Browser, mailbox: str, path: str
) -> None:
    with open_page(browser, bypass_csp=True) as page:
        page.goto(mailbox + path)

        assert looking.faults(page) == []
        assert looking.faults_in_the_dark(page) == []
        assert not looking.sticks_out(page, 360)
