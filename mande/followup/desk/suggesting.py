"""Which intended outcome an action might belong under, by the words that both use. Pure, and no more than a hint."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

SHORTEST = 4
# Words of four letters and more that every sentence of this kind may hold.
_SAYS_LITTLE = """
about above after again against also among another around because been before being between both could does doing
during each event from further have having here into itself just like made make making more most must need only other
over participant same shall should some such than that their them then there these they thing this those through
towards under until very want well were what when where which while will with within without would your action meeting
outcome people plan planned work
"""
_COMMON = frozenset(_SAYS_LITTLE.split())
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ers", "ed", "es", "er", "e", "s", "y")


@dataclass(frozen=True)
class Suggestion:
    """The index of a theme, and the words because of which."""

    index: int
    words: tuple[str, ...]


def suggest(text: str, themes: Sequence[str]) -> Suggestion | None:
    """The theme that shares most words with a text. A word that several themes use counts less; None where no theme
    shares a word of its own, or two share as much.
    """
    used = [_words(theme) for theme in themes]
    in_how_many = Counter(word for words in used for word in words)
    own = _words(text)
    weights = [sum(1 / in_how_many[word] for word in words.keys() & own.keys()) for words in used]
    best = max(weights, default=0.0)
    if best < 1 or weights.count(best) > 1:
        return None
    index = weights.index(best)
    return Suggestion(index, tuple(own[word] for word in own if word in used[index]))


def _words(text: str) -> dict[str, str]:
    """The words that say something, as {beginning: as written}, in order."""
    found = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text).casefold())
    return {_stem(word): word for word in found if len(word) >= SHORTEST and word not in _COMMON}


def _stem(word: str) -> str:
    """A word without its ending, so that "trains", "training" and "trainer" are one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST - 1:
            return word[: -len(ending)]
    return word
