"""The child process that makes one file: it limits its own memory and time before it looks at the page, opens no
connection, and reads no file but our fonts.
"""

import json
import logging
import resource
from collections.abc import Callable
from dataclasses import astuple

from mande.pdf import frames
from mande.pdf import job
from mande.pdf.job import Progress

MEMORY = 3 * 1024**3
CPU_SECONDS = 240

Answer = Callable[[bytes], None]


def limit() -> None:
    """Memory and processor time of this process, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def load() -> None:
    """Loads what making a file needs, so that children have it from the beginning."""
    from mande.pdf import drawn  # noqa: F401
    from mande.pdf import fonts
    from mande.pdf import lettering
    from mande.pdf import printing  # noqa: F401

    fonts.folders()
    lettering.set_whole()
    logging.getLogger("fontTools").setLevel(logging.ERROR)


def work(packed: bytes, answer: Answer) -> None:
    """Answers what becomes of a job, within the limits of this process: how far it has come, and what came of it."""
    limit()
    try:
        answer(frames.DONE + _made(job.unpack(packed), answer))
    except MemoryError:
        answer(frames.FAILED + b"it took more memory than a document may.")
    except BaseException as error:  # what a page may not load is none of the usual exceptions
        answer(frames.FAILED + f"{type(error).__name__}: {error}".encode())


def _made(wanted: job.Job, answer: Answer) -> bytes:
    from mande.pdf import drawn
    from mande.pdf import printing

    def tell(progress: Progress) -> None:
        answer(frames.TOLD + json.dumps(astuple(progress)).encode())

    return drawn.make(wanted.text, wanted.width) if wanted.width else printing.make(wanted, tell)
