"""Staff's own words for a message: plain text with {placeholders}, checked when saved and filled in when sent. Pure.

They are written as `letter` describes, with two differences: the link is `{link: The label of the button}` on a line of
its own, and a brace that stands for itself is doubled.
"""

import difflib
import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mande.mail import letter

SUBJECT_LENGTH = 150
TEXT_LENGTH = 6000
LABEL_LENGTH = 80

_PARTS = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_LINK = re.compile(r"link\s*:\s*(.*)", re.DOTALL)
_LINK_LINE = re.compile(r"\s*\{\s*link\s*:\s*([^{}\n]*)\}\s*")
_ONE_PLACEHOLDER = re.compile(r"\s*\{([^{}\n]*)\}\s*")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")

Field = Literal["subject", "text"]


@dataclass(frozen=True)
class Words:
    """A subject and a text as staff typed them."""

    subject: str
    text: str


@dataclass(frozen=True)
class Offer:
    """What the words for one message may use. `sentences` may be empty or of several lines, so not in a subject."""

    names: Collection[str]
    sentences: Collection[str]
    has_link: bool


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field. `line` counts from 1 in the text; 0 where it is about the whole field."""

    field: Field
    what: str
    line: int = 0

    def __str__(self) -> str:
        return f"Line {self.line}: {self.what}" if self.line else self.what


class MissingError(ValueError):
    """A placeholder that there is nothing for in this message."""


def normalised(subject: str, text: str) -> Words:
    """What was typed with line breaks as the database keeps them, and without control characters."""
    lines = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return Words(" ".join(_CONTROLS.sub("", subject).split()), "\n".join(line.rstrip() for line in lines).strip("\n"))


def check(words: Words, offer: Offer, unsaid: Collection[str] = ()) -> list[Problem]:
    """All that is wrong with words that are `normalised`. `unsaid` are words of which none may occur."""
    return [*_subject(words.subject, offer), *_text(words.text, offer), *_forbidden(words, unsaid)]


def says_any(words: Words, unsaid: Collection[str]) -> bool:
    """Whether one of the words that may not occur does."""
    return any(True for _found in _forbidden(words, unsaid))


def source(words: Words, say: Callable[[str], str | None]) -> str:
    """The words as the source of a `letter`, with what `say` has for each placeholder: text, of several lines perhaps.

    Raises MissingError where it has None.
    """
    lines = [line for typed in words.text.split("\n") for line in _filled(typed, say)]
    return "\n".join((f"Subject: {_inline(words.subject, say)}", "", *lines, ""))


def with_link(text: str) -> str:
    """The text of a `letter` with its link as staff write it."""
    return re.sub(rf"^{re.escape(letter.MARK)} (.*)$", r"{link: \1}", text, flags=re.MULTILINE)


def _subject(subject: str, offer: Offer) -> Iterator[Problem]:
    if not subject:
        yield Problem("subject", "Write a subject: a message without one is taken for unwanted.")
    if len(subject) > SUBJECT_LENGTH:
        yield Problem("subject", f"This is too long: {len(subject)} characters, of {SUBJECT_LENGTH} at most.")
    for name in _names(subject):
        if name is not None and (name == "link" or _LINK.fullmatch(name)):
            yield Problem("subject", "The link cannot stand in the subject.")
        elif name in offer.sentences:
            yield Problem("subject", f"{{{name}}} is a sentence of its own and can stand only in the text.")
        else:
            yield from _unknown("subject", name, offer.names)


def _text(text: str, offer: Offer) -> Iterator[Problem]:
    if not text.strip():
        yield Problem("text", "Write what the message says.")
        return
    if len(text) > TEXT_LENGTH:
        yield Problem("text", f"This is too long: {len(text)} characters, of {TEXT_LENGTH} at most.")
    links = 0
    for number, line in enumerate(text.split("\n"), 1):
        for name in _names(line):
            found = _LINK.fullmatch(name) if name is not None else None
            if found or name == "link":
                links += 1
                yield from _link(line, found.group(1) if found else "", number, offer)
            else:
                yield from _unknown("text", name, {*offer.names, *offer.sentences}, number)
        if letter.MARK in line:
            yield Problem("text", "The link is written {link: Answer the questions}.", number)
    if offer.has_link and links == 0:
        yield Problem("text", "The link is missing. Write {link: Answer the questions} on a line of its own.")
    if offer.has_link and links > 1:
        yield Problem("text", f"The link may stand once; here it stands {links} times.")


def _link(line: str, label: str, number: int, offer: Offer) -> Iterator[Problem]:
    if not offer.has_link:
        yield Problem("text", "This message has no link: there is nothing left to answer when it goes out.", number)
    elif not label.strip():
        yield Problem("text", "Say what the button is to be called: {link: Answer the questions}.", number)
    elif len(label) > LABEL_LENGTH:
        yield Problem("text", f"A button can be called by {LABEL_LENGTH} characters at most.", number)
    elif not _LINK_LINE.fullmatch(line):
        yield Problem("text", "The link stands on a line of its own, with nothing before or after it.", number)


def _unknown(field: Field, name: str | None, known: Collection[str], line: int = 0) -> Iterator[Problem]:
    if name is None:
        yield Problem(field, "A brace that stands for itself is written twice: {{ or }}.", line)
    elif name not in known:
        close = difflib.get_close_matches(name.lower(), [*sorted(known), "link"], 1, 0.5)
        meant = {"link": "{link: Answer the questions}"}.get(close[0], f"{{{close[0]}}}") if close else ""
        hint = f"Did you mean {meant}?" if meant else "All that can be used are listed beside."
        yield Problem(field, f"{{{name}}} stands for nothing here. {hint}", line)


def _forbidden(words: Words, unsaid: Collection[str]) -> Iterator[Problem]:
    fields: tuple[tuple[Field, str], ...] = (("subject", words.subject), ("text", words.text))
    for field, text in fields:
        said = _plain(text)
        for word in sorted(filter(None, map(_plain, unsaid))):
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said):
                yield Problem(
                    field, f"A discreet message may not say “{word}”: it would tell what somebody took part in."
                )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _names(text: str) -> Iterator[str | None]:
    """The placeholders in a text; None for a brace that belongs to none."""
    for match in _PARTS.finditer(text):
        if match.group() not in ("{{", "}}"):
            name = match.group(1)
            yield None if name is None else name.strip()


def _filled(line: str, say: Callable[[str], str | None]) -> list[str]:
    """The lines that one line becomes. One that holds nothing but what is empty today is left out."""
    if link := _LINK_LINE.fullmatch(line):
        return [f"{letter.MARK} {letter.one_line(link.group(1))}"]
    alone = _ONE_PLACEHOLDER.fullmatch(line)
    if alone:
        return [_kept(one) for one in _said(alone.group(1), say).split("\n") if one.strip()]
    filled = _inline(line, say)
    return [filled] if filled.strip() or not line.strip() else []


def _inline(text: str, say: Callable[[str], str | None]) -> str:
    def put(match: re.Match[str]) -> str:
        if match.group() in ("{{", "}}"):
            return match.group()[0]
        lines = _said(match.group(1) or "", say).split("\n")
        return " ".join(" ".join(line for line in lines if not _is_choice(line)).split())

    return _harmless(_PARTS.sub(put, text))


def _said(name: str, say: Callable[[str], str | None]) -> str:
    value = say(name.strip())
    if value is None:
        raise MissingError(f"there is nothing for {{{name.strip()}}}")
    return value


def _kept(line: str) -> str:
    """A line of a sentence of ours: it may be a choice, and what people typed is none (see `letter.one_line`)."""
    return line.strip() if _is_choice(line) else _harmless(line)


def _is_choice(line: str) -> bool:
    return letter.CHOICE.fullmatch(line.strip()) is not None


def _harmless(line: str) -> str:
    # What people are called could otherwise make a link together with a bracket that stands before it.
    return re.sub(r"\[{2,}", "[", line)
