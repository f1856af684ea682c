"""Comparing what the mail server took with what the database says: whether the guarantee held."""

from collections import Counter
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from chaos.plan import FAILING
from chaos.plan import PACED
from chaos.plan import fate_of

# What a worker counts at the end of one minute it may offer at the beginning of the next.
SLACK = 2


@dataclass(frozen=True)
class Written:
    """A message as the database has it at the end. `withdrawn`: when it was cancelled while it waited, in seconds."""

    id: str
    to: str
    state: str
    withdrawn: float | None = None


@dataclass(frozen=True)
class Taken:
    """A message that the server took. `told`: it said so; otherwise nobody but the server knew."""

    id: str
    to: str
    at: float
    told: bool = True


@dataclass(frozen=True)
class Verdict:
    """What came of a run. `untold`: the server took a message and cut the connection before it said so."""

    messages: int
    kills: int
    sent: int
    failed: int
    withdrawn: int
    untold: int
    repeated_untold: int
    repeated_crash: int
    lost: int
    paced: int
    wrong: tuple[str, ...]


def judge(
    written: Sequence[Written],
    taken: Sequence[Taken],
    offered: Sequence[tuple[str, float]],
    kills: int,
    limit: int = 0,
) -> Verdict:
    """Counts, and says in `wrong` what the guarantee does not allow.

    `offered` is each address with when, in seconds; `limit` is how many a minute the domain PACED may be offered.
    """
    states = Counter(message.state for message in written)
    repeated_untold, repeated_crash = _repeated(taken)
    lost = list(_lost(written, {one.id for one in taken}))
    wrong = [*lost, *_sent_wrongly(written, taken)]
    if repeated_crash > kills:
        wrong.append(f"{repeated_crash} messages were repeated for {kills} crashes")
    paced = _busiest_minute(offered)
    if paced > limit + SLACK:
        wrong.append(f"{PACED} was offered {paced} messages in a minute")
    return Verdict(
        messages=len(written),
        kills=kills,
        sent=states["sent"],
        failed=states["failed"],
        withdrawn=states["cancelled"],
        untold=sum(not one.told for one in taken),
        repeated_untold=repeated_untold,
        repeated_crash=repeated_crash,
        lost=len(lost),
        paced=paced,
        wrong=tuple(wrong),
    )


def _repeated(taken: Sequence[Taken]) -> tuple[int, int]:
    """How many repeats there were: those for a taking that nobody was told of, and all others."""
    times = Counter(one.id for one in taken)
    untold = Counter(one.id for one in taken if not one.told)
    justified = sum(min(count - 1, untold[id_]) for id_, count in times.items())
    return justified, sum(times.values()) - len(times) - justified


def _lost(written: Sequence[Written], arrived: Collection[str]) -> Iterator[str]:
    for message in written:
        if message.state == "sent" and message.id not in arrived:
            yield f"{message.to} is marked as sent, and the server never took it"
        elif message.state == "failed" and fate_of(message.to) not in FAILING:
            yield f"{message.to} was given up, and the server would have taken it"
        elif message.state not in ("sent", "failed", "cancelled"):
            yield f"{message.to} is still {message.state}"


def _sent_wrongly(written: Sequence[Written], taken: Sequence[Taken]) -> Iterator[str]:
    by_address = {message.to: message for message in written}
    for one in taken:
        message = by_address[one.to]
        if one.id != message.id:
            yield f"{one.to} got a message with another Message-ID"
        if message.withdrawn is not None and one.at > message.withdrawn:
            yield f"{one.to} got a message that had been cancelled"


def _busiest_minute(offered: Sequence[tuple[str, float]]) -> int:
    """The most that the domain with a limit was offered within one minute of the clock."""
    minutes = Counter(int(at // 60) for address, at in offered if address.endswith(f"@{PACED}"))
    return max(minutes.values(), default=0)
