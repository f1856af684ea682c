"""What the mail server will do to each message. It stands in the address, so that the server need not be told."""

import random
from collections.abc import Iterator
from enum import StrEnum


class Fate(StrEnum):
    PLAIN = "plain"
    GREYLISTED = "greylisted"  # refused for now, twice
    DROPPED = "dropped"  # the connection is cut before the message is taken, once
    STALLED = "stalled"  # no answer to the message, which is not taken, once
    CUT = "cut"  # taken, and the connection cut instead of saying so, once
    LATE = "late"  # taken, and no word about it, once
    FULL = "full"  # refused for now, always
    UNKNOWN = "unknown"  # refused for good, at the address
    REJECTED = "rejected"  # refused for good, at the message


FAILING = frozenset({Fate.FULL, Fate.UNKNOWN, Fate.REJECTED})
# Out of a hundred messages; the others are plain.
SHARES = {Fate.GREYLISTED: 10, Fate.DROPPED: 2, Fate.STALLED: 1, Fate.CUT: 2, Fate.LATE: 1, Fate.FULL: 2,
          Fate.UNKNOWN: 3, Fate.REJECTED: 2}  # fmt: skip
PACED = "paced.example"


def addresses(count: int, paced: int, seed: int) -> Iterator[str]:
    """So many addresses, each with its fate; `paced` of them are plain ones at the domain PACED."""
    chance = random.Random(seed)
    kinds, shares = [*SHARES, Fate.PLAIN], [*SHARES.values(), 100 - sum(SHARES.values())]
    for number in range(count):
        if number < paced:
            yield f"{Fate.PLAIN}-{number}@{PACED}"
        else:
            (fate,) = chance.choices(kinds, shares)
            yield f"{fate}-{number}@domain{number % 40}.example"


def fate_of(address: str) -> Fate:
    return Fate(address.partition("-")[0])
