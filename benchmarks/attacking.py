"""The attacker against thousands of events: what it finds out of all that was published of each, which is nothing; and
of editions each of which was made as if it were the first.
"""

import time
from collections.abc import Iterator

from benchmarks.timing import Line
from tests.attacking import actions
from tests.attacking import equations
from tests.attacking import solving
from tests.attacking import worlds

EVENTS = 2000
SEED = 100_000


def measure() -> Iterator[Line]:
    for what, attack in (("answers", _answers), ("planned actions", _actions)):
        began = time.monotonic()
        lost = sum(attack(seed, True) for seed in range(SEED, SEED + EVENTS))
        took = time.monotonic() - began
        without = sum(attack(seed, False) for seed in range(SEED, SEED + EVENTS // 10))
        found = f"{lost} of {EVENTS:,}; without the check {without} of {EVENTS // 10:,}"
        pace = f"{1000 * took / EVENTS:.0f} ms an event"
        yield Line(f"Random events whose editions tell of {what} what they must not", f"{found} ({pace})", aim="none")


def _answers(seed: int, remembering: bool) -> bool:
    world = worlds.world(seed).publish_all(remembering)
    return any(solving.solved(equations.Equations(world, code), world.k) for code in ("q1", "q2"))


def _actions(seed: int, remembering: bool) -> bool:
    return bool(actions.followed(seed, remembering).found())
