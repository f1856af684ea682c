"""The one source of a message: plain lines, from which both its text and its HTML are made.

    Subject: What the message is about

    A paragraph. Line breaks in it are kept.

    - a list
    - of things
    [[?thing=small]] A choice about the last of them
    [[?thing=big]] Another one

    [[link]] The label of the button

    --
    Small print.

The mark [[link]] stands alone with its label, once at most. [[code]] stands for digits to be typed, anywhere in a
paragraph. Both stay marks until the message is sent. A choice is a button in the HTML alone: it leads to the link with
these words as its query.
"""

import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal

MARK = "[[link]]"
CODE_MARK = "[[code]]"
CHOICE = re.compile(r"\[\[\?([0-9a-z_=&]{1,100})\]\] (\S.*)")
Kind = Literal["paragraph", "list", "button"]

_SMALL_PRINT = re.compile(r"^--[ \t]*$", re.MULTILINE)
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), " ")


class LetterError(ValueError):
    """The source of a message is not written as it must be. The text says what is wrong."""


@dataclass(frozen=True)
class Choice:
    """One answer that can be given by a button: its label, and the query that the link has then."""

    label: str
    query: str


@dataclass(frozen=True)
class Block:
    """Lines that belong together. Of a button, the one line is its label. Of a list, each line may have choices."""

    kind: Kind
    lines: tuple[str, ...]
    small: bool = False
    choices: tuple[tuple[Choice, ...], ...] = ()


@dataclass(frozen=True)
class Letter:
    subject: str
    blocks: tuple[Block, ...]


def parse(source: str) -> Letter:
    """Reads a message's source. Raises LetterError where the subject or the one place of the link is not clear."""
    head, _, body = source.strip().partition("\n")
    title = head.removeprefix("Subject:")
    if title == head or not title.strip():
        raise LetterError("A message begins with a line “Subject: …”.")
    if source.count(MARK) > 1 or MARK in head:
        raise LetterError(f"{MARK} may stand once in a message, and not in its subject.")
    blocks = tuple(_blocks(body))
    if MARK in body and not any(block.kind == "button" for block in blocks):
        raise LetterError(f"{MARK} stands at the beginning of a line of its own, before the label of the button.")
    return Letter(one_line(title), blocks)


def as_text(letter: Letter) -> str:
    """The body as plain text, with the mark on a line of its own. Ends with a line break."""
    paragraphs: list[str] = []
    small = False
    for block in letter.blocks:
        text = "\n".join(_as_lines(block))
        if block.small and not small:
            small = True
            text = f"-- \n{text}"  # the blank after the dashes is how mail programs know a signature
        paragraphs.append(text)
    return "\n\n".join(paragraphs) + "\n"


def one_line(value: object) -> str:
    """`value` as text that cannot make a line, a subject or a link of its own, whatever a person has typed."""
    text = " ".join(str(value).translate(_CONTROLS).split())
    return re.sub(r"\[{2,}", "[", text)


def _blocks(body: str) -> Iterator[Block]:
    main, _dashes, small_print = _SMALL_PRINT.sub("\0", body, count=1).partition("\0")
    for part, small in ((main, False), (small_print, True)):
        for paragraph in re.split(r"\n\s*\n", part):
            lines = _with_choices(line.strip() for line in paragraph.splitlines() if line.strip())
            for kind, group in groupby(lines, key=itemgetter(0)):
                _kinds, words, choices = zip(*group, strict=True)
                yield Block(kind, words, small, choices if any(choices) else ())


def _with_choices(lines: Iterable[str]) -> list[tuple[Kind, str, tuple[Choice, ...]]]:
    found: list[tuple[Kind, str, tuple[Choice, ...]]] = []
    for line in lines:
        choice = CHOICE.fullmatch(line)
        if choice is None:
            found.append((*_read(line), ()))
        elif found and found[-1][0] == "list":
            kind, words, choices = found.pop()
            found.append((kind, words, (*choices, Choice(choice[2], choice[1]))))
        else:
            raise LetterError("A choice stands below the line of a list that it is about.")
    return found


def _read(line: str) -> tuple[Kind, str]:
    if line.startswith(f"{MARK} "):
        return "button", line.removeprefix(MARK).strip()
    if line.startswith("- "):
        return "list", line[2:].strip()
    return "paragraph", line


def _as_lines(block: Block) -> Iterator[str]:
    if block.kind == "button":
        return iter((block.lines[0], MARK))
    return (f"- {line}" if block.kind == "list" else line for line in block.lines)
