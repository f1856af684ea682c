"""Accessible PDFs (PDF/UA-1) of pages of HTML, made in a child process, so that a runaway page can harm nobody else.

The child gets the page on its standard input and may use so much memory and time and no network (see `child`).
"""

import os
import subprocess
import sys
from pathlib import Path

from mande.config import ROOT

WALL_SECONDS = 120


class RenderingError(Exception):
    """The PDF could not be made. The text says why."""


def render(html: str, seconds: float = WALL_SECONDS) -> bytes:
    """The PDF (variant UA-1) of a page. Raises RenderingError after `seconds`, or if the child gives up."""
    command = [sys.executable, "-m", "mande.pdf.child"]
    # The child needs no setting and no key of ours: it is given a path to find programs and fonts, and nothing else.
    surroundings = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and module)
            command, input=html.encode(), capture_output=True, timeout=seconds, cwd=ROOT, env=surroundings, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RenderingError(f"The PDF was not ready after {seconds:g} seconds.") from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise RenderingError(f"The PDF could not be made: {_reason(done.returncode, done.stderr)}")
    return done.stdout


def write(path: Path, data: bytes) -> None:
    """Writes the file whole or not at all, so that nobody opens half a document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_bytes(data)
    unfinished.replace(path)


def _reason(code: int, errors: bytes) -> str:
    if code < 0:
        return "it took more time or memory than a document may."
    lines = errors.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"the child ended with {code}."
