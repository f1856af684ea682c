"""Passing on how far a document has come, but not more often than anybody looks. Pure."""

from collections.abc import Callable
from time import monotonic

from mande.pdf import Progress

EVERY_SECONDS = 1.0


class Teller:
    """What hears of the progress: `write` gets `step`, `steps` and `page` as a row may hold them."""

    def __init__(self, write: Callable[[dict[str, int]], None], now: Callable[[], float] = monotonic) -> None:
        self._write, self._now = write, now
        self._next = now()

    def __call__(self, progress: Progress) -> None:
        if self._now() < self._next:
            return
        self._next = self._now() + EVERY_SECONDS
        steps = max(0, progress.steps)
        self._write({"step": max(0, min(progress.step, steps)), "steps": steps, "page": max(0, progress.page)})
