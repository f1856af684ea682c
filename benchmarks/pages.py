"""The respondent's pages against a bare Flask view, through WSGI in one process, on SQLite with full durability.

Requests take turns, one of each kind in a round, as they do on a server that people use. A bare view that is asked for
again and again and nothing else finds everything in the processor's caches, and takes half the time: it would be half
the yardstick.
"""

import io
import statistics
import time
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import EnvironBuilder

from benchmarks.timing import Line
from benchmarks.timing import cpu_seconds
from benchmarks.timing import in_turns
from benchmarks.world import World
from mande.demo.browser import Browser
from mande.demo.people import Plan
from mande.demo.people import fill

COMPLETIONS = 40
FORM = "application/x-www-form-urlencoded"
PLAN = Plan("bench@example.org", 0, "full", 10, 0.7, (), 1.0)


def measure(world: World) -> Iterator[Line]:
    app = world.app
    first, begun, resumed = world.links[0], world.links[1], world.links[2]
    app.test_client(use_cookies=False).post(f"{begun}/start", data={"route": "full"})
    complete(app, resumed, submit=False)
    bare = request(bare_view(), "GET", "/")
    works = {
        "Bare Flask view": (bare, ""),
        "Welcome page": (request(app, "GET", first), ""),
        "Page of a section, fresh": (request(app, "GET", f"{begun}/section/1"), "at most 8"),
        "Page of a section, resumed": (request(app, "GET", f"{resumed}/section/1"), "at most 8"),
        "The same, compressed for the wire": (request(app, "GET", f"{resumed}/section/1", compressed=True), ""),
        "Saving a section (sealed, committed)": (
            request(app, "POST", f"{resumed}/section/1", answers(app, resumed)),
            "at most 10",
        ),
        "All answers, to be checked": (request(app, "GET", f"{resumed}/check"), ""),
    }
    seconds = in_turns({name: work for name, (work, _aim) in works.items()})
    unit = seconds["Bare Flask view"]
    for name, (_work, aim) in works.items():
        if name == "Bare Flask view":
            alone = cpu_seconds(bare, 400)
            yield Line(name, f"{1e6 * unit:.0f} µs ({1e6 * alone:.0f} µs where nothing else is asked for)")
        else:
            yield Line(name, f"{1e3 * seconds[name]:.2f} ms", seconds[name] / unit, "a bare view", aim)
    yield _completions(world, bare)


def _completions(world: World, bare: Callable[[], object]) -> Line:
    """A browser's journey, sent again for one person after another, with a request to the bare view after each of its
    own: the reader of the pages takes no part, and whatever is drawn once for everybody is drawn.
    """
    model, *others = world.links[3 : 4 + COMPLETIONS]
    journey = _journey(world.app, model)
    steps: list[list[float]] = [[] for _ in journey]
    plain: list[float] = []
    for link in others:
        for (method, path, body), seconds in zip(journey, steps, strict=True):
            work = request(world.app, method, path.replace(model, link), body)
            began = time.process_time()
            work()
            ended = time.process_time()
            bare()
            seconds.append(ended - began)
            plain.append(time.process_time() - ended)
    whole = sum(statistics.median(seconds) for seconds in steps)
    return Line(
        f"A whole questionnaire, from link to confirmation ({len(journey)} requests)",
        f"{1e3 * whole:.1f} ms",
        whole / statistics.median(plain),
        "a bare view",
        "at most 100",
    )


def _journey(app: Flask, link: str) -> list[tuple[str, str, bytes]]:
    """The requests of somebody who answers everything and submits: method, path and body of each."""
    inner, made = app.wsgi_app, []

    def remembered(environ: Any, start_response: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        made.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], body))
        return inner({**environ, "wsgi.input": io.BytesIO(body)}, start_response)

    app.wsgi_app = remembered
    complete(app, link, submit=True)
    app.wsgi_app = inner
    return made


def bare_view() -> Flask:
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "Hello")
    return app


def request(app: Flask, method: str, path: str, body: bytes = b"", compressed: bool = False) -> Callable[[], int]:
    """A call that makes one request and returns the status; the request is built beforehand."""
    environ = EnvironBuilder(path=path, method=method, content_type=FORM).get_environ()
    environ["CONTENT_LENGTH"] = str(len(body))
    if compressed:
        environ["HTTP_ACCEPT_ENCODING"] = "gzip, deflate, br"

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


def answers(app: Flask, link: str) -> bytes:
    """What a browser sends with the first section of a questionnaire."""
    browser = Browser(app.test_client(use_cookies=False))
    browser.visit(f"{link}/section/1")
    form = browser.form("/section/1")
    fill(form, PLAN, {"comments": {"en": {}}}, "en")
    return urlencode(form.data(), doseq=True).encode()


def complete(app: Flask, link: str, submit: bool) -> None:
    """Answers a whole questionnaire, page by page."""
    browser = Browser(app.test_client(use_cookies=False))
    browser.visit(link)
    browser.send(browser.form("/start"))
    while "/section/" in browser.address:
        form = browser.form(urlsplit(browser.address).path)
        fill(form, PLAN, {"comments": {"en": {}}}, "en")
        browser.send(form)
    if submit:
        browser.send(browser.form("/submit"))
