"""Whom a text may name of those who were there, so that a reader looks twice. Pure; a hint, and no more than that."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SHORTEST = 3
MOST_ALIKE = 3
"""A name that more people share points at none of them."""


@dataclass(frozen=True)
class Known:
    """The people and organisations that a text could give away."""

    parts: dict[str, tuple[str, ...]]
    organisations: tuple[str, ...]

    @classmethod
    def of(cls, people: Iterable[str], organisations: Iterable[str]) -> "Known":
        parts: dict[str, tuple[str, ...]] = {}
        for name in dict.fromkeys(people):
            for part in _WORDS.findall(name):
                if len(part) >= SHORTEST:
                    parts[part] = (*parts.get(part, ()), name)
        few = {part: names for part, names in parts.items() if len(names) <= MOST_ALIKE}
        return cls(few, tuple(dict.fromkeys(one for one in organisations if len(one) >= SHORTEST)))

    def named_in(self, text: str) -> list[str]:
        """The names of which a part stands in the text, written as it is, and the organisations, however written."""
        people = [name for word in _WORDS.findall(text) for name in self.parts.get(word, ())]
        lower = text.casefold()
        return list(dict.fromkeys([*people, *(one for one in self.organisations if _stands(one.casefold(), lower))]))


def _stands(words: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None
