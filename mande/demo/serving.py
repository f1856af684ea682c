"""Keeps a finished demonstration up: the web server with its worker, the mail catcher, the mailbox page."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from werkzeug.serving import WSGIRequestHandler
from werkzeug.serving import make_server

from mande.demo.place import Place
from mande.mail.catcher_views import create_mailbox

PATIENCE = 30.0


class ServingError(Exception):
    """The server did not come up."""


class _Quiet(WSGIRequestHandler):
    """Writes no line for a request."""

    def log_request(self, *_args: object) -> None:
        return


@contextmanager
def mailbox(place: Place) -> Iterator[None]:
    """The page on which the demonstration's mail can be read, in a thread of this process."""
    server = make_server("127.0.0.1", place.mailbox_port, create_mailbox(place.mail), True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def web_and_worker(place: Place) -> Iterator["subprocess.Popen[bytes]"]:
    """`mande serve` in a process of its own, its clock running on from the story's end.

    Raises ServingError if it does not come up.
    """
    if _answers(place.port):
        raise ServingError(f"Port {place.port} is in use. Choose another with --port.")
    command = [sys.executable, "-m", "mande", "serve", "--port", str(place.port)]
    environment = {**os.environ, **place.environment()}
    process = subprocess.Popen(command, env=environment)  # noqa: S603 (our own command)
    try:
        _wait_until_up(process, place.port)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _wait_until_up(process: "subprocess.Popen[bytes]", port: int) -> None:
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience and process.poll() is None:
        if _answers(port):
            return
        time.sleep(0.2)
    raise ServingError(f"The web server did not come up on port {port}; what it said is above.")


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()
