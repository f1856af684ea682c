"""What changed in a text, word by word. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\s+|[.,;:!?…()«»“”\"]|[^\s.,;:!?…()«»“”\"]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that both wordings have, or only the old, or only the new."""

    kind: Literal["same", "old", "new"]
    text: str


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Both wordings as one: the pieces that are not new make up the old text, those that are not old the new one.

    Texts that have little in common are given whole, one after the other, since a patchwork is harder to read.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.4:
        return tuple(_given([Piece("old", old), Piece("new", new)]))
    found: list[Piece] = []
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(before[start:end])))
        else:
            found += [Piece("old", "".join(before[start:end])), Piece("new", "".join(after[first:last]))]
    return tuple(_given(found))


def differ_in_words(old: str, new: str) -> bool:
    """Whether more has changed than capitals, spaces and punctuation."""
    return _words(old) != _words(new)


def _words(text: str) -> list[str]:
    """What is said: punctuation parts words, or stands at their ends, in every script."""
    spaced = (" " if unicodedata.category(one)[0] in "PZC" else one for one in unicodedata.normalize("NFC", text))
    return "".join(spaced).casefold().split()


def plain(found: tuple[Piece, ...]) -> str:
    """The pieces for a screen without colours: [-old-] and {+new+}."""
    marks = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in found)


def _given(found: list[Piece]) -> Iterator[Piece]:
    return (piece for piece in found if piece.text)
