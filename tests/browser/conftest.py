"""Fixtures of tests that drive Chromium against the running application, on SQLite.

`live` is the application and its address, `page_without_scripts` a page of a browser whose JavaScript is off,
`page_with_scripts` one whose JavaScript is on (for axe, which is a script; our pages hold none).
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import expect
from playwright.sync_api import sync_playwright
from werkzeug.serving import WSGIRequestHandler
from werkzeug.serving import make_server

from mande import create_app
from tests import quicker
from tests.conftest import make_settings

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE = (360, 740)
# How long anything may take, in milliseconds: the machine may be busy with something else.
PATIENCE = 30_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Live:
    """The application, and where it listens. `app` has a context while a test runs."""

    app: Flask
    url: str


class _Quiet(WSGIRequestHandler):
    # A kept-alive connection would hold a thread of the server until the browser closes it.
    protocol_version = "HTTP/1.0"

    def log(self, type: str, message: str, *args: object) -> None:
        """Requests are not the test's business."""


@pytest.fixture
def live(sqlite_template: Path, tmp_path: Path) -> Iterator[Live]:
    path = tmp_path / "mande.db"
    shutil.copy(sqlite_template, path)
    app = create_app(make_settings(f"sqlite:///{path}", var=tmp_path / "var"))
    quicker.share_templates(app)
    app.testing = True
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with app.app_context():
        yield Live(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["mande.db"].engine.dispose()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this folder. No other test may run beside it: its event loop holds the thread."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page in a context of its own, on a telephone's screen where `options` name no other.

    Without motion, a colour is the new one as soon as it has changed.
    """
    width, height = PHONE
    usual: dict[str, Any] = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce"}
    with browser.new_context(**{**usual, **options}) as context:
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(PATIENCE)
        yield context.new_page()


@pytest.fixture
def page_without_scripts(browser: Browser, live: Live) -> Iterator[Page]:
    """A page on a telephone's screen; `page.set_viewport_size` makes it another's."""
    with open_page(browser, base_url=live.url, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def page_with_scripts(browser: Browser, live: Live) -> Iterator[Page]:
    with open_page(browser, base_url=live.url) as page:
        yield page
