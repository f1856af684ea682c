"""PDFs of pages of HTML, accessible and fit to be kept (PDF/UA-1 and PDF/A-3a), and pictures of drawings. They are made
in child processes, so that a runaway page can harm nobody else.

A press (see `press`) is a process that has loaded what making a PDF needs, and forks a child for each job, which may
use so much memory and time and no network (see `child`). Presses stay for the next job, and end with this process.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import IO
from typing import cast

from mande.config import ROOT
from mande.pdf import frames
from mande.pdf.job import Attached
from mande.pdf.job import Job
from mande.pdf.job import Progress
from mande.pdf.job import pack

__all__ = ["Attached", "Progress", "RenderingError", "Told", "end_presses", "picture", "render", "write"]

WALL_SECONDS = 300
KEPT = 2
WIDEST = 8000
"""Pixels of a picture."""

Told = Callable[[Progress], None]


class RenderingError(Exception):
    """The file could not be made. The text says why."""


class _Press:
    """A press at work for this process, and nobody else: it does one job at a time."""

    def __init__(self) -> None:
        # It needs no setting and no key of ours: it is given a path to find programs and fonts, and nothing else.
        surroundings = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        # The same input gives the same bytes, wherever and whenever it is made.
        surroundings |= {"PYTHONHASHSEED": "0", "TZ": "UTC", "SOURCE_DATE_EPOCH": "0"}
        self.owner = os.getpid()
        process = subprocess.Popen(
            [sys.executable, "-m", "mande.pdf.press"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=ROOT, env=surroundings, start_new_session=True,
        )  # fmt: skip
        self.process = process
        self.pipes = (cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout))

    def make(self, packed: bytes, told: Told | None, seconds: float) -> bytes:
        """The file that comes of a job. Raises RenderingError; after `seconds` the press and its child are killed."""
        jobs, answers = self.pipes
        timer = Timer(seconds, self.kill)
        timer.start()
        try:
            frames.write(jobs, packed)
            while (answer := frames.read(answers)) is not None and answer.startswith(frames.TOLD):
                if told:
                    told(Progress(*json.loads(answer[1:])))
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


def render(
    html: str,
    attached: Sequence[Attached] = (),
    told: Told | None = None,
    seconds: float = WALL_SECONDS,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF of a page, with files inside it. Raises RenderingError after `seconds`, or if the child gives up.

    `told` hears of each step and page. `files` are what the page may refer to, by the address under which it does. The
    same input gives the same bytes.
    """
    return _made(Job(html, attached, files or {}), told, seconds)


def picture(svg: str, width: int) -> bytes:
    """The PNG of a drawing that has a view box, `width` pixels wide, on white. Raises RenderingError, ValueError."""
    if not 0 < width <= WIDEST:
        raise ValueError(f"A picture is 1 to {WIDEST} pixels wide.")
    return _made(Job(svg, width=width), None, WALL_SECONDS)


def _made(job: Job, told: Told | None, seconds: float) -> bytes:
    press = _take()
    try:
        made = press.make(pack(job), told, seconds)
    except BaseException:
        # Whatever it was, there may be an answer on the way that belongs to no later job.
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
