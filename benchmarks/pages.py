"""The respondent's pages against a bare Flask view, through WSGI in one process, on SQLite."""

import io
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import EnvironBuilder

from benchmarks.timing import Line
from benchmarks.timing import cpu_seconds
from benchmarks.world import World
from mande.demo.browser import Browser
from mande.demo.people import Plan
from mande.demo.people import fill

COMPLETIONS = 40


def measure(world: World) -> Iterator[Line]:
    bare = cpu_seconds(_request(_bare(), "GET", "/"), 400)
    yield Line("Bare Flask view", f"{1e6 * bare:.0f} µs")
    fresh, resumed = world.links[0], world.links[1]
    _complete(world.app, resumed, submit=False)
    pages = {
        "Welcome page": (_request(world.app, "GET", fresh), ""),
        "Page of a section, resumed": (_request(world.app, "GET", f"{resumed}/section/1"), "at most 8"),
        "Saving a section (sealed, committed)": (_saving(world.app, resumed), "at most 10"),
    }
    for name, (work, aim) in pages.items():
        seconds = cpu_seconds(work, 40)
        yield Line(name, f"{1e3 * seconds:.2f} ms", seconds / bare, "a bare view", aim)
    remaining = iter(world.links[2:])
    with spent_inside(world.app) as spent:
        for _ in range(COMPLETIONS):
            _complete(world.app, next(remaining), submit=True)
    seconds = spent[0] / COMPLETIONS
    yield Line(
        "A whole questionnaire, from link to confirmation",
        f"{1e3 * seconds:.1f} ms",
        seconds / bare,
        "a bare view",
        "at most 100",
    )


@contextmanager
def spent_inside(app: Flask) -> Iterator[list[float]]:
    """Adds up the processor seconds that the application takes, and not those of whoever reads its pages."""
    inner, spent = app.wsgi_app, [0.0]

    def timed(environ: Any, start_response: Any) -> Any:
        began = time.process_time()
        try:
            return inner(environ, start_response)
        finally:
            spent[0] += time.process_time() - began

    app.wsgi_app = timed
    yield spent
    app.wsgi_app = inner


def _bare() -> Flask:
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "Hello")
    return app


def _request(app: Flask, method: str, path: str, body: bytes = b"") -> Callable[[], int]:
    """A call that makes one request and returns the status; the request is built beforehand."""
    builder = EnvironBuilder(path=path, method=method, content_type="application/x-www-form-urlencoded")
    environ = builder.get_environ()
    environ["CONTENT_LENGTH"] = str(len(body))

    def call() -> int:
        status: list[int] = []
        asked = {**environ, "wsgi.input": io.BytesIO(body)}
        result = app.wsgi_app(asked, lambda line, *_: status.append(int(line[:3])))
        b"".join(result)
        close = getattr(result, "close", None)
        if close:
            close()
        if status[0] >= 400:
            raise RuntimeError(f"{method} {path} gave {status[0]}")
        return status[0]

    return call


def _saving(app: Flask, link: str) -> Callable[[], int]:
    browser = Browser(app.test_client(use_cookies=False))
    browser.visit(f"{link}/section/1")
    form = browser.form("/section/1")
    fill(form, PLAN, {"comments": {"en": {}}}, "en")
    return _request(app, "POST", f"{link}/section/1", urlencode(form.data(), doseq=True).encode())


PLAN = Plan("bench@example.org", 0, "full", 10, 0.7, (), 1.0)


def _complete(app: Flask, link: str, submit: bool) -> None:
    browser = Browser(app.test_client(use_cookies=False))
    browser.visit(link)
    browser.send(browser.form("/start"))
    while "/section/" in browser.address:
        form = browser.form(urlsplit(browser.address).path)
        fill(form, PLAN, {"comments": {"en": {}}}, "en")
        browser.send(form)
    if submit:
        browser.send(browser.form("/submit"))
