"""How a text of a questionnaire stands in a cell, and how a cell of somebody else's form becomes a text. Pure."""

import re
from collections.abc import Callable

# Between the two signs with which a form would refer to an answer; each writing adds one, each reading takes one away.
_JOINER = "\u2060"
_REFERENCE = re.compile(r"\$(\u2060*)\{")
_JOINED = re.compile(r"\$(\u2060*)\u2060\{")
_PIPED = re.compile(r"\$\{\s*[^{}]*\}")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_BLANK = "\u2026"


def cell_of(text: str) -> str:
    """The text as a cell: what would be taken for a reference to an answer is kept apart."""
    return _REFERENCE.sub(lambda found: f"${found[1]}{_JOINER}{{", text)


def text_of(cell: str) -> str:
    """The text of a cell that we wrote."""
    return _JOINED.sub(lambda found: f"${found[1]}{{", cell)


def looks_formatted(text: str) -> bool:
    """Whether other programs would take part of it for formatting."""
    return any(pattern.search(text) for pattern in (_TAG, _EMPHASIS, _HEADING))


def plain(cell: str, note: Callable[[str, str], None]) -> str:
    """The text of a cell of somebody else's form: without formatting, braces doubled, an answer that it would have
    quoted left blank. `note` is told what went and what was done.
    """
    text = cell
    if _PIPED.search(text):
        note("quotes an earlier answer", f"{_BLANK!r} stands in its place")
        text = _PIPED.sub(_BLANK, text)
    bare = _HEADING.sub("", _EMPHASIS.sub(r"\2", _TAG.sub("", text)))
    if bare != text:
        note("is formatted", "the words were taken without it")
    return bare.replace("{", "{{").replace("}", "}}").strip()


def says_something(text: str) -> bool:
    """Whether anything is left beside what was left blank."""
    return any(sign.isalnum() for sign in text)
