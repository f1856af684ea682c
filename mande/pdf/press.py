"""The process that makes files, one after another, each in a child of its own.

    python -m mande.pdf.press

It loads WeasyPrint once, which takes longer than many a document, and forks for each job that comes in on standard
input. The child limits its own memory and time, makes the file and ends, so that nothing of one job reaches the next.
What goes out on standard output is how far it has come, and the file or why there is none. It ends when its owner does.
It gives way to whoever answers people who wait for a page.
"""

import os
import sys
from contextlib import suppress
from typing import IO

from mande.pdf import child
from mande.pdf import frames

NICE = 10


def main() -> None:
    os.nice(NICE)
    with suppress(Exception):
        # What is missing on this machine is told of each job, by its child.
        child.load()
    while (packed := frames.read(sys.stdin.buffer)) is not None:
        make_one(packed, sys.stdout.buffer)


def make_one(packed: bytes, owner: IO[bytes]) -> None:
    """Passes on what a child says of its job, up to DONE or FAILED. Where it ends without, its owner hears why."""
    out, into = os.pipe()
    made_by = os.fork()
    if made_by == 0:
        os.close(out)
        with os.fdopen(into, "wb") as pipe:
            child.work(packed, lambda body: frames.write(pipe, body))
        os._exit(0)
    os.close(into)
    last = b""
    with os.fdopen(out, "rb") as pipe:
        while (said := frames.read(pipe)) is not None:
            last = said[:1]
            frames.write(owner, said)
    os.waitpid(made_by, 0)
    if last not in (frames.DONE, frames.FAILED):
        frames.write(owner, frames.FAILED + b"it took more time or memory than a document may.")


if __name__ == "__main__":
    main()
