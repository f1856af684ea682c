"""The same pages on the real server, Granian: requests a second over four connections, and processor time of each.

The bare view and the application live in one process of one server, so that all that differs is the view.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from benchmarks.pages import FORM
from benchmarks.pages import answers
from benchmarks.pages import bare_view
from benchmarks.pages import complete
from benchmarks.timing import Line
from benchmarks.world import World
from benchmarks.world import settings
from mande import create_app

CONNECTIONS = 4
SECONDS = 3.0
SPENT = "/spent"


def measure(world: World) -> Iterator[Line]:
    links = world.links[-CONNECTIONS:]
    for link in links:
        complete(world.app, link, submit=False)
    kinds = {
        "Bare Flask view": ([get("/")] * CONNECTIONS, ""),
        "Page of a section": ([get(f"{link}/section/1") for link in links], "at most 8"),
        "Saving a section": ([post(f"{link}/section/1", answers(world.app, link)) for link in links], "at most 10"),
    }
    with served(world.folder) as port:
        bare = (0.0, 0.0)
        for name, (requests, aim) in kinds.items():
            rate, spent = load(port, requests)
            bare = bare if bare[0] else (rate, spent)
            first = name == "Bare Flask view"
            compared = (None, "") if first else (spent / bare[1], "a bare view")
            yield Line(f"{name}: processor time", f"{1e6 * spent:.0f} µs", *compared, "" if first else aim)
            fewer = (None, "") if first else (bare[0] / rate, "fewer than of a bare view")
            yield Line(f"{name}: requests a second", f"{rate:,.0f}", *fewer)


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The port of a server, in a process of its own, with the application on the database in `folder`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.serving", str(folder), str(port)])
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def load(port: int, requests: list[bytes]) -> tuple[float, float]:
    """Sends each request again and again over a connection of its own: answers a second, and the server's processor
    seconds for one of them. Raises RuntimeError where an answer is an error.
    """
    counts = [0] * len(requests)
    _run(port, requests, counts, 0.5)
    counts[:] = [0] * len(requests)
    before, began = float(_once(port, get(SPENT))), time.perf_counter()
    _run(port, requests, counts, SECONDS)
    seconds, spent = time.perf_counter() - began, float(_once(port, get(SPENT))) - before
    return sum(counts) / seconds, spent / sum(counts)


def _run(port: int, requests: list[bytes], counts: list[int], seconds: float) -> None:
    until = time.perf_counter() + seconds
    threads = [Thread(target=_repeat, args=(port, asked, counts, turn, until)) for turn, asked in enumerate(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not all(counts):
        raise RuntimeError("the server gave an error, or nothing")


def _repeat(port: int, asked: bytes, counts: list[int], turn: int, until: float) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while time.perf_counter() < until:
            connection.sendall(asked)
            status, _body = receive(connection)
            if status >= 400:
                counts[turn] = 0
                return
            counts[turn] += 1


def receive(connection: socket.socket) -> tuple[int, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(65536)
    return int(head[9:12]), body


def _once(port: int, asked: bytes) -> str:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(asked)
        return receive(connection)[1].decode()


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            _once(port, get("/"))
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def _both(folder: Path) -> object:
    """The application under /r/ and a bare view elsewhere; how much processor time the process has taken at /spent."""
    bare, app = bare_view(), create_app(settings(folder))
    bare.add_url_rule(SPENT, "spent", lambda: str(time.process_time()))
    return lambda environ, start: (app if environ["PATH_INFO"].startswith("/r/") else bare)(environ, start)


if __name__ == "__main__":
    from granian.constants import Interfaces
    from granian.server import Server

    place, at = Path(sys.argv[1]), int(sys.argv[2])
    server = Server("bench", port=at, interface=Interfaces.WSGI, workers=1, blocking_threads=CONNECTIONS,
                    log_enabled=False)  # fmt: skip
    server.serve(target_loader=lambda: _both(place), wrap_loader=False)
