"""Measuring: the median of several rounds, in processor time of this process."""

import statistics
import time
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured, in which unit, against what, and the aim."""

    what: str
    value: str
    ratio: float | None = None
    against: str = ""
    aim: str = ""


def cpu_seconds(work: Callable[[], object], times: int) -> float:
    """Processor seconds of one call: the median of seven rounds of `times` calls, after one round to warm up."""
    return statistics.median(_rounds(work, times, time.process_time))


def in_turns(works: Mapping[str, Callable[[], object]], rounds: int = 300) -> dict[str, float]:
    """Processor seconds of one call of each, which take turns: medians, after some rounds to warm up."""
    measured: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds + 20):
        for name, work in works.items():
            began = time.process_time()
            work()
            measured[name].append(time.process_time() - began)
    return {name: statistics.median(times[20:]) for name, times in measured.items()}


def wall_seconds(work: Callable[[], object], times: int = 1, rounds: int = 3) -> float:
    """Seconds of one call on the clock: the median of some rounds, after one to warm up."""
    return statistics.median(_rounds(work, times, time.perf_counter, rounds))


def _rounds(work: Callable[[], object], times: int, read: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    measured = []
    for _ in range(rounds + 1):
        began = read()
        for _ in range(times):
            work()
        measured.append((read() - began) / times)
    return measured[1:]
