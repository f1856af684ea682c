"""What can be chosen for an edition: its questions, its groups, the actions that may stand as examples. Pure."""

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mande.reports.composing.choosing import LATER
from mande.reports.composing.choosing import unit

Said = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """A question as it is chosen or left out: `code` is its `choosing.unit`.

    `answered` is how many gave an answer, None where no figures are shown; `remarks` is how many comments on it are
    released.
    """

    code: str
    text: str
    answered: int | None
    remarks: int = 0


@dataclass(frozen=True)
class Chapter:
    """Questions that stand under one title."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Example:
    """An action that may stand as an example, as its readers would see it: `owner` is empty where no name is shown."""

    id: UUID
    what: str
    status: str
    owner: str


def chapters(document: Said, written: str) -> list[Chapter]:
    """The questions of a (whole) document by section; those that were only written to under the title `written`."""
    found = _of_wave(document, "", written)
    later = document["followup"]
    return found + ([_under(later["title"], one) for one in _of_wave(later, LATER, written)] if later else [])


def _under(title: str, chapter: Chapter) -> Chapter:
    return Chapter(f"{title}: {chapter.title}", chapter.choices)


def _of_wave(wave: Said, prefix: str, written: str) -> list[Chapter]:
    remarks: dict[str, int] = {}
    texts: dict[str, str] = {}
    for one in wave["comments"]:
        code = unit(one["question"], prefix)
        remarks[code] = remarks.get(code, 0) + len(one["released"])
        texts.setdefault(code, one["text"])
    by_title: dict[str, dict[str, Choice]] = {}
    for question in wave["questions"]:
        code = unit(question["code"], prefix)
        under = by_title.setdefault(question["section"], {})
        text = question["question"] if question["type"] == "matrix" else question["text"]
        answered = _most([question["n"], under[code].answered if code in under else None])
        under[code] = Choice(
            code, text, answered, remarks.pop(code, 0) or (under[code].remarks if code in under else 0)
        )
    if remarks:
        by_title[written] = {code: Choice(code, texts[code], None, number) for code, number in remarks.items()}
    return [Chapter(title, tuple(choices.values())) for title, choices in by_title.items()]


def codes(found: Sequence[Chapter]) -> list[str]:
    return [choice.code for chapter in found for choice in chapter.choices]


def _most(numbers: Iterable[int | None]) -> int | None:
    return max((number for number in numbers if number is not None), default=None)
