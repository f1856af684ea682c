"""The process that makes PDFs, page after page, each in a child of its own.

    python -m mande.pdf.press

It loads WeasyPrint once, which takes longer than many a document, and forks for each page that comes in on standard
input. The child limits its own memory and time, makes the PDF and ends, so that nothing of one page reaches the next.
What goes out on standard output is the PDF, or why there is none. It ends when its owner does.
"""

import os
import sys
from contextlib import suppress

from mande.pdf import child
from mande.pdf import frames


def main() -> None:
    with suppress(Exception):
        # What is missing on this machine is told of each page, by its child.
        child.load()
    while (page := frames.read(sys.stdin.buffer)) is not None:
        frames.write(sys.stdout.buffer, print_one(page))


def print_one(page: bytes) -> bytes:
    """What a child made of a page: DONE and the PDF, or FAILED and why."""
    out, into = os.pipe()
    made_by = os.fork()
    if made_by == 0:
        os.close(out)
        with os.fdopen(into, "wb") as answer:
            answer.write(child.work(page))
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as answer:
        said = answer.read()
    _pid, status = os.waitpid(made_by, 0)
    if status == 0 and said:
        return said
    return frames.FAILED + b"it took more time or memory than a document may."


if __name__ == "__main__":
    main()
