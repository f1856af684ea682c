"""Which records may be of one person: the same name, the same address at another domain, nearly the same name at one
organisation. Pure.
"""

from collections.abc import Collection
from collections.abc import Hashable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import Generic
from typing import TypeVar

from mande.events.words import plain_key

SAME_NAME = "the same name"
SAME_LOCAL_PART = "the same address at another domain"
SIMILAR_NAME = "nearly the same name at one organisation"
REASONS = (SAME_NAME, SAME_LOCAL_PART, SIMILAR_NAME)

ALIKE = 0.75
# Groups that are larger say nothing: a common name, an office's address, a word of half the names.
LARGEST = 12
OFFICES = frozenset({
    "admin", "ambassador", "assistant", "contact", "director", "embassy", "events", "hello", "info", "mail", "media",
    "office", "office1", "post", "press", "protocol", "reception", "registration", "registry", "secretariat",
})  # fmt: skip

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True)
class Record(Generic[Id]):
    """What is compared of a person. `addresses` are in lower case."""

    id: Id
    name: str
    organisation: str
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion(Generic[Id]):
    """Two records that may be of one person, and why."""

    one: Id
    other: Id
    reasons: tuple[str, ...]


def suggest(records: Sequence[Record[Id]], distinct: Collection[frozenset[Id]] = frozenset()) -> list[Suggestion[Id]]:
    """Pairs of records that may be of one person, the likeliest first; not those that are known to be `distinct`."""
    names = {one.id: frozenset(plain_key(one.name).split()) for one in records}
    spelt = {one.id: plain_key(one.name) for one in records}
    found: dict[tuple[Id, Id], list[str]] = {}
    pairs = (
        (SAME_NAME, _same_name(records, names)),
        (SAME_LOCAL_PART, _same_local_part(records, names)),
        (SIMILAR_NAME, _similar_name(records, names, spelt)),
    )
    for reason, some in pairs:
        for pair in some:
            reasons = found.setdefault(pair, [])
            if reason not in reasons and not (reason == SIMILAR_NAME and SAME_NAME in reasons):
                reasons.append(reason)
    wanted = [Suggestion(*pair, tuple(reasons)) for pair, reasons in found.items() if frozenset(pair) not in distinct]
    return sorted(wanted, key=lambda one: (-len(one.reasons), REASONS.index(one.reasons[0]), spelt[one.one]))


def _same_name(records: Sequence[Record[Id]], names: dict[Id, frozenset[str]]) -> Iterator[tuple[Id, Id]]:
    """Those whose names have the same words, in whatever order."""
    return _pairs((names[one.id], one.id) for one in records if len(names[one.id]) > 1)


def _same_local_part(records: Sequence[Record[Id]], names: dict[Id, frozenset[str]]) -> Iterator[tuple[Id, Id]]:
    parts = (
        (local, one.id)
        for one in records
        for local in {address.rpartition("@")[0] for address in one.addresses}
        if len(local) > 2 and local not in OFFICES
    )
    return (pair for pair in _pairs(parts) if names[pair[0]] & names[pair[1]])


def _similar_name(
    records: Sequence[Record[Id]], names: dict[Id, frozenset[str]], spelt: dict[Id, str]
) -> Iterator[tuple[Id, Id]]:
    """Those of one organisation whose names share a word: the rest is nearly the same, or one name has no rest."""
    sharing = (
        ((organisation, word), one.id)
        for one in records
        if (organisation := plain_key(one.organisation))
        for word in names[one.id]
        if len(word) > 2
    )
    for one, other in _pairs(sharing):
        shared = names[one] & names[other]
        left, right = ("".join(word for word in spelt[each].split() if word not in shared) for each in (one, other))
        if _alike(left, right) if left and right else len(shared) > 1:
            yield one, other


def _alike(left: str, right: str) -> bool:
    """Whether the rest of a name is an initial of the other's, or nearly the same."""
    shorter, longer = sorted((left, right), key=len)
    return longer.startswith(shorter) or SequenceMatcher(None, left, right).ratio() >= ALIKE


def _pairs(marked: Iterable[tuple[Hashable, Id]]) -> Iterator[tuple[Id, Id]]:
    """All pairs of ids that have a mark in common, each in the order in which its two first came."""
    by_mark: dict[Hashable, list[Id]] = {}
    for mark, one in marked:
        by_mark.setdefault(mark, []).append(one)
    for group in by_mark.values():
        if 1 < len(group) <= LARGEST:
            yield from combinations(group, 2)
