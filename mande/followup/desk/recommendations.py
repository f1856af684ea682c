"""The list of recommendations in an outcome note, as somebody pastes it: which lines become an action. Pure."""

import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

# A dash of any length, a bullet of any shape, or what word processors make of one when they copy it.
_BULLET = re.compile(r"\s*(?:[-*+•‣◦∙·▪■●○►➢➤✓–—\uf0b7\uf0a7]|o(?=[ \t]))[ \t]*(?=\S)")
# A letter needs a bracket: "A. Name should" begins with a name.
_NUMBER = re.compile(
    r"\s*(?:[(\[]?\d{1,3}(?:\.\d{1,3})*[.)\]:]|[(\[]?(?:[a-z]|[ivx]{1,5})[)\]])[ \t]+(?=\S)", re.IGNORECASE
)
# "1.2 Do this": numbers of a section need no dot at their end; one number alone does, for it may begin a sentence.
_SECTION = re.compile(r"\s*\d{1,3}(?:\.\d{1,3})+[ \t]+(?=\S)")


@dataclass(frozen=True)
class Item:
    """A line, with those that go on from it. `listed`: it has a bullet or a number, or no line of the list has one."""

    text: str
    listed: bool


def parse(pasted: str) -> list[Item]:
    """The items of a list in their order, each on one line without its bullet or number.

    Where some lines have a bullet or a number, a line without one goes on from the line before it; after an empty line,
    and before the first of them, it is a heading or a remark: kept, but not `listed`. Where none has, each line is an
    item. No word is left out.
    """
    lines = [" ".join(line.split()) for line in pasted.splitlines()]
    if not any(map(_unmarked, lines)):
        return [Item(line, listed=True) for line in lines if line]
    return list(_joined(lines))


def _joined(lines: Sequence[str]) -> Iterator[Item]:
    words: list[str] = []
    listed = False
    for line in lines:
        own = _unmarked(line)
        if words and (own or not line or not listed):
            yield Item(" ".join(words), listed)
            words = []
        if own or line:
            listed = bool(own) or (listed and bool(words))
            words.append(own or line)
    if words:
        yield Item(" ".join(words), listed)


def _unmarked(line: str) -> str:
    """The line without its bullet or number; "" where it has none."""
    for mark in (_SECTION, _NUMBER, _BULLET):
        found = mark.match(line)
        if found:
            return line[found.end() :]
    return ""
