"""Sending through the whole outbox against raw smtplib with one connection, to the same server."""

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.timing import Line
from benchmarks.world import world
from mande.mail import sending

MESSAGES = 1000

_SERVER = """
import socketserver

class Sink(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True  # as mail servers do

    def handle(self):
        say = lambda line: (self.wfile.write(line + b"\\r\\n"), self.wfile.flush())
        say(b"220 sink")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                say(b"354 go on")
                while self.rfile.readline() != b".\\r\\n":
                    pass
            if word == b"QUIT":
                return say(b"221 bye")
            say(b"250-sink\\r\\n250 PIPELINING" if word == b"EHLO" else b"250 ok")

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

with Server(("127.0.0.1", 0), Sink) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
"""


@contextmanager
def sink() -> Iterator[int]:
    """The port of an SMTP server, in a process of its own, that takes everything at once and keeps nothing."""
    process = subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def measure() -> Iterator[Line]:
    with sink() as port:
        raw = _raw(port)
        yield Line("Raw smtplib, one connection, a finished message", f"{MESSAGES / raw:.0f} messages/s")
        with world(MESSAGES, port):
            began = time.perf_counter()
            sent = 0
            while tally := sending.send_due().sent:
                sent += tally
            ours = time.perf_counter() - began
        if sent != MESSAGES:
            raise RuntimeError(f"{sent} of {MESSAGES} messages were sent")
        yield Line(
            "Through the outbox",
            f"{MESSAGES / ours:.0f} messages/s",
            raw / ours,
            "raw smtplib, messages a second",
            "at least 0.3",
        )


def _raw(port: int) -> float:
    text = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: A\r\n\r\n" + b"A line of text.\r\n" * 250
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for _ in range(MESSAGES):
            server.sendmail("a@example.org", ["b@example.org"], text)
    return time.perf_counter() - began
