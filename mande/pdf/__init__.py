"""Accessible PDFs (PDF/UA-1) of pages of HTML, made in child processes, so that a runaway page can harm nobody else.

A press (see `press`) is a process that has loaded what making a PDF needs, and forks a child for each page, which may
use so much memory and time and no network (see `child`). Presses stay for the next page, and end with this process.
"""

import atexit
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import IO
from typing import cast

from mande.config import ROOT
from mande.pdf import frames

WALL_SECONDS = 120
KEPT = 2


class RenderingError(Exception):
    """The PDF could not be made. The text says why."""


class _Press:
    """A press at work for this process, and nobody else: it prints one page at a time."""

    def __init__(self) -> None:
        # It needs no setting and no key of ours: it is given a path to find programs and fonts, and nothing else.
        surroundings = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.owner = os.getpid()
        process = subprocess.Popen(
            [sys.executable, "-m", "mande.pdf.press"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=ROOT, env=surroundings, start_new_session=True,
        )  # fmt: skip
        self.process = process
        self.pipes = (cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout))

    def make(self, html: str, seconds: float) -> bytes:
        """The PDF of a page. Raises RenderingError; after `seconds` the press and its child are killed."""
        page, answers = self.pipes
        timer = Timer(seconds, self.kill)
        timer.start()
        try:
            frames.write(page, html.encode())
            answer = frames.read(answers)
        except OSError:
            answer = None
        finally:
            in_time = timer.is_alive()
            timer.cancel()
        if answer is None:
            problem = "could not be made: its process ended" if in_time else f"was not ready after {seconds:g} seconds"
            raise RenderingError(f"The PDF {problem}.")
        if not answer.startswith(frames.DONE):
            raise RenderingError(f"The PDF could not be made: {answer[1:].decode()}")
        return answer[1:]

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Lets it go, with its pipes."""
        self.kill()
        for pipe in self.pipes:
            with suppress(OSError):
                pipe.close()
        self.process.wait()


_idle: list[_Press] = []


def render(html: str, seconds: float = WALL_SECONDS) -> bytes:
    """The PDF (variant UA-1) of a page. Raises RenderingError after `seconds`, or if the child gives up."""
    press = _take()
    try:
        made = press.make(html, seconds)
    except RenderingError:
        press.end()
        raise
    _put_back(press)
    return made


def write(path: Path, data: bytes) -> None:
    """Writes the file whole or not at all, so that nobody opens half a document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def _take() -> _Press:
    """A press that waits, or a new one. One that an ancestor of this process has started is the ancestor's."""
    while _idle:
        with suppress(IndexError):
            press = _idle.pop()
            if press.owner == os.getpid() and press.process.poll() is None:
                return press
    return _Press()


def _put_back(press: _Press) -> None:
    if len(_idle) < KEPT:
        _idle.append(press)
    else:
        press.end()


@atexit.register
def end_presses() -> None:
    """Ends the presses of this process that wait for work."""
    while _idle:
        press = _idle.pop()
        if press.owner == os.getpid():
            press.end()
